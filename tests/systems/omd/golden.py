"""Bytes of messages, written by hand from the published layouts, with what they mean above.

Nothing here is made by our own encoder. Numbers are little-endian; a price of 61.250 is 61,250 thousandths, EF42
in hexadecimal, so ``42 ef 00 00``. Spaces and line ends in the hexadecimal text mean nothing.
"""

from __future__ import annotations

from decimal import Decimal


def raw(text: str) -> bytes:
    """Return the bytes of hexadecimal text."""
    return bytes.fromhex(text)


def placed(size: int, parts: dict[int, bytes], blank: bytes = b" ") -> bytes:
    """Return a long message: parts at their published offsets, and blanks elsewhere."""
    found = bytearray(blank * size)
    for offset, part in parts.items():
        found[offset : offset + len(part)] = part
    assert len(found) == size
    return bytes(found)


def le(value: int, size: int) -> bytes:
    """Return a number as the wire has it."""
    return value.to_bytes(size, "little", signed=value < 0)


def utf16(text: str, size: int) -> bytes:
    """Return text in UTF-16LE, padded with spaces."""
    return (text + " " * size).encode("utf-16-le")[:size]


NS = 1_709_341_200_000_000_000
"""2 March 2024, 09:00:00 in Hong Kong, which is 01:00:00 in UTC."""

