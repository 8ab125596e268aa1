"""Business dates, as the exchange traded."""

from __future__ import annotations

import datetime as dt

import pytest

from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Session, Site
from pytest_hkexprt.schedule import BusinessDates

DATES = BusinessDates()
day = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("date", "last"),
    [
        ("2023-04-15", "2023-04-14"),  # the report retrieval sessions
        ("2021-08-14", "2021-08-13"),
        ("2024-03-23", "2024-03-22"),
        ("2023-11-25", "2023-11-24"),
        ("2024-01-06", "2024-01-05"),
        ("2023-04-06", "2023-04-04"),  # Ching Ming on the 5th
        ("2023-04-11", "2023-04-06"),  # Good Friday and Easter Monday
        ("2023-09-02", "2023-08-31"),  # closed by a typhoon on the 1st
        ("2023-09-09", "2023-09-07"),  # closed by a rainstorm on the 8th
        ("2023-10-10", "2023-10-09"),  # opened late, and traded
        ("2024-02-14", "2024-02-09"),  # a half day before the Lunar New Year
    ],
)
def test_the_last_business_date_is_the_last_trading_day_before(date, last):
    assert DATES.last_before(day(date)) == day(last)


@pytest.mark.parametrize(
    ("year", "trading_days"), [(2021, 247), (2022, 246), (2023, 243), (2024, 246), (2025, 246), (2026, 247)]
)
def test_a_year_has_as_many_business_dates_as_the_exchange_traded(year, trading_days):
    first = dt.date(year, 1, 1)
    assert sum(first + dt.timedelta(n) in DATES for n in range((dt.date(year + 1, 1, 1) - first).days)) == trading_days


def test_a_participant_may_close_and_open_dates():
    dates = BusinessDates(closed={day("2023-04-14")}, open={day("2023-04-10")})
    assert dates.last_before(day("2023-04-15")) == day("2023-04-13")
    assert dates.last_before(day("2023-04-11")) == day("2023-04-10")


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2023-04-14T19:59", "2023-04-13"),  # not published yet
        ("2023-04-14T20:00", "2023-04-14"),
        ("2023-04-15T14:30", "2023-04-14"),  # the session
        ("2023-04-17T09:00", "2023-04-14"),
    ],
)
def test_a_folder_shows_the_reports_published_last(moment, shown):
    assert DATES.shown_at(dt.datetime.fromisoformat(moment).replace(tzinfo=HONG_KONG)) == day(shown)


def test_the_evening_before_a_session_is_after_publication_on_the_last_business_date():
    starts = dt.datetime(2023, 4, 15, 14, 30, tzinfo=HONG_KONG)
    session = Session("Session 1", Site.SECONDARY, starts, starts + dt.timedelta(hours=1), ("rap",))
    evening = DATES.evening_before(session)
    assert DATES.shown_at(evening) == DATES.shown_at(starts) == evening.date() == day("2023-04-14")


def test_a_year_the_calendar_does_not_cover_is_refused():
    with pytest.raises(UsageFault, match="from 2014 to 2100"):
        DATES.last_before(dt.date(1999, 1, 1))


def test_a_month_without_business_is_refused():
    closed = {day("2023-04-30") - dt.timedelta(n) for n in range(60)}
    with pytest.raises(UsageFault, match="business date within a month"):
        BusinessDates(closed=closed).last_before(day("2023-04-30"))


@pytest.mark.parametrize(
    ("starts", "ends", "dates"),
    [
        ("2023-04-03", "2023-04-11", ["03", "04", "06", "11"]),  # Ching Ming, Good Friday, Easter Monday
        ("2024-02-08", "2024-02-14", ["08", "09", "14"]),  # a half day counts, the Lunar New Year does not
        ("2023-04-15", "2023-04-16", []),
        ("2023-04-14", "2023-04-14", ["14"]),
    ],
)
def test_the_business_dates_of_a_period_are_those_the_exchange_traded(starts, ends, dates):
    assert [f"{date:%d}" for date in DATES.between(day(starts), day(ends))] == dates


def test_the_stabilisation_period_has_ten_business_dates():
    assert len(DATES.between(day("2023-04-17"), day("2023-04-28"))) == 10
