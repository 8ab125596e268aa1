"""The layouts as a page to read: ``docs/market-data-layouts.md`` is this, and a test keeps it so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pytest_hkexprt.systems.omd.fields import Field, Group, Kind, Layout
from pytest_hkexprt.systems.omd.layouts import CONTROL, OMD_C, OMD_CC

HEADING: Final = """# Layouts of market data

Every message of OMD-C and OMD-CC as this project reads and writes it. This page is drawn from the declarations in
`pytest_hkexprt/systems/omd/layouts*.py` by `hkexprt omd layouts`; the decoder, the encoder and the tests are drawn from
the same. Written by hand are only the bytes the tests hold them against.

Sources: HKEX OMD-C Binary Interface Specifications v1.45 (9 January 2026) and HKEX OMD-CC Interface Specification v1.3.
Field names are the documents'; names that were at hand in abbreviated form alone are written out. Where the documents
at hand gave a message's size only (13, 22, 23, 40, 44, 56, 61, 70, 71, 80, 81), its fields are those of a
public machine description of the same version, and fill exactly that size.

Numbers are little-endian. Offsets are in bytes, from the start of the message; in a group, from the start of the entry.
A number with decimals is an integer on the wire: 61.250 with three decimals is 61250. The null value of an Int32 is
0x80000000, of an Int64 0x8000000000000000. A String is ASCII, left-aligned and padded with spaces, Unicode is UTF-16LE.

A packet has a header of 16 bytes: PktSize (Uint16, itself included), MsgCount (Uint8), a filler, SeqNum (Uint32, of the
first message; in a heartbeat, which has no message, of the one before), SendTime (Uint64, ns since 1970 UTC). Each
message begins with MsgSize (Uint16, itself included) and MsgType (Uint16), which the tables leave out."""
PARTS: Final = (
    ("Control and recovery, of both feeds", CONTROL),
    ("OMD-C", OMD_C),
    ("OMD-CC", OMD_CC),
)


def page() -> str:
    """Return the page."""
    parts = [HEADING]
    for title, layouts in PARTS:
        parts.append(f"## {title}")
        parts += [told(each) for each in layouts]
    return "\n\n".join(parts) + "\n"


def told(layout: Layout) -> str:
    """Return one layout as a heading and its tables."""
    sizes = "".join(f" + {group.entry_bytes} for each of {group.name}" for group in layout.groups)
    parts = [f"### {layout.type} {layout.name}", f"{layout.size_bytes} bytes{sizes}."]
    if layout.about:
        parts[-1] += f" {layout.about}."
    parts.append(_table(layout.fields))
    at = str(layout.fixed_bytes)
    for group in layout.groups:
        parts += list(_group(group, at))
        at = f"the end of {group.name}"
    return "\n\n".join(parts)


def _group(group: Group, at: str) -> Iterator[str]:
    if group.before:
        yield f"From {at}:"
        yield _table(group.before)
    yield f"{group.name}, as many as {group.count} says, each:"
    yield _table(group.entry)


def _table(fields: Sequence[Field]) -> str:
    rows = ["| offset | field | type | bytes | what it is |", "| ---: | --- | --- | ---: | --- |"]
    rows += [
        f"| {field.offset} | {field.name or '(filler)'} | {field.kind if field.kind is not Kind.FILLER else ''} "
        f"| {field.size_bytes} | {_meaning(field)} |"
        for field in fields
    ]
    return "\n".join(rows)


def _meaning(field: Field) -> str:
    decimals = f"{field.decimals} decimals" if field.decimals else ""
    decimals = f"decimals in {field.decimals_in}" if field.decimals_in else decimals
    return "; ".join(part for part in (str(field.unit), decimals, field.values) if part)
