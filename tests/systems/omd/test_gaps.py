"""Numbers that are missing, and what is held because of them: cut, filled, given up and gone behind."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.omd import packets
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.events import Fresh, Why
from pytest_hkexprt.systems.omd.gaps import Gap, Gaps
from pytest_hkexprt.systems.omd.layouts import Type

A, B = Line.A, Line.B
WHOLE = packets.read(packets.encode(1, [build(Type.TRADE_CANCEL, TradeID=number) for number in range(1, 21)], 0))
"""A packet of messages 1 to 20."""


def piece(first: int, last: int) -> Fresh:
    return Fresh(A, WHOLE, first, last)


def gap(first: int, last: int, opened_s: float = 1.0, line: Line = A, why: Why = Why.PACKET) -> Gap:
    return Gap(first, last, opened_s, line, why)


def gaps(known: int, *missing: tuple[int, int]) -> Gaps:
    """Return what is known up to a number, and these ranges of it missing."""
    made = Gaps(known)
    made.gaps = [gap(first, last) for first, last in missing]
    return made


def missing(of: Gaps) -> list[tuple[int, int]]:
    return [(each.first, each.last) for each in of.gaps]


def test_nothing_is_missing_or_held_at_first():
    made = Gaps()
    assert (made.known, made.next, made.waiting, made.held_messages, made.gaps) == (0, 1, False, 0, [])


def test_a_gap_counts_its_messages():
    assert gap(4, 6).count == 3


def test_the_next_number_is_the_first_that_has_not_come():
    assert Gaps(7).next == 8
    assert gaps(7, (3, 4), (6, 6)).next == 3


@pytest.mark.parametrize(
    ("made", "waiting"), [(gaps(7, (3, 4)), True), (Gaps(7), False)], ids=["missing", "nothing missing"]
)
def test_what_is_missing_is_waited_for(made, waiting):
    assert made.waiting is waiting


def test_what_is_held_waits_too():
    made = Gaps(7)
    made.hold(piece(7, 7))
    assert made.waiting


# ------------------------------------------------------------------ knowing


def test_a_number_further_on_opens_a_gap():
    made = Gaps(3)
    assert made.know(5, B, Why.HEARTBEAT, 2.5) == gap(4, 5, 2.5, B, Why.HEARTBEAT)
    assert (made.known, missing(made)) == (5, [(4, 5)])


@pytest.mark.parametrize("last", [3, 2])
def test_a_number_that_is_known_opens_none(last):
    made = Gaps(3)
    assert made.know(last, A, Why.PACKET, 1.0) is None
    assert (made.known, made.gaps) == (3, [])


# ------------------------------------------------------------------ filling

CUTS = [
    ((4, 6), [(4, 6)], [(10, 12)]),
    ((1, 20), [(4, 6), (10, 12)], []),
    ((5, 5), [(5, 5)], [(4, 4), (6, 6), (10, 12)]),
    ((4, 4), [(4, 4)], [(5, 6), (10, 12)]),
    ((6, 6), [(6, 6)], [(4, 5), (10, 12)]),
    ((6, 10), [(6, 6), (10, 10)], [(4, 5), (11, 12)]),
    ((12, 20), [(12, 12)], [(4, 6), (10, 11)]),
    ((1, 3), [], [(4, 6), (10, 12)]),
    ((13, 20), [], [(4, 6), (10, 12)]),
    ((7, 9), [], [(4, 6), (10, 12)]),
]


@pytest.mark.parametrize(("came", "filled", "left"), CUTS, ids=str)
def test_messages_fill_the_gaps_they_lie_in(came, filled, left):
    made = gaps(12, (4, 6), (10, 12))
    found = made.fill(B, WHOLE, *came)
    assert [(each.first, each.last) for each, _ in found] == filled
    assert [(each.first, each.last, each.line, each.packet) for _, each in found] == [
        (first, last, B, WHOLE) for first, last in filled
    ]
    assert (missing(made), made.held_messages) == (left, sum(last - first + 1 for first, last in filled))


@pytest.mark.parametrize(("given", "gone", "left"), CUTS, ids=str)
def test_gaps_that_are_given_up_are_cut_alike(given, gone, left):
    made = gaps(12, (4, 6), (10, 12))
    assert [(each.first, each.last) for each in made.give_up(*given)] == gone
    assert (missing(made), made.held_messages) == (left, 0)


def test_a_gap_that_is_cut_stays_as_old_as_it_was():
    made = Gaps(12)
    made.gaps = [gap(4, 6, 7.5, B, Why.HEARTBEAT)]
    ((cut, _),) = made.fill(A, WHOLE, 5, 5)
    assert [cut, *made.gaps] == [gap(number, number, 7.5, B, Why.HEARTBEAT) for number in (5, 4, 6)]


# ------------------------------------------------------------------ holding


def test_pieces_are_held_in_order_whenever_they_came():
    made = gaps(20, (1, 1))
    for each in (piece(8, 9), piece(2, 3), piece(12, 12), piece(4, 4)):
        made.hold(each)
    made.give_up(1, 1)
    assert made.ready() == [piece(2, 3), piece(4, 4), piece(8, 9), piece(12, 12)]
    assert made.held_messages == 0


def test_what_is_held_behind_a_gap_is_not_ready():
    made = gaps(20, (5, 5))
    for each in (piece(2, 4), piece(6, 9)):
        made.hold(each)
    assert made.ready() == [piece(2, 4)]
    assert made.ready() == []
    assert made.held_messages == 4


def test_where_nothing_is_held_nothing_is_ready():
    assert Gaps(7).ready() == []


def test_several_that_are_dropped_are_missing_in_order():
    made = held(20, [(1, 1), (5, 5), (10, 10)], [(2, 4), (6, 9), (11, 20)])
    for at in (1.0, 2.0):
        made.drop_oldest(at)
    assert missing(made) == [(1, 1), (2, 4), (5, 5), (6, 9), (10, 10)]


def test_the_oldest_that_is_held_can_be_dropped_and_is_missing_then():
    made = gaps(20, (1, 1), (10, 10))
    for each in (piece(6, 9), piece(2, 4)):
        made.hold(each)
    assert made.drop_oldest(3.5) == gap(2, 4, 3.5, A, Why.FULL)
    assert (missing(made), made.held_messages) == ([(1, 1), (2, 4), (10, 10)], 4)


# ------------------------------------------------------------------ going behind a snapshot


def held(known: int, absent: list[tuple[int, int]], kept: list[tuple[int, int]]) -> Gaps:
    made = gaps(known, *absent)
    for each in kept:
        made.hold(piece(*each))
    return made


def test_what_a_snapshot_covers_is_missing_no_more_and_held_no_more():
    made = held(12, [(1, 2), (6, 8)], [(3, 5), (9, 12)])
    gone, before, opened = made.behind(7, 4.0)
    assert [(each.first, each.last) for each in gone] == [(1, 2), (6, 7)]
    assert before == [piece(3, 5)]
    assert opened is None
    assert (missing(made), made.held_messages, made.known) == ([(8, 8)], 4, 12)


@pytest.mark.parametrize(
    ("kept", "before", "after"),
    [
        ([(3, 12)], [(3, 7)], [(8, 12)]),
        ([(3, 6), (7, 12)], [(3, 6), (7, 7)], [(8, 12)]),
        ([(3, 7), (8, 12)], [(3, 7)], [(8, 12)]),
        ([(3, 8), (9, 12)], [(3, 7)], [(8, 8), (9, 12)]),
    ],
)
def test_a_piece_across_the_snapshots_end_is_cut_in_two(kept, before, after):
    made = held(12, [(1, 2)], kept)
    _, found, opened = made.behind(7, 4.0)
    assert (found, opened) == ([piece(*each) for each in before], None)
    assert (made.ready(), made.held_messages) == ([piece(*each) for each in after], 0)


@pytest.mark.parametrize(
    ("absent", "kept", "opened"),
    [
        ([], [(9, 12)], (6, 8)),
        ([(9, 9)], [(10, 12)], (6, 8)),
        ([(11, 12)], [(9, 10)], (6, 8)),
        ([], [(7, 12)], (6, 6)),
        ([], [(6, 12)], None),
        ([(6, 8)], [(9, 12)], None),
    ],
)
def test_what_lies_between_a_snapshot_and_what_came_after_it_is_a_gap(absent, kept, opened):
    made = held(12, absent, kept)
    found = made.behind(5, 4.0)[2]
    assert found == (opened and gap(*opened, 4.0, Line.REFRESH, Why.REFRESH))
    assert missing(made) == ([opened] if opened else []) + absent


def test_what_was_delivered_and_is_not_part_of_the_snapshot_is_a_gap_again():
    made = Gaps(12)
    assert made.behind(7, 4.0)[2] == gap(8, 12, 4.0, Line.REFRESH, Why.REFRESH)
    assert (missing(made), made.known) == ([(8, 12)], 12)


@pytest.mark.parametrize("last", [12, 15])
def test_a_snapshot_of_everything_opens_no_gap(last):
    made = Gaps(12)
    assert made.behind(last, 4.0) == ([], [], None)
    assert (made.gaps, made.known) == ([], last)


def test_everything_can_be_forgotten():
    made = held(12, [(1, 2)], [(3, 5)])
    made.clear()
    assert (made.gaps, made.held_messages, made.known, made.waiting, made.next) == ([], 0, 0, False, 1)
