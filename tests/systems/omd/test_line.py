"""Arbitration: what two lines bring, in order and each message once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_hkexprt.systems.omd import packets
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.events import Fresh, Why
from pytest_hkexprt.systems.omd.line import Arbiter
from pytest_hkexprt.systems.omd.walk import BadPacket
from tests.systems.omd.arbiters import MORNING, MS, beat, reset, sent, short, told

A, B = Line.A, Line.B


@pytest.fixture
def arbiter():
    return Arbiter(start=1)


def test_lines_framed_differently_give_each_message_once(arbiter):
    # as the guide's example: line A in packets of 3, 2 and 2 messages, line B in packets of 2, 3 and 2
    came = told(
        arbiter, (A, sent(1, 3)), (B, sent(1, 2)), (B, sent(3, 5)), (A, sent(4, 5)), (A, sent(6, 7)), (B, sent(6, 7))
    )
    assert [each for each in came if each[0].startswith("fresh")] == [
        ("fresh A", 1, 3),
        ("fresh B", 4, 5),
        ("fresh A", 6, 7),
    ]
    assert arbiter.lines[A].fresh == 5
    assert arbiter.lines[B].fresh == 2
    assert (arbiter.lines[A].duplicates, arbiter.lines[B].duplicates) == (2, 5)
    assert arbiter.delivered == 7


def test_whichever_line_is_first_is_taken(arbiter):
    assert told(arbiter, (B, sent(1, 2)), (A, sent(1, 2))) == [("fresh B", 1, 2), ("duplicate A", 2)]


def test_a_gap_is_held_open_until_the_other_line_fills_it(arbiter):
    assert told(arbiter, (A, sent(1, 1)), (A, sent(4, 4)))[1:] == [("passed over A", 2, 3), ("gap", 2, 3)]
    assert arbiter.held == 1
    assert told(arbiter, (B, sent(1, 2)), (B, sent(3, 4)), now_s=0.25) == [
        ("filled B", 2, 2),
        ("duplicate B", 1),
        ("fresh B", 2, 2),
        ("filled B", 3, 3),
        ("duplicate B", 1),
        ("fresh B", 3, 3),
        ("fresh A", 4, 4),
    ]
    assert not arbiter.gaps
    assert not arbiter.held


def test_a_gap_says_how_long_it_was_open(arbiter):
    arbiter.receive(A, sent(2, 2), 10.0)
    (filled, _, _) = arbiter.receive(B, sent(1, 1), 10.5)
    assert (filled.took_s, filled.by) == (0.5, B)


def test_packets_in_the_wrong_order_on_one_line_are_put_in_order(arbiter):
    came = told(arbiter, (A, sent(1, 1)), (A, sent(3, 3)), (A, sent(2, 2)))
    assert came[-3:] == [("filled A", 2, 2), ("fresh A", 2, 2), ("fresh A", 3, 3)]
    assert (arbiter.lines[A].missed, arbiter.lines[A].late) == (1, 1)


def test_what_one_line_passes_over_is_told_though_the_other_had_brought_it(arbiter):
    told(arbiter, (B, sent(1, 5)), (A, sent(1, 2)))
    assert told(arbiter, (A, sent(5, 5))) == [("passed over A", 3, 4), ("duplicate A", 1)]
    assert (arbiter.lines[A].missed, arbiter.lines[A].late, arbiter.lines[B].missed) == (2, 0, 0)


def test_a_retransmission_fills_a_gap_on_both_lines(arbiter):
    told(arbiter, (A, sent(3, 3)), (B, sent(3, 3)))
    again = sent(1, 2, at_ms=99_000)
    assert told(arbiter, (Line.RETRANSMISSION, again))[:1] == [("filled retransmission", 1, 2)]
    assert arbiter.lines[Line.RETRANSMISSION].fresh == 2
    assert arbiter.next == 4


def test_a_part_of_a_gap_can_be_filled(arbiter):
    told(arbiter, (A, sent(9, 9)))
    assert told(arbiter, (B, sent(4, 6))) == [("filled B", 4, 6)]
    assert [(gap.first, gap.last) for gap in arbiter.gaps] == [(1, 3), (7, 8)]
    assert arbiter.held == 4


def test_a_heartbeat_is_no_message(arbiter):
    assert told(arbiter, (A, sent(1, 2)), (A, beat(2, 2000)), (A, sent(3, 3, 3000))) == [
        ("fresh A", 1, 2),
        ("heartbeat", 2, False),
        ("fresh A", 3, 3),
    ]
    assert arbiter.lines[A].heartbeats == 1


def test_a_heartbeat_that_names_an_unseen_message_opens_a_gap(arbiter):
    came = told(arbiter, (A, sent(1, 2)), (B, sent(1, 2)), (A, beat(4, 2000)))
    assert came[-3:] == [("passed over A", 3, 4), ("gap", 3, 4), ("heartbeat", 4, True)]
    assert arbiter.gaps[0].why is Why.HEARTBEAT
    assert told(arbiter, (A, sent(5, 5, 3000))) == []
    assert told(arbiter, (B, sent(3, 4))) == [("filled B", 3, 4), ("fresh B", 3, 4), ("fresh A", 5, 5)]


def test_whoever_joins_in_the_midst_begins_with_the_first_packet():
    arbiter = Arbiter()
    assert arbiter.next is None
    assert told(arbiter, (A, sent(500, 501)), (B, sent(499, 501))) == [("fresh A", 500, 501), ("duplicate B", 3)]


def test_whoever_joins_with_a_heartbeat_waits_for_what_follows():
    arbiter = Arbiter()
    told(arbiter, (A, beat(499, 400)))
    assert arbiter.next == 500
    assert told(arbiter, (A, sent(500, 500))) == [("fresh A", 500, 500)]


def test_after_a_restart_nothing_is_delivered_before_the_snapshot(arbiter):
    told(arbiter, (A, sent(1, 9)))
    arbiter.restart()
    assert told(arbiter, (A, sent(3, 6, 5000)), (A, sent(7, 8, 5001))) == []
    assert [short(each) for each in arbiter.refreshed(4, 0.0)] == [
        ("superseded", 3, 4),
        ("fresh A", 5, 6),
        ("fresh A", 7, 8),
    ]
    assert told(arbiter, (A, sent(9, 9, 5002))) == [("fresh A", 9, 9)]


def test_a_snapshot_counts_as_filling_the_gap_it_covers(arbiter):
    told(arbiter, (A, sent(1, 1)), (A, sent(5, 5)))
    assert [short(each) for each in arbiter.refreshed(4, 0.0)] == [("filled refresh", 2, 4), ("fresh A", 5, 5)]


def test_what_lies_between_a_snapshot_and_the_first_message_held_is_a_gap():
    arbiter = Arbiter(holding=True)
    assert told(arbiter, (A, sent(10, 12))) == []
    assert [short(each) for each in arbiter.refreshed(7, 0.0)] == [("gap", 8, 9)]
    assert told(arbiter, (Line.RETRANSMISSION, sent(8, 9)))[0] == ("filled retransmission", 8, 9)
    assert arbiter.next == 13


def test_a_snapshot_older_than_what_was_delivered_asks_for_the_rest_again(arbiter):
    told(arbiter, (A, sent(1, 9)))
    arbiter.hold()
    assert [short(each) for each in arbiter.refreshed(5, 0.0)] == [("gap", 6, 9)]


def test_what_is_given_up_is_lost_and_the_rest_is_delivered(arbiter):
    told(arbiter, (A, sent(2, 2)), (A, sent(5, 5)), (A, sent(8, 8)))
    assert [short(each) for each in arbiter.give_up(3, 4, 0.0)] == [("lost", 3, 4)]
    assert [short(each) for each in arbiter.give_up(1, 1, 0.0)] == [
        ("lost", 1, 1),
        ("fresh A", 2, 2),
        ("fresh A", 5, 5),
    ]
    assert [(gap.first, gap.last) for gap in arbiter.gaps] == [(6, 7)]


def test_too_much_held_gives_up_the_oldest_gap():
    arbiter = Arbiter(start=1, most_held=10)
    told(arbiter, (A, sent(2, 6)), (A, sent(8, 12)))
    assert told(arbiter, (A, sent(14, 14)))[2:] == [("lost", 1, 1), ("fresh A", 2, 6)]
    assert arbiter.held == 6


def test_too_much_held_for_a_snapshot_becomes_a_gap_again():
    arbiter = Arbiter(start=1, holding=True, most_held=10)
    told(arbiter, (A, sent(1, 6)))
    assert told(arbiter, (A, sent(7, 12))) == [("gap", 1, 6)]
    assert arbiter.held == 6


def test_a_broken_packet_is_counted_and_changes_nothing(arbiter):
    told(arbiter, (A, sent(1, 1)))
    with pytest.raises(BadPacket):
        arbiter.receive(A, sent(2, 2)[:-1], 0.0)
    assert arbiter.lines[A].broken == 1
    assert told(arbiter, (A, sent(2, 2))) == [("fresh A", 2, 2)]


def test_what_comes_is_counted_by_type_and_a_type_nobody_lists_for_itself(arbiter):
    strange = packets.packet(3, [bytes.fromhex("0800e703") + bytes(4)], MORNING)
    for packet in (sent(1, 2), strange, sent(4, 4)):
        arbiter.receive(A, packet, 0.0)
    assert arbiter.lines[A].types == {51: 3, 999: 1}
    assert arbiter.lines[A].unknown == 1
    assert arbiter.delivered == 4


@pytest.mark.parametrize("before", [beat(0, 0), reset(0)])
def test_the_first_message_is_known_though_a_heartbeat_or_a_reset_came_before_it(arbiter, before):
    told(arbiter, (A, before), (A, sent(1, 2, 1)), (A, sent(3, 3, 2)))
    assert (arbiter.lines[A].first, arbiter.lines[A].last) == (1, 3)


def test_latency_is_that_of_arrival_where_it_is_told(arbiter):
    arbiter.receive(A, sent(1, 1), 0.0, MORNING + 3 * MS)
    arbiter.receive(A, sent(2, 2), 0.0, MORNING + 6 * MS)
    latency = arbiter.lines[A].latency
    assert (latency.least_ns, latency.greatest_ns, latency.sum_ns, latency.count) == (2 * MS, 4 * MS, 6 * MS, 2)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from((A, B)), st.integers(1, 40), st.integers(0, 5)), max_size=40))
def test_whatever_comes_is_delivered_in_order_and_each_once(came):
    arbiter, delivered = Arbiter(start=1), []
    for line, first, more in came:
        for event in arbiter.receive(line, sent(first, first + more, 0), 0.0):
            if isinstance(event, Fresh):
                delivered += [each["TradeID"] for each in event.messages()]
    assert delivered == list(range(1, len(delivered) + 1))
    seen = {number for _, first, more in came for number in range(first, first + more + 1)}
    missing = {number for gap in arbiter.gaps for number in range(gap.first, gap.last + 1)}
    assert missing == set(range(1, max(seen, default=0) + 1)) - seen
    assert len(delivered) + arbiter.held == len(seen)
    assert sum(count.fresh for count in arbiter.lines.values()) == len(seen)