GOLDEN: dict[int, tuple[bytes, dict[str, object]]] = {
    # size 40, type 10; market MAIN; its name in 25 bytes; HKD; 2,600 securities (0A28)
    10: (
        raw("28 00 0a 00") + b"MAIN" + b"MAIN BOARD".ljust(25) + b"HKD" + raw("28 0a 00 00"),
        {"MarketCode": "MAIN", "MarketName": "MAIN BOARD", "CurrencyCode": "HKD", "NumberOfSecurities": 2600},
    ),
    # size 12, type 13: 10 and one broker of 2 bytes; security 700 (02BC); one provider: broker 5,465 (1559)
    13: (raw("0c 00 0d 00  bc 02 00 00  01 00  59 15"), {"SecurityCode": 700, "NoLiquidityProviders": 1}),
    # size 16, type 14; USD; filler; factor 0; filler; 7.8012 as 78,012 (000130BC)
    14: (
        raw("10 00 0e 00") + b"USD " + raw("00 00 00 00  bc 30 01 00"),
        {"CurrencyCode": "USD", "CurrencyFactor": 0, "CurrencyRate": Decimal("7.8012")},
    ),
    # size 32, type 20; MAIN; filler; sub-session 3 continuous; status 30 (1E) open; automatic; filler; start; no end
    20: (
        raw("20 00 14 00") + b"MAIN" + raw("00 03 1e") + b"0" + bytes(4) + le(NS, 8) + bytes(8),
        {
            "MarketCode": "MAIN",
            "TradingSessionSubID": 3,
            "TradingSesStatus": 30,
            "TradingSesControlFlag": "0",
            "StartDateTime": NS,
            "EndDateTime": 0,
        },
    ),
    # size 12, type 21; security 5; 2: halted
    21: (raw("0c 00 15 00  05 00 00 00  02 00 00 00"), {"SecurityCode": 5, "SuspensionIndicator": 2}),
    # size 36, type 23; security 5; two moments; 60.000 (EA60), 54.000 (D2F0), 66.000 (000101D0)
    23: (
        raw("24 00 17 00  05 00 00 00")
        + le(NS, 8)
        + le(NS + 300 * 10**9, 8)
        + raw("60 ea 00 00 f0 d2 00 00 d0 01 01 00"),
        {
            "SecurityCode": 5,
            "CoolingOffStartTime": NS,
            "CoolingOffEndTime": NS + 300 * 10**9,
            "VCMReferencePrice": Decimal("60.000"),
            "VCMLowerPrice": Decimal("54.000"),
            "VCMUpperPrice": Decimal("66.000"),
        },
    ),
    # size 32, type 30; security 5; order 72,623,859,790,382,856 (0102030405060708); 61.250; 400 (0190); offer; limit;
    # filler; position -1
    30: (
        raw("20 00 1e 00  05 00 00 00  08 07 06 05 04 03 02 01  42 ef 00 00  90 01 00 00  01 00  32  00  ff ff ff ff"),
        {
            "SecurityCode": 5,
            "OrderId": 0x0102030405060708,
            "Price": Decimal("61.250"),
            "Quantity": 400,
            "Side": 1,
            "OrderType": "2",
            "OrderBookPosition": -1,
        },
    ),
    # size 28, type 31; security 5; order 9; 200 (C8); bid; filler; position 0
    31: (
        raw("1c 00 1f 00  05 00 00 00  09 00 00 00 00 00 00 00  c8 00 00 00  00 00  00 00  00 00 00 00"),
        {"SecurityCode": 5, "OrderId": 9, "Quantity": 200, "Side": 0, "OrderBookPosition": 0},
    ),
    # size 20, type 32; security 5; order 9; offer; filler
    32: (
        raw("14 00 20 00  05 00 00 00  09 00 00 00 00 00 00 00  01 00  00 00"),
        {"SecurityCode": 5, "OrderId": 9, "Side": 1},
    ),
    # size 28, type 33; security 5; order 9; 61.250; 37 (25); broker 5,465 (1559); bid
    33: (
        raw("1c 00 21 00  05 00 00 00  09 00 00 00 00 00 00 00  42 ef 00 00  25 00 00 00  59 15  00 00"),
        {"SecurityCode": 5, "OrderId": 9, "Price": Decimal("61.250"), "Quantity": 37, "BrokerID": 5465, "Side": 0},
    ),
    # size 20, type 34; security 5; order 9; broker 5,465; offer
    34: (
        raw("14 00 22 00  05 00 00 00  09 00 00 00 00 00 00 00  59 15  01 00"),
        {"SecurityCode": 5, "OrderId": 9, "BrokerID": 5465, "Side": 1},
    ),
    # size 12, type 40; security 5; the null value of an Int32
    40: (raw("0c 00 28 00  05 00 00 00  00 00 00 80"), {"SecurityCode": 5, "NominalPrice": None}),
    # size 20, type 41; security 5; 61.250; 4,294,967,296 shares, which takes more than 32 bits
    41: (
        raw("14 00 29 00  05 00 00 00  42 ef 00 00  00 00 00 00 01 00 00 00"),
        {"SecurityCode": 5, "Price": Decimal("61.250"), "AggregateQuantity": 2**32},
    ),
    # size 20, type 43; security 5; 0.001; 0.002; 0.003
    43: (
        raw("14 00 2b 00  05 00 00 00  01 00 00 00  02 00 00 00  03 00 00 00"),
        {
            "SecurityCode": 5,
            "ReferencePrice": Decimal("0.001"),
            "LowerPrice": Decimal("0.002"),
            "UpperPrice": Decimal("0.003"),
        },
    ),
    # size 12, type 44; security 4,218 (107A); a yield of -0.500 (-500, FFFFFE0C)
    44: (raw("0c 00 2c 00  7a 10 00 00  0c fe ff ff"), {"SecurityCode": 4218, "Yield": Decimal("-0.500")}),
    # size 32, type 50; security 5; trade 77 (4D); 61.250; 400; type -1; filler; moment
    50: (
        raw("20 00 32 00  05 00 00 00  4d 00 00 00  42 ef 00 00  90 01 00 00  ff ff  00 00") + le(NS, 8),
        {
            "SecurityCode": 5,
            "TradeID": 77,
            "Price": Decimal("61.250"),
            "Quantity": 400,
            "TrdType": -1,
            "TradeTime": NS,
        },
    ),
    # size 12, type 51; security 5; trade 77
    51: (raw("0c 00 33 00  05 00 00 00  4d 00 00 00"), {"SecurityCode": 5, "TradeID": 77}),
    # size 36, type 52; security 5; ticker 77; 61.250; 400; moment; type 22 (16); not cancelled; filler
    52: (
        raw("24 00 34 00  05 00 00 00  4d 00 00 00  42 ef 00 00  90 01 00 00 00 00 00 00")
        + le(NS, 8)
        + raw("16 00 4e 00"),
        {
            "SecurityCode": 5,
            "TickerID": 77,
            "Price": Decimal("61.250"),
            "AggregateQuantity": 400,
            "TradeTime": NS,
            "TrdType": 22,
            "TrdCancelFlag": "N",
        },
    ),
    # size 36, type 53: 12 and one entry of 24; security 5; filler; one entry: 400 at 61.250, 3 orders, offer, level 1,
    # clear (4A)
    53: (
        raw("24 00 35 00  05 00 00 00  00 00 00 01")
        + raw("90 01 00 00 00 00 00 00  42 ef 00 00  03 00 00 00  01 00  01  4a  00 00 00 00"),
        {"SecurityCode": 5, "NoEntries": 1},
    ),
    # size 20, type 54: 12 and two items of 4; security 5; two items; buy; no more; broker 5,465, then one spread off
    54: (
        raw("14 00 36 00  05 00 00 00  02  01 00  4e  59 15 42 00  01 00 53 00"),
        {"SecurityCode": 5, "ItemCount": 2, "Side": 1, "BQMoreFlag": "N"},
    ),
    # size 20, type 56; security 5; buy surplus; filler; 400; filler
    56: (
        raw("14 00 38 00  05 00 00 00  42 00  90 01 00 00 00 00 00 00  00 00"),
        {"SecurityCode": 5, "OrderImbalanceDirection": "B", "OrderImbalanceQuantity": 400},
    ),
    # size 52, type 60; security 5; 400 shares; 24,500.000 (24,500,000 thousandths, 0175D720); 61.250 four times; none
    # sold short; the null value of an Int64
    60: (
        raw("34 00 3c 00  05 00 00 00  90 01 00 00 00 00 00 00  20 d7 75 01 00 00 00 00")
        + raw("42 ef 00 00  42 ef 00 00  42 ef 00 00  42 ef 00 00  00 00 00 00  00 00 00 00 00 00 00 80"),
        {
            "SecurityCode": 5,
            "SharesTraded": 400,
            "Turnover": Decimal("24500.000"),
            **dict.fromkeys(("HighPrice", "LowPrice", "LastPrice", "VWAP"), Decimal("61.250")),
            "ShortSellSharesTraded": 0,
            "ShortSellTurnover": None,
        },
    ),
    # size 20, type 61; MAIN; HKD; filler; 24,500.000
    61: (
        raw("14 00 3d 00") + b"MAINHKD" + raw("00  20 d7 75 01 00 00 00 00"),
        {"MarketCode": "MAIN", "CurrencyCode": "HKD", "Turnover": Decimal("24500.000")},
    ),
    # size 16, type 62; security 5; 61.250; 3 trades
    62: (
        raw("10 00 3e 00  05 00 00 00  42 ef 00 00  03 00 00 00"),
        {"SecurityCode": 5, "ClosingPrice": Decimal("61.250"), "NumberOfTrades": 3},
    ),
    # size 20, type 70; index code of 11 bytes; source HSI; HKD; filler
    70: (
        raw("14 00 46 00") + b"0000100".ljust(11) + b"H" + b"HKD" + b"\0",
        {"IndexCode": "0000100", "IndexSource": "H", "CurrencyCode": "HKD"},
    ),
    # size 24, type 80; SH; NB; 15,600,000,000; moment
    80: (
        raw("18 00 50 00") + b"SHNB" + le(15_600_000_000, 8) + le(NS, 8),
        {
            "StockConnectMarket": "SH",
            "TradingDirection": "NB",
            "DailyQuotaBalance": 15_600_000_000,
            "DailyQuotaBalanceTime": NS,
        },
    ),
    # size 32, type 81; SZ; SB; 1; 2; 3
    81: (
        raw("20 00 51 00") + b"SZSB" + le(1, 8) + le(2, 8) + le(3, 8),
        {
            "StockConnectMarket": "SZ",
            "TradingDirection": "SB",
            "BuyTurnover": 1,
            "SellTurnover": 2,
            "BuySellTurnover": 3,
        },
    ),
    # size 8, type 100 (64); the next number is 1
    100: (raw("08 00 64 00  01 00 00 00"), {"NewSeqNo": 1}),
    # size 16, type 101 (65); user of 12 bytes, padded with NUL
    101: (raw("10 00 65 00") + b"EXAMPLE" + bytes(5), {"Username": "EXAMPLE"}),
    # size 8, type 102 (66); 5: invalid user; filler
    102: (raw("08 00 66 00  05  00 00 00"), {"SessionStatus": 5}),
    # size 8, type 105 (69); 2: completed
    105: (raw("08 00 69 00  02 00 00 00"), {"DRStatus": 2}),
    # size 16, type 201 (C9); channel 30 (1E); filler; from 500 (01F4) to 501
    201: (
        raw("10 00 c9 00  1e 00  00 00  f4 01 00 00  f5 01 00 00"),
        {"ChannelID": 30, "BeginSeqNum": 500, "EndSeqNum": 501},
    ),
    # size 16, type 202 (CA); channel 30; 101 (65): too many requests; filler; from 500 to 501
    202: (
        raw("10 00 ca 00  1e 00  65  00  f4 01 00 00  f5 01 00 00"),
        {"ChannelID": 30, "RetransStatus": 101, "BeginSeqNum": 500, "EndSeqNum": 501},
    ),
    # size 8, type 203 (CB); as of message 500
    203: (raw("08 00 cb 00  f4 01 00 00"), {"LastSeqNum": 500}),
    # size 40, type 610 (0262); ASHR; its name; CNY; 600 securities (0258)
    610: (
        raw("28 00 62 02") + b"ASHR" + b"SSE A SHARES".ljust(25) + b"CNY" + raw("58 02 00 00"),
        {"MarketCode": "ASHR", "MarketName": "SSE A SHARES", "CurrencyCode": "CNY", "NumberOfSecurities": 600},
    ),
    # size 20, type 621 (026D); security 600,000 (000927C0); 3: resumed; filler; phase of 8 bytes
    621: (
        raw("14 00 6d 02  c0 27 09 00  03 00 00 00") + b"T1      ",
        {"SecurityCode": 600_000, "SecurityStatus": 3, "TradingPhaseCode": "T1"},
    ),
    # size 40, type 655 (028F); security 600,000; 400 bid, 800 (0320) asked; 61.250; no price asked; filler
    655: (
        raw("28 00 8f 02  c0 27 09 00  90 01 00 00 00 00 00 00  20 03 00 00 00 00 00 00  42 ef 00 00  00 00 00 00")
        + bytes(8),
        {
            "SecurityCode": 600_000,
            "AggregateBidQuantity": 400,
            "AggregateAskQuantity": 800,
            "BidPrice": Decimal("61.250"),
            "AskPrice": Decimal("0.000"),
        },
    ),
    # size 52, type 660 (0294); security 600,000; 400 shares; 24,500.000; high, low, last, opening; filler
    660: (
        raw("34 00 94 02  c0 27 09 00  90 01 00 00 00 00 00 00  20 d7 75 01 00 00 00 00")
        + raw("04 00 00 00  01 00 00 00  03 00 00 00  02 00 00 00")
        + bytes(12),
        {
            "SecurityCode": 600_000,
            "SharesTraded": 400,
            "Turnover": Decimal("24500.000"),
            "HighPrice": Decimal("0.004"),
            "LowPrice": Decimal("0.001"),
            "LastPrice": Decimal("0.003"),
            "OpeningPrice": Decimal("0.002"),
        },
    ),
    # size 552 (0228), type 11: 544 and one underlying security of 8 bytes; offsets as published
    11: (
        placed(
            552,
            {
                0: raw("28 02 0b 00"),
                4: le(5, 4),
                8: b"MAIN",
                12: b"GB0005405286",
                24: b"EQTY",
                28: b"\x01",  # equity
                30: b"01",
                32: b"HSBC HOLDINGS",
                72: b"HKD",
                75: utf16("滙豐控股", 60),
                135: utf16("汇丰控股", 60),
                195: le(400, 4),
                203: le(61_250, 4),  # previous close
                207: b"YYYYN",  # VCM, short sell, CAS, CCASS, dummy
                213: b"Y",  # stamp duty
                215: le(19_910_101, 4),
                219: le(0, 4),
                323: b"Y",  # POS
                324: le(70_000, 4),
                328: le(50_000, 4),
                332: le(0, 4),
                373: b"N",
                374: le(1, 4),  # accrued interest, 0.001
                378: le(4_500, 4),  # coupon, 4.500
                383: le(100_000, 8),
                391: b"\x02",  # two decimals of the face value: 1,000.00
                392: b"HKD",
                395: le(20_301_231, 4),
                399: b"R",
                444: le(10_000, 4),
                448: le(61_000, 4),
                452: le(0, 4),
                456: le(20_241_231, 4),
                460: b"CA",
                464: b"N",
                465: le(6_100, 4),
                469: b"\x02",  # two decimals of the call price: 61.00
                470: le(1, 4),
                474: b"\x00",
                475: le(100, 4),
                542: le(1, 2),
                544: le(700, 4),
                548: bytes(4),
            },
        ),
        {
            "SecurityCode": 5,
            "MarketCode": "MAIN",
            "ISINCode": "GB0005405286",
            "InstrumentType": "EQTY",
            "ProductType": 1,
            "SpreadTableCode": "01",
            "SecurityShortName": "HSBC HOLDINGS",
            "CurrencyCode": "HKD",
            "SecurityNameGCCS": "滙豐控股",
            "SecurityNameGB": "汇丰控股",
            "LotSize": 400,
            "PreviousClosingPrice": Decimal("61.250"),
            "VCMFlag": "Y",
            "ShortSellFlag": "Y",
            "CASFlag": "Y",
            "CCASSFlag": "Y",
            "DummySecurityFlag": "N",
            "StampDutyFlag": "Y",
            "ListingDate": 19_910_101,
            "DelistingDate": 0,
            "FreeText": "",
            "POSFlag": "Y",
            "POSUpperLimit": Decimal("70.000"),
            "POSLowerLimit": Decimal("50.000"),
            "DomainStmtSecurityCode": 0,
            "EFNFlag": "N",
            "AccruedInterest": Decimal("0.001"),
            "CouponRate": Decimal("4.500"),
            "FaceValue": Decimal("1000.00"),
            "DecimalsInFaceValue": 2,
            "FaceValueCurrency": "HKD",
            "BondMaturityDate": 20_301_231,
            "InvestorType": "R",
            "ConversionRatio": Decimal("10.000"),
            "StrikePrice1": Decimal("61.000"),
            "StrikePrice2": Decimal("0.000"),
            "WarrantMaturityDate": 20_241_231,
            "CallPutFlag": "C",
            "Style": "A",
            "WarrantType": "N",
            "CallPrice": Decimal("61.00"),
            "DecimalsInCallPrice": 2,
            "Entitlement": Decimal(1),
            "DecimalsInEntitlement": 0,
            "NoWarrantsPerEntitlement": 100,
            "NoUnderlyingSecurities": 1,
        },
    ),
    # size 524 (020C), type 22: 356, one market of 4 bytes, one security of 4, one line of 160; in Chinese
    22: (
        placed(
            524,
            {
                0: raw("0c 02 16 00"),
                4: b"EXC",
                7: b"017",
                10: utf16("測試公告", 320),
                330: b"NY",
                336: le(NS, 8),
                346: le(1, 2),
                348: b"MAIN",
                354: le(1, 2),  # securities, after a filler of 2
                356: le(5, 4),
                362: le(1, 2),  # lines, after a filler of 2
                364: utf16("本所進行系統測試", 160),
            },
        ),
        {
            "NewsType": "EXC",
            "NewsID": "017",
            "Headline": "測試公告",
            "CancelFlag": "N",
            "LastFragment": "Y",
            "ReleaseTime": NS,
            "NoMarketCodes": 1,
        },
    ),
    # size 112 (70), type 71; values of 8 bytes each from 24 on
    71: (
        placed(
            112,
            {
                0: raw("70 00 47 00"),
                4: b"0000100".ljust(11),
                15: b"T",
                16: le(NS, 8),
                24: le(165_897_200, 8),  # 16,589.7200
                32: le(-1_234, 8),  # -0.1234
                40: le(1, 8),
                48: le(2, 8),
                56: le(345, 8),  # two decimals: 3.45
                64: le(4, 8),
                72: le(5, 8),
                80: le(6, 8),
                88: le(7, 8),
                96: le(-(2**63), 8),  # null
                104: le(-50, 4),
                108: b" ",
            },
        ),
        {
            "IndexCode": "0000100",
            "IndexStatus": "T",
            "IndexTime": NS,
            "IndexValue": Decimal("16589.7200"),
            "NetChgPrevDay": Decimal("-0.1234"),
            "HighValue": Decimal("0.0001"),
            "LowValue": Decimal("0.0002"),
            "EASValue": Decimal("3.45"),
            "IndexTurnover": Decimal("0.0004"),
            "OpeningValue": Decimal("0.0005"),
            "ClosingValue": Decimal("0.0006"),
            "PreviousSesClose": Decimal("0.0007"),
            "IndexVolume": None,
            "NetChgPrevDayPct": Decimal("-0.0050"),
            "Exception": "",
        },
    ),
    # size 220 (DC), type 611 (0263); offsets as published
    611: (
        placed(
            220,
            {
                0: raw("dc 00 63 02"),
                4: le(600_000, 4),
                8: b"ASHR",
                12: b"CNE000000000",
                24: b"EQTY",
                30: b"SPD BANK",
                70: b"CNY",
                133: utf16("浦发银行", 60),
                193: le(100, 4),
                197: le(7_120, 4),
                202: b"Y",
                209: le(19_991_110, 4),
            },
        ),
        {
            "SecurityCode": 600_000,
            "MarketCode": "ASHR",
            "ISINCode": "CNE000000000",
            "InstrumentType": "EQTY",
            "SecurityShortName": "SPD BANK",
            "CurrencyCode": "CNY",
            "SecurityNameGB": "浦发银行",
            "LotSize": 100,
            "PreviousClosingPrice": Decimal("7.120"),
            "ShortSellFlag": "Y",
            "ListingDate": 19_991_110,
        },
    ),
}
"""By type: the bytes, and the fields outside groups."""
