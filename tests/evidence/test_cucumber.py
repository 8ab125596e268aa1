"""Cucumber JSON drawn from the journal: true where steps were undefined, skipped, never run, or run elsewhere."""

from __future__ import annotations

import json

import pytest

from tests.projects import FEATURE, STEPS, feature_project


@pytest.fixture
def drawn(pytester):
    """Return a function that runs a feature and returns the Cucumber JSON it left."""

    def run(feature: str = FEATURE, steps: str = STEPS, *arguments: str) -> list[dict]:
        feature_project(pytester, feature, steps)
        pytester.runpytest_subprocess("--cucumber-json=out/c.json", *arguments, "own.feature")
        found: list[dict] = json.loads(pytester.path.joinpath("out/c.json").read_text("utf-8"))
        return found

    return run


def statuses(features: list[dict]) -> list[list[str]]:
    return [
        [step["result"]["status"] for step in each["steps"]] for feature in features for each in feature["elements"]
    ]


def test_a_passed_scenario_has_its_feature_steps_lines_and_durations(drawn):
    (feature,) = drawn()
    (element,) = feature["elements"]
    assert (feature["uri"], feature["name"]) == ("own.feature", "A feature of the user's own")
    assert (element["name"], element["line"], element["tags"]) == (
        "Something is compared",
        3,
        [{"name": "@clause.count"}],
    )
    assert [(step["keyword"], step["name"], step["line"]) for step in element["steps"]] == [
        ("Given ", "a number", 4),
        ("When ", "it is doubled", 5),
        ("Then ", "it is 42", 6),
    ]
    assert all(step["result"]["duration"] > 0 for step in element["steps"])


def test_the_checks_of_a_step_are_its_output(drawn):
    (feature,) = drawn()
    assert feature["elements"][0]["steps"][2]["output"] == ["number: expected 42, came 42: met"]


def test_a_failed_step_says_why_and_those_after_it_are_skipped(drawn):
    features = drawn(FEATURE.replace("it is 42", "it is 41\n    And it is 42"))
    assert statuses(features) == [["passed", "passed", "failed", "skipped"]]
    failed = features[0]["elements"][0]["steps"][2]["result"]
    assert "expected: 41" in failed["error_message"]


def test_an_undefined_step_is_undefined_and_no_step_passed(drawn):
    features = drawn(FEATURE.replace("it is doubled", "it is trebled"))
    assert statuses(features) == [["skipped", "undefined", "skipped"]]
    assert "match" not in features[0]["elements"][0]["steps"][1]


def test_a_step_that_skips_is_skipped(drawn):
    features = drawn(steps=STEPS.replace("return number * 2", "pytest.skip('not today')"))
    assert statuses(features) == [["passed", "skipped", "skipped"]]


def test_a_scenario_that_compared_nothing_is_not_passed(drawn):
    (feature,) = drawn(steps=STEPS.replace("hkex_evidence.check(check)", "pass"))
    (hook,) = feature["elements"][0]["after"]
    assert hook["result"]["status"] == "failed"
    assert "at least one check" in hook["result"]["error_message"]


def test_a_fixture_that_fails_before_the_steps_is_a_failed_hook(drawn):
    steps = STEPS + "\n@pytest.fixture(autouse=True)\ndef _broken():\n    raise OSError('no line')\n"
    features = drawn(steps=steps)
    (hook,) = features[0]["elements"][0]["before"]
    assert "no line" in hook["result"]["error_message"]
    assert statuses(features) == [["skipped"] * 3]


def test_example_rows_are_elements_of_their_own(drawn):
    outline = FEATURE.replace("Scenario:", "Scenario Outline:").replace("it is 42", "it is <n>")
    (feature,) = drawn(f"{outline}    Examples:\n      | n |\n      | 42 |\n      | 43 |\n")
    assert [(each["line"], each["steps"][2]["name"]) for each in feature["elements"]] == [
        (9, "it is 42"),
        (10, "it is 43"),
    ]
    assert len({each["id"] for each in feature["elements"]}) == 2


def test_a_table_and_a_text_are_in_their_step(drawn):
    feature = FEATURE.replace("a number\n", "a number\n      | a | b |\n").replace(
        "doubled\n", 'doubled\n      """\n      text\n      """\n'
    )
    (drawn_feature,) = drawn(feature)
    steps = drawn_feature["elements"][0]["steps"]
    assert steps[0]["rows"] == [{"cells": ["a", "b"]}]
    assert steps[1]["doc_string"]["value"] == "text"


def test_under_xdist_none_is_lost(drawn):
    two = FEATURE + FEATURE.partition("\n")[2].replace("Something", "Another thing")
    features = drawn(two, STEPS, "-n2")
    assert [each["name"] for each in features[0]["elements"]] == ["Something is compared", "Another thing is compared"]
    assert statuses(features) == [["passed"] * 3] * 2


def test_an_ordinary_test_of_the_same_run_is_left_out(drawn, pytester):
    pytester.makepyfile("def test_own(hkex_evidence): hkex_evidence.notice('here')")
    (feature,) = drawn(FEATURE, STEPS, "test_an_ordinary_test_of_the_same_run_is_left_out.py")
    assert [each["name"] for each in feature["elements"]] == ["Something is compared"]


def test_without_a_feature_of_ours_the_option_stays_the_other_plugins(pytester):
    pytester.makepyfile("def test_own(): pass")
    pytester.runpytest_subprocess("--cucumber-json=c.json").assert_outcomes(passed=1)
    assert json.loads(pytester.path.joinpath("c.json").read_text()) == []
