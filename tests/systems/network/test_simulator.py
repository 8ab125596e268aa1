"""The simulator: strict, ready when it says so, and gone without a trace."""

from __future__ import annotations

import socket
import threading

import pytest

from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.systems.network import settings
from pytest_hkexprt.systems.network.drills import DRILLS, Drill
from pytest_hkexprt.systems.network.simulator import OTHER_SITES_NAMES, Simulator
from tests.systems.network.samples import GREETINGS, loopback


def test_every_drill_is_described():
    assert set(DRILLS) == set(Drill)


def test_a_caller_that_says_something_is_an_error_that_reaches_the_test():
    with (
        pytest.raises(LocalProtocolError, match="a caller that says nothing"),
        Simulator([loopback()], greetings=GREETINGS) as simulator,
    ):
        endpoint = simulator.endpoints[0]
        with socket.create_connection((endpoint.host, endpoint.port), 5) as caller:
            caller.recv(64)
            caller.sendall(b"hello")
            caller.settimeout(5)
            assert caller.recv(64) == b"", "it hangs up on who speaks"
        simulator.stop()


def test_it_leaves_no_thread_and_no_port():
    before = threading.active_count()
    with Simulator([loopback()], greetings=GREETINGS) as simulator:
        (endpoint,) = simulator.endpoints
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((endpoint.host, endpoint.port), 5)


def test_a_silent_port_is_given_back_too():
    with Simulator([loopback()], drills=[Drill.ADDRESS_SILENT]) as simulator:
        (endpoint,) = simulator.endpoints
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((endpoint.host, endpoint.port), 5)


def test_a_port_in_use_is_replaced_and_told(simulate):
    (taken,) = simulate(endpoints=[loopback()]).endpoints
    second = simulate(endpoints=[taken])
    assert second.endpoints[0].port != taken.port
    (notice,) = second.notices
    assert f"{taken.address} was not to be had" in notice


def test_a_name_stays_a_name_and_is_resolved_to_loopback(simulate):
    simulator = simulate(endpoints=[loopback(host="reports.example")])
    assert simulator.endpoints[0].host == "reports.example"
    assert simulator.resolve("reports.example") == ("127.0.0.1",)


def test_an_unknown_name_is_unknown(simulate):
    with pytest.raises(socket.gaierror):
        simulate().resolve("nobody.example")


def test_the_other_sites_names_lead_elsewhere(simulate):
    other = loopback(host="other.example")
    simulator = simulate(endpoints=[loopback(host="reports.example")], other_site=[other])
    assert simulator.resolve("other.example") == (OTHER_SITES_NAMES,)


def test_a_line_whose_address_is_not_to_be_had_is_replaced_and_told(simulate):
    line = settings.ParticipantLine("SDNET", "192.0.2.0/24", "192.0.2.10")
    simulator = simulate(line=line)
    assert (simulator.line.subnet, simulator.source_address) == ("127.0.0.0/8", "127.0.0.1")
    assert any("192.0.2.10 was not to be had" in notice for notice in simulator.notices)
