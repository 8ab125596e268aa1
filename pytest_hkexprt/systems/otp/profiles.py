"""What differs between gateways and between versions of their interfaces, as data.

Everything documents disagree on, or leave to a separate medium, stands here as a value that configuration can replace
(``dataclasses.replace``); no other module knows a gateway or a version by name.

Source: OCG-C Binary 2.2 and FIX 2.2 (29 June 2018), OCG-C Binary 3.x (2022-23), CCCG Binary and FIX 1.3 (18 April
2018): message tables and sections 3.3 to 5.3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pytest_hkexprt.systems.otp.messages import LOOKUP_KINDS, Kind, Role
from pytest_hkexprt.systems.otp.words import OrdType, TimeInForce


class Gateway(StrEnum):
    """Which of the two gateways."""

    OTP_C = "OTP-C"
    """Securities: Orion Central Gateway, OCG-C."""
    OTP_CSC = "OTP-CSC"
    """Stock Connect, northbound: China Connect Central Gateway, CCCG."""


class WireProtocol(StrEnum):
    """How messages are written."""

    BINARY = "binary"
    FIX = "FIX"


class Padding(StrEnum):
    """How a password is padded before it is encrypted."""

    PKCS1 = "PKCS#1 v1.5"
    OAEP = "OAEP"


@dataclass(frozen=True, slots=True)
class Waits:
    """The times the documents prescribe, in seconds. Source: OCG-C Binary 2.2, 3.3 to 5.3."""

    heartbeat_s: float = 20
    """Silence after which a side says that it is there."""
    silent_intervals: int = 3
    """Heartbeat intervals of the other side's silence that bring a Test Request; as many again end the session."""
    lookup_pause_s: float = 5
    """After a lookup that failed or was rejected."""
    reconnect_s: float = 10
    """After an abrupt drop, or a Logout by the gateway."""
    logon_reply_s: float = 60
    """For the answer to a Logon; then the line is closed."""
    logon_retry_s: float = 60
    """After that, before the next try."""
    logout_reply_s: float = 60
    """For the answer to a Logout."""

    def scaled(self, factor: float) -> Waits:
        """Return shorter waits for a rehearsal; none is left out."""
        return Waits(
            self.heartbeat_s * factor,
            self.silent_intervals,
            self.lookup_pause_s * factor,
            self.reconnect_s * factor,
            self.logon_reply_s * factor,
            self.logon_retry_s * factor,
            self.logout_reply_s * factor,
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """One version of one gateway's interface."""

    name: str
    gateway: Gateway
    version: str
    target_comp_id: str
    """The gateway's own Comp ID, in FIX."""
    exchanges: tuple[str, ...]
    """What SecurityExchange may say; the first is written where an order does not say."""
    from_participant: frozenset[Kind]
    """Kinds the gateway takes."""
    from_gateway: frozenset[Kind]
    """Kinds it says."""
    ord_types: frozenset[OrdType]
    times_in_force: frozenset[TimeInForce]
    time_digits: int
    """After the point of a TransactTime: 3 or 6."""
    layout: str
    """Which of the binary layouts (:mod:`layouts`): ``2.2``, ``3``, ``cccg``."""
    bcan: bool
    """Whether an order carries the client's number (BCAN), and must."""
    max_price_levels: bool = False
    """Whether MaxPriceLevels is mandatory."""
    cancel_on_disconnect: bool = True
    """Whether the gateway offers it."""
    lookup: frozenset[WireProtocol] = frozenset({WireProtocol.BINARY})
    """Protocols whose gateways are found by a Lookup; the others' are hunted for in a pool."""
    password_time_prefix: frozenset[WireProtocol] = frozenset({WireProtocol.BINARY})
    """Protocols whose password has UTC ``YYYYMMDDHHMMSS`` before it."""
    password_length: int = 8
    password_paddings: tuple[Padding, ...] = (Padding.PKCS1,)
    """What may be used; the first is."""
    password_tolerance_s: float = 300
    """How far the prefix may be from the gateway's clock. Not published: a guess, and configuration."""
    comp_id_longest: int = 11
    clordid_greatest: int = 99_999_999
    """ClOrdID and TradeReportID are whole numbers from 1 to this, without leading zeros, unique by broker and day."""
    logon_gap_closes: bool = True
    """Whether the day's first Logon with a number above 1 is answered by closing the line without a word."""
    waits: Waits = field(default_factory=Waits)

    def kinds(self, sender: Role) -> frozenset[Kind]:
        """Return what a side may say."""
        return self.from_participant if sender is Role.INITIATOR else self.from_gateway


_BOTH_WAYS = frozenset(
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
_REQUESTS = frozenset({Kind.LOOKUP_REQUEST, Kind.NEW_ORDER, Kind.CANCEL, Kind.THROTTLE_REQUEST, Kind.PARTY_REQUEST})
_ANSWERS = frozenset(
    {
        Kind.LOOKUP_RESPONSE,
        Kind.BUSINESS_REJECT,
        Kind.EXECUTION_REPORT,
        Kind.THROTTLE_RESPONSE,
        Kind.PARTY_REPORT,
    }
)
_MORE_REQUESTS = frozenset(
    {
        Kind.AMEND,
        Kind.MASS_CANCEL,
        Kind.OBO_CANCEL,
        Kind.OBO_MASS_CANCEL,
        Kind.QUOTE,
        Kind.QUOTE_CANCEL,
        Kind.TRADE_CAPTURE,
    }
)
_MORE_ANSWERS = frozenset({Kind.MASS_CANCEL_REPORT, Kind.QUOTE_STATUS, Kind.TRADE_CAPTURE, Kind.TRADE_CAPTURE_ACK})

OCG_22 = Profile(
    name="OCG-C 2.2",
    gateway=Gateway.OTP_C,
    version="2.2",
    target_comp_id="HKEXCO",
    exchanges=("XHKG",),
    from_participant=_BOTH_WAYS | _REQUESTS | _MORE_REQUESTS,
    from_gateway=_BOTH_WAYS | _ANSWERS | _MORE_ANSWERS,
    ord_types=frozenset(OrdType),
    times_in_force=frozenset(TimeInForce),
    time_digits=3,
    layout="2.2",
    bcan=False,
)
OCG_3 = Profile(
    name="OCG-C 3",
    gateway=Gateway.OTP_C,
    version="3",
    target_comp_id="HKEXCO",
    exchanges=("XHKG",),
    from_participant=OCG_22.from_participant,
    from_gateway=OCG_22.from_gateway,
    ord_types=OCG_22.ord_types,
    times_in_force=OCG_22.times_in_force,
    time_digits=6,
    layout="3",
    bcan=True,
    password_paddings=(Padding.PKCS1, Padding.OAEP),
)
CCCG_13 = Profile(
    name="CCCG 1.3",
    gateway=Gateway.OTP_CSC,
    version="1.3",
    target_comp_id="HKEXCCCO",
    exchanges=("XSSC", "XSEC"),
    from_participant=_BOTH_WAYS | _REQUESTS,
    from_gateway=_BOTH_WAYS | _ANSWERS,
    ord_types=frozenset({OrdType.LIMIT}),
    times_in_force=frozenset({TimeInForce.DAY}),
    time_digits=3,
    layout="cccg",
    bcan=True,
    max_price_levels=True,
    cancel_on_disconnect=False,
)
PROFILES = {profile.name: profile for profile in (OCG_22, OCG_3, CCCG_13)}

LOOKUPS = LOOKUP_KINDS
"""Spoken on a connection of their own, before any session."""
