"""What each comparison of sequences and pictures says, whole: what was expected, what came, what to do."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.systems.omd import checks
from pytest_hkexprt.systems.omd.book import Picture
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.facts import Filled
from pytest_hkexprt.systems.omd.layouts import Type
from tests.systems.omd.test_checks import AGAIN, CHANNEL, OPEN, WHERE, defined

OTHER = replace(CHANNEL, number=31, name="odd lots")

# ------------------------------------------------------------------ nothing missing

WHOLE = Check(
    what="messages of the two lines together",
    where=WHERE,
    expected="an unbroken sequence on every channel",
    came="30 messages in their order, 0 gaps",
    met=True,
)
LOOK = "look which line lost what, and whether this machine dropped it"


def test_a_sequence_without_a_gap():
    assert checks.nothing_missing([CHANNEL], WHERE) == WHOLE


def test_one_channel_that_delivered_is_enough():
    assert checks.nothing_missing([replace(CHANNEL, delivered=0), replace(OTHER, delivered=1)], WHERE).met


def test_gaps_that_were_filled_are_told_by_how():
    gaps = (AGAIN, AGAIN, replace(AGAIN, filled=Filled.OTHER_LINE))
    assert checks.nothing_missing([replace(CHANNEL, gaps=gaps, delivered=3000)], WHERE) == structs.replace(
        WHOLE,
        came="3,000 messages in their order, 3 gaps: 1 filled by the other line, 2 filled by retransmission",
    )


def test_gaps_that_are_open_are_counted_in_messages():
    given = [replace(CHANNEL, gaps=(OPEN, AGAIN)), replace(OTHER, gaps=(replace(OPEN, last=5),))]
    assert checks.nothing_missing(given, WHERE) == structs.replace(
        WHOLE,
        came="60 messages in their order, 6 missing, 1 gaps: 1 filled by retransmission",
        met=False,
        next_step=LOOK,
        details=(
            "channel 30: 5 to 9 came on neither line and by no other way, after 0.500 s",
            "channel 31: 5 to 5 came on neither line and by no other way, after 0.500 s",
        ),
    )


def test_a_channel_that_waits():
    assert checks.nothing_missing([replace(CHANNEL, following=False)], WHERE) == structs.replace(
        WHOLE, met=False, next_step=LOOK, details=("channel 30: waits for a snapshot",)
    )


# ------------------------------------------------------------------ one gap

FILLED = Check(
    what="gap on channel 30",
    where=WHERE,
    expected="what was missed to be filled by retransmission",
    came="5 to 9 missed on A and B, filled by retransmission after 0.200 s",
    met=True,
)
ANSWERS = "look at the answers of retransmission, and at the refresh channel"
LATE = replace(AGAIN, first=11, last=12, filled=Filled.OTHER_LINE)


def gap(*gaps, by=Filled.RETRANSMISSION, refusals=()) -> Check:
    return checks.gap_filled(CHANNEL, gaps, by, WHERE, refusals)


def test_a_gap_that_was_filled_as_it_should():
    assert gap(AGAIN) == FILLED


def test_a_gap_of_which_another_part_was_filled_otherwise_shows_that_too():
    assert gap(AGAIN, LATE) == structs.replace(FILLED, details=(LATE.told,))


def test_a_gap_that_was_not_noticed():
    assert gap() == structs.replace(FILLED, came="no gap was noticed", met=False, next_step=ANSWERS)


def test_a_gap_that_is_open_still_shows_all():
    assert gap(AGAIN, OPEN, refusals=["not available"]) == structs.replace(
        FILLED,
        came=f"{AGAIN.told}; {OPEN.told}",
        met=False,
        next_step=ANSWERS,
        details=("not available",),
    )


def test_a_gap_that_was_filled_by_another_way():
    assert gap(LATE).came == LATE.told


def test_no_more_than_ten_gaps_are_shown():
    assert gap(*[AGAIN] * 12).came.count("filled by") == 10


# ------------------------------------------------------------------ definitions

DEFINED = Check(
    what="security definitions",
    where=WHERE,
    expected="as many as the market definitions announce: MAIN 2",
    came="MAIN 2",
    met=True,
)


def test_as_many_as_announced():
    assert checks.definitions(defined(2, [1, 5]), WHERE) == DEFINED


def test_fewer_than_announced():
    assert checks.definitions(defined(3, [1, 5]), WHERE) == structs.replace(
        DEFINED,
        expected="as many as the market definitions announce: MAIN 3",
        met=False,
        next_step="wait for another refresh of the reference channel; if it lacks them, ask the exchange",
        details=("MAIN: 3 announced, 2 defined",),
    )


def test_none_at_all():
    assert checks.definitions({}, WHERE) == structs.replace(
        DEFINED, expected="as many as the market definitions announce: none came", came="none", met=False
    )


def test_a_market_without_securities_and_securities_without_a_market():
    picture = Picture()
    picture.apply(build(Type.MARKET_DEFINITION, MarketCode="GEM", NumberOfSecurities=1))
    picture.apply(build(Type.MARKET_DEFINITION, MarketCode="MAIN", NumberOfSecurities=0))
    picture.apply(build(Type.SECURITY_DEFINITION, SecurityCode=5, MarketCode="ASHR"))
    told = checks.definitions({1: picture}, WHERE)
    assert told.details == ("ASHR: 0 announced, 1 defined", "GEM: 1 announced, 0 defined")
    assert (told.expected, told.came) == ("as many as the market definitions announce: GEM 1, MAIN 0", "ASHR 1")


def test_china_connects_definitions_count_too():
    picture = Picture()
    picture.apply(build(Type.CC_MARKET_DEFINITION, MarketCode="ASHR", NumberOfSecurities=1))
    picture.apply(build(Type.CC_SECURITY_DEFINITION, SecurityCode=5, MarketCode="ASHR"))
    assert checks.definitions({1: picture}, WHERE).met


def test_definitions_of_several_channels_are_added_up():
    first, second = Picture(), Picture()
    first.apply(build(Type.MARKET_DEFINITION, MarketCode="MAIN", NumberOfSecurities=2))
    first.apply(build(Type.SECURITY_DEFINITION, SecurityCode=1, MarketCode="MAIN"))
    second.apply(build(Type.SECURITY_DEFINITION, SecurityCode=5, MarketCode="MAIN"))
    assert checks.definitions({1: first, 2: second}, WHERE) == DEFINED


# ------------------------------------------------------------------ pictures

SAME = Check(
    what="picture of the market",
    where=WHERE,
    expected="the publisher's own, on 1 channels",
    came="the same: 0 orders, 0 price levels and more",
    met=True,
)
FIRST = "look at the first {}, and at how its channel's gaps were filled"


def equal(ours, theirs, *, caught_up=True) -> Check:
    return checks.books_equal(ours, theirs, caught_up, WHERE)


def test_the_publishers_own_picture():
    assert equal(defined(2, [1]), defined(2, [1])) == SAME


def test_no_picture_is_nobodys():
    assert not equal({}, {}).met


def test_orders_and_levels_of_the_picture_are_counted():
    pictures = {1: Picture(), 2: Picture()}
    for picture in pictures.values():
        picture.apply(build(Type.ADD_ORDER, SecurityCode=1, OrderId=7, Price=10, Quantity=100, Side=0))
    assert equal(pictures, pictures).came == "the same: 2 orders, 0 price levels and more"


def test_a_picture_that_never_caught_up_says_so_first():
    told = equal(defined(2, [1]), defined(2, []), caught_up=False)
    assert told == structs.replace(
        SAME,
        came="2 differences",
        met=False,
        next_step=FIRST.format("difference"),
        details=("the last messages of the publisher did not come", told.details[1]),
    )
    assert told.details[1].startswith("channel 1: SecurityDefinition 1")


def broken() -> dict[int, Picture]:
    """Return a picture that was told to delete an order it has not."""
    pictures = defined(2, [1])
    pictures[1].apply(build(Type.DELETE_ORDER, SecurityCode=1, OrderId=7))
    return pictures


def test_faults_of_ones_own_picture_are_differences():
    told = equal(broken(), broken())
    assert (told.came, told.met) == ("1 differences", False)
    assert told.details == (f"channel 1: {broken()[1].faults[0]}",)


SOUND = Check(
    what="picture of the market",
    where=WHERE,
    expected="messages that fit what came before them",
    came="2 that do",
    met=True,
)


def test_a_picture_that_fits_itself():
    assert checks.books_sound(defined(2, [1]), WHERE) == SOUND


def test_one_message_is_enough_and_none_is_not():
    assert checks.books_sound(defined(2, []), WHERE).met
    assert not checks.books_sound({1: Picture()}, WHERE).met


def test_a_picture_that_does_not_fit_itself():
    assert checks.books_sound(broken(), WHERE) == structs.replace(
        SOUND,
        came="1 of 3 that do not",
        met=False,
        next_step="look at the first of them, and at how its channel's gaps were filled",
        details=(f"channel 1: {broken()[1].faults[0]}",),
    )
