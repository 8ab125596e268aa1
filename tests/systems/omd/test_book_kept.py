"""What a picture keeps of each kind of message, whole, and in which words it tells what does not fit."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from pytest_hkexprt.systems.omd import book
from pytest_hkexprt.systems.omd.book import Picture
from pytest_hkexprt.systems.omd.codec import build, unknown
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.state import Level, OddLot, Order, Trade
from tests.systems.omd.market import messages
from tests.systems.omd.test_book import ORDER, level, picture

TRADE = {"SecurityCode": 5, "TradeID": 77, "Price": 61_250, "Quantity": 400, "TrdType": 1, "TradeTime": 9}
TICKER = {"SecurityCode": 5, "TickerID": 77, "Price": 61_250, "AggregateQuantity": 400, "TradeTime": 9}
ODD = {"SecurityCode": 5, "OrderId": 9, "Price": 61_250, "Quantity": 37, "BrokerID": 5465, "Side": 1}


def test_an_order_is_kept_with_all_it_says():
    made = picture(build(Type.ADD_ORDER, **(ORDER | {"OrderBookPosition": 3})))
    assert made.orders == {(5, 9): Order(61_250, 400, 1, "2", 3)}


def test_a_modified_order_keeps_its_price_and_type():
    changed = {"SecurityCode": 5, "OrderId": 9, "Quantity": 200, "Side": 0, "OrderBookPosition": 4}
    made = picture(build(Type.ADD_ORDER, **ORDER), build(Type.MODIFY_ORDER, **changed))
    assert made.orders == {(5, 9): Order(61_250, 200, 0, "2", 4)}


def test_an_order_that_is_added_twice_is_the_second():
    made = picture(build(Type.ADD_ORDER, **ORDER), build(Type.ADD_ORDER, **(ORDER | {"Quantity": 1})))
    assert made.orders[5, 9].quantity == 1


def test_an_odd_lot_is_kept_with_all_it_says():
    assert picture(build(Type.ADD_ODD_LOT_ORDER, **ODD)).odd_lots == {(5, 9): OddLot(61_250, 37, 5465, 1)}


def test_a_trade_and_a_ticker_are_kept_with_all_they_say():
    made = picture(build(Type.TRADE, **TRADE), build(Type.TRADE_TICKER, **TICKER, TrdType=1, TrdCancelFlag="Y"))
    assert made.trades == {(5, 77): Trade(61_250, 400, 1, 9)}
    assert made.tickers == {(5, 77): Trade(61_250, 400, 1, 9, cancelled=True)}


def test_a_ticker_that_is_not_cancelled_is_none():
    assert not picture(build(Type.TRADE_TICKER, **TICKER)).tickers[5, 77].cancelled


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (build(Type.DELETE_ORDER, SecurityCode=5, OrderId=1), "order 1 of 5 was deleted and is not in the book"),
        (build(Type.MODIFY_ORDER, SecurityCode=5, OrderId=1), "order 1 of 5 was modified and is not in the book"),
        (build(Type.ADD_ORDER, **ORDER), "order 9 of 5 was added twice"),
        (
            build(Type.DELETE_ODD_LOT_ORDER, SecurityCode=5, OrderId=1),
            "odd lot order 1 of 5 was deleted and is not in the book",
        ),
        (build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=1), "trade 1 of 5 was cancelled and never made"),
        (level(7, 2), "price 7 of 5 was deleted and is not in the book"),
    ],
    ids=str,
)
def test_a_message_that_does_not_fit_is_told_in_words(message, told):
    assert picture(build(Type.ADD_ORDER, **ORDER), message).faults == [told]


def test_a_trade_that_came_before_a_snapshot_may_be_cancelled_without_a_fault():
    made = Picture()
    made.clear()
    made.apply(build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=1))
    assert made.faults == []


def test_no_more_than_a_hundred_faults_are_kept():
    made = picture(*[build(Type.DELETE_ORDER, SecurityCode=5, OrderId=number) for number in range(103)])
    assert len(made.faults) == 100


def test_every_message_is_counted_though_nobody_lists_its_type():
    made = picture(build(Type.ADD_ORDER, **ORDER), unknown(999, 1, 8), build(Type.SEQUENCE_RESET, NewSeqNo=1))
    assert (made.applied, made.latest) == (3, {})


# ------------------------------------------------------------------ aggregate books


def test_each_side_of_each_book_has_levels_of_its_own():
    made = picture(level(10, 0, side=0), level(10, 0, side=1, quantity=5))
    assert made.levels == {(5, 0): {10: Level(100, 1)}, (5, 1): {10: Level(5, 1)}}


def test_a_book_whose_last_price_is_deleted_is_none():
    assert picture(level(10, 0), level(10, 2)).levels == {}


def test_a_book_that_is_cleared_can_be_filled_again():
    made = picture(level(10, 0), level(11, 0), level(0, 74), level(12, 0))
    assert made.levels == {(5, 0): {12: Level(100, 1)}}


def test_a_book_nobody_told_of_is_empty():
    assert Picture().levels_of(5, 0) == []


# ------------------------------------------------------------------ the tape


def test_a_trade_that_a_snapshot_covers_is_new_to_the_tape_and_to_nothing_else():
    made = Picture()
    for message in (
        build(Type.TRADE, **TRADE),
        build(Type.TRADE_TICKER, **TICKER),
        build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=77),
        build(Type.ADD_ORDER, **ORDER),
    ):
        made.apply_tape(message)
    assert (list(made.trades), list(made.tickers), made.orders) == ([(5, 77)], [(5, 77)], {})
    assert made.trades[5, 77].cancelled


@pytest.mark.parametrize("whole", [True, False])
def test_a_picture_that_is_cleared_keeps_its_tape_and_nothing_else(whole):
    made = Picture()
    for message in messages(random.Random(1), 300):
        made.apply(message)
    tape = dict(made.trades)
    made.clear(tape_whole=whole)
    assert (made.latest, made.orders, made.odd_lots, made.levels, made.news) == ({}, {}, {}, {}, {})
    assert (made.trades, made.tape_whole) == (tape, whole)


def test_a_picture_that_is_cleared_is_not_whole_unless_somebody_says_so():
    made = Picture()
    assert made.tape_whole
    made.clear()
    assert not made.tape_whole


@pytest.mark.parametrize(("count", "kept", "whole"), [(10, 10, True), (11, 8, False)])
def test_a_tape_is_trimmed_when_it_is_a_quarter_too_long(monkeypatch, count, kept, whole):
    monkeypatch.setattr(book, "MOST_TRADES", 8)
    made = picture(*(build(Type.TRADE_TICKER, **(TICKER | {"TickerID": number})) for number in range(count)))
    assert (len(made.tickers), made.tape_whole) == (kept, whole)


# ------------------------------------------------------------------ restated and compared


def test_an_order_and_an_odd_lot_are_restated_with_all_they_say():
    told = [build(Type.ADD_ORDER, **(ORDER | {"OrderBookPosition": 3})), build(Type.ADD_ODD_LOT_ORDER, **ODD)]
    assert list(picture(*told).restate()) == told


def test_a_book_is_restated_with_the_best_price_first():
    (message,) = picture(level(10, 0), level(12, 0)).restate()
    told = [(each["PriceLevel"], each["Price"]) for each in message.entries("Entries")]
    assert told == [(1, Decimal("0.012")), (2, Decimal("0.010"))]


def test_pictures_of_the_same_are_the_same():
    assert picture(build(Type.ADD_ORDER, **ORDER)).differences(picture(build(Type.ADD_ORDER, **ORDER))) == []


@pytest.mark.parametrize(("most", "lines"), [(5, 5), (4, 5), (1, 2)])
def test_just_so_many_differences_are_told_as_are_wanted(most, lines):
    made = picture(*(level(price, 0) for price in range(1, 6)))
    found = made.differences(Picture(), most=most)
    assert len(found) == lines
    assert found[-1].startswith("price level" if most == 5 else f"and {5 - most} more")


def test_twenty_differences_are_told_where_nobody_says_how_many():
    made = picture(*(build(Type.ADD_ORDER, **(ORDER | {"OrderId": number})) for number in range(25)))
    assert len(made.differences(Picture())) == 21


def test_a_trade_only_the_other_has_is_a_difference_where_both_tapes_are_whole():
    one, other = Picture(), picture(build(Type.TRADE, **TRADE))
    assert len(one.differences(other)) == 1
    other.tape_whole = False
    assert one.differences(other) == []
