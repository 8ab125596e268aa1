"""One channel as the client receives it: lines arbitrated, picture kept, gaps followed to their end.

What is kept is bounded, however long it runs: gaps up to a number, the course of the sequence thinned out as it grows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pytest_hkexprt.errors import RemoteProtocolError
from pytest_hkexprt.systems.omd.channels import Channel, Line
from pytest_hkexprt.systems.omd.client_line import LineState
from pytest_hkexprt.systems.omd.client_sockets import GroupSocket
from pytest_hkexprt.systems.omd.content import CONTENT_TYPES
from pytest_hkexprt.systems.omd.events import (
    Event,
    Fresh,
    GapFilled,
    GapLost,
    GapOpened,
    LineGap,
    Reset,
    WentBack,
)
from pytest_hkexprt.systems.omd.facts import ChannelFacts, Filled, Gap, Trace
from pytest_hkexprt.systems.omd.layouts import LAYOUTS
from pytest_hkexprt.systems.omd.receiver import Receiver
from pytest_hkexprt.systems.omd.recovery import DrAction, Request, Requests
from pytest_hkexprt.systems.omd.refresh import State

MOST_GAPS = 1_000
MOST_TOLD = 10
"""Packets refused whose reason is kept."""
LINES = (Line.A, Line.B)


class Reception:
    """One channel.

    Args:
        channel: which, with the groups that are joined.
        sockets: its two lines'.
        published: how each line's group is published.
        joined_s: when it is joined.
        requests: what may be asked for, shared by all channels of the feed.
    """

    def __init__(
        self,
        channel: Channel,
        sockets: dict[Line, GroupSocket],
        published: dict[Line, str],
        joined_s: float,
        requests: Requests,
    ) -> None:
        self.channel = channel
        self.receiver = Receiver(channel.number, requests, refresh=bool(channel.refresh_lines))
        self.arbiter = self.receiver.arbiter
        self.picture = self.receiver.picture
        self.lines = {line: LineState(line, sockets[line], published[line]) for line in LINES}
        self.joined_s = joined_s
        self.went_back: list[str] = []
        self.resets = 0
        self.strange: dict[int, int] = {}
        self._gaps: list[Gap] = []
        self._open: list[Gap] = []
        self._uncounted = 0
        self._expected = CONTENT_TYPES[channel.content]

    def receive(self, line: Line, datagram: bytes, now_s: float, arrived_ns: int = 0) -> list[Event]:
        """Take a datagram of line A or B; return what it brought about, after the picture took it in."""
        state = self.lines[line]
        if state.leave_out and state.passes_over(datagram):
            return []
        state.heard(now_s)
        events = self._told(line, datagram, now_s, arrived_ns)
        if (last := self.arbiter.lines[line].last) is not None:
            state.course.add(now_s - self.joined_s, last)
        return events

    def sent_again(self, datagram: bytes, now_s: float) -> list[Event]:
        """Take a packet of a retransmission server."""
        return self._told(Line.RETRANSMISSION, datagram, now_s, 0)

    def receive_refresh(self, line: Line, datagram: bytes, now_s: float) -> bool:
        """Take a datagram of line A or B of the refreshes; return whether a snapshot became whole with it."""
        before = self.receiver.snapshots
        try:
            self._act(self.receiver.receive_refresh(line, datagram, now_s), now_s)
        except RemoteProtocolError as error:
            self.lines[line].refuse(f"refresh: {_said(error)}")
        return self.receiver.snapshots > before

    @property
    def heard(self) -> bool:
        """Whether both its lines were heard."""
        return all(state.first_heard_s is not None for state in self.lines.values())

    @property
    def following(self) -> bool:
        """Whether messages are delivered, and not held for a snapshot."""
        return not self.arbiter.holding

    @property
    def unbroken(self) -> bool:
        """Whether nothing is missing between the first message and the last."""
        return not self.arbiter.gaps

    @property
    def delivered(self) -> int:
        """How many messages were handed on, each once."""
        return self.arbiter.delivered

    @property
    def next(self) -> int | None:
        """The sequence number that is delivered next."""
        return self.arbiter.next

    @property
    def refresh_wanted(self) -> bool:
        """Whether a snapshot is waited for although messages go on: it is not, once what was missing has come."""
        refresh = self.receiver.refresh
        return refresh is not None and not self.arbiter.holding and refresh.state is not State.IDLE

    def due(self, now_s: float) -> tuple[Request, ...]:
        """Return what is to be asked for now; what cannot be had that way, a snapshot is waited for."""
        due = self.receiver.due(now_s)
        self._act(due.events, now_s)
        return due.requests

    def on_dr(self, action: DrAction, now_s: float) -> None:
        """Do what a DR signal asks for; gaps of the time before it are the refresh's."""
        for gap in self._open:
            self._keep(replace(gap, took_s=now_s - gap.noticed_s, filled=Filled.REFRESH))
        self._open = []
        self.receiver.on_dr(action, now_s)

    def passed_over(self, lines: Iterable[Line]) -> tuple[int, int] | None:
        """Return first and last of the messages that all of some lines passed over on purpose; None where none are."""
        left = [self.lines[line].left for line in lines]
        first = max((each[0] for each in left if each), default=0)
        last = min((each[1] for each in left if each), default=0)
        return (first, last) if all(left) and first <= last else None

    def went_on(self, lines: Iterable[Line]) -> bool:
        """Return whether lines brought something behind what they passed over on purpose."""
        return all(
            not self.lines[line].leave_out and (self.arbiter.lines[line].last or 0) > (left[1] if left else 0)
            for line in lines
            for left in (self.lines[line].left,)
        )

    def facts(self, now_s: float) -> ChannelFacts:
        """Return what is known now."""
        refresh = self.receiver.refresh
        still = [replace(gap, took_s=now_s - gap.noticed_s) for gap in self._open]
        types: dict[int, int] = {}
        for line in LINES:
            for type_, count in self.arbiter.lines[line].types.items():
                types[type_] = max(types.get(type_, 0), count)
        return ChannelFacts(
            number=self.channel.number,
            name=str(self.channel.content),
            lines=tuple(state.facts(self.arbiter.lines[line], self.joined_s) for line, state in self.lines.items()),
            gaps=(*self._gaps, *still),
            types=types,
            unknown={type_: count for type_, count in types.items() if type_ not in LAYOUTS},
            strange=dict(self.strange),
            backwards=tuple(self.went_back),
            resets=self.resets,
            newest_ns=max(self.arbiter.lines[line].newest_ns for line in LINES),
            refreshed=self.receiver.snapshots,
            spoiled=refresh.spoiled if refresh else 0,
            refresh_waited_s=refresh.waiting_s(now_s) if refresh else 0.0,
            following=not self.arbiter.holding,
            next=self.arbiter.next,
            gaps_uncounted=self._uncounted,
            delivered=self.arbiter.delivered,
            traces=tuple(
                Trace(self.channel.number, line, tuple(state.course.points)) for line, state in self.lines.items()
            ),
        )

    def _told(self, line: Line, datagram: bytes, now_s: float, arrived_ns: int) -> list[Event]:
        try:
            events = self.receiver.receive(line, datagram, now_s, arrived_ns)
        except RemoteProtocolError as error:
            self.lines.get(line, self.lines[Line.A]).refuse(_said(error))
            return []
        return self._act(events, now_s)

    def _act(self, events: Sequence[Event], now_s: float) -> list[Event]:
        """Note what events tell of gaps and of messages that are out of place."""
        for event in events:
            match event:
                case Fresh():
                    if not self._expected.issuperset(event.packet.kinds):
                        self._note_strange(event)
                case GapOpened():
                    line = event.line if event.line in LINES else Line.A
                    self._open.append(Gap(self.channel.number, event.first, event.last, now_s, 0.0, Filled.OPEN, line))
                case GapFilled():
                    self._filled(event, now_s)
                case GapLost():
                    self._open = [gap for gap in self._open if gap.last < event.first or gap.first > event.last]
                    lost = Gap(
                        self.channel.number, event.first, event.last, now_s - event.took_s, event.took_s, Filled.OPEN
                    )
                    self._keep(lost)
                case LineGap():
                    self._passed_over(event, now_s)
                case WentBack():
                    if len(self.went_back) < MOST_TOLD:
                        self.went_back.append(
                            f"line {event.line}: {event.sequence} came where {event.expected} was next, without a reset"
                        )
                case Reset():
                    self.resets += 1
        return list(events)

    def _note_strange(self, piece: Fresh) -> None:
        for type_, count in piece.packet.types.items():
            if type_ in LAYOUTS and type_ not in self._expected:
                self.strange[type_] = self.strange.get(type_, 0) + count

    def _passed_over(self, event: LineGap, now_s: float) -> None:
        """Note what one line passed over and the other had brought before; what neither has is a gap of its own."""
        if any(gap.first <= event.last and event.first <= gap.last for gap in self._open):
            return
        if (next_ := self.arbiter.next) is not None and event.last < next_:
            self._keep(
                Gap(self.channel.number, event.first, event.last, now_s, 0.0, Filled.OTHER_LINE, missed_by=event.line)
            )

    def _filled(self, event: GapFilled, now_s: float) -> None:
        left: list[Gap] = []
        for gap in self._open:
            begin, end = max(gap.first, event.first), min(gap.last, event.last)
            if begin > end:
                left.append(gap)
                continue
            how, missed_by = self._how(event.by, gap.missed_by)
            self._keep(
                replace(gap, first=begin, last=end, took_s=now_s - gap.noticed_s, filled=how, missed_by=missed_by)
            )
            if gap.first < begin:
                left.append(replace(gap, last=begin - 1))
            if end < gap.last:
                left.append(replace(gap, first=end + 1))
        self._open = left

    @staticmethod
    def _how(by: Line, told_by: str) -> tuple[Filled, str]:
        if by is Line.RETRANSMISSION:
            return Filled.RETRANSMISSION, "A and B"
        if by is Line.REFRESH:
            return Filled.REFRESH, "A and B"
        return (Filled.SAME_LINE, str(by)) if by == told_by else (Filled.OTHER_LINE, told_by)

    def _keep(self, gap: Gap) -> None:
        if len(self._gaps) < MOST_GAPS:
            self._gaps.append(gap)
        else:
            self._uncounted += 1


def _said(error: RemoteProtocolError) -> str:
    return f"{error.where}: expected {error.expected}, came {error.came}"
