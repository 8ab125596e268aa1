"""What a channel's packets bring about: events, in the order they are to be acted on."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TypeAlias

import msgspec

from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.codec import Message
from pytest_hkexprt.systems.omd.packets import Packet


class Why(StrEnum):
    """How a gap was noticed, or why what it lacks will not come."""

    PACKET = "a packet further on"
    HEARTBEAT = "a heartbeat that names an unseen message"
    REFRESH = "a snapshot further on"
    GIVEN_UP = "given up"
    FULL = "no more room to wait with"
    RESET = "the sequence began anew"


class Fresh(msgspec.Struct, frozen=True, gc=False):
    """Messages in sequence, seen for the first time: those of a packet from ``first`` to ``last``."""

    line: Line
    packet: Packet
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many."""
        return self.last - self.first + 1

    def messages(self) -> Iterator[Message]:
        """Yield them, decoded.

        Raises:
            BadMessage: one of a known type is too short for its fields; the packet gives those after it.
        """
        return self.packet.messages(self.first, self.last)


class Superseded(msgspec.Struct, frozen=True, gc=False):
    """Messages that were held, whose changes a snapshot holds already; but for trades, which it leaves out."""

    piece: Fresh


class Duplicate(msgspec.Struct, frozen=True, gc=False):
    """Messages that had come before, usually on the other line."""

    line: Line
    count: int


class Heartbeat(msgspec.Struct, frozen=True, gc=False):
    """A packet without a message; it names the last one sent."""

    line: Line
    last: int
    unseen: bool
    """Whether it names a message that has not come."""


class GapOpened(msgspec.Struct, frozen=True, gc=False):
    """Messages that exist and have come on no path yet."""

    first: int
    last: int
    line: Line
    """That told of them."""
    why: Why
    opened_s: float


class GapFilled(msgspec.Struct, frozen=True, gc=False):
    """Messages of a gap that came after all: the whole gap, or a part of it."""

    first: int
    last: int
    by: Line
    took_s: float


class GapLost(msgspec.Struct, frozen=True, gc=False):
    """Messages of a gap that nobody waits for any longer."""

    first: int
    last: int
    why: Why
    took_s: float


class LineGap(msgspec.Struct, frozen=True, gc=False):
    """Messages one line passed over, whatever the other brought."""

    line: Line
    first: int
    last: int


class Reset(msgspec.Struct, frozen=True, gc=False):
    """The sequence begins anew: caches are cleared, and a snapshot is due."""

    line: Line
    next: int
    before: int
    """The number that would have come next; 0 at the beginning."""
    new_day: bool
    """Whether what came before was sent on another day in Hong Kong."""


class WentBack(msgspec.Struct, frozen=True, gc=False):
    """A packet sent later than its line's newest bears a smaller number, and no reset was sent; it is not followed."""

    line: Line
    sequence: int
    expected: int


Event: TypeAlias = (
    Fresh | Superseded | Duplicate | Heartbeat | GapOpened | GapFilled | GapLost | LineGap | Reset | WentBack
)
