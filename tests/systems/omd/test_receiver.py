"""One channel received: what is done about gaps, resets and failovers."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_hkexprt.systems.omd import packets
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.events import Fresh, GapLost
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.packets import header, read
from pytest_hkexprt.systems.omd.receiver import Receiver, all_complete
from pytest_hkexprt.systems.omd.recovery import DrAction, Limits, Request, Requests, Why
from pytest_hkexprt.systems.omd.refresh import State
from tests.systems.omd.market import BEGAN_NS, Publisher

A, B = Line.A, Line.B


@pytest.fixture
def publisher():
    return Publisher(7, 60)


@pytest.fixture
def receiver():
    return Receiver(30, Requests(patience_s=0.5), refresh=True, start=1)


def give(receiver, publisher, first, last, line=A, now_s=0.0):
    return [event for packet in publisher.again(first, last) for event in receiver.receive(line, packet, now_s)]


def refresh(receiver, publisher, last, now_s=0.0):
    """Give two snapshots as of a message, so that one of them is whole for whoever joins."""
    begin = receiver.refresh.arbiter.next or 1
    for packet in publisher.snapshot(begin, last):
        receiver.receive_refresh(A, packet, now_s)
    begin = receiver.refresh.arbiter.next
    return [event for packet in publisher.snapshot(begin, last) for event in receiver.receive_refresh(A, packet, now_s)]


def same(receiver, publisher, last=None):
    return receiver.picture.differences(publisher.picture(last)) == []


def test_whoever_joins_in_the_midst_shows_nothing_before_the_snapshot(publisher):
    receiver = Receiver(30, Requests(), refresh=True)
    receiver.join(0.0)
    give(receiver, publisher, 30, 40)
    assert receiver.picture.applied == 0
    assert not receiver.complete
    refresh(receiver, publisher, 35)
    assert receiver.complete
    assert same(receiver, publisher, 40)


def test_whoever_joins_a_channel_without_snapshots_begins_at_once(publisher):
    receiver = Receiver(30, Requests())
    receiver.join(0.0)
    give(receiver, publisher, 1, 40)
    assert same(receiver, publisher, 40)


def test_a_gap_is_asked_for_when_the_other_line_did_not_fill_it(receiver, publisher):
    give(receiver, publisher, 1, 10)
    give(receiver, publisher, 15, 20)
    assert receiver.due(0.4).requests == ()
    assert receiver.due(0.6).requests == (Request(30, 11, 14),)
    give(receiver, publisher, 11, 14, Line.RETRANSMISSION, 0.7)
    assert receiver.complete
    assert same(receiver, publisher, 20)
    assert receiver.refresh.state is State.IDLE


def test_a_gap_beyond_retransmission_is_filled_by_a_snapshot(publisher):
    receiver = Receiver(30, Requests(Limits(newest=5)), refresh=True, start=1)
    give(receiver, publisher, 1, 10)
    give(receiver, publisher, 15, 40)
    (beyond,) = receiver.due(1.0).beyond
    assert (beyond.first, beyond.last, beyond.why) == (11, 14, Why.TOO_OLD)
    assert receiver.refresh.state is State.JOINING
    refresh(receiver, publisher, 30)
    assert receiver.complete
    assert same(receiver, publisher, 40)


def test_a_snapshot_is_not_waited_for_once_the_gap_is_filled_after_all(publisher):
    receiver = Receiver(30, Requests(Limits(newest=5)), refresh=True, start=1)
    give(receiver, publisher, 1, 10)
    give(receiver, publisher, 15, 40)
    receiver.due(1.0)
    give(receiver, publisher, 11, 14, B, 1.1)
    receiver.due(1.2)
    assert receiver.refresh.state is State.IDLE
    assert same(receiver, publisher, 40)


def test_without_snapshots_a_gap_beyond_retransmission_is_given_up_and_told(publisher):
    receiver = Receiver(30, Requests(Limits(newest=5)), start=1)
    give(receiver, publisher, 1, 10)
    give(receiver, publisher, 15, 40)
    due = receiver.due(1.0)
    assert [(event.first, event.last) for event in due.events if isinstance(event, GapLost)] == [(11, 14)]
    assert sum(event.count for event in due.events if isinstance(event, Fresh)) == 26
    assert not receiver.picture.tape_whole


def reset(at_ns):
    return packets.encode(1, [build(Type.SEQUENCE_RESET, NewSeqNo=1)], at_ns)


def test_a_reset_forgets_everything_and_a_snapshot_follows(receiver, publisher):
    give(receiver, publisher, 1, 40)
    receiver.receive(A, reset(BEGAN_NS + 10**12), 1.0)
    assert receiver.picture.orders == {}
    assert receiver.refresh.state is State.JOINING
    other = Publisher(8, 20)
    sent = [
        packets.packet(1, other.encoded[:5], BEGAN_NS + 2 * 10**12),
        packets.packet(6, other.encoded[5:12], BEGAN_NS + 3 * 10**12),
    ]
    for packet in sent:
        receiver.receive(A, packet, 2.0)
    refresh(receiver, other, 8, 3.0)
    assert receiver.complete
    assert receiver.picture.levels == other.picture(12).levels
    assert receiver.picture.orders == other.picture(12).orders


def test_trades_that_came_while_a_snapshot_was_waited_for_are_on_the_tape(receiver, publisher):
    receiver.receive(A, reset(BEGAN_NS - 10**9), 0.0)
    give(receiver, publisher, 1, 40)
    refresh(receiver, publisher, 40)
    assert receiver.picture.tape_whole
    assert same(receiver, publisher, 40)


def test_a_message_too_short_for_its_type_is_told_and_the_others_are_applied(receiver):
    # an order of 8 bytes, where 32 are its least, between two prices
    price = build(Type.NOMINAL_PRICE, SecurityCode=5, NominalPrice=1)
    encoded = [packets.message_bytes(price), bytes.fromhex("08001e0005000000"), packets.message_bytes(price)]
    receiver.receive(A, packets.packet(1, encoded, BEGAN_NS), 0.0)
    assert receiver.picture.applied == 2
    (told,) = receiver.bad
    assert told.startswith("AddOrder (30)")


def test_a_signal_of_failover_clears_and_its_end_rebuilds(receiver, publisher):
    give(receiver, publisher, 1, 40)
    receiver.on_dr(DrAction.CLEAR, 1.0)
    assert receiver.picture.orders == {}
    assert receiver.refresh.state is State.IDLE
    give(receiver, publisher, 41, 50, now_s=2.0)
    assert not receiver.complete
    receiver.on_dr(DrAction.REBUILD, 3.0)
    assert receiver.refresh.state is State.JOINING
    refresh(receiver, publisher, 45, 4.0)
    give(receiver, publisher, 51, 60, now_s=5.0)
    assert receiver.due(6.0).requests == (Request(30, 46, 50),)
    give(receiver, publisher, 46, 50, Line.RETRANSMISSION, 6.1)
    assert receiver.complete
    assert same(receiver, publisher, 60)


def later(publisher, first, last):
    """Return packets of one message each, sent an hour after those of the morning."""
    return [
        packets.packet(number, publisher.encoded[number - 1 : number], BEGAN_NS + (3_600_000 + number) * 1_000_000)
        for number in range(first, last + 1)
    ]


def test_a_publisher_that_comes_back_and_numbers_anew_is_followed(receiver, publisher):
    give(receiver, publisher, 1, 40)
    other = Publisher(8, 30)
    for packet in later(other, 1, 10):
        receiver.receive(A, packet, 1.0)
    assert receiver.restarts == 1
    assert receiver.picture.orders == {}
    refresh(receiver, other, 10, 2.0)
    for packet in later(other, 11, 30):
        receiver.receive(B, packet, 3.0)
    assert receiver.complete
    assert same(receiver, other)


def test_one_line_that_goes_back_is_not_followed_while_the_other_goes_on(receiver, publisher):
    give(receiver, publisher, 1, 40, A)
    give(receiver, publisher, 1, 40, B)
    for number, packet in enumerate(later(publisher, 1, 10), 41):
        receiver.receive(A, packet, 1.0)
        give(receiver, publisher, number, number, B, 1.0)
    assert receiver.restarts == 0
    assert same(receiver, publisher, 50)


def test_all_channels_are_complete_when_each_is(receiver, publisher):
    give(receiver, publisher, 2, 3)
    whole = Receiver(31, Requests(), start=1)
    assert not all_complete([receiver, whole])
    give(receiver, publisher, 1, 1)
    assert all_complete([receiver, whole])


class Failover:
    """A channel of the primary site that falls silent, and the same of the backup site, which numbers on, or anew."""

    def __init__(self, seed: int, loss: float, *, anew: bool) -> None:
        self.rng, self.loss = random.Random(seed), loss
        self.primary, self.backup = Publisher(seed, 60), Publisher(seed + anew, 80)
        requests = Requests(Limits(newest=30, range=10), patience_s=0.5, answer_s=1.0)
        self.receiver = Receiver(30, requests, refresh=True, start=1)

    def send(self, publisher, first: int, last: int, now_s: float) -> None:
        """Send what lies between two messages on both lines, and lose some."""
        for line in (A, B):
            for packet in publisher.line(self.rng):
                if first <= header(packet).sequence <= last and self.rng.random() >= self.loss:
                    self.receiver.receive(line, packet, now_s)

    def recover(self, shown: int, now_s: float) -> None:
        """Send snapshots, heartbeats and what is asked for, until everything is there."""
        at = 1
        for number in range(40):
            now_s += 1.0
            for packet in self.backup.snapshot(at, 80 if number > 20 else shown):
                at += read(packet).count
                for line in (A, B):
                    if self.rng.random() >= self.loss / 4:
                        self.receiver.receive_refresh(line, packet, now_s)
            self.receiver.receive(A, packets.heartbeat(80, BEGAN_NS + 10**12), now_s)
            for request in self.receiver.due(now_s).requests:
                for packet in self.backup.again(request.begin, request.end):
                    self.receiver.receive(Line.RETRANSMISSION, packet, now_s)
            if self.receiver.complete and self.receiver.arbiter.next == 81:
                return


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 60), st.floats(0, 0.5), st.integers(0, 80), st.booleans())
def test_after_a_failover_the_picture_is_the_backup_sites(seed, before, loss, shown, anew):
    failover = Failover(seed, loss, anew=anew)
    failover.send(failover.primary, 1, before, 0.0)
    failover.receiver.on_dr(DrAction.CLEAR, 10.0)
    failover.send(failover.primary, before, before, 11.0)  # under way for long
    failover.receiver.on_dr(DrAction.REBUILD, 20.0)
    failover.send(failover.backup, 1 if anew else before + 1, 80, 21.0)
    failover.recover(shown, 21.0)
    assert failover.receiver.complete
    assert failover.receiver.picture.differences(failover.backup.picture()) == []
