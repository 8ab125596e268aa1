"""FIX's messages: fields and groups in the order of the wire, declared once, as data.

A row is a field's name, ``=tag`` where the message has another tag than :data:`~.fields.FIELDS` says, and ``Y`` where
it must be there; ``*name`` is one of :data:`~.fix_components.COMPONENTS`. Which of the fields a profile has is what its
binary layout has: the two interfaces say the same things.

Source: OCG-C FIX 2.2 and 3.1, CCCG FIX 1.3 (message tables); FIXT 1.1 and FIX 5.0 SP2.
"""

from __future__ import annotations

from dataclasses import dataclass

from pytest_hkexprt.systems.otp.fields import FIELDS
from pytest_hkexprt.systems.otp.messages import Kind

BEGIN_STRING = "FIXT.1.1"
APPL_VER_ID = "9"
"""FIX.5.0SP2."""
HEART_BT_INT = "20"
ENCRYPT_METHOD = "0"
RSA_METHOD = "101"
"""EncryptedPasswordMethod."""
CANCEL_REJECT_TYPE = "9"

TYPES: dict[Kind, str] = {
    Kind.HEARTBEAT: "0",
    Kind.TEST_REQUEST: "1",
    Kind.RESEND_REQUEST: "2",
    Kind.REJECT: "3",
    Kind.SEQUENCE_RESET: "4",
    Kind.LOGOUT: "5",
    Kind.LOGON: "A",
    Kind.EXECUTION_REPORT: "8",
    Kind.NEW_ORDER: "D",
    Kind.CANCEL: "F",
    Kind.AMEND: "G",
    Kind.BUSINESS_REJECT: "j",
    Kind.MASS_CANCEL: "q",
    Kind.MASS_CANCEL_REPORT: "r",
    Kind.QUOTE: "S",
    Kind.QUOTE_CANCEL: "Z",
    Kind.QUOTE_STATUS: "AI",
    Kind.TRADE_CAPTURE: "AE",
    Kind.TRADE_CAPTURE_ACK: "AR",
    Kind.OBO_CANCEL: "F",
    Kind.OBO_MASS_CANCEL: "q",
    Kind.THROTTLE_REQUEST: "BE",
    Kind.THROTTLE_RESPONSE: "BF",
    Kind.PARTY_REQUEST: "CU",
    Kind.PARTY_REPORT: "CV",
}
"""Kind to MsgType; a lookup has none, and a cancel on behalf is a cancel with an entering firm as a party."""
KINDS: dict[str, Kind] = {text: kind for kind, text in reversed(TYPES.items())} | {
    CANCEL_REJECT_TYPE: Kind.EXECUTION_REPORT
}
"""MsgType to kind; the parties tell a cancel on behalf from one of one's own."""


@dataclass(frozen=True, slots=True)
class FixRow:
    """One field, or one group, of a message."""

    name: str
    tag: int
    """0 of a component."""
    mandatory: bool = False

    @property
    def is_group(self) -> bool:
        """Whether it is a component: several fields, written and read together."""
        return not self.tag


