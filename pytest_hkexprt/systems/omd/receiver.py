"""One channel received: both lines arbitrated, what is missing asked for or taken from a snapshot, the picture kept.

The pure half of a client: datagrams and moments go in, events and requests come out. Who owns the sockets sends the
requests and hands on what comes back.

Source: HKEX OMD-C Developers Guide 1.11, sections 5.2, 5.3 and 9.8; HKEX OMD-C Binary Interface Specifications v1.45,
section 3.4.3. Restart within the day: the guide, section 9.6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pytest_hkexprt.systems.omd.book import Picture
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.codec import BadMessage, Message
from pytest_hkexprt.systems.omd.events import Event, Fresh, GapFilled, GapLost, Reset, Superseded, WentBack, Why
from pytest_hkexprt.systems.omd.line import Arbiter
from pytest_hkexprt.systems.omd.recovery import Beyond, DrAction, Request, Requests
from pytest_hkexprt.systems.omd.refresh import Refresh, Snapshot, State

MOST_BAD: Final = 100
GONE_BACK: Final = 3
"""Packets in a row, on whichever line, whose sequence went back, that are taken for a restart within the day; ours."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done now."""

    requests: tuple[Request, ...] = ()
    """To be sent to a retransmission server."""
    beyond: tuple[Beyond, ...] = ()
    """What no retransmission brings, so that a snapshot is waited for."""
    events: tuple[Event, ...] = ()


