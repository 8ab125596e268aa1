"""What a site publishes: every channel of a feed on both its lines, heartbeats, refreshes and the DR signal.

The two lines carry the same messages in other packets, as in life. Nothing here waits: the simulator's thread calls
:meth:`Publisher.tick` when something is due, and what is due follows from deadlines.

Source: HKEX OMD-C Binary Interface Specifications v1.45, sections 3.3 and 3.4; HKEX OMD-C Developers Guide 1.11,
sections 5.2 and 5.3.2. How often a refresh comes is not published; :data:`REFRESH_S` is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import msgspec

from pytest_hkexprt.deadline import Deadline, monotonic_s
from pytest_hkexprt.systems.omd import packets
from pytest_hkexprt.systems.omd.book import Picture
from pytest_hkexprt.systems.omd.channels import Address, Channel, Line
from pytest_hkexprt.systems.omd.codec import CODECS, Message, build
from pytest_hkexprt.systems.omd.drills import Drill
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.market_feed import Market
from pytest_hkexprt.systems.omd.settings import Timing
from pytest_hkexprt.systems.omd.simulator_history import History
from pytest_hkexprt.systems.omd.simulator_lines import QUIET, Noise, Outlet

MOST_IN_A_PACKET = {Line.A: 3, Line.B: 7}
"""Messages: the lines are framed differently."""
TICK_S = 0.005
REFRESH_S = 6.0
"""From one refresh of a channel to the next, before it is scaled."""
LARGEST_BURST_S = 0.1
"""What a publisher that was held up makes good at once; the rest is never sent."""
UNKNOWN_TYPE, UNKNOWN_EVERY = 999, 20
UNKNOWN_MESSAGE = (24).to_bytes(2, "little") + UNKNOWN_TYPE.to_bytes(2, "little") + b"?" * 20
WRONG_BY = 10
"""Thousandths by which a drill's prices are off."""
PRICES = {Type.ADD_ORDER: "Price", Type.CC_TOP_OF_BOOK: "BidPrice"}


@dataclass(slots=True)
class Published:
    """One channel and how far it is."""

    channel: Channel
    outlets: dict[Line, Outlet]
    refresh: dict[Line, Outlet]
    history: History
    truth: Picture
    """The picture a receiver has who missed nothing."""
    beat_at: Deadline
    refresh_at: Deadline
    refresh_next: int = 1
    """Of the refresh channel, which counts for itself."""
    pending: list[bytes] = field(default_factory=list)
    """What is to be sent with the next packets."""


