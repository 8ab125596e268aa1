"""The faults a rehearsal can switch on, each of which the suite must catch (one must pass, and say so)."""

from __future__ import annotations

from enum import StrEnum


class Drill(StrEnum):
    """A named fault of the simulator; :data:`DRILLS` says what each does."""

    WRONG_PASSWORD = "wrong-password"  # noqa: S105  a drill's name
    PASSWORD_EXPIRED = "password-expired"  # noqa: S105  a drill's name
    LOCKED = "locked"
    NOT_NOW = "not-now"
    WRONG_SEQUENCE = "wrong-sequence"
    NO_HEARTBEAT = "no-heartbeat"
    BAD_CHECKSUM = "bad-checksum"
    SILENT_AFTER_LOGON = "silent-after-logon"
    REPORT_LOST = "report-lost"
    REPORT_DOUBLED = "report-doubled"
    OUT_OF_ORDER = "out-of-order"
    WRONG_ORDER_ID = "wrong-order-id"
    UNSOLICITED_CANCEL = "unsolicited-cancel"
    UNKNOWN_CODE = "unknown-code"
    THROTTLE_EXCEEDED = "throttle-exceeded"
    OTHER_SITE_ANSWERS = "other-site-answers"
    LOOKUP_REJECTED = "lookup-rejected"
    MIRROR_ONLY = "mirror-only"
    LOGOUT_UNANSWERED = "logout-unanswered"
    ORDER_IN_LOGIN_ONLY = "order-in-login-only"
    EXECUTION_LOST = "execution-lost"
    TRADE_UNCONFIRMED = "trade-unconfirmed"
    TRADE_MISREPORTED = "trade-misreported"


DRILLS: dict[str, str] = {
    Drill.WRONG_PASSWORD: "the gateway has another password on file for the Comp ID",
    Drill.PASSWORD_EXPIRED: "the password expired, and the gateway admits nobody with it",
    Drill.LOCKED: "the Comp ID is locked after three wrong passwords",
    Drill.NOT_NOW: "the gateway admits nobody at this time",
    Drill.WRONG_SEQUENCE: "the gateway expects a sequence number the participant never came to",
    Drill.NO_HEARTBEAT: "the gateway sends no heartbeat",
    Drill.BAD_CHECKSUM: "the gateway's first message after the logon has a wrong checksum",
    Drill.SILENT_AFTER_LOGON: "the gateway grants the logon and answers no request after it",
    Drill.REPORT_LOST: "the report of an execution never comes, and no sequence number tells",
    Drill.REPORT_DOUBLED: "the report of an execution comes twice, under two sequence numbers",
    Drill.OUT_OF_ORDER: "two reports of one order change places",
    Drill.WRONG_ORDER_ID: "the reports of an order carry another order's OrderID",
    Drill.UNSOLICITED_CANCEL: "an order is cancelled that nobody asked to cancel",
    Drill.UNKNOWN_CODE: "an order is rejected with a code that no document has",
    Drill.THROTTLE_EXCEEDED: "the gateway admits one message in 200 s, whatever it says of the throttle",
    Drill.OTHER_SITE_ANSWERS: "the lookup service leads to the other site's gateway",
    Drill.LOOKUP_REJECTED: "the lookup service rejects the participant",
    Drill.MIRROR_ONLY: "the primary gateway refuses connections, its mirror accepts; the run passes and says so",
    Drill.LOGOUT_UNANSWERED: "the gateway does not answer the logout, and keeps its side open",
    Drill.ORDER_IN_LOGIN_ONLY: "the participant sends an order in a session that is for the login only",
    Drill.EXECUTION_LOST: "an execution made before the failover is not recovered after it",
    Drill.TRADE_UNCONFIRMED: "whoever reports a trade never hears that the other party has confirmed it",
    Drill.TRADE_MISREPORTED: "a trade that two parties report is confirmed for another quantity",
}
"""Drill to what it does, in one sentence."""
