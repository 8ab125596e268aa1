"""The comparisons, each with what meets it and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.systems.omd import checks
from pytest_hkexprt.systems.omd.book import Picture
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.facts import ChannelFacts, Filled, Gap, LineFacts
from pytest_hkexprt.systems.omd.layouts import Type

WHERE = "omd/primary OMD-C"
A = LineFacts("A", "239.1.1.4:51000", "", packets=10, messages=30, first=1, last=30, first_heard_s=0.1, dropped=0)
B = replace(A, line="B", group="239.1.127.4:51000")
CHANNEL = ChannelFacts(30, "securities full tick", (A, B), delivered=30)
OPEN = Gap(30, 5, 9, 1.0, 0.5, Filled.OPEN)
AGAIN = Gap(30, 5, 9, 1.0, 0.2, Filled.RETRANSMISSION, "A and B")


def line(**more) -> ChannelFacts:
    return replace(CHANNEL, lines=(A, replace(B, **more)))


def test_channels_heard_on_both_lines_in_time_are_alive():
    assert checks.alive([CHANNEL], 2.0, WHERE).met


@pytest.mark.parametrize(("heard_s", "told"), [(None, "nothing came"), (2.5, "first heard after 2.50 s")])
def test_a_line_that_is_silent_or_late_is_named_with_its_group(heard_s, told):
    check = checks.alive([line(first_heard_s=heard_s)], 2.0, WHERE)
    assert not check.met
    assert check.details == (f"channel 30 securities full tick, line B 239.1.127.4:51000: {told}",)


def test_no_channel_is_not_alive():
    assert not checks.alive([], 2.0, WHERE).met


def test_packets_that_were_refused_are_counted_and_their_reasons_shown():
    check = checks.well_formed([line(malformed_count=3, malformed=("cut",))], WHERE)
    assert not check.met
    assert "3 of them" in check.came
    assert check.details == ("channel 30, line B: 3 refused; cut",)


def test_types_nobody_lists_are_said_and_are_no_fault():
    check = checks.well_formed([replace(CHANNEL, unknown={999: 7})], WHERE)
    assert check.met
    assert check.details == ("7 messages of type 999, which no document lists, were skipped by their size",)


def test_nothing_received_is_not_well_formed():
    assert not checks.well_formed([replace(CHANNEL, lines=(replace(A, packets=0),))], WHERE).met


def test_a_sequence_that_went_back_is_a_fault():
    check = checks.well_formed([replace(line(backwards=1), backwards=("line B: 5 came where 9 was next",))], WHERE)
    assert (check.met, check.came.endswith("1 times a sequence went back")) == (False, True)


def test_messages_of_another_channel_are_named():
    check = checks.own_messages([replace(CHANNEL, strange={int(Type.NEWS): 2})], WHERE)
    assert check.details == ("channel 30 securities full tick: 2 of News (22)",)
    assert checks.own_messages([CHANNEL], WHERE).met


def test_drops_of_this_machine_are_told_with_the_buffer():
    check = checks.dropped([line(dropped=4, buffer_bytes=212_992)], WHERE)
    assert check.details == ("channel 30, line B: 4 dropped, buffer 212,992 bytes",)


def test_a_system_that_does_not_tell_of_drops_is_said_to_be_one():
    untold = replace(CHANNEL, lines=(replace(A, dropped=None), replace(B, dropped=None)))
    assert "not told by this system" in checks.dropped([untold], WHERE).came


def test_an_open_gap_is_missing_and_a_filled_one_is_not():
    assert not checks.nothing_missing([replace(CHANNEL, gaps=(OPEN,))], WHERE).met
    check = checks.nothing_missing([replace(CHANNEL, gaps=(AGAIN,))], WHERE)
    assert check.met
    assert check.came == "30 messages in their order, 1 gaps: 1 filled by retransmission"


def test_a_channel_that_waits_for_its_snapshot_lacks_something():
    assert not checks.nothing_missing([replace(CHANNEL, following=False)], WHERE).met


def test_where_nothing_was_delivered_nothing_is_proven():
    assert not checks.nothing_missing([replace(CHANNEL, delivered=0)], WHERE).met


@pytest.mark.parametrize(
    ("gaps", "by", "met"),
    [
        ([AGAIN], Filled.RETRANSMISSION, True),
        ([AGAIN], Filled.REFRESH, False),
        ([AGAIN, OPEN], Filled.RETRANSMISSION, False),
        ([], Filled.RETRANSMISSION, False),
    ],
)
def test_a_gap_is_filled_as_it_should_be_or_not(gaps, by, met):
    assert checks.gap_filled(CHANNEL, gaps, by, WHERE).met is met


def test_what_retransmission_refused_stands_beside_the_gap():
    check = checks.gap_filled(CHANNEL, [OPEN], Filled.RETRANSMISSION, WHERE, ["messages not available"])
    assert check.details == ("messages not available",)


def defined(announced: int, codes: list[int]) -> dict[int, Picture]:
    picture = Picture()
    picture.apply(build(Type.MARKET_DEFINITION, MarketCode="MAIN", NumberOfSecurities=announced))
    for code in codes:
        picture.apply(build(Type.SECURITY_DEFINITION, SecurityCode=code, MarketCode="MAIN"))
    return {1: picture}


@pytest.mark.parametrize(("announced", "codes", "met"), [(2, [1, 5], True), (3, [1, 5], False), (1, [1, 5], False)])
def test_as_many_securities_are_defined_as_announced_or_not(announced, codes, met):
    assert checks.definitions(defined(announced, codes), WHERE).met is met


def test_no_definition_at_all_is_none():
    check = checks.definitions({1: Picture()}, WHERE)
    assert (check.met, check.came) == (False, "none")


def test_pictures_that_differ_are_told_line_by_line():
    check = checks.books_equal(defined(2, [1, 5]), defined(2, [1]), caught_up=True, where=WHERE)
    assert not check.met
    assert check.details[0].startswith("channel 1: SecurityDefinition 5")
    assert checks.books_equal(defined(2, [1]), defined(2, [1]), caught_up=True, where=WHERE).met


def test_a_receiver_that_never_caught_up_has_not_the_publishers_picture():
    assert not checks.books_equal(defined(2, [1]), defined(2, [1]), caught_up=False, where=WHERE).met


def test_a_picture_without_a_publishers_to_compare_is_compared_with_itself():
    assert checks.books_sound(defined(2, [1]), WHERE).met
    broken = defined(2, [1])
    broken[1].apply(build(Type.DELETE_ORDER, SecurityCode=1, OrderId=7))
    assert not checks.books_sound(broken, WHERE).met
