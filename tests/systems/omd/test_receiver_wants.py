"""What a receiver wants a snapshot for, and when it wants one no longer; what it gives up, and what it counts."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.omd import packets
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.events import Fresh, GapLost, Why
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.receiver import GONE_BACK, MOST_BAD, Receiver
from pytest_hkexprt.systems.omd.recovery import DrAction, Limits, Requests
from pytest_hkexprt.systems.omd.refresh import State
from tests.systems.omd.market import BEGAN_NS, Publisher
from tests.systems.omd.test_receiver import A, B, give, later, refresh, reset, same


@pytest.fixture
def publisher():
    return Publisher(7, 60)


@pytest.fixture
def receiver():
    """A receiver that was there from the beginning; nothing but the newest five messages can be asked for again."""
    return Receiver(30, Requests(Limits(newest=5), patience_s=0.5), refresh=True, start=1)


def waits_s(receiver: Receiver, now_s: float) -> float:
    return receiver.refresh.waiting_s(now_s)


# ------------------------------------------------------------------ wanting a snapshot


def test_who_is_there_from_the_beginning_wants_none(receiver):
    receiver.join(1.0)
    assert receiver.refresh.state is State.IDLE


def test_who_joins_in_the_midst_waits_from_then_on_and_for_more_than_a_gap(publisher):
    receiver = Receiver(30, Requests(), refresh=True)
    receiver.join(1.0)
    give(receiver, publisher, 30, 40)
    receiver.arbiter.release(1.5)
    receiver.due(2.0)
    assert waits_s(receiver, 5.0) == 4.0


def test_a_gap_that_cannot_be_had_is_waited_for_from_then_on_and_as_of_its_last_message(receiver, publisher):
    give(receiver, publisher, 1, 10)
    give(receiver, publisher, 15, 40, now_s=1.0)
    receiver.due(2.0)
    assert waits_s(receiver, 5.0) == 3.0
    refresh(receiver, publisher, 13, 5.0)  # older than what is missing
    assert not receiver.complete
    refresh(receiver, publisher, 14, 6.0)
    assert receiver.complete
    assert same(receiver, publisher, 40)


def test_what_came_meanwhile_is_shown_while_a_snapshot_is_wanted_for_a_gap_alone(receiver, publisher):
    give(receiver, publisher, 1, 10)
    give(receiver, publisher, 15, 40)
    receiver.due(1.0)
    assert not receiver.arbiter.holding
    assert receiver.picture.applied == 10


def test_a_snapshot_that_is_wanted_after_a_reset_stays_wanted_though_a_gap_before_it_was_filled(receiver, publisher):
    give(receiver, publisher, 1, 10)
    give(receiver, publisher, 15, 40)
    receiver.due(1.0)
    receiver.receive(A, reset(BEGAN_NS + 10**12), 2.0)
    assert receiver.arbiter.holding
    receiver.arbiter.release(2.5)
    receiver.due(3.0)
    assert receiver.refresh.state is State.JOINING


def test_a_snapshot_that_is_wanted_for_a_second_gap_can_be_done_without_as_well(receiver, publisher):
    for at, (first, last) in enumerate([(1, 10), (15, 40), (11, 14), (45, 60), (41, 44)]):
        give(receiver, publisher, first, last, now_s=float(at))
        receiver.due(at + 0.9)
    assert receiver.complete
    assert receiver.refresh.state is State.IDLE
    assert same(receiver, publisher, 60)


def test_a_snapshot_that_was_taken_is_wanted_no_longer_and_counted(receiver, publisher):
    for snapshots, (first, last, shown) in enumerate([(15, 30, 20), (35, 50, 40)], 1):
        give(receiver, publisher, first, last)
        receiver.due(1.0)
        refresh(receiver, publisher, shown, 2.0)
        assert (receiver.snapshots, receiver.refresh.state) == (snapshots, State.IDLE)


def test_the_end_of_a_failover_wants_a_snapshot_for_more_than_a_gap(receiver, publisher):
    give(receiver, publisher, 1, 10)
    receiver.on_dr(DrAction.REBUILD, 3.0)
    receiver.arbiter.release(3.5)
    receiver.due(4.0)
    assert waits_s(receiver, 5.0) == 2.0


def test_the_end_of_a_failover_of_a_channel_without_snapshots_lets_it_go_on(publisher):
    receiver = Receiver(30, Requests(), start=1)
    give(receiver, publisher, 1, 10)
    receiver.on_dr(DrAction.REBUILD, 3.0)
    assert not receiver.arbiter.holding
    give(receiver, publisher, 20, 30, now_s=4.0)
    assert receiver.complete


# ------------------------------------------------------------------ what is lost


def test_what_there_is_no_room_for_is_lost_and_a_snapshot_as_of_it_wanted(receiver, publisher):
    receiver.arbiter._most_held = 5
    give(receiver, publisher, 1, 10)
    give(receiver, publisher, 15, 20, now_s=2.0)
    assert waits_s(receiver, 5.0) == 3.0
    assert (receiver.arbiter.holding, receiver.picture.tape_whole) == (True, False)
    refresh(receiver, publisher, 13, 5.0)
    assert not receiver.complete
    refresh(receiver, publisher, 20, 6.0)
    assert receiver.complete


def test_what_is_lost_with_a_reset_is_no_loss_of_the_tape(receiver, publisher):
    give(receiver, publisher, 1, 10)
    give(receiver, publisher, 15, 20)
    receiver.receive(A, reset(BEGAN_NS + 10**12), 1.0)
    assert receiver.picture.tape_whole


def test_in_the_end_what_was_held_is_shown(publisher):
    receiver = Receiver(30, Requests(), refresh=True)
    receiver.join(0.0)
    give(receiver, publisher, 1, 40)
    assert receiver.picture.applied == 0
    events = receiver.finish(9.0, patience_s=5.0)
    assert sum(event.count for event in events if isinstance(event, Fresh)) == 40
    assert same(receiver, publisher, 40)


def test_in_the_end_gaps_that_were_open_for_long_are_given_up_and_younger_ones_are_not(publisher):
    receiver = Receiver(30, Requests(), start=1)
    give(receiver, publisher, 2, 5, now_s=1.0)
    give(receiver, publisher, 10, 12, now_s=4.0)
    give(receiver, publisher, 20, 25, now_s=4.5)
    events = receiver.finish(9.0, patience_s=5.0)
    assert [event for event in events if isinstance(event, GapLost)] == [
        GapLost(1, 1, Why.GIVEN_UP, 8.0),
        GapLost(6, 9, Why.GIVEN_UP, 5.0),
    ]
    assert [(gap.first, gap.last) for gap in receiver.arbiter.gaps] == [(13, 19)]
    assert receiver.picture.applied == 7


# ------------------------------------------------------------------ going back, and bad messages


@pytest.mark.parametrize(("count", "restarts"), [(GONE_BACK - 1, 0), (GONE_BACK, 1)])
def test_three_packets_that_go_back_are_a_publisher_that_begins_anew(receiver, publisher, count, restarts):
    give(receiver, publisher, 1, 40)
    for packet in later(Publisher(8, 30), 1, count):
        receiver.receive(A, packet, 1.0)
    assert receiver.restarts == restarts


def test_packets_that_go_back_count_anew_after_one_that_goes_on(receiver, publisher):
    give(receiver, publisher, 1, 40)
    back = later(publisher, 1, 4)
    for packet in back[:2]:
        receiver.receive(A, packet, 1.0)
    give(receiver, publisher, 41, 41, B)
    for packet in back[2:]:
        receiver.receive(A, packet, 1.0)
    assert receiver.restarts == 0


def test_every_publisher_that_begins_anew_is_counted(receiver):
    for number in range(2):
        at_ns = BEGAN_NS + number * 10**13
        heartbeat = packets.heartbeat(50, at_ns)
        receiver.receive(A, heartbeat, 1.0)
        for more in range(1, 1 + GONE_BACK):
            receiver.receive(A, packets.heartbeat(2, at_ns + more * 10**9), 1.0)
    assert receiver.restarts == 2


def bad() -> bytes:
    """Return an order of 8 bytes, where 32 are its least."""
    return bytes.fromhex("08001e0005000000")


def test_no_more_than_a_hundred_bad_messages_are_kept(receiver):
    for number in range(MOST_BAD // 10 + 2):
        receiver.receive(A, packets.packet(1 + number * 10, [bad()] * 10, BEGAN_NS + number), 0.0)
    assert len(receiver.bad) == MOST_BAD


def test_bad_messages_of_a_piece_are_told_once_each(receiver):
    news = packets.message_bytes(build(Type.NOMINAL_PRICE, SecurityCode=5, NominalPrice=1))
    receiver.receive(A, packets.packet(1, [bad(), news], BEGAN_NS), 0.0)
    receiver.receive(B, packets.packet(1, [bad(), news, bad(), news], BEGAN_NS), 0.0)
    assert (len(receiver.bad), receiver.picture.applied) == (2, 2)


def test_the_moment_of_arrival_tells_a_latency(receiver):
    receiver.receive(Line.A, packets.heartbeat(0, BEGAN_NS), 0.0)
    assert receiver.arbiter.lines[A].latency.count == 0
    receiver.receive(Line.A, packets.heartbeat(0, BEGAN_NS + 1), 0.0, BEGAN_NS + 6)
    assert receiver.arbiter.lines[A].latency.sum_ns == 5
