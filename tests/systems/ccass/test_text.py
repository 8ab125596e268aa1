"""Texts and names from a page, made fit to be shown and to name a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_hkexprt.systems.ccass.text import beginning, folded, safe_name, visible


def test_what_would_not_be_seen_is_an_escape():
    assert visible("a\u202eb\x1bc") == "a\\u202eb\\u001bc"


def test_chinese_and_line_breaks_are_left():
    assert visible("功能\n暫停") == "功能\n暫停"


def test_a_long_text_is_cut_with_a_mark():
    assert beginning("word " * 100, 9) == "word word…"


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "a/b", "a\\b", "CON", "com1.txt", ".hidden", "a\0b", "a\u202etxt.exe", "", " x ", "a\n"],
)
def test_a_hostile_name_stays_in_its_folder(name, tmp_path):
    made = safe_name(name)
    path = tmp_path / made
    path.write_text("x")
    assert path.parent == tmp_path
    assert not made.startswith(".")
    assert made != name


def test_an_ordinary_name_is_left():
    assert safe_name("CCMDS01_20240322.txt") == "CCMDS01_20240322.txt"


@given(st.text(max_size=300))
def test_any_name_becomes_a_plain_one(name):
    made = safe_name(name)
    assert made and "/" not in made and made.isascii() and len(made) < 255


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\tb\nc d", "a\tb\nc d"),
        ("a\u00a0b", "a\\u00a0b"),
        ("\uffff", "\\uffff"),
        ("\U000e0001", "\\U000e0001"),
        ("\U0001f512", "\U0001f512"),
    ],
    ids=["white space", "a space that is none", "the last of four digits", "beyond them", "a picture"],
)
def test_a_character_is_seen_or_told_by_its_number(text, seen):
    assert visible(text) == seen


def test_white_space_is_folded_into_single_spaces():
    assert folded("  a\n\t b  c ") == "a b c"


@pytest.mark.parametrize(("length", "shown"), [(120, "x" * 120), (121, "x" * 120 + "…")])
def test_a_text_is_shown_up_to_120_characters(length, shown):
    assert beginning("x" * length) == shown


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("a/b", "a_b~c14cddc0"),
        (" x ", "_x~fc191eaf"),
        ("", "_~e3b0c442"),
        ("con.txt", "_con.txt~"),
        (".x.", "_x~"),
        ("x" * 201, "x" * 200 + "~"),
        ("功能", "__~"),
    ],
)
def test_a_name_that_had_to_be_changed_carries_a_digest_of_what_it_was(name, made):
    assert safe_name(name).startswith(made)


@pytest.mark.parametrize("name", ["x" * 200, "X.csvX"])
def test_a_name_as_long_as_allowed_or_of_any_letters_is_left(name):
    assert safe_name(name) == name


def test_a_digest_has_eight_digits():
    assert safe_name("a/b") == "a_b~c14cddc0"


def test_a_name_that_is_no_unicode_is_made_safe_all_the_same():
    assert safe_name("a\ud800").startswith("a_~")
