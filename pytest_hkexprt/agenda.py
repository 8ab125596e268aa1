"""What is due when: registrations, forms, baselines to take, sessions, stabilisation periods.

Pure: circulars, business dates and what was declared go in, entries in order of time come out; the clock is the
caller's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.model import Circular, Session
from pytest_hkexprt.schedule import BusinessDates

BASELINE_LASTS = dt.timedelta(hours=1)
"""How long the evening's entry is; the visit itself takes seconds."""


class Kind(StrEnum):
    """What sort of thing is due."""

    REGISTRATION = "registration"
    FORM = "form"
    BASELINE = "baseline"
    SESSION = "session"
    STABILISATION = "stabilisation"


class State(StrEnum):
    """How it stands."""

    DONE = "done"
    LATE = "late"
    """Done, but after its deadline."""
    OWED = "owed"
    """Its deadline has passed, nothing was declared, and one takes part or still could."""
    MISSED = "missed"
    """Its deadline and the sessions have passed, and nothing says that one took part."""
    COMING = "coming"
    NOW = "now"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Due:
    """One entry of the agenda."""

    circular: Circular
    kind: Kind
    what: str
    starts: dt.datetime
    """Aware; of a deadline, the deadline."""
    ends: dt.datetime
    """Aware; of a deadline, the deadline too."""
    declared: dt.datetime | None = None
    """When it was done, as the ledger declares, at the latest."""
    whole_days: bool = False
    """Whether it has dates and no time of day."""
    takes_part: bool = False
    """Whether anything was declared for its circular."""
    whose: str = ""
    """The participant's name, where the agenda is of several."""

    @property
    def named(self) -> str:
        """What is due, of several participants with the one's name."""
        return f"{self.what} ({self.whose})" if self.whose else self.what

    @property
    def deadline(self) -> bool:
        """Whether something is to be sent by it."""
        return self.kind in (Kind.REGISTRATION, Kind.FORM)

    def state(self, now: dt.datetime) -> State:
        """Return how it stands at an aware moment."""
        if self.declared:
            return State.DONE if self.declared <= self.ends else State.LATE
        if now > self.ends:
            if not self.deadline:
                return State.OVER
            over = all(session.ends < now for session in self.circular.sessions)
            return State.OWED if self.takes_part or not over else State.MISSED
        return State.COMING if now < self.starts or self.deadline else State.NOW

    def days_left(self, now: dt.datetime) -> int:
        """Return the days from an aware moment's date to its own, in Hong Kong; below zero when it is past."""
        return (self.starts.astimezone(HONG_KONG).date() - now.astimezone(HONG_KONG).date()).days


def agenda(
    circulars: Sequence[Circular],
    dates: BusinessDates,
    *,
    with_baseline: Collection[str] = (),
    declared: Callable[[Circular, str], dt.datetime | None] = lambda _circular, _what: None,
) -> tuple[Due, ...]:
    """Return everything the circulars ask for, in order of time.

    Args:
        circulars: which.
        dates: the exchange's business dates.
        with_baseline: the systems whose sessions need a baseline of the last business date.
        declared: when a registration or a form was done, by the ledger.
    """
    entries: list[Due] = []
    for circular in circulars:
        own = list(_of(circular, dates, with_baseline, declared))
        takes_part = any(due.declared for due in own)
        entries += [replace(due, takes_part=takes_part) for due in own]
    return tuple(sorted(entries, key=lambda due: (due.starts, due.circular.stem, due.kind, due.what)))


def _of(
    circular: Circular,
    dates: BusinessDates,
    with_baseline: Collection[str],
    declared: Callable[[Circular, str], dt.datetime | None],
) -> Iterator[Due]:
    if registration := circular.registration:
        when = registration.deadline
        what = f"register: {registration.channel}"
        yield Due(circular, Kind.REGISTRATION, what, when, when, declared(circular, Kind.REGISTRATION))
    for form in circular.forms:
        what = f"{form.name} to {form.returned_to}"
        yield Due(circular, Kind.FORM, what, form.deadline, form.deadline, declared(circular, form.name))
    for evening in dict.fromkeys(
        dates.evening_before(session) for session in circular.sessions if {*session.systems} & {*with_baseline}
    ):
        yield Due(circular, Kind.BASELINE, "take the baseline", evening, evening + BASELINE_LASTS)
    for session in circular.sessions:
        if session.register_by:
            what, by = f"register for {session.name}", session.register_by
            yield Due(circular, Kind.REGISTRATION, what, by, by, declared(circular, Kind.REGISTRATION))
        whole = not session.timed
        yield Due(circular, Kind.SESSION, _named(session), session.starts, session.ends, whole_days=whole)
    if period := circular.stabilisation:
        starts = dt.datetime.combine(period.starts, dt.time.min, HONG_KONG)
        ends = dt.datetime.combine(period.ends, dt.time.max, HONG_KONG)
        yield Due(circular, Kind.STABILISATION, "stabilisation period", starts, ends, whole_days=True)


def _named(session: Session) -> str:
    systems = f" ({', '.join(session.systems)})" if session.systems else ""
    place = "" if session.place in session.name else f", {session.place}"
    return f"{session.name}{place}{systems}"