class Publisher:
    """The channels of one feed.

    Args:
        channels: with the groups they are really sent to, the DR channel among them.
        market: what there is to tell.
        send: takes a datagram, and where it goes.
        timing: the published times, scaled.
        sent_ns: gives SendTime.
        rate: messages a second, over all channels.
        noise: what befalls each line's packets.
        drills: faults, which begin at once.
    """

    def __init__(
        self,
        channels: Collection[Channel],
        market: Market,
        *,
        send: Callable[[bytes, Address], None],
        timing: Timing,
        sent_ns: Callable[[], int],
        rate: float,
        noise: Mapping[Line, Noise] = QUIET,
        drills: Collection[str] = (),
    ) -> None:
        self.silent = False
        """Whether nothing at all is sent."""
        self.paused = False
        """Whether nothing new happens in the market; heartbeats and refreshes go on."""
        self.endless = False
        """Whether refreshes have no end."""
        self.signal: int | None = None
        """What the DR channel repeats; None for heartbeats alone."""
        self._market = market
        self._send = send
        self._timing = timing
        self._sent_ns = sent_ns
        self._rate = rate
        self._noise = noise
        self._drills = frozenset(drills)
        self.channels = {channel.number: self._published(channel) for channel in channels}
        """By number."""
        self._owed = 0.0
        self._last_s = monotonic_s()
        self._begin_drills()

    def open(self) -> None:
        """Begin the day: a Sequence Reset, and what each channel says first."""
        now_ns = self._sent_ns()
        for number, each in self.channels.items():
            if each.channel.dr:
                continue
            reset = packets.encode(1, [build(Type.SEQUENCE_RESET, NewSeqNo=1)], now_ns)
            for outlet in each.outlets.values():
                outlet.send(reset)
            for message in self._market.opening(number, now_ns):
                self._add(each, message)

    def tick(self) -> None:
        """Send what is due."""
        now_s = monotonic_s()
        self._owed = min(self._owed + (now_s - self._last_s) * self._rate, self._rate * LARGEST_BURST_S)
        self._last_s = now_s
        if self.silent:
            self._tell_dr()
            return
        self._tell_dr()
        while self._owed >= 1 and not self.paused:
            self._owed -= self.happen()
        for each in self.channels.values():
            self._flush(each)
            if each.beat_at.passed and Drill.HEARTBEATS_STOP not in self._drills:
                self._to_both(each, packets.heartbeat(each.history.next - 1, self._sent_ns()))
                each.beat_at = Deadline.after(self._timing.heartbeat_s)
            for outlet in each.outlets.values():
                outlet.flush()
            if each.refresh and each.refresh_at.passed:
                self._refresh(each)

    def announce(self, status: int) -> None:
        """Have the DR channel say a status from now on, at once."""
        self.signal = status
        for each in self.channels.values():
            if each.channel.dr:
                each.beat_at = Deadline.after(0)
        self._tell_dr()

    def _tell_dr(self) -> None:
        """Repeat the signal on the DR channel, where there is one to repeat."""
        for each in self.channels.values():
            if each.channel.dr and self.signal is not None and each.beat_at.passed:
                self._add(each, build(Type.DR_SIGNAL, DRStatus=self.signal))
                self._flush(each)

    def happen(self) -> int:
        """Let one thing happen in the market; return how many messages it takes to tell."""
        count = 0
        for number, message in self._market.step(self._sent_ns()):
            self._add(self.channels[number], message)
            count += 1
        return max(1, count)

    def drop_pending(self) -> None:
        """Never send what is waiting to be: it was cut off on its way."""
        for each in self.channels.values():
            each.pending.clear()

    @property
    def patience_s(self) -> float:
        """How long nothing is due."""
        return TICK_S

    def _published(self, channel: Channel) -> Published:
        refresh = zip(Line, channel.refresh_lines, strict=False) if channel.refresh_lines else ()
        return Published(
            channel,
            {
                line: Outlet(self._send, line, channel.address(line), self._noise[line], self._breaking())
                for line in (Line.A, Line.B)
            },
            {line: Outlet(self._send, line, address) for line, address in refresh},
            History(),
            Picture(),
            Deadline.after(0),
            Deadline.after(0),
        )

    def _breaking(self) -> frozenset[str]:
        return self._drills & {Drill.PACKET_SIZE_DIFFERS, Drill.CUT_MESSAGE, Drill.SEQUENCE_GOES_BACK}

    def _begin_drills(self) -> None:
        *others, victim = [each for each in self.channels.values() if not each.channel.dr]
        if Drill.BOTH_LINES_DEAD in self._drills:
            victim.outlets[Line.A].addresses = []
        if self._drills & {Drill.BOTH_LINES_DEAD, Drill.LINE_DEAD}:
            victim.outlets[Line.B].addresses = []
        if Drill.WRONG_CHANNEL in self._drills:
            mistaken = next(each for each in reversed(others) if each.channel.content is not victim.channel.content)
            for line, outlet in mistaken.outlets.items():
                victim.outlets[line].addresses += outlet.addresses
                outlet.addresses = []

    def _add(self, each: Published, message: Message) -> None:
        wire = self._on_wire(message)
        each.truth.apply(message)
        each.history.add(wire)
        each.pending.append(wire)
        if Drill.UNKNOWN_TYPE in self._drills and not each.channel.dr and not each.history.next % UNKNOWN_EVERY:
            each.history.add(UNKNOWN_MESSAGE)
            each.pending.append(UNKNOWN_MESSAGE)

    def _on_wire(self, message: Message) -> bytes:
        name = PRICES.get(Type(message.type), "")
        if Drill.BOOK_DIFFERS in self._drills and name and message.number("SecurityCode") == self._market.codes[0]:
            values = list(message.values)
            index = CODECS[message.type].fixed.index[name]
            values[index] = message.number(name) + WRONG_BY
            message = msgspec.structs.replace(message, values=tuple(values))
        return packets.message_bytes(message)

    def _flush(self, each: Published) -> None:
        if not each.pending:
            return
        first, sent_ns = each.history.next - len(each.pending), self._sent_ns()
        for line, outlet in each.outlets.items():
            for datagram in packets.frames(first, each.pending, sent_ns, most=MOST_IN_A_PACKET[line]):
                outlet.send(datagram)
        each.pending = []
        each.beat_at = Deadline.after(self._timing.heartbeat_s)

    def _refresh(self, each: Published) -> None:
        sent_ns = self._sent_ns()
        told = [self._on_wire(message) for message in self._market.snapshot(each.channel.number)]
        if not self.endless:
            end = build(Type.REFRESH_COMPLETE, LastSeqNum=each.history.next - 1)
            told.append(packets.message_bytes(end))
        for line, outlet in each.refresh.items():
            for datagram in packets.frames(each.refresh_next, told, sent_ns, most=MOST_IN_A_PACKET[line]):
                outlet.send(datagram)
        each.refresh_next += len(told)
        each.refresh_at = Deadline.after(REFRESH_S / self._timing.factor)

    def _to_both(self, each: Published, datagram: bytes) -> None:
        for outlet in each.outlets.values():
            outlet.send(datagram)
