"""Messages of the trading gateways, the same whichever protocol carries them.

A message is a kind and fields by their published FIX names; what a protocol writes for them is its codec's business.
Prices and quantities are ``Decimal``, numbers ``int``, flags ``bool``, vocabularies the enums of :mod:`words`, and
everything else text; a time is text as it is on the wire (``20231125-02:00:00.000``), since a log of what was said must
not be rounded.

Brokers and clients, which FIX puts into its parties group, have names of their own: ``SubmittingBrokerID``,
``OwningBrokerID``, ``CounterpartyBrokerID``, ``BrokerLocationID``, ``BCAN``, ``CounterpartyBCAN``, ``SPSAID``,
``SMPID``. FIX's cancel reject (35=9) is an execution report here, as in the binary protocol: its ``ExecType`` says
which.

Source: OCG-C Binary and FIX Trading Interface Specifications 2.2 (29 June 2018), message tables; CCCG 1.3.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import TypeAlias


class Role(StrEnum):
    """Which end of a session somebody is."""

    INITIATOR = "initiator"
    """The participant: it dials and logs on."""
    ACCEPTOR = "acceptor"
    """The gateway."""

    @property
    def other(self) -> Role:
        """The end across."""
        return Role.ACCEPTOR if self is Role.INITIATOR else Role.INITIATOR


class Kind(StrEnum):
    """What a message is, by its published name."""

    HEARTBEAT = "Heartbeat"
    TEST_REQUEST = "Test Request"
    RESEND_REQUEST = "Resend Request"
    REJECT = "Reject"
    SEQUENCE_RESET = "Sequence Reset"
    LOGON = "Logon"
    LOGOUT = "Logout"
    LOOKUP_REQUEST = "Lookup Request"
    LOOKUP_RESPONSE = "Lookup Response"
    BUSINESS_REJECT = "Business Message Reject"
    EXECUTION_REPORT = "Execution Report"
    NEW_ORDER = "New Order"
    AMEND = "Amend Request"
    """FIX: order cancel/replace request."""
    CANCEL = "Cancel Request"
    MASS_CANCEL = "Mass Cancel Request"
    MASS_CANCEL_REPORT = "Order Mass Cancel Report"
    QUOTE = "Quote"
    QUOTE_CANCEL = "Quote Cancel"
    QUOTE_STATUS = "Quote Status Report"
    TRADE_CAPTURE = "Trade Capture Report"
    TRADE_CAPTURE_ACK = "Trade Capture Report Ack"
    OBO_CANCEL = "OBO Cancel Request"
    """On behalf of another broker of the same firm."""
    OBO_MASS_CANCEL = "OBO Mass Cancel Request"
    THROTTLE_REQUEST = "Throttle Entitlement Request"
    THROTTLE_RESPONSE = "Throttle Entitlement Response"
    PARTY_REQUEST = "Party Entitlement Request"
    PARTY_REPORT = "Party Entitlement Report"

    @property
    def is_session(self) -> bool:
        """Whether it serves the session alone; every other kind is business, and none may be in a login-only test.

        Lookups come before a session and are no business either.
        """
        return self in SESSION_KINDS or self in LOOKUP_KINDS


SESSION_KINDS = frozenset(
    {
        Kind.HEARTBEAT,
        Kind.TEST_REQUEST,
        Kind.RESEND_REQUEST,
        Kind.REJECT,
        Kind.SEQUENCE_RESET,
        Kind.LOGON,
        Kind.LOGOUT,
    }
)
LOOKUP_KINDS = frozenset({Kind.LOOKUP_REQUEST, Kind.LOOKUP_RESPONSE})
NEVER_RESENT = SESSION_KINDS - {Kind.REJECT}
"""Gap-filled instead. Source: OCG-C Binary 3.x, 5.6 (Reject is delivered again: 5.7)."""

SECRETS = frozenset({"EncryptedPassword", "EncryptedNewPassword"})
"""Fields whose value no log, evidence or exception may show, encrypted as it is."""
HIDDEN = "•••"

Value: TypeAlias = "str | int | bool | Decimal | StrEnum | IntEnum | tuple[Entry, ...]"
"""What a field may hold; a reject code that nobody published stays a plain number."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a repeating group."""

    fields: Mapping[str, Value]
    """By name, in the order of the wire."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message, as said or heard."""

    kind: Kind
    fields: Mapping[str, Value] = field(default_factory=dict)
    """By name; what is not said is not in it."""
    comp_id: str = ""
    """The participant's, in both directions; empty on a message that no session has framed yet."""
    seq: int = 0
    """MsgSeqNum; 0 on a message that no session has framed yet."""
    poss_dup: bool = False
    """Sent again under its number, since the other end may have missed it."""
    poss_resend: bool = False
    """Sent again under a new number."""
    sent: str = ""
    """FIX: SendingTime. The binary protocol has none."""
    originally_sent: str = ""
    """FIX: OrigSendingTime, on what is sent again."""

    @classmethod
    def of(cls, kind: Kind, /, **fields: Value | None) -> Message:
        """Return a message of fields given by name; None leaves one out."""
        return cls(kind, {name: value for name, value in fields.items() if value is not None})

    def __getitem__(self, name: str) -> Value:
        return self.fields[name]

    def __contains__(self, name: object) -> bool:
        return name in self.fields

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={HIDDEN if name in SECRETS else value}" for name, value in self.fields.items())
        flags = f"{' PossDup' if self.poss_dup else ''}{' PossResend' if self.poss_resend else ''}"
        return f"<{self.kind} {self.comp_id} {self.seq}{flags}: {shown}>"

    def get(self, name: str) -> Value | None:
        """Return a field's value; None where it is not said."""
        return self.fields.get(name)

    def text(self, name: str, default: str = "") -> str:
        """Return a field as text."""
        value = self.fields.get(name)
        return default if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """Return a whole-number field."""
        value = self.fields.get(name)
        return value if isinstance(value, int) else default

    def amount(self, name: str, default: Decimal = Decimal(0)) -> Decimal:
        """Return a price or quantity."""
        value = self.fields.get(name)
        return value if isinstance(value, Decimal) else default

    def with_fields(self, **fields: Value | None) -> Message:
        """Return it with other values; None takes a field away."""
        changed = {**self.fields, **fields}
        return replace(self, fields={name: value for name, value in changed.items() if value is not None})


def stamp(utc: dt.datetime, digits: int) -> str:
    """Return a moment as the gateways write it, ``YYYYMMDD-HH:MM:SS.sss``, with so many digits after the point."""
    utc = utc.astimezone(dt.UTC)
    fraction = f"{utc.microsecond:06}"[:digits]
    return f"{utc:%Y%m%d-%H:%M:%S}" + (f".{fraction}" if digits else "")


def moment(text: str) -> dt.datetime:
    """Return the moment a gateway's time names.

    Raises:
        ValueError: it names none.
    """
    form = "%Y%m%d-%H:%M:%S.%f" if "." in text else "%Y%m%d-%H:%M:%S"
    return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC)
