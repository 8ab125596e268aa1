"""The client against ports of many kinds: the simulator's, and sockets that are nobody's."""

from __future__ import annotations

import socket
import sys
import threading

import pytest

from pytest_hkexprt.evidence.journal import Journal, read
from pytest_hkexprt.evidence.record import ExchangeRecord
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.network.client import Client, system_resolver
from pytest_hkexprt.systems.network.facts import Answer, Service
from tests.openssh import openssh_server
from tests.systems.network.samples import GREETINGS, loopback


@pytest.fixture
def listener():
    """A socket of the test's own that takes connections into its queue."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening


def at(listening: socket.socket, host: str = "127.0.0.1") -> Endpoint:
    return Endpoint("rap", Site.SECONDARY, host, listening.getsockname()[1])


def probed(endpoint: Endpoint, **more):
    more = {"timeout_s": 0.5} | more
    (found,) = Client([endpoint], Journal(None), **more).dial()
    return found


def test_an_open_port_is_dialled_as_often_as_asked(simulate, client_of):
    assert [len(each.times_s) for each in client_of(simulate(), connects=5).dial()] == [5, 5]


def test_the_local_address_is_the_sockets_own(simulate, client_of):
    assert {each.local for each in client_of(simulate()).dial()} == {"127.0.2.10"}


def test_a_greeting_that_fits_is_kept(simulate, client_of):
    first, _ = client_of(simulate()).dial()
    assert (first.service, first.said) == (Service.FITS, "SSH-2.0-hkexprt_SIMULATOR")


def test_a_refused_port_is_told_from_a_silent_one(simulate, client_of):
    refused = client_of(simulate("address-refused")).dial()[1]
    silent = client_of(simulate("address-silent")).dial()[1]
    assert (refused.answer, silent.answer) == (Answer.REFUSED, Answer.NO_ANSWER)


def test_an_address_that_did_not_answer_still_tells_where_from(simulate, client_of):
    assert client_of(simulate("address-refused")).dial()[1].local == "127.0.2.10"


def test_a_wrong_service_is_told_by_its_first_words(simulate, client_of):
    first, _ = client_of(simulate("wrong-service")).dial()
    assert first.service is Service.OTHER
    assert first.said.startswith("HTTP/1.1 400 Bad Request")


def test_hostile_first_words_are_made_visible(listener):
    def greet() -> None:
        accepted, _ = listener.accept()
        with accepted:
            accepted.sendall(b"\x1b[31mred\xff\n")

    listener.settimeout(5)
    greeter = threading.Thread(target=greet)
    greeter.start()
    found = probed(at(listener), greetings=GREETINGS, connects=1, timeout_s=5.0)
    greeter.join(5)
    assert found.said == "\\x1b[31mred\\xff"


def test_a_real_ssh_server_is_the_service_that_should_be_there(tmp_path_factory):
    with openssh_server(tmp_path_factory.mktemp("sshd"), tmp_path_factory.mktemp("reports"), "") as server:
        endpoint = Endpoint("rap", Site.SECONDARY, server.host, server.port)
        found = probed(endpoint, greetings=GREETINGS, timeout_s=5.0)
    assert found.service is Service.FITS
    assert found.said.startswith("SSH-2.0-OpenSSH")


def test_a_name_is_resolved_and_what_it_led_to_dialled(listener):
    found = Client(
        [at(listener, "reports.example")], Journal(None), resolve=lambda _: ("127.0.0.1", "127.0.0.1")
    ).dial()
    assert {each.address for each in found} == {f"127.0.0.1:{listener.getsockname()[1]}"}
    assert all(each.by_name for each in found)


def test_an_unknown_name_is_a_result():
    assert probed(Endpoint("rap", Site.SECONDARY, "no-such-host.invalid", 1)).answer is Answer.NAME_UNKNOWN


def test_the_systems_resolver_leaves_an_address_as_it_is():
    assert system_resolver("192.0.2.1") == ("192.0.2.1",)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_the_kernel_is_asked_for_the_packet_sizes(host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as server:
        found = probed(Endpoint("rap", Site.SECONDARY, host, server.getsockname()[1]), connects=1)
    told = sys.platform == "linux"
    assert (found.mtu_bytes is not None and found.mtu_bytes > 1000) == told
    assert (found.mss_bytes is not None and found.mss_bytes > 500) == told


def test_each_address_is_an_exchange_in_the_evidence(simulate, client_of, tmp_path):
    with Journal(tmp_path / "evidence.jsonl") as journal:
        client_of(simulate("address-refused"), journal=journal).dial()
    exchanges = [line.record for line in read(tmp_path / "evidence.jsonl") if isinstance(line.record, ExchangeRecord)]
    assert [exchange.facts["answer"] for exchange in exchanges] == ["open", "refused, connection refused"]
    assert exchanges[0].facts["connects"] == "3 of 3"


def test_what_a_name_resolved_to_is_an_exchange_in_the_evidence(simulate, client_of, tmp_path):
    simulator = simulate(endpoints=[loopback(host="reports.example")])
    with Journal(tmp_path / "evidence.jsonl") as journal:
        client_of(simulator, journal=journal).dial()
    exchanges = [line.record for line in read(tmp_path / "evidence.jsonl") if isinstance(line.record, ExchangeRecord)]
    assert exchanges[0].facts == {"name": "reports.example", "addresses": "127.0.0.1"}
