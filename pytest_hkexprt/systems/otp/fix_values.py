"""One value of FIX, to its text and back.

Source: FIX 5.0 SP2 (data types); the gateways' FIX interfaces.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import IntEnum
from typing import Any

from pytest_hkexprt.systems.otp.binary_values import Unfit, is_printable
from pytest_hkexprt.systems.otp.fields import FIELDS
from pytest_hkexprt.systems.otp.fix_messages import KINDS, TYPES
from pytest_hkexprt.systems.otp.messages import Kind
from pytest_hkexprt.systems.otp.words import Word

LONGEST_NUMBER = 10
"""Digits of a whole number: what 32 bits hold."""
LONGEST_DECIMAL = 24
FLAGS = {b"Y": True, b"N": False}
_NAMED = {
    "CompID": 49,
    "CxlRejResponseTo": 434,
    "DisclosureInstructions": 1814,
    "MsgSeqNum": 34,
    "NoDisclosureInstructions": 1812,
    "NoPartyEntitlements": 1772,
    "NoPartyIDs": 453,
    "NoQuoteEntries": 295,
    "NoSides": 552,
    "NoValueChecks": 1868,
    "PartyID": 448,
    "PossDup": 43,
    "PossResend": 97,
    "SendingTime": 52,
}
TAGS = {field.name: field.tag for field in FIELDS.values() if field.tag} | _NAMED
"""Name to tag, for RefTagID; the names of parties have none of their own."""
NAMES = {tag: name for name, tag in reversed(TAGS.items())}
"""Tag to name, for RefTagID and the evidence."""

Pair = tuple[Callable[[Any], bytes], Callable[[bytes], Any]]


def converters(name: str) -> Pair:
    """Return how a field's value is written, and how it is read; both raise :class:`Unfit`."""
    kind = FIELDS[name].type
    if name == "RefFieldName":
        return _to_tag, _from_tag
    if issubclass(kind, Word):
        codes = {word.fix.encode(): word for word in kind}
        return _to_word(kind), lambda text: _looked_up(codes, text)
    if issubclass(kind, IntEnum):
        known = {int(one): one for one in kind}
        return to_number, lambda text: known.get(number := from_number(text), number)
    return _CONVERTERS[kind]


def _looked_up(codes: dict[bytes, Any], text: bytes) -> Any:  # noqa: ANN401  what the table holds
    if text not in codes:
        raise KeyError(text)
    return codes[text]


def _to_text(value: object) -> bytes:
    if not isinstance(value, str) or not value or not is_printable(value):
        raise Unfit("printable ASCII text")
    return value.encode("ascii")


def _from_text(text: bytes) -> str:
    try:
        found = text.decode("ascii")
    except UnicodeDecodeError:
        found = ""
    if not found or not is_printable(found):
        raise Unfit("printable ASCII text")
    return found


def to_number(value: object) -> bytes:
    """Return a whole number's text."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**32:
        raise Unfit("a whole number of 32 bits")
    return b"%d" % value


def from_number(text: bytes) -> int:
    """Return the whole number a text names."""
    if not text.isdigit() or len(text) > LONGEST_NUMBER:
        raise Unfit("a whole number")
    return int(text)


def _to_flag(value: object) -> bytes:
    if not isinstance(value, bool):
        raise Unfit("a flag")
    return b"Y" if value else b"N"


def _to_decimal(value: object) -> bytes:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise Unfit("a decimal number")
    text = f"{value:f}"
    if len(text) > LONGEST_DECIMAL:
        raise Unfit(f"a decimal number of at most {LONGEST_DECIMAL} characters")
    return text.encode("ascii")


def _from_decimal(text: bytes) -> Decimal:
    whole, _, fraction = text.removeprefix(b"-").partition(b".")
    if not (whole + fraction).isdigit() or not whole or len(text) > LONGEST_DECIMAL:
        raise Unfit("a decimal number")
    return Decimal(text.decode("ascii"))


def _to_word(vocabulary: type[Word]) -> Callable[[object], bytes]:
    def to(value: object) -> bytes:
        if not isinstance(value, vocabulary):
            raise Unfit(f"a {vocabulary.__name__}")
        return value.fix.encode("ascii")

    return to


def _to_type(value: object) -> bytes:
    return TYPES[value].encode("ascii") if isinstance(value, Kind) and value in TYPES else _to_text(value)


def _from_type(text: bytes) -> Kind | str:
    found = _from_text(text)
    return KINDS.get(found, found)


def _to_tag(value: object) -> bytes:
    name = str(value)
    if name.isdecimal():
        return _to_text(name)
    parties = ("BrokerID", "LocationID", "BCAN", "SPSAID")
    return b"%d" % (TAGS["PartyID"] if name.endswith(parties) else TAGS[name])


def _from_tag(text: bytes) -> str:
    number = from_number(text)
    return NAMES.get(number, str(number))


_CONVERTERS: dict[type, Pair] = {
    str: (_to_text, _from_text),
    int: (to_number, from_number),
    bool: (_to_flag, lambda text: _looked_up(FLAGS, text)),
    Decimal: (_to_decimal, _from_decimal),
    Kind: (_to_type, _from_type),
}
