"""A message as evidence shows it: field names and readable values in order, passwords as dots.

The header comes first, then the fields in the order of the binary layout, whichever protocol carried them; a code
stands beside what it means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from pytest_hkexprt.systems.otp.layouts import LAYOUTS
from pytest_hkexprt.systems.otp.messages import HIDDEN, SECRETS, Entry, Kind, Message, Role, Value

_ORDER = {kind: {row.name: row.bit for row in rows} for kind, rows in LAYOUTS["3"].items()}
LAST = 256


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a transcript."""

    who: Role
    message: Message
    utc: str = ""
    """When it was said or heard, as whoever holds the clock says."""

    @property
    def facts(self) -> dict[str, str]:
        """Return names and values, in the order to show."""
        return dict(shown(self.message))

    @property
    def text(self) -> str:
        """Return it as one line of text."""
        arrow = "→" if self.who is Role.INITIATOR else "←"
        facts = " ".join(f"{name}={value}" for name, value in shown(self.message))
        return f"{f'{self.utc} ' if self.utc else ''}{arrow} {self.message.kind}: {facts}"


def shown(message: Message) -> Iterator[tuple[str, str]]:
    """Yield a message's fields by name, readable."""
    yield "MsgType", message.kind
    yield "CompID", message.comp_id
    yield "MsgSeqNum", str(message.seq)
    for name, flag in (("PossDupFlag", message.poss_dup), ("PossResend", message.poss_resend)):
        if flag:
            yield name, "Y"
    if message.sent:
        yield "SendingTime", message.sent
    if message.originally_sent:
        yield "OrigSendingTime", message.originally_sent
    order = _ORDER[message.kind]
    for name in sorted(message.fields, key=lambda name: order.get(name, LAST)):
        yield name, HIDDEN if name in SECRETS else readable(message.fields[name])


def readable(value: Value) -> str:
    """Return a value as a person reads it: words by name, numbers with what they mean."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, IntEnum):
        return f"{int(value)} ({value.name.lower().replace('_', ' ')})"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple):
        return "; ".join(_entry(each) for each in value)
    return str(value)


def _entry(entry: Entry) -> str:
    return ", ".join(f"{name} {readable(value)}" for name, value in entry.fields.items())


def business(lines: Iterable[Line]) -> list[Line]:
    """Return the lines that are business, each of which breaks a test that may log in and nothing else."""
    return [line for line in lines if not line.message.kind.is_session]


def numbers(lines: Iterable[Line], who: Role) -> list[int]:
    """Return the numbers a side said, in order, lookups left out."""
    lookups = (Kind.LOOKUP_REQUEST, Kind.LOOKUP_RESPONSE)
    return [line.message.seq for line in lines if line.who is who and line.message.kind not in lookups]
