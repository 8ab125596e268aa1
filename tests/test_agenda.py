"""What is due when, from circulars and dates alone."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from pytest_hkexprt import circular as circulars
from pytest_hkexprt import shipped
from pytest_hkexprt.agenda import Due, Kind, State, agenda
from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.model import Form, FormWhen
from pytest_hkexprt.schedule import BusinessDates

RAP = circulars.read(shipped.features_folder() / "rap.toml")
DATES = BusinessDates()


def at(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=HONG_KONG)


def entries(*, declared: dt.datetime | None = None, **changed: object) -> dict[str, Due]:
    circular = dataclasses.replace(RAP, **changed)
    found = agenda([circular], DATES, with_baseline=["rap"], declared=lambda _circular, _what: declared)
    return {due.what: due for due in found}


def test_a_circular_gives_registration_baseline_sessions_and_stabilisation_in_order_of_time():
    assert [(due.kind, due.starts.date().isoformat()) for due in entries().values()] == [
        (Kind.REGISTRATION, "2023-04-06"),
        (Kind.BASELINE, "2023-04-14"),
        (Kind.SESSION, "2023-04-15"),
        (Kind.SESSION, "2023-04-15"),
        (Kind.STABILISATION, "2023-04-17"),
    ]


def test_a_baseline_is_taken_on_the_evening_of_the_last_business_date():
    assert entries()["take the baseline"].starts == at(2023, 4, 14, 22)


def test_a_system_without_baseline_asks_for_none():
    assert not [due for due in agenda([RAP], DATES) if due.kind is Kind.BASELINE]


def test_a_form_is_due_at_its_deadline():
    form = Form("Result form", "the desk", at(2023, 4, 17, 18), FormWhen.AFTER)
    assert entries(forms=(form,))["Result form to the desk"].ends == at(2023, 4, 17, 18)


def test_the_stabilisation_period_is_whole_days():
    due = entries()["stabilisation period"]
    assert (due.whole_days, due.starts.date(), due.ends.date()) == (True, dt.date(2023, 4, 17), dt.date(2023, 4, 28))


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (at(2023, 4, 1), State.COMING),
        (at(2023, 4, 6, 18), State.COMING),
        (at(2023, 4, 6, 18, 1), State.OWED),
        (at(2023, 4, 16), State.MISSED),
    ],
)
def test_a_registration_that_was_not_declared_is_owed_until_the_sessions_are_over(now, state):
    assert entries()["register: Client Connect"].state(now) is state


@pytest.mark.parametrize(("on", "state"), [(at(2023, 4, 6, 18), State.DONE), (at(2023, 4, 6, 19), State.LATE)])
def test_a_registration_that_was_declared_is_done_or_late(on, state):
    assert entries(declared=on)["register: Client Connect"].state(at(2023, 4, 20)) is state


def test_who_takes_part_owes_a_form_also_when_the_sessions_are_over():
    form = Form("Result form", "the desk", at(2023, 4, 17, 18), FormWhen.AFTER)
    circular = dataclasses.replace(RAP, forms=(form,))
    only_registered = {Kind.REGISTRATION: at(2023, 4, 5)}
    found = agenda([circular], DATES, declared=lambda _circular, what: only_registered.get(what))
    (due,) = [due for due in found if due.kind is Kind.FORM]
    assert due.state(at(2023, 5, 1)) is State.OWED


@pytest.mark.parametrize(
    ("now", "state"),
    [(at(2023, 4, 15, 14, 29), State.COMING), (at(2023, 4, 15, 15), State.NOW), (at(2023, 4, 15, 15, 31), State.OVER)],
)
def test_a_session_comes_is_now_and_is_over(now, state):
    assert entries()["Session 1, secondary (rap)"].state(now) is state


@pytest.mark.parametrize(("now", "days"), [(at(2023, 4, 14, 23, 59), 1), (at(2023, 4, 15), 0), (at(2023, 4, 16), -1)])
def test_days_left_are_counted_by_the_calendar(now, days):
    assert entries()["Session 1, secondary (rap)"].days_left(now) == days


def test_days_are_hong_kongs():
    # 17:00 UTC on the 14th is 01:00 on the 15th in Hong Kong.
    assert entries()["Session 1, secondary (rap)"].days_left(dt.datetime(2023, 4, 14, 17, tzinfo=dt.UTC)) == 0
