"""What a picture of the market is kept in, flattened, restated and compared."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.state import BID, KEY_OF, NEW, OFFER, Level, entries, flat, plain, told, unlike

LEVELS = {61250: Level(400, 3), 61200: Level(800, 1)}


def entry(price: int, quantity: int, orders: int, side: int, number: int) -> dict[str, int]:
    return {
        "AggregateQuantity": quantity,
        "Price": price,
        "NumberOfOrders": orders,
        "Side": side,
        "PriceLevel": number,
        "UpdateAction": NEW,
    }


@pytest.mark.parametrize(("side", "order"), [(BID, (61250, 61200)), (OFFER, (61200, 61250))])
def test_one_side_of_a_book_is_restated_with_the_best_price_first(side, order):
    assert entries(side, LEVELS) == [
        entry(price, LEVELS[price].quantity, LEVELS[price].orders, side, number)
        for number, price in enumerate(order, 1)
    ]


@pytest.mark.parametrize(
    ("type_", "fields", "key"),
    [
        (Type.NOMINAL_PRICE, {"SecurityCode": 5}, (5,)),
        (Type.BROKER_QUEUE, {"SecurityCode": 5, "Side": 1}, (5, 1)),
        (Type.MARKET_TURNOVER, {"MarketCode": "MAIN", "CurrencyCode": "HKD"}, ("MAIN", "HKD")),
    ],
)
def test_a_message_has_the_key_of_its_type(type_, fields, key):
    assert KEY_OF[int(type_)](build(type_, **fields).values) == key


def test_messages_are_told_apart_by_what_they_say_and_not_by_their_numbers():
    first, second = (build(Type.NOMINAL_PRICE, number, SecurityCode=5, NominalPrice=61250) for number in (1, 2))
    assert plain({(5,): first}) == plain({(5,): second}) == {(5,): ((5, 61250), ())}


def test_fragments_of_news_are_told_apart_likewise():
    first, second = (build(Type.NEWS, number, NewsType="EXN", NewsLines=[{"NewsLine": "x"}]) for number in (1, 2))
    found = told({("EXN",): [first]})
    assert found == told({("EXN",): [second]})
    assert found == {("EXN",): [(first.values, first.groups)]}


def test_price_levels_of_all_books_stand_in_one_mapping():
    assert flat({(5, BID): LEVELS, (700, OFFER): {1: Level(1, 1)}}) == {
        (5, BID, 61250): Level(400, 3),
        (5, BID, 61200): Level(800, 1),
        (700, OFFER, 1): Level(1, 1),
    }


def test_values_that_differ_are_told_key_by_key_in_order():
    ours, theirs = {(5, 1): "a", (5, 2): "b", (5, 3): None}, {(5, 0): "z", (5, 2): "c", (5, 1): "a"}
    assert list(unlike("order", ours, theirs)) == ["order 5 0: missing here, z there", "order 5 2: b here, c there"]
    assert list(unlike("order", {(1,): "a"}, {})) == ["order 1: a here, missing there"]
