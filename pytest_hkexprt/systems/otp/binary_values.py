"""One value of the binary protocol, to its wire form and back.

``struct`` turns runs of fixed-size fields into numbers and padded text in one call; what stands here turns those into
the values of messages. A converter raises :class:`Unfit` (with what was expected) or ``KeyError`` for a code no
vocabulary has; the codec knows which field it was and says so.

Source: OCG-C Binary 2.2, 7.2 (data types).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from enum import IntEnum
from functools import lru_cache
from typing import Any

from pytest_hkexprt.systems.otp.fields import FIELDS
from pytest_hkexprt.systems.otp.layouts import TYPES, Row
from pytest_hkexprt.systems.otp.messages import Kind
from pytest_hkexprt.systems.otp.words import Word

PLACES = 8
MOST_DIGITS = 19
SCALE = Decimal(10**PLACES)
"""A decimal on the wire counts hundred-millionths."""
LONGEST_DECIMAL = 2**63
DECIMALS_KEPT = 4096
"""Prices and quantities whose wire form is remembered: a day's are steps and lots, and come again and again."""
_EXACT = Context(prec=40, traps=[Inexact])
"""Nothing of a price may be lost, whatever context the program has set."""
TYPE_NUMBERS = {kind: number for number, kind in TYPES.items()}
FORMATS = {"u8": "B", "u16": "H", "u32": "I", "byte": "B", "dec": "q"}
GREATEST = {"u8": 2**8 - 1, "u16": 2**16 - 1, "u32": 2**32 - 1, "byte": 0x7E}


class Unfit(ValueError):
    """A value that its field cannot hold; the message says what it can."""


class Empty(Unfit):
    """A field without a value."""


@dataclass(frozen=True, slots=True)
class Converter:
    """How a field's value becomes what ``struct`` packs, and back."""

    name: str
    format: str
    """Of ``struct``; empty for text of variable length and for groups."""
    pack: Callable[[Any], Any]
    unpack: Callable[[Any], Any]
    size: int
    """Bytes; of variable text the most it may take."""


def converter(row: Row) -> Converter:
    """Return the converter of a layout's row."""
    kind, wire = FIELDS[row.name].type, row.type
    if wire == "group":
        return Converter(row.name, "", _same, _same, 0)
    if wire[0] in "av":
        size = int(wire[1:])
        return Converter(row.name, f"{size}s" if wire[0] == "a" else "", _to_text(size - 1), _from_text, size)
    to: Callable[[Any], Any]
    back: Callable[[Any], Any]
    if kind is str:
        to, back = (_to_letter, _from_letter) if wire == "byte" else (_to_digits(GREATEST[wire]), str)
    elif kind is bool:
        codes = (ord("N"), ord("Y")) if wire == "byte" else (0, 1)
        to, back = _to_flag(codes), {codes[0]: False, codes[1]: True}.__getitem__
    elif kind is Decimal:
        to, back = _to_decimal, _from_decimal
    elif kind is Kind:
        to, back = _to_type, _from_type
    elif issubclass(kind, Word):
        to, back = _to_word(kind), {word.binary: word for word in kind}.__getitem__
    elif issubclass(kind, IntEnum):
        to, back = _to_number(GREATEST[wire]), _from_open({int(one): one for one in kind})
    else:
        to, back = _to_number(GREATEST[wire]), _same
    return Converter(row.name, FORMATS[wire], to, back, 0)


def _same(value: Any) -> Any:  # noqa: ANN401  what struct made is the value already
    return value


def _to_text(longest: int) -> Callable[[object], bytes]:
    def pack(value: object) -> bytes:
        if isinstance(value, str) and 0 < len(value) <= longest and value.isascii() and value.isprintable():
            return value.encode("ascii")
        raise Unfit(f"text of 1 to {longest} printable ASCII characters")

    return pack


def _from_text(data: bytes) -> str:
    text, end, _ = data.partition(b"\0")
    if not end:
        raise Unfit("text that ends with NUL")
    if not text:
        raise Empty("a value")
    try:
        found = text.decode("ascii")
    except UnicodeDecodeError:
        found = ""
    if not is_printable(found) or not found:
        raise Unfit("printable ASCII characters")
    return found


def is_printable(text: str) -> bool:
    """Return whether every character is printable ASCII."""
    return text.isascii() and text.isprintable()


def _to_letter(value: object) -> int:
    if not isinstance(value, str) or len(value) != 1 or not is_printable(value):
        raise Unfit("one printable ASCII character")
    return ord(value)


def _from_letter(code: int) -> str:
    if not is_printable(letter := chr(code)):
        raise Unfit("one printable ASCII character")
    return letter


def _to_number(greatest: int) -> Callable[[object], int]:
    def pack(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= greatest:
            return int(value)
        raise Unfit(f"a whole number from 0 to {greatest}")

    return pack


def _to_digits(greatest: int) -> Callable[[object], int]:
    """Return what packs a number that messages have as text."""

    def pack(value: object) -> int:
        if isinstance(value, str) and value.isascii() and value.isdecimal() and str(int(value)) == value:
            return _to_number(greatest)(int(value))
        raise Unfit(f"text that is a whole number from 0 to {greatest}")

    return pack


def _from_open(known: dict[int, IntEnum]) -> Callable[[int], int]:
    def unpack(code: int) -> int:
        return known.get(code, code)

    return unpack


def _to_flag(codes: tuple[int, int]) -> Callable[[object], int]:
    def pack(value: object) -> int:
        if not isinstance(value, bool):
            raise Unfit("a flag")
        return codes[value]

    return pack


def _to_decimal(value: object) -> int:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise Unfit("a decimal number")
    return _scaled(value)


@lru_cache(maxsize=DECIMALS_KEPT)
def _scaled(value: Decimal) -> int:
    if value.adjusted() > MOST_DIGITS:
        raise Unfit("at most 19 digits in all")
    try:
        exact = _EXACT.scaleb(value, PLACES)
    except Inexact:
        raise Unfit(f"at most {PLACES} decimal places") from None
    scaled = int(exact)
    if scaled != exact:
        raise Unfit(f"at most {PLACES} decimal places")
    if not -LONGEST_DECIMAL <= scaled < LONGEST_DECIMAL:
        raise Unfit("at most 19 digits in all")
    return scaled


@lru_cache(maxsize=DECIMALS_KEPT)
def _from_decimal(scaled: int) -> Decimal:
    return _EXACT.divide(Decimal(scaled), SCALE)


def _to_word(vocabulary: type[Word]) -> Callable[[object], int]:
    def pack(value: object) -> int:
        if not isinstance(value, vocabulary):
            raise Unfit(f"a {vocabulary.__name__}")
        return value.binary

    return pack


def _to_type(value: object) -> int:
    if isinstance(value, Kind):
        return TYPE_NUMBERS[value]
    return _to_digits(GREATEST["u8"])(value)


def _from_type(number: int) -> Kind | str:
    return TYPES.get(number, str(number))
