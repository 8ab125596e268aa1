"""The ledger's lines: when an entry was at the latest, which entries are of one thing, and what is no entry."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.forms import ledger
from tests.systems.forms.samples import RAP, entry


@pytest.mark.parametrize(
    ("on", "latest"),
    [
        ("2023-04-05", "2023-04-05T23:59:59+08:00"),
        ("2023-04-05T17:30", "2023-04-05T17:30:00+08:00"),
        ("2023-04-05 17:30:15", "2023-04-05T17:30:15+08:00"),
    ],
)
def test_an_entry_means_its_moment_in_hong_kong_or_the_end_of_its_day(on, latest):
    assert entry(on).latest == dt.datetime.fromisoformat(latest)


@pytest.mark.parametrize(("on", "timed"), [("2023-04-05", False), ("2023-04-05T17:30", True)])
def test_a_day_with_a_time_is_told_from_a_day_alone(on, timed):
    assert ledger.has_time(on) is timed


@pytest.mark.parametrize(("reference", "name"), [("CD/1", "CD/1"), ("", "rap")])
def test_a_circular_without_a_reference_goes_by_its_stem(reference, name):
    assert ledger.name_of(dataclasses.replace(RAP, reference=reference)) == name


@pytest.mark.parametrize("on", ["2023-04-05", "2023-04-05T17:30", "2023-04-05 17:30", "2023-04-05T17:30:15"])
def test_a_day_and_a_minute_are_taken(on):
    assert ledger.mistake_in_date(on) == ""


@pytest.mark.parametrize(
    ("on", "wrong"),
    [
        ("2023-02-30", "day is out of range for month"),
        ("5 April", "Invalid isoformat string: '5 April'"),
        ("20230405", "'20230405' is neither like 2023-04-05 nor like 2023-04-06T17:30"),
        (
            "2023-04-05T17:30+09:00",
            "'2023-04-05T17:30+09:00' is neither like 2023-04-05 nor like 2023-04-06T17:30",
        ),
    ],
)
def test_what_is_no_date_is_told_with_what_is_wrong(on, wrong):
    assert ledger.mistake_in_date(on) == wrong


def test_the_entries_of_one_thing_are_found_the_earliest_first():
    late, early = entry("2023-04-07"), entry("2023-04-05")
    others = [
        entry("2023-04-01", circular="C/2"),
        entry("2023-04-01", what="F"),
        entry("2023-04-01", participant="They"),
    ]
    found = ledger.matching([late, *others, early], circular=RAP.reference, what="registration", participant="We")
    assert found == [early, late]


def test_a_ledger_is_read_as_it_was_written():
    entries = (entry("2023-04-05"), entry("2023-04-06", what="Intention form"))
    assert ledger.parse(b"".join(ledger.line(each) for each in entries), "ledger.jsonl") == entries


def test_a_line_says_only_what_was_entered():
    assert ledger.line(entry("2023-04-05")) == (
        b'{"circular":"CD/OEC/SEOCH/073/2023","participant":"We","on":"2023-04-05","by":"A. Person",'
        b'"entered":"2023-04-05T09:00:00+08:00"}\n'
    )


@pytest.mark.parametrize(
    ("second", "expected", "came"),
    [
        (b"{}", "an entry of the ledger", "Object missing required field `circular`"),
        (
            ledger.line(entry("2023-02-30")),
            "a day, or a day and a time",
            "day is out of range for month",
        ),
    ],
    ids=["no entry", "no date"],
)
def test_a_line_that_is_no_entry_is_told_by_its_number(second, expected, came):
    with pytest.raises(UsageFault) as caught:
        ledger.parse(ledger.line(entry("2023-04-05")) + second, "ledger.jsonl")
    assert str(caught.value) == f"ledger.jsonl, line 2\n  expected: {expected}\n  came:     {came}"
