"""Vocabularies of the trading gateways: one word, and the code each protocol has for it.

A word's value is what evidence shows. Closed vocabularies are :class:`Word`; a code that is none of theirs is a broken
message. Reasons and statuses are open, since documents add to them: they are numbers, the same in both protocols, and
one nobody published stays a plain number.

Source: OCG-C Binary 2.2 (7.2-8) and FIX 2.2; CCCG Binary and FIX 1.3.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Word(StrEnum):
    """A word with its binary number and its FIX text."""

    binary: int
    fix: str

    def __new__(cls, text: str, binary: int = 0, fix: str = "") -> Word:
        """Return a member; FIX says the binary number in text where nothing else is given."""
        made = str.__new__(cls, text)
        made._value_ = text
        made.binary = binary
        made.fix = fix or str(binary)
        return made


class Side(Word):
    """Of an order or quote."""

    BUY = "buy", 1
    SELL = "sell", 2
    SELL_SHORT = "sell short", 5


class OrdType(Word):
    """How an order is priced."""

    MARKET = "market", 1
    LIMIT = "limit", 2


class TimeInForce(Word):
    """How long an order lives."""

    DAY = "day", 0
    IOC = "immediate or cancel", 3
    FOK = "fill or kill", 4
    AT_CROSSING = "at crossing", 9


class PositionEffect(Word):
    """What an order does to a position: it covers a short sale."""

    CLOSE = "close", 1, "C"


class OrderCapacity(Word):
    """In whose name a broker acts."""

    AGENCY = "agency", 1, "A"
    PRINCIPAL = "principal", 2, "P"


class LotType(Word):
    """Of how many units an order is."""

    ODD = "odd lot", 1
    ROUND = "round lot", 2


class OrdStatus(Word):
    """Where an order stands."""

    NEW = "new", 0
    PARTIALLY_FILLED = "partially filled", 1
    FILLED = "filled", 2
    CANCELLED = "cancelled", 4
    PENDING_CANCEL = "pending cancel", 6
    REJECTED = "rejected", 8
    PENDING_NEW = "pending new", 10, "A"
    EXPIRED = "expired", 12, "C"
    PENDING_AMEND = "pending amend", 14, "E"


class ExecType(Word):
    """What an execution report tells; in the binary protocol one letter, too."""

    NEW = "new", ord("0"), "0"
    CANCEL = "cancel", ord("4"), "4"
    AMEND = "amend", ord("5"), "5"
    PENDING_CANCEL = "pending cancel", ord("6"), "6"
    REJECT = "reject", ord("8"), "8"
    PENDING_NEW = "pending new", ord("A"), "A"
    EXPIRE = "expire", ord("C"), "C"
    PENDING_AMEND = "pending amend", ord("E"), "E"
    TRADE = "trade", ord("F"), "F"
    TRADE_CANCEL = "trade cancel", ord("H"), "H"
    TRIGGERED = "triggered", ord("L"), "L"
    """Of a trade capture report; the name is FIX's, and what a gateway means by it was not to be had."""
    CANCEL_REJECT = "cancel reject", ord("X"), "X"
    """FIX: message type 9 that answers a cancel."""
    AMEND_REJECT = "amend reject", ord("Y"), "Y"
    """FIX: message type 9 that answers an amend."""


class MatchType(Word):
    """How two orders met."""

    AUTO_MATCH = "auto match", 4
    CROSS_AUCTION = "cross auction", 5


class MassCancelRequestType(Word):
    """What a mass cancel takes away."""

    SECURITY = "orders of a security", 1
    ALL = "all orders", 7
    MARKET_SEGMENT = "orders of a market segment", 9


class MassCancelResponse(Word):
    """How a mass cancel was answered."""

    REJECTED = "rejected", 0
    SECURITY = "orders of a security", 1
    ALL = "all orders", 7
    MARKET_SEGMENT = "orders of a market segment", 9


class LookupStatus(Word):
    """How a lookup was answered."""

    ACCEPTED = "accepted", 0
    REJECTED = "rejected", 1


class TradeReportType(Word):
    """What a trade capture report wants."""

    SUBMIT = "new", 0
    CANCEL = "cancel", 6


class TradeHandling(Word):
    """Whose word a trade capture report is, and whether it needs another's."""

    CONFIRMATION = "confirmation", 0
    TWO_PARTY = "two-party report", 1
    """Of one of two parties; the trade stands when the other has said the same."""
    ONE_PARTY = "one-party report", 6
    """Of one for both; the trade stands at once."""


