"""What is said with a program in our client's place: one JSON object a line, each way; the part all systems share.

A request has an ``id`` and says in ``do`` what is wanted; its answer has the same ``id`` and either ``done`` or
``failed``. What the program says unasked names itself in ``event``. Fields nobody knows are passed over, so that either
side may be newer than the other.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from pytest_hkexprt.errors import HkexprtError, LocalProtocolError, RemoteProtocolError, Unreachable, UsageFault

VERSION = 1
"""Of the protocol; the ``start`` request tells it."""
LONGEST_LINE_BYTES = 4 * 1024 * 1024
"""What a feed of forty channels tells with a thousand points of each line, twice."""
SHOWN = 200
"""Characters of a program's text in a message."""

A = TypeVar("A")


class Request(msgspec.Struct, Generic[A], frozen=True, kw_only=True, tag_field="do"):
    """What we ask for, and with what it is answered."""

    answered_with: ClassVar[type[Any]]
    """The same type, for whoever reads the answer."""
    id: int = 0
    """Given when it is sent."""


class Fault(StrEnum):
    """Who is to blame for what could not be done."""

    EXCHANGE = "exchange"
    """It broke its protocol, or refused what it should have granted."""
    LINE = "line"
    """No connection could be made, or it was cut, or fell silent."""
    USER = "user"
    """Something that was set, an option or a file, is wrong."""
    PROGRAM = "program"
    """The program itself."""


class Failure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why something could not be done."""

    fault: Fault
    expected: str = ""
    came: str = ""
    next: str = ""
    """What the reader can do about it."""

    def error(self, where: str, clean: Callable[[str], str]) -> HkexprtError:
        """Return it as an error, without the secrets that ``clean`` takes out."""
        kind: dict[Fault, type[HkexprtError]] = {
            Fault.EXCHANGE: RemoteProtocolError,
            Fault.LINE: Unreachable,
            Fault.USER: UsageFault,
            Fault.PROGRAM: LocalProtocolError,
        }
        expected, came, then = (shown(clean(text)) for text in (self.expected, self.came, self.next))
        return kind[self.fault](where, expected=expected, came=came or "it does not say", next_step=then)


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of every line a program says."""

    id: int | None = None
    done: msgspec.Raw = msgspec.Raw()
    failed: Failure | None = None
    event: str | None = None

    @property
    def sound(self) -> bool:
        """Whether it is an answer, or an event, and not both or neither."""
        if self.event is not None:
            return self.id is None
        return self.id is not None and bool(bytes(self.done)) != (self.failed is not None)


class Nothing(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that tells no more than that it was done."""


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to ``start``: who stands there."""

    name: str = ""
    version: str = ""

    def facts(self, called: str) -> dict[str, str]:
        """Return it for the evidence."""
        told = {"program": called, "calls itself": shown(self.name), "version": shown(self.version)}
        return {key: value for key, value in told.items() if value}


class Junk(ValueError):
    """A line that is not of the protocol; the message says why, and shows nothing that may be a secret."""


_HEAD = msgspec.json.Decoder(Head)


def head(line: bytes) -> Head:
    """Return what every line has.

    Raises:
        Junk: it has not.
    """
    try:
        found = _HEAD.decode(line)
    except msgspec.ValidationError as error:
        raise Junk(f"{error} in {quoted(line)}") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Junk(f"no JSON: {quoted(line)}") from None
    if not found.sound:
        raise Junk(f"neither an answer nor an event: {quoted(line)}")
    return found


def decoded(text: bytes | msgspec.Raw, kind: type[A]) -> A:
    """Return a part of a line, or the line, with types.

    Raises:
        Junk: it does not have them.
    """
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Junk(f"{error} in {quoted(bytes(text))}") from None


def quoted(line: bytes) -> str:
    """Return a line for a message, shortened; one that speaks of a password is not shown at all."""
    if b"passw" in line.lower():
        return f"a line of {len(line):,} bytes that speaks of a password, and is not shown"
    text = shown(line.decode("utf-8", "replace"), SHOWN)
    return f"{text}{'…' if len(line) > SHOWN else ''}"


def shown(text: str, most: int = 1000) -> str:
    """Return a program's text in one line, what would not be seen as an escape."""
    line = " ".join(text.split())[:most]
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in line)
