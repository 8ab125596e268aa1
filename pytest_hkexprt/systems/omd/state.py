"""What a picture of the market is kept in, and how two of them are told apart."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from pytest_hkexprt.systems.omd.codec import CODECS, Message
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.rows import Raw

Key: TypeAlias = tuple[Raw, ...]
MOST_LEVELS: Final = 10
"""Of each side of an aggregate book; what falls behind is not told of."""
MOST_FAULTS: Final = 100
MOST_TRADES: Final = 250_000
"""Kept on a tape, the newest; a busy day has more, and a receiver is not to grow with the day."""
KEYS: Final[dict[int, tuple[str, ...]]] = {
    Type.MARKET_DEFINITION: ("MarketCode",),
    Type.SECURITY_DEFINITION: ("SecurityCode",),
    Type.LIQUIDITY_PROVIDER: ("SecurityCode",),
    Type.CURRENCY_RATE: ("CurrencyCode",),
    Type.TRADING_SESSION_STATUS: ("MarketCode",),
    Type.SECURITY_STATUS: ("SecurityCode",),
    Type.VCM_TRIGGER: ("SecurityCode",),
    Type.NOMINAL_PRICE: ("SecurityCode",),
    Type.INDICATIVE_EQUILIBRIUM_PRICE: ("SecurityCode",),
    Type.REFERENCE_PRICE: ("SecurityCode",),
    Type.YIELD: ("SecurityCode",),
    Type.BROKER_QUEUE: ("SecurityCode", "Side"),
    Type.ORDER_IMBALANCE: ("SecurityCode",),
    Type.STATISTICS: ("SecurityCode",),
    Type.MARKET_TURNOVER: ("MarketCode", "CurrencyCode"),
    Type.CLOSING_PRICE: ("SecurityCode",),
    Type.INDEX_DEFINITION: ("IndexCode",),
    Type.INDEX_DATA: ("IndexCode",),
    Type.STOCK_CONNECT_DAILY_QUOTA_BALANCE: ("StockConnectMarket", "TradingDirection"),
    Type.STOCK_CONNECT_MARKET_TURNOVER: ("StockConnectMarket", "TradingDirection"),
    Type.CC_MARKET_DEFINITION: ("MarketCode",),
    Type.CC_SECURITY_DEFINITION: ("SecurityCode",),
    Type.CC_SECURITY_STATUS: ("SecurityCode",),
    Type.CC_TOP_OF_BOOK: ("SecurityCode",),
    Type.CC_STATISTICS: ("SecurityCode",),
}
"""Types of which the last message of each key is the state."""


def _key_of(type_: int, names: tuple[str, ...]) -> Callable[[tuple[Raw, ...]], Key]:
    """Return what takes a key out of a message's values."""
    first, *more = (CODECS[type_].fixed.index[name] for name in names)
    return operator.itemgetter(first, *more) if more else lambda values: (values[first],)


KEY_OF: Final[dict[int, Callable[[tuple[Raw, ...]], Key]]] = {
    int(type_): _key_of(type_, names) for type_, names in KEYS.items()
}
TAPE: Final = frozenset((Type.TRADE, Type.TRADE_CANCEL, Type.TRADE_TICKER))
"""What no snapshot restates."""
BID, OFFER = 0, 1
NEW, CHANGE, DELETE, CLEAR = 0, 1, 2, 74
"""Actions on an aggregate book."""


class Order(NamedTuple):
    """An order in the book, numbers as on the wire."""

    price: int
    quantity: int
    side: int
    order_type: str
    position: int


class OddLot(NamedTuple):
    """An odd lot order."""

    price: int
    quantity: int
    broker: int
    side: int


class Level(NamedTuple):
    """One price of an aggregate book."""

    quantity: int
    orders: int


class Trade(NamedTuple):
    """A trade, or a ticker of one."""

    price: int
    quantity: int
    type: int
    time_ns: int
    cancelled: bool = False


def entries(side: int, levels: Mapping[int, Level]) -> list[dict[str, int]]:
    """Return one side of an aggregate book as the entries of an update, the best price first."""
    ordered = sorted(levels.items(), reverse=side == BID)
    return [
        {
            "AggregateQuantity": level.quantity,
            "Price": price,
            "NumberOfOrders": level.orders,
            "Side": side,
            "PriceLevel": number,
            "UpdateAction": NEW,
        }
        for number, (price, level) in enumerate(ordered, 1)
    ]


def plain(messages: Mapping[Key, Message]) -> dict[Key, tuple[object, object]]:
    """Return what messages say, without their numbers."""
    return {key: (message.values, message.groups) for key, message in messages.items()}


def told(news: Mapping[Key, list[Message]]) -> dict[Key, list[tuple[object, object]]]:
    """Return what news says, without the messages' numbers."""
    return {key: [(each.values, each.groups) for each in fragments] for key, fragments in news.items()}


def flat(levels: Mapping[Key, Mapping[int, Level]]) -> dict[Key, Level]:
    """Return price levels of all books in one mapping."""
    return {(*key, price): level for key, prices in levels.items() for price, level in prices.items()}


def unlike(what: str, ours: Mapping[Any, Any], theirs: Mapping[Any, Any]) -> Iterator[str]:
    """Yield a line for each key whose values differ."""
    for key in sorted(ours.keys() | theirs.keys(), key=str):
        mine, yours = ours.get(key), theirs.get(key)
        if mine != yours:
            here, there = ("missing" if value is None else value for value in (mine, yours))
            yield f"{what} {' '.join(map(str, key))}: {here} here, {there} there"