_SECURITY = "SecurityID Y; SecurityIDSource Y; SecurityExchange Y"
_ANY_SECURITY = "SecurityID; SecurityIDSource; SecurityExchange"
_TERMS = "TransactTime Y; PositionEffect; OrderCapacity; OrderRestrictions; MaxPriceLevels; *disclosure"
_CANCEL = f"OrderID; OrigClOrdID; *parties; {_SECURITY}; Side Y; Text; TransactTime Y"
_MASS = f"ClOrdID Y; MassCancelRequestType Y; *parties; {_ANY_SECURITY}; Side; MarketSegmentID; TransactTime Y"
_TRADE = "TradeReportID Y; TradeID; TradeReportTransType; TradeReportType Y; TradeHandlingInstr"
_MESSAGES: dict[Kind, str] = {
    Kind.HEARTBEAT: "TestReqID",
    Kind.TEST_REQUEST: "TestReqID Y",
    Kind.RESEND_REQUEST: "BeginSeqNo Y; EndSeqNo Y",
    Kind.REJECT: "RefSeqNum Y; RefFieldName; RefMsgType; SessionRejectReason; Reason=58",
    Kind.SEQUENCE_RESET: "GapFillFlag; NewSeqNo Y",
    Kind.LOGON: "NextExpectedMsgSeqNum Y; *passwords; SessionStatus; Text; TestMessageIndicator",
    Kind.LOGOUT: "SessionStatus; Text",
    Kind.BUSINESS_REJECT: "RefSeqNum; RefMsgType Y; BusinessRejectRefID; BusinessRejectReason Y; Reason=58",
    Kind.NEW_ORDER: f"ClOrdID Y; *parties; {_SECURITY}; ExecInst; OrdType Y; TimeInForce; Side Y; OrderQty Y; Price;"
    f" Text; {_TERMS}; LotType; SMPID",
    Kind.AMEND: f"ClOrdID Y; OrderID; OrigClOrdID Y; *parties; {_SECURITY}; ExecInst; OrdType Y; Text; TimeInForce;"
    f" Side Y; OrderQty Y; Price; {_TERMS}",
    Kind.CANCEL: f"ClOrdID Y; {_CANCEL}",
    Kind.OBO_CANCEL: f"ClOrdID Y; {_CANCEL}",
    Kind.MASS_CANCEL: _MASS,
    Kind.OBO_MASS_CANCEL: _MASS,
    Kind.MASS_CANCEL_REPORT: f"ClOrdID; MassActionReportID Y; MassCancelRequestType Y; *parties; {_ANY_SECURITY};"
    " MassCancelResponse Y; MassCancelRejectReason; TransactTime Y; Reason=58",
    Kind.EXECUTION_REPORT: f"ClOrdID; OrderID; ExecID Y; *parties; {_ANY_SECURITY}; OrdType; TimeInForce; Side;"
    " OrderQty; Price; TransactTime; OrderCapacity; OrderRestrictions; MaxPriceLevels; PositionEffect; OrdStatus Y;"
    " ExecType Y; CumQty Y; LeavesQty Y; Text; LotType; OrdRejReason; Reason; OrigClOrdID; ExecRestatementReason;"
    " TrdMatchID; LastPx; LastQty; MatchType; OrderCategory; AggressorIndicator; ExecRefID; ExchangeTradeType; SMPID",
    Kind.QUOTE: f"BidID Y; OfferID Y; QuoteType; *parties; {_SECURITY}; Text; Side; PositionEffect; BidSize Y;"
    " OfferSize Y; BidPx Y; OfferPx Y; TransactTime Y; OrderRestrictions; *value checks",
    Kind.QUOTE_CANCEL: "QuoteMsgID Y; QuoteCancelType Y; *parties; *quote entries",
    Kind.QUOTE_STATUS: f"QuoteMsgID; BidID; OfferID; QuoteType; *parties; {_ANY_SECURITY}; TransactTime Y;"
    " QuoteStatus; QuoteCancelType; Reason; QuoteRejectReason",
    Kind.TRADE_CAPTURE: f"{_TRADE}; TrdType; ExecType; TrdRptStatus; LastPx Y; LastQty Y; TransactTime Y; *sides;"
    f" {_ANY_SECURITY}; ExchangeTradeType",
    Kind.TRADE_CAPTURE_ACK: f"{_TRADE}; TrdRptStatus; TransactTime Y; *sides; {_ANY_SECURITY};"
    " TradeReportRejectReason; Reason",
    Kind.THROTTLE_REQUEST: "UserRequestID Y; UserRequestType Y; UserName Y",
    Kind.THROTTLE_RESPONSE: "UserRequestID Y; UserName Y; *throttles",
    Kind.PARTY_REQUEST: "EntitlementsRequestID Y",
    Kind.PARTY_REPORT: "EntitlementsReportID Y; EntitlementsRequestID; RequestResult; TotNoPartyList; LastFragment;"
    " *entitlements",
}
_CANCEL_REJECT = "ClOrdID Y; OrigClOrdID Y; OrderID; *parties; TransactTime; OrdStatus Y; *response to; Text; Reason"


def _rows(text: str) -> tuple[FixRow, ...]:
    found = []
    for part in map(str.strip, text.split(";")):
        if part.startswith("*"):
            found.append(FixRow(part, 0))
            continue
        cell, _, mark = part.partition(" ")
        name, _, tag = cell.partition("=")
        found.append(FixRow(name, int(tag) if tag else FIELDS[name].tag, mark == "Y"))
    return tuple(found)


MESSAGES: dict[Kind, tuple[FixRow, ...]] = {kind: _rows(text) for kind, text in _MESSAGES.items()}
CANCEL_REJECT: tuple[FixRow, ...] = _rows(_CANCEL_REJECT)
"""Of MsgType 9."""
