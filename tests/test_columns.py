"""Text folded to a terminal's columns, in which a Chinese character takes two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_hkexprt.columns import CLOSING, fold, speaks, width

WORDS = st.lists(st.text("abc時段（，。）", min_size=1, max_size=12), min_size=1, max_size=40).map(" ".join)


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("abc", 3), ("時段", 4), ("（a）", 5), ("e\u0301", 1)])
def test_a_text_takes_its_columns(text, columns):
    assert width(text) == columns


@given(WORDS)
def test_no_line_is_wider_than_the_terminal(text):
    assert all(width(line) <= 40 for line in fold(text, 40))


@given(WORDS)
def test_nothing_is_lost_or_added(text):
    assert "".join("".join(fold(text, 40)).split()) == "".join(text.split())


@given(st.text("時段，。）", min_size=1, max_size=200).filter(lambda text: text[0] not in CLOSING))
def test_no_line_begins_with_a_closing_mark(text):
    crowded = any(len(run) > 5 for run in text.replace("時", " ").replace("段", " ").split())
    assert crowded or not [line for line in fold(text, 40, "")[1:] if line[0] in CLOSING]


def test_a_line_that_fits_stays():
    assert fold("as it is", 8) == ["as it is"]


def test_what_follows_is_indented_below_what_began_the_line():
    assert fold("    ✓ Given a number that is long", 24) == ["    ✓ Given a number", "      that is long"]


def test_a_line_ends_behind_a_mark_rather_than_within_a_command():
    told = fold('what it needs is not installed: pip install "x"', 40)
    assert told == ["what it needs is not installed:", '  pip install "x"']


def test_a_path_that_fits_nowhere_stays_beside_its_label():
    path = "x" * 50
    assert fold(f"report: {path}", 40) == [f"report: {path}"]


@pytest.mark.parametrize(
    ("encoding", "expected"), [("utf-8", True), ("UTF8", True), ("gb18030", True), ("ascii", False), (None, False)]
)
def test_an_encoding_speaks_chinese_or_does_not(encoding, expected):
    assert speaks(encoding) is expected
