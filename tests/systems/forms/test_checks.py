"""What the ledger says against what the circular asks for."""

from __future__ import annotations

import dataclasses

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Basis
from pytest_hkexprt.systems.forms import checks
from tests.systems.forms.samples import RAP, WITH_FORM, entry


@pytest.mark.parametrize("on", ["2023-04-05", "2023-04-06T18:00", "2023-04-06T17:59"])
def test_a_registration_in_time_is_met(on):
    assert checks.registered([entry(on)], RAP, "We").met


@pytest.mark.parametrize("on", ["2023-04-06T18:01", "2023-04-07", "2023-04-06"])
def test_a_registration_that_is_late_or_may_be_late_is_not_met(on):
    assert not checks.registered([entry(on)], RAP, "We").met


def test_a_day_alone_on_the_deadlines_day_is_told_to_be_undecided():
    (_, remark) = checks.registered([entry("2023-04-06")], RAP, "We").details
    assert remark == "the day alone does not say whether it was before 18:00; enter it with its time"


def test_what_is_declared_says_so():
    assert checks.registered([entry("2023-04-05")], RAP, "We").basis is Basis.DECLARED


def test_a_missing_registration_says_how_to_enter_one():
    check = checks.registered([], RAP, "We")
    assert (check.met, check.came) == (False, "no entry in the ledger")
    assert "hkexprt register rap --on DATE" in check.next_step


def test_a_registration_for_another_circular_is_not_met_and_named():
    check = checks.registered([entry("2023-04-05", circular="OTHER/1")], RAP, "We")
    assert (check.met, check.came) == (False, "no entry for this circular and participant, only for OTHER/1 of We")


def test_another_participants_registration_is_not_ours():
    assert not checks.registered([entry("2023-04-05", participant="They")], RAP, "We").met


def test_the_earliest_of_several_registrations_counts():
    assert checks.registered([entry("2023-04-10"), entry("2023-04-05")], RAP, "We").met


def test_a_circular_without_registration_is_told():
    without = dataclasses.replace(RAP, registration=None)
    with pytest.raises(UsageFault, match="no such table"):
        checks.registered([], without, "We")


def test_the_reference_stands_for_the_circular_and_its_stem_where_there_is_none():
    without = dataclasses.replace(RAP, reference="")
    assert checks.registered([entry("2023-04-05", circular="rap")], without, "We").met


@pytest.mark.parametrize(("on", "met"), [("2023-04-14T23:59", True), ("2023-04-15", False)])
def test_a_form_is_judged_by_its_own_deadline_in_hong_kong_time(on, met):
    assert checks.returned([entry(on, what="Intention form")], WITH_FORM, "We", "intention form").met is met


def test_a_form_the_circular_does_not_have_is_told_with_those_it_has():
    with pytest.raises(UsageFault, match=r"intention form \(did you mean intention form\?\)"):
        checks.returned([], WITH_FORM, "We", "intension form")


def test_a_registration_is_no_form():
    assert not checks.returned([entry("2023-04-05")], WITH_FORM, "We", "Intention form").met


def test_the_proof_is_named_with_its_digest():
    proved = entry("2023-04-05", proof="confirmation.pdf", proof_sha256="ab" * 32)
    assert "confirmation.pdf" in checks.registered([proved], RAP, "We").details[0]
