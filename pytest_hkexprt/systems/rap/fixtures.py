"""What steps and ordinary tests use of RAP; names begin with ``rap``.

Loaded by every pytest start, so nothing heavy is imported before a fixture is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_hkexprt.model import Endpoint, Site

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.journal import Journal
    from pytest_hkexprt.model import Circular, Participant, Run, Session
    from pytest_hkexprt.progress import Progress
    from pytest_hkexprt.rehearsal import RehearsalClock
    from pytest_hkexprt.schedule import BusinessDates
    from pytest_hkexprt.systems.rap.baseline import Baseline
    from pytest_hkexprt.systems.rap.client import Client, Credentials
    from pytest_hkexprt.systems.rap.settings import RapSettings
    from pytest_hkexprt.systems.rap.simulator import Simulator
    from pytest_hkexprt.systems.rap.simulator_pool import Pool
    from pytest_hkexprt.systems.rap.visit import RapVisit

SYSTEM = "rap"
GENERATED_USER = "REHEARSAL"


@pytest.fixture(scope="session")
def rap_settings(hkex_participant: Participant) -> RapSettings:
    """The [rap] table of hkexprt.toml, or a rehearsal's own."""
    from pytest_hkexprt.systems.rap import settings  # noqa: PLC0415

    table = hkex_participant.systems.get(SYSTEM)
    if hkex_participant.path is None and table is None:
        return settings.RapSettings(user=GENERATED_USER)
    return settings.read(table or {}, hkex_participant.path or Path())


@pytest.fixture(scope="session")
def rap_simulators(hkex_run: Run, hkex_business_dates: BusinessDates) -> Iterator[Pool]:
    """The report servers of a rehearsal, started when first asked for and stopped at the end."""
    from pytest_hkexprt import clock  # noqa: PLC0415
    from pytest_hkexprt.systems.rap.simulator_pool import Pool  # noqa: PLC0415

    drills = [name.partition(".")[2] for name in hkex_run.drills if name.startswith(f"{SYSTEM}.")]
    with Pool(lambda: hkex_business_dates.shown_at(clock.now()), drills) as pool:
        yield pool


@pytest.fixture(scope="session")
def rap_credentials(
    request: pytest.FixtureRequest, hkex_run: Run, rap_settings: RapSettings, hkex_evidence: Journal
) -> Credentials:
    """User ID, SSH key and pinned host keys: the participant's; in a rehearsal the simulator's host keys are pinned."""
    from pytest_hkexprt.systems.rap import client_access, hostkeys  # noqa: PLC0415

    trusted = None
    if hkex_run.rehearsal:
        pool = request.getfixturevalue("rap_simulators")
        own = {site: (key.public,) for site, key in pool.host_keys.items()}
        trusted = hostkeys.HostKeys(own, pinned_in="the rehearsal")
    return client_access.credentials(rap_settings, trusted, hkex_evidence.redactor)


@pytest.fixture
def rap_simulator(
    request: pytest.FixtureRequest, hkex_run: Run, hkex_circular: Circular, hkex_session: Session
) -> Iterator[Simulator]:
    """The running report server of the session's site; only in a rehearsal."""
    if not hkex_run.rehearsal:
        pytest.fail("rap_simulator: with --target=live there is no simulator", pytrace=False)
    simulator = _simulator(request, hkex_circular, hkex_session.site)
    yield simulator
    simulator.raise_errors()


@pytest.fixture
def rap_baseline(
    request: pytest.FixtureRequest,
    *,
    hkex_run: Run,
    hkex_circular: Circular,
    hkex_session: Session,
    hkex_business_dates: BusinessDates,
    hkex_data: Path,
    rap_settings: RapSettings,
) -> Baseline:
    """What the report folder held on the last business date before the session.

    With a live target it is read from the data folder, where `hkexprt baseline record` put it. In a rehearsal the clock
    is put on the evening of that date, the folder is visited at the primary site, and the clock is put back.
    """
    from pytest_hkexprt.systems.rap import baseline  # noqa: PLC0415

    date = hkex_business_dates.evening_before(hkex_session).date()
    if not hkex_run.rehearsal:
        return baseline.load(hkex_data, rap_settings.user, date)
    pool: Pool = request.getfixturevalue("rap_simulators")
    if date not in pool.baselines:
        _rehearse_baseline(request, hkex_circular, hkex_session, pool)
        pool.baselines[date] = baseline.load(hkex_data, rap_settings.user, date)
    return pool.baselines[date]


