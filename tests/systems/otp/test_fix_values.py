"""Each kind of FIX field by itself: to its text, and back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.binary_values import Unfit
from pytest_hkexprt.systems.otp.fix_values import NAMES, TAGS, converters
from pytest_hkexprt.systems.otp.messages import Kind
from pytest_hkexprt.systems.otp.words import ExecType, OrdRejReason, PositionEffect, Side

TEXT, NUMBER, FLAG, PRICE, WORD, OPEN = "ClOrdID", "BeginSeqNo", "GapFillFlag", "Price", "Side", "OrdRejReason"
KIND, TAG = "RefMsgType", "RefFieldName"


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        (TEXT, "a b~", b"a b~"),
        (NUMBER, 0, b"0"),
        (NUMBER, 2**32 - 1, b"4294967295"),
        (FLAG, True, b"Y"),
        (FLAG, False, b"N"),
        (PRICE, Decimal("388.6"), b"388.6"),
        (PRICE, Decimal("-0.00000001"), b"-0.00000001"),
        (PRICE, Decimal("1" * 24), b"1" * 24),
        (WORD, Side.SELL_SHORT, b"5"),
        ("PositionEffect", PositionEffect.CLOSE, b"C"),
        (OPEN, OrdRejReason(3), b"3"),
        (OPEN, 999, b"999"),
        (KIND, Kind.NEW_ORDER, b"D"),
        (KIND, "zz", b"zz"),
        (TAG, "Price", b"44"),
        (TAG, "PartyID", b"448"),
        (TAG, "MsgSeqNum", b"34"),
        (TAG, "9999", b"9999"),
    ],
)
def test_a_value_is_written_and_comes_back(name, value, text):
    to, back = converters(name)
    assert to(value) == text
    assert (back(text), type(back(text))) == (value, type(value))


@pytest.mark.parametrize("name", ["OwningBrokerID", "BrokerLocationID", "BCAN", "CounterpartyBCAN", "SPSAID"])
def test_a_party_is_named_by_the_tag_of_all_parties(name):
    to, back = converters(TAG)
    assert to(name) == b"448"
    assert back(b"448") == "PartyID"


def test_a_large_exponent_is_written_out():
    assert converters(PRICE)[0](Decimal("1E+3")) == b"1000"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        *((TEXT, value, "printable ASCII text") for value in ("", "é", "a\tb", 1, None)),
        *((NUMBER, value, "a whole number of 32 bits") for value in (-1, 2**32, True, "1", 1.0)),
        *((FLAG, value, "a flag") for value in (1, "Y", None)),
        *((PRICE, value, "a decimal number") for value in (1, 1.5, "1", Decimal("NaN"), Decimal("Infinity"))),
        (PRICE, Decimal("1" * 25), "a decimal number of at most 24 characters"),
        *((WORD, value, "a Side") for value in ("buy", 1, ExecType.TRADE)),
        (OPEN, -1, "a whole number of 32 bits"),
        (KIND, "", "printable ASCII text"),
    ],
)
def test_a_value_the_field_cannot_hold_is_refused_and_told_what_it_can(name, value, expected):
    with pytest.raises(Unfit) as fault:
        converters(name)[0](value)
    assert str(fault.value) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        *((TEXT, text, "printable ASCII text") for text in (b"", b"\xff", b"a\tb")),
        *((NUMBER, text, "a whole number") for text in (b"", b"x", b"-1", b"1.0", b"1" * 11)),
        *((PRICE, text, "a decimal number") for text in (b"", b".5", b"-", b"1,5", b"1e5", b"--1", b"1" * 25)),
        *((OPEN, text, "a whole number") for text in (b"x",)),
        *((TAG, text, "a whole number") for text in (b"Price",)),
        *((KIND, text, "printable ASCII text") for text in (b"",)),
    ],
)
def test_what_came_and_is_no_value_is_told(name, text, expected):
    with pytest.raises(Unfit) as fault:
        converters(name)[1](text)
    assert str(fault.value) == expected


@pytest.mark.parametrize(("text", "value"), [(b"1.", "1"), (b"24", "24"), (b"0" * 10, "0"), (b"1" * 24, "1" * 24)])
def test_a_number_is_read_with_or_without_a_fraction(text, value):
    assert converters(PRICE)[1](text) == Decimal(value)


@pytest.mark.parametrize(("name", "text"), [(WORD, b"9"), (FLAG, b"y"), (FLAG, b"")])
def test_a_code_no_vocabulary_has_is_none_and_is_told(name, text):
    with pytest.raises(KeyError) as fault:
        converters(name)[1](text)
    assert fault.value.args == (text,)


def test_the_longest_whole_number_is_read():
    assert converters(NUMBER)[1](b"1" * 10) == 1_111_111_111


def test_tags_and_names_are_each_others():
    assert all(TAGS[name] == tag for tag, name in NAMES.items())
    assert NAMES[44] == "Price"
