"""The binary protocol's messages: bit, field, wire type, and whether it must be there; declared once, as data.

A row is ``bit name type mark``. Types: ``u8 u16 u32`` unsigned, little-endian; ``byte`` one ASCII character; ``aN``
text in N bytes, padded with NUL, so of N - 1 characters at most; ``vN`` two bytes of length and that much text with
its NUL, N at most; ``dec`` a signed 64-bit number of hundred-millionths; ``group`` entries, see :data:`GROUPS`. Marks:
``Y`` mandatory, ``P`` mandatory from the participant.

Source: OCG-C Binary 2.2 and 3.x, 7.2, 7.3 and 8; CCCG Binary 1.3.
"""

from __future__ import annotations

from dataclasses import dataclass

from pytest_hkexprt.systems.otp.messages import Kind

TYPES: dict[int, Kind] = {
    0: Kind.HEARTBEAT,
    1: Kind.TEST_REQUEST,
    2: Kind.RESEND_REQUEST,
    3: Kind.REJECT,
    4: Kind.SEQUENCE_RESET,
    5: Kind.LOGON,
    6: Kind.LOGOUT,
    7: Kind.LOOKUP_REQUEST,
    8: Kind.LOOKUP_RESPONSE,
    9: Kind.BUSINESS_REJECT,
    10: Kind.EXECUTION_REPORT,
    11: Kind.NEW_ORDER,
    12: Kind.AMEND,
    13: Kind.CANCEL,
    14: Kind.MASS_CANCEL,
    15: Kind.MASS_CANCEL_REPORT,
    16: Kind.QUOTE,
    17: Kind.QUOTE_CANCEL,
    18: Kind.QUOTE_STATUS,
    21: Kind.TRADE_CAPTURE,
    22: Kind.TRADE_CAPTURE_ACK,
    23: Kind.OBO_CANCEL,
    24: Kind.OBO_MASS_CANCEL,
    25: Kind.THROTTLE_REQUEST,
    26: Kind.THROTTLE_RESPONSE,
    27: Kind.PARTY_REQUEST,
    28: Kind.PARTY_REPORT,
}
"""Message type to kind; 19 and 20 are not given out."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a layout."""

    bit: int
    """Of the presence map; 0 is the most significant bit of its first byte."""
    name: str
    type: str
    mark: str = ""


_ORDER = """
0 ClOrdID a21 Y; 1 SubmittingBrokerID a12 Y; 2 SecurityID a21 Y; 3 SecurityIDSource u8 Y; 4 SecurityExchange a5
5 BrokerLocationID a11; 6 TransactTime a25 Y; 7 Side u8 Y"""
_AMENDED = """
11 Price dec; 12 OrderQty dec Y; 13 TimeInForce u8; 14 PositionEffect u8; 15 OrderRestrictions a21
16 MaxPriceLevels u8; 17 OrderCapacity u8; 18 Text v50; 19 ExecInst a21; 20 DisclosureInstructions u16 Y"""
_MASS_CANCEL = """
0 ClOrdID a21 Y; 1 SubmittingBrokerID a12 Y; 2 SecurityID a21; 3 SecurityIDSource u8; 4 SecurityExchange a5
5 BrokerLocationID a11; 6 TransactTime a25 Y; 7 Side u8; 8 MassCancelRequestType u8 Y; 9 MarketSegmentID a20"""
_TRADE = """
0 TradeReportID a21; 1 TradeReportTransType u8; 2 TradeReportType u8 Y; 3 TradeHandlingInstr u8
4 SubmittingBrokerID a12 Y; 5 CounterpartyBrokerID a12; 6 BrokerLocationID a11; 7 SecurityID a21 Y
8 SecurityIDSource u8; 9 SecurityExchange a5; 10 Side u8 Y; 11 TransactTime a25 Y; 12 TradeID a25"""

