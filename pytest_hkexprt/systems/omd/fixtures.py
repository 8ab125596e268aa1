"""What steps and ordinary tests use of market data; names begin with ``omd``.

Loaded by every pytest start, so nothing heavy is imported before a fixture is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.journal import Journal
    from pytest_hkexprt.model import Participant, Run, Session
    from pytest_hkexprt.schedule import BusinessDates
    from pytest_hkexprt.systems.omd.fixtures_access import Feeds
    from pytest_hkexprt.systems.omd.seam import FeedHandler
    from pytest_hkexprt.systems.omd.settings import OmdSettings
    from pytest_hkexprt.systems.omd.simulator import Simulator
    from pytest_hkexprt.systems.omd.visit import OmdVisit

SYSTEM = "omd"


@pytest.fixture(scope="session")
def omd_settings(hkex_participant: Participant, hkex_run: Run) -> OmdSettings:
    """The [omd] table of hkexprt.toml, or the defaults; in a rehearsal with its times scaled."""
    from pytest_hkexprt.systems.omd import settings  # noqa: PLC0415

    table = hkex_participant.systems.get(SYSTEM)
    read = settings.read(table or {}, hkex_participant.path or Path())
    return settings.rehearsed(read) if hkex_run.rehearsal else read


@pytest.fixture
def omd_feeds(
    hkex_run: Run, hkex_session: Session, hkex_evidence: Journal, omd_settings: OmdSettings
) -> Iterator[Feeds]:
    """Both feeds: ``omd_feeds.client("OMD-CC")`` is a receiver of one, ``omd_feeds.simulator(…)`` its publisher."""
    from pytest_hkexprt.systems.omd.fixtures_access import Feeds  # noqa: PLC0415

    with Feeds(hkex_run, hkex_session, hkex_evidence, omd_settings) as feeds:
        yield feeds


@pytest.fixture
def omd_simulator(hkex_run: Run, omd_feeds: Feeds) -> Simulator:
    """The running publisher of OMD-C, both its sites; only in a rehearsal."""
    if not hkex_run.rehearsal:
        pytest.fail("omd_simulator: with --target=live there is no simulator", pytrace=False)
    return omd_feeds.simulator("OMD-C")


@pytest.fixture
def omd_cc_simulator(hkex_run: Run, omd_feeds: Feeds) -> Simulator:
    """The running publisher of OMD-CC, both its sites; only in a rehearsal."""
    if not hkex_run.rehearsal:
        pytest.fail("omd_cc_simulator: with --target=live there is no simulator", pytrace=False)
    return omd_feeds.simulator("OMD-CC")


@pytest.fixture
def omd(omd_feeds: Feeds) -> FeedHandler:
    """A receiver of OMD-C that has not joined yet; `omd.join()` does."""
    return omd_feeds.client("OMD-C")


@pytest.fixture
def omd_cc(omd_feeds: Feeds) -> FeedHandler:
    """A receiver of OMD-CC that has not joined yet; `omd_cc.join()` does."""
    return omd_feeds.client("OMD-CC")


@pytest.fixture
def omd_visit(
    omd_feeds: Feeds,
    hkex_session: Session,
    hkex_evidence: Journal,
    hkex_business_dates: BusinessDates,
    omd_settings: OmdSettings,
) -> Iterator[OmdVisit]:
    """Receiving as the steps tell it: listen, miss something, fail over, compare."""
    from pytest_hkexprt.systems.omd.visit import OmdVisit  # noqa: PLC0415

    visit = OmdVisit(
        omd_feeds.open,
        hkex_evidence,
        settings=omd_settings,
        business_dates=hkex_business_dates,
        sites=hkex_session.sites,
        omit=pytest.skip,
    )
    yield visit
    visit.close()
