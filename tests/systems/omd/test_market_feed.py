"""What the stand-in market tells follows from what happened in it: totals, best prices, halts, news, each refresh."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest

from pytest_hkexprt.systems.omd import settings
from pytest_hkexprt.systems.omd.channels import Content, Feed
from pytest_hkexprt.systems.omd.codec import Message, build
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.market import CC_SECURITIES, OMD_C_MARKETS, SECURITIES, SSE, SZSE, turnover
from pytest_hkexprt.systems.omd.market_feed import NEWS_EVERY, STATUS_EVERY, TURNOVER_EVERY, Market, market_of, status
from tests.systems.omd.test_market import NOW_NS

STEPS = 900
NO = build(Type.TRADE_TICKER, TrdCancelFlag="N").raw("TrdCancelFlag")
MARKET_OF = {each.code: each.market for each in SECURITIES}
TICKER, STATISTICS, NOMINAL = Type.TRADE_TICKER, Type.STATISTICS, Type.NOMINAL_PRICE
Told = list[tuple[int, Message]]


def channels(feed: Feed):
    return settings.defaults().feeds[feed].channels


def number(feed: Feed, content: Content) -> int:
    return next(each.number for each in channels(feed) if each.content is content)


@pytest.fixture
def told() -> list[Told]:
    """Return what OMD-C's market says of each event."""
    market = Market(channels(Feed.OMD_C))
    return [list(market.step(NOW_NS + step)) for step in range(1, STEPS + 1)]


@pytest.fixture
def told_of_china() -> list[Told]:
    market = Market(channels(Feed.OMD_CC))
    return [list(market.step(NOW_NS + step)) for step in range(1, STEPS + 1)]


def of(told: list[Told], type_: Type) -> Iterator[Message]:
    return (message for event in told for _, message in event if message.type == type_)


def test_a_trade_is_told_on_the_ticker_with_the_next_number_of_its_security(told):
    tickers = defaultdict(list)
    for each in of(told, Type.TRADE_TICKER):
        tickers[each.raw("SecurityCode")].append(each)
    assert len(tickers) > 5
    for trades in tickers.values():
        assert [each.raw("TickerID") for each in trades] == [*range(1, len(trades) + 1)]
        assert {(each.raw("TrdType"), each.raw("TrdCancelFlag")) for each in trades} == {(0, NO)}
        assert all(NOW_NS < each.raw("TradeTime") <= NOW_NS + STEPS for each in trades)


def test_statistics_are_what_the_ticker_adds_up_to(told):
    prices, sums = defaultdict(list), defaultdict(lambda: [0, 0])
    followed = 0
    for event in told:
        messages = [message for _, message in event]
        for trade, statistics, nominal in zip(
            *([each for each in messages if each.type == type_] for type_ in (TICKER, STATISTICS, NOMINAL)), strict=True
        ):
            code, price = trade.raw("SecurityCode"), trade.raw("Price")
            prices[code].append(price)
            sums[code][0] += trade.raw("AggregateQuantity")
            sums[code][1] += trade.raw("AggregateQuantity") * price
            shares, turnover_ = sums[code]
            assert statistics == build(
                STATISTICS,
                SecurityCode=code,
                SharesTraded=shares,
                Turnover=turnover_,
                HighPrice=max(prices[code]),
                LowPrice=min(prices[code]),
                LastPrice=price,
                VWAP=turnover_ // shares,
            )
            assert nominal == build(NOMINAL, SecurityCode=code, NominalPrice=price)
            followed += 1
    assert followed > 50


def test_no_book_update_is_empty(told):
    updates = list(of(told, Type.AGGREGATE_ORDER_BOOK_UPDATE))
    assert updates
    assert all(each.entries("Entries") for each in updates)


def test_each_fortieth_event_tells_the_turnover_of_its_securitys_market(told):
    by_market: dict[str, int] = defaultdict(int)
    channel = number(Feed.OMD_C, Content.TURNOVER)
    found = 0
    for index, event in enumerate(told, start=1):
        for _, each in event:
            if each.type == TICKER:
                code = each.raw("SecurityCode")
                by_market[MARKET_OF[code]] += each.raw("AggregateQuantity") * each.raw("Price")
        said = [(at, each) for at, each in event if each.type == Type.MARKET_TURNOVER]
        assert bool(said) is (index % TURNOVER_EVERY == 0)
        for at, each in said:
            assert at == channel
            assert each in [turnover(name, by_market[name]) for name in OMD_C_MARKETS]
            found += 1
    assert found == STEPS // TURNOVER_EVERY


def test_news_is_numbered_and_comes_at_its_events(told):
    at = [index for index, event in enumerate(told, start=1) if any(each.type == Type.NEWS for _, each in event)]
    assert at == [*range(NEWS_EVERY, STEPS + 1, NEWS_EVERY)]
    assert [each.fields()["NewsID"] for each in of(told, Type.NEWS)] == [f"{n:03d}" for n in range(1, len(at) + 1)]


