"""allure-pytest-bdd beside us: its results name our scenarios and steps, and say of them what we say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_hkexprt.evidence.record import OutcomeRecord
from tests.projects import FEATURE, STEPS, feature_project, records

FAILING = FEATURE.replace("it is 42", "it is 41\n    And it is 42")


@pytest.fixture
def results(pytester):
    """Return a function that runs a feature with Allure and returns its results, by scenario."""

    def run(feature: str = FEATURE, steps: str = STEPS, *arguments: str) -> dict[str, Any]:
        feature_project(pytester, feature, steps)
        pytester.runpytest_subprocess("--alluredir=allure", *arguments, "own.feature")
        found = [json.loads(path.read_text("utf-8")) for path in pytester.path.glob("allure/*-result.json")]
        return {each["name"]: each for each in found}

    return run


def steps_of(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["name"], each["status"]) for each in result["steps"]]


def test_a_scenario_that_passed_is_there_with_its_steps(results):
    result = results()["Something is compared"]
    assert result["status"] == "passed"
    assert steps_of(result) == [
        ("Given a number", "passed"),
        ("When it is doubled", "passed"),
        ("Then it is 42", "passed"),
    ]


def test_a_scenario_carries_its_feature_and_tags(results):
    labels = {(each["name"], each["value"]) for each in results()["Something is compared"]["labels"]}
    assert {("feature", "A feature of the user's own"), ("tag", "clause.count")} <= labels


def test_an_unmet_check_is_failed_and_not_broken(results):
    result = results(FAILING)["Something is compared"]
    assert result["status"] == "failed"
    assert steps_of(result)[2:] == [("Then it is 41", "failed"), ("And it is 42", "skipped")]
    assert "expected: 41" in result["statusDetails"]["message"]


def test_an_undefined_step_is_no_pass(results):
    result = results(FEATURE.replace("it is doubled", "it is trebled"))["Something is compared"]
    assert result["status"] == "broken"
    assert ("When it is trebled", "passed") not in steps_of(result)


def test_our_own_evidence_is_there_beside_it(results, pytester):
    results(FAILING)
    assert [str(each.outcome) for each in records(pytester, OutcomeRecord)] == ["failed"]


def test_a_rehearsals_steps_carry_the_true_time(results, pytester):
    result = results()["Something is compared"]
    written_ms = next(pytester.path.glob("allure/*-result.json")).stat().st_mtime * 1000
    assert all(written_ms - 60_000 < each["start"] <= each["stop"] <= written_ms + 1 for each in result["steps"])


def test_under_xdist_every_scenario_has_its_result(results):
    two = FEATURE + FAILING.partition("\n")[2].replace("Something", "Another thing")
    found = results(two, STEPS, "-n2")
    assert {name: each["status"] for name, each in found.items()} == {
        "Something is compared": "passed",
        "Another thing is compared": "failed",
    }
