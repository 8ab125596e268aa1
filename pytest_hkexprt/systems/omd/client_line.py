"""One line of one channel as the client receives it: when it was heard, what was refused, what was passed over.

What is kept is bounded: the course of the sequence is thinned out as it grows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.client_sockets import GroupSocket
from pytest_hkexprt.systems.omd.counts import Count
from pytest_hkexprt.systems.omd.facts import LineFacts
from pytest_hkexprt.systems.omd.packets import header
from pytest_hkexprt.systems.omd.walk import BadPacket

MOST_TOLD = 10
"""Packets refused whose reason is kept."""
MOST_POINTS = 1_000


class Course:
    """Where a line's sequence stood in the course of time, in at most so many points."""

    def __init__(self) -> None:
        self.points: list[tuple[float, int]] = []
        self._every = 1
        self._seen = 0

    def add(self, at_s: float, sequence: int) -> None:
        """Note a point, or pass over it where there are enough."""
        self._seen += 1
        if self._seen % self._every:
            return
        self.points.append((at_s, sequence))
        if len(self.points) >= MOST_POINTS:
            self.points = self.points[::2]
            self._every *= 2


@dataclass(slots=True)
class LineState:
    """What the arbiter does not keep of a line."""

    line: Line
    socket: GroupSocket
    published: str
    """``group:port`` as published, where another is joined."""
    course: Course = field(default_factory=Course)
    told: list[str] = field(default_factory=list)
    malformed: int = 0
    first_heard_s: float | None = None
    last_heard_s: float | None = None
    longest_silence_s: float = 0.0
    leave_out: int = 0
    """Packets with messages that are passed over from now on."""
    left_out: int = 0
    left: tuple[int, int] | None = None
    """First and last message of what was passed over."""

    def passes_over(self, datagram: bytes) -> bool:
        """Return whether a packet is passed over, as it was asked for; then count it."""
        try:
            found = header(datagram)
        except BadPacket:
            return False
        if not found.count:
            return False
        last = found.sequence + found.count - 1
        first = found.sequence if self.left is None else min(self.left[0], found.sequence)
        self.left = (first, last if self.left is None else max(self.left[1], last))
        self.leave_out -= 1
        self.left_out += 1
        return True

    def heard(self, now_s: float) -> None:
        """Note that something came."""
        if self.first_heard_s is None or self.last_heard_s is None:
            self.first_heard_s = now_s
        else:
            self.longest_silence_s = max(self.longest_silence_s, now_s - self.last_heard_s)
        self.last_heard_s = now_s

    def refuse(self, why: str) -> None:
        """Note a packet that could not be read."""
        self.malformed += 1
        if len(self.told) < MOST_TOLD:
            self.told.append(why)

    def facts(self, count: Count, joined_s: float) -> LineFacts:
        """Return what is known of the line now; times since the join."""
        latency, told = count.latency, None
        if latency.count:
            told = (latency.least_ns / 1e6, latency.sum_ns / latency.count / 1e6, latency.greatest_ns / 1e6)
        return LineFacts(
            line=self.line,
            group=f"{self.socket.group}:{self.socket.port}",
            published=self.published,
            packets=count.packets,
            messages=count.messages,
            heartbeats=count.heartbeats,
            duplicates=count.duplicates,
            first=count.first,
            last=count.last,
            malformed=tuple(self.told),
            malformed_count=self.malformed,
            backwards=count.backward,
            dropped=self.socket.dropped,
            buffer_bytes=self.socket.buffer_bytes,
            first_heard_s=None if self.first_heard_s is None else self.first_heard_s - joined_s,
            last_heard_s=None if self.last_heard_s is None else self.last_heard_s - joined_s,
            longest_silence_s=self.longest_silence_s,
            latency_ms=told,
            fresh=count.fresh,
            left_out=self.left_out,
        )
