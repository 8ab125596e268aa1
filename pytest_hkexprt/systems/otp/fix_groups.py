"""FIX's repeating groups: their shape on the wire, and tags made into a tree by it.

Source: OCG-C FIX 2.2 and 3.1 (message tables).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pytest_hkexprt.systems.otp.binary_values import Unfit
from pytest_hkexprt.systems.otp.fields import FIELDS
from pytest_hkexprt.systems.otp.fix_values import converters, from_number
from pytest_hkexprt.systems.otp.messages import Entry, Value

Tree: TypeAlias = "dict[int, bytes | list[Tree]]"
"""Tag to its text, or to a group's entries."""
Pairs: TypeAlias = "Iterator[tuple[int, bytes]]"
Fields: TypeAlias = Mapping[str, Value]
MOST_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class Shape:
    """A group: the tag that begins each entry, and all that may be in one, counts of inner groups included."""

    first: int
    members: frozenset[int]


def _shape(*tags: int) -> Shape:
    return Shape(tags[0], frozenset(tags))


SHAPES: dict[int, Shape] = {
    295: _shape(48, 22, 207),
    453: _shape(448, 447, 452),
    552: _shape(54, 453, 576, 18, 528, 77, 58, 1115, 37),
    576: _shape(577),
    1610: _shape(1611, 1612, 1613, 1614, 1615),
    1656: _shape(1535, 1538, 1539, 1616),
    1671: _shape(1691, 1692, 1693),
    1772: _shape(1671, 1773),
    1773: _shape(1774, 1775, 1777, 1776, 1656),
    1777: _shape(1778, 1779, 1780),
    1812: _shape(1813, 1814),
    1868: _shape(1869, 1870),
}
"""By the tag that says how many entries follow."""


class Repeats(Exception):
    """A tag that is there twice where it may be once."""

    def __init__(self, tag: int) -> None:
        super().__init__(str(tag))
        self.tag = tag


def tree_of(pairs: Sequence[tuple[int, bytes]], at: int, shape: Shape | None = None) -> tuple[Tree, int]:
    """Return what stands from a place on, up to the end of one entry of a shape (or of everything), and where it ends.

    Raises:
        Repeats: a tag is there twice.
        Unfit: a group does not have the entries it says.
    """
    tree: Tree = {}
    while at < len(pairs):
        tag, text = pairs[at]
        if shape and (tag not in shape.members or (tag == shape.first and tree)):
            break
        if tag in tree:
            raise Repeats(tag)
        at += 1
        inner = SHAPES.get(tag)
        if inner is None:
            tree[tag] = text
            continue
        count, found = from_number(text), []
        if not 1 <= count <= MOST_ENTRIES:
            raise Unfit(f"1 to {MOST_ENTRIES} entries of {tag}")
        for _ in range(count):
            if at == len(pairs) or pairs[at][0] != inner.first:
                raise Unfit(f"{count} entries of {tag}, each beginning with {inner.first}")
            entry, at = tree_of(pairs, at, inner)
            found.append(entry)
        tree[tag] = found
    return tree, at


def plain(tree: Tree, tag: int) -> bytes | None:
    """Take a field out of a tree."""
    found = tree.pop(tag, None)
    if isinstance(found, list):
        raise Unfit("a field, not a group")
    return found


def entries(tree: Tree, tag: int) -> list[Tree]:
    """Take a group's entries out of a tree; none where it is not there."""
    found = tree.pop(tag, [])
    if not isinstance(found, list):
        raise Unfit("a group")
    return found


def only(tree: Tree, tag: int) -> Tree | None:
    """Take the one entry of a group that never has more; None where it is not there."""
    found = entries(tree, tag)
    if len(found) > 1:
        raise Unfit("one entry")
    return found[0] if found else None


def write_named(name: str, value: Value) -> tuple[int, bytes]:
    """Return a field's tag and text."""
    return FIELDS[name].tag, converters(name)[0](value)


def read_named(tree: Tree, *names: str) -> dict[str, Value]:
    """Take fields by name out of a tree."""
    found: dict[str, Value] = {}
    for name in names:
        text = plain(tree, FIELDS[name].tag)
        if text is not None:
            found[name] = converters(name)[1](text)
    return found


class Repeated:
    """A group whose entries are entries of the message, too."""

    def __init__(self, name: str, *fields: str, inner: tuple[Repeated, ...] = ()) -> None:
        self.names: tuple[str, ...] = (name,)
        self.tags: tuple[int, ...] = (FIELDS[name].tag,)
        self._fields = fields
        self._inner = {each.names[0]: each for each in inner}

    def write(self, fields: Fields) -> Pairs:
        """Yield the group's tags and texts."""
        (name,) = self.names
        if name not in fields:
            return
        found = fields[name]
        if not isinstance(found, tuple) or not found or self._fields[0] not in found[0].fields:
            raise Unfit(f"entries that begin with {self._fields[0]}")
        yield FIELDS[name].tag, b"%d" % len(found)
        for entry in found:
            if unknown := set(entry.fields) - {*self._fields}:
                raise Unfit(f"no {', '.join(sorted(unknown))}")
            for each in self._fields:
                if each in self._inner:
                    yield from self._inner[each].write(entry.fields)
                elif each in entry.fields:
                    yield write_named(each, entry.fields[each])

    def read(self, tree: Tree) -> dict[str, Value]:
        """Take the group out of a tree."""
        (name,) = self.names
        found = entries(tree, FIELDS[name].tag)
        return {name: tuple(Entry(self._entry(each)) for each in found)} if found else {}

    def _entry(self, tree: Tree) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for each in self._fields:
            values |= self._inner[each].read(tree) if each in self._inner else read_named(tree, each)
        return values
