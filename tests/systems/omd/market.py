"""A market made up from a seed, and what would publish it: messages, packets of both lines, snapshots, answers.

It shares the codec with what it tests, and nothing else: golden bytes hold the codec (``test_codec``).
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from pytest_hkexprt.systems.omd.book import Picture
from pytest_hkexprt.systems.omd.codec import Message, build
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.packets import frames, message_bytes

CODES = (1, 5, 700, 9988)
BEGAN_NS = 1_709_341_200_000_000_000
"""2 March 2024, 09:00 in Hong Kong."""


def messages(rng: random.Random, count: int) -> Iterator[Message]:
    """Yield messages of a market, each of which fits what was before."""
    orders: dict[tuple[int, int], int] = {}
    levels: dict[tuple[int, int], set[int]] = {}
    trades: list[tuple[int, int]] = []
    for number in range(1, count + 1):
        code, side = rng.choice(CODES), rng.randrange(2)
        what = rng.random()
        if what < 0.3 or not orders:
            orders[code, number] = side
            yield build(
                Type.ADD_ORDER,
                SecurityCode=code,
                OrderId=number,
                Price=rng.randrange(1, 500_000),
                Quantity=100 * rng.randrange(1, 99),
                Side=side,
                OrderType="2",
            )
        elif what < 0.45:
            (code, order), side = rng.choice(list(orders.items()))
            yield build(Type.MODIFY_ORDER, SecurityCode=code, OrderId=order, Quantity=rng.randrange(1, 99), Side=side)
        elif what < 0.6:
            code, order = rng.choice(list(orders))
            yield build(Type.DELETE_ORDER, SecurityCode=code, OrderId=order, Side=orders.pop((code, order)))
        elif what < 0.75:
            yield _level(rng, code, side, levels.setdefault((code, side), set()))
        elif what < 0.83:
            trades.append((code, number))
            yield build(Type.TRADE, SecurityCode=code, TradeID=number, Price=number, Quantity=100, TradeTime=BEGAN_NS)
        elif what < 0.86 and trades:
            code, trade = trades.pop(rng.randrange(len(trades)))
            yield build(Type.TRADE_CANCEL, SecurityCode=code, TradeID=trade)
        elif what < 0.9:
            yield build(Type.NEWS, NewsType="EXC", NewsID=f"{number % 7}", Headline="公告", LastFragment="Y")
        elif what < 0.95:
            yield build(Type.STATISTICS, SecurityCode=code, SharesTraded=number, Turnover=number * 1000, LastPrice=None)
        else:
            yield build(Type.TRADING_SESSION_STATUS, MarketCode="MAIN", TradingSessionSubID=3, TradingSesStatus=30)


def _level(rng: random.Random, code: int, side: int, prices: set[int]) -> Message:
    """Return an update of a book of few prices, so that none falls behind the tenth."""
    price = rng.randrange(1, 9)
    action = rng.choice((0, 1, 2)) if price in prices else 0
    (prices.discard if action == 2 else prices.add)(price)
    entry = {"AggregateQuantity": rng.randrange(1, 99), "Price": price, "NumberOfOrders": 1, "Side": side}
    return build(Type.AGGREGATE_ORDER_BOOK_UPDATE, SecurityCode=code, Entries=[{**entry, "UpdateAction": action}])


class Publisher:
    """A channel: its messages, numbered from 1, and what it answers.

    Args:
        seed: of the market.
        count: of messages.
    """

    def __init__(self, seed: int, count: int) -> None:
        self.messages = list(messages(random.Random(seed), count))
        self.encoded = [message_bytes(message) for message in self.messages]

    def picture(self, last: int | None = None) -> Picture:
        """Return what the first messages add up to; of all where ``last`` is None."""
        picture = Picture()
        for message in self.messages[: len(self.messages) if last is None else last]:
            picture.apply(message)
        assert not picture.faults
        return picture

    def line(self, rng: random.Random) -> list[bytes]:
        """Return the packets of one line, framed in its own way."""
        packets: list[bytes] = []
        at = 0
        while at < len(self.encoded):
            count = rng.randint(1, 6)
            packets += frames(at + 1, self.encoded[at : at + count], BEGAN_NS + at * 1_000_000)
            at += count
        return packets

    def snapshot(self, first: int, last: int) -> list[bytes]:
        """Return the packets of a snapshot as of message ``last``, numbered from ``first`` on the refresh channel."""
        encoded = [message_bytes(message) for message in self.picture(last).restate()]
        encoded.append(message_bytes(build(Type.REFRESH_COMPLETE, LastSeqNum=last)))
        return list(frames(first, encoded, BEGAN_NS + last * 1_000_000, most=5))

    def again(self, begin: int, end: int) -> list[bytes]:
        """Return the packets of a retransmission."""
        return list(frames(begin, self.encoded[begin - 1 : end], BEGAN_NS))
