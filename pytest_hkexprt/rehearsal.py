"""The clock of a rehearsal: put into the session's window, ticking, and moved by nothing else.

freezegun looks through every loaded module when it starts, which costs more than a scenario; so it is started once,
moved from session to session, and stopped only when something that is no rehearsal runs. With a live target it is
never started at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_hkexprt import clock
from pytest_hkexprt.schedule import begins

if TYPE_CHECKING:
    from freezegun.api import TickingDateTimeFactory, _freeze_time

    from pytest_hkexprt.model import Run, Session

NEVER_FROZEN = [
    "pytest_hkexprt.deadline",
    "paramiko",
    "threading",
    "selectors",
    "ssl",
    "socket",
    "asyncio",
    "pytest_bdd.reporting",
    "_pytest.timing",
    "_pytest.junitxml",
    "xdist",
    "execnet",
    "allure_commons",
    "playwright",
    "concurrent.futures",
    "subprocess",
]
"""Modules that see the machine's time: whatever waits, and whatever measures."""


class RehearsalClock:
    """Moves the clock of a rehearsal; of a live run, nothing.

    Args:
        run: what the command line asked for.
    """

    def __init__(self, run: Run) -> None:
        self.rehearsed = run.rehearsal
        """Whether the clock is moved at all."""
        self._at = run.at
        self._freezer: _freeze_time | None = None
        self._factory: TickingDateTimeFactory | None = None
        self._session: tuple[Session, str] | None = None

    def enter(self, session: Session, who: str = "") -> None:
        """Put the clock to the start of the session's window (or to ``--at``); within one session let it tick on.

        Args:
            session: the one that begins, or goes on.
            who: the name of the participant; for another one the session begins anew.
        """
        if self.rehearsed and (self._factory is None or (session, who) != self._session):
            self._session = session, who
            self._move(self._at or begins(session))

    @contextmanager
    def at(self, moment: dt.datetime) -> Iterator[None]:
        """Put the clock to an aware moment, and back to where it was.

        Raises:
            RuntimeError: the target is live; its clock is never moved.
        """
        if not self.rehearsed:
            raise RuntimeError("the clock of a live run is never moved")
        before = clock.now() if self._factory else None
        self._move(moment)
        try:
            yield
        finally:
            if before is None:
                self.stop()
            else:
                self._move(before)

    @contextmanager
    def given_back(self) -> Iterator[None]:
        """Give the machine's time back for a while: for libraries that keep whatever ``datetime`` they meet first."""
        before, session = (clock.now() if self._factory else None), self._session
        self.stop()
        try:
            yield
        finally:
            if before is not None:
                self._move(before)
                self._session = session

    def stop(self) -> None:
        """Give the machine's time back."""
        if self._freezer is not None:
            self._freezer.stop()
            self._freezer = self._factory = self._session = None

    def _move(self, moment: dt.datetime) -> None:
        naive_utc = moment.astimezone(dt.UTC).replace(tzinfo=None)
        if self._factory is not None:
            self._factory.move_to(naive_utc)
            return
        from freezegun.api import TickingDateTimeFactory, freeze_time  # noqa: PLC0415  55 ms, for rehearsals alone

        self._freezer = freeze_time(naive_utc, tick=True, ignore=NEVER_FROZEN)
        factory = self._freezer.start()
        assert isinstance(factory, TickingDateTimeFactory), "tick=True gives the ticking one"
        self._factory = factory
