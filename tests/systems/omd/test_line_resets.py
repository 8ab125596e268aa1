"""Sequences that begin anew: by a reset of either line, or without one."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.omd import packets
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.line import Arbiter
from tests.systems.omd.arbiters import DAY_MS, MORNING, beat, reset, sent, told

A, B = Line.A, Line.B


@pytest.fixture
def arbiter():
    return Arbiter(start=1)


def test_a_reset_begins_anew_and_the_other_lines_copy_is_no_second_one(arbiter):
    told(arbiter, (A, sent(1, 9)), (B, sent(1, 9)))
    assert told(arbiter, (A, reset(1000)), (A, sent(1, 2, 1001)), (B, reset(1002)), (B, sent(1, 3, 1003))) == [
        ("reset", 1, 10, False),
        ("fresh A", 1, 2),
        ("duplicate B", 1),
        ("fresh B", 3, 3),
    ]


def test_what_was_sent_before_a_reset_and_comes_after_it_is_passed_over(arbiter):
    told(arbiter, (A, sent(1, 9)), (B, sent(1, 3)), (A, reset(1000)))
    assert told(arbiter, (B, sent(4, 9)), (A, sent(1, 1, 1001))) == [("fresh A", 1, 1)]
    assert arbiter.lines[B].stale == 1


def test_a_line_that_lost_its_reset_goes_on_with_what_was_sent_after_it(arbiter):
    told(arbiter, (A, sent(1, 9)), (B, sent(1, 9)), (A, reset(1000)))
    assert told(arbiter, (B, sent(1, 2, 1001))) == [("fresh B", 1, 2)]


def test_a_second_reset_on_the_same_line_is_a_new_one(arbiter):
    told(arbiter, (A, reset(1000)), (A, sent(1, 2, 1001)))
    assert told(arbiter, (A, reset(1005))) == [("reset", 1, 3, False)]


def test_a_reset_that_comes_late_does_not_throw_away_what_followed_it(arbiter):
    told(arbiter, (A, sent(1, 2, 1001)))
    assert told(arbiter, (B, reset(1000)), (B, sent(1, 3, 1002))) == [("duplicate B", 1), ("fresh B", 3, 3)]


def test_the_first_reset_of_another_day_says_so(arbiter):
    told(arbiter, (A, sent(1, 9)))
    assert told(arbiter, (A, reset(DAY_MS))) == [("reset", 1, 10, True)]


def test_a_day_begins_at_midnight_in_hong_kong(arbiter):
    # 2 March 2024, 09:00 there; midnight is 15 hours later
    told(arbiter, (A, sent(1, 9)), (A, reset(15 * 3_600_000 - 1)))
    assert told(arbiter, (A, reset(15 * 3_600_000))) == [("reset", 1, 1, True)]


def test_a_gap_that_is_open_at_a_reset_is_lost(arbiter):
    told(arbiter, (A, sent(1, 1)), (A, sent(4, 4)))
    assert told(arbiter, (A, reset(1000)))[:1] == [("lost", 2, 3)]
    assert not arbiter.gaps


def test_a_reset_among_other_messages_numbers_those_after_it_anew(arbiter):
    before = build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=1)
    after = [build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=number) for number in (1, 2)]
    packet = packets.encode(1, [before, build(Type.SEQUENCE_RESET, NewSeqNo=1), *after], MORNING)
    assert told(arbiter, (A, packet)) == [("fresh A", 1, 1), ("reset", 1, 2, False), ("fresh A", 1, 2)]


def test_two_resets_in_one_packet_are_two_and_the_other_lines_copy_is_none(arbiter):
    two = [build(Type.SEQUENCE_RESET, NewSeqNo=1), build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=1)] * 2
    packet = packets.encode(1, two, MORNING)
    assert told(arbiter, (A, packet)) == [
        ("reset", 1, 1, False),
        ("fresh A", 1, 1),
        ("reset", 1, 2, False),
        ("fresh A", 1, 1),
    ]
    told(arbiter, (A, sent(2, 3, 1)))
    again = told(arbiter, (B, packet))
    assert {kind for kind, *_ in again} == {"duplicate B"}


def test_a_sequence_that_goes_back_without_a_reset_is_told_and_not_followed(arbiter):
    told(arbiter, (A, sent(1, 9)), (B, sent(1, 9)))
    assert told(arbiter, (A, sent(1, 2, 5000))) == [("back", 1, 10)]
    assert told(arbiter, (A, beat(2, 6000))) == [("back", 3, 10)]
    assert arbiter.lines[A].backward == 2
    assert told(arbiter, (B, sent(10, 10, 5001))) == [("fresh B", 10, 10)]


def test_a_packet_that_repeats_a_little_and_goes_on_is_followed(arbiter):
    assert told(arbiter, (A, sent(1, 4)), (A, sent(4, 6, 5000)))[1:] == [("duplicate A", 1), ("fresh A", 5, 6)]


def test_a_packet_that_comes_twice_on_one_line_is_no_sequence_going_back(arbiter):
    assert told(arbiter, (A, sent(1, 2)), (A, sent(3, 4)), (A, sent(1, 2)))[-1] == ("duplicate A", 2)
    assert arbiter.lines[A].backward == 0
