"""Market data, damaged at random, given to a receiver: it reads on or refuses, and nothing else.

    python -m tests.fuzz_market_data [--executions 100000] [--seed 0]

Each execution makes up a small market, sends it on two lines, as snapshots and as retransmissions, and damages some of
the packets: bits, sizes, counts, numbers, types; some are dropped, doubled, cut, or made anew. Whatever comes, the
receiver must end in events or in an error of the other side, must deliver in order and each message once, must ask for
no more than is granted, and must not hold more than its budget. An execution that breaks a rule is told by its seed,
which repeats it.
"""

from __future__ import annotations

import contextlib
import random
import struct
from collections import Counter

from pytest_hkexprt.errors import RemoteProtocolError
from pytest_hkexprt.systems.omd import packets
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.events import Event, Fresh, GapFilled, GapLost, GapOpened, Reset
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.receiver import Receiver
from pytest_hkexprt.systems.omd.recovery import DrSignal, Limits, Requests
from tests import fuzzing
from tests.systems.omd.market import BEGAN_NS, Publisher

LIMITS = Limits(newest=40, range=9, per_day=12)
MOST_HELD = 60
EDGES = (0, 1, 3, 4, 15, 16, 100, 105, 203, 255, 2**15, 2**16 - 1, 2**31, 2**32 - 1)


