"""The orders of one security in the stand-in market: what happens next, and how each kind of channel tells it.

One thing that happens (an order comes, changes, goes, or two meet) is told order by order on a full-tick channel, by
price levels on a standard one, and by the best prices alone in OMD-CC; so the feeds of a rehearsal agree with each
other as the real ones do. Prices of the two sides never cross.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pytest_hkexprt.systems.omd.codec import Message, build
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.market import Security

BID, OFFER = 0, 1
LIMIT = "2"
NEW, CHANGE, DELETE = 0, 1, 2
"""What an aggregate book's entry does."""
LEVELS = 10
FEWEST, MOST = 4, 16
"""Orders of one side."""
COMES, CHANGES, GOES = 0.4, 0.6, 0.8
"""What happens next, as shares of what is drawn; beyond the last of them two orders meet."""
REACH = 12
"""Ticks from the middle at which an order may come."""
Level = tuple[int, int, int]
"""Price in thousandths, quantity, number of orders."""


@dataclass(frozen=True, slots=True)
class Order:
    """A resting order."""

    id: int
    side: int
    price: int
    """In thousandths."""
    quantity: int
    position: int = 0
    """Its rank when it was last spoken of."""


@dataclass(frozen=True, slots=True)
class Trade:
    """Two orders that met."""

    id: int
    price: int
    quantity: int
    at_ns: int


@dataclass(slots=True)
class Totals:
    """What the day came to."""

    shares: int = 0
    turnover: int = 0
    """In thousandths."""
    high: int = 0
    low: int = 0
    last: int = 0
    opening: int = 0
    trades: int = 0

    def add(self, trade: Trade) -> None:
        """Count a trade."""
        self.shares += trade.quantity
        self.turnover += trade.quantity * trade.price
        self.high = max(self.high, trade.price)
        self.low = min(self.low or trade.price, trade.price)
        self.last, self.opening = trade.price, self.opening or trade.price
        self.trades += 1


class Orders:
    """The order book of one security, moved on one event at a time.

    Args:
        security: whose it is.
        chance: draws what happens next.
        first_id: of its orders and trades.
    """

    def __init__(self, security: Security, chance: random.Random, first_id: int) -> None:
        self.security = security
        self.totals = Totals()
        self._chance = chance
        self._next_id = first_id
        self._sides: tuple[list[Order], list[Order]] = ([], [])
        self._middle = security.close - security.close % security.tick

    def step(self, now_ns: int) -> tuple[list[Message], Trade | None]:
        """Let one thing happen; return what a full-tick channel says of it, and the trade where it was one."""
        side = self._chance.choice((BID, OFFER))
        orders = self._sides[side]
        drawn = self._chance.random()
        if len(orders) < FEWEST or (drawn < COMES and len(orders) < MOST):
            return [self._come(side)], None
        if drawn < CHANGES:
            return [self._change(side)], None
        if drawn < GOES or not self._sides[1 - side]:
            return [self._go(orders[self._chance.randrange(len(orders))])], None
        return self._trade(side, now_ns)

    def levels(self, side: int) -> list[Level]:
        """Return the best price levels of a side, the best first."""
        found: dict[int, Level] = {}
        for order in self._sides[side]:
            _, quantity, count = found.get(order.price, (order.price, 0, 0))
            found[order.price] = (order.price, quantity + order.quantity, count + 1)
        return list(found.values())[:LEVELS]

    def resting(self) -> Iterator[Message]:
        """Yield every resting order as a full-tick channel's refresh has it."""
        for orders in self._sides:
            yield from map(self._added, orders)

    def _come(self, side: int) -> Message:
        ticks = self._chance.randint(1, REACH) * self.security.tick
        price = max(self.security.tick, self._middle - ticks if side == BID else self._middle + ticks)
        lots = self._chance.randint(1, 20)
        order = Order(self._id(), side, price, lots * self.security.lot)
        orders = self._sides[side]
        orders.append(order)
        orders.sort(key=lambda each: (-each.price if side == BID else each.price, each.id))
        at = orders.index(order)
        orders[at] = replace(order, position=at + 1)
        return self._added(orders[at])

    def _change(self, side: int) -> Message:
        orders = self._sides[side]
        at = self._chance.randrange(len(orders))
        lots = max(1, orders[at].quantity // self.security.lot - self._chance.randint(1, 3))
        return self._left(side, at, lots * self.security.lot)

    def _left(self, side: int, at: int, quantity: int) -> Message:
        orders = self._sides[side]
        orders[at] = replace(orders[at], quantity=quantity, position=at + 1)
        return build(
            Type.MODIFY_ORDER,
            SecurityCode=self.security.code,
            OrderId=orders[at].id,
            Quantity=quantity,
            Side=side,
            OrderBookPosition=at + 1,
        )

    def _go(self, order: Order) -> Message:
        self._sides[order.side].remove(order)
        return build(Type.DELETE_ORDER, SecurityCode=self.security.code, OrderId=order.id, Side=order.side)

    def _trade(self, side: int, now_ns: int) -> tuple[list[Message], Trade]:
        best = self._sides[side][0]
        lots = self._chance.randint(1, max(1, best.quantity // self.security.lot))
        trade = Trade(self._id(), best.price, lots * self.security.lot, now_ns)
        told = [
            build(
                Type.TRADE,
                SecurityCode=self.security.code,
                TradeID=trade.id,
                Price=trade.price,
                Quantity=trade.quantity,
                TrdType=0,
                TradeTime=now_ns,
            )
        ]
        if trade.quantity >= best.quantity:
            told.append(self._go(best))
        else:
            told.append(self._left(side, 0, best.quantity - trade.quantity))
        self.totals.add(trade)
        self._lean(side)
        return told, trade

    def _lean(self, side: int) -> None:
        """Move the middle by a tick the way the trade went, where neither side stands there."""
        moved = self._middle + (self.security.tick if side == OFFER else -self.security.tick)
        bids, offers = self._sides
        if (
            moved > self.security.tick * REACH
            and (not bids or bids[0].price < moved)
            and (not offers or offers[0].price > moved)
        ):
            self._middle = moved

    def _added(self, order: Order) -> Message:
        return build(
            Type.ADD_ORDER,
            SecurityCode=self.security.code,
            OrderId=order.id,
            Price=order.price,
            Quantity=order.quantity,
            Side=order.side,
            OrderType=LIMIT,
            OrderBookPosition=order.position,
        )

    def _id(self) -> int:
        self._next_id += 1
        return self._next_id


def entries(before: Sequence[Level], after: Sequence[Level], side: int) -> Iterator[dict[str, int]]:
    """Yield the entries of an aggregate book update that make one side's levels into others.

    A level that goes moves those below it up, one that comes moves them down, as a receiver does it.
    """
    now = list(before)
    kept = {level[0] for level in after}
    for at in range(len(now) - 1, -1, -1):
        if now[at][0] not in kept:
            yield _entry(now.pop(at), side, at, DELETE)
    for at, level in enumerate(after):
        if at < len(now) and now[at][0] == level[0]:
            if now[at] != level:
                yield _entry(level, side, at, CHANGE)
            now[at] = level
        else:
            now.insert(at, level)
            yield _entry(level, side, at, NEW)


def _entry(level: Level, side: int, at: int, action: int) -> dict[str, int]:
    price, quantity, count = level
    return {
        "AggregateQuantity": quantity,
        "Price": price,
        "NumberOfOrders": count,
        "Side": side,
        "PriceLevel": at + 1,
        "UpdateAction": action,
    }
