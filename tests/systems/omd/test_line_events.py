"""What arbitration tells, event by event and whole: on which line, why, when it opened and how long it took."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.omd import packets
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.counts import Latency
from pytest_hkexprt.systems.omd.events import (
    Duplicate,
    Event,
    Fresh,
    GapFilled,
    GapLost,
    GapOpened,
    Heartbeat,
    LineGap,
    Reset,
    Why,
)
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.line import SAME_RESET_NS, Arbiter
from pytest_hkexprt.systems.omd.walk import BadPacket
from tests.systems.omd.test_line import MORNING, MS, A, B, beat, reset, sent, told


@pytest.fixture
def arbiter():
    return Arbiter(start=1)


def but_fresh(events: list[Event]) -> list[Event]:
    """Return events without those that hand messages on."""
    return [event for event in events if not isinstance(event, Fresh)]


# ------------------------------------------------------------------ gaps


def test_a_gap_names_the_line_that_told_of_it_and_when(arbiter):
    arbiter.receive(A, sent(1, 1), 1.0)
    assert but_fresh(arbiter.receive(B, sent(4, 4), 2.5)) == [GapOpened(2, 3, B, Why.PACKET, 2.5)]
    assert [(gap.first, gap.last, gap.line, gap.why, gap.opened_s) for gap in arbiter.gaps] == [
        (2, 3, B, Why.PACKET, 2.5)
    ]


def test_a_gap_that_a_heartbeat_tells_of_names_it(arbiter):
    arbiter.receive(A, sent(1, 1), 1.0)
    assert arbiter.receive(A, beat(3, 2), 2.5) == [
        LineGap(A, 2, 3),
        GapOpened(2, 3, A, Why.HEARTBEAT, 2.5),
        Heartbeat(A, 3, unseen=True),
    ]
    assert [(gap.line, gap.why) for gap in arbiter.gaps] == [(A, Why.HEARTBEAT)]


def test_a_heartbeat_that_tells_nothing_new_names_its_line(arbiter):
    arbiter.receive(A, sent(1, 1), 1.0)
    assert arbiter.receive(B, beat(1, 2), 2.5) == [Heartbeat(B, 1, unseen=False)]


def test_a_gap_that_is_given_up_says_how_long_it_stood_open(arbiter):
    arbiter.receive(A, sent(1, 1), 1.0)
    arbiter.receive(A, sent(4, 4), 2.0)
    assert but_fresh(arbiter.give_up(2, 3, 5.5)) == [GapLost(2, 3, Why.GIVEN_UP, 3.5)]


def test_who_gives_a_gap_up_may_say_why(arbiter):
    arbiter.receive(A, sent(4, 4), 2.0)
    assert but_fresh(arbiter.give_up(1, 3, 5.5, Why.FULL)) == [GapLost(1, 3, Why.FULL, 3.5)]


def test_a_gap_that_a_snapshot_fills_says_how_long_it_stood_open(arbiter):
    arbiter.receive(A, sent(1, 1), 1.0)
    arbiter.receive(A, sent(4, 4), 2.0)
    assert but_fresh(arbiter.refreshed(3, 5.5)) == [GapFilled(2, 3, Line.REFRESH, 3.5)]


def test_a_gap_behind_a_snapshot_is_told_as_the_snapshots():
    arbiter = Arbiter(holding=True)
    arbiter.receive(A, sent(9, 9), 1.0)
    opened = [event for event in arbiter.refreshed(5, 2.5) if isinstance(event, GapOpened)]
    assert opened == [GapOpened(6, 8, Line.REFRESH, Why.REFRESH, 2.5)]


def test_messages_of_several_gaps_in_one_packet_are_all_counted(arbiter):
    for number in (2, 4):
        arbiter.receive(A, sent(number, number), 1.0)
    arbiter.receive(B, sent(1, 5), 2.0)
    assert (arbiter.lines[B].fresh, arbiter.lines[B].duplicates, arbiter.delivered) == (3, 2, 5)


# ------------------------------------------------------------------ room


def test_a_gap_that_held_too_much_is_lost_for_want_of_room():
    arbiter = Arbiter(start=1, most_held=2)
    arbiter.receive(A, sent(2, 3), 1.0)
    assert but_fresh(arbiter.receive(A, sent(4, 4), 4.5)) == [GapLost(1, 1, Why.FULL, 3.5)]


def test_who_holds_for_a_snapshot_drops_the_oldest_for_want_of_room():
    arbiter = Arbiter(holding=True, most_held=2)
    arbiter.receive(B, sent(1, 2), 1.0)
    assert arbiter.receive(A, sent(3, 3), 4.5) == [GapOpened(1, 2, B, Why.FULL, 4.5)]
    assert [(gap.first, gap.last, gap.opened_s) for gap in arbiter.gaps] == [(1, 2, 4.5)]


def test_what_just_has_room_is_held():
    arbiter = Arbiter(start=1, most_held=2)
    assert not any(isinstance(event, GapLost) for event in arbiter.receive(A, sent(2, 3), 1.0))


# ------------------------------------------------------------------ holding


def test_what_is_held_is_delivered_when_it_is_held_no_longer(arbiter):
    arbiter.hold()
    assert arbiter.holding
    assert told(arbiter, (A, sent(1, 2)), (A, sent(4, 4)))[:1] != [("fresh A", 1, 2)]
    released = arbiter.release(5.0)
    assert [(event.first, event.last) for event in released if isinstance(event, Fresh)] == [(1, 2)]
    assert (arbiter.holding, arbiter.held, arbiter.delivered) == (False, 1, 2)


def test_who_began_anew_takes_the_lines_wherever_they_are(arbiter):
    told(arbiter, (A, sent(1, 5)), (B, sent(1, 5)))
    arbiter.restart()
    assert (arbiter.next, arbiter.held, arbiter.holding) == (None, 0, True)
    told(arbiter, (A, sent(100, 101, at_ms=6)))
    assert (arbiter.lines[A].next, arbiter.lines[A].stale, arbiter.lines[A].missed) == (102, 0, 0)


def test_after_a_snapshot_the_lines_go_straight_on(arbiter):
    arbiter.restart()
    arbiter.refreshed(5, 1.0)
    assert told(arbiter, (A, sent(6, 7)), (B, sent(6, 7))) == [("fresh A", 6, 7), ("duplicate B", 2)]


# ------------------------------------------------------------------ counts


def test_packets_and_messages_of_each_line_are_counted(arbiter):
    told(arbiter, (A, sent(1, 2)), (A, sent(3, 5)), (B, sent(1, 5)), (A, beat(5, 9)), (A, beat(5, 10)))
    lines = [arbiter.lines[line] for line in (A, B)]
    assert [(count.packets, count.messages, count.heartbeats) for count in lines] == [(4, 5, 2), (1, 5, 0)]
    assert [(count.first, count.last, count.duplicates) for count in lines] == [(1, 5, 0), (1, 5, 5)]
    assert arbiter.lines[A].types[Type.TRADE_CANCEL] == 5


def test_each_line_knows_when_it_was_heard_last(arbiter):
    arbiter.receive(A, sent(1, 1), 1.0)
    arbiter.receive(A, beat(1, 2), 2.5)
    assert (arbiter.lines[A].heard_s, arbiter.lines[B].heard_s) == (2.5, None)


def test_broken_packets_are_counted_and_change_nothing_else(arbiter):
    for _ in range(2):
        with pytest.raises(BadPacket):
            arbiter.receive(A, b"x", 1.0)
    assert (arbiter.lines[A].broken, arbiter.lines[A].packets, arbiter.lines[A].heard_s) == (2, 0, None)


def test_latency_is_told_where_the_moment_of_arrival_is(arbiter):
    arbiter.receive(A, sent(1, 1, at_ms=1), 1.0)
    assert arbiter.lines[A].latency == Latency()
    arbiter.receive(A, sent(2, 2, at_ms=2), 1.0, MORNING + 5 * MS)
    assert arbiter.lines[A].latency == Latency(1, 3 * MS, 3 * MS, 3 * MS)


@pytest.mark.parametrize("again", [1, 3])
def test_a_line_behind_the_other_goes_on_from_where_it_is(arbiter, again):
    told(arbiter, (A, sent(1, 9)))
    told(arbiter, *((B, sent(number, number)) for number in range(1, 1 + again)))
    assert (arbiter.lines[B].next, arbiter.lines[B].duplicates, arbiter.lines[B].missed) == (1 + again, again, 0)
    assert told(arbiter, (B, sent(5, 5)))[0] == ("passed over B", 1 + again, 4)


def test_a_duplicate_names_its_line_and_counts_its_messages(arbiter):
    arbiter.receive(A, sent(1, 3), 1.0)
    arbiter.receive(B, sent(1, 1), 1.0)
    assert arbiter.receive(B, sent(2, 3), 1.0) == [Duplicate(B, 2)]


def test_what_a_line_passes_over_is_told_with_what_it_brings(arbiter):
    told(arbiter, (A, sent(1, 1)), (B, sent(1, 3)))
    assert told(arbiter, (A, sent(3, 4))) == [
        ("passed over A", 2, 2),
        ("duplicate A", 1),
        ("fresh A", 4, 4),
    ]


# ------------------------------------------------------------------ resets


def test_a_reset_is_told_with_its_line_and_what_it_leaves_behind(arbiter):
    arbiter.receive(A, sent(1, 1), 1.0)
    arbiter.receive(A, sent(4, 4), 2.0)
    assert arbiter.receive(B, reset(50), 5.5) == [GapLost(2, 3, Why.RESET, 3.5), Reset(B, 1, 2, new_day=False)]


def test_a_reset_at_the_beginning_has_nothing_before_it():
    assert Arbiter().receive(A, reset(50), 1.0) == [Reset(A, 1, 0, new_day=False)]


@pytest.mark.parametrize(("apart_ns", "same"), [(SAME_RESET_NS - MS, True), (SAME_RESET_NS, False)])
def test_resets_on_the_two_lines_within_five_seconds_are_one(arbiter, apart_ns, same):
    arbiter.receive(A, reset(50), 1.0)
    (event,) = arbiter.receive(B, reset(50 + apart_ns // MS), 2.0)
    assert isinstance(event, Duplicate if same else Reset)


def test_a_second_reset_of_the_same_line_is_another(arbiter):
    arbiter.receive(A, reset(50), 1.0)
    assert isinstance(arbiter.receive(A, reset(51), 1.0)[0], Reset)


def test_resets_that_come_again_are_counted_as_duplicates(arbiter):
    arbiter.receive(A, reset(50), 1.0)
    for _ in range(2):
        arbiter.receive(B, reset(50), 1.0)
    assert (arbiter.lines[B].duplicates, arbiter.lines[B].messages) == (2, 2)


def test_the_line_whose_reset_came_second_goes_on_at_its_number(arbiter):
    told(arbiter, (A, reset(50)), (B, reset(50)))
    assert (arbiter.lines[A].next, arbiter.lines[B].next) == (1, 1)
    assert told(arbiter, (B, sent(2, 2, at_ms=60)))[0] == ("passed over B", 1, 1)


def test_what_the_other_line_had_sent_before_the_reset_is_left_out(arbiter):
    told(arbiter, (A, sent(1, 3, at_ms=40)), (A, reset(50)))
    assert told(arbiter, (B, sent(1, 3, at_ms=40)), (B, beat(3, 45))) == []
    assert arbiter.lines[B].stale == 2


def test_a_packet_may_hold_messages_before_and_after_its_reset(arbiter):
    messages = [
        build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=1),
        build(Type.SEQUENCE_RESET, NewSeqNo=7),
        build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=7),
    ]
    assert told(arbiter, (A, packets.encode(1, messages, MORNING)), now_s=2.0) == [
        ("fresh A", 1, 1),
        ("reset", 7, 2, False),
        ("fresh A", 7, 7),
    ]
    assert arbiter.lines[A].messages == 3


def test_a_packet_may_hold_two_resets(arbiter):
    messages = [
        build(Type.SEQUENCE_RESET, NewSeqNo=7),
        build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=7),
        build(Type.SEQUENCE_RESET, NewSeqNo=3),
        build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=3),
    ]
    came = told(arbiter, (A, packets.encode(1, messages, MORNING)))
    assert came[:2] == [("reset", 7, 1, False), ("fresh A", 7, 7)]
    assert arbiter.lines[A].messages == 4


def test_messages_before_a_reset_open_gaps_at_that_moment(arbiter):
    messages = [
        build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=9),
        build(Type.SEQUENCE_RESET, NewSeqNo=1),
    ]
    events = arbiter.receive(A, packets.encode(9, messages, MORNING), 2.0)
    assert [event for event in events if isinstance(event, GapOpened)] == [GapOpened(1, 8, A, Why.PACKET, 2.0)]
    assert [event for event in events if isinstance(event, GapLost)] == [GapLost(1, 8, Why.RESET, 0.0)]
