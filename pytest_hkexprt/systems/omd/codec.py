"""One message: bytes to values by published names, and back.

A number stays the integer of the wire in :attr:`Message.values`, since that is what comparing and counting need; asking
for a field by its name gives what it means: a ``Decimal`` for a price, None for a null value, a string without its
padding. Formats of ``struct`` are compiled once for each layout.

Source: HKEX OMD-C Binary Interface Specifications v1.45, section 3.2; the fields are those of ``layouts``.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias

import msgspec

from pytest_hkexprt.errors import LocalProtocolError, RemoteProtocolError
from pytest_hkexprt.systems.omd.fields import CODES, HEADER_BYTES, NULLS, Field, Layout
from pytest_hkexprt.systems.omd.layouts import LAYOUTS
from pytest_hkexprt.systems.omd.rows import Raw, Row, Value, plain, row

Entries: TypeAlias = tuple[tuple[Raw, ...], ...]
MOST_BYTES: Final = 0xFFFF
_HEADER = struct.Struct("<HH")


class BadMessage(RemoteProtocolError):
    """A message of a known type is too short for its fields, or its groups do not fit in it."""


class Codec:
    """A layout compiled.

    Args:
        layout: what to compile.
    """

    __slots__ = ("_plain", "_size_bytes", "_unpack", "fixed", "groups", "layout")

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.fixed = row(layout.fields)
        self.groups = tuple((group, row(group.before), row(group.entry)) for group in layout.groups)
        self._unpack, self._size_bytes = self.fixed.format.unpack_from, layout.size_bytes
        self._plain = not (self.fixed.texts or self.fixed.news or self.groups)

    def decode(self, data: bytes, start: int, end: int, sequence: int) -> Message:
        """Return the message that stands in ``data`` from ``start`` to ``end``, header included.

        Raises:
            BadMessage: it is shorter than its fields.
        """
        if end - start < self._size_bytes:
            raise _short(self.layout, end - start, self._size_bytes)
        values = self._unpack(data, start + HEADER_BYTES)
        if self._plain:
            return Message(self.layout, sequence, values)
        values = self.fixed.decoded(values)
        if not self.groups:
            return Message(self.layout, sequence, values)
        return Message(self.layout, sequence, values, self._groups(data, start, end, values))

    def _groups(self, data: bytes, start: int, end: int, values: tuple[Raw, ...]) -> tuple[Entries, ...]:
        layout, found = self.layout, []
        at = start + layout.fixed_bytes
        news_type = str(values[0]) if layout.name == "News" else ""
        for group, before, entry in self.groups:
            count = values[self.fixed.index[group.count]] if group.count in self.fixed.index else None
            if group.before:
                if at + group.before_bytes > end:
                    raise _short(layout, end - start, at + group.before_bytes - start)
                count = before.format.unpack_from(data, at)[before.index[group.count]]
                at += group.before_bytes
            assert isinstance(count, int)
            last = at + count * group.entry_bytes
            if last > end:
                raise _short(layout, end - start, last - start)
            entries = entry.format.iter_unpack(data[at:last]) if count else iter(())
            texts = bool(entry.texts or entry.news)
            found.append(tuple(entry.decoded(each, news_type) for each in entries) if texts else tuple(entries))
            at = last
        return tuple(found)

    def encode(self, message: Message) -> bytes:
        """Return the message's bytes, header included.

        Raises:
            LocalProtocolError: a value does not fit in its field, or the message in a packet.
        """
        parts = [self.fixed.packed(message.values)]
        news_type = str(message.values[0]) if self.layout.name == "News" else ""
        for (group, before, entry), entries in zip(self.groups, message.groups, strict=True):
            if group.before:
                parts.append(before.format.pack(len(entries)))
            parts += [entry.packed(each, news_type) for each in entries]
        body = b"".join(parts)
        if HEADER_BYTES + len(body) > MOST_BYTES:
            raise LocalProtocolError(f"{self.layout.name} of {len(body):,} bytes", expected=f"at most {MOST_BYTES:,}")
        return _HEADER.pack(HEADER_BYTES + len(body), self.layout.type) + body


class Message(msgspec.Struct, frozen=True, gc=False):
    """One message, whole.

    ``message["Price"]`` is what the field means; ``message.raw("Price")`` is the integer of the wire.
    """

    layout: Layout
    sequence: int
    """Its own, in its channel; 0 where it has none."""
    values: tuple[Raw, ...]
    """In the layout's order, without fillers."""
    groups: tuple[Entries, ...] = ()

    @property
    def type(self) -> int:
        """The message's type."""
        return self.layout.type

    @property
    def known(self) -> bool:
        """Whether the type is one of the listed ones; of any other, only the bytes are known."""
        return self.layout.type in CODECS

    def __getitem__(self, name: str) -> Value:
        fixed = CODECS[self.layout.type].fixed
        index = fixed.index[name]
        field, value = fixed.fields[index], self.values[index]
        if field.decimals_in and isinstance(value, int):
            return Decimal(value).scaleb(-self.number(field.decimals_in))
        return plain(field, value)

    def raw(self, name: str) -> Raw:
        """Return a field as the message keeps it."""
        return self.values[CODECS[self.layout.type].fixed.index[name]]

    def number(self, name: str) -> int:
        """Return a number as it came on the wire: of a price, the scaled integer."""
        found = self.raw(name)
        assert isinstance(found, int), name
        return found

    def text(self, name: str) -> str:
        """Return a string without its padding."""
        found = self.raw(name)
        assert isinstance(found, str), name
        return found

    def entries(self, name: str) -> list[dict[str, Value]]:
        """Return the entries of a group, each by the names of its fields."""
        for (group, _, entry), found in zip(CODECS[self.layout.type].groups, self.groups, strict=True):
            if group.name == name:
                return [
                    {field.name: plain(field, value) for field, value in zip(entry.fields, each, strict=True)}
                    for each in found
                ]
        raise KeyError(name)

    def fields(self) -> dict[str, Value]:
        """Return all fields outside groups by their names."""
        if not self.known:
            return {}
        return {name: self[name] for name in CODECS[self.layout.type].fixed.index}