def test_securities_are_halted_and_resumed_by_turns():
    market = Market(channels(Feed.OMD_C))
    told = [list(market.step(NOW_NS + step)) for step in range(STATUS_EVERY * 40)]
    at = [index for index, event in enumerate(told, 1) if any(each.type == Type.SECURITY_STATUS for _, each in event)]
    assert at == [*range(STATUS_EVERY, len(told) + 1, STATUS_EVERY)]
    by_code = defaultdict(list)
    for each in of(told, Type.SECURITY_STATUS):
        by_code[each.raw("SecurityCode")].append(each)
    assert max(map(len, by_code.values())) > 2
    for code, said in by_code.items():
        assert said == [status(code, index % 2 == 0) for index in range(len(said))]
    refreshed = market.snapshot(number(Feed.OMD_C, Content.STATUS))
    assert {each.raw("SecurityCode"): each for each in refreshed if each.type == Type.SECURITY_STATUS} == {
        code: said[-1] for code, said in by_code.items()
    }


def test_a_halted_security_is_told_from_one_that_trades():
    halt, resume = (build(Type.SECURITY_STATUS, SecurityCode=5, SuspensionIndicator=code) for code in (2, 3))
    assert (status(5, True), status(5, False)) == (halt, resume)


def test_a_day_begins_with_no_turnover_no_news_and_no_halt():
    market = Market(channels(Feed.OMD_C))
    said = market.opening(number(Feed.OMD_C, Content.TURNOVER), NOW_NS)
    assert said == [turnover(name, 0) for name in OMD_C_MARKETS]
    assert market.opening(number(Feed.OMD_C, Content.NEWS), NOW_NS) == []
    sessions = market.opening(number(Feed.OMD_C, Content.STATUS), NOW_NS + 5_000_000_000)
    assert {each.type for each in sessions} == {Type.TRADING_SESSION_STATUS}
    assert {each.raw("StartDateTime") for each in sessions} == {NOW_NS}, "the day has begun with the first channel"


def test_a_refresh_of_books_tells_of_those_that_have_orders_alone():
    market = Market(channels(Feed.OMD_C))
    standard = number(Feed.OMD_C, Content.STANDARD)
    assert market.snapshot(standard) == []
    list(market.step(NOW_NS))
    (only,) = market.snapshot(standard)
    assert only.type == Type.AGGREGATE_ORDER_BOOK_UPDATE


def test_each_security_has_order_ids_of_its_own():
    market = Market(channels(Feed.OMD_C))
    assert market.codes == tuple(each.code for each in SECURITIES)
    ids = defaultdict(set)
    for step in range(STEPS):
        for _, each in market.step(NOW_NS + step):
            if each.type == Type.ADD_ORDER:
                ids[each.raw("SecurityCode")].add(each.raw("OrderId") // 10_000_000)
    assert [ids[code] for code in market.codes] == [{number} for number in range(1, len(market.codes) + 1)]


@pytest.mark.parametrize(("channel", "name"), [(301, SSE), (302, SSE), (310, SSE), (311, SZSE), (312, SZSE)])
def test_a_channel_of_china_connect_is_of_one_market(channel, name):
    assert market_of(channel) == name


def test_best_prices_of_china_connect_are_whole_lots_at_whole_ticks_and_never_cross(told_of_china):
    known = {(each.market, each.code): each for name in (SSE, SZSE) for each in CC_SECURITIES[name]}
    one_sided = 0
    for event in told_of_china:
        for channel, each in event:
            security = known[market_of(channel), each.raw("SecurityCode")]
            if each.type != Type.CC_TOP_OF_BOOK:
                continue
            bid, offer = each.raw("BidPrice"), each.raw("AskPrice")
            for price, quantity in (
                (bid, each.raw("AggregateBidQuantity")),
                (offer, each.raw("AggregateAskQuantity")),
            ):
                assert price % security.tick == 0 and quantity % security.lot == 0
                assert bool(price) is bool(quantity)
            assert not offer or bid < offer
            one_sided += not bid or not offer
    assert one_sided, "a book begins with one side"


def test_statistics_of_china_connect_follow_trades_alone_and_only_grow(told_of_china):
    last: dict[tuple[int, int], Message] = {}
    for channel, each in (pair for event in told_of_china for pair in event):
        if each.type != Type.CC_STATISTICS:
            continue
        key = channel, each.raw("SecurityCode")
        low, now, high = each.raw("LowPrice"), each.raw("LastPrice"), each.raw("HighPrice")
        assert 0 < low <= now <= high and low <= each.raw("OpeningPrice") <= high
        assert low <= each.raw("Turnover") / each.raw("SharesTraded") <= high
        before = last.get(key)
        if before is None:
            assert each.raw("OpeningPrice") == now == low == high
        else:
            traded = each.raw("SharesTraded") - before.raw("SharesTraded")
            assert traded > 0, "told without a trade"
            assert each.raw("Turnover") - before.raw("Turnover") == traded * now
            assert each.raw("OpeningPrice") == before.raw("OpeningPrice")
            assert high == max(before.raw("HighPrice"), now) and low == min(before.raw("LowPrice"), now)
        last[key] = each
    assert len(last) > 3
