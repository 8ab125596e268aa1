"""The stand-in market as a feed tells it: which channel says what, one event after the other, and each one's refresh.

Source: what a channel carries, HKEX OMD-C Connectivity Guide v2.2 and OMD-CC Connectivity Guide v1.1 (channel tables);
how a refresh is made up, OMD-C Binary Interface Specifications v1.45, section 3.4.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from pytest_hkexprt.systems.omd import market
from pytest_hkexprt.systems.omd.channels import Channel, Content
from pytest_hkexprt.systems.omd.codec import Message, build
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.market import CC_SECURITIES, SECURITIES, Security
from pytest_hkexprt.systems.omd.market_orders import BID, OFFER, Level, Orders, Trade, entries

CLEAR = 74
"""What an entry of an aggregate book does that empties it."""
IDS_EACH = 10_000_000
"""From one security's orders and trades to the next one's."""
TURNOVER_EVERY, NEWS_EVERY, STATUS_EVERY = 40, 150, 220
"""Events between two of a kind."""
HALT, RESUME = 2, 3
FIRST_OF_SHENZHEN = 311
CHINA = (Content.CHINA_REFERENCE, Content.CHINA_PRICES)


class Market:
    """A market of one feed.

    Args:
        channels: which there are, of one feed.
        seed: the same one gives the same market.
        omitted: a security that is announced and never defined.
    """

    def __init__(
        self,
        channels: Iterable[Channel],
        *,
        seed: int = 1,
        omitted: int | None = None,
    ) -> None:
        self._contents = {channel.number: channel.content for channel in channels}
        self._omitted = omitted
        self._chance = random.Random(seed)  # noqa: S311  a market that comes again, nothing secret
        markets = {market_of(number) for number, each in self._contents.items() if each in CHINA}
        securities = [each for name in sorted(markets) for each in CC_SECURITIES[name]] or list(SECURITIES)
        self._orders = [
            Orders(security, self._chance, number * IDS_EACH) for number, security in enumerate(securities, start=1)
        ]
        self._halts: dict[int, bool] = {}
        self._turnovers: dict[str, int] = dict.fromkeys(market.OMD_C_MARKETS, 0)
        self._told_news: list[Message] = []
        self._begun_ns = 0
        self._events = 0

    @property
    def codes(self) -> tuple[int, ...]:
        """Every security's code."""
        return tuple(each.security.code for each in self._orders)

    def opening(self, channel: int, now_ns: int) -> list[Message]:
        """Return what a channel says first in the day."""
        self._begun_ns = self._begun_ns or now_ns
        return self.snapshot(channel)

    def step(self, now_ns: int) -> Iterator[tuple[int, Message]]:
        """Let one thing happen, and yield what each channel says of it."""
        self._events += 1
        orders = self._orders[self._chance.randrange(len(self._orders))]
        before = orders.levels(BID), orders.levels(OFFER)
        told, trade = orders.step(now_ns)
        for channel in self._full_tick(orders.security):
            yield from ((channel, each) for each in told)
        for channel in self._having(Content.STANDARD):
            yield from ((channel, each) for each in self._standard(orders, before, trade))
        for channel in self._having(Content.CHINA_PRICES):
            if orders.security.market == market_of(channel):
                yield from ((channel, each) for each in self._cc_prices(orders, traded=trade is not None))
        yield from self._now_and_then(orders.security, now_ns)

    def snapshot(self, channel: int) -> list[Message]:
        """Return what a refresh of a channel says of how things stand, without its end."""
        content, told = self._contents[channel], list[Message]()
        match content:
            case Content.REFERENCE:
                told = self._defined(market.definitions())
            case Content.STATUS:
                told = [*market.sessions(self._begun_ns), *(status(*each) for each in self._halts.items())]
            case Content.TURNOVER:
                told = [market.turnover(name, total) for name, total in self._turnovers.items()]
            case Content.NEWS:
                told = list(self._told_news)
            case Content.STANDARD:
                told = [each for orders in self._orders for each in self._levels_whole(orders)]
            case Content.FULL_TICK:
                of_channel = [each for each in self._orders if channel in self._full_tick(each.security)]
                told = [each for orders in of_channel for each in orders.resting()]
            case Content.CHINA_REFERENCE:
                told = self._defined(market.cc_definitions(market_of(channel)))
            case Content.CHINA_PRICES:
                own = [each for each in self._orders if each.security.market == market_of(channel)]
                told = [each for orders in own for each in self._cc_prices(orders, traded=True)]
        return told

    def _having(self, content: Content) -> list[int]:
        return [channel for channel, each in self._contents.items() if each is content]

    def _full_tick(self, security: Security) -> list[int]:
        """Return the channel that has a security's orders: they are shared out among those there are."""
        channels = self._having(Content.FULL_TICK)
        return [channels[security.code % len(channels)]] if channels else []

    def _defined(self, told: Iterable[Message]) -> list[Message]:
        definitions = (Type.SECURITY_DEFINITION, Type.CC_SECURITY_DEFINITION)
        return [each for each in told if each.type not in definitions or each.raw("SecurityCode") != self._omitted]

    def _standard(self, orders: Orders, before: tuple[list[Level], list[Level]], trade: Trade | None) -> list[Message]:
        code, totals = orders.security.code, orders.totals
        changed = [each for side in (BID, OFFER) for each in entries(before[side], orders.levels(side), side)]
        told = [build(Type.AGGREGATE_ORDER_BOOK_UPDATE, SecurityCode=code, Entries=changed)] if changed else []
        if trade is not None:
            told.append(
                build(
                    Type.TRADE_TICKER,
                    SecurityCode=code,
                    TickerID=totals.trades,
                    Price=trade.price,
                    AggregateQuantity=trade.quantity,
                    TradeTime=trade.at_ns,
                    TrdType=0,
                    TrdCancelFlag="N",
                )
            )
            told += self._statistics(orders)
        return told

    def _statistics(self, orders: Orders) -> list[Message]:
        code, totals = orders.security.code, orders.totals
        if not totals.trades:
            return []
        return [
            build(
                Type.STATISTICS,
                SecurityCode=code,
                SharesTraded=totals.shares,
                Turnover=totals.turnover,
                HighPrice=totals.high,
                LowPrice=totals.low,
                LastPrice=totals.last,
                VWAP=totals.turnover // totals.shares,
            ),
            build(Type.NOMINAL_PRICE, SecurityCode=code, NominalPrice=totals.last),
        ]

    def _levels_whole(self, orders: Orders) -> list[Message]:
        code = orders.security.code
        whole = [each for side in (BID, OFFER) for each in entries([], orders.levels(side), side)]
        told = [build(Type.AGGREGATE_ORDER_BOOK_UPDATE, SecurityCode=code, Entries=whole)] if whole else []
        return told + self._statistics(orders)

    def _cc_prices(self, orders: Orders, *, traded: bool) -> list[Message]:
        code, totals = orders.security.code, orders.totals
        bid, offer = (next(iter(orders.levels(side)), (0, 0, 0)) for side in (BID, OFFER))
        told = [
            build(
                Type.CC_TOP_OF_BOOK,
                SecurityCode=code,
                AggregateBidQuantity=bid[1],
                AggregateAskQuantity=offer[1],
                BidPrice=bid[0],
                AskPrice=offer[0],
            )
        ]
        if traded and totals.trades:
            told.append(
                build(
                    Type.CC_STATISTICS,
                    SecurityCode=code,
                    SharesTraded=totals.shares,
                    Turnover=totals.turnover,
                    HighPrice=totals.high,
                    LowPrice=totals.low,
                    LastPrice=totals.last,
                    OpeningPrice=totals.opening,
                )
            )
        return told

    def _now_and_then(self, security: Security, now_ns: int) -> Iterator[tuple[int, Message]]:
        if not self._events % TURNOVER_EVERY:
            self._turnovers[security.market] = self._turnover(security.market)
            for channel in self._having(Content.TURNOVER):
                yield channel, market.turnover(security.market, self._turnovers[security.market])
        if not self._events % NEWS_EVERY:
            self._told_news.append(market.news(len(self._told_news) + 1, now_ns))
            for channel in self._having(Content.NEWS):
                yield channel, self._told_news[-1]
        if not self._events % STATUS_EVERY:
            self._halts[security.code] = not self._halts.get(security.code, False)
            for channel in self._having(Content.STATUS):
                yield channel, status(security.code, self._halts[security.code])

    def _turnover(self, name: str) -> int:
        return sum(each.totals.turnover for each in self._orders if each.security.market == name)


def market_of(channel: int) -> str:
    """Return the market a channel of OMD-CC is of: 301 and 302 are Shanghai's, 311 and 312 Shenzhen's."""
    return market.SSE if channel < FIRST_OF_SHENZHEN else market.SZSE


def status(code: int, halted: bool) -> Message:
    """Return what the session status channel says of a security."""
    return build(Type.SECURITY_STATUS, SecurityCode=code, SuspensionIndicator=HALT if halted else RESUME)
