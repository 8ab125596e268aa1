"""Dates and times as circulars write them.

Day before month, as Hong Kong writes; am and pm, noon, four figures with "hrs". A weekday that does not fit its date is
a doubt, not a choice.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = r"(?P<month{0}>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?"
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?"
DATE = re.compile(
    rf"(?:(?P<before>{_WEEKDAY})[,\s]+)?(?:"
    rf"(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH.format(1)}[,\s-]+(?P<year1>\d{{4}})"
    rf"|{_MONTH.format(2)}\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year2>\d{{4}})"
    r"|(?P<year4>\d{4})-(?P<month4>\d\d)-(?P<day4>\d\d)"
    r"|(?P<day3>\d{1,2})/(?P<month3>\d{1,2})/(?P<year3>\d{4})"
    rf")(?!\d)(?:[,\s]*\(?(?P<after>{_WEEKDAY})\b\)?)?",
    re.IGNORECASE,
)
MORE_DAYS = re.compile(
    rf"(?:\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s+{_MONTH.format('')})?\s*(?:,\s*and|,|&|/|and)\s*)+$", re.IGNORECASE
)
"""What stands before a date whose month, or year, is other dates' too: ``7, 14 and`` of ``7, 14 and 21 June 2031``."""
ONE_OF_THEM = re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+{_MONTH.format('')})?", re.IGNORECASE)
_HALF = r"(?P<half{0}>[ap])\.?\s?m\b\.?"
_TIME = (
    r"(?:(?P<noon{0}>(?:12\s)?noon)|(?P<midnight{0}>midnight)"
    r"|(?<![\d/.])(?P<hour{0}>\d{{1,2}})(?:[:.](?P<minute{0}>\d\d)(?!\d|\.\d)(?:\s*"
    + _HALF
    + r")?|\s*"
    + _HALF.replace("{0}", "b{0}")
    + r")"
    r"|(?<![\d/])(?P<four{0}>[0-2]\d[0-5]\d)(?=\s*(?:hrs|hours|h\b|(?:-|–|to)\s*[0-2]\d[0-5]\d\s*(?:hrs|hours|h\b))))"
    r"(?:\s*(?:hrs|hours|h\b))?"
)
TIME = re.compile(_TIME.format(""), re.IGNORECASE)
RANGE = re.compile(
    _TIME.format(1) + r"\s*(?:-|–|—|−|~|to|until|till|and)\s*" + _TIME.format(2).replace("(?<![\\d/.])", ""),
    re.IGNORECASE,
)
NOON = 12
EVENING, MORNING = dt.time(18), dt.time(9)
"""From and until when a window may go past midnight; any other that ends before it begins is a slip of the pen."""
HOURS = 24


@dataclass(frozen=True, slots=True)
class Found:
    """A date, where it stands, and what is doubtful about it."""

    date: dt.date
    start: int
    end: int
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A span of times of one day, and where it stands."""

    starts: dt.time
    ends: dt.time
    start: int
    end: int
    next_day: bool = False
    """Whether it ends on the day after it begins."""


def dates(text: str) -> Iterator[Found]:
    """Yield the dates in a text, in order; those that share the month or year of one before that one."""
    for match in DATE.finditer(text):
        each = match.groupdict()
        number = next(n for n in "1234" if each[f"day{n}"])
        month = each[f"month{number}"]
        month_number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
        try:
            date = dt.date(int(each[f"year{number}"]), month_number, int(each[f"day{number}"]))
        except ValueError:
            continue
        weekday = each["before"] or each["after"] or ""
        if number == "1" and not each["before"]:
            yield from (
                Found(other, start, end, _doubt(other, weekday)) for other, start, end in _before(text, match, date)
            )
        yield Found(date, match.start(), match.end(), _doubt(date, weekday))


def _before(text: str, match: re.Match[str], date: dt.date) -> Iterator[tuple[dt.date, int, int]]:
    """Yield the dates that share a date's month, or its year, and where they stand."""
    more = MORE_DAYS.search(text, 0, match.start())
    for each in ONE_OF_THEM.finditer(text, more.start(), match.start()) if more else ():
        month = MONTHS.index(each["month"][:3].lower()) + 1 if each["month"] else date.month
        with suppress(ValueError):
            yield dt.date(date.year, month, int(each["day"])), each.start(), each.end()


def _doubt(date: dt.date, weekday: str) -> str:
    if not weekday or WEEKDAYS.index(weekday.lower()[:3]) == date.weekday():
        return ""
    return f"{date} is a {date:%A}, the circular says {weekday}"


def first_date(text: str) -> Found | None:
    """Return the first date in a text."""
    return next(dates(text), None)


def first_time(text: str) -> dt.time | None:
    """Return the first time of day in a text."""
    for match in TIME.finditer(text):
        if time := _time(match, "", ""):
            return time
    return None


def only_time(text: str) -> dt.time | None:
    """Return the time a text consists of, if it is one and nothing else."""
    match = TIME.fullmatch(text.strip())
    return _time(match, "", "") if match else None


def windows(text: str) -> Iterator[Window]:
    """Yield the spans of times in a text, in order; the first half of a day is read from the second's am or pm."""
    for match in RANGE.finditer(text):
        given = _half(match, "1")
        ends = _time(match, "2", "")
        starts = _time(match, "1", "" if given else _half(match, "2"))
        if starts and ends and starts >= ends and not given:
            starts = _time(match, "1", "")
        if starts and ends and starts < ends:
            yield Window(starts, ends, match.start(), match.end())
        elif starts and ends and starts >= EVENING and ends <= MORNING:
            yield Window(starts, ends, match.start(), match.end(), next_day=True)


def other_spans(text: str) -> Iterator[str]:
    """Yield what looks like a span of times and is none within a day: one past midnight, a slip of the pen."""
    within = {(window.start, window.end) for window in windows(text)}
    yield from (match[0] for match in RANGE.finditer(text) if match.span() not in within)


def _half(match: re.Match[str], which: str) -> str:
    return (match[f"half{which}"] or match[f"halfb{which}"] or "").lower()


def _time(match: re.Match[str], which: str, inherited: str) -> dt.time | None:
    if match[f"noon{which}"]:
        return dt.time(NOON)
    if match[f"midnight{which}"]:
        return dt.time(23, 59)
    if four := match[f"four{which}"]:
        hour, minute, half = int(four[:2]), int(four[2:]), ""
    else:
        hour, minute = int(match[f"hour{which}"]), int(match[f"minute{which}"] or 0)
        half = _half(match, which) or inherited
    if half and 1 <= hour <= NOON:
        hour = hour % NOON + (NOON if half == "p" else 0)
    return dt.time(hour, minute) if hour < HOURS and minute < 60 else None  # noqa: PLR2004  an hour's minutes
