"""The session's states: (state, who, what) → next state, the same table for both ends.

What is not in the table is an error of whoever says it.

Source: OCG-C Binary 2.2, 4 (Logon, Logout, lookup) and 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pytest_hkexprt.systems.otp.messages import LOOKUP_KINDS, Kind, Role


class State(StrEnum):
    """Where a connection stands."""

    CONNECTED = "connected"
    """Nothing was said."""
    LOOKING_UP = "looking up"
    LOOKED_UP = "looked up"
    """The answer came; the line is closed."""
    LOGGING_ON = "logging on"
    """The initiator said Logon; nobody may say anything until the reply."""
    ACTIVE = "active"
    LEAVING = "leaving"
    """The initiator said Logout."""
    DISMISSED = "dismissed"
    """The acceptor said Logout."""
    ENDED = "ended"


class What(StrEnum):
    """A message, as far as the table cares."""

    LOOKUP = "lookup"
    LOGON = "logon"
    LOGOUT = "logout"
    REJECT = "reject"
    KEEPING = "heartbeat, test or resend request, sequence reset"
    BUSINESS = "business message"


def what(kind: Kind) -> What:
    """Return what the table calls a kind."""
    if kind in LOOKUP_KINDS:
        return What.LOOKUP
    plain = {Kind.LOGON: What.LOGON, Kind.LOGOUT: What.LOGOUT, Kind.REJECT: What.REJECT}
    return plain.get(kind, What.KEEPING if kind.is_session else What.BUSINESS)


_WE, _THEY = Role.INITIATOR, Role.ACCEPTOR

TABLE: Mapping[tuple[State, Role, What], State] = {
    (State.CONNECTED, _WE, What.LOOKUP): State.LOOKING_UP,
    (State.LOOKING_UP, _THEY, What.LOOKUP): State.LOOKED_UP,
    (State.CONNECTED, _WE, What.LOGON): State.LOGGING_ON,
    (State.LOGGING_ON, _THEY, What.LOGON): State.ACTIVE,
    (State.LOGGING_ON, _THEY, What.LOGOUT): State.ENDED,
    (State.LOGGING_ON, _THEY, What.REJECT): State.ENDED,
    **{(State.ACTIVE, who, said): State.ACTIVE for who in Role for said in (What.REJECT, What.KEEPING, What.BUSINESS)},
    (State.ACTIVE, _WE, What.LOGOUT): State.LEAVING,
    (State.ACTIVE, _THEY, What.LOGOUT): State.DISMISSED,
    # What was under way when one side said Logout still arrives; the other may also ask for what it misses.
    **{(State.LEAVING, _THEY, said): State.LEAVING for said in (What.REJECT, What.KEEPING, What.BUSINESS)},
    (State.LEAVING, _WE, What.KEEPING): State.LEAVING,
    (State.LEAVING, _THEY, What.LOGOUT): State.ENDED,
    **{(State.DISMISSED, _WE, said): State.DISMISSED for said in (What.REJECT, What.KEEPING, What.BUSINESS)},
    (State.DISMISSED, _THEY, What.KEEPING): State.DISMISSED,
    (State.DISMISSED, _WE, What.LOGOUT): State.ENDED,
}


def after(state: State, who: Role, said: What) -> State | None:
    """Return the next state; None where this may not be said now."""
    return TABLE.get((state, who, said))
