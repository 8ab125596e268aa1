"""The faults a rehearsal can switch on, each of which the suite must catch (one must pass, and say so)."""

from __future__ import annotations

from enum import StrEnum


class Drill(StrEnum):
    """A named fault of the simulator; :data:`DRILLS` says what each does."""

    LINE_DEAD = "line-dead"
    BOTH_LINES_DEAD = "both-lines-dead"
    HEARTBEATS_STOP = "heartbeats-stop"
    WRONG_CHANNEL = "wrong-channel"
    DEFINITION_MISSING = "definition-missing"
    SEQUENCE_GOES_BACK = "sequence-goes-back"
    PACKET_SIZE_DIFFERS = "packet-size-differs"
    CUT_MESSAGE = "cut-message"
    UNKNOWN_TYPE = "unknown-type"
    BEYOND_RECOVERY = "beyond-recovery"
    WRONG_USER = "wrong-user"
    ALREADY_CONNECTED = "already-connected"
    CHANNEL_REFUSED = "channel-refused"
    NOT_AVAILABLE = "not-available"
    RANGE_REFUSED = "range-refused"
    REQUESTS_REFUSED = "requests-refused"
    NEVER_ANSWERS = "never-answers"
    DR_NEVER_COMPLETES = "dr-never-completes"
    REFRESH_WITHOUT_END = "refresh-without-end"
    WRONG_SITE_ANSWERS = "wrong-site-answers"
    BOOK_DIFFERS = "book-differs"
    FAILOVER_TOO_LONG = "failover-too-long"


DRILLS: dict[str, str] = {
    Drill.LINE_DEAD: "one channel sends nothing on line B",
    Drill.BOTH_LINES_DEAD: "one channel sends nothing on either line",
    Drill.HEARTBEATS_STOP: "a channel that has nothing to say sends no heartbeats either",
    Drill.WRONG_CHANNEL: "the groups of one channel carry another channel's messages",
    Drill.DEFINITION_MISSING: "one security is announced and never defined",
    Drill.SEQUENCE_GOES_BACK: "one channel's sequence numbers go back without a Sequence Reset",
    Drill.PACKET_SIZE_DIFFERS: "packets whose size field and datagram length differ come on line A",
    Drill.CUT_MESSAGE: "messages that end before their size does come on line A",
    Drill.UNKNOWN_TYPE: "messages of a type no document lists come between the others; the run passes and says so",
    Drill.BEYOND_RECOVERY: "retransmission holds no message any more, and no refresh is ever complete",
    Drill.WRONG_USER: "the retransmission server does not know the user or its address",
    Drill.ALREADY_CONNECTED: "the retransmission server says that the user is already connected",
    Drill.CHANNEL_REFUSED: "the retransmission server says that the channel is unknown or not the user's",
    Drill.NOT_AVAILABLE: "the retransmission server says that the messages are not available",
    Drill.RANGE_REFUSED: "the retransmission server says that too many messages are asked for at once",
    Drill.REQUESTS_REFUSED: "the retransmission server says that the day's requests are used up",
    Drill.NEVER_ANSWERS: "the retransmission server takes the logon and never answers a request",
    Drill.DR_NEVER_COMPLETES: "the disaster recovery signal stays at 'in progress'",
    Drill.REFRESH_WITHOUT_END: "no refresh of the backup site is ever complete",
    Drill.WRONG_SITE_ANSWERS: "after the failover the primary site serves retransmission, and the backup site refuses",
    Drill.BOOK_DIFFERS: "both lines carry one security at other prices than the exchange has it",
    Drill.FAILOVER_TOO_LONG: "the failover takes longer than its objective of five minutes",
}
"""Drill to what it does, in one sentence."""
