"""What steps and ordinary tests use of the terminals; names begin with ``ccass``.

Loaded by every pytest start, so nothing heavy is imported before a fixture is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.journal import Journal
    from pytest_hkexprt.model import Circular, Participant, Run, Session
    from pytest_hkexprt.rehearsal import RehearsalClock
    from pytest_hkexprt.schedule import BusinessDates
    from pytest_hkexprt.systems.ccass.client import Client
    from pytest_hkexprt.systems.ccass.client_browser import Browser
    from pytest_hkexprt.systems.ccass.pages import Pages
    from pytest_hkexprt.systems.ccass.settings import CcassSettings
    from pytest_hkexprt.systems.ccass.simulator import Simulator
    from pytest_hkexprt.systems.ccass.visit import CcassVisit

SYSTEM = "ccass"


@pytest.fixture(scope="session")
def ccass_settings(hkex_participant: Participant, hkex_run: Run) -> CcassSettings:
    """The [ccass] table of hkexprt.toml, or a rehearsal's own."""
    from pytest_hkexprt import shipped  # noqa: PLC0415
    from pytest_hkexprt.systems.ccass import settings  # noqa: PLC0415

    shipped.require(SYSTEM)
    table = hkex_participant.systems.get(SYSTEM)
    if table is None and hkex_run.rehearsal:
        return settings.CcassSettings(user=settings.GENERATED_USER)
    return settings.read(table or {}, hkex_participant.path or Path())


@pytest.fixture(scope="session")
def ccass_pages(hkex_run: Run, ccass_settings: CcassSettings) -> Pages:
    """The description of the terminals' pages: the participant's own; in a rehearsal, that of our stand-in."""
    from pytest_hkexprt.systems.ccass import client_access  # noqa: PLC0415

    return client_access.pages_of(ccass_settings, hkex_run.participant.path, rehearsal=hkex_run.rehearsal)


@pytest.fixture(scope="session")
def ccass_simulators(
    hkex_run: Run,
    hkex_clock: RehearsalClock,
    hkex_business_dates: BusinessDates,
    hkex_evidence: Journal,
    ccass_settings: CcassSettings,
) -> Iterator[Simulator]:
    """Both data centres of a rehearsal and their name, started when first asked for and stopped at the end."""
    from pytest_hkexprt import clock  # noqa: PLC0415

    # cryptography keeps the first datetime class it meets, and would keep freezegun's for the rest of the process.
    with hkex_clock.given_back():
        from pytest_hkexprt.systems.ccass.simulator import Simulator  # noqa: PLC0415

        simulator = Simulator(
            ccass_settings.user,
            business_date=lambda: hkex_business_dates.shown_at(clock.now()),
            date_before=hkex_business_dates.last_before,
            drills=[name.partition(".")[2] for name in hkex_run.drills if name.startswith(f"{SYSTEM}.")],
        )
    with ExitStack() as stack:
        stack.callback(simulator.stop)  # what it has to complain of is raised by the scenario it happened in
        simulator.__enter__()
        hkex_evidence.redactor.learn(simulator.password)
        for notice in simulator.notices:
            hkex_evidence.notice(notice)
        yield simulator


@pytest.fixture(scope="session")
def ccass_browser(
    request: pytest.FixtureRequest,
    hkex_run: Run,
    ccass_settings: CcassSettings,
    ccass_pages: Pages,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Browser]:
    """The browser of this run, launched while the rest is made; it reaches the terminals' hosts and nobody else."""
    from pytest_hkexprt.systems.ccass import fixtures_access  # noqa: PLC0415

    simulator = request.getfixturevalue("ccass_simulators") if hkex_run.rehearsal else None
    folder = tmp_path_factory.mktemp("ccass-downloads")
    with fixtures_access.browser(ccass_settings, ccass_pages, simulator, folder) as browser:
        browser.make_ready()
        yield browser


@pytest.fixture
def ccass_simulator(
    request: pytest.FixtureRequest,
    hkex_run: Run,
    hkex_session: Session,
    hkex_evidence: Journal,
) -> Iterator[Simulator]:
    """Both data centres, the name leading to the session's, nobody logged on; only in a rehearsal."""
    if not hkex_run.rehearsal:
        pytest.fail("ccass_simulator: with --target=live there is no simulator", pytrace=False)
    simulator: Simulator = request.getfixturevalue("ccass_simulators")
    simulator.begin(hkex_session.site)
    yield simulator
    simulator.raise_errors()


@pytest.fixture
def ccass(
    request: pytest.FixtureRequest,
    hkex_run: Run,
    hkex_circular: Circular,
    hkex_session: Session,
    hkex_evidence: Journal,
) -> Iterator[Client]:
    """A client of the terminals at the session's site, which has not looked yet; `ccass.look()`, `ccass.logon(…)`."""
    from pytest_hkexprt.systems.ccass import fixtures_access  # noqa: PLC0415

    simulator = request.getfixturevalue("ccass_simulator") if hkex_run.rehearsal else None
    with fixtures_access.client(request, hkex_circular, hkex_session, hkex_evidence, simulator) as client:
        yield client


@pytest.fixture
def ccass_visit(
    request: pytest.FixtureRequest, ccass: Client, hkex_run: Run, hkex_circular: Circular, hkex_session: Session
) -> CcassVisit:
    """A visit to the terminals as the steps tell it: look, log on, enquire, download, log out."""
    from pytest_hkexprt.systems.ccass import fixtures_access  # noqa: PLC0415

    simulator = request.getfixturevalue("ccass_simulator") if hkex_run.rehearsal else None
    return fixtures_access.visit(request, ccass, hkex_circular, hkex_session, simulator)
