"""Who is logged on to a terminal, and what they may ask for next: strict, and deaf to whoever breaks the rules.

A token is good once, for the page it was written on. A user has one session. An instruction is made by one user and
authorised by another. A session nobody uses ends.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from pytest_hkexprt.deadline import monotonic_s
from pytest_hkexprt.systems.ccass.flow import FORMS, NEXT, Ask, Stage, inside

IDLE_S = 600.0
"""After which a session nobody uses ends."""
CODE_DIGITS = 6
MOST_WRONG = 3
"""Wrong passwords or codes after which a visit must begin anew."""


class Broken(Exception):
    """A rule was broken; the message says which."""


@dataclass
class Visit:
    """One browser's way through a terminal."""

    key: str
    """The cookie's value; a new one once one is logged on."""
    stage: Stage = Stage.OUTSIDE
    user: str = ""
    wrong: int = 0
    tokens: set[str] = field(default_factory=set)
    """Of the forms of the page last given."""
    offered: dict[str, str] = field(default_factory=dict)
    """Token of a download's link to the report it is for."""
    used_s: float = field(default_factory=monotonic_s)


@dataclass
class Instruction:
    """Something a maker entered."""

    number: int
    maker: str
    checker: str = ""


class Sessions:
    """The visits to one terminal of one site; the caller holds a lock.

    Args:
        users: user id to password.
        idle_s: how long a session may be left alone.
    """

    def __init__(self, users: dict[str, str], idle_s: float = IDLE_S) -> None:
        self._users = users
        self.idle_s = idle_s
        self._visits: dict[str, Visit] = {}
        self._codes: dict[str, str] = {}
        self.instructions: list[Instruction] = []

    def visit(self, key: str) -> Visit:
        """Return the visit a cookie is of; a new one where there is none, or its session has ended."""
        found = self._visits.get(key)
        if found is not None and monotonic_s() - found.used_s <= self.idle_s:
            found.used_s = monotonic_s()
            return found
        if found is not None:
            self.end(found)
        return self._begin(Stage.OUTSIDE)

    def step(self, visit: Visit, ask: Ask, token: str) -> Stage:
        """Return where a request leads, its token used up.

        Raises:
            Broken: it may not be asked for now, or its token is missing, of another page, or used already.
        """
        if (visit.stage, ask) not in NEXT:
            raise Broken(f"'{ask}' may not be asked for while {visit.stage}")
        if ask in FORMS:
            if not token:
                raise Broken(f"'{ask}' came without a token")
            if token not in visit.tokens:
                raise Broken(f"'{ask}' came with a token of another page, or one used before")
            visit.tokens.clear()
        return NEXT[visit.stage, ask]

    def token(self, visit: Visit) -> str:
        """Return a token for the forms of the page that is being given; those of the page before are worth nothing."""
        visit.tokens = {new := secrets.token_urlsafe(16)}
        return new

    def password_fits(self, visit: Visit, user: str, password: str) -> bool:
        """Return whether a user's password is the right one; then a code is sent to the user."""
        known = self._users.get(user, "")
        if not known or not hmac.compare_digest(known.encode(), password.encode()):
            self._wrong(visit)
            return False
        self._codes[user] = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
        visit.user = user
        return True

    def code_of(self, user: str) -> str:
        """Return the code that was sent to a user; empty where none waits to be entered."""
        return self._codes.get(user, "")

    def code_fits(self, visit: Visit, code: str) -> bool:
        """Return whether a code is the one that was sent, which is then used up."""
        sent = self._codes.pop(visit.user, "")
        if sent and hmac.compare_digest(sent.encode(), code.encode()):
            return True
        self._wrong(visit)
        return False

    def is_inside(self, user: str) -> bool:
        """Return whether a user has a session that has not ended."""
        alive = [each for each in self._visits.values() if monotonic_s() - each.used_s <= self.idle_s]
        return any(each.user == user and inside(each.stage) for each in alive)

    def enter(self, visit: Visit) -> Visit:
        """Return the session of a visit whose user has proven who it is; its cookie is a new one."""
        self.end(visit)
        session = self._begin(Stage.INSIDE)
        session.user = visit.user
        return session

    def end(self, visit: Visit) -> None:
        """Forget a visit."""
        self._visits.pop(visit.key, None)

    def end_all(self) -> None:
        """Forget every visit, as when nobody has used any for long."""
        self._visits.clear()
        self._codes.clear()

    def enter_instruction(self, maker: str) -> Instruction:
        """Keep an instruction until somebody else authorises it."""
        self.instructions.append(made := Instruction(len(self.instructions) + 1, maker))
        return made

    def authorise(self, number: str, checker: str) -> Instruction:
        """Have an instruction authorised.

        Raises:
            Broken: there is no such instruction, or its maker wants to be its checker, or it is authorised already.
        """
        found = next((each for each in self.instructions if str(each.number) == number), None)
        if found is None:
            raise Broken(f"there is no instruction {number!r}")
        if found.checker:
            raise Broken(f"instruction {number} is authorised already")
        if found.maker == checker:
            raise Broken(f"instruction {number}: its maker cannot be its checker")
        found.checker = checker
        return found

    def _begin(self, stage: Stage) -> Visit:
        key = secrets.token_urlsafe(24)
        self._visits[key] = Visit(key, stage)
        return self._visits[key]

    def _wrong(self, visit: Visit) -> None:
        visit.wrong += 1
        if visit.wrong >= MOST_WRONG:
            self.end(visit)
