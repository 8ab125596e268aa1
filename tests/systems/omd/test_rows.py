"""Fields in a row: strings and numbers to bytes and back, and what a number means."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_hkexprt.errors import LocalProtocolError, compose
from pytest_hkexprt.systems.omd.fields import NULL_INT32, NULL_INT64, filler, i64, news, price, text, u8, u16, u32, wide
from pytest_hkexprt.systems.omd.rows import plain, row

FIELDS = (u16(0, "Count"), filler(2, 2), text(4, 4, "Code"), text(8, 1, "Flag"), wide(9, 4, "Name"), u8(13, "Side"))
MIXED = row(FIELDS)


def test_a_row_knows_its_fields_without_fillers():
    made = row(FIELDS)
    assert [field.name for field in made.fields] == ["Count", "Code", "Flag", "Name", "Side"]
    assert dict(made.index) == {"Count": 0, "Code": 1, "Flag": 2, "Name": 3, "Side": 4}
    assert made.format.size == 14
    assert made.format.format == "<H2x4s1s4sB"


def test_a_row_needs_a_value_for_each_of_its_fields():
    with pytest.raises(ValueError, match="zip"):
        MIXED.packed((5, "AB", "Y", "香"))


def test_a_row_is_written_with_its_strings_padded_and_its_fillers_blank():
    data = MIXED.packed((5, "AB", "Y", "香", 1))
    assert data == b"\x05\0" + b"\0\0" + b"AB  " + b"Y" + "香 ".encode("utf-16-le") + b"\x01"
    assert MIXED.decoded(MIXED.format.unpack(data)) == (5, "AB", "Y", "香", 1)


@pytest.mark.parametrize("data", [b"AB\0\0", b"AB \0", b"AB\0 "])
def test_a_strings_padding_is_taken_off_be_it_blanks_or_nul(data):
    assert row((text(0, 4, "Code"),)).decoded((data,)) == ("AB",)


@pytest.mark.parametrize(("data", "letter"), [(b"Y", "Y"), (b" ", ""), (b"\0", ""), (b"\xff", "\ufffd")])
def test_a_letter_is_a_string_too(data, letter):
    assert row((text(0, 1, "Flag"),)).decoded((data,)) == (letter,)


def test_bytes_that_are_no_text_are_read_all_the_same():
    assert row((text(0, 4, "Code"),)).decoded((b"A\xffB ",)) == ("A\ufffdB",)
    assert row((wide(0, 4, "Name"),)).decoded((b"\x00\xd8A\0",)) == ("\ufffdA",)


def test_a_field_may_be_padded_with_nul():
    assert row((text(0, 4, "Code", pad="\0"),)).packed(("AB",)) == b"AB\0\0"


# ------------------------------------------------------------------ news

NEWS = row((text(0, 3, "NewsType"), news(3, 8, "Headline")))
LINE = row((news(0, 8, "NewsLine"),))


@pytest.mark.parametrize(("kind", "word", "encoding"), [("EXN", "Test", "ascii"), ("EXC", "測試", "utf-16-le")])
def test_news_is_in_the_encoding_its_type_says(kind, word, encoding):
    data = kind.encode() + (word.encode(encoding) + " ".encode(encoding) * 8)[:8]
    assert NEWS.packed((kind, word)) == data
    assert NEWS.decoded((data[:3], data[3:])) == (kind, word)


@pytest.mark.parametrize(("kind", "word", "encoding"), [("EXN", "Test", "ascii"), ("EXC", "測試", "utf-16-le")])
def test_a_line_of_news_is_in_the_encoding_of_the_message(kind, word, encoding):
    data = (word.encode(encoding) + " ".encode(encoding) * 8)[:8]
    assert LINE.packed((word,), kind) == data
    assert LINE.decoded((data,), kind) == (word,)


# ------------------------------------------------------------------ what does not fit


@pytest.mark.parametrize(
    ("made", "values", "told"),
    [
        (row((text(0, 4, "Code"),)), ("ABCDE",), compose("Code", expected="at most 4 bytes", came="5")),
        (row((wide(0, 4, "Name"),)), ("香港人",), compose("Name", expected="at most 4 bytes", came="6")),
        (row((text(0, 4, "Code"),)), ("香",), compose("Code", expected="ascii", came="'香'")),
        (row((wide(0, 4, "Name"),)), ("\ud800",), compose("Name", expected="utf-16-le", came=repr("\ud800"))),
        (NEWS, ("EXN", "測"), compose("Headline", expected="ascii", came="'測'")),
    ],
)
def test_a_text_that_does_not_fit_is_told_by_its_field(made, values, told):
    with pytest.raises(LocalProtocolError) as fault:
        made.packed(values)
    assert str(fault.value) == told


def test_a_text_that_just_fits_is_written():
    assert row((text(0, 4, "Code"),)).packed(("ABCD",)) == b"ABCD"


def test_a_number_that_does_not_fit_is_told_by_the_first_field_of_its_row():
    with pytest.raises(LocalProtocolError) as fault:
        row((u8(0, "Side"), u8(1, "Level"))).packed((1, 256))
    assert str(fault.value).startswith("a value of Side …\n  expected: ")
    assert "255" in fault.value.expected


# ------------------------------------------------------------------ meaning


@pytest.mark.parametrize(
    ("field", "value", "meaning"),
    [
        (text(0, 4, "Code"), "AB", "AB"),
        (u32(0, "Quantity"), 400, 400),
        (u32(0, "Rate", decimals=4), 12345, Decimal("1.2345")),
        (price(0, "Price"), 61250, Decimal("61.250")),
        (price(0, "Price"), 0, Decimal("0.000")),
        (price(0, "Price"), NULL_INT32, None),
        (i64(0, "Turnover", decimals=3), NULL_INT64, None),
        (i64(0, "Turnover"), NULL_INT32, NULL_INT32),
    ],
)
def test_a_number_means_what_its_field_says(field, value, meaning):
    assert plain(field, value) == meaning
