"""A channel's snapshot, taken whole or not at all.

Snapshots follow one another on a channel of their own, each ended by a Refresh Complete that says as of which message
it is. Whoever joins waits for one end first, then takes all up to the next. A snapshot with a hole is thrown away.

Source: HKEX OMD-C Developers Guide 1.11, section 5.3.2.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.codec import Message
from pytest_hkexprt.systems.omd.events import Fresh, GapLost, Heartbeat, Reset, WentBack
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.line import Arbiter

MOST_MESSAGES: Final = 2_000_000
"""In one snapshot; what has more has no end."""


class State(StrEnum):
    """How far the taking of a snapshot is."""

    IDLE = "not wanted"
    JOINING = "waiting for the end of the snapshot under way"
    TAKING = "taking a snapshot"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A whole snapshot."""

    pieces: tuple[Fresh, ...]
    last: int
    """The message of the real-time channel it is as of."""
    took_s: float
    """From when it was wanted."""

    def messages(self) -> Iterator[Message]:
        """Yield its messages, without the Refresh Complete."""
        for piece in self.pieces:
            yield from piece.messages()


class Refresh:
    """The refresh channel of one channel.

    Args:
        patience_s: how long a hole may be filled by the other line.
    """

    def __init__(self, *, patience_s: float = 0.5) -> None:
        self.arbiter = Arbiter()
        self.state = State.IDLE
        self.began_s = 0.0
        """When a snapshot was wanted."""
        self.spoiled = 0
        """Snapshots thrown away because of a hole, or because they were older than needed."""
        self.heartbeats_inside = 0
        """Heartbeats within a snapshot, where none should be."""
        self._patience_s = patience_s
        self._at_least = 0
        self._pieces: list[Fresh] = []
        self._messages = 0

    def want(self, now_s: float, at_least: int = 0) -> None:
        """Want a snapshot as of message ``at_least`` or later; wanting again may only raise that."""
        if self.state is State.IDLE:
            self.state, self.began_s, self._at_least = State.JOINING, now_s, 0
        self._at_least = max(self._at_least, at_least)

    def cancel(self) -> None:
        """Want none any longer."""
        self.state = State.IDLE
        self._drop()

    def waiting_s(self, now_s: float) -> float:
        """Return for how long a snapshot has been waited for; 0 where none is wanted."""
        return 0.0 if self.state is State.IDLE else now_s - self.began_s

    def receive(self, line: Line, datagram: bytes, now_s: float) -> Snapshot | None:
        """Take a datagram of the refresh channel; return a snapshot where it completes one.

        Raises:
            BadPacket: its messages cannot be told apart.
            BadMessage: a Refresh Complete is too short.
        """
        events = self.arbiter.receive(line, datagram, now_s)
        ripe = [gap for gap in self.arbiter.gaps if now_s - gap.opened_s >= self._patience_s]
        for gap in ripe:
            events += self.arbiter.give_up(gap.first, gap.last, now_s)
        found: Snapshot | None = None
        for event in events:
            if isinstance(event, Fresh):
                found = self._take(event, now_s) or found
            elif isinstance(event, GapLost | Reset):
                self._spoil()
            elif isinstance(event, WentBack):
                self.arbiter.restart()
                self.arbiter.release(now_s)
                self._spoil()
            elif isinstance(event, Heartbeat) and self._pieces:
                self.heartbeats_inside += 1
        return found

    def _take(self, piece: Fresh, now_s: float) -> Snapshot | None:
        """Take messages; a packet may hold the end of one snapshot and the beginning of the next."""
        if self.state is State.IDLE:
            return None
        found: Snapshot | None = None
        begin = piece.first
        if Type.REFRESH_COMPLETE in piece.packet.kinds:
            for end in piece.messages():
                if end.type == Type.REFRESH_COMPLETE:
                    self._keep(piece, begin, end.sequence - 1)
                    found = self._complete(end.number("LastSeqNum"), now_s) or found
                    begin = end.sequence + 1
        self._keep(piece, begin, piece.last)
        return found

    def _keep(self, piece: Fresh, first: int, last: int) -> None:
        if self.state is not State.TAKING or first > last:
            return
        self._messages += last - first + 1
        if self._messages > MOST_MESSAGES:
            self._spoil()
            return
        self._pieces.append(Fresh(piece.line, piece.packet, first, last))

    def _complete(self, last: int, now_s: float) -> Snapshot | None:
        if self.state is State.JOINING:
            self.state = State.TAKING
            return None
        if self.state is State.IDLE:
            return None
        if last < self._at_least:
            self.spoiled += 1
            self._drop()
            return None
        done = Snapshot(tuple(self._pieces), last, now_s - self.began_s)
        self.cancel()
        return done

    def _spoil(self) -> None:
        if self.state is State.TAKING:
            self.spoiled += 1
            self.state = State.JOINING
        self._drop()

    def _drop(self) -> None:
        self._pieces, self._messages = [], 0
