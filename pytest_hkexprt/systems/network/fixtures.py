"""What steps and ordinary tests use of the line; names begin with ``hkex_network``, as a project may have a network.

Loaded by every pytest start, so nothing heavy is imported before a fixture is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Endpoint, Site

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.journal import Journal
    from pytest_hkexprt.model import Circular, Participant, Run, Session
    from pytest_hkexprt.systems.network.client import Client
    from pytest_hkexprt.systems.network.settings import NetworkSettings
    from pytest_hkexprt.systems.network.simulator import Simulator
    from pytest_hkexprt.systems.network.visit import NetworkVisit

SYSTEM = "network"


@pytest.fixture(scope="session")
def hkex_network_settings(hkex_participant: Participant) -> NetworkSettings:
    """The [network] table of hkexprt.toml: how often and how long each address is dialled."""
    from pytest_hkexprt.systems.network import settings  # noqa: PLC0415

    return settings.read(hkex_participant.systems.get(SYSTEM, {}), hkex_participant.path or Path())


@pytest.fixture
def hkex_network_simulator(
    hkex_run: Run,
    hkex_circular: Circular,
    hkex_session: Session,
    hkex_evidence: Journal,
    hkex_network_settings: NetworkSettings,
) -> Iterator[Simulator]:
    """The running ports of the session's site; only in a rehearsal."""
    from pytest_hkexprt.systems.network import settings  # noqa: PLC0415
    from pytest_hkexprt.systems.network.simulator import Simulator  # noqa: PLC0415

    if not hkex_run.rehearsal:
        pytest.fail("hkex_network_simulator: with --target=live there is no simulator", pytrace=False)
    site = hkex_session.site
    simulator = Simulator(
        _mirrored(_addresses(hkex_circular, hkex_session, hkex_run, site)),
        line=settings.mirror(settings.line_of(hkex_run.participant, hkex_circular.roles)),
        greetings=_greetings(hkex_network_settings),
        other_site=_mirrored(_addresses(hkex_circular, hkex_session, hkex_run, site.other)),
        drills=[name.partition(".")[2] for name in hkex_run.drills if name.startswith(f"{SYSTEM}.")],
    )
    with simulator:
        for notice in simulator.notices:
            hkex_evidence.notice(notice)
        yield simulator


@pytest.fixture
def hkex_network(
    request: pytest.FixtureRequest,
    hkex_run: Run,
    hkex_circular: Circular,
    hkex_session: Session,
    hkex_evidence: Journal,
    hkex_network_settings: NetworkSettings,
) -> Iterator[Client]:
    """A client that dials every address of the session's site over the participant's line; `hkex_network.dial()`."""
    from pytest_hkexprt.systems.network.client import Client, system_resolver  # noqa: PLC0415

    if hkex_run.rehearsal:
        simulator: Simulator = request.getfixturevalue("hkex_network_simulator")
        endpoints, source, resolve = simulator.endpoints, simulator.source_address, simulator.resolve
    else:
        endpoints = _addresses(hkex_circular, hkex_session, hkex_run, hkex_session.site)
        source, resolve = hkex_run.participant.source_address, system_resolver
    with Client(
        endpoints,
        hkex_evidence,
        source_address=source,
        greetings=_greetings(hkex_network_settings),
        connects=hkex_network_settings.connects,
        timeout_s=hkex_network_settings.timeout_s,
        resolve=resolve,
    ) as client:
        yield client


@pytest.fixture
def hkex_network_visit(
    request: pytest.FixtureRequest,
    hkex_network: Client,
    *,
    hkex_run: Run,
    hkex_circular: Circular,
    hkex_session: Session,
    hkex_evidence: Journal,
    hkex_network_settings: NetworkSettings,
) -> NetworkVisit:
    """A look at the line as the steps tell it: dial, then compare line, names, answers, services and times."""
    from pytest_hkexprt.systems.network import settings  # noqa: PLC0415
    from pytest_hkexprt.systems.network.visit import NetworkVisit  # noqa: PLC0415

    line = settings.line_of(hkex_run.participant, hkex_circular.roles)
    other = _addresses(hkex_circular, hkex_session, hkex_run, hkex_session.site.other)
    if hkex_run.rehearsal:
        simulator: Simulator = request.getfixturevalue("hkex_network_simulator")
        line, other = simulator.line, _mirrored(other)
    return NetworkVisit(
        hkex_network,
        hkex_evidence,
        line=line,
        other_site=other,
        slowest_connect_ms=hkex_network_settings.slowest_connect_ms,
    )


def _addresses(circular: Circular, session: Session, run: Run, site: Site) -> tuple[Endpoint, ...]:
    """Return the addresses of every system of the session at a site: the participant's where given.

    A circular that publishes none leaves them to the participant file; a rehearsal has stand-ins.
    """
    from pytest_hkexprt import target  # noqa: PLC0415
    from pytest_hkexprt.systems.network import settings  # noqa: PLC0415

    found = tuple(
        endpoint
        for system in session.systems
        for endpoint in target.endpoints(circular, settings.replaced(run.participant, system), system, site)
    )
    own = settings.replaced(run.participant, SYSTEM) or (settings.STAND_INS if run.rehearsal else {})
    found = found or target.endpoints(circular, own, SYSTEM, site)
    if not found and site is session.site:
        raise UsageFault(
            f"{circular.path.name}: {session.name}",
            expected=f"addresses of {', '.join(session.systems)} at the {site} site",
            came="none: the circular publishes none",
            next_step='write those you were given into hkexprt.toml: [network.addresses] primary = ["host:port"]',
        )
    return found


def _mirrored(endpoints: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
    """Return the addresses on loopback; names stay names, for the simulator to resolve."""
    from pytest_hkexprt import target  # noqa: PLC0415
    from pytest_hkexprt.addresses import is_number  # noqa: PLC0415

    return tuple(
        target.mirror(endpoint) if is_number(endpoint.host) else replace(endpoint, published=endpoint.address)
        for endpoint in endpoints
    )


def _greetings(settings: NetworkSettings) -> dict[str, str]:
    from pytest_hkexprt import shipped  # noqa: PLC0415

    return {**shipped.greetings(), **settings.greetings}