class SessionStatus(IntEnum):
    """Of a Logon's or Logout's sender. Source: OCG-C Binary 2.2, 8 (Logon, Logout)."""

    ACTIVE = 0
    PASSWORD_CHANGED = 1
    PASSWORD_DUE_TO_EXPIRE = 2
    NEW_PASSWORD_NOT_COMPLIANT = 3
    LOGOUT_COMPLETE = 4
    INVALID_USER_OR_PASSWORD = 5
    ACCOUNT_LOCKED = 6
    LOGONS_NOT_ALLOWED_NOW = 7
    PASSWORD_EXPIRED = 8
    PASSWORD_CHANGE_REQUIRED = 100
    OTHER = 101


class LookupRejectCode(IntEnum):
    """Why a lookup was refused."""

    INVALID_CLIENT = 0
    INVALID_SERVICE_TYPE = 1
    INVALID_PROTOCOL = 2
    CLIENT_BLOCKED = 3
    OTHER = 4


class SessionRejectReason(IntEnum):
    """Why a message broke the protocol."""

    REQUIRED_FIELD_MISSING = 1
    FIELD_NOT_DEFINED_FOR_MESSAGE = 2
    UNDEFINED_FIELD = 3
    FIELD_WITHOUT_VALUE = 4
    VALUE_INCORRECT = 5
    INCORRECT_FORMAT = 6
    COMP_ID_PROBLEM = 9
    INVALID_MESSAGE_TYPE = 11
    FIELD_REPEATED = 13
    OTHER = 99


class BusinessRejectReason(IntEnum):
    """Why a well-formed message could not be served."""

    OTHER = 0
    UNKNOWN_ID = 1
    UNKNOWN_SECURITY = 2
    UNSUPPORTED_MESSAGE_TYPE = 3
    APPLICATION_NOT_AVAILABLE = 4
    CONDITIONAL_FIELD_MISSING = 5
    THROTTLE_EXCEEDED = 8


class OrdRejReason(IntEnum):
    """Why an order was rejected; 101 and 102 are published, too, but we have not seen what they mean."""

    ORDER_EXCEEDS_LIMIT = 3
    DUPLICATE_ORDER = 6
    INCORRECT_QUANTITY = 13
    PRICE_EXCEEDS_BAND = 16
    REFERENCE_PRICE_NOT_AVAILABLE = 19
    NOTIONAL_EXCEEDS_THRESHOLD = 20
    SHORT_SELL_NOT_PERMITTED = 22
    """OTP-CSC."""
    OTHER = 99


class TrdType(IntEnum):
    """What kind of trade is reported."""

    LATE = 4
    PRIVATELY_NEGOTIATED = 22
    ODD_LOT = 102
    """A resting odd lot is picked off."""
    OVERSEAS = 104


class TradeReportStatus(IntEnum):
    """What became of a trade capture report."""

    ACCEPTED = 0
    REJECTED = 1


class TradeReportRejectReason(IntEnum):
    """Why a trade capture report was rejected; the names are FIX's, the numbers those HKEX lists."""

    INVALID_TRADE_TYPE = 4
    PRICE_EXCEEDS_BAND = 5
    REFERENCE_PRICE_NOT_AVAILABLE = 6
    NOTIONAL_EXCEEDS_THRESHOLD = 7
    OTHER = 99


class CxlRejReason(IntEnum):
    """Why a cancel was rejected."""

    TOO_LATE = 0
    UNKNOWN_ORDER = 1
    ALREADY_PENDING = 3
    DUPLICATE_CLORDID = 6
    OTHER = 99


class ExecRestatementReason(IntEnum):
    """Why an order ended, or a trade was undone, without being asked for by its owner."""

    HALT_OR_VCM = 6
    MARKET_OPERATION = 8
    FAILED_REPLACE = 100
    OBO_SINGLE_CANCEL = 101
    OBO_MASS_CANCEL = 102
    MASS_CANCEL_BY_BROKER = 103
    CANCEL_ON_DISCONNECT = 104
    BROKER_SUSPENDED = 105
    PARTICIPANT_SUSPENDED = 106
    SYSTEM_CANCEL = 107
    HOME_MARKET_CANCEL = 108
    """OTP-CSC."""
