"""What the stand-in market says of itself, whole: one message of each kind, and the counts that must agree."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from pytest_hkexprt.systems.omd import market
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.layouts import Type

NOW_NS = 1_704_502_800_123_456_789
"""2024-01-06 01:00:00.123456789 in UTC."""
WHOLE_NS = 1_704_502_800_000_000_000


def said(type_: Type) -> list[dict[str, object]]:
    return [each.fields() for each in market.definitions() if each.type == type_]


def test_a_security_is_named_as_simulated_in_both_languages():
    security = next(each for each in market.SECURITIES if each.code == 388)
    assert (security.name, security.chinese) == ("SIMULATED 00388", "模擬證券三八八")


def test_markets_are_said_first_then_securities_then_the_rest():
    kinds = Counter(each.type for each in market.definitions())
    told = [Type.MARKET_DEFINITION, Type.SECURITY_DEFINITION, Type.LIQUIDITY_PROVIDER, Type.CURRENCY_RATE]
    assert list(kinds.items()) == list(zip(told, (4, len(market.SECURITIES), 1, 1), strict=True))


def test_each_market_announces_how_many_securities_it_has():
    names = ("MarketCode", "MarketName", "CurrencyCode", "NumberOfSecurities")
    told = [tuple(each[name] for name in names) for each in said(Type.MARKET_DEFINITION)]
    assert told == [
        ("MAIN", "SIMULATED MAIN BOARD", "HKD", 7),
        ("GEM", "SIMULATED GEM", "HKD", 2),
        ("NASD", "SIMULATED NASDAQ STOCKS", "USD", 1),
        ("ETS", "SIMULATED EXTENDED", "HKD", 0),
    ]


def test_a_security_is_defined_with_all_that_a_receiver_reads():
    found = next(each for each in said(Type.SECURITY_DEFINITION) if each["SecurityCode"] == 388)
    given = {
        "SecurityCode": 388,
        "MarketCode": "MAIN",
        "ISINCode": "HK0000003880",
        "InstrumentType": "EQTY",
        "ProductType": 3,
        "SpreadTableCode": "01",
        "SecurityShortName": "SIMULATED 00388",
        "CurrencyCode": "HKD",
        "SecurityNameGCCS": "模擬證券三八八",
        "SecurityNameGB": "模擬證券三八八",
        "LotSize": 100,
        "PreviousClosingPrice": Decimal("272.400"),
        "ListingDate": 20_000_103,
        "FreeText": "SIMULATOR stand-in data",
        "DummySecurityFlag": "N",
        "EFNFlag": "N",
    } | dict.fromkeys(("VCMFlag", "ShortSellFlag", "CASFlag", "CCASSFlag", "StampDutyFlag", "POSFlag"), "Y")
    assert {name: value for name, value in found.items() if name in given} == given
    blank = {"", 0, None, Decimal(0)}
    assert all(value in blank for name, value in found.items() if name not in given)


def test_the_first_security_has_a_liquidity_provider_and_the_dollar_a_rate():
    (provider,) = (each for each in market.definitions() if each.type == Type.LIQUIDITY_PROVIDER)
    assert (provider["SecurityCode"], provider.entries("LiquidityProviders")) == (1, [{"LPBrokerNumber": 9700}])
    assert said(Type.CURRENCY_RATE) == [build(Type.CURRENCY_RATE, CurrencyCode="USD", CurrencyRate=78_100).fields()]


@pytest.mark.parametrize(
    ("code", "name", "first"), [("ASHR", "SIMULATED SSE NORTHBOUND", 600_000), ("ASZR", "SIMULATED SZSE NORTHBOUND", 1)]
)
def test_a_market_of_china_connect_says_the_same_of_its_own(code, name, first):
    announced, *defined = market.cc_definitions(code)
    assert announced.fields() == {
        **build(Type.CC_MARKET_DEFINITION).fields(),
        "MarketCode": code,
        "MarketName": name,
        "CurrencyCode": "CNY",
        "NumberOfSecurities": 3,
    }
    security = market.CC_SECURITIES[code][0]
    assert len(defined) == 3
    assert defined[0].fields() == {
        **build(Type.CC_SECURITY_DEFINITION).fields(),
        "SecurityCode": first,
        "MarketCode": code,
        "ISINCode": f"CN0000{first:06d}",
        "InstrumentType": "EQTY",
        "SecurityShortName": security.name,
        "CurrencyCode": "CNY",
        "SecurityNameGB": security.chinese,
        "LotSize": 100,
        "PreviousClosingPrice": Decimal(security.close).scaleb(-3),
        "ShortSellFlag": "Y",
        "ListingDate": 20_000_103,
    }


def test_every_market_trades_continuously_since_the_last_whole_second():
    told = list(market.sessions(NOW_NS))
    assert [each["MarketCode"] for each in told] == ["MAIN", "GEM", "NASD", "ETS"]
    assert told[0].fields() == {
        **build(Type.TRADING_SESSION_STATUS).fields(),
        "MarketCode": "MAIN",
        "TradingSessionSubID": 3,
        "TradingSesStatus": 30,
        "TradingSesControlFlag": "0",
        "StartDateTime": WHOLE_NS,
        "EndDateTime": 0,
    }


def test_turnover_is_in_hong_kong_dollars():
    assert market.turnover("GEM", 5_000).fields() == {
        **build(Type.MARKET_TURNOVER).fields(),
        "MarketCode": "GEM",
        "CurrencyCode": "HKD",
        "Turnover": Decimal("5.000"),
    }


@pytest.mark.parametrize(
    ("number", "kind", "headline", "line"),
    [
        (1002, "EXC", "模擬新聞第1002則", "此為模擬系統之資料,並非交易所發出之新聞。"),
        (7, "EXN", "SIMULATED NEWS ITEM 7", "Stand-in text of 01:00:00, not an exchange's news."),
    ],
)
def test_news_says_that_it_is_none(number, kind, headline, line):
    told = market.news(number, NOW_NS)
    assert told.fields() == {
        **build(Type.NEWS).fields(),
        "NewsType": kind,
        "NewsID": f"{number % 1000:03d}",
        "Headline": headline,
        "CancelFlag": "N",
        "LastFragment": "Y",
        "ReleaseTime": WHOLE_NS,
        "NoMarketCodes": 1,
    }
    assert told.entries("MarketCodes") == [{"MarketCode": "MAIN"}]
    assert told.entries("NewsLines") == [{"NewsLine": line}]
