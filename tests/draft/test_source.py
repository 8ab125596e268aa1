"""Exports of every kind become the same pieces, with the lines they are from."""

from __future__ import annotations

import pytest

from pytest_hkexprt.draft import source


@pytest.mark.parametrize("text", ["a\tb", "| a | b |", "a        b"])
def test_cells_are_parted(text):
    (row,) = source.read(text).rows
    assert [[piece.text for piece in cell] for cell in row.cells] == [["a"], ["b"]]


def test_an_empty_cell_keeps_its_place():
    (row,) = source.read("\t16:30\tsite").rows
    assert [len(cell) for cell in row.cells] == [0, 1, 1]


@pytest.mark.parametrize("text", ["香港聯合交易所有限公司", "通告", "---|---", "", "(香港)"])
def test_a_line_without_english_is_skipped(text):
    assert not source.read(text).rows


def test_chinese_beside_english_is_taken_away():
    (row,) = source.read("編號 Ref. No.: AB/1").rows
    assert row.text == "Ref. No.: AB/1"


@pytest.mark.parametrize(
    "text", ["<li>do it</li>", "- do it", "• do it", "* do it", "(i) do it", "a) do it", "2. do it"]
)
def test_an_item_of_a_list_is_known(text):
    (row,) = source.read(text).rows
    assert [(piece.text, piece.item) for piece in row.pieces] == [("do it", True)]


@pytest.mark.parametrize(
    "text", ["**bold**", "[bold](https://example.com)", "<b>bold</b>", "bold<sup>1</sup>", "## bold"]
)
def test_markup_is_taken_away(text):
    assert source.read(text).rows[0].text == "bold"


def test_a_wrapped_sentence_is_one_and_begins_on_its_first_line():
    found = source.read("\nFirst one. The second\nis wrapped. The third.\n").sentences
    assert [(piece.line, piece.text) for piece in found] == [
        (2, "First one."),
        (2, "The second is wrapped."),
        (3, "The third."),
    ]


def test_an_abbreviation_ends_no_sentence():
    assert len(source.read("See Ref. No. AB by 6 p.m. Thursday.").sentences) == 1


@pytest.mark.parametrize("text", ["\x00\x01", "\ufeff", "<li><li>", "|||||", "\t\t\t", "1" * 10_000, "a.b." * 2_000])
def test_nonsense_is_read_without_an_error(text):
    source.read(text)
