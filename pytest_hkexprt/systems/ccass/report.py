"""The form of a report with a control header, records of one length and a control trailer, and whether one has it.

Public is that CCMS reports are of fixed-length records between a control header and a control trailer, and that there
is a checksum; where each field stands, and how the sum is made, is not. Positions and sum are therefore part of the
page description, and the ones that ship are those of our own stand-in.

Source: HKEX, CCMS Terminal User Guide, the page on report layouts (ccms4_6), as found in public in 2026.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

LINE_ENDS = b"\r\n"


class Sum(StrEnum):
    """How a checksum over the records between header and trailer is made, their line ends left out."""

    BYTES = "bytes"
    """The values of all bytes added up, the last digits of it."""
    CRC32 = "crc32"
    """CRC-32 of ISO 3309, eight hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Field:
    """Where something stands in a record."""

    starts: int
    """From 0, in bytes."""
    length: int

    def of(self, record: bytes) -> str:
        """Return it, without the blanks around it."""
        return record[self.starts : self.starts + self.length].decode("ascii", "replace").strip()


@dataclass(frozen=True, slots=True)
class ReportForm:
    """What a report looks like."""

    record_bytes: int
    """Length of each record, its line end left out."""
    header: str
    """How the control header begins."""
    trailer: str
    """How the control trailer begins."""
    count: Field
    """In the trailer: how many records lie between header and trailer."""
    checksum: Field
    """In the trailer."""
    sum: Sum


def faults(form: ReportForm, lines: Iterable[bytes]) -> tuple[str, ...]:
    """Return what is wrong with a report, in its own order; nothing where it is whole.

    Args:
        form: what it should look like.
        lines: its lines, in order, with their line ends; they are looked at one by one.
    """
    found: list[str] = []
    added, crc, records, number = 0, 0, 0, 0
    last = b""
    for number, line in enumerate(lines, start=1):
        record = line.rstrip(LINE_ENDS)
        if number == 1 and not record.startswith(form.header.encode()):
            found.append(f"no control header: the first record does not begin with {form.header}")
        if len(record) != form.record_bytes:
            found.append(f"record {number} has {len(record)} bytes, expected {form.record_bytes}")
        if number > 2:  # noqa: PLR2004  the record before the last one known is neither header nor, perhaps, trailer
            added, crc, records = added + sum(last), zlib.crc32(last, crc), records + 1
        last = record
    if number == 0:
        return ("it is empty",)
    if number == 1 or not last.startswith(form.trailer.encode()):
        return (*found, f"no control trailer: the last record does not begin with {form.trailer}")
    if form.count.of(last).lstrip("0") != str(records).lstrip("0"):
        found.append(f"the trailer counts {form.count.of(last) or 'nothing'}, there are {records} records")
    own = checksum(form, added, crc)
    if form.checksum.of(last).upper() != own:
        found.append(f"the trailer's checksum is {form.checksum.of(last) or 'missing'}, the records' {own}")
    return tuple(found)


def checksum(form: ReportForm, added: int, crc: int) -> str:
    """Return a checksum as the trailer has it."""
    if form.sum is Sum.CRC32:
        return f"{crc:08X}"
    return str(added)[-form.checksum.length :].zfill(form.checksum.length)


def trailer_of(form: ReportForm, records: Iterable[bytes]) -> bytes:
    """Return the control trailer of some records; simulators write it."""
    added, crc, number = 0, 0, 0
    for record in records:
        added, crc, number = added + sum(record), zlib.crc32(record, crc), number + 1
    line = bytearray(form.trailer.encode().ljust(form.record_bytes))
    for field, text in (
        (form.count, str(number).zfill(form.count.length)),
        (form.checksum, checksum(form, added, crc)),
    ):
        line[field.starts : field.starts + field.length] = text.encode().ljust(field.length)
    return bytes(line)
