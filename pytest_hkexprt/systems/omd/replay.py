"""A capture replayed: its datagrams given to the receivers a client has, and what came of it, channel by channel.

Nobody can be asked for what is missing: a gap is left to the other line, then to a snapshot where the capture has the
channel's refreshes, and else given up. Time is the capture's own.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pytest_hkexprt.errors import RemoteProtocolError, UsageFault
from pytest_hkexprt.systems.omd import capture
from pytest_hkexprt.systems.omd.channels import Address, Channel, Content, Feed, Line
from pytest_hkexprt.systems.omd.events import Event, Fresh, GapFilled, GapLost, Reset, Superseded, WentBack
from pytest_hkexprt.systems.omd.frames import Datagram
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.receiver import Receiver
from pytest_hkexprt.systems.omd.recovery import DrSignal, Limits, Requests

PATIENCE_S: Final = 5.0
"""How long a gap waits for the other line, in the capture's time; longer than a retransmission takes."""
MOST_GAPS: Final = 1_000
MOST_TOLD: Final = 20
"""Of what is told one by one: errors, sequences that went back."""
SATURDAY: Final = 6
HONG_KONG: Final = dt.timezone(dt.timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class GapTold:
    """A gap of a channel: what neither line had brought at a moment."""

    first: int
    last: int
    filled_by: str
    """The line; ``refresh``; ``lost``; ``open`` where the capture ends before."""
    took_s: float


@dataclass(slots=True)
class Followed:
    """A channel in the making."""

    channel: Channel
    receiver: Receiver
    gaps: list[GapTold] = field(default_factory=list)
    more_gaps: int = 0
    superseded: int = 0
    """Messages that came and that a snapshot restated before they could be delivered."""
    resets: int = 0
    backward: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def told(self, events: Iterable[Event]) -> None:
        """Note what is to be told."""
        for event in events:
            match event:
                case GapFilled():
                    self._gap(GapTold(event.first, event.last, str(event.by), event.took_s))
                case GapLost():
                    self._gap(GapTold(event.first, event.last, "lost", event.took_s))
                case Superseded():
                    self.superseded += event.piece.count
                case Reset():
                    self.resets += 1
                case WentBack() if len(self.backward) < MOST_TOLD:
                    self.backward.append(f"line {event.line}: {event.sequence} where {event.expected} was next")
                case _:
                    pass

    def end(self, now_s: float) -> None:
        """Note what is open at the end."""
        for gap in self.receiver.arbiter.gaps:
            self._gap(GapTold(gap.first, gap.last, "open", now_s - gap.opened_s))

    def _gap(self, gap: GapTold) -> None:
        if len(self.gaps) < MOST_GAPS:
            self.gaps.append(gap)
        else:
            self.more_gaps += 1


@dataclass(slots=True)
class Replayed:
    """What a capture held."""

    path: Path
    channels: dict[int, Followed] = field(default_factory=dict)
    frames: int = 0
    datagrams: int = 0
    """Of channels that are known."""
    strangers: Counter[str] = field(default_factory=Counter)
    """Datagrams to other addresses, by address."""
    others: Counter[str] = field(default_factory=Counter)
    """Frames that are no datagrams, by what they are."""
    failovers: dict[Feed, DrSignal] = field(default_factory=dict)
    """What the DR channels signalled, in seconds from the beginning."""
    cut: int = 0
    """Datagrams of which the capture holds a part only."""
    first_ns: int = 0
    last_ns: int = 0
    ended: str = ""
    """Why the capture could not be read to its end; empty where it could."""

    @property
    def dates(self) -> list[dt.date]:
        """The first and the last day in Hong Kong; one where they are the same, none of an empty capture."""
        moments = [each for each in (self.first_ns, self.last_ns) if each]
        return sorted({dt.datetime.fromtimestamp(each // 1_000_000_000, HONG_KONG).date() for each in moments})

    @property
    def weekend(self) -> bool:
        """Whether any of it is of a Saturday or a Sunday, so that it is test data."""
        return any(date.isoweekday() >= SATURDAY for date in self.dates)

    def pictures(self, other: Replayed) -> dict[int, list[str]]:
        """Return in what the pictures of two captures differ, by channel that either has."""
        found: dict[int, list[str]] = {}
        for number in sorted(self.channels.keys() | other.channels.keys()):
            ours, theirs = self.channels.get(number), other.channels.get(number)
            if ours is None or theirs is None:
                found[number] = [f"only in {(self if ours else other).path}"]
            else:
                found[number] = ours.receiver.picture.differences(theirs.receiver.picture)
        return found


def replay(path: Path, channels: Sequence[Channel]) -> Replayed:
    """Read a capture twice: for the addresses there are, and for what was sent to them.

    Raises:
        UsageFault: it is no capture, or nothing in it could be read.
    """
    joined = _joined(channels)
    present = _present(path)
    found = Replayed(path)
    requests = Requests(Limits(per_day=0), patience_s=PATIENCE_S)  # nobody to be asked
    for channel in channels:
        if any(address in present for address in channel.lines):
            receiver = Receiver(channel.number, requests, refresh=_refreshed(channel, present))
            receiver.join(0.0)
            found.channels[channel.number] = Followed(channel, receiver)
    now_s = 0.0
    try:
        for each in capture.read(path):
            found.frames += 1
            found.first_ns = found.first_ns or each.at_ns
            found.last_ns = max(found.last_ns, each.at_ns)
            now_s = max(now_s, (each.at_ns - found.first_ns) / 1e9)
            if not isinstance(each.carried, Datagram):
                found.others[each.carried.what] += 1
                continue
            place = joined.get(each.carried.destination)
            if place is None or place[0] not in found.channels:
                found.strangers[str(each.carried.destination)] += 1
                continue
            found.datagrams += 1
            found.cut += bool(each.carried.missing_bytes)
            followed = found.channels[place[0]]
            events = _take(followed, place[1], place[2], each, now_s)
            if followed.channel.content is Content.DR:
                _signals(found, followed, events, now_s)
    except UsageFault as fault:
        if not found.frames:
            raise
        found.ended = fault.came
    for followed in found.channels.values():
        followed.told(followed.receiver.finish(now_s, PATIENCE_S))
        followed.end(now_s)
    return found


def _take(followed: Followed, line: Line, refresh: bool, each: capture.Captured, now_s: float) -> list[Event]:
    """Give a channel a datagram; return what it brought about."""
    receiver = followed.receiver
    assert isinstance(each.carried, Datagram)
    events: list[Event] = []
    try:
        if refresh:
            events += receiver.receive_refresh(line, each.carried.payload, now_s)
        else:
            events += receiver.receive(line, each.carried.payload, now_s, each.at_ns)
    except RemoteProtocolError as error:
        if len(followed.broken) < MOST_TOLD:
            kind = "cut by the capture" if each.carried.missing_bytes else type(error).__name__
            where = "refresh, " if refresh else ""
            followed.broken.append(f"{where}line {line}: {kind}: {error.where}: {error.expected}, came {error.came}")
    if receiver.arbiter.gaps:
        events += receiver.due(now_s).events
    followed.told(events)
    return events


def _signals(found: Replayed, dr: Followed, events: Iterable[Event], now_s: float) -> None:
    """Do what a DR channel signals, on all other channels of its feed."""
    signal = found.failovers.setdefault(dr.channel.feed, DrSignal())
    for event in events:
        for message in event.messages() if isinstance(event, Fresh) else ():
            try:
                action = signal.take(message, now_s) if message.type == Type.DR_SIGNAL else None
            except RemoteProtocolError as error:
                dr.broken.append(f"{error.where}: {error.expected}, came {error.came}")
                continue
            if action is None:
                continue
            for each in found.channels.values():
                if each.channel.feed is dr.channel.feed and not each.channel.dr:
                    each.receiver.on_dr(action, now_s)


def _joined(channels: Sequence[Channel]) -> Mapping[Address, tuple[int, Line, bool]]:
    """Return whose each address is: the channel, the line, and whether it carries refreshes."""
    found: dict[Address, tuple[int, Line, bool]] = {}
    for channel in channels:
        for lines, refresh in ((channel.lines, False), (channel.refresh_lines or (), True)):
            for line, address in zip((Line.A, Line.B), lines, strict=False):
                if address in found:
                    raise UsageFault(
                        f"{address}",
                        expected="one channel and line",
                        came=f"channels {found[address][0]} and {channel.number}",
                    )
                found[address] = channel.number, line, refresh
    return found


def _present(path: Path) -> set[Address]:
    found: set[Address] = set()
    try:
        for each in capture.read(path):
            if isinstance(each.carried, Datagram):
                found.add(each.carried.destination)
    except UsageFault:
        if not found:
            raise
    return found


def _refreshed(channel: Channel, present: set[Address]) -> bool:
    return any(address in present for address in channel.refresh_lines or ())
