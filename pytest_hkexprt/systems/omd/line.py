"""A channel's messages, in order and each once, from whatever its two lines bring.

The lines carry the same messages in other packets, so what is compared is the number of each message. Neither line is
preferred: whoever comes first is taken. What comes too early is held until the gap before it is filled, by the other
line, by a retransmission or by a snapshot, or is given up.

Source: HKEX OMD-C Developers Guide 1.11, sections 5.2.2 (arbitration), 5.2.4 and table 3 (heartbeats); HKEX OMD-C
Binary Interface Specifications v1.45, section 3.3 (Sequence Reset).
"""

from __future__ import annotations

from typing import Final

from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.counts import Count
from pytest_hkexprt.systems.omd.events import (
    Duplicate,
    Event,
    Fresh,
    GapFilled,
    GapLost,
    GapOpened,
    Heartbeat,
    Reset,
    Superseded,
    WentBack,
    Why,
)
from pytest_hkexprt.systems.omd.gaps import Gap, Gaps
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.packets import Packet, part, read
from pytest_hkexprt.systems.omd.walk import BadPacket

MULTICAST: Final = (Line.A, Line.B)
RESET: Final = int(Type.SEQUENCE_RESET)
MOST_HELD: Final = 500_000
"""Messages held before the oldest gap is given up: ten times what can be asked for again."""
SAME_RESET_NS: Final = 5_000_000_000
"""Resets on the two lines sent within this time are one reset; ours: the lines differ by milliseconds."""
_DAY_NS, _HONG_KONG_NS = 86_400_000_000_000, 28_800_000_000_000


