"""A layout with a presence map: in which steps a body is read and written."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from pytest_hkexprt.systems.otp.binary_values import Converter, Unfit, converter
from pytest_hkexprt.systems.otp.layouts import GROUPS, Row
from pytest_hkexprt.systems.otp.messages import Entry, Role, Value

MAP_BITS = 256
GROUP_BITS = 16
MOST_ENTRIES = 1000
"""Of a repeating group; far above any that a message has room for."""
PLANS_KEPT = 256
"""By layout. A day has a few dozen presence maps; whoever makes up more pays for it, in time and not in memory."""
LENGTH = struct.Struct("<H")


class Fault(Exception):
    """A value that is none of its field's."""

    def __init__(self, name: str, expected: str, came: str = "", because: type[Exception] = Unfit) -> None:
        super().__init__(name)
        self.name, self.expected, self.came, self.because = name, expected, came, because


class NotDefined(Fault):
    """A bit that the layout does not have."""


class Cut(Fault):
    """A body that ends too soon, or goes on too long."""


class Layout:
    """The rows of one kind of message, or of a group's entries.

    Args:
        rows: in the order of the wire.
        mandatory: names that must be there, whatever their row's mark.
        bits: of the presence map.
    """

    def __init__(self, rows: Iterable[Row], mandatory: frozenset[str] = frozenset(), bits: int = MAP_BITS) -> None:
        self.rows, self._bytes = tuple(rows), bits // 8
        self.masks = {row.name: 1 << (bits - 1 - row.bit) for row in self.rows}
        self._needed = {
            role: {
                row.name: self.masks[row.name]
                for row in self.rows
                if row.mark == "Y" or row.name in mandatory or (row.mark == "P" and role is Role.INITIATOR)
            }
            for role in Role
        }
        self._needed_bits = {role: sum(masks.values()) for role, masks in self._needed.items()}
        self._all = sum(self.masks.values())
        self.plan = lru_cache(maxsize=PLANS_KEPT)(self._plan)
        """Presence map to its plan."""
        self.found = lru_cache(maxsize=PLANS_KEPT)(self._found)
        """Names in the order said, to their presence map, its bytes and its plan."""

    @property
    def names(self) -> Iterable[str]:
        """The fields' names."""
        return self.masks

    def presence(self, names: Iterable[str]) -> int:
        """Return the map of what is there; a name the layout does not have leaves no bit."""
        masks, found = self.masks, 0
        for name in names:
            found |= masks.get(name, 0)
        return found

    def missing(self, presence: int, sender: Role) -> list[str]:
        """Return what is mandatory and not there."""
        if not self._needed_bits[sender] & ~presence:
            return []
        return [name for name, mask in self._needed[sender].items() if not presence & mask]

    def _found(self, names: tuple[str, ...]) -> tuple[int, bytes, Plan]:
        presence = self.presence(names)
        return presence, presence.to_bytes(self._bytes, "big"), self.plan(presence)

    def _plan(self, presence: int) -> Plan:
        if presence & ~self._all:
            raise NotDefined("", "bits of its layout", f"presence map {presence:#x}")
        return Plan([row for row in self.rows if presence & self.masks[row.name]])


class Plan:
    """What to do for one presence map, in steps: a run of fixed-size fields, a text of variable length, a group."""

    def __init__(self, rows: list[Row]) -> None:
        self._steps: list[_Run | _Text | _Group] = []
        run: list[Converter] = []
        for row in rows:
            made = converter(row)
            if made.format:
                run.append(made)
                continue
            if run:
                self._steps.append(_Run(run))
                run = []
            self._steps.append(_Group(row.name) if row.type == "group" else _Text(made))
        if run:
            self._steps.append(_Run(run))

    def write(self, fields: Mapping[str, Value]) -> bytes:
        """Return the body; a fault names the field."""
        return b"".join([step.write(fields) for step in self._steps])

    def read(self, data: bytes, start: int, end: int) -> dict[str, Value]:
        """Return the fields between two places of a frame; all of it must be used."""
        fields: dict[str, Value] = {}
        at = self.read_into(fields, data, start, end)
        if at != end:
            raise Cut("", "no bytes after its fields", f"{end - at}")
        return fields

    def read_into(self, fields: dict[str, Value], data: bytes, at: int, end: int) -> int:
        """Read the fields from a place on; return where they end."""
        for step in self._steps:
            at = step.read(fields, data, at, end)
        return at


