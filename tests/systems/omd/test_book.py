"""Pictures of the market, and what two of them differ in."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_hkexprt.systems.omd.book import Picture
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.state import Level, Order
from tests.systems.omd.golden import GOLDEN
from tests.systems.omd.market import messages
from tests.systems.omd.test_codec import decoded

ORDER = {"SecurityCode": 5, "OrderId": 9, "Price": Decimal("61.25"), "Quantity": 400, "Side": 1, "OrderType": "2"}


def picture(*told) -> Picture:
    made = Picture()
    for message in told:
        made.apply(message)
    return made


def level(price: int, action: int, *, side: int = 0, quantity: int = 100):
    entry = {"AggregateQuantity": quantity, "Price": price, "NumberOfOrders": 1, "Side": side, "UpdateAction": action}
    return build(Type.AGGREGATE_ORDER_BOOK_UPDATE, SecurityCode=5, Entries=[entry])


def test_an_order_is_added_modified_and_deleted():
    made = picture(build(Type.ADD_ORDER, **ORDER))
    assert made.orders == {(5, 9): Order(61_250, 400, 1, "2", 0)}
    made.apply(build(Type.MODIFY_ORDER, SecurityCode=5, OrderId=9, Quantity=200, Side=1))
    assert made.orders[5, 9].quantity == 200
    made.apply(build(Type.DELETE_ORDER, SecurityCode=5, OrderId=9, Side=1))
    assert made.orders == {}
    assert made.faults == []


def test_an_odd_lot_order_is_added_and_deleted():
    made = picture(build(Type.ADD_ODD_LOT_ORDER, SecurityCode=5, OrderId=9, Quantity=37, BrokerID=5465))
    assert made.odd_lots[5, 9].broker == 5465
    made.apply(build(Type.DELETE_ODD_LOT_ORDER, SecurityCode=5, OrderId=9, BrokerID=5465))
    assert made.odd_lots == {}


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (build(Type.DELETE_ORDER, SecurityCode=5, OrderId=1), "order 1 of 5 was deleted"),
        (build(Type.MODIFY_ORDER, SecurityCode=5, OrderId=1), "order 1 of 5 was modified"),
        (build(Type.ADD_ORDER, **ORDER), "order 9 of 5 was added twice"),
        (build(Type.DELETE_ODD_LOT_ORDER, SecurityCode=5, OrderId=1), "odd lot order 1 of 5"),
        (build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=1), "trade 1 of 5 was cancelled"),
        (level(7, 2), "price 7 of 5 was deleted"),
    ],
)
def test_a_message_that_does_not_fit_is_told(message, told):
    made = picture(build(Type.ADD_ORDER, **ORDER), message)
    assert len(made.faults) == 1
    assert made.faults[0].startswith(told)


def test_an_aggregate_book_follows_its_actions_and_the_best_price_is_first():
    made = picture(level(10, 0), level(12, 0), level(11, 0), level(12, 1, quantity=300), level(10, 2))
    assert made.levels_of(5, 0) == [(12, Level(300, 1)), (11, Level(100, 1))]
    made = picture(level(10, 0, side=1), level(12, 0, side=1))
    assert [price for price, _ in made.levels_of(5, 1)] == [10, 12]
    made.apply(level(0, 74, side=1))
    assert made.levels == {}


def test_an_aggregate_book_keeps_ten_prices_of_each_side():
    made = picture(*(level(price, 0) for price in range(1, 12)))
    assert [price for price, _ in made.levels_of(5, 0)] == list(range(11, 1, -1))
    made = picture(*(level(price, 0, side=1) for price in range(11, 0, -1)))
    assert [price for price, _ in made.levels_of(5, 1)] == list(range(1, 11))


def test_the_last_of_each_kind_is_the_state():
    made = picture(
        build(Type.STATISTICS, SecurityCode=5, SharesTraded=1), build(Type.STATISTICS, SecurityCode=5, SharesTraded=2)
    )
    assert made.latest[60][(5,)]["SharesTraded"] == 2


def test_news_is_kept_with_its_fragments_and_a_new_one_of_its_number_replaces_it():
    first, second = (build(Type.NEWS, NewsType="EXN", NewsID="1", LastFragment=flag) for flag in "NY")
    made = picture(first, second)
    assert made.news["EXN", "1"] == [first, second]
    made.apply(second)
    assert made.news["EXN", "1"] == [second]


def test_a_cancelled_trade_stays_on_the_tape_as_cancelled():
    made = picture(decoded(GOLDEN[50][0], 50), decoded(GOLDEN[51][0], 51))
    assert made.trades[5, 77].cancelled


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (build(Type.ADD_ORDER, **ORDER), "order 5 9: Order(price=61250"),
        (build(Type.ADD_ODD_LOT_ORDER, SecurityCode=5, OrderId=9), "odd lot order 5 9: OddLot("),
        (level(7, 0), "price level 5 0 7: Level("),
        (decoded(GOLDEN[50][0], 50), "trade 5 77: Trade("),
        (decoded(GOLDEN[52][0], 52), "ticker 5 77: Trade("),
        (decoded(GOLDEN[22][0], 22), "news EXC 017: "),
        (decoded(GOLDEN[11][0], 11), "SecurityDefinition 5: "),
        (decoded(GOLDEN[655][0], 655), "CCTopOfBook 600000: "),
    ],
)
def test_what_one_picture_lacks_is_a_difference(message, told):
    (line,) = picture(message).differences(Picture())
    assert line.startswith(told)
    assert line.endswith("here, missing there")


def test_a_value_that_differs_is_told_on_both_sides():
    (line,) = picture(level(7, 0)).differences(picture(level(7, 0, quantity=5)))
    assert line == "price level 5 0 7: Level(quantity=100, orders=1) here, Level(quantity=5, orders=1) there"


def test_differences_beyond_a_number_are_counted():
    made = picture(*(level(price, 0) for price in range(1, 6)))
    assert made.differences(Picture(), most=2)[-1] == "and 3 more"


def test_trades_are_compared_where_both_have_them_once_a_snapshot_stood_in():
    one, other = picture(decoded(GOLDEN[50][0], 50)), Picture()
    assert one.differences(other)
    one.clear()
    assert one.differences(other) == []
    other.apply(build(Type.TRADE, SecurityCode=5, TradeID=77, Price=1))
    assert len(one.differences(other)) == 1


def test_a_tape_keeps_its_newest_trades_and_is_whole_no_longer(monkeypatch):
    monkeypatch.setattr("pytest_hkexprt.systems.omd.book.MOST_TRADES", 8)
    made = picture(*(build(Type.TRADE, SecurityCode=5, TradeID=number) for number in range(1, 12)))
    assert (list(made.trades), made.tape_whole) == ([(5, number) for number in range(4, 12)], False)


def test_a_cancellation_that_may_have_been_passed_over_is_no_difference():
    one, other = (picture(decoded(GOLDEN[50][0], 50)) for _ in range(2))
    one.apply(decoded(GOLDEN[51][0], 51))
    assert one.differences(other)
    other.clear()
    assert one.differences(other) == []


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 150))
def test_a_picture_restated_is_the_same_but_for_the_tape(seed, count):
    one, other = Picture(), Picture()
    for message in messages(random.Random(seed), count):
        one.apply(message)
    for message in one.restate():
        other.apply(message)
    other.tape_whole = False
    assert other.differences(one) == []
    assert not one.faults
