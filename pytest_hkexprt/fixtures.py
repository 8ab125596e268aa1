"""The fixtures every system shares: the run, the session, its site, the evidence.

Those whose name is no proper noun carry ``hkex_``, so that a project's own ``session`` or ``evidence`` stays its own.
They serve ordinary pytest tests as they serve steps. Site and target come from the stash and cannot be shadowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_hkexprt import participants
from pytest_hkexprt.plan import plan_of
from pytest_hkexprt.stash import CLOCK, DATES

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.journal import Journal
    from pytest_hkexprt.model import Circular, Participant, Run, Session, Site
    from pytest_hkexprt.progress import Progress
    from pytest_hkexprt.rehearsal import RehearsalClock
    from pytest_hkexprt.schedule import BusinessDates


@pytest.fixture(scope="session")
def hkex_run(request: pytest.FixtureRequest) -> Run:
    """What the command line asked for: sites, target, drills, and the participant; of several, whose turn it is."""
    return participants.own_run(request.config, getattr(request, "param", ""))


@pytest.fixture(scope="session")
def hkex_participant(hkex_run: Run) -> Participant:
    """Who runs it: the participant file's, of several each in turn, or one generated for a rehearsal."""
    return hkex_run.participant


@pytest.fixture(scope="session")
def hkex_business_dates(pytestconfig: pytest.Config) -> BusinessDates:
    """The exchange's business dates, with the participant file's exceptions."""
    return pytestconfig.stash[DATES]


@pytest.fixture(scope="session")
def hkex_clock(pytestconfig: pytest.Config) -> RehearsalClock:
    """The clock of a rehearsal: ``with hkex_clock.at(moment)`` moves it and moves it back."""
    return pytestconfig.stash[CLOCK]


@pytest.fixture(scope="session")
def hkex_evidence(pytestconfig: pytest.Config) -> Journal:
    """The run's evidence journal: ``exchange``, ``check``, ``attachment`` and ``notice`` write to it."""
    from pytest_hkexprt import recorder  # noqa: PLC0415  msgspec, for runs with evidence

    return recorder.of(pytestconfig).journal


@pytest.fixture(scope="session")
def hkex_progress(pytestconfig: pytest.Config) -> Iterator[Progress]:
    """How far a long transfer is: ``with hkex_progress.transfer(title, total_bytes) as advance`` shows a bar."""
    from pytest_hkexprt import progress  # noqa: PLC0415  for runs that transfer something

    with progress.on_terminal(pytestconfig) as shown:
        yield shown


@pytest.fixture
def hkex_circular(request: pytest.FixtureRequest) -> Circular:
    """The circular of the scenario; for an ordinary test, that of ``--circular`` or the first there is."""
    return plan_of(request.config, request.node)[0]


@pytest.fixture
def hkex_session(request: pytest.FixtureRequest) -> Session:
    """The circular's session the scenario runs in; for an ordinary test, the first at the sites asked for."""
    return plan_of(request.config, request.node)[1]


@pytest.fixture
def hkex_site(hkex_session: Session) -> Site:
    """The session's site."""
    return hkex_session.site


@pytest.fixture(scope="session")
def hkex_data(hkex_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for baselines and downloads: the participant's with a live target, a temporary one in a rehearsal."""
    if hkex_run.rehearsal:
        return tmp_path_factory.mktemp("hkexprt-data")
    hkex_run.participant.data_folder.mkdir(parents=True, exist_ok=True)
    return hkex_run.participant.data_folder
