"""Packets of a channel as tests send them, and what an arbiter makes of them, told in short."""

from __future__ import annotations

from pytest_hkexprt.systems.omd import packets
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.events import (
    Duplicate,
    Fresh,
    GapFilled,
    GapLost,
    GapOpened,
    Heartbeat,
    LineGap,
    Reset,
    Superseded,
    WentBack,
)
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.line import Arbiter

MS = 1_000_000
MORNING = 1_709_341_200_000 * MS
DAY_MS = 86_400_000


def sent(first: int, last: int, at_ms: int | None = None) -> bytes:
    """Return a packet of messages, each of which bears its own number; sent at a millisecond of its own."""
    messages = [build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=number) for number in range(first, last + 1)]
    return packets.encode(first, messages, MORNING + (first if at_ms is None else at_ms) * MS)


def beat(last: int, at_ms: int) -> bytes:
    return packets.heartbeat(last, MORNING + at_ms * MS)


def reset(at_ms: int, next_: int = 1) -> bytes:
    return packets.encode(1, [build(Type.SEQUENCE_RESET, NewSeqNo=next_)], MORNING + at_ms * MS)


def told(arbiter: Arbiter, *came: tuple[Line, bytes], now_s: float = 0.0):
    """Return the events of packets, each as its kind and its numbers."""
    return [short(event) for line, packet in came for event in arbiter.receive(line, packet, now_s)]


TOLD = {
    Fresh: lambda each: (f"fresh {each.line}", each.first, each.last),
    Superseded: lambda each: ("superseded", each.piece.first, each.piece.last),
    Duplicate: lambda each: (f"duplicate {each.line}", each.count),
    GapOpened: lambda each: ("gap", each.first, each.last),
    GapFilled: lambda each: (f"filled {each.by}", each.first, each.last),
    GapLost: lambda each: ("lost", each.first, each.last),
    LineGap: lambda each: (f"passed over {each.line}", each.first, each.last),
    Heartbeat: lambda each: ("heartbeat", each.last, each.unseen),
    Reset: lambda each: ("reset", each.next, each.before, each.new_day),
    WentBack: lambda each: ("back", each.sequence, each.expected),
}


def short(event):
    """Return an event as its kind and its numbers."""
    if isinstance(event, Fresh):
        assert [each["TradeID"] for each in event.messages()] == list(range(event.first, event.last + 1))
    return TOLD[type(event)](event)
