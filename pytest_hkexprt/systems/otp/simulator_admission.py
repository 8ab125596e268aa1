"""Who is let in: passwords, locks, and what a Logon is told.

Source: OCG-C Binary v2.2, 3.4 (passwords: three wrong ones lock, a change on the first logon, one a day, none of the
last five, an end after 90 days) and 4.1 to 4.3 (what answers a Logon; an unknown Comp ID is answered by silence).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pytest_hkexprt.systems.otp import password as passwords
from pytest_hkexprt.systems.otp.drills import Drill
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.password import Password
from pytest_hkexprt.systems.otp.profiles import Profile, WireProtocol
from pytest_hkexprt.systems.otp.words import SessionStatus

MOST_WRONG = 3
REMEMBERED = 5
LASTS = dt.timedelta(days=90)
"""How long a password may be used."""
WARNED = dt.timedelta(days=14)
"""How long before its end a Logon's reply says so. Ours: no document has the number."""
GRANTED = (SessionStatus.ACTIVE, SessionStatus.PASSWORD_CHANGED, SessionStatus.PASSWORD_DUE_TO_EXPIRE)
TEXTS = {
    SessionStatus.INVALID_USER_OR_PASSWORD: "Invalid Comp ID or password",
    SessionStatus.ACCOUNT_LOCKED: "Locked",
    SessionStatus.LOGONS_NOT_ALLOWED_NOW: "No logon at this time",
    SessionStatus.PASSWORD_EXPIRED: "Password expired",
    SessionStatus.PASSWORD_CHANGE_REQUIRED: "Password change required",
    SessionStatus.NEW_PASSWORD_NOT_COMPLIANT: "New password does not comply",
}


@dataclass(slots=True)
class OnFile:
    """What the gateway keeps of one Comp ID's password."""

    password: Password
    must_change: bool = False
    wrong: int = 0
    changed: dt.date | None = None
    """When it was changed last; None for longer ago than today, and for a password that does not grow old."""
    last: list[Password] = field(default_factory=list)


class Admission:
    """The gateway's keeper of passwords.

    Args:
        profile: whose policy.
        private_key: PEM, by which passwords are decrypted.
        on_file: Comp ID to its password.
        drills: the faults.
    """

    def __init__(
        self, profile: Profile, private_key: bytes, on_file: Mapping[str, OnFile], drills: Collection[str]
    ) -> None:
        self._profile = profile
        self._key = private_key
        self._drills = drills
        self.on_file = dict(on_file)

    def judge(self, logon: Message, comp_id: str, protocol: WireProtocol, utc: dt.datetime) -> Message:
        """Return what answers a Logon: a Logon lets in, a Logout does not."""
        kept = self.on_file[comp_id]
        status = self._status(logon, kept, protocol, utc)
        if status in GRANTED:
            due = status is SessionStatus.PASSWORD_DUE_TO_EXPIRE
            text = str(_left(kept, utc).days) if due else None
            return Message.of(Kind.LOGON, SessionStatus=status, Text=text, TestMessageIndicator=True)
        return Message.of(Kind.LOGOUT, SessionStatus=status, Text=TEXTS[status])

    def _status(self, logon: Message, kept: OnFile, protocol: WireProtocol, utc: dt.datetime) -> SessionStatus:
        if Drill.LOCKED in self._drills or kept.wrong >= MOST_WRONG:
            return SessionStatus.ACCOUNT_LOCKED
        if Drill.NOT_NOW in self._drills:
            return SessionStatus.LOGONS_NOT_ALLOWED_NOW
        given = self._opened(logon.text("EncryptedPassword"), protocol, utc)
        if given is None or given.reveal() != kept.password.reveal() or Drill.WRONG_PASSWORD in self._drills:
            kept.wrong += 1
            locked = kept.wrong >= MOST_WRONG
            return SessionStatus.ACCOUNT_LOCKED if locked else SessionStatus.INVALID_USER_OR_PASSWORD
        kept.wrong = 0
        if Drill.PASSWORD_EXPIRED in self._drills or _left(kept, utc) <= dt.timedelta():
            return SessionStatus.PASSWORD_EXPIRED
        if "EncryptedNewPassword" in logon:
            return self._change(self._opened(logon.text("EncryptedNewPassword"), protocol, utc), kept, utc.date())
        granted = SessionStatus.PASSWORD_DUE_TO_EXPIRE if _left(kept, utc) <= WARNED else SessionStatus.ACTIVE
        return SessionStatus.PASSWORD_CHANGE_REQUIRED if kept.must_change else granted

    def _change(self, new: Password | None, kept: OnFile, today: dt.date) -> SessionStatus:
        last = [*kept.last, kept.password][-REMEMBERED:]
        if new is None or kept.changed == today or passwords.mistakes(new, last, self._profile):
            return SessionStatus.NEW_PASSWORD_NOT_COMPLIANT
        kept.last, kept.password, kept.must_change, kept.changed = last, new, False, today
        return SessionStatus.PASSWORD_CHANGED

    def _opened(self, text: str, protocol: WireProtocol, utc: dt.datetime) -> Password | None:
        return passwords.decrypted(text, self._key, self._profile, protocol, utc)


def _left(kept: OnFile, utc: dt.datetime) -> dt.timedelta:
    """Return how long a password may still be used."""
    return LASTS if kept.changed is None else kept.changed + LASTS - utc.date()
