"""Texts and names from a page, made fit to be shown and to name a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_hkexprt.systems.ccass.text import beginning, safe_name, visible


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
