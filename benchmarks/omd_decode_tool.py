"""One reading of market data, by ours or by another library.

    python -m benchmarks.omd_decode_tool TOOL FILE

Every tool drops what has come before (by the number of each message) and counts by type; those that materialise have
each message's fields as values at the end. The plain loop is what one writes in an afternoon: it trusts its bytes,
knows no gap, and takes whole packets or leaves them.
"""

from __future__ import annotations

import struct
import sys
from collections import Counter
from pathlib import Path

from benchmarks.omd_decode import MIX, RECORD

HEADER, MESSAGE = struct.Struct("<HBxIQ"), struct.Struct("<HH")


def datagrams(file: Path) -> list[tuple[int, bytes]]:
    """Return the lines and datagrams in a file."""
    data, at, found = file.read_bytes(), 0, []
    while at < len(data):
        line, size = RECORD.unpack_from(data, at)
        at += RECORD.size
        found.append((line, data[at : at + size]))
        at += size
    return found


def reading(sent: list[tuple[int, bytes]]) -> int:
    """Look at each datagram's header, which is next to nothing."""
    return max(sequence + count - 1 for _, count, sequence, _ in (HEADER.unpack_from(data) for _, data in sent))


def ours(sent: list[tuple[int, bytes]]) -> int:
    """Decode and arbitrate, to counters."""
    from pytest_hkexprt.systems.omd.channels import Line  # noqa: PLC0415  each tool pays for its own imports alone
    from pytest_hkexprt.systems.omd.line import Arbiter  # noqa: PLC0415

    arbiter, lines = Arbiter(start=1), (Line.A, Line.B)
    receive = arbiter.receive
    for line, data in sent:
        receive(lines[line], data, 0.0)
    assert not arbiter.gaps
    assert arbiter.lines[Line.A].types == arbiter.lines[Line.B].types
    return arbiter.delivered


def ours_whole(sent: list[tuple[int, bytes]]) -> int:
    """Decode and arbitrate, every message with its values."""
    from pytest_hkexprt.systems.omd.channels import Line  # noqa: PLC0415
    from pytest_hkexprt.systems.omd.events import Fresh  # noqa: PLC0415
    from pytest_hkexprt.systems.omd.line import Arbiter  # noqa: PLC0415

    arbiter, lines, last = Arbiter(start=1), (Line.A, Line.B), 0
    for line, data in sent:
        for event in arbiter.receive(lines[line], data, 0.0):
            if isinstance(event, Fresh):
                for message in event.messages():
                    assert message.sequence == last + 1
                    last = message.sequence
    return last


def plain(sent: list[tuple[int, bytes]]) -> int:
    """Walk with struct, count."""
    types: Counter[int] = Counter()
    expected = 1
    for _, data in sent:
        _, count, sequence, _ = HEADER.unpack_from(data)
        at = HEADER.size
        for number in range(sequence, sequence + count):
            size, type_ = MESSAGE.unpack_from(data, at)
            if number == expected:
                types[type_] += 1
                expected += 1
            at += size
    return sum(types.values())


def plain_whole(sent: list[tuple[int, bytes]]) -> int:
    """Walk with struct, and unpack the fields of each message."""
    formats = {
        30: "<IQiIHcxi",
        31: "<IQIHxxi",
        32: "<IQHxx",
        40: "<Ii",
        50: "<IIiIhxxQ",
        53: "<I3xB",
        54: "<IBHc",
        60: "<IQqiiiiIq",
    }
    groups = {53: ("<QiIHBB4x", 1), 54: ("<Hcx", 1)}
    expected = 1
    last: tuple[object, ...] = ()
    for _, data in sent:
        _, count, sequence, _ = HEADER.unpack_from(data)
        at = HEADER.size
        for number in range(sequence, sequence + count):
            size, type_ = MESSAGE.unpack_from(data, at)
            if number == expected:
                last = struct.unpack_from(formats[type_], data, at + 4)
                if type_ in groups:
                    entry, counted = groups[type_]
                    begin, each = at + 4 + struct.calcsize(formats[type_]), struct.calcsize(entry)
                    entries = [struct.unpack_from(entry, data, begin + each * index) for index in range(last[counted])]
                    assert len(entries) == last[counted]
                expected += 1
            at += size
    assert last
    return expected - 1


def with_construct(sent: list[tuple[int, bytes]]) -> int:
    """Parse with a declaration, compiled, as its users would write it."""
    from construct import (  # noqa: PLC0415
        Array,
        Bytes,
        Int8ul,
        Int16sl,
        Int16ul,
        Int32sl,
        Int32ul,
        Int64sl,
        Int64ul,
        PaddedString,
        Padding,
        Struct,
        Switch,
        this,
    )

    code, order, side = "code" / Int32ul, "order" / Int64ul, "side" / Int16ul
    bodies = {
        30: Struct(
            code,
            order,
            "price" / Int32sl,
            "quantity" / Int32ul,
            side,
            "kind" / PaddedString(1, "ascii"),
            Padding(1),
            "position" / Int32sl,
        ),
        31: Struct(code, order, "quantity" / Int32ul, side, Padding(2), "position" / Int32sl),
        32: Struct(code, order, side, Padding(2)),
        40: Struct(code, "price" / Int32sl),
        50: Struct(
            code,
            "trade" / Int32ul,
            "price" / Int32sl,
            "quantity" / Int32ul,
            "kind" / Int16sl,
            Padding(2),
            "time" / Int64ul,
        ),
        53: Struct(
            code,
            Padding(3),
            "count" / Int8ul,
            "entries"
            / Array(
                this.count,
                Struct(
                    "quantity" / Int64ul,
                    "price" / Int32sl,
                    "orders" / Int32ul,
                    side,
                    "level" / Int8ul,
                    "action" / Int8ul,
                    Padding(4),
                ),
            ),
        ),
        54: Struct(
            code,
            "count" / Int8ul,
            side,
            "more" / PaddedString(1, "ascii"),
            "items" / Array(this.count, Struct("item" / Int16ul, "kind" / PaddedString(1, "ascii"), Padding(1))),
        ),
        60: Struct(
            code,
            "shares" / Int64ul,
            "turnover" / Int64sl,
            *(name / Int32sl for name in ("high", "low", "last", "average")),
            "short_shares" / Int32ul,
            "short_turnover" / Int64sl,
        ),
    }
    message = Struct(
        "size" / Int16ul, "type" / Int16ul, "body" / Switch(this.type, bodies, default=Bytes(this.size - 4))
    )
    packet = Struct(
        "size" / Int16ul,
        "count" / Int8ul,
        Padding(1),
        "sequence" / Int32ul,
        "sent" / Int64ul,
        "messages" / Array(this.count, message),
    ).compile()
    types: Counter[int] = Counter()
    expected = 1
    for _, data in sent:
        found = packet.parse(data)
        for number, each in enumerate(found.messages, found.sequence):
            if number == expected:
                types[each.type] += 1
                expected += 1
    return sum(types.values())


TOOLS = {
    "reading": reading,
    "ours": ours,
    "ours-whole": ours_whole,
    "plain": plain,
    "plain-whole": plain_whole,
    "construct": with_construct,
}


def main() -> None:
    """Read, and say how many messages there were."""
    tool, file = sys.argv[1:]
    assert MIX
    print(f"{TOOLS[tool](datagrams(Path(file)))} messages")


if __name__ == "__main__":
    main()
