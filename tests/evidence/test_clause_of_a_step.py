"""A clause that steps prove by themselves: what fails before or after them is not held against it, nor hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_hkexprt.evidence.coverage import Proof, cover
from pytest_hkexprt.evidence.html.build import build
from pytest_hkexprt.evidence.journal import read
from pytest_hkexprt.evidence.parts import ClauseRecord
from pytest_hkexprt.model import Basis, Outcome
from tests.evidence import samples
from tests.projects import feature_project, journal, shipped_project

CLAUSE_OF_STEP = (("first",), ("second",), ("third",))


def outcomes(path: Path, *ended: Outcome, checked: bool = True, named: bool = True) -> dict[str, tuple]:
    """Outcome and basis of three clauses of a scenario of three steps, each of which proves one of them."""
    write = samples.Writer(path / "evidence.jsonl")
    write(samples.run_record())
    clauses = tuple(ClauseRecord(id=each, asks=each) for (each,) in CLAUSE_OF_STEP)
    circular = samples.CircularRecord(stem="x", reference="", dated="", issuer="", subject="", clauses=clauses)
    write(samples.session_record(circular=circular))
    steps = tuple(
        samples.PlannedStep(keyword="When", text=each, line=4, clauses=(each,) if named else ())
        for (each,) in CLAUSE_OF_STEP
    )
    write(
        samples.ScenarioRecord(
            id="x", name="x", feature="x", file="x", line=3, session="Session 1",
            clauses=("first", "second", "third"), steps=steps,
        )
    )  # fmt: skip
    for index, outcome in enumerate(ended):
        if checked and outcome in (Outcome.PASSED, Outcome.FAILED):
            met = outcome is Outcome.PASSED
            write(samples.Check(what="x", where="x", expected="1", came="1", met=met, basis=Basis.DECLARED))
        write(samples.StepRecord(index=index, outcome=outcome, duration_s=0.1))
    write(samples.OutcomeRecord(id="x", outcome=Outcome.worst(ended), duration_s=1, checks=1))
    samples.end(write)
    (section,) = build(read(path / "evidence.jsonl")).sections
    return {each.clause.id: (each.outcome, each.bases) for each in section.clauses}


PASSED, FAILED, NOT_RUN = Outcome.PASSED, Outcome.FAILED, Outcome.NOT_RUN


def test_what_failed_before_and_after_a_step_is_not_held_against_its_clause(tmp_path):
    assert outcomes(tmp_path, PASSED, FAILED, NOT_RUN) == {
        "first": (PASSED, (Basis.DECLARED,)),
        "second": (FAILED, (Basis.DECLARED,)),
        "third": (NOT_RUN, ()),
    }


def test_without_a_remark_a_scenario_speaks_for_all_its_clauses(tmp_path):
    found = outcomes(tmp_path, PASSED, FAILED, NOT_RUN, named=False)
    assert {outcome for outcome, _ in found.values()} == {FAILED}


def test_a_step_that_compared_nothing_proves_nothing_by_itself(tmp_path):
    found = outcomes(tmp_path, PASSED, FAILED, NOT_RUN, checked=False)
    assert found["first"][0] is FAILED


def test_a_clause_that_passed_in_one_scenario_and_was_not_reached_in_another_is_not_run():
    (covered,) = cover(
        [ClauseRecord(id="c", asks="c")], [Proof("a", "s1", ("c",), PASSED), Proof("b", "s2", ("c",), NOT_RUN)]
    )
    assert covered.outcome is NOT_RUN


def test_a_missing_report_fails_the_count_and_leaves_the_login_passed(pytester):
    project = shipped_project(pytester)
    project.runpytest_subprocess("--site=secondary", "--drill=rap.report-missing", "features/rap.feature")
    (section,) = build(journal(project)).sections
    found = {each.clause.id: each.outcome for each in section.clauses}
    assert [found[each] for each in ("addresses", "login", "count", "download", "logout")] == [
        PASSED, PASSED, FAILED, NOT_RUN, NOT_RUN,
    ]  # fmt: skip


FEATURE = """\
Feature: f
  @clause.count
  Scenario: s
    {above}
    Given a number
    When it is doubled
    Then it is 42
"""


@pytest.mark.parametrize(
    ("feature", "said"),
    [
        (FEATURE.format(above="# @clause.cuont"), ["*own.feature:5*", "*is tagged with: @clause.count*"]),
        (FEATURE.format(above="# @clause.count\n\n"), ["*own.feature:4*", "*a step of a scenario directly below*"]),
        (FEATURE.format(above="") + "    # @clause.count\n", ["*own.feature:8*", "*directly below*"]),
    ],
)
def test_a_remark_that_would_prove_nothing_is_refused(pytester, feature, said):
    result = feature_project(pytester, feature).runpytest_subprocess("own.feature")
    result.stdout.fnmatch_lines(said)
    assert result.ret != 0


def test_a_remark_of_other_words_is_a_remark(pytester):
    feature_project(pytester, FEATURE.format(above="# see @clause.count")).runpytest_subprocess(
        "own.feature"
    ).assert_outcomes(passed=1)
