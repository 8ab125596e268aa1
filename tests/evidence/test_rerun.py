"""A scenario that another plugin runs again: every attempt is evidence, the last one counts."""

from __future__ import annotations

import json

import pytest

from pytest_hkexprt.evidence.record import EndRecord, OutcomeRecord, ScenarioRecord, StepRecord
from pytest_hkexprt.model import Outcome
from tests.projects import STEPS, feature_project, records

FLAKY = STEPS.replace(
    "    return number * 2", "    tries.append(1)\n    return number * 2 if len(tries) > 1 else 0"
).replace("import pytest\n", "import pytest\ntries = []\n")


@pytest.fixture
def rerun(pytester, monkeypatch):
    """Return a function that runs a project with one scenario that passes at its second attempt."""
    monkeypatch.delenv("PYTEST_ADDOPTS")
    feature_project(pytester, steps=FLAKY)

    def run(*arguments: str) -> pytest.RunResult:
        return pytester.runpytest_subprocess("--reruns=2", *arguments, "own.feature")

    return run


def test_each_attempt_is_in_the_evidence(rerun, pytester):
    rerun().assert_outcomes(passed=1)
    assert [record.attempt for record in records(pytester, ScenarioRecord)] == [1, 2]
    ended = [(record.outcome, record.again) for record in records(pytester, OutcomeRecord)]
    assert ended == [(Outcome.FAILED, True), (Outcome.PASSED, False)]


def test_each_attempt_has_its_own_steps(rerun, pytester):
    rerun()
    assert [record.index for record in records(pytester, StepRecord)] == [0, 1, 2] * 2


def test_why_the_first_attempt_failed_is_kept(rerun, pytester):
    rerun()
    assert "came:     0" in records(pytester, OutcomeRecord)[0].message


def test_the_last_attempt_is_the_one_that_counts(rerun, pytester):
    rerun().stdout.fnmatch_lines(["Passed: 1 scenario*"])
    assert records(pytester, EndRecord)[0].outcomes == {"passed": 1}


def test_under_xdist_each_attempt_is_in_the_evidence(rerun, pytester):
    rerun("-n1").assert_outcomes(passed=1)
    assert [record.attempt for record in records(pytester, ScenarioRecord)] == [1, 2]


def test_cucumber_json_holds_the_last_attempt(rerun, pytester):
    rerun("--cucumber-json=out.json")
    (feature,) = json.loads(pytester.path.joinpath("out.json").read_text("utf-8"))
    assert [step["result"]["status"] for step in feature["elements"][0]["steps"]] == ["passed"] * 3
