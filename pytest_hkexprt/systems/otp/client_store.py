"""What was asked and told in a Comp ID's day, kept beside its numbers, one line a message.

The gateway never says again what it has said and we have counted: a second run of the day that began with an empty book
would take the reports on the first run's orders for somebody else's. So it begins with that book. What was wrong with
it was told in the run it came to light in, and is not told again.

Source: OCG-C Binary v2.2, 4.3 and 5; OCG-C Binary 3.x, 5.7 (what was missed comes at the next logon, and no more).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from enum import IntEnum, StrEnum
from pathlib import Path

import msgspec

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.otp.fields import FIELDS
from pytest_hkexprt.systems.otp.messages import Kind, Message, Role, Value
from pytest_hkexprt.systems.otp.orders import Orders

NOT_KEPT = frozenset({Kind.THROTTLE_REQUEST, Kind.THROTTLE_RESPONSE, Kind.PARTY_REQUEST, Kind.PARTY_REPORT})
"""What says nothing of an order or trade."""


class Said(msgspec.Struct, omit_defaults=True):
    """One message as a line of the file."""

    who: Role
    kind: Kind
    fields: dict[str, str | int | bool]
    seq: int = 0
    poss_dup: bool = False
    poss_resend: bool = False


def append(path: Path, who: Role, message: Message) -> None:
    """Write a message down, if it is one of an order or trade."""
    if message.kind in NOT_KEPT:
        return
    fields = {name: _plain(value) for name, value in message.fields.items()}
    said = Said(who, message.kind, fields, message.seq, message.poss_dup, message.poss_resend)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(msgspec.json.encode(said) + b"\n")


def read(path: Path) -> list[tuple[Role, Message]]:
    """Return what was written down; a last line that a killed run left unfinished is left out.

    Raises:
        UsageFault: another line cannot be read.
    """
    if not path.is_file():
        return []
    *lines, _ = path.read_bytes().split(b"\n")
    return [_line(path, number, line) for number, line in enumerate(lines, start=1)]


def take_up(orders: Orders, said: Iterable[tuple[Role, Message]]) -> None:
    """Bring a book to where earlier runs of the day have left it."""
    for who, message in said:
        if who is Role.INITIATOR:
            orders.sent(message)
        else:
            orders.heard(message)
    for told in (orders.faults, orders.unasked, orders.refused):
        told.clear()
    orders.repeated = orders.deals.repeated = orders.reports = 0


def _line(path: Path, number: int, line: bytes) -> tuple[Role, Message]:
    try:
        said = msgspec.json.decode(line, type=Said)
        fields = {name: _value(name, value) for name, value in said.fields.items()}
    except (msgspec.MsgspecError, ValueError, KeyError, InvalidOperation) as error:
        raise UsageFault(
            f"{path}:{number}",
            expected="a message of today's session",
            came=repr(error),
            next_step="remove the file: the book then begins empty, and reports on earlier orders are not understood",
        ) from error
    return said.who, Message(said.kind, fields, seq=said.seq, poss_dup=said.poss_dup, poss_resend=said.poss_resend)


def _plain(value: Value) -> str | int | bool:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple):
        raise TypeError("no message of an order has a group")
    return value if isinstance(value, bool) else int(value) if isinstance(value, int) else str(value)


def _value(name: str, value: str | float | bool) -> Value:
    kind = FIELDS[name].type
    if kind is Decimal:
        return Decimal(str(value))
    if not issubclass(kind, StrEnum | IntEnum):
        return value  # type: ignore[return-value]  # as it was written
    try:
        return kind(value)  # type: ignore[arg-type]  # the type an enum's values have
    except ValueError:
        return value  # type: ignore[return-value]  # a code no document has, or a kind nobody knows
