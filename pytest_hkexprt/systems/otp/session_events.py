"""What a session tells its user: one value for each thing that happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pytest_hkexprt.errors import HkexprtError
from pytest_hkexprt.systems.otp.messages import Message


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message, in its turn; session messages that the session has served itself are told as well."""

    message: Message


@dataclass(frozen=True, slots=True)
class LogonRequested:
    """Acceptor: somebody wants in. Numbers were looked at; who it is and its password are for the user to judge.

    To let in, ``send`` a Logon; the session goes on with what the other side has missed. To refuse, ``send`` a Logout
    (or Reject) with a SessionStatus, or close the line without a word.
    """

    message: Message


@dataclass(frozen=True, slots=True)
class LoggedOn:
    """Initiator: the gateway let us in; its status, text and test flag are in the message."""

    message: Message


@dataclass(frozen=True, slots=True)
class Refused:
    """Initiator: a Logout or Reject answered our Logon; an :class:`Ended` follows."""

    message: Message


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """A Logout came: the answer to ours, or the other side's own (the session has answered it)."""

    message: Message
    answered_ours: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Messages are missing; the session has asked for them, and holds back what comes after until they are here."""

    expected: int
    came: int


@dataclass(frozen=True, slots=True)
class Resent:
    """The other side asked for messages, or missed them at logon; the session has sent them again."""

    begin: int
    end: int
    """The last, inclusive."""
    messages: int
    """How many were sent again; the others were filled over."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A message that came before came again, marked as such; its user must not count it twice."""

    message: Message


@dataclass(frozen=True, slots=True)
class Rejected:
    """The other side sent a message that breaks its layout; the session has answered with a Reject."""

    fault: HkexprtError
    seq: int


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing came for so long that the session has sent a Test Request."""

    silent_s: float


@dataclass(frozen=True, slots=True)
class Ended:
    """Send what is left in ``data_to_send`` and close the line; nothing more will happen."""

    reason: str
    fault: HkexprtError | None = None
    """Who broke what; None for an orderly end."""


SessionEvent: TypeAlias = (
    Arrived | LogonRequested | LoggedOn | Refused | LoggedOut | Gap | Resent | Duplicate | Rejected | Silence | Ended
)
