from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_hkexprt.systems.rap.report import find, nearest, safe, shown
from tests.systems.rap.samples import listing, report


def test_an_ordinary_name_is_shown_as_it_is():
    assert shown(b"TP001_20230414.csv") == "TP001_20230414.csv"


def test_an_escape_sequence_is_shown_and_not_obeyed():
    assert shown(b"\x1b[31mTP001") == "\\u001b[31mTP001"


def test_bytes_that_are_not_utf8_are_shown():
    assert shown(b"TP\xff1") == "TP\\xff1"


def test_a_name_that_reverses_the_text_is_shown():
    assert shown("a\u202egpj.exe".encode()) == "a\\u202egpj.exe"


@given(st.binary(), st.binary())
def test_two_names_never_look_the_same(one, other):
    assert (shown(one) == shown(other)) == (one == other)


@given(st.binary())
def test_a_shown_name_prints_on_one_line(name):
    assert shown(name).isprintable()


@given(st.text())
def test_a_local_name_never_leaves_its_folder(name):
    assert not set(safe(name)) & set('/\\:*?"<>|\0') and safe(name).strip(". ")


def test_two_unsafe_names_do_not_become_one():
    assert safe("a/b") != safe("a:b")


@pytest.mark.parametrize("name", ["CON", "nul.csv", "LPT1"])
def test_a_device_of_windows_is_no_local_name(name):
    assert safe(name).lower() != name.lower()


@pytest.mark.parametrize("name", [b"../TP001", b"/etc/passwd", b"..", b"a\0b"])
def test_a_name_that_leads_out_of_the_folder_is_not_plain(name):
    assert not report(name).plain


def test_a_pattern_finds_its_report():
    assert [it.name for it in find(listing(report("TP001_1.csv"), report("TP002_1.csv")), "*TP002*")] == ["TP002_1.csv"]


def test_of_several_reports_the_newest_comes_first():
    found = find(listing(report("TP001_b", day=13), report("TP001_a", day=14)), "*TP001*")
    assert found[0].name == "TP001_a"


def test_of_several_reports_of_one_age_the_last_by_name_comes_first():
    assert find(listing(report("TP001_a"), report("TP001_b")), "*TP001*")[0].name == "TP001_b"


def test_a_name_in_another_case_is_near():
    assert nearest(listing(report("tp001_1.csv")), "*TP001*") == ("tp001_1.csv",)
