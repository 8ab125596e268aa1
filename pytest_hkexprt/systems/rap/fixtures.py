"""What steps and ordinary tests use of RAP; names begin with ``rap``.

Loaded by every pytest start, so nothing heavy is imported before a fixture is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_hkexprt.model import Site

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.journal import Journal
    from pytest_hkexprt.model import Circular, Participant, Run, Session
    from pytest_hkexprt.progress import Progress
    from pytest_hkexprt.rehearsal import RehearsalClock
    from pytest_hkexprt.schedule import BusinessDates
    from pytest_hkexprt.systems.rap.baseline import Baseline
    from pytest_hkexprt.systems.rap.client import Credentials
    from pytest_hkexprt.systems.rap.report import Listing
    from pytest_hkexprt.systems.rap.seam import Retriever
    from pytest_hkexprt.systems.rap.settings import RapSettings
    from pytest_hkexprt.systems.rap.simulator import Simulator
    from pytest_hkexprt.systems.rap.simulator_pool import Pool
    from pytest_hkexprt.systems.rap.visit import Comparison, RapVisit
    from pytest_hkexprt.systems.rap.visit_backup import DailyBackups
    from pytest_hkexprt.systems.rap.visit_downloader import DownloaderVisit

SYSTEM = "rap"


@pytest.fixture(scope="session")
def rap_settings(hkex_run: Run, hkex_participant: Participant) -> RapSettings:
    """The [rap] table of hkexprt.toml, or a rehearsal's own."""
    from pytest_hkexprt.systems.rap import settings  # noqa: PLC0415

    table = hkex_participant.systems.get(SYSTEM)
    return settings.read(table or {}, hkex_participant.path or Path(), rehearsal=hkex_run.rehearsal)


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
    from pytest_hkexprt.systems.rap import fixtures_access  # noqa: PLC0415

    simulator = fixtures_access.simulator(request, hkex_circular, hkex_session.site)
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
    from pytest_hkexprt.systems.rap import baseline, fixtures_access  # noqa: PLC0415

    date = hkex_business_dates.evening_before(hkex_session).date()
    if not hkex_run.rehearsal:
        return baseline.load(hkex_data, rap_settings.user, date)
    pool: Pool = request.getfixturevalue("rap_simulators")
    if date not in pool.baselines:
        fixtures_access.rehearse_baseline(request, hkex_circular, hkex_session, pool)
        pool.baselines[date] = baseline.load(hkex_data, rap_settings.user, date)
    return pool.baselines[date]


@pytest.fixture
def rap(
    request: pytest.FixtureRequest,
    hkex_run: Run,
    hkex_circular: Circular,
    hkex_session: Session,
    rap_settings: RapSettings,
) -> Iterator[Retriever]:
    """A client of the report folder at the session's site, not connected yet; `rap.connect()` does."""
    from pytest_hkexprt.systems.rap import fixtures_access  # noqa: PLC0415

    where = fixtures_access.where(request, hkex_run, hkex_circular, hkex_session, rap_settings)
    client = fixtures_access.retriever(request, where)
    try:
        yield client
    finally:
        client.close()


@pytest.fixture(scope="session")
def rap_listings(hkex_run: Run) -> dict[Site, Listing]:
    """What the participant's folder of each site held when a scenario of this run last looked."""
    return {}


@pytest.fixture
def rap_visit(
    rap: Retriever,
    *,
    hkex_run: Run,
    hkex_circular: Circular,
    hkex_session: Session,
    hkex_evidence: Journal,
    hkex_data: Path,
    hkex_progress: Progress,
    rap_settings: RapSettings,
    rap_listings: dict[Site, Listing],
) -> RapVisit:
    """A visit to the report folder as the steps tell it: connect, log in, compare, download, log out."""
    from pytest_hkexprt.systems.rap import fixtures_access  # noqa: PLC0415
    from pytest_hkexprt.systems.rap.visit import RapVisit  # noqa: PLC0415

    other = fixtures_access.all_of(hkex_circular, rap_settings, hkex_session.site.other)
    if hkex_run.rehearsal:
        other = fixtures_access.mirrored(other)
    downloads = hkex_data / "downloads" / SYSTEM / hkex_session.site / hkex_session.starts.date().isoformat()
    return RapVisit(
        rap,
        hkex_evidence,
        settings=rap_settings,
        other_site=other,
        downloads=downloads,
        progress=hkex_progress,
        listings=rap_listings,
    )


@pytest.fixture
def rap_comparison(rap_listings: dict[Site, Listing], hkex_session: Session, hkex_evidence: Journal) -> Comparison:
    """The folders of the two sites, as the scenarios of this run found them."""
    from pytest_hkexprt.systems.rap.visit import Comparison  # noqa: PLC0415

    return Comparison(rap_listings, hkex_evidence, last=hkex_session.site, omit=pytest.skip)


@pytest.fixture
def rap_backups(
    request: pytest.FixtureRequest,
    *,
    hkex_run: Run,
    hkex_circular: Circular,
    hkex_session: Session,
    hkex_evidence: Journal,
    hkex_data: Path,
    hkex_progress: Progress,
    hkex_business_dates: BusinessDates,
    hkex_clock: RehearsalClock,
    rap_settings: RapSettings,
) -> DailyBackups:
    """The daily back-ups of the session's dates: run now with a live target, on every evening in a rehearsal."""
    from pytest_hkexprt import clock  # noqa: PLC0415
    from pytest_hkexprt.systems.rap import fixtures_access  # noqa: PLC0415
    from pytest_hkexprt.systems.rap.visit_backup import DailyBackups  # noqa: PLC0415

    where = fixtures_access.where(request, hkex_run, hkex_circular, hkex_session, rap_settings)
    dates = hkex_business_dates.between(hkex_session.starts.date(), hkex_session.ends.date())
    # Without --at a rehearsal is about the whole period: it looks back from the day after.
    until = hkex_run.at or hkex_session.ends + dt.timedelta(days=1)
    evenings = [evening for date in dates if (evening := hkex_business_dates.evening_of(date)) <= until]
    return DailyBackups(
        lambda: fixtures_access.client(request, where),
        hkex_evidence,
        data=hkex_data,
        user=rap_settings.user,
        dates=dates,
        evenings=evenings if hkex_run.rehearsal else (),
        at=hkex_clock.at,
        now=lambda: until if hkex_run.rehearsal else clock.now(),
        shown=lambda: hkex_business_dates.shown_at(clock.now()),
        progress=hkex_progress,
        omit=pytest.skip,
    )


@pytest.fixture
def rap_downloader(hkex_circular: Circular, hkex_evidence: Journal, rap_settings: RapSettings) -> DownloaderVisit:
    """The configuration files of the participant's own downloader, where hkexprt.toml names any."""
    from pytest_hkexprt.systems.rap import fixtures_access  # noqa: PLC0415
    from pytest_hkexprt.systems.rap.visit_downloader import DownloaderVisit  # noqa: PLC0415

    sites = {site: fixtures_access.all_of(hkex_circular, rap_settings, site) for site in Site}
    return DownloaderVisit(rap_settings.downloader, hkex_evidence, sites=sites, omit=pytest.skip)
