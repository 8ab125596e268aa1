"""Durations, sizes, dates and times as a reader of the report sees them, and outside strings made visible.

Hong Kong time throughout, because a session's window is in it; exact numbers, because evidence is compared. In the
report's language, English or Chinese; times of day and numbers are written alike in both.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import re

from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.evidence.labels import CHINESE, translator

UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff"
    "\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Characters that act on a reader's screen, or hide, instead of being seen: controls, direction marks, blanks without
width, lone surrogates, tags."""


LONGEST_SLUG = 100
"""Characters that an anchor takes from a text: it is said again in every link to it."""
_SECOND = re.compile(r"(.{19})(?:\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
"""A moment as journals have it; without its fraction it is a whole second."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Not ``strftime``'s: those follow the locale, and the same journal must give the same bytes everywhere."""


def escape_of(match: re.Match[str]) -> str:
    r"""Return the escape that stands for one unseen character: ``\x1b``, ``\u202e``."""
    code = ord(match.group())
    if code <= 0xFF:  # noqa: PLR2004  the widths of Python's own escapes
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004  as above


def visible(text: str) -> str:
    """Return the text on one line, each unseen character as its escape."""
    return UNSEEN.sub(escape_of, text)


def slug(text: str) -> str:
    """Return the text as part of an anchor or a class name: ``not-run``; an endless one ends with a digest."""
    if len(text) > LONGEST_SLUG:
        text = f"{text[:LONGEST_SLUG]}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
    return re.sub(r"[^\w-]+", "-", text)


def duration(seconds: float, lang: str = "") -> str:
    """Return ``< 0.1 ms``, ``0.4 ms``, ``12 ms``, ``3.42 s``, ``2 min 05 s``; in Chinese ``12 毫秒``."""
    say = translator(lang)
    if seconds < 0.00005:  # noqa: PLR2004  what would round to nothing
        return f"< 0.1 {say('ms')}"
    if seconds < 0.001:  # noqa: PLR2004  below a millisecond
        return f"{seconds * 1000:.1f} {say('ms')}"
    if seconds < 1:
        return f"{seconds * 1000:.0f} {say('ms')}"
    if seconds < 60:  # noqa: PLR2004  below a minute
        return f"{seconds:.2f} {say('s')}"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} {say('min')} {rest:02d} {say('s')}"


def size(size_bytes: int, lang: str = "") -> str:
    """Return the exact number of bytes: ``1,234,567 bytes``, in Chinese ``1,234,567 位元組``."""
    return f"{size_bytes:,} {translator(lang)('byte' if size_bytes == 1 else 'bytes')}"


def moment(text: str) -> dt.datetime | None:
    """Return an ISO 8601 moment in Hong Kong time; None if it is none, or has no offset."""
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return read.astimezone(HONG_KONG) if read.tzinfo else None


def day(at: dt.date, lang: str = "") -> str:
    """Return ``15 Apr 2023``, in Chinese ``2023年4月15日``."""
    if lang == CHINESE:
        return f"{at.year}年{at.month}月{at.day}日"
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def day_of_year(at: dt.date, lang: str = "") -> str:
    """Return ``15 Apr``, in Chinese ``4月15日``."""
    return f"{at.month}月{at.day}日" if lang == CHINESE else f"{at.day} {MONTHS[at.month - 1]}"


def day_of(text: str, lang: str = "") -> str:
    """Return the date of an ISO 8601 date or moment in words; text that is neither comes back as it is."""
    at = moment(text)
    if at is not None:
        return day(at, lang)
    try:
        return day(dt.date.fromisoformat(text), lang)
    except ValueError:
        return text


def clock(text: str) -> str:
    """Return an ISO 8601 moment as its time of day in Hong Kong, ``14:30:05``; other text comes back as it is."""
    found = _SECOND.fullmatch(text)
    return (_clock(found[1] + found[2]) if found else "") or text


@functools.lru_cache(maxsize=1024)
def _clock(second: str) -> str:
    """Return the time of day of a whole second; a report asks for the same one many times in a row."""
    at = moment(second)
    return "" if at is None else f"{at:%H:%M:%S}"


def exact_clock(text: str) -> str:
    """Return the time of day with milliseconds, ``14:30:05.123``: messages follow each other within a second."""
    at = moment(text)
    return text if at is None else f"{at:%H:%M:%S}.{at.microsecond // 1000:03d}"


def day_and_clock(text: str, lang: str = "") -> str:
    """Return an ISO 8601 moment as ``15 Apr 2023, 14:30:05``; other text comes back as it is."""
    at = moment(text)
    return text if at is None else _at(at, "%H:%M:%S", lang)


def span(starts: str, ends: str, lang: str = "") -> str:
    """Return two ISO 8601 moments as one span, ``15 Apr 2023, 14:30–15:30``, with seconds where they have any.

    Whole days are days alone, ``25 Nov 2023``: a circular may give a date and no time of day.
    """
    first, last = moment(starts), moment(ends)
    if first is None or last is None:
        return f"{starts} – {ends}"
    if (f"{first:%H:%M}", f"{last:%H:%M}") == ("00:00", "23:59"):
        return day(first, lang) if first.date() == last.date() else f"{day(first, lang)} – {day(last, lang)}"
    form = "%H:%M:%S" if first.second or last.second else "%H:%M"
    if first.date() != last.date():
        return f"{_at(first, form, lang)} – {_at(last, form, lang)}"
    if first.strftime(form) == last.strftime(form):
        return _at(first, form, lang)
    return f"{_at(first, form, lang)}–{last.strftime(form)}"


def _at(moment: dt.datetime, form: str, lang: str) -> str:
    """Return a day and its time of day; Chinese has no comma between them."""
    return f"{day(moment, lang)}{' ' if lang == CHINESE else ', '}{moment.strftime(form)}"
