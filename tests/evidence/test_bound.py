"""Cucumber Messages name the step definition of each step, with the arguments in its text; and say nothing unknown."""

from __future__ import annotations

import json

import msgspec
import pytest

from pytest_hkexprt.evidence import messages
from pytest_hkexprt.evidence.journal import read
from pytest_hkexprt.evidence.record import StepRecord
from tests.projects import FEATURE, STEPS, feature_project, records

PHRASES = """
@given(parsers.parse('{count:d} reports named "{name}"'), target_fixture="number")
def _(count, name):
    return count

@when(parsers.re(r"it is doubled (?P<times>\\d+) times"), target_fixture="doubled")
def _(number, times):
    return number * 2 ** int(times)
"""
ARGUED = """\
Feature: f
  @clause.count
  Scenario: s
    Given 21 reports named "TP 001"
    When it is doubled 1 times
    Then it is 42
"""


@pytest.fixture
def drawn(pytester):
    """Return a function that runs a feature and returns the messages of its journal."""

    def run(feature: str = FEATURE, steps: str = STEPS, *arguments: str) -> list[tuple]:
        feature_project(pytester, feature, steps)
        pytester.runpytest_subprocess("--cucumber-messages=c.ndjson", *arguments, "own.feature")
        lines = pytester.path.joinpath("c.ndjson").read_text("utf-8").splitlines()
        return [next(iter(json.loads(line).items())) for line in lines]

    return run


def steps_of(found: list[tuple]) -> list[dict]:
    return [step for kind, content in found if kind == "testCase" for step in content["testSteps"]]


def definitions(found: list[tuple]) -> dict[str, dict]:
    return {content["id"]: content for kind, content in found if kind == "stepDefinition"}


def test_each_step_names_the_definition_it_ran(drawn, pytester):
    found = drawn()
    known = definitions(found)
    named = [known[each] for step in steps_of(found) for each in step["stepDefinitionIds"]]
    source = pytester.path.joinpath("conftest.py").read_text().splitlines()
    lines = [source[each["sourceReference"]["location"]["line"] - 1] for each in named]
    assert [each["sourceReference"]["uri"] for each in named] == ["conftest.py"] * 3
    assert [line.partition("(")[0] for line in lines] == ["@given", "@when", "@then"]


def test_an_argument_is_told_with_its_place_in_the_text(drawn):
    found = drawn(ARGUED, STEPS + PHRASES)
    told = [
        [(each["group"]["start"], each["group"]["value"]) for each in fitting["stepMatchArguments"]]
        for step in steps_of(found)
        for fitting in step["stepMatchArgumentsLists"]
    ]
    assert told == [[(0, "21"), (18, "TP 001")], [(14, "1")], [(6, "42")]]


def test_a_literal_phrase_is_a_pattern_that_means_itself(drawn):
    feature = FEATURE.replace("Given a number", "Given a (very) number?")
    found = drawn(feature, STEPS.replace('"a number"', '"a (very) number?"'))
    assert r"a \(very\) number\?" in [each["pattern"]["source"] for each in definitions(found).values()]


def test_an_undefined_step_has_no_definition_and_its_neighbours_have_theirs(drawn):
    found = drawn(FEATURE.replace("it is doubled", "it is tripled"))
    assert [len(step["stepDefinitionIds"]) for step in steps_of(found)] == [1, 0, 1]


def test_an_ambiguous_step_names_all_that_fit(drawn):
    twice = '@when(parsers.parse("it is {how}"))\ndef _(how):\n    pass\n'
    found = drawn(FEATURE, STEPS + twice)
    assert [len(step["stepDefinitionIds"]) for step in steps_of(found)] == [1, 2, 1]


def test_a_step_after_a_failure_names_its_definition(drawn):
    found = drawn(FEATURE, STEPS.replace("return number * 2", "raise AssertionError"))
    assert [len(step["stepDefinitionIds"]) for step in steps_of(found)] == [1, 1, 1]


def test_an_older_journal_says_nothing_of_definitions(drawn, pytester):
    drawn()
    (path,) = pytester.path.glob("reports/*/evidence.jsonl")
    older = [
        msgspec.structs.replace(line, record=msgspec.structs.replace(line.record, definitions=(), defined=()))
        if isinstance(line.record, StepRecord)
        else line
        for line in read(path)
    ]
    found = [next(iter(each.items())) for each in messages.draw(older)]
    assert [sorted(step) for step in steps_of(found)] == [["id", "pickleStepId"]] * 3


def test_workers_name_a_definition_alike(drawn):
    two = FEATURE + FEATURE.partition("\n")[2].replace("Something", "Another thing")
    found = drawn(two, STEPS, "-n2")
    ids = [
        [step["stepDefinitionIds"] for step in content["testSteps"]] for kind, content in found if kind == "testCase"
    ]
    assert len(definitions(found)) == 3 and ids[0] == ids[1]


def test_a_definition_is_written_once(drawn, pytester):
    drawn(FEATURE + FEATURE.partition("\n")[2].replace("Something", "Another thing"))
    assert [len(step.defined) for step in records(pytester, StepRecord)] == [1, 1, 1, 0, 0, 0]
