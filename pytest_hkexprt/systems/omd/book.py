"""A receiver's picture of a channel: what its messages add up to, and how it differs from another's.

Everything is kept by what names it: an order by its number, a price level by its price, a definition by its security.
What a snapshot restates is the *state*; the trades of the day are the *tape*, which no snapshot restates, so that two
tapes are compared whole only where neither receiver had to rebuild.

Source: HKEX OMD-C Binary Interface Specifications v1.45, section 3 (what the messages say). Not published: that a
snapshot leaves trades out; ours.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from pytest_hkexprt.systems.omd.codec import Message, build
from pytest_hkexprt.systems.omd.layouts import LAYOUTS, Type
from pytest_hkexprt.systems.omd.state import (
    BID,
    CLEAR,
    DELETE,
    KEY_OF,
    MOST_FAULTS,
    MOST_LEVELS,
    MOST_TRADES,
    TAPE,
    Key,
    Level,
    OddLot,
    Order,
    Trade,
    entries,
    flat,
    plain,
    told,
    unlike,
)


class Picture:
    """What the messages of one channel add up to."""

    def __init__(self) -> None:
        self.latest: dict[int, dict[Key, Message]] = {}
        """By type and key, the last message."""
        self.orders: dict[Key, Order] = {}
        """By security and order."""
        self.odd_lots: dict[Key, OddLot] = {}
        """By security and order."""
        self.levels: dict[Key, dict[int, Level]] = {}
        """Aggregate book: by security and side, each price."""
        self.news: dict[Key, list[Message]] = {}
        """By type and number of the news, the fragments."""
        self.trades: dict[Key, Trade] = {}
        """By security and trade."""
        self.tickers: dict[Key, Trade] = {}
        """By security and ticker."""
        self.tape_whole = True
        """Whether every trade is on the tape: no snapshot stood in for messages, and none was dropped for its age."""
        self.faults: list[str] = []
        """Messages that do not fit what was before, the first :data:`MOST_FAULTS`."""
        self.applied = 0
        """Messages."""
        self._by_type: dict[int, Callable[[Message], None]] = {
            Type.ADD_ORDER: self._add_order,
            Type.MODIFY_ORDER: self._modify_order,
            Type.DELETE_ORDER: self._delete_order,
            Type.ADD_ODD_LOT_ORDER: self._add_odd_lot,
            Type.DELETE_ODD_LOT_ORDER: self._delete_odd_lot,
            Type.AGGREGATE_ORDER_BOOK_UPDATE: self._aggregate,
            Type.NEWS: self._news,
            Type.TRADE: self._trade,
            Type.TRADE_CANCEL: self._trade_cancel,
            Type.TRADE_TICKER: self._ticker,
        }

    def apply(self, message: Message) -> None:
        """Take the next message; control messages and types nobody lists change nothing."""
        self.applied += 1
        type_ = message.layout.type
        change = self._by_type.get(type_)
        if change:
            change(message)
        elif type_ in KEY_OF:
            self.latest.setdefault(type_, {})[KEY_OF[type_](message.values)] = message

    def apply_tape(self, message: Message) -> None:
        """Take a message whose change a snapshot holds already: only a trade is new."""
        if message.type in TAPE:
            self._by_type[message.type](message)

    def clear(self, *, tape_whole: bool = False) -> None:
        """Forget the state, since a snapshot is to stand in for it; the tape stays.

        Args:
            tape_whole: whether every trade that the snapshot covers is on the tape, or will be.
        """
        for state in (self.latest, self.orders, self.odd_lots, self.levels, self.news):
            state.clear()
        self.tape_whole = tape_whole

    def restate(self) -> Iterator[Message]:
        """Yield messages that bring an empty picture to this state, as a snapshot does; trades are not among them."""
        for type_ in sorted(self.latest):
            yield from self.latest[type_].values()
        for (code, order_id), order in self.orders.items():
            yield build(
                Type.ADD_ORDER,
                SecurityCode=code,
                OrderId=order_id,
                Price=order.price,
                Quantity=order.quantity,
                Side=order.side,
                OrderType=order.order_type,
                OrderBookPosition=order.position,
            )
        for (code, order_id), odd in self.odd_lots.items():
            yield build(
                Type.ADD_ODD_LOT_ORDER,
                SecurityCode=code,
                OrderId=order_id,
                Price=odd.price,
                Quantity=odd.quantity,
                BrokerID=odd.broker,
                Side=odd.side,
            )
        for (code, side), levels in self.levels.items():
            yield build(Type.AGGREGATE_ORDER_BOOK_UPDATE, SecurityCode=code, Entries=entries(int(side), levels))
        for fragments in self.news.values():
            yield from fragments

    def levels_of(self, code: int, side: int) -> list[tuple[int, Level]]:
        """Return one side of a security's aggregate book, the best price first."""
        return sorted(self.levels.get((code, side), {}).items(), reverse=side == BID)

    def differences(self, other: Picture, *, most: int = 20) -> list[str]:
        """Return in what this picture differs from another, one line each; none where they are the same.

        Args:
            other: the picture to compare with.
            most: lines; what is beyond is counted in one more.
        """
        found = [line for what, ours, theirs in self._pairs(other) for line in unlike(what, ours, theirs)]
        whole = self.tape_whole and other.tape_whole
        for what, ours, theirs in (("trade", self.trades, other.trades), ("ticker", self.tickers, other.tickers)):
            common = ours.keys() | theirs.keys() if whole else ours.keys() & theirs.keys()
            mine, yours = (_of(tape, common, cancelled=whole) for tape in (ours, theirs))
            found += unlike(what, mine, yours)
        return found if len(found) <= most else [*found[:most], f"and {len(found) - most:,} more"]

    def _pairs(self, other: Picture) -> Iterator[tuple[str, Mapping[Any, Any], Mapping[Any, Any]]]:
        for type_ in sorted(self.latest.keys() | other.latest.keys()):
            yield LAYOUTS[type_].name, plain(self.latest.get(type_, {})), plain(other.latest.get(type_, {}))
        yield "order", self.orders, other.orders
        yield "odd lot order", self.odd_lots, other.odd_lots
        yield "price level", flat(self.levels), flat(other.levels)
        yield "news", told(self.news), told(other.news)

    def _add_order(self, message: Message) -> None:
        code, order_id, price, quantity, side, order_type, position = message.values
        key = (code, order_id)
        if key in self.orders:
            self._fault(f"order {order_id} of {code} was added twice")
        self.orders[key] = Order(int(price), int(quantity), int(side), str(order_type), int(position))

    def _modify_order(self, message: Message) -> None:
        code, order_id, quantity, side, position = message.values
        key = (code, order_id)
        order = self.orders.get(key)
        if order is None:
            self._fault(f"order {order_id} of {code} was modified and is not in the book")
            return
        self.orders[key] = order._replace(quantity=int(quantity), side=int(side), position=int(position))

    def _delete_order(self, message: Message) -> None:
        code, order_id, _ = message.values
        if self.orders.pop((code, order_id), None) is None:
            self._fault(f"order {order_id} of {code} was deleted and is not in the book")

    def _add_odd_lot(self, message: Message) -> None:
        code, order_id, price, quantity, broker, side = message.values
        self.odd_lots[(code, order_id)] = OddLot(int(price), int(quantity), int(broker), int(side))

    def _delete_odd_lot(self, message: Message) -> None:
        code, order_id, _, _ = message.values
        if self.odd_lots.pop((code, order_id), None) is None:
            self._fault(f"odd lot order {order_id} of {code} was deleted and is not in the book")

    def _aggregate(self, message: Message) -> None:
        code = message.values[0]
        for quantity, price, orders, side, _, action in message.groups[0]:
            levels = self.levels.setdefault((code, side), {})
            if action == CLEAR:
                levels.clear()
            elif action == DELETE:
                if levels.pop(int(price), None) is None:
                    self._fault(f"price {price} of {code} was deleted and is not in the book")
            else:
                levels[int(price)] = Level(int(quantity), int(orders))
                if len(levels) > MOST_LEVELS:
                    del levels[min(levels) if side == BID else max(levels)]
            if not levels:
                del self.levels[(code, side)]

    def _news(self, message: Message) -> None:
        key = (message.raw("NewsType"), message.raw("NewsID"))
        fragments = self.news.setdefault(key, [])
        if not fragments or fragments[-1].raw("LastFragment") == "Y":
            fragments.clear()
        fragments.append(message)

    def _trade(self, message: Message) -> None:
        code, trade_id, price, quantity, type_, time_ns = message.values
        self.trades[(code, trade_id)] = Trade(int(price), int(quantity), int(type_), int(time_ns))
        self._trim(self.trades)

    def _trade_cancel(self, message: Message) -> None:
        code, trade_id = message.values
        trade = self.trades.get((code, trade_id))
        if trade:
            self.trades[(code, trade_id)] = trade._replace(cancelled=True)
        elif self.tape_whole:
            self._fault(f"trade {trade_id} of {code} was cancelled and never made")

    def _ticker(self, message: Message) -> None:
        code, ticker_id, price, quantity, time_ns, type_, cancelled = message.values
        trade = Trade(int(price), int(quantity), int(type_), int(time_ns), cancelled == "Y")
        self.tickers[(code, ticker_id)] = trade
        self._trim(self.tickers)

    def _trim(self, tape: dict[Key, Trade]) -> None:
        """Drop the oldest trades, many at once, where there are too many."""
        if len(tape) > MOST_TRADES * 5 // 4:
            for key in list(tape)[:-MOST_TRADES]:
                del tape[key]
            self.tape_whole = False

    def _fault(self, text: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(text)


def _of(tape: Mapping[Key, Trade], keys: Collection[Key], *, cancelled: bool) -> dict[Key, Trade]:
    """Return some trades of a tape; without ``cancelled``, as if none had been, since that may have been missed."""
    found = {key: tape[key] for key in keys if key in tape}
    return found if cancelled else {key: trade._replace(cancelled=False) for key, trade in found.items()}
