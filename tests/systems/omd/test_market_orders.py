"""The orders of the stand-in market: told so that whoever follows the messages has the same book, in the same order."""

from __future__ import annotations

import random
from bisect import bisect

import pytest

from pytest_hkexprt.systems.omd.codec import Message, build
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.market import GEM, MAIN, Security
from pytest_hkexprt.systems.omd.market_orders import BID, FEWEST, LEVELS, MOST, OFFER, REACH, Orders, Totals, Trade

DEAR, CHEAP = Security(388, MAIN, 100, 200, 272_450), Security(8002, GEM, 4_000, 1, 8)
FIRST_ID, STEPS = 1_000, 1_500
SIDES = (BID, OFFER)


class Follower:
    """A book kept from the messages alone, each held against what it says of itself."""

    def __init__(self, security: Security) -> None:
        self.security = security
        self.sides: dict[int, list[tuple[int, int, int]]] = {BID: [], OFFER: []}
        """Of each side, what sorts an order, its id and its quantity, the best first."""
        self.ids: list[int] = []

    def take(self, message: Message) -> None:
        side, order_id = message.raw("Side"), message.raw("OrderId")
        orders = self.sides[side]
        if message.type == Type.ADD_ORDER:
            price = message.raw("Price")
            ranks = [(rank, each) for rank, each, _ in orders]
            at = bisect(ranks, (-price if side == BID else price, order_id))
            orders.insert(at, (-price if side == BID else price, order_id, message.raw("Quantity")))
            assert message.raw("OrderBookPosition") == at + 1
            assert price % self.security.tick == 0 and price >= self.security.tick
            assert 1 <= message.raw("Quantity") / self.security.lot <= 20
            self.ids.append(order_id)
            return
        at = next(index for index, (_, each, _) in enumerate(orders) if each == order_id)
        if message.type == Type.DELETE_ORDER:
            del orders[at]
        else:
            assert message.type == Type.MODIFY_ORDER
            assert message.raw("OrderBookPosition") == at + 1
            rank, _, before = orders[at]
            assert 0 < message.raw("Quantity") <= before
            orders[at] = rank, order_id, message.raw("Quantity")

    def levels(self, side: int) -> list[tuple[int, int, int]]:
        found: dict[int, tuple[int, int, int]] = {}
        for rank, _, quantity in self.sides[side]:
            _, total, count = found.get(abs(rank), (0, 0, 0))
            found[abs(rank)] = abs(rank), total + quantity, count + 1
        return list(found.values())[:LEVELS]


@pytest.fixture(params=[DEAR, CHEAP], ids=["dear", "cheap"])
def security(request) -> Security:
    return request.param


def test_whoever_follows_the_messages_has_the_same_book(security):
    orders, follower, totals = Orders(security, random.Random(5), FIRST_ID), Follower(security), Totals()
    trades, sizes = [], set()
    for step in range(STEPS):
        best = {side: follower.sides[side][:1] for side in SIDES}
        told, trade = orders.step(step)
        if trade is None:
            (message,) = told
        else:
            first, message = told
            assert first == build(
                Type.TRADE,
                SecurityCode=security.code,
                TradeID=trade.id,
                Price=trade.price,
                Quantity=trade.quantity,
                TrdType=0,
                TradeTime=step,
            )
            ((rank, order_id, quantity),) = best[message.raw("Side")]
            assert (message.raw("OrderId"), trade.price, trade.at_ns) == (order_id, abs(rank), step)
            left = message.raw("Quantity") if message.type == Type.MODIFY_ORDER else 0
            assert left == quantity - trade.quantity and trade.quantity % security.lot == 0
            totals.add(trade)
            trades.append(trade)
            follower.ids.append(trade.id)
        assert message.raw("SecurityCode") == security.code
        follower.take(message)
        for side in SIDES:
            assert orders.levels(side) == follower.levels(side)
        sizes.update(len(follower.sides[side]) for side in SIDES)
    assert follower.ids == [*range(FIRST_ID + 1, FIRST_ID + 1 + len(follower.ids))]
    assert orders.totals == totals
    assert len(trades) > 50 and max(sizes) == MOST
    assert len({each.price for each in trades}) > 5


def test_a_refresh_is_every_resting_order_as_it_stands(security):
    orders, follower = Orders(security, random.Random(5), FIRST_ID), Follower(security)
    for step in range(200):
        follower.take(orders.step(step)[0][-1])
    rest = list(orders.resting())
    assert {each.type for each in rest} == {Type.ADD_ORDER}
    assert [(each.raw("OrderId"), each.raw("Quantity")) for each in rest] == [
        (order_id, quantity) for side in SIDES for _, order_id, quantity in follower.sides[side]
    ]
    assert {each["OrderType"] for each in rest} == {"2"}


def test_a_side_is_never_left_with_less_than_its_fewest_for_long():
    orders = Orders(DEAR, random.Random(3), FIRST_ID)
    for step in range(100):
        orders.step(step)
    for step in range(STEPS):
        orders.step(step)
        assert all(sum(count for *_, count in orders.levels(side)) >= FEWEST - 1 for side in SIDES)


def test_orders_come_within_reach_of_the_last_close_until_something_trades():
    orders = Orders(DEAR, random.Random(7), FIRST_ID)
    middle, prices = 272_400, []
    while True:
        told, trade = orders.step(0)
        if trade is not None:
            break
        prices += [each.raw("Price") for each in told if each.type == Type.ADD_ORDER]
    assert prices
    assert all(0 < abs(price - middle) <= REACH * DEAR.tick for price in prices)


def test_what_a_day_came_to():
    totals = Totals()
    for number, (price, quantity) in enumerate([(100, 5), (90, 1), (110, 2)], start=1):
        totals.add(Trade(number, price, quantity, 0))
    assert totals == Totals(shares=8, turnover=810, high=110, low=90, last=110, opening=100, trades=3)