_BASE: dict[Kind, str] = {
    Kind.HEARTBEAT: "0 TestReqID u16",
    Kind.TEST_REQUEST: "0 TestReqID u16 Y",
    Kind.RESEND_REQUEST: "0 BeginSeqNo u32 Y; 1 EndSeqNo u32 Y",
    Kind.REJECT: """
        0 SessionRejectReason u16 Y; 1 Reason v75; 2 RefMsgType u8; 3 RefFieldName a50; 4 RefSeqNum u32 Y
        5 ClOrdID a21""",
    Kind.SEQUENCE_RESET: "0 GapFillFlag byte; 1 NewSeqNo u32 Y",
    Kind.LOGON: """
        0 EncryptedPassword a450 P; 1 EncryptedNewPassword a450; 2 NextExpectedMsgSeqNum u32 Y; 3 SessionStatus u8
        4 Text v50; 5 TestMessageIndicator u8""",
    Kind.LOGOUT: "0 Text v75; 1 SessionStatus u8",
    Kind.LOOKUP_REQUEST: "0 TypeOfService u8 Y; 1 ProtocolType u8 Y",
    Kind.LOOKUP_RESPONSE: """
        0 LookupStatus u8 Y; 1 LookupRejectCode u8; 2 Reason v75; 3 PrimaryIP a16; 4 PrimaryPort u16
        5 SecondaryIP a16; 6 SecondaryPort u16""",
    Kind.BUSINESS_REJECT: """
        0 BusinessRejectReason u16 Y; 1 Reason v75; 2 RefMsgType u8 Y; 3 RefFieldName a50; 4 RefSeqNum u32
        5 BusinessRejectRefID a21""",
    Kind.EXECUTION_REPORT: """
        0 ClOrdID a21; 1 SubmittingBrokerID a12; 2 SecurityID a21; 3 SecurityIDSource u8; 4 SecurityExchange a5
        5 BrokerLocationID a11; 6 TransactTime a25; 7 Side u8; 8 OrigClOrdID a21; 9 OrderID a21
        10 OwningBrokerID a12; 11 OrdType u8; 12 Price dec; 13 OrderQty dec; 14 TimeInForce u8; 15 PositionEffect u8
        16 OrderRestrictions a21; 17 MaxPriceLevels u8; 18 OrderCapacity u8; 19 Text v50; 20 Reason v75
        21 ExecID a21 Y; 22 OrdStatus u8 Y; 23 ExecType byte Y; 24 CumQty dec Y; 25 LeavesQty dec Y
        26 OrdRejReason u16; 27 LotType u8; 28 ExecRestatementReason u16; 29 CxlRejReason u16; 30 MatchType u8
        31 CounterpartyBrokerID a12; 32 LastQty dec; 33 LastPx dec; 34 ExecRefID a21; 35 OrderCategory u8
        36 AmendRejReason u16; 38 TrdMatchID a25; 39 ExchangeTradeType byte""",
    Kind.NEW_ORDER: f"""{_ORDER}
        8 OrdType u8 Y; 9 Price dec; 10 OrderQty dec Y; 11 TimeInForce u8; 12 PositionEffect u8
        13 OrderRestrictions a21; 14 MaxPriceLevels u8; 15 OrderCapacity u8; 16 Text v50; 17 ExecInst a21
        18 DisclosureInstructions u16 Y; 19 LotType u8""",
    Kind.AMEND: f"{_ORDER}; 8 OrigClOrdID a21 Y; 9 OrderID a21; 10 OrdType u8 Y; {_AMENDED}",
    Kind.CANCEL: f"{_ORDER}; 8 OrigClOrdID a21 Y; 9 OrderID a21; 10 Text v50",
    Kind.MASS_CANCEL: _MASS_CANCEL,
    Kind.MASS_CANCEL_REPORT: """
        0 ClOrdID a21; 1 SubmittingBrokerID a12; 2 SecurityID a21; 3 SecurityIDSource u8; 4 SecurityExchange a5
        5 BrokerLocationID a11; 6 TransactTime a25 Y; 7 MassCancelRequestType u8 Y; 8 OwningBrokerID a12
        9 MassActionReportID a21 Y; 10 MassCancelResponse u8 Y; 11 MassCancelRejectReason u16; 12 Reason v75""",
    Kind.QUOTE: """
        0 SubmittingBrokerID a12 Y; 1 BrokerLocationID a11; 2 SecurityID a21 Y; 3 SecurityIDSource u8 Y
        4 SecurityExchange a5; 5 BidID a21 Y; 6 OfferID a21 Y; 7 QuoteType u8; 8 Side u8; 9 BidSize dec Y
        10 OfferSize dec Y; 11 BidPx dec Y; 12 OfferPx dec Y; 13 TransactTime a25 Y; 14 PositionEffect u8
        15 OrderRestrictions a21; 16 Text v50; 17 ExecInst a21""",
    Kind.QUOTE_CANCEL: """
        0 SubmittingBrokerID a12 Y; 1 BrokerLocationID a11; 2 SecurityID a21; 3 SecurityIDSource u8
        4 SecurityExchange a5; 5 QuoteMsgID a21 Y; 6 QuoteCancelType u8 Y""",
    Kind.QUOTE_STATUS: """
        0 SubmittingBrokerID a12 Y; 1 BrokerLocationID a11; 2 SecurityID a21; 3 SecurityIDSource u8
        4 SecurityExchange a5; 5 BidID a21; 6 OfferID a21; 7 QuoteType u8; 8 TransactTime a25 Y; 9 QuoteMsgID a21
        10 QuoteCancelType u8; 11 QuoteStatus u8; 12 QuoteRejectReason u16; 13 Reason v75""",
    Kind.TRADE_CAPTURE: f"""{_TRADE}
        13 TrdType u8; 14 LastQty dec Y; 15 LastPx dec Y; 16 ClearingInstruction u8; 17 PositionEffect u8
        19 OrderCapacity u8; 20 OrderCategory u8; 21 Text v50; 22 ExecInst a21; 23 ExecType byte; 24 TrdRptStatus u8
        25 ExchangeTradeType byte; 27 OrderID a21""",
    Kind.TRADE_CAPTURE_ACK: f"""{_TRADE}
        13 TrdRptStatus u8; 14 TradeReportRejectReason u16; 15 Reason v75""",
    Kind.OBO_CANCEL: f"{_ORDER}; 8 OrigClOrdID a21; 9 OrderID a21 Y; 10 OwningBrokerID a12 Y; 11 Text v50",
    Kind.OBO_MASS_CANCEL: f"{_MASS_CANCEL}; 10 OwningBrokerID a12 Y",
    Kind.THROTTLE_REQUEST: "0 UserRequestID a20 Y; 1 UserRequestType u8 Y; 2 UserName a50 Y",
    Kind.THROTTLE_RESPONSE: "0 UserRequestID a20; 1 UserName a50; 2 NoThrottles group",
    Kind.PARTY_REQUEST: "0 EntitlementsRequestID a21 Y",
    Kind.PARTY_REPORT: """
        0 EntitlementsReportID a21 Y; 1 EntitlementsRequestID a21; 2 RequestResult u16; 3 TotNoPartyList u16
        4 LastFragment u8; 5 PartyDetailID a12; 6 NoEntitlements group""",
}
_GROUPS = {
    "NoThrottles": """
        0 ThrottleAction u8; 1 ThrottleType u8; 2 ThrottleNoMsgs u32; 3 ThrottleTimeInterval u16
        4 ThrottleTimeUnit u8""",
    # The inner layout was not to be had: fields and order are FIX's (35=CV), the widths those of like fields.
    "NoEntitlements": """
        0 EntitlementIndicator u8; 1 EntitlementType u16; 2 NoEntitlementAttrib group; 3 EntitlementID a21
        4 NoInstrumentScopes group""",
    "NoEntitlementAttrib": """
        0 EntitlementAttribType u16; 1 EntitlementAttribDataType u16; 2 EntitlementAttribValue a21""",
    "NoInstrumentScopes": """
        0 InstrumentScopeOperator u8; 1 InstrumentScopeSecurityID a21; 2 InstrumentScopeSecurityIDSource u8
        3 InstrumentScopeSecurityExchange a5""",
}
_MORE: dict[str, dict[Kind, str]] = {
    "2.2": {},
    "3": {
        Kind.NEW_ORDER: "22 BCAN a21; 23 SMPID a10",
        Kind.QUOTE: "18 BCAN a21",
        Kind.EXECUTION_REPORT: "42 AggressorIndicator u8; 43 SMPID a10",
        Kind.TRADE_CAPTURE: "29 BCAN a21; 31 CounterpartyBCAN a21",
    },
    "cccg": {
        Kind.NEW_ORDER: "20 SPSAID a21; 21 BCAN a21",
        Kind.EXECUTION_REPORT: "40 SPSAID a21",
    },
}


def _rows(text: str) -> tuple[Row, ...]:
    cells = (part.split() for line in text.split("\n") for part in line.split(";") if part.strip())
    return tuple(Row(int(cell[0]), *cell[1:]) for cell in cells)


LAYOUTS: dict[str, dict[Kind, tuple[Row, ...]]] = {
    name: {kind: _rows(f"{rows}\n{more.get(kind, '')}") for kind, rows in _BASE.items()} for name, more in _MORE.items()
}
"""Layout name (of a profile) and kind to its rows, in the order of the wire."""
GROUPS: dict[str, tuple[Row, ...]] = {name: _rows(rows) for name, rows in _GROUPS.items()}
"""A repeating group: its entries' rows. On the wire: u16 how many, a presence map of two bytes for all, the entries."""
