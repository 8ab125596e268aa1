"""The messages of OMD-CC, the market data of China Connect's northbound securities.

Source: HKEX OMD-CC Interface Specification v1.3 (TrdgPhaseCode's values are those the document lists for SSE).
"""

from __future__ import annotations

from pytest_hkexprt.systems.omd.fields import (
    Unit,
    filler,
    i64,
    layout,
    price,
    text,
    u8,
    u32,
    u64,
    wide,
)

LAYOUTS = (
    layout(
        610,
        "CCMarketDefinition",
        40,
        text(4, 4, "MarketCode", "ASHR Shanghai, ASZR Shenzhen"),
        text(8, 25, "MarketName"),
        text(33, 3, "CurrencyCode"),
        u32(36, "NumberOfSecurities"),
    ),
    layout(
        611,
        "CCSecurityDefinition",
        220,
        u32(4, "SecurityCode", "six digits"),
        text(8, 4, "MarketCode", "ASHR, ASZR"),
        text(12, 12, "ISINCode"),
        text(24, 4, "InstrumentType", "EQTY; from v1.4 TRST as well"),
        filler(28, 2),
        text(30, 40, "SecurityShortName"),
        text(70, 3, "CurrencyCode"),
        filler(73, 60),
        wide(133, 60, "SecurityNameGB"),
        u32(193, "LotSize", unit=Unit.SHARES),
        price(197, "PreviousClosingPrice"),
        filler(201, 1),
        text(202, 1, "ShortSellFlag", "Y allowed, N not"),
        filler(203, 6),
        u32(209, "ListingDate", unit=Unit.DATE),
        filler(213, 7),
    ),
    layout(
        621,
        "CCSecurityStatus",
        20,
        u32(4, "SecurityCode"),
        u8(8, "SecurityStatus", "2 halted or suspended, 3 resumed"),
        filler(9, 3),
        text(12, 8, "TradingPhaseCode", "not filled for Shenzhen"),
    ),
    layout(
        655,
        "CCTopOfBook",
        40,
        u32(4, "SecurityCode"),
        u64(8, "AggregateBidQuantity", unit=Unit.SHARES),
        u64(16, "AggregateAskQuantity", unit=Unit.SHARES),
        price(24, "BidPrice", "0 not available"),
        price(28, "AskPrice", "0 not available"),
        filler(32, 8),
    ),
    layout(
        660,
        "CCStatistics",
        52,
        u32(4, "SecurityCode"),
        u64(8, "SharesTraded", unit=Unit.SHARES),
        i64(16, "Turnover", unit=Unit.MONEY, decimals=3),
        price(24, "HighPrice"),
        price(28, "LowPrice"),
        price(32, "LastPrice"),
        price(36, "OpeningPrice"),
        filler(40, 12),
    ),
)
