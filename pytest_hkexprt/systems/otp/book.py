"""One security's order book: price before time, board lots matched at once, odd lots kept for who picks them off.

The simulator's matching core stands on it. It knows no session and no message, so that what trades with what can be
tested with a handful of orders. A trade is made at the price of the order that was there first.

Source: OCG-C Binary Trading Interface Specifications v2.2, 7.5 (order type, time in force, maximum price levels). The
ten price levels of an order that names none are the exchange's enhanced limit order; see docs/trading-gateway.md for
what is a stand-in.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from pytest_hkexprt.systems.otp.messages import Value
from pytest_hkexprt.systems.otp.words import Side, TimeInForce

ZERO = Decimal(0)
ENHANCED_LEVELS = 10
"""Price levels an order may trade through that does not limit itself to one."""


class Standing(StrEnum):
    """What became of an order."""

    PENDING = "pending"
    """China Connect: with the gateway, and not yet with the home market."""
    OPEN = "open"
    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REJECTED = "rejected"


RESTING = (Standing.OPEN, Standing.PENDING)
"""In the market, or on the way there."""


@dataclass(slots=True, eq=False)
class Order:
    """An order as the exchange keeps it; it changes as it trades."""

    owner: str
    """The Comp ID that entered it."""
    broker: str
    cl_ord_id: str
    order_id: str
    security: str
    side: Side
    quantity: Decimal
    price: Decimal | None
    """None for one that trades at whatever price the crossing gives."""
    force: TimeInForce = TimeInForce.DAY
    levels: int = ENHANCED_LEVELS
    odd: bool = False
    quoted: bool = False
    """Whether it is one half of a quote."""
    standing: Standing = Standing.OPEN
    traded: Decimal = ZERO
    value: Decimal = ZERO
    """Quantity by price of everything it traded."""
    carried: dict[str, Value] = field(default_factory=dict)
    """What its messages repeat: broker's location, capacity, text."""

    @property
    def buys(self) -> bool:
        """Whether it buys."""
        return self.side is Side.BUY

    @property
    def leaves(self) -> Decimal:
        """What is still to trade; nothing of an order that is over."""
        return self.quantity - self.traded if self.standing in RESTING else ZERO


@dataclass(frozen=True, slots=True)
class Fill:
    """One trade of two orders."""

    taker: Order
    """Who came later."""
    maker: Order
    quantity: Decimal
    price: Decimal
    traded: tuple[Decimal, Decimal]
    """What taker and maker had traded after it: one order may make several trades before anybody is told."""

    def traded_by(self, order: Order) -> Decimal:
        """Return what one of the two had traded after it."""
        return self.traded[0] if order is self.taker else self.traded[1]


class _Half:
    """The buying or the selling half: each price with its orders in the order they came."""

    def __init__(self, *, buys: bool) -> None:
        self._sign = -1 if buys else 1
        self._keys: list[Decimal] = []
        """Prices so signed that the best comes first."""
        self._at: dict[Decimal, dict[str, Order]] = {}

    def __iter__(self) -> Iterator[Order]:
        for key in list(self._keys):
            yield from list(self._at[key].values())

    def prices(self) -> list[Decimal]:
        return [key * self._sign for key in self._keys]

    def at(self, price: Decimal) -> list[Order]:
        return list(self._at.get(price * self._sign, {}).values())

    def add(self, order: Order) -> None:
        assert order.price is not None, "what rests has a price"
        key = order.price * self._sign
        if key not in self._at:
            bisect.insort(self._keys, key)
            self._at[key] = {}
        self._at[key][order.order_id] = order

    def remove(self, order: Order) -> None:
        if order.price is None:
            return
        key = order.price * self._sign
        there = self._at.get(key, {})
        there.pop(order.order_id, None)
        if key in self._at and not there:
            del self._at[key]
            self._keys.remove(key)


