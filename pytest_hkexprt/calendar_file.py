"""The agenda as an iCalendar file that Outlook and Google import.

Times are in UTC, so that no reader needs our time zone's rules. An entry's UID comes from what it is and not from when
the file was written: importing a newer file moves entries instead of doubling them. Deadlines and baselines warn.

Source: RFC 5545, sections 3.6.1, 3.6.6 and 3.8.4.7.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from icalendar import Alarm, Calendar, Event

from pytest_hkexprt.agenda import Due, Kind
from pytest_hkexprt.clock import HONG_KONG

PRODUCT = "-//pytest-hkexprt//agenda//EN"
WARNING = {
    Kind.REGISTRATION: dt.timedelta(days=-2),
    Kind.FORM: dt.timedelta(days=-1),
    Kind.BASELINE: dt.timedelta(hours=-2),
}
"""How long before each kind its reader is warned."""


def render(entries: Iterable[Due], now: dt.datetime) -> bytes:
    """Return the entries as an iCalendar file.

    Args:
        entries: the agenda.
        now: the moment the file is made, aware; what RFC 5545 wants as DTSTAMP.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "HKEX circulars")
    for due in entries:
        calendar.add_component(_event(due, now))
    return bytes(calendar.to_ical())


def _event(due: Due, now: dt.datetime) -> Event:
    event = Event()
    event.add("uid", uid(due))
    event.add("dtstamp", now.astimezone(dt.UTC).replace(microsecond=0))
    if due.whole_days:
        event.add("dtstart", due.starts.astimezone(HONG_KONG).date())
        event.add("dtend", due.ends.astimezone(HONG_KONG).date() + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", _utc(due.starts))
        event.add("dtend", _utc(due.ends))
    title = f"Deadline: {due.named}" if due.deadline else due.named
    event.add("summary", f"{title} [{due.circular.stem}]")
    event.add("description", f"{due.circular.subject}\n{due.circular.reference or 'no reference'}")
    event.add("categories", [due.kind.value])
    if due.kind in WARNING:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", WARNING[due.kind])
        event.add_component(alarm)
    return event


def uid(due: Due) -> str:
    """Return the name that stays with an entry when its time is moved."""
    told = "\0".join((due.circular.reference or due.circular.stem, due.kind, due.named))
    if due.kind is Kind.BASELINE:
        told += f"\0{due.starts.date()}"
    return f"{hashlib.sha256(told.encode()).hexdigest()[:32]}@pytest-hkexprt"


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)
