"""One line's own sequence followed: what it passed over, what came late, and what went back."""

from __future__ import annotations

from collections import Counter

import pytest

from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.counts import AT_ONCE, MOST_RANGES, Count, Latency
from pytest_hkexprt.systems.omd.events import LineGap, WentBack
from pytest_hkexprt.systems.omd.layouts import Type

A = Line.A


def followed(*packets: tuple[int, int], count: Count | None = None) -> tuple[Count, list[object]]:
    """Follow packets of messages from a first to a last, each sent a nanosecond after the one before."""
    made = count or Count()
    events = []
    for sent_ns, (first, last) in enumerate(packets, 100):
        events += made.follow(A, first, last, sent_ns, 0) or []
    return made, events


def test_a_line_that_passes_nothing_over_goes_on():
    count, events = followed((5, 7), (8, 8))
    assert (count.next, count.last, count.missed, count.newest_ns, events) == (9, 8, 0, 101, [])


def test_a_line_that_has_brought_nothing_has_no_last_message():
    assert Count().last is None


def test_what_a_line_passed_over_is_told_counted_and_remembered():
    count, events = followed((1, 1), (4, 5), (9, 9))
    assert events == [LineGap(A, 2, 3), LineGap(A, 6, 8)]
    assert (count.missed, count.passed_over, count.next) == (5, [(2, 3), (6, 8)], 10)


def test_the_newest_thousand_ranges_are_remembered():
    count, _ = followed(*[(number * 2, number * 2) for number in range(MOST_RANGES + 3)])
    assert len(count.passed_over) == MOST_RANGES
    assert count.passed_over[0] == (5, 5)
    assert count.missed == MOST_RANGES + 2


@pytest.mark.parametrize(
    ("late", "left", "counted"),
    [
        ((4, 6), [], 3),
        ((4, 4), [(5, 6)], 1),
        ((6, 6), [(4, 5)], 1),
        ((5, 5), [(4, 4), (6, 6)], 1),
        ((2, 4), [(5, 6)], 1),
        ((6, 7), [(4, 5)], 1),
        ((1, 3), [(4, 6)], 0),
        ((7, 7), [(4, 6)], 0),
    ],
)
def test_what_comes_late_is_missing_no_more(late, left, counted):
    count, _ = followed((1, 3), (7, 7))
    count.follow(A, *late, 100, 0)  # sent before the newest: it overtook nothing
    assert (count.passed_over, count.late, count.next) == (left, counted, 8)


def test_what_comes_late_may_fill_several_ranges():
    count, _ = followed((1, 1), (3, 3), (5, 5))
    count.follow(A, 2, 4, 100, 0)
    assert (count.passed_over, count.late) == ([], 2)


def test_of_several_ranges_only_what_came_late_is_missing_no_more():
    count, _ = followed((1, 1), (6, 6), (11, 11), (16, 16))
    count.follow(A, 3, 13, 100, 0)
    assert (count.passed_over, count.late) == ([(2, 2), (14, 15)], 3 + 4 + 2)
    count.follow(A, 14, 14, 100, 0)
    assert (count.passed_over, count.late) == ([(2, 2), (15, 15)], 10)


def test_whatever_went_back_or_came_too_late_is_counted():
    count, _ = followed((1, 9))
    for sent_ns in (200, 201):
        count.follow(A, 3, 4, sent_ns, 0)
    count.begin_anew(1, 500, awaits_reset=True)
    for sent_ns in (300, 301):
        count.follow(A, 10, 10, sent_ns, 500)
    assert (count.backward, count.stale) == (2, 2)


def test_a_packet_sent_later_with_smaller_numbers_went_back_and_is_not_followed():
    count, _ = followed((1, 9))
    assert count.follow(A, 3, 4, 200, 0) == [WentBack(A, 3, 10)]
    assert (count.backward, count.next, count.newest_ns) == (1, 10, 100)


@pytest.mark.parametrize(("sent_ns", "last"), [(100, 4), (99, 4), (200, 10)])
def test_a_packet_that_was_overtaken_or_goes_further_did_not_go_back(sent_ns, last):
    count, _ = followed((1, 9))
    assert count.follow(A, 3, last, sent_ns, 0) == []
    assert (count.backward, count.next) == (0, max(10, last + 1))


def test_the_newest_time_of_sending_is_kept():
    count, _ = followed((1, 9))
    count.follow(A, 3, 4, 50, 0)
    assert count.newest_ns == 100


def test_a_heartbeat_is_a_packet_of_no_message_behind_the_one_it_names():
    count, events = followed((1, 3), (4, 3), (6, 5))
    assert events == [LineGap(A, 4, 5)]
    assert count.next == 6


# ------------------------------------------------------------------ resets


def test_a_line_that_awaits_a_reset_leaves_out_what_was_sent_before_it():
    count, _ = followed((1, 9))
    count.begin_anew(1, 500, awaits_reset=True)
    assert count.follow(A, 10, 10, 499, 500) is None
    assert (count.stale, count.next, count.awaits_reset) == (1, None, True)


@pytest.mark.parametrize("sent_ns", [500, 501])
def test_a_line_that_lost_its_reset_goes_on_wherever_its_next_packet_is(sent_ns):
    count, _ = followed((1, 9))
    count.begin_anew(1, 500, awaits_reset=True)
    assert count.follow(A, 3, 4, sent_ns, 500) == []
    assert (count.next, count.awaits_reset, count.stale) == (5, False, 0)


def test_a_line_that_brought_the_reset_goes_on_at_its_number():
    count, _ = followed((1, 1), (4, 4))
    count.begin_anew(7, 500, awaits_reset=False)
    assert (count.next, count.newest_ns, count.passed_over) == (7, 500, [])


# ------------------------------------------------------------------ figures


def test_types_are_counted_packet_by_packet():
    count = Count()
    for kinds in ((20, 22), (20,), (999,)):
        count.tally(kinds)
    assert count.types == Counter({20: 2, 22: 1, 999: 1})
    assert count.types == Counter({20: 2, 22: 1, 999: 1})


def test_no_more_packets_are_kept_to_be_counted_than_at_once():
    count = Count()
    for _ in range(AT_ONCE):
        count.tally((20,))
    assert count._kinds == []
    assert count.types == Counter({20: AT_ONCE})


def test_types_nobody_lists_are_counted_apart():
    count = Count()
    count.tally((int(Type.NEWS), 999, 998, 999))
    assert count.unknown == 3


@pytest.mark.parametrize(
    ("times", "least", "greatest", "total"),
    [((), 0, 0, 0), ((5,), 5, 5, 5), ((5, 3, 9), 3, 9, 17), ((-2, -4), -4, -2, -6)],
)
def test_latency_has_a_least_a_greatest_and_a_sum(times, least, greatest, total):
    latency = Latency()
    for each in times:
        latency.add(each)
    assert latency == Latency(len(times), least, greatest, total)
