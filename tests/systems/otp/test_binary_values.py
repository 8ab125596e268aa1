"""Each kind of field of the binary protocol by itself: to what `struct` packs, and back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.binary_values import Empty, Unfit, converter
from pytest_hkexprt.systems.otp.layouts import Row
from pytest_hkexprt.systems.otp.messages import Kind
from pytest_hkexprt.systems.otp.words import ExecType, OrdRejReason, Side

LETTER, FLAG, SMALL_FLAG = ("ExchangeTradeType", "byte"), ("GapFillFlag", "byte"), ("LastFragment", "u8")
DIGITS, NUMBER, PRICE, TEXT = ("TestReqID", "u16"), ("BeginSeqNo", "u32"), ("Price", "dec"), ("ClOrdID", "a21")
LONG_TEXT, KIND, WORD, LETTER_WORD = ("Text", "v75"), ("RefMsgType", "u8"), ("Side", "u8"), ("ExecType", "byte")
OPEN = ("OrdRejReason", "u16")


def made(field: tuple[str, str]):
    return converter(Row(0, *field))


@pytest.mark.parametrize(
    ("field", "form", "size"),
    [
        (LETTER, "B", 0),
        (FLAG, "B", 0),
        (SMALL_FLAG, "B", 0),
        (DIGITS, "H", 0),
        (NUMBER, "I", 0),
        (PRICE, "q", 0),
        (TEXT, "21s", 21),
        (LONG_TEXT, "", 75),
        (("NoThrottles", "group"), "", 0),
    ],
)
def test_a_field_has_a_name_a_form_and_a_size(field, form, size):
    found = made(field)
    assert (found.name, found.format, found.size) == (field[0], form, size)


def test_the_entries_of_a_group_are_left_as_they_are():
    group = made(("NoThrottles", "group"))
    assert (group.pack(7), group.unpack(8)) == (7, 8)


@pytest.mark.parametrize(
    ("field", "value", "wire"),
    [
        (LETTER, "M", ord("M")),
        (LETTER, " ", 0x20),
        (FLAG, False, ord("N")),
        (FLAG, True, ord("Y")),
        (SMALL_FLAG, False, 0),
        (SMALL_FLAG, True, 1),
        (DIGITS, "0", 0),
        (DIGITS, "65535", 65535),
        (NUMBER, 0, 0),
        (NUMBER, 2**32 - 1, 2**32 - 1),
        (PRICE, Decimal("388.60000001"), 38860000001),
        (PRICE, Decimal(2**63 - 1) / 10**8, 2**63 - 1),
        (PRICE, Decimal(-(2**63)) / 10**8, -(2**63)),
        (KIND, Kind.NEW_ORDER, 11),
        (KIND, "19", 19),
        (WORD, Side.SELL_SHORT, 5),
        (LETTER_WORD, ExecType.TRADE, ord("F")),
        (OPEN, OrdRejReason(3), 3),
        (OPEN, 999, 999),
    ],
)
def test_a_value_is_packed_and_comes_back(field, value, wire):
    assert made(field).pack(value) == wire
    back = made(field).unpack(wire)
    assert (back, type(back)) == (value, type(value))


@pytest.mark.parametrize(
    ("field", "value", "wire", "back"),
    [(TEXT, "1", b"1", b"1\0\0"), (TEXT, "x" * 20, b"x" * 20, b"x" * 20 + b"\0"), (LONG_TEXT, "a b", b"a b", b"a b\0")],
)
def test_text_is_packed_and_comes_back_up_to_its_first_nul(field, value, wire, back):
    assert made(field).pack(value) == wire
    assert made(field).unpack(back) == value


ONE = "one printable ASCII character"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        *((LETTER, value, ONE) for value in ("", "MM", "\t", "é", 77, None)),
        *((FLAG, value, "a flag") for value in (1, "Y", None)),
        *((DIGITS, value, "text that is a whole number from 0 to 65535") for value in (1, "01", "x", "", "-1", "١")),
        (DIGITS, "65536", "a whole number from 0 to 65535"),
        *((NUMBER, value, "a whole number from 0 to 4294967295") for value in (-1, 2**32, True, "1", 1.0)),
        *((PRICE, value, "a decimal number") for value in (1.5, 1, "1", Decimal("Infinity"))),
        *((PRICE, Decimal(value), "at most 8 decimal places") for value in ("0.000000001", f"1.{'1' * 50}")),
        *((PRICE, value, "at most 19 digits in all") for value in (Decimal("1E+20"), Decimal(2**63) / 10**8)),
        *((TEXT, value, "text of 1 to 20 printable ASCII characters") for value in ("", "x" * 21, "é", "a\tb", 1)),
        *((WORD, value, "a Side") for value in (1, "buy", ExecType.TRADE)),
        *((OPEN, value, "a whole number from 0 to 65535") for value in (65536, -1)),
        (KIND, "256", "a whole number from 0 to 255"),
        (KIND, 11, "text that is a whole number from 0 to 255"),
    ],
)
def test_a_value_the_field_cannot_hold_is_refused_and_told_what_it_can(field, value, expected):
    with pytest.raises(Unfit) as fault:
        made(field).pack(value)
    assert str(fault.value) == expected


@pytest.mark.parametrize(
    ("field", "wire", "expected"),
    [
        *((LETTER, code, ONE) for code in (0, 0x1F, 0x7F, 0xFF)),
        (TEXT, b"x" * 21, "text that ends with NUL"),
        (TEXT, b"\xff\0", "printable ASCII characters"),
        (TEXT, b"a\tb\0", "printable ASCII characters"),
    ],
)
def test_what_came_and_is_no_value_is_told(field, wire, expected):
    with pytest.raises(Unfit) as fault:
        made(field).unpack(wire)
    assert (str(fault.value), type(fault.value)) == (expected, Unfit)


def test_a_text_without_a_character_is_an_empty_one():
    with pytest.raises(Empty) as fault:
        made(TEXT).unpack(b"\0" * 21)
    assert str(fault.value) == "a value"


@pytest.mark.parametrize(("field", "code"), [(WORD, 9), (LETTER_WORD, ord("?")), (FLAG, ord("n")), (SMALL_FLAG, 2)])
def test_a_code_no_vocabulary_has_is_none(field, code):
    with pytest.raises(KeyError):
        made(field).unpack(code)
