"""The lines of the ledger: who registered for which circular, or returned which form, and when.

Client Connect and forms sent by e-mail have no interface to us, so a person declares what was done. The proof, a
confirmation saved as a file, stays where it is; its digest is kept, so that it can be shown to be the same one later.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import msgspec

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Circular

FILE_NAME = "ledger.jsonl"
REGISTRATION = "registration"
"""What is entered when it is no form."""
WHEN = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?")
END_OF_DAY = dt.time(23, 59, 59)
HONG_KONG = dt.timezone(dt.timedelta(hours=8))
"""Without summer time since 1979."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing declared as done."""

    circular: str
    """Its reference; where it has none, its stem."""
    what: str = REGISTRATION
    """``registration``, or the form's name as the circular's data has it."""
    participant: str
    on: str
    """The day in Hong Kong, ``2023-04-05``, or the minute, ``2023-04-06T17:30``."""
    by: str
    """Who did it."""
    entered: str
    """When it was entered here, ISO 8601 in Hong Kong time."""
    proof: str = ""
    """Base name of the proof's file; empty where there is none."""
    proof_size_bytes: int = 0
    proof_sha256: str = ""

    @property
    def latest(self) -> dt.datetime:
        """The latest moment the entry can mean, aware: where it names a day alone, the day's end."""
        moment = dt.datetime.fromisoformat(self.on)
        return (moment if has_time(self.on) else dt.datetime.combine(moment, END_OF_DAY)).replace(tzinfo=HONG_KONG)


def name_of(circular: Circular) -> str:
    """Return what the ledger calls a circular."""
    return circular.reference or circular.stem


def has_time(on: str) -> bool:
    """Return whether a day is given with its time."""
    return len(on) > len("2023-04-05")


def mistake_in_date(on: str) -> str:
    """Return what is wrong with a day or minute as typed; empty when nothing is."""
    try:
        dt.datetime.fromisoformat(on)
    except ValueError as error:
        return str(error)
    return "" if WHEN.fullmatch(on) else f"{on!r} is neither like 2023-04-05 nor like 2023-04-06T17:30"


def matching(entries: Iterable[Entry], *, circular: str, what: str, participant: str) -> list[Entry]:
    """Return the entries of one thing, the earliest first."""
    found = [each for each in entries if (each.circular, each.what, each.participant) == (circular, what, participant)]
    return sorted(found, key=lambda entry: entry.latest)


def line(entry: Entry) -> bytes:
    """Return an entry as a line of the ledger."""
    return msgspec.json.encode(entry) + b"\n"


def parse(data: bytes, where: str) -> tuple[Entry, ...]:
    """Return the entries of a ledger.

    Raises:
        UsageFault: a line is no entry; the message has its number.
    """
    entries = []
    for number, raw in enumerate(data.splitlines(), start=1):
        try:
            entry = msgspec.json.decode(raw, type=Entry)
        except msgspec.MsgspecError as error:
            raise UsageFault(f"{where}, line {number}", expected="an entry of the ledger", came=str(error)) from error
        if wrong := mistake_in_date(entry.on):
            raise UsageFault(f"{where}, line {number}", expected="a day, or a day and a time", came=wrong)
        entries.append(entry)
    return tuple(entries)
