"""The fields of the gateways' messages: name, FIX tag, and what a value is.

One dictionary for both protocols; a field has one name and one type wherever it stands. A name with tag 0 is not a
FIX field: its value goes into a group there, or has no place in FIX.

Source: OCG-C FIX 2.2 and 3.1, CCCG FIX 1.3 (field tables); OCG-C Binary 2.2 (8).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import TypeAlias

from pytest_hkexprt.systems.otp import words
from pytest_hkexprt.systems.otp.messages import Entry, Kind

Type: TypeAlias = (
    type[str] | type[int] | type[bool] | type[Decimal] | type[words.Word] | type[IntEnum] | type[Kind] | type[Entry]
)


@dataclass(frozen=True, slots=True)
class Field:
    """What there is to know of a field, whoever carries it."""

    name: str
    tag: int
    type: Type


_TEXTS = """
BCAN 0
BidID 390
BrokerLocationID 0
BusinessRejectRefID 379
ClOrdID 11
CounterpartyBCAN 0
CounterpartyBrokerID 0
EncryptedNewPassword 1404
EncryptedPassword 1402
EntitlementAttribValue 1780
EntitlementID 1776
EntitlementsReportID 1771
EntitlementsRequestID 1770
ExchangeTradeType 5681
ExecID 17
ExecInst 18
ExecRefID 19
InstrumentScopeSecurityExchange 1616
InstrumentScopeSecurityID 1538
MarketSegmentID 1300
MassActionReportID 1369
OfferID 1867
OrderID 37
OrderRestrictions 529
OrigClOrdID 41
OwningBrokerID 0
PartyDetailID 1691
PrimaryIP 0
QuoteMsgID 1166
Reason 1328
RefFieldName 371
SPSAID 0
SMPID 2362
SecondaryIP 0
SecurityExchange 207
SecurityID 48
SubmittingBrokerID 0
TestReqID 112
Text 58
TradeID 1003
TradeReportID 571
TransactTime 60
TrdMatchID 880
UserName 553
UserRequestID 923
"""
_NUMBERS = """
BeginSeqNo 7
ClearingInstruction 577
DisclosureInstructions 0
EndSeqNo 16
EntitlementAttribDataType 1779
EntitlementAttribType 1778
EntitlementType 1775
InstrumentScopeOperator 1535
InstrumentScopeSecurityIDSource 1539
MassCancelRejectReason 532
MaxPriceLevels 1090
NewSeqNo 36
NextExpectedMsgSeqNum 789
OrderCategory 1115
PrimaryPort 0
ProtocolType 0
QuoteCancelType 298
QuoteRejectReason 300
QuoteStatus 297
QuoteType 537
RefSeqNum 45
RequestResult 1511
SecondaryPort 0
SecurityIDSource 22
ThrottleAction 1611
ThrottleNoMsgs 1613
ThrottleTimeInterval 1614
ThrottleTimeUnit 1615
ThrottleType 1612
TotNoPartyList 1512
TradeReportTransType 487
TypeOfService 0
UserRequestType 924
"""
_AMOUNTS = """
BidPx 132
BidSize 134
CumQty 14
LastPx 31
LastQty 32
LeavesQty 151
OfferPx 133
OfferSize 135
OrderQty 38
Price 44
"""
_FLAGS = """
AggressorIndicator 1057
EntitlementIndicator 1774
GapFillFlag 123
LastFragment 893
TestMessageIndicator 464
"""
_GROUPS = """
NoEntitlementAttrib 1777
NoEntitlements 1773
NoInstrumentScopes 1656
NoThrottles 1610
"""
_OTHERS: dict[str, tuple[int, Type]] = {
    "AmendRejReason": (102, words.CxlRejReason),
    "BusinessRejectReason": (380, words.BusinessRejectReason),
    "CxlRejReason": (102, words.CxlRejReason),
    "ExecRestatementReason": (378, words.ExecRestatementReason),
    "ExecType": (150, words.ExecType),
    "LookupRejectCode": (0, words.LookupRejectCode),
    "LookupStatus": (0, words.LookupStatus),
    "LotType": (1093, words.LotType),
    "MassCancelRequestType": (530, words.MassCancelRequestType),
    "MassCancelResponse": (531, words.MassCancelResponse),
    "MatchType": (574, words.MatchType),
    "OrdRejReason": (103, words.OrdRejReason),
    "OrdStatus": (39, words.OrdStatus),
    "OrdType": (40, words.OrdType),
    "OrderCapacity": (528, words.OrderCapacity),
    "PositionEffect": (77, words.PositionEffect),
    "RefMsgType": (372, Kind),
    "SessionRejectReason": (373, words.SessionRejectReason),
    "SessionStatus": (1409, words.SessionStatus),
    "Side": (54, words.Side),
    "TimeInForce": (59, words.TimeInForce),
    "TradeHandlingInstr": (1123, words.TradeHandling),
    "TradeReportRejectReason": (751, words.TradeReportRejectReason),
    "TradeReportType": (856, words.TradeReportType),
    "TrdRptStatus": (939, words.TradeReportStatus),
    "TrdType": (828, words.TrdType),
}


def _read(listed: str, kind: Type) -> dict[str, Field]:
    rows = (line.split() for line in listed.split("\n") if line)
    return {name: Field(name, int(tag), kind) for name, tag in rows}


FIELDS: dict[str, Field] = {
    **_read(_TEXTS, str),
    **_read(_NUMBERS, int),
    **_read(_AMOUNTS, Decimal),
    **_read(_FLAGS, bool),
    **_read(_GROUPS, Entry),
    **{name: Field(name, tag, kind) for name, (tag, kind) in _OTHERS.items()},
}
"""Every field of every message, by name."""