def build(type_: int, sequence: int = 0, /, **given: Value | Sequence[Mapping[str, Value]]) -> Message:
    """Return a message of fields by their published names; what is left out is 0 or blank, and counts are counted.

    Args:
        type_: a listed type.
        sequence: its own number, where it matters already.
        given: fields, and groups as sequences of mappings; a scaled number as ``Decimal``, or as the integer of the
            wire; None is the null value.

    Raises:
        LocalProtocolError: a name is unknown, or a value cannot be written exactly.
    """
    codec, groups = CODECS[type_], []
    for group, _, entry in codec.groups:
        rows = given.pop(group.name, ())
        assert isinstance(rows, Sequence) and not isinstance(rows, str)
        groups.append(tuple(_values(codec.layout, entry, dict(each)) for each in rows))
        if not group.before:
            given.setdefault(group.count, len(rows))
    return Message(codec.layout, sequence, _values(codec.layout, codec.fixed, given), tuple(groups))


def unknown(type_: int, sequence: int, size_bytes: int) -> Message:
    """Return the place of a message whose type is not listed: it has a number and a size, and no fields."""
    return Message(Layout(type_, "unknown", size_bytes, ()), sequence, ())


def _values(layout: Layout, row: Row, given: dict[str, Any]) -> tuple[Raw, ...]:
    strange = given.keys() - row.index.keys()
    if strange:
        raise LocalProtocolError(
            f"{layout.name}: {', '.join(sorted(strange))}", expected=f"one of {', '.join(row.index)}"
        )
    return tuple(_scaled(layout, field, given) for field in row.fields)


def _scaled(layout: Layout, field: Field, given: Mapping[str, Any]) -> Raw:
    value = given.get(field.name, "" if field.kind not in CODES else 0)
    if value is None and field.kind in NULLS:
        return NULLS[field.kind]
    if isinstance(value, Decimal):
        decimals = int(given.get(field.decimals_in, 0)) if field.decimals_in else field.decimals
        scaled = value.scaleb(decimals)
        if scaled != scaled.to_integral_value():
            raise LocalProtocolError(f"{layout.name}.{field.name}", expected=f"{decimals} decimals", came=str(value))
        return int(scaled)
    if isinstance(value, str) != (field.kind not in CODES):
        raise LocalProtocolError(f"{layout.name}.{field.name}", expected=str(field.kind), came=repr(value))
    return value  # type: ignore[no-any-return]  # held by the line above


def _short(layout: Layout, came: int, expected: int) -> BadMessage:
    return BadMessage(f"{layout.name} ({layout.type})", expected=f"{expected} bytes at least", came=f"{came}")


CODECS: Final[dict[int, Codec]] = {type_: Codec(layout) for type_, layout in LAYOUTS.items()}
"""By the message's type."""
