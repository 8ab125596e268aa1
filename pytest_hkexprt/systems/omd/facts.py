"""What receiving brought to light: values the client yields and the checks compare."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Filled(StrEnum):
    """How a gap was closed."""

    OTHER_LINE = "the other line"
    SAME_LINE = "the same line, late"
    RETRANSMISSION = "retransmission"
    REFRESH = "refresh"
    OPEN = "not filled"


@dataclass(frozen=True, slots=True)
class Gap:
    """Messages of a channel that one line, or both, did not bring in their turn."""

    channel: int
    first: int
    """Sequence number of the first message missing."""
    last: int
    noticed_s: float
    """On the monotonic clock."""
    took_s: float
    """How long it stood open; up to now where it is still open."""
    filled: Filled
    missed_by: str = ""
    """``A``, ``B``, or ``A and B``."""

    def overlaps(self, first: int, last: int) -> bool:
        """Return whether any of these messages is among those missing."""
        return self.first <= last and first <= self.last

    @property
    def messages(self) -> int:
        """How many messages are missing."""
        return self.last - self.first + 1

    @property
    def told(self) -> str:
        """The gap in words."""
        which = f"{self.first} to {self.last}"
        if self.filled is Filled.OPEN:
            return f"{which} came on neither line and by no other way, after {self.took_s:.3f} s"
        return f"{which} missed on {self.missed_by}, filled by {self.filled} after {self.took_s:.3f} s"


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line of one channel."""

    line: str
    """``A`` or ``B``."""
    group: str
    """``group:port`` that was joined."""
    published: str
    """``group:port`` as published, where another was joined."""
    packets: int = 0
    messages: int = 0
    heartbeats: int = 0
    duplicates: int = 0
    """Messages that had come before, on this line or the other."""
    first: int | None = None
    """The first message's sequence number; None where none came."""
    last: int | None = None
    malformed: tuple[str, ...] = ()
    """What was refused, in words, the first few."""
    malformed_count: int = 0
    backwards: int = 0
    """Packets whose sequence number went back further than lines reorder, without a Sequence Reset."""
    dropped: int | None = None
    """Datagrams that did not fit into the receive buffer; None where the system does not tell."""
    buffer_bytes: int = 0
    first_heard_s: float | None = None
    """Since the join, when the first packet came; None where none did."""
    last_heard_s: float | None = None
    longest_silence_s: float = 0.0
    latency_ms: tuple[float, float, float] | None = None
    """Least, mean and greatest time from SendTime to arrival; None where clocks do not allow it."""
    fresh: int = 0
    """Messages this line was the first to bring."""
    left_out: int = 0
    """Packets this receiver ignored, as it was told to."""

    @property
    def heard(self) -> bool:
        """Whether anything came."""
        return self.packets > 0


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a line's sequence numbers stood in the course of time, for the picture."""

    channel: int
    line: str
    points: tuple[tuple[float, int], ...]
    """Seconds since the join, and sequence number."""


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """One channel, both its lines."""

    number: int
    name: str
    lines: tuple[LineFacts, ...]
    gaps: tuple[Gap, ...] = ()
    types: dict[int, int] = field(default_factory=dict)
    """Message type to how many came."""
    unknown: dict[int, int] = field(default_factory=dict)
    """Likewise of types no document lists."""
    strange: dict[int, int] = field(default_factory=dict)
    """Likewise of types that belong to other channels."""
    backwards: tuple[str, ...] = ()
    """Where the sequence went back without a reset, the first few, in words."""
    resets: int = 0
    """Sequence Resets."""
    newest_ns: int = 0
    """The newest SendTime, ns since 1970; 0 where nothing came."""
    refreshed: int = 0
    """Snapshots taken whole."""
    spoiled: int = 0
    """Snapshots thrown away: a hole in them, or older than needed."""
    refresh_waited_s: float = 0.0
    """How long a snapshot has been waited for that has not come."""
    following: bool = True
    """Whether messages are delivered, and not held for a snapshot."""
    next: int | None = None
    """The number that is delivered next."""
    gaps_uncounted: int = 0
    """Gaps beyond those kept."""
    delivered: int = 0
    """Messages handed on in their order, each once."""
    traces: tuple[Trace, ...] = ()

    def line(self, name: str) -> LineFacts:
        """Return one of its lines."""
        return next(each for each in self.lines if each.line == name)

    @property
    def open_gaps(self) -> tuple[Gap, ...]:
        """The gaps that are not filled."""
        return tuple(gap for gap in self.gaps if gap.filled is Filled.OPEN)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a retransmission server said to one request, or to a logon."""

    endpoint: str
    """As it prints itself."""
    site: str
    channel: int
    first: int
    last: int
    status: int | None
    """None where no answer came."""
    told: str
    """The status in words, or why there was none."""
    messages: int = 0
    """How many came."""
    took_s: float = 0.0

    @property
    def granted(self) -> bool:
        """Whether the messages were granted, and came."""
        return self.status == 0


@dataclass(frozen=True, slots=True)
class FailoverFacts:
    """A site failover, as it was received; times on the monotonic clock, None where it did not happen."""

    silent_s: float | None = None
    """When the last packet before the interruption came."""
    signalled_s: float | None = None
    """When DR Signal 1 came."""
    completed_s: float | None = None
    """When DR Signal 2 came."""
    cleared: tuple[int, ...] = ()
    """Channels whose books were cleared."""
    rebuilt: dict[int, float] = field(default_factory=dict)
    """Channel to when its book stood again from a full refresh."""
    heartbeats_meanwhile: int = 0
    """Heartbeats of real-time channels between the two signals."""
    messages_meanwhile: int = 0
    """Likewise of messages."""

    @property
    def outage_s(self) -> float | None:
        """From the last packet before to the last channel's book; None where it has not ended."""
        if self.silent_s is None or not self.rebuilt or self.completed_s is None:
            return None
        return max([*self.rebuilt.values(), self.completed_s]) - self.silent_s
