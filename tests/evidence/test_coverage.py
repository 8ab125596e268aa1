"""The requirement trace: what a clause comes to."""

from __future__ import annotations

import pytest

from pytest_hkexprt.evidence.coverage import Covered, Proof, cover
from pytest_hkexprt.evidence.parts import ClauseRecord
from pytest_hkexprt.model import Basis, Outcome

COUNT = ClauseRecord(id="count", asks="as many files as before")
KEYS = ClauseRecord(id="keys", asks="keys are not renewed", untested="falls on later days")


def proof(*clauses: str, outcome: Outcome = Outcome.PASSED, bases: frozenset[Basis] = frozenset()) -> Proof:
    return Proof("a scenario", "scenario-1", clauses, outcome, bases)


def only(clause: ClauseRecord, *proofs: Proof) -> Covered:
    (covered,) = cover([clause], proofs)
    return covered


def test_a_clause_takes_the_worst_outcome_of_its_scenarios():
    assert only(COUNT, proof("count"), proof("count", outcome=Outcome.FAILED)).outcome is Outcome.FAILED


def test_a_clause_is_untouched_by_the_scenarios_of_other_clauses():
    assert only(COUNT, proof("count"), proof("login", outcome=Outcome.FAILED)).outcome is Outcome.PASSED


def test_a_clause_without_a_scenario_was_not_run():
    assert only(COUNT).outcome is Outcome.NOT_RUN


def test_a_clause_that_no_scenario_can_prove_is_omitted():
    assert only(KEYS).outcome is Outcome.OMITTED


def test_an_untested_clause_that_a_scenario_proves_after_all_has_its_outcome():
    assert only(KEYS, proof("keys", outcome=Outcome.FAILED)).outcome is Outcome.FAILED


def test_the_basis_is_that_of_all_its_checks():
    proofs = [proof("count", bases=frozenset({Basis.DECLARED})), proof("count", bases=frozenset({Basis.OBSERVED}))]
    assert only(COUNT, *proofs).bases == (Basis.OBSERVED, Basis.DECLARED)


def test_clauses_stay_in_the_order_of_the_circular():
    assert [each.clause.id for each in cover([KEYS, COUNT], [proof("count")])] == ["keys", "count"]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_clause_with_one_scenario_has_exactly_its_outcome(outcome: Outcome):
    assert only(COUNT, proof("count", outcome=outcome)).outcome is outcome