class Receiver:
    """One channel.

    Args:
        channel: its number.
        requests: what may be asked for, shared by all channels of one retransmission server.
        refresh: whether there is a channel of its snapshots.
        start: the number that comes first, where the receiver is there from the beginning; None to join in the midst,
            which waits for a snapshot first where there are any.
    """

    def __init__(self, channel: int, requests: Requests, *, refresh: bool = False, start: int | None = None) -> None:
        self.channel = channel
        self.arbiter = Arbiter(start=start, holding=start is None and refresh)
        self.refresh = Refresh() if refresh else None
        self.picture = Picture()
        self.picture.tape_whole = start is not None
        self.snapshots = 0
        """Taken and applied."""
        self.restarts = 0
        """How often the sequence began anew without a Sequence Reset, and was followed."""
        self.bad: list[str] = []
        """Messages too short for their type, as errors tell it, the first :data:`MOST_BAD`."""
        self._requests = requests
        self._for_gap = False
        """Whether a snapshot is wanted for nothing but a gap."""
        self._gone_back = 0

    @property
    def complete(self) -> bool:
        """Whether everything known to exist has been applied."""
        return not self.arbiter.holding and not self.arbiter.gaps and not self.arbiter.held

    def join(self, now_s: float) -> None:
        """Begin: want a snapshot where the receiver was not there from the first message on."""
        if self.arbiter.holding:
            self._want(now_s, for_gap=False)

    def receive(self, line: Line, datagram: bytes, now_s: float, arrived_ns: int = 0) -> list[Event]:
        """Take a datagram of line A or B, or of a retransmission; return what it brought about.

        Raises:
            BadPacket: its messages cannot be told apart.
            BadMessage: it holds a reset that is too short.
        """
        events = self.arbiter.receive(line, datagram, now_s, arrived_ns)
        for event in events:
            if isinstance(event, Reset):
                self.picture.clear(tape_whole=True)
                if self.refresh:
                    self._want(now_s, for_gap=False)
            elif isinstance(event, GapLost) and event.why is not Why.RESET:
                self._lost(event, now_s)
            elif isinstance(event, Fresh):
                self._gone_back = 0
            elif isinstance(event, WentBack):
                self._gone_back += 1
            self._apply(event)
        if self._gone_back >= GONE_BACK:
            self._begin_anew(now_s)
        return events

    def receive_refresh(self, line: Line, datagram: bytes, now_s: float) -> list[Event]:
        """Take a datagram of the refresh channel; return what a snapshot it completed brought about.

        Raises:
            BadPacket: its messages cannot be told apart.
            BadMessage: a Refresh Complete is too short.
        """
        snapshot = self.refresh.receive(line, datagram, now_s) if self.refresh else None
        return self._rebuild(snapshot, now_s) if snapshot else []

    def due(self, now_s: float) -> Due:
        """Return what is to be asked for now; what cannot be had that way is waited for in a snapshot, or given up."""
        if self.arbiter.holding:
            return Due()
        plan = self._requests.plan(self.channel, self.arbiter.gaps, self.arbiter.known, now_s)
        events: list[Event] = []
        for each in plan.beyond:
            if self.refresh:
                self._want(now_s, for_gap=True, at_least=each.last)
            else:
                events += self.arbiter.give_up(each.first, each.last, now_s)
        for event in events:
            if isinstance(event, GapLost):
                self._lost(event, now_s)
            self._apply(event)
        if self.refresh and self._for_gap and not plan.beyond:  # it was filled after all
            self.refresh.cancel()
            self._for_gap = False
        return Due(plan.requests, plan.beyond, tuple(events))

    def finish(self, now_s: float, patience_s: float) -> list[Event]:
        """Deliver what is held for a snapshot that will not come, and behind gaps that were open for ``patience_s``."""
        events = self.arbiter.release(now_s)
        for gap in self.arbiter.gaps:
            if now_s - gap.opened_s >= patience_s:
                events += self.arbiter.give_up(gap.first, gap.last, now_s)
        for event in events:
            self._apply(event)
        return events

    def on_dr(self, action: DrAction, now_s: float) -> None:
        """Do what a DR signal asks for."""
        self.picture.clear()
        self.arbiter.restart()
        if self.refresh:
            self.refresh.cancel()
        if action is DrAction.REBUILD and not self.refresh:
            self.arbiter.release(now_s)
        elif action is DrAction.REBUILD:
            self._want(now_s, for_gap=False)

    def _begin_anew(self, now_s: float) -> None:
        """Follow a publisher that came back within the day and numbers anew; no Sequence Reset is promised then."""
        self._gone_back = 0
        self.restarts += 1
        self.on_dr(DrAction.REBUILD, now_s)

    def _want(self, now_s: float, *, for_gap: bool, at_least: int = 0) -> None:
        assert self.refresh
        if self.refresh.state is State.IDLE:
            self._for_gap = for_gap
        elif not for_gap:
            self._for_gap = False
        if not for_gap:
            self.arbiter.hold()
        self.refresh.want(now_s, at_least)

    def _lost(self, gap: GapLost, now_s: float) -> None:
        """Take it that messages will not come."""
        self.picture.tape_whole = False
        if self.refresh:
            self._want(now_s, for_gap=False, at_least=gap.last)

    def _rebuild(self, snapshot: Snapshot, now_s: float) -> list[Event]:
        passed_over = snapshot.last > self.arbiter.known
        events = self.arbiter.refreshed(snapshot.last, now_s)
        passed_over |= any(isinstance(event, GapFilled) for event in events)
        whole = self.picture.tape_whole and not passed_over
        self.picture.clear(tape_whole=whole)
        self.snapshots += 1
        self._for_gap = False
        for piece in snapshot.pieces:
            self._apply(piece)
        for event in events:
            self._apply(event)
        return events

    def _apply(self, event: Event) -> None:
        if isinstance(event, Fresh):
            self._decode(event, tape=False)
        elif isinstance(event, Superseded):
            self._decode(event.piece, tape=True)

    def _decode(self, piece: Fresh, *, tape: bool) -> None:
        apply = self.picture.apply_tape if tape else self.picture.apply
        try:
            messages = list(piece.messages())
        except BadMessage:
            messages = list(self._good(piece))
        for message in messages:
            apply(message)

    def _good(self, piece: Fresh) -> Iterator[Message]:
        """Yield the messages of a piece that can be decoded; note the others."""
        packet = piece.packet
        for index in range(piece.first - packet.sequence, piece.last - packet.sequence + 1):
            try:
                yield packet.message(index)
            except BadMessage as error:
                self.bad += [str(error)][: MOST_BAD - len(self.bad)]


def all_complete(receivers: Sequence[Receiver]) -> bool:
    """Return whether nothing that is known to exist is missing on any channel."""
    return all(receiver.complete for receiver in receivers)
