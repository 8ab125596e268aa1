"""What a message's layout is made of: fields with offset, type and unit, groups that repeat, and the whole.

A layout is data. From it are drawn the decoder and encoder (``packets``), the page of all layouts, and the tests; so a
field is written down once. That fields lie end to end and fill the message is held when a layout is made.

Source: HKEX OMD-C Binary Interface Specifications v1.45, section 3.2 (types, null values, strings); HKEX OMD-CC
Interface Specification v1.3, the same section.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

HEADER_BYTES: Final = 4
"""Of a message: MsgSize and MsgType, both Uint16; MsgSize counts itself."""
NULL_INT32: Final = -(2**31)
"""0x80000000, the value an Int32 has where there is none."""
NULL_INT64: Final = -(2**63)
"""0x8000000000000000, the value an Int64 has where there is none."""


class Kind(StrEnum):
    """The type of a field, in the documents' words; numbers are little-endian."""

    UINT8 = "Uint8"
    UINT16 = "Uint16"
    UINT32 = "Uint32"
    UINT64 = "Uint64"
    INT16 = "Int16"
    INT32 = "Int32"
    INT64 = "Int64"
    STRING = "String"
    """ASCII, left-aligned, padded with spaces."""
    UNICODE = "Unicode"
    """UTF-16LE, padded."""
    NEWS = "String or Unicode"
    """ASCII where NewsType is EXN, UTF-16LE where it is EXC."""
    FILLER = "Filler"


SIZES: Final = {
    Kind.UINT8: 1,
    Kind.UINT16: 2,
    Kind.UINT32: 4,
    Kind.UINT64: 8,
    Kind.INT16: 2,
    Kind.INT32: 4,
    Kind.INT64: 8,
}
"""Bytes of each kind of number."""
CODES: Final = {
    Kind.UINT8: "B",
    Kind.UINT16: "H",
    Kind.UINT32: "I",
    Kind.UINT64: "Q",
    Kind.INT16: "h",
    Kind.INT32: "i",
    Kind.INT64: "q",
}
"""Each kind of number in a format of ``struct``."""
NULLS: Final = {Kind.INT32: NULL_INT32, Kind.INT64: NULL_INT64}


class Unit(StrEnum):
    """What a number counts."""

    NONE = ""
    PRICE = "price"
    """Of the security's currency; scaled."""
    SHARES = "shares"
    MONEY = "money"
    RATE = "rate"
    INDEX = "index points"
    TIME = "ns since 1970 UTC"
    DATE = "YYYYMMDD"


@dataclass(frozen=True, slots=True)
class Field:
    """One field."""

    name: str
    """As published; a filler has none."""
    offset: int
    """In bytes from the start of the message, or of the entry of a group."""
    kind: Kind
    size_bytes: int
    unit: Unit = Unit.NONE
    decimals: int = 0
    """How many of the number's digits stand behind the point."""
    decimals_in: str = ""
    """The field that says how many, where it is not fixed."""
    values: str = ""
    """What the values mean, where that is published."""
    pad: str = " "
    """What fills up a string."""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that repeat, after the fields before them."""

    name: str
    count: str
    """The field that says how many entries there are."""
    entry: tuple[Field, ...]
    """Offsets from the start of the entry."""
    entry_bytes: int
    before: tuple[Field, ...] = ()
    """Fields between what precedes and the first entry; offsets from the end of what precedes."""
    before_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """One type of message."""

    type: int
    name: str
    size_bytes: int
    """With the header, without any entry of a group."""
    fields: tuple[Field, ...]
    groups: tuple[Group, ...] = ()
    about: str = ""

    @property
    def variable(self) -> bool:
        """Whether messages of this type differ in size."""
        return bool(self.groups)

    @property
    def fixed_bytes(self) -> int:
        """The size of what stands before the first group, the header included."""
        return self.size_bytes - sum(group.before_bytes for group in self.groups)


def number(
    kind: Kind,
    offset: int,
    name: str,
    values: str = "",
    *,
    unit: Unit = Unit.NONE,
    decimals: int = 0,
    decimals_in: str = "",
) -> Field:
    """Return a field that is a number."""
    return Field(name, offset, kind, SIZES[kind], unit, decimals, decimals_in, values)


def u8(offset: int, name: str, values: str = "") -> Field:
    """Return a Uint8."""
    return number(Kind.UINT8, offset, name, values)


def u16(offset: int, name: str, values: str = "") -> Field:
    """Return a Uint16."""
    return number(Kind.UINT16, offset, name, values)


def u32(offset: int, name: str, values: str = "", *, unit: Unit = Unit.NONE, decimals: int = 0) -> Field:
    """Return a Uint32."""
    return number(Kind.UINT32, offset, name, values, unit=unit, decimals=decimals)


def u64(offset: int, name: str, values: str = "", *, unit: Unit = Unit.NONE, decimals_in: str = "") -> Field:
    """Return a Uint64."""
    return number(Kind.UINT64, offset, name, values, unit=unit, decimals_in=decimals_in)


def price(offset: int, name: str, values: str = "") -> Field:
    """Return a price: an Int32 with three decimals."""
    return number(Kind.INT32, offset, name, values, unit=Unit.PRICE, decimals=3)


def i64(offset: int, name: str, values: str = "", *, unit: Unit = Unit.NONE, decimals: int = 0) -> Field:
    """Return an Int64."""
    return number(Kind.INT64, offset, name, values, unit=unit, decimals=decimals)


def moment(offset: int, name: str, values: str = "") -> Field:
    """Return a moment: a Uint64 of nanoseconds since 1970 in UTC."""
    return u64(offset, name, values, unit=Unit.TIME)


def text(offset: int, size_bytes: int, name: str, values: str = "", *, pad: str = " ") -> Field:
    """Return a string in ASCII."""
    return Field(name, offset, Kind.STRING, size_bytes, values=values, pad=pad)


def wide(offset: int, size_bytes: int, name: str) -> Field:
    """Return a string in UTF-16LE."""
    return Field(name, offset, Kind.UNICODE, size_bytes)


def news(offset: int, size_bytes: int, name: str) -> Field:
    """Return a string whose encoding the message's NewsType says."""
    return Field(name, offset, Kind.NEWS, size_bytes)


def filler(offset: int, size_bytes: int) -> Field:
    """Return bytes without a meaning."""
    return Field("", offset, Kind.FILLER, size_bytes)


def group(name: str, count: str, entry: Sequence[Field], before: Sequence[Field] = ()) -> Group:
    """Return a group.

    Raises:
        ValueError: fields overlap or leave bytes out.
    """
    return Group(name, count, tuple(entry), _end(name, entry, 0), tuple(before), _end(name, before, 0))


def layout(type_: int, name: str, size_bytes: int, *parts: Field | Group, about: str = "") -> Layout:
    """Return a layout; groups stand after all other fields.

    Raises:
        ValueError: fields overlap, leave bytes out, or do not fill the size.
    """
    fields = tuple(part for part in parts if isinstance(part, Field))
    groups = tuple(part for part in parts if isinstance(part, Group))
    made = Layout(type_, name, size_bytes, fields, groups, about)
    if _end(name, fields, HEADER_BYTES) != made.fixed_bytes:
        raise ValueError(f"{name}: fields end at {_end(name, fields, HEADER_BYTES)}, the message at {made.fixed_bytes}")
    return made


def _end(name: str, fields: Sequence[Field], start: int) -> int:
    for field in fields:
        if field.offset != start:
            raise ValueError(f"{name}: {field.name or 'a filler'} at {field.offset}, what precedes ends at {start}")
        start += field.size_bytes
    return start
