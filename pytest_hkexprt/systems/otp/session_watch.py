"""A session's patience: what is due at which time, given when something was last said and heard.

Source: OCG-C Binary 2.2, 4.4 and 4.5 (heartbeat 20 s; test request after three silent intervals; end after as many
again), 4.2 (logon reply within 60 s), 4.7 (logout reply within 60 s).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pytest_hkexprt.systems.otp.messages import Role
from pytest_hkexprt.systems.otp.profiles import Waits
from pytest_hkexprt.systems.otp.session_table import State


class Due(StrEnum):
    """What has to be done."""

    HEARTBEAT = "heartbeat"
    TEST = "test request"
    GIVE_UP_SILENT = "give up: the other side is silent"
    GIVE_UP_REPLY = "give up: no reply"


AWAITS_REPLY = {
    (State.LOOKING_UP, Role.INITIATOR),
    (State.LOGGING_ON, Role.INITIATOR),
    (State.LEAVING, Role.INITIATOR),
    (State.DISMISSED, Role.ACCEPTOR),
}
"""Who waits for one message, and has to give up when it does not come."""
NEVER_S = float("inf")


@dataclass(slots=True)
class Watch:
    """Times of one connection, all in the caller's monotonic seconds."""

    waits: Waits
    role: Role
    said_s: float
    heard_s: float
    asked_s: float = 0.0
    """When the Logon, Logout or lookup was said whose reply is awaited."""
    tested_s: float | None = None
    """When the Test Request was said that nothing has followed yet."""

    def heard(self, now_s: float) -> None:
        """Note that bytes came."""
        self.heard_s, self.tested_s = now_s, None

    def times(self, state: State) -> dict[Due, float]:
        """Return what is going to be due when, were nothing said or heard before."""
        if (state, self.role) in AWAITS_REPLY:
            leaving = state in (State.LEAVING, State.DISMISSED)
            wait_s = self.waits.logout_reply_s if leaving else self.waits.logon_reply_s
            return {Due.GIVE_UP_REPLY: self.asked_s + wait_s}
        if state is not State.ACTIVE:
            return {}
        silence_s = self.waits.heartbeat_s * self.waits.silent_intervals
        found = {Due.HEARTBEAT: self.said_s + self.waits.heartbeat_s}
        if self.tested_s is None:
            found[Due.TEST] = self.heard_s + silence_s
        else:
            found[Due.GIVE_UP_SILENT] = self.tested_s + silence_s
        return found

    def due(self, state: State, now_s: float) -> list[Due]:
        """Return what is due by now, the most pressing first."""
        ripe = [what for what, at_s in self.times(state).items() if at_s <= now_s]
        return sorted(ripe, key=lambda what: what is Due.HEARTBEAT)
