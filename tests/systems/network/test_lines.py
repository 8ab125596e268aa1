"""Two lines as two networks of their own: a participant with HSN and SDNET, and an exchange behind both.

Addresses are those of documentation (RFC 5737) and of the circular, within namespaces that nobody else sees.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_hkexprt import circular
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Basis, Endpoint, Site
from pytest_hkexprt.systems.network import checks
from pytest_hkexprt.systems.network.client import Client
from pytest_hkexprt.systems.network.facts import Answer, ParticipantLine, Probe
from pytest_hkexprt.systems.network.simulator import Simulator
from tests.namespaces import Namespace, join, namespace, why_not
from tests.projects import line_project, records
from tests.systems.network.samples import GREETINGS

HSN = ParticipantLine("HSN", "192.0.2.0/24", "192.0.2.2")
SDNET = ParticipantLine("SDNET", "198.51.100.0/24", "198.51.100.2")
SITE = tuple(each for each in circular.find("rap").endpoints if each.site is Site.SECONDARY)
FIRST = SITE[0]
NOBODY = ParticipantLine(source_address="")


@dataclass(frozen=True, slots=True)
class Machines:
    """Who is at the ends of the lines."""

    participant: Namespace
    exchange: Namespace

    def look(self, endpoint: Endpoint = FIRST, source_address: str = "", timeout_s: float = 1.0) -> Probe:
        """Dial an address from the participant's end."""
        client = Client(
            [endpoint], Journal(None), source_address=source_address, greetings=GREETINGS, timeout_s=timeout_s
        )
        (probe,) = self.participant.run(client.dial)
        return probe


@pytest.fixture
def machines() -> Iterator[Machines]:
    """Both lines up; the participant's default way to the site is HSN, what it dials from SDNET goes by SDNET."""
    if reason := why_not():
        pytest.skip(reason)
    with namespace() as participant, namespace() as exchange:
        join(participant, "hsn", "192.0.2.2/24", exchange, "192.0.2.1/24")
        join(participant, "sdnet", "198.51.100.2/24", exchange, "198.51.100.1/24", mtu=1400)
        for each in SITE:
            exchange.ip(f"address add {each.host}/32 dev lo")
        participant.ip("route add 10.152.14.0/24 via 192.0.2.1")
        participant.ip("route add 10.152.14.0/24 via 198.51.100.1 table 100")
        participant.ip("rule add from 198.51.100.2 lookup 100")
        yield Machines(participant, exchange)


@pytest.fixture
def served(machines) -> Iterator[Machines]:
    """The same with a simulator of the exchange at the circular's own addresses."""
    simulator = machines.exchange.run(Simulator(SITE, line=NOBODY, greetings=GREETINGS).__enter__)
    try:
        yield machines
        simulator.raise_errors()
    finally:
        simulator.stop()


def test_a_site_answers_over_the_line_it_is_routed_by(served):
    probe = served.look()
    assert (probe.answer, probe.local, len(probe.times_s)) == (Answer.OPEN, "192.0.2.2", 3)


def test_the_source_address_chooses_the_other_line(served):
    assert served.look(source_address=SDNET.source_address).local == "198.51.100.2"


def test_a_line_declared_but_not_used_is_caught_by_the_local_address(served):
    check = checks.local_addresses(SDNET, [served.look()], "network/secondary")
    assert (check.met, check.came) == (False, "192.0.2.2")


@pytest.mark.parametrize(("line", "mtu_bytes"), [(HSN, 1500), (SDNET, 1400)], ids=["HSN", "SDNET"])
def test_each_lines_own_packet_size_is_read_from_the_connection(served, line, mtu_bytes):
    probe = served.look(source_address=line.source_address)
    assert (probe.mtu_bytes, probe.mss_bytes) == (mtu_bytes, mtu_bytes - 52)


def test_a_line_whose_answers_are_lost_is_silent_and_the_other_is_not(served):
    served.exchange.ip("route add blackhole 198.51.100.2/32")
    assert served.look(source_address=SDNET.source_address).answer is Answer.NO_ANSWER
    assert served.look(source_address=HSN.source_address).answer is Answer.OPEN


def test_a_port_nobody_listens_at_refuses(machines):
    assert machines.look().answer is Answer.REFUSED


def test_an_address_no_route_leads_to_is_unroutable(machines):
    probe = machines.look(Endpoint("rap", Site.PRIMARY, "10.151.14.121", 10022))
    assert (probe.answer, probe.local) == (Answer.NO_ROUTE, "")


def test_an_address_a_router_cannot_reach_is_unroutable(machines):
    machines.exchange.ip("route add unreachable 10.152.14.99/32")
    machines.exchange.run(_forward)
    assert machines.look(Endpoint("rap", Site.SECONDARY, "10.152.14.99", 10022)).answer is Answer.NO_ROUTE


def test_a_line_that_is_down_is_unroutable(served):
    served.participant.ip("link set hsn down")
    assert served.look().answer is Answer.NO_ROUTE


def test_a_live_run_over_the_line_is_observed(served, pytester):
    line_project(pytester)
    _declare(pytester, HSN)
    assert _live(served, pytester) == 0
    bases = {check.what: check.basis for check in records(pytester, Check)}
    assert bases.pop("line") is Basis.DECLARED
    assert set(bases.values()) == {Basis.OBSERVED}


def test_a_live_run_over_another_line_than_the_declared_one_fails(served, pytester):
    line_project(pytester)
    _declare(pytester, SDNET, source="")
    assert _live(served, pytester) == 1
    (unmet,) = [check for check in records(pytester, Check) if not check.met]
    assert (unmet.what, unmet.came) == ("addresses dialled from", "192.0.2.2")


def _forward() -> None:
    # /proc/sys/net shows the namespace of the thread that looks.
    with Path("/proc/sys/net/ipv4/ip_forward").open("w") as setting:
        setting.write("1")


def _declare(pytester: pytest.Pytester, line: ParticipantLine, source: str | None = None) -> None:
    address = line.source_address if source is None else source
    pytester.path.joinpath("hkexprt.toml").write_text(
        'participant = "A participant"\nroles = ["CP"]\n[network]\ntimeout_s = 2\n'
        f'[line]\nname = "{line.name}"\nsubnet = "{line.subnet}"\n'
        + (f'source_address = "{address}"\n' if address else "")
    )


def _live(machines: Machines, pytester: pytest.Pytester) -> int:
    command = [sys.executable, "-m", "pytest", "--target=live", "--site=secondary", "features/rap_network.feature"]
    entered = ["nsenter", f"--net=/proc/{machines.participant.pid}/ns/net", *command]
    done = subprocess.run(
        entered, cwd=pytester.path, env=dict(os.environ), capture_output=True, text=True, check=False, timeout=120
    )
    print(done.stdout, done.stderr)
    return done.returncode
