"""The stand-in market of a rehearsal: which securities there are, and everything that is said about them but orders.

Nothing here is an exchange's data: names say so, in both languages, and prices follow from a seed. The same seed gives
the same market, message by message, so that two receivers can be held against each other and a failure comes again.

What the orders do is in ``market_orders``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from pytest_hkexprt.systems.omd.codec import Message, build
from pytest_hkexprt.systems.omd.layouts import Type

MAIN, GEM, NASD, ETS = "MAIN", "GEM", "NASD", "ETS"
SSE, SZSE = "ASHR", "ASZR"
MARKET_NAMES = {
    MAIN: "SIMULATED MAIN BOARD",
    GEM: "SIMULATED GEM",
    NASD: "SIMULATED NASDAQ STOCKS",
    ETS: "SIMULATED EXTENDED",
    SSE: "SIMULATED SSE NORTHBOUND",
    SZSE: "SIMULATED SZSE NORTHBOUND",
}
"""At most 25 characters."""
OMD_C_MARKETS = (MAIN, GEM, NASD, ETS)
NUMERALS = "零一二三四五六七八九"
CONTINUOUS, OPEN = 3, 30
"""Session and status of a market that trades."""
SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Security:
    """A security of the stand-in market."""

    code: int
    market: str
    lot: int
    tick: int
    """Between two prices, in thousandths."""
    close: int
    """The previous closing price, in thousandths."""

    @property
    def name(self) -> str:
        """Its short name, which says what it is."""
        return f"SIMULATED {self.code:05d}"

    @property
    def chinese(self) -> str:
        """Its name in Chinese characters."""
        return "模擬證券" + "".join(NUMERALS[int(digit)] for digit in str(self.code))


SECURITIES = (
    Security(1, MAIN, 500, 50, 42_000),
    Security(5, MAIN, 400, 50, 61_500),
    Security(388, MAIN, 100, 200, 272_400),
    Security(700, MAIN, 100, 200, 298_600),
    Security(939, MAIN, 1_000, 10, 4_650),
    Security(2318, MAIN, 500, 50, 34_850),
    Security(9988, MAIN, 100, 50, 74_150),
    Security(8001, GEM, 2_000, 5, 480),
    Security(8002, GEM, 4_000, 1, 118),
    Security(4332, NASD, 10, 100, 196_000),
)
"""Of OMD-C. No code of these is said to be any company's."""
CC_SECURITIES = {
    SSE: (
        Security(600_000, SSE, 100, 10, 6_620),
        Security(600_519, SSE, 100, 10, 1_726_000),
        Security(601_318, SSE, 100, 10, 40_300),
    ),
    SZSE: (
        Security(1, SZSE, 100, 10, 9_390),
        Security(2594, SZSE, 100, 10, 198_000),
        Security(300_750, SZSE, 100, 10, 163_250),
    ),
}
"""Of OMD-CC, by market."""


def definitions(securities: tuple[Security, ...] = SECURITIES) -> Iterator[Message]:
    """Yield what OMD-C's reference channel says: markets, securities, liquidity providers, currencies."""
    for market in OMD_C_MARKETS:
        count = sum(each.market == market for each in securities)
        currency = "USD" if market == NASD else "HKD"
        yield build(
            Type.MARKET_DEFINITION,
            MarketCode=market,
            MarketName=MARKET_NAMES[market],
            CurrencyCode=currency,
            NumberOfSecurities=count,
        )
    for security in securities:
        yield build(
            Type.SECURITY_DEFINITION,
            SecurityCode=security.code,
            MarketCode=security.market,
            ISINCode=f"HK0000{security.code:05d}0",
            InstrumentType="EQTY",
            ProductType=3,
            SpreadTableCode="01",
            SecurityShortName=security.name,
            CurrencyCode="HKD",
            SecurityNameGCCS=security.chinese,
            SecurityNameGB=security.chinese,
            LotSize=security.lot,
            PreviousClosingPrice=security.close,
            VCMFlag="Y",
            ShortSellFlag="Y",
            CASFlag="Y",
            CCASSFlag="Y",
            DummySecurityFlag="N",
            StampDutyFlag="Y",
            ListingDate=20_000_103,
            FreeText="SIMULATOR stand-in data",
            POSFlag="Y",
            EFNFlag="N",
        )
    yield build(Type.LIQUIDITY_PROVIDER, SecurityCode=securities[0].code, LiquidityProviders=[{"LPBrokerNumber": 9700}])
    yield build(Type.CURRENCY_RATE, CurrencyCode="USD", CurrencyFactor=0, CurrencyRate=78_100)


def cc_definitions(market: str) -> Iterator[Message]:
    """Yield what a reference channel of OMD-CC says."""
    securities = CC_SECURITIES[market]
    yield build(
        Type.CC_MARKET_DEFINITION,
        MarketCode=market,
        MarketName=MARKET_NAMES[market],
        CurrencyCode="CNY",
        NumberOfSecurities=len(securities),
    )
    for security in securities:
        yield build(
            Type.CC_SECURITY_DEFINITION,
            SecurityCode=security.code,
            MarketCode=market,
            ISINCode=f"CN0000{security.code:06d}",
            InstrumentType="EQTY",
            SecurityShortName=security.name,
            CurrencyCode="CNY",
            SecurityNameGB=security.chinese,
            LotSize=security.lot,
            PreviousClosingPrice=security.close,
            ShortSellFlag="Y",
            ListingDate=20_000_103,
        )


def sessions(now_ns: int) -> Iterator[Message]:
    """Yield what the session status channel says of markets that trade continuously."""
    begun_ns = now_ns - now_ns % SECOND_NS
    for market in OMD_C_MARKETS:
        yield build(
            Type.TRADING_SESSION_STATUS,
            MarketCode=market,
            TradingSessionSubID=CONTINUOUS,
            TradingSesStatus=OPEN,
            TradingSesControlFlag="0",
            StartDateTime=begun_ns,
            EndDateTime=0,
        )


def turnover(market: str, thousandths: int) -> Message:
    """Return what the turnover channel says of one market."""
    return build(Type.MARKET_TURNOVER, MarketCode=market, CurrencyCode="HKD", Turnover=thousandths)


def news(number: int, now_ns: int) -> Message:
    """Return a piece of news, in Chinese and in English by turns."""
    chinese = number % 2 == 0
    released = dt.datetime.fromtimestamp(now_ns // SECOND_NS, dt.UTC)
    if chinese:
        headline, line = f"模擬新聞第{number}則", "此為模擬系統之資料,並非交易所發出之新聞。"
    else:
        headline, line = (
            f"SIMULATED NEWS ITEM {number}",
            f"Stand-in text of {released:%H:%M:%S}, not an exchange's news.",
        )
    return build(
        Type.NEWS,
        NewsType="EXC" if chinese else "EXN",
        NewsID=f"{number % 1000:03d}",
        Headline=headline,
        CancelFlag="N",
        LastFragment="Y",
        ReleaseTime=now_ns - now_ns % SECOND_NS,
        MarketCodes=[{"MarketCode": MAIN}],
        NewsLines=[{"NewsLine": line}],
    )
