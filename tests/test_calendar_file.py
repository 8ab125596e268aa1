"""The calendar file: what Outlook and Google ask of one, read back by the library's parser."""

from __future__ import annotations

import dataclasses
import datetime as dt

import icalendar
import pytest

from pytest_hkexprt import calendar_file, shipped
from pytest_hkexprt import circular as circulars
from pytest_hkexprt.agenda import agenda
from pytest_hkexprt.model import Registration
from pytest_hkexprt.schedule import BusinessDates

NOW = dt.datetime(2023, 4, 1, tzinfo=dt.UTC)
RAP = circulars.read(shipped.features_folder() / "rap.toml")
FORMS = circulars.read(shipped.features_folder() / "backbone_ps2.toml")


def rendered(*changed) -> bytes:
    entries = agenda(changed or (RAP, FORMS), BusinessDates(), with_baseline=["rap"])
    return calendar_file.render(entries, NOW)


@pytest.fixture
def events():
    return icalendar.Calendar.from_ical(rendered()).walk("VEVENT")


def test_every_entry_is_an_event(events):
    assert len(events) == len(agenda((RAP, FORMS), BusinessDates(), with_baseline=["rap"]))


def test_every_event_has_what_the_standard_requires(events):
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} <= set(event)


def test_no_two_events_share_a_uid(events):
    assert len({event["UID"] for event in events}) == len(events)


def test_times_are_in_utc(events):
    (session,) = [event for event in events if event["SUMMARY"].startswith("Session 1")]
    assert session["DTSTART"].to_ical() == b"20230415T063000Z"


def test_a_period_of_whole_days_has_dates_and_ends_the_day_after(events):
    (period,) = [event for event in events if event["SUMMARY"].startswith("stabilisation")]
    assert (period["DTSTART"].dt, period["DTEND"].dt) == (dt.date(2023, 4, 17), dt.date(2023, 4, 29))


def test_a_session_without_times_is_its_day(events):
    (session,) = [event for event in events if event["SUMMARY"].startswith("PS2")]
    assert (session["DTSTART"].dt, session["DTEND"].dt) == (dt.date(2023, 11, 25), dt.date(2023, 11, 26))


def test_a_deadline_warns(events):
    (deadline,) = [event for event in events if event["SUMMARY"].startswith("Deadline: register")]
    assert [alarm["TRIGGER"].dt for alarm in deadline.walk("VALARM")] == [dt.timedelta(days=-2)]


def test_the_same_agenda_is_the_same_file():
    assert rendered() == rendered()


def test_a_deadline_that_moves_keeps_its_uid():
    moved = dataclasses.replace(
        RAP, registration=Registration("Client Connect", dt.datetime(2023, 4, 7, tzinfo=dt.UTC))
    )
    before, after = ({calendar_file.uid(due) for due in agenda([each], BusinessDates())} for each in (RAP, moved))
    assert before == after


def test_lines_end_as_the_standard_has_it_and_are_folded():
    lines = rendered().split(b"\r\n")
    assert lines[-1] == b"" and not [line for line in lines if b"\n" in line or len(line) > 75]


def test_text_that_means_something_to_the_format_is_escaped():
    hostile = dataclasses.replace(RAP, subject="a;b,c\\d\nEND:VCALENDAR")
    (calendar,) = icalendar.Calendar.from_ical(rendered(hostile), multiple=True)
    assert calendar.walk("VEVENT")[0]["DESCRIPTION"].startswith("a;b,c\\d\nEND:VCALENDAR")
