from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_hkexprt.systems.rap.report import find, is_local, nearest, safe, shown, visible
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


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("a\\b", "a\\\\b"),
        ("a b", "a b"),
        ("a\u00a0b", "a\\u00a0b"),
        ("\U000e0001", "\\U000e0001"),
        ("\uffff", "\\uffff"),
        ("\u3000功", "\\u3000功"),
    ],
    ids=["a backslash", "a space", "a space that is none", "beyond four digits", "the last of them", "beside Chinese"],
)
def test_what_would_not_be_seen_is_told_by_its_number(name, seen):
    assert visible(name) == seen


@pytest.mark.parametrize(("raw", "seen"), [(b"\x80", "\\x80"), (b"a\xff\x0a", "a\\xff\\u000a")])
def test_a_byte_that_is_not_utf8_is_told_by_two_digits(raw, seen):
    assert shown(raw) == seen


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("a/b", "a_b~c14cddc0"),
        (" x ", "_x~fc191eaf"),
        (".x.", "_x~"),
        ("", "_~e3b0c442"),
        ("con.txt", "_con.txt~"),
        ("x" * 201, "x" * 200 + "~"),
    ],
)
def test_a_name_that_had_to_be_changed_carries_a_digest_of_what_it_was(name, made):
    assert safe(name).startswith(made)


@pytest.mark.parametrize("name", ["x" * 200, "X.csvX", "TP001 (1),a=b@c#[d]{e}+f-g_h.csv"])
def test_a_safe_name_is_left(name):
    assert safe(name) == name


def test_a_digest_has_eight_digits():
    assert safe("a/b") == "a_b~c14cddc0"


def test_a_name_apart_has_the_digest_of_the_bytes_that_came():
    found = report("a" * 150)
    digest = hashlib.sha256(b"a" * 150).hexdigest()
    assert found.local_name_apart == f"{'a' * 100}~{digest}"


@pytest.mark.parametrize("name", [b"TP001", b"...", b"a.b"])
def test_a_name_of_this_folder_is_plain(name):
    assert report(name).plain


@pytest.mark.parametrize("name", [b"", b".", b".."])
def test_a_name_of_a_folder_is_not_plain(name):
    assert not report(name).plain


def test_when_a_report_was_modified_is_told_where_it_is_listed():
    listed = report("a")
    assert (listed.modified_iso, replace(listed, modified=None).modified_iso) == ("2023-04-14T20:00:00+08:00", "")


def test_a_report_without_a_time_is_older_than_any():
    timeless = replace(report("z"), modified=None)
    assert [it.name for it in find(listing(timeless, report("a")), "*")] == ["a", "z"]


def test_a_pattern_heeds_the_case():
    assert find(listing(report("tp001")), "TP*") == ()


def test_the_nearest_names_are_three_at_most_those_that_fit_first():
    names = ["TP001_9999999999", "tp001", "Tp001", "TP001", "TP002", "unlike"]
    assert nearest(listing(*map(report, names)), "TP001*") == ("TP001_9999999999", "TP001", "TP002")


def test_a_name_unlike_the_pattern_is_not_near():
    assert nearest(listing(report("readme.txt")), "*TP001*") == ()


@given(st.binary())
def test_every_name_given_to_a_local_file_is_known_for_one(raw):
    assert is_local(report(raw).local_name) and is_local(report(raw).local_name_apart)


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".x", " x", "~01234567", "a\\b", "a/b", "a\0", "con", "con~1", "x" * 210]
)
def test_what_names_another_place_or_a_device_is_no_name_of_a_local_file(name):
    assert not is_local(name)


def test_a_name_as_long_as_any_is_one_of_a_local_file():
    assert is_local("x" * 209)