class _Run:
    """Fields of fixed size, one after another."""

    def __init__(self, converters: list[Converter]) -> None:
        self._struct = struct.Struct("<" + "".join(each.format for each in converters))
        self._names = [each.name for each in converters]
        self._pack = [(each.name, each.pack) for each in converters]
        self._unpack = [(each.name, each.unpack) for each in converters]

    def write(self, fields: Mapping[str, Value]) -> bytes:
        try:
            values = [pack(fields[name]) for name, pack in self._pack]
        except (Unfit, KeyError) as error:
            raise self._which(fields) from error
        return self._struct.pack(*values)

    def _which(self, fields: Mapping[str, Value]) -> Fault:
        for name, pack in self._pack:
            try:
                pack(fields[name])
            except (Unfit, KeyError) as error:
                return _fault(name, error, fields[name])
        raise AssertionError("a converter that fails fails again")

    def read(self, fields: dict[str, Value], data: bytes, at: int, end: int) -> int:
        after = at + self._struct.size
        if after > end:
            raise Cut(self._names[0], f"{self._struct.size} bytes", f"{end - at}")
        raw = self._struct.unpack_from(data, at)
        for (name, unpack), value in zip(self._unpack, raw, strict=True):
            try:
                fields[name] = unpack(value)
            except (Unfit, KeyError) as error:
                raise _fault(name, error, value) from None
        return after


class _Text:
    """A text of variable length."""

    def __init__(self, made: Converter) -> None:
        self._made = made

    def write(self, fields: Mapping[str, Value]) -> bytes:
        value = fields[self._made.name]
        try:
            text: bytes = self._made.pack(value)
        except Unfit as error:
            raise _fault(self._made.name, error, value) from None
        return LENGTH.pack(len(text) + 1) + text + b"\0"

    def read(self, fields: dict[str, Value], data: bytes, at: int, end: int) -> int:
        name, start = self._made.name, at + LENGTH.size
        if start > end:
            raise Cut(name, f"{LENGTH.size} bytes of length", f"{end - at}")
        (size,) = LENGTH.unpack_from(data, at)
        if size > self._made.size or start + size > end:
            raise Cut(name, f"a length of at most {min(self._made.size, end - start)}", str(size))
        text = data[start : start + size]
        if text.find(b"\0") != size - 1:
            raise Fault(name, "text that ends with its one NUL", repr(text))
        try:
            fields[name] = self._made.unpack(text)
        except Unfit as error:
            raise _fault(name, error, text) from None
        return start + int(size)


class _Group:
    """A repeating group: how many, one presence map for all, the entries."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._layout = Layout(GROUPS[name], bits=GROUP_BITS)

    def write(self, fields: Mapping[str, Value]) -> bytes:
        entries = fields[self._name]
        if not isinstance(entries, tuple) or not entries or len(entries) > MOST_ENTRIES:
            raise Fault(self._name, f"1 to {MOST_ENTRIES} entries")
        presences = {self._layout.presence(entry.fields) for entry in entries}
        presence = presences.pop()
        if presences or any(presence.bit_count() != len(entry.fields) for entry in entries):
            raise Fault(self._name, "entries that all have the same fields of its layout")
        plan = self._layout.plan(presence)
        head = LENGTH.pack(len(entries)) + presence.to_bytes(GROUP_BITS // 8, "big")
        return head + b"".join(plan.write(entry.fields) for entry in entries)

    def read(self, fields: dict[str, Value], data: bytes, at: int, end: int) -> int:
        start = at + LENGTH.size + GROUP_BITS // 8
        if start > end:
            raise Cut(self._name, "a count and a presence map", f"{end - at} bytes")
        (count,) = LENGTH.unpack_from(data, at)
        if not 1 <= count <= MOST_ENTRIES:
            raise Fault(self._name, f"1 to {MOST_ENTRIES} entries", str(count))
        presence = int.from_bytes(data[at + LENGTH.size : start], "big")
        if not presence:
            raise Fault(self._name, "entries with fields", "an empty presence map")
        plan, entries = self._layout.plan(presence), []
        at = start
        for _ in range(count):
            entry: dict[str, Value] = {}
            at = plan.read_into(entry, data, at, end)
            entries.append(Entry(entry))
        fields[self._name] = tuple(entries)
        return at


def _fault(name: str, error: Exception, came: Any) -> Fault:  # noqa: ANN401  as it came
    if isinstance(error, KeyError):
        return Fault(name, "a published code", str(came), KeyError)
    return Fault(name, str(error), repr(came), type(error))