@pytest.fixture
def rap(
    request: pytest.FixtureRequest,
    hkex_run: Run,
    hkex_circular: Circular,
    hkex_session: Session,
    rap_settings: RapSettings,
) -> Iterator[Client]:
    """A client of the report folder at the session's site, not connected yet; `rap.connect()` does."""
    if hkex_run.rehearsal:
        request.getfixturevalue("rap_baseline")  # it was taken before the session, and before any drill's fault
        simulator = request.getfixturevalue("rap_simulator")
        request.getfixturevalue("rap_simulators").arm()
        where = simulator.endpoints
    else:
        where = _published(hkex_circular, rap_settings, hkex_session.site)
    with _client(request, where) as client:
        yield client


@pytest.fixture
def rap_visit(
    rap: Client,
    *,
    hkex_run: Run,
    hkex_circular: Circular,
    hkex_session: Session,
    hkex_evidence: Journal,
    hkex_data: Path,
    hkex_progress: Progress,
    rap_settings: RapSettings,
) -> RapVisit:
    """A visit to the report folder as the steps tell it: connect, log in, compare, download, log out."""
    from pytest_hkexprt.systems.rap.visit import RapVisit  # noqa: PLC0415

    # The circular's and the participant's: one that was put in the wrong place is found as well.
    other = tuple(
        each for each in hkex_circular.endpoints if (each.system, each.site) == (SYSTEM, hkex_session.site.other)
    )
    other += _published(hkex_circular, rap_settings, hkex_session.site.other)
    if hkex_run.rehearsal:
        other = _mirrored(other)
    downloads = hkex_data / "downloads" / SYSTEM / hkex_session.site / hkex_session.starts.date().isoformat()
    return RapVisit(
        rap, hkex_evidence, settings=rap_settings, other_site=other, downloads=downloads, progress=hkex_progress
    )


def _published(circular: Circular, settings: RapSettings, site: Site) -> tuple[Endpoint, ...]:
    from pytest_hkexprt.systems.rap import client_access  # noqa: PLC0415

    return client_access.published(circular, settings, site)


def _mirrored(endpoints: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
    from pytest_hkexprt import target  # noqa: PLC0415

    return tuple(target.mirror(endpoint) for endpoint in endpoints)


def _client(request: pytest.FixtureRequest, endpoints: tuple[Endpoint, ...]) -> Client:
    from pytest_hkexprt.systems.rap.client import Client  # noqa: PLC0415

    settings: RapSettings = request.getfixturevalue("rap_settings")
    run: Run = request.getfixturevalue("hkex_run")
    return Client(
        endpoints,
        request.getfixturevalue("rap_credentials"),
        request.getfixturevalue("hkex_evidence"),
        folder="." if run.rehearsal else settings.folder,
        source_address="" if run.rehearsal else run.participant.source_address,
        timeout_s=settings.timeout_s,
        logout_timeout_s=settings.logout_timeout_s,
    )


def _simulator(request: pytest.FixtureRequest, circular: Circular, site: Site) -> Simulator:
    settings: RapSettings = request.getfixturevalue("rap_settings")
    credentials: Credentials = request.getfixturevalue("rap_credentials")
    journal: Journal = request.getfixturevalue("hkex_evidence")
    pool: Pool = request.getfixturevalue("rap_simulators")
    public_key = credentials.key.public if credentials.key else _agent_public_key(settings)
    simulator, started = pool.at(_mirrored(_published(circular, settings, site)), credentials.user, public_key)
    for notice in simulator.notices if started else ():
        journal.notice(notice)
    return simulator


def _agent_public_key(settings: RapSettings) -> str:
    from pytest_hkexprt.systems.rap import client_agent  # noqa: PLC0415

    key, held_by = client_agent.pick(settings.key, settings.timeout_s)
    held_by.close()
    return f"{key.get_name()} {key.get_base64()}"


def _rehearse_baseline(request: pytest.FixtureRequest, circular: Circular, session: Session, pool: Pool) -> None:
    from pytest_hkexprt.systems.rap.visit import record_baseline  # noqa: PLC0415

    clock: RehearsalClock = request.getfixturevalue("hkex_clock")
    dates: BusinessDates = request.getfixturevalue("hkex_business_dates")
    evening = dates.evening_before(session)
    pool.disarm()
    with clock.at(evening):
        journal: Journal = request.getfixturevalue("hkex_evidence")
        journal.notice(f"baseline visit: the clock is put to {evening:%Y-%m-%d %H:%M}, the primary site is visited")
        client = _client(request, _simulator(request, circular, Site.PRIMARY).endpoints)
        record_baseline(client, business_date=evening.date(), data=request.getfixturevalue("hkex_data"))
