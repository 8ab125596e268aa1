"""Dates and times as circulars write them."""

from __future__ import annotations

import datetime as dt

import pytest

from pytest_hkexprt.draft import when


@pytest.mark.parametrize(
    "text",
    [
        "15 April 2023",
        "15 Apr 2023 (Saturday)",
        "Saturday, 15th April 2023",
        "April 15, 2023",
        "15/04/2023",
        "2023-04-15",
        "15-Apr-2023",
    ],
)
def test_a_date_is_read(text):
    assert [found.date for found in when.dates(text)] == [dt.date(2023, 4, 15)]


def test_a_weekday_that_does_not_fit_is_a_doubt():
    (found,) = when.dates("15 April 2023 (Friday)")
    assert found.doubt == "2023-04-15 is a Saturday, the circular says Friday"


@pytest.mark.parametrize("text", ["31 February 2023", "2023", "CD/154/23", "hotline 2840 3626", "10.152.14.121"])
def test_what_is_no_date_is_none(text):
    assert not list(when.dates(text))


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("14:30 – 15:30", "14:30", "15:30"),
        ("2:30 - 4:00 p.m.", "14:30", "16:00"),
        ("11:30 to 1:00 pm", "11:30", "13:00"),
        ("9:00 a.m. to 12 noon", "09:00", "12:00"),
        ("1430 - 1530 hrs", "14:30", "15:30"),
        ("from 9 am to 11.30 am", "09:00", "11:30"),
        ("09:00 to 12:10.", "09:00", "12:10"),
    ],
)
def test_a_window_is_read(text, starts, ends):
    (window,) = when.windows(text)
    assert (f"{window.starts:%H:%M}", f"{window.ends:%H:%M}") == (starts, ends)


@pytest.mark.parametrize("text", ["10.152.14.121 port 10022", "2979 7222", "6 April 2023", "17:00 - 02:00"])
def test_what_is_no_window_of_one_day_is_none(text):
    assert not list(when.windows(text))


def test_a_span_from_the_evening_to_the_morning_ends_on_the_next_day():
    (window,) = when.windows("22:00 - 02:00")
    assert (window.starts, window.ends, window.next_day) == (dt.time(22), dt.time(2), True)


def test_a_span_that_ends_before_it_begins_by_day_is_told_apart():
    assert list(when.other_spans("17:00 - 02:00")) == ["17:00 - 02:00"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("7, 14 and 21 June 2031", ["2031-06-07", "2031-06-14", "2031-06-21"]),
        ("2 & 9 August 2031", ["2031-08-02", "2031-08-09"]),
        ("30th August and 6th September 2031", ["2031-08-30", "2031-09-06"]),
        ("31 and 1 July 2031", ["2031-07-31", "2031-07-01"]),
        ("31 and 1 June 2031", ["2031-06-01"]),
        ("in 12 rooms on 1 June 2031", ["2031-06-01"]),
    ],
)
def test_dates_that_share_a_month_or_a_year_are_each_read(text, days):
    assert [str(found.date) for found in when.dates(text)] == days


def test_a_weekday_in_the_plural_is_of_each_date():
    assert [found.doubt for found in when.dates("7 and 15 June 2031 (Saturdays)")] == [
        "",
        "2031-06-15 is a Sunday, the circular says Saturdays",
    ]


@pytest.mark.parametrize(
    ("text", "time"), [("6 p.m., Thursday", 18), ("12 noon", 12), ("12:00 a.m.", 0), ("17:00", 17)]
)
def test_a_time_of_day_is_read(text, time):
    assert when.first_time(text) == dt.time(time)
