"""Business dates and windows.

A business date is a day the Hong Kong exchange trades, half days included. What "last business date" means for the
clearing houses' reports is not published; the working reading is the last trading day before the session's date.

Source: closures are those of the ``holidays`` library's XHKG calendar, from 0.107 on, which has the severe-weather
closures of 2023; a participant's own closures and sessions go on top.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.errors import UsageFault

if TYPE_CHECKING:
    from pytest_hkexprt.model import Session

PUBLISHED_AT = dt.time(20, 0)
"""When a business date's reports are in the folder, Hong Kong time. Ours: the real hour is not published."""
EVENING = dt.time(22, 0)
"""When a rehearsal takes its baseline: after :data:`PUBLISHED_AT`, on the same date."""
UNTIMED_BEGINS = dt.time(9, 0)
"""When a rehearsal of a session begins whose circular gives a date and no time of day. Ours, and said to be."""
FIRST_YEAR, LAST_YEAR = 2014, 2100
"""What the XHKG calendar covers."""
LONGEST_CLOSURE_DAYS = 30
"""More than any closure of the exchange has lasted: where a search for a business date gives up."""
SATURDAY = 5


@lru_cache(maxsize=16)
def _closures(year: int) -> frozenset[dt.date]:
    import holidays  # noqa: PLC0415  a tenth of a second, for the runs that need it

    return frozenset(holidays.financial_holidays("XHKG", years=year))


def begins(session: Session) -> dt.datetime:
    """Return when a rehearsal of a session begins: its start, or of a mere date :data:`UNTIMED_BEGINS`."""
    start = session.starts
    return start if session.timed else dt.datetime.combine(start, UNTIMED_BEGINS, start.tzinfo)


def window(session: Session, say: Callable[..., str] = str.format) -> str:
    """Return ``2023-04-15 14:30 to 15:30``; of a mere date, that.

    Args:
        session: whose.
        say: fills in a phrase, in another language perhaps.
    """
    starts, ends = session.starts, session.ends
    if not session.timed:
        return say("{date}, no time of day given", date=f"{starts:%Y-%m-%d}")
    form = "%H:%M" if starts.date() == ends.date() else "%Y-%m-%d %H:%M"
    return say("{starts} to {ends}", starts=f"{starts:%Y-%m-%d %H:%M}", ends=f"{ends:{form}}")


@dataclass(frozen=True, slots=True)
class BusinessDates:
    """The exchange's business dates, with a participant's own exceptions."""

    closed: Collection[dt.date] = field(default_factory=frozenset)
    """Dates on which there is no business although the calendar has it."""
    open: Collection[dt.date] = field(default_factory=frozenset)
    """Dates on which there is business although the calendar has none."""

    def __contains__(self, date: object) -> bool:
        """Whether the exchange trades on ``date``.

        Raises:
            UsageFault: the calendar does not cover its year.
        """
        if not isinstance(date, dt.date):
            return False
        if not FIRST_YEAR <= date.year <= LAST_YEAR:
            raise UsageFault(f"{date}", expected=f"a year from {FIRST_YEAR} to {LAST_YEAR}", came=str(date.year))
        if date in self.open:
            return True
        return date not in self.closed and date.weekday() < SATURDAY and date not in _closures(date.year)

    def last_before(self, date: dt.date) -> dt.date:
        """Return the last business date before ``date``."""
        for days in range(1, LONGEST_CLOSURE_DAYS + 1):
            candidate = date - dt.timedelta(days)
            if candidate in self:
                return candidate
        raise UsageFault(
            f"before {date}", expected="a business date within a month", came="none", next_step="see [calendar] closed"
        )

    def between(self, starts: dt.date, ends: dt.date) -> tuple[dt.date, ...]:
        """Return the business dates from ``starts`` to ``ends``, both included."""
        days = (starts + dt.timedelta(number) for number in range((ends - starts).days + 1))
        return tuple(day for day in days if day in self)

    def shown_at(self, moment: dt.datetime) -> dt.date:
        """Return the business date whose reports a folder shows at an aware moment."""
        local = moment.astimezone(HONG_KONG)
        if local.date() in self and local.time() >= PUBLISHED_AT:
            return local.date()
        return self.last_before(local.date())

    def evening_of(self, date: dt.date) -> dt.datetime:
        """Return the evening of a business date, when its reports are there."""
        return dt.datetime.combine(date, EVENING, HONG_KONG)

    def evening_before(self, session: Session) -> dt.datetime:
        """Return the evening of the last business date before a session, when its reports are there."""
        return self.evening_of(self.last_before(session.starts.astimezone(HONG_KONG).date()))