class Arbiter:
    """One channel.

    Args:
        start: the number that comes first; None for that of the first packet.
        holding: whether everything is held until :meth:`refreshed`.
        most_held: messages held before the oldest gap is given up.
    """

    def __init__(self, *, start: int | None = None, holding: bool = False, most_held: int = MOST_HELD) -> None:
        self.lines = {line: Count() for line in Line}
        self.delivered = 0
        """Messages delivered."""
        self._holding, self._joined = holding, start is not None
        self._gaps = Gaps(start - 1 if start is not None else 0)
        self._most_held = most_held
        self._reset_ns, self._sent_ns = 0, 0
        self._reset_line: Line | None = None
        self._straight = 0
        """The number that is delivered without looking further; 0 where a look is needed."""
        self._settle()

    @property
    def holding(self) -> bool:
        """Whether messages are held back until a snapshot."""
        return self._holding

    @property
    def next(self) -> int | None:
        """The smallest number that has not come; None before anything came."""
        return self._gaps.next if self._joined else None

    @property
    def known(self) -> int:
        """The greatest number that is known to exist."""
        return self._gaps.known

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What has come on no path yet, in order."""
        return tuple(self._gaps.gaps)

    @property
    def held(self) -> int:
        """How many messages wait for a gap to be filled, or for a snapshot."""
        return self._gaps.held_messages

    def receive(self, line: Line, datagram: bytes, now_s: float, arrived_ns: int = 0) -> list[Event]:
        """Take a datagram; return what it brings about.

        Args:
            line: it came on.
            datagram: the packet.
            now_s: the moment, of a clock that never goes back.
            arrived_ns: the moment in nanoseconds since 1970 in UTC, where a latency can be told from it.

        Raises:
            BadPacket: its messages cannot be told apart; that is counted, and nothing else changes.
            BadMessage: it holds a reset that is too short.
        """
        try:
            packet = read(datagram)
        except BadPacket:
            self.lines[line].broken += 1
            raise
        count = self.lines[line]
        count.packets += 1
        count.heard_s = now_s
        if arrived_ns:
            count.latency.add(arrived_ns - packet.sent_ns)
        if not packet.count:
            return self._heartbeat(line, count, packet, now_s)
        count.tally(packet.kinds)
        if RESET in packet.kinds and line in MULTICAST:
            return self._with_reset(line, count, packet, now_s)
        return self._messages(line, count, packet, now_s)

    def give_up(self, first: int, last: int, now_s: float, why: Why = Why.GIVEN_UP) -> list[Event]:
        """Wait no longer for what is missing from ``first`` to ``last``; deliver what was held behind it."""
        lost = self._gaps.give_up(first, last)
        return [GapLost(gap.first, gap.last, why, now_s - gap.opened_s) for gap in lost] + self._deliver(now_s)

    def hold(self) -> None:
        """Hold everything from now on, until :meth:`refreshed`."""
        self._holding = True
        self._settle()

    def release(self, now_s: float) -> list[Event]:
        """Hold no longer; deliver what is held, as far as nothing is missing."""
        self._holding = False
        return self._deliver(now_s)

    def restart(self) -> None:
        """Forget the sequence and everything held, as after a failover, and hold until :meth:`refreshed`."""
        self._gaps.clear()
        self._holding, self._joined = True, False
        for count in self.lines.values():
            count.begin_anew(None, 0, awaits_reset=False)
        self._settle()

    def refreshed(self, last: int, now_s: float) -> list[Event]:
        """Go on behind a snapshot as of message ``last``.

        What was missing up to it counts as filled by it. What lies between it and the first message held is a gap.
        """
        gone, before, opened = self._gaps.behind(last, now_s)
        self._holding, self._joined = False, True
        events: list[Event] = [GapFilled(gap.first, gap.last, Line.REFRESH, now_s - gap.opened_s) for gap in gone]
        events += [Superseded(piece) for piece in before]
        if opened:
            events.append(GapOpened(opened.first, opened.last, opened.line, opened.why, now_s))
        return events + self._deliver(now_s)

    def _messages(self, line: Line, count: Count, packet: Packet, now_s: float) -> list[Event]:
        messages, first, sent_ns = packet.count, packet.sequence, packet.sent_ns
        last, straight = first + messages - 1, self._straight
        count.messages += messages
        if count.first is None:
            count.first = first
        if first == count.next:  # the usual: the line goes on, and brings what has come, what has not, or both
            if last < straight:
                count.next, count.newest_ns = last + 1, sent_ns
                count.duplicates += messages
                return [Duplicate(line, messages)]
            if first <= straight:
                count.next = self._straight = last + 1
                count.newest_ns = self._sent_ns = sent_ns
                fresh = last - straight + 1
                count.fresh += fresh
                count.duplicates += messages - fresh
                self._gaps.known = last
                self.delivered += fresh
                return [Fresh(line, packet, straight, last)]
        events: list[Event] = []
        if line in MULTICAST:
            passed = count.follow(line, first, last, sent_ns, self._reset_ns)
            if passed is None:
                return []
            events += passed
            if events and isinstance(events[-1], WentBack):
                return events
            self._sent_ns = max(self._sent_ns, sent_ns)
        return events + self._arbitrate(line, count, packet, now_s)

    def _arbitrate(self, line: Line, count: Count, packet: Packet, now_s: float) -> list[Event]:
        """Take what is new of a packet, wherever it lies."""
        gaps, first, last = self._gaps, packet.sequence, packet.last
        events: list[Event] = []
        if not self._joined:
            self._joined, gaps.known = True, first - 1
        opened = gaps.know(first - 1, line, Why.PACKET, now_s)
        if opened:
            events.append(GapOpened(opened.first, opened.last, line, opened.why, now_s))
        fresh = 0
        for gap, piece in gaps.fill(line, packet, first, last):
            fresh += piece.count
            events.append(GapFilled(piece.first, piece.last, line, now_s - gap.opened_s))
        if last > gaps.known:
            piece = Fresh(line, packet, max(first, gaps.known + 1), last)
            fresh += piece.count
            gaps.known = last
            gaps.hold(piece)
        count.fresh += fresh
        if fresh < packet.count:
            count.duplicates += packet.count - fresh
            events.append(Duplicate(line, packet.count - fresh))
        return events + self._deliver(now_s)

    def _heartbeat(self, line: Line, count: Count, packet: Packet, now_s: float) -> list[Event]:
        count.heartbeats += 1
        last, events = packet.sequence, list[Event]()
        if line in MULTICAST:  # as a packet of no message behind the one it names
            passed = count.follow(line, last + 1, last, packet.sent_ns, self._reset_ns)
            if passed is None or (passed and isinstance(passed[-1], WentBack)):
                return passed or []
            events += passed
        if not self._joined:
            self._joined, self._gaps.known = True, last
            self._settle()
        opened = self._gaps.know(last, line, Why.HEARTBEAT, now_s)
        if opened:
            events.append(GapOpened(opened.first, opened.last, line, opened.why, now_s))
            self._settle()
        return [*events, Heartbeat(line, last, opened is not None)]

    def _with_reset(
        self, line: Line, count: Count, packet: Packet, now_s: float, *, follows: bool = False
    ) -> list[Event]:
        """Take a packet with a reset in it: what precedes, the reset, and what follows, which is numbered anew.

        It may be the rest of a packet, which ``follows`` a reset that was news; then its own is news, too.
        """
        index = packet.kinds.index(RESET)
        before = part(packet, 0, index, packet.sequence)
        reset = packet.message(index)
        after = part(packet, index + 1, packet.count, reset.number("NewSeqNo"))
        events = self._messages(line, count, before, now_s) if before.count else []
        count.messages += 1
        events += self._reset(line, count, after.sequence, packet.sent_ns, now_s, follows=follows)
        if RESET in after.kinds:
            return events + self._with_reset(line, count, after, now_s, follows=isinstance(events[-1], Reset))
        return events + (self._messages(line, count, after, now_s) if after.count else [])

    def _reset(self, line: Line, count: Count, next_: int, sent_ns: int, now_s: float, *, follows: bool) -> list[Event]:
        other = line is not self._reset_line
        known = (bool(self._reset_ns) and not follows) and (
            sent_ns == self._reset_ns or (other and sent_ns - self._reset_ns < SAME_RESET_NS)
        )
        if known or (other and sent_ns < self._sent_ns):  # the other line brought it, or what came after it
            if sent_ns >= count.newest_ns:
                count.begin_anew(next_, sent_ns, awaits_reset=False)
            count.duplicates += 1
            return [Duplicate(line, 1)]
        before, day = self.next or 0, _day(self._sent_ns)
        lost: list[Event] = [GapLost(gap.first, gap.last, Why.RESET, now_s - gap.opened_s) for gap in self._gaps.gaps]
        self._gaps.clear()
        self._gaps.known, self._joined = next_ - 1, True
        for each in self.lines.values():
            each.begin_anew(next_, sent_ns, awaits_reset=each is not count)
        self._reset_ns, self._reset_line = sent_ns, line
        new_day = bool(self._sent_ns) and day != _day(sent_ns)
        self._sent_ns = sent_ns
        self._settle()
        return [*lost, Reset(line, next_, before, new_day)]

    def _deliver(self, now_s: float) -> list[Event]:
        """Return what can be delivered now, and make room where too much is held."""
        events: list[Event] = []
        while True:
            if not self._holding:
                for piece in self._gaps.ready():
                    self.delivered += piece.count
                    events.append(piece)
            if self._gaps.held_messages <= self._most_held:
                break
            if self._holding:
                gap = self._gaps.drop_oldest(now_s)
                events.append(GapOpened(gap.first, gap.last, gap.line, gap.why, now_s))
            else:
                oldest = self._gaps.gaps[0]
                self._gaps.give_up(oldest.first, oldest.last)
                events.append(GapLost(oldest.first, oldest.last, Why.FULL, now_s - oldest.opened_s))
        self._settle()
        return events

    def _settle(self) -> None:
        free = self._joined and not self._holding and not self._gaps.waiting
        self._straight = self._gaps.known + 1 if free else 0


def _day(sent_ns: int) -> int:
    """Return a day in Hong Kong, which is eight hours before UTC all year."""
    return (sent_ns + _HONG_KONG_NS) // _DAY_NS