def damaged(packet: bytes, rng: random.Random) -> bytes:
    """Return a packet with something wrong in it; in half of them PktSize is right again."""
    at = rng.randrange(len(packet))
    some = rng.randbytes(rng.randint(1, 8))
    pair = 2 * rng.randrange(len(packet) // 2)
    found = rng.choice(
        [
            packet[:at] + bytes([packet[at] ^ (1 << rng.randrange(8))]) + packet[at + 1 :],
            packet[:at] + some + packet[at:],
            packet[:at] + packet[at + rng.randint(1, 8) :],
            packet[:at],
            packet + packet,
            b"",
            packet[:pair] + struct.pack("<H", rng.choice(EDGES) & 0xFFFF) + packet[pair + 2 :],
            packet[:2] + bytes([rng.choice((0, 1, 2, 255))]) + packet[3:],
            packet[:4] + struct.pack("<I", rng.choice((0, 1, 5, 50, 2**32 - 1))) + packet[8:],
            packet[:18] + struct.pack("<H", rng.choice((100, 105, 203, 999, 11, 22, 53))) + packet[20:],
            rng.randbytes(rng.randint(0, 40)),
        ]
    )
    return struct.pack("<H", len(found) & 0xFFFF) + found[2:] if rng.random() < 0.5 and len(found) > 2 else found


class Watched:
    """A receiver whose rules are looked after."""

    def __init__(self, *, join: bool, refresh: bool) -> None:
        self.requests = Requests(LIMITS)
        self.receiver = Receiver(30, self.requests, refresh=530 if refresh else None, start=None if join else 1)
        self.receiver.arbiter._most_held = MOST_HELD
        self.receiver.join(0.0)
        self.dr = DrSignal()
        self.next: int | None = None
        self.lost: list[tuple[int, int]] = []

    def _lost(self, first: int, last: int) -> bool:
        """Return whether every number from ``first`` to ``last`` was told to be lost."""
        while first <= last:
            ends = [end for begin, end in self.lost if begin <= first <= end]
            if not ends:
                return False
            first = max(ends) + 1
        return True

    def take(self, events: list[Event], now_s: float) -> None:
        """Look at events, and do what they ask for."""
        arbiter = self.receiver.arbiter
        if any(event.why == "a snapshot further on" for event in events if isinstance(event, GapOpened)):
            self.next = None  # a snapshot may be older than what was delivered
        for event in events:
            if isinstance(event, Reset) or (isinstance(event, GapFilled) and event.by is Line.REFRESH):
                self.next = None
            elif isinstance(event, GapLost):
                self.lost.append((event.first, event.last))
            elif isinstance(event, Fresh):
                assert self.next is None or event.first >= self.next, "out of order, or twice"
                assert self.next is None or self._lost(self.next, event.first - 1), "passed over, and not told"
                assert event.last >= event.first
                self.next = event.last + 1
        assert arbiter.held <= MOST_HELD + packets.MOST_MESSAGES, "more held than allowed"
        assert all(one.last < other.first for one, other in zip(arbiter.gaps, arbiter.gaps[1:], strict=False))
        assert self.requests.used <= LIMITS.per_day
        for event in events:
            if isinstance(event, Fresh):
                self._signals(event, now_s)

    def _signals(self, event: Fresh, now_s: float) -> None:
        if Type.DR_SIGNAL not in event.packet.kinds:
            return
        with contextlib.suppress(RemoteProtocolError):  # a status, or a size, that is none
            for message in event.messages():
                if message.type == Type.DR_SIGNAL:
                    action = self.dr.take(message, now_s)
                    if action is not None:
                        self.receiver.on_dr(action, now_s)
                        self.next = None

    def give(self, kind: str, packet: bytes, now_s: float) -> str:
        """Give the receiver a packet; return how that ended."""
        restarts = self.receiver.restarts
        try:
            if kind == "refresh":
                before = self.receiver.snapshots
                events = self.receiver.receive_refresh(Line.A, packet, now_s)
                if self.receiver.snapshots > before:
                    self.next = None
            else:
                events = self.receiver.receive(Line(kind), packet, now_s)
            self.take(events, now_s)
            if self.receiver.restarts > restarts:
                self.next = None  # what was before the publisher came back
        except RemoteProtocolError as error:
            return type(error).__name__
        return "taken"

    def ask(self, publisher: Publisher, now_s: float) -> list[bytes]:
        """Ask for what is due; return what comes back."""
        due = self.receiver.due(now_s)
        self.take(list(due.events), now_s)
        found: list[bytes] = []
        for request in due.requests:
            assert 0 <= request.end - request.begin < LIMITS.range, "a range that is not granted"
            found += publisher.again(request.begin, min(request.end, len(publisher.encoded)))
        return found


def one(seed: int) -> Counter[str]:
    """Run one execution; return how its packets ended.

    Raises:
        AssertionError: a rule was broken.
    """
    rng = random.Random(seed)
    often = rng.choice((0.02, 0.1, 0.5))
    publisher = Publisher(seed, rng.randint(1, 60))
    count = len(publisher.encoded)
    watched = Watched(join=rng.random() < 0.3, refresh=rng.random() < 0.7)
    snapshot = publisher.snapshot(1, count)
    again = publisher.snapshot(1 + sum(packets.read(each).count for each in snapshot), count)
    kept = [
        *(("A", each) for each in publisher.line(rng)),
        *(("B", each) for each in publisher.line(rng)),
        *(("refresh", each) for each in [*snapshot, *again]),
        ("A", packets.heartbeat(count, BEGAN_NS)),
        ("B", packets.encode(1, [build(Type.SEQUENCE_RESET, NewSeqNo=1)], BEGAN_NS + rng.randrange(10**10))),
        ("A", packets.encode(count + 1, [build(Type.DR_SIGNAL, DRStatus=rng.choice((1, 2)))], BEGAN_NS)),
    ]
    if rng.random() < 0.5:
        rng.shuffle(kept)
    ends: Counter[str] = Counter()
    now_s = 0.0
    for kind, packet in kept:
        now_s += rng.choice((0.0, 0.01, 1.0))
        given = damaged(packet, rng) if rng.random() < often else packet
        ends[watched.give(kind, given, now_s)] += 1
        if rng.random() < 0.3:
            for each in watched.ask(publisher, now_s):
                told = damaged(each, rng) if rng.random() < often else each
                ends[watched.give("retransmission", told, now_s)] += 1
    watched.receiver.picture.differences(publisher.picture())
    assert list(watched.receiver.picture.restate()) is not None
    _stream(b"".join(packet for _, packet in kept), rng)
    return ends


def _stream(data: bytes, rng: random.Random) -> None:
    """Give damaged bytes to what finds packets in a stream."""
    stream, at = packets.Stream(), 0
    data = damaged(data, rng)
    try:
        while at < len(data):
            size = rng.randint(1, 400)
            for packet in stream.feed(data[at : at + size]):
                assert len(packet) == struct.unpack_from("<H", packet)[0]
            at += size
            assert stream.held_bytes <= 2**16
    except RemoteProtocolError:
        return


def fuzz(executions: int, seed: int) -> Counter[str]:
    """Run executions of consecutive seeds; see :func:`tests.fuzzing.fuzz`."""
    return fuzzing.fuzz(one, executions, seed)


if __name__ == "__main__":
    fuzzing.main("Damaged market data, given to a receiver", one)