class Book:
    """The orders of one security."""

    def __init__(self) -> None:
        self._halves = {True: _Half(buys=True), False: _Half(buys=False)}
        self._crossing: dict[str, Order] = {}
        """Orders that wait for the auction, in the order they came."""
        self._odd: dict[str, Order] = {}

    def best(self, *, buys: bool) -> Decimal | None:
        """Return the best resting price of a half; None where nothing rests."""
        return next(iter(self._halves[buys].prices()), None)

    def resting(self) -> Iterator[Order]:
        """Yield what rests: buyers and sellers, best first, then what waits for a crossing, then odd lots."""
        for half in self._halves.values():
            yield from half
        yield from list(self._crossing.values())
        yield from list(self._odd.values())

    def enter(self, order: Order) -> list[Fill]:
        """Match an order with what rests, keep what is left where it is to rest, and return the trades.

        An order that is good for the moment only is over afterwards, and so is one whose levels are used up while it
        could still trade: ``EXPIRED`` for what did not trade.
        """
        if order.odd:
            self._odd[order.order_id] = order
            return []
        if order.force is TimeInForce.AT_CROSSING:
            self._crossing[order.order_id] = order
            return []
        if order.force is TimeInForce.FOK and self._reachable(order) < order.quantity:
            order.standing = Standing.EXPIRED
            return []
        fills = list(self._matched(order))
        if order.standing is Standing.OPEN:
            if order.force is TimeInForce.DAY and order.price is not None and not self._crosses(order):
                self._halves[order.buys].add(order)
            else:
                order.standing = Standing.EXPIRED
        return fills

    def remove(self, order: Order) -> None:
        """Take an order out; one that is not in it is left alone."""
        self._halves[order.buys].remove(order)
        self._crossing.pop(order.order_id, None)
        self._odd.pop(order.order_id, None)

    def pick_off(self, odd: Order, quantity: Decimal, taker: Order) -> Fill:
        """Trade a resting odd lot with whoever names it, at its own price."""
        assert odd.price is not None, "an odd lot has a price"
        return self._settle(taker, odd, quantity, odd.price)

    def cross(self) -> list[Fill]:
        """Hold the auction: everything that can trade trades at the one price at which most does; the rest expires."""
        waiting, self._crossing = list(self._crossing.values()), {}
        fills: list[Fill] = []
        price = self._crossing_price(waiting)
        if price is not None:
            fills = list(self._crossed(waiting, price))
        for order in waiting:
            if order.standing is Standing.OPEN:
                order.standing = Standing.EXPIRED
        return fills

    def _matched(self, order: Order) -> Iterator[Fill]:
        opposite = self._halves[not order.buys]
        for price in opposite.prices()[: order.levels]:
            if not _reaches(order, price):
                return
            for resting in opposite.at(price):
                yield self._settle(order, resting, min(order.leaves, resting.leaves), price)
                if order.standing is not Standing.OPEN:
                    return

    def _crosses(self, order: Order) -> bool:
        best = self.best(buys=not order.buys)
        return best is not None and _reaches(order, best)

    def _reachable(self, order: Order) -> Decimal:
        opposite = self._halves[not order.buys]
        prices = [price for price in opposite.prices()[: order.levels] if _reaches(order, price)]
        return sum((resting.leaves for price in prices for resting in opposite.at(price)), ZERO)

    def _settle(self, taker: Order, maker: Order, quantity: Decimal, price: Decimal) -> Fill:
        for order in (taker, maker):
            order.traded += quantity
            order.value += quantity * price
            if order.traded >= order.quantity:
                order.standing = Standing.FILLED
                self.remove(order)
        return Fill(taker, maker, quantity, price, (taker.traded, maker.traded))

    def _crossing_price(self, waiting: list[Order]) -> Decimal | None:
        limits = {order.price for order in waiting if order.price is not None}
        for half in self._halves.values():
            limits.update(half.prices())

        def volume(price: Decimal) -> Decimal:
            sums = {True: ZERO, False: ZERO}
            for order in (*waiting, *self._halves[True], *self._halves[False]):
                if _reaches(order, price):
                    sums[order.buys] += order.leaves
            return min(sums.values())

        best = max(sorted(limits), key=volume, default=None)
        return best if best is not None and volume(best) else None

    def _crossed(self, waiting: list[Order], price: Decimal) -> Iterator[Fill]:
        def queue(*, buys: bool) -> list[Order]:
            own = [order for order in waiting if order.buys is buys and _reaches(order, price)]
            own.sort(key=lambda order: order.price is not None)  # those at any price come first
            return own + [order for order in self._halves[buys] if _reaches(order, price)]

        for buyer in queue(buys=True):
            for seller in queue(buys=False):
                if quantity := min(buyer.leaves, seller.leaves):
                    yield self._settle(buyer, seller, quantity, price)


def _reaches(order: Order, price: Decimal) -> bool:
    """Return whether an order would trade at a price."""
    if order.price is None:
        return True
    return price <= order.price if order.buys else price >= order.price
