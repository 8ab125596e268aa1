"""JUnit's XML drawn from a journal, held against pytest's own of the same run."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from pytest_hkexprt.evidence import junit
from pytest_hkexprt.evidence.journal import read
from tests.evidence import samples
from tests.projects import feature_project

FEATURE = """\
Feature: A feature of the user's own
  @clause.count
  Scenario: Something is compared
    Given a number
    When it is doubled
    Then it is 42

  @clause.count
  Scenario: Something else is compared
    Given a number
    When it is doubled
    Then it is 43

  @clause.count @skip
  Scenario: Nothing is compared
    Given a number
"""
MARKS = """
def pytest_bdd_apply_tag(tag, function):
    if tag == "skip":
        pytest.mark.skip(reason="not today")(function)
        return True
"""


def cases(content: str | bytes) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Return each case's class, what it holds beside properties, and these."""
    found = {}
    for case in Xml.fromstring(content).iter("testcase"):
        kind = "".join(each.tag for each in case if each.tag != "properties")
        properties = {each.attrib["name"]: each.attrib["value"] for each in case.iter("property")}
        found[case.attrib["name"]] = (case.attrib["classname"], kind, properties)
    return found


def test_it_says_what_pytests_own_says_of_the_same_run(pytester):
    from tests.projects import STEPS  # noqa: PLC0415  with a mark of this test

    feature_project(pytester, FEATURE, STEPS + MARKS)
    pytester.runpytest("own.feature", "--junitxml=theirs.xml")
    (journal,) = pytester.path.glob("reports/*/evidence.jsonl")
    theirs = cases((pytester.path / "theirs.xml").read_bytes())
    ours = cases(junit.draw(read(journal)))
    assert [kind for _, kind, _ in theirs.values()] == ["", "failure", "skipped"]
    for name, (place, kind, properties) in theirs.items():
        properties.pop("hkexprt.evidence")
        ours[name][2].pop("hkexprt.machine")
        assert ours[name] == (place, kind, properties)
    assert ours.keys() == theirs.keys()


def test_a_scenario_that_never_ended_is_an_error(tmp_path):
    ((_, kind, _),) = cases(junit.draw(samples.lines(tmp_path, samples.interrupted))).values()
    assert kind == "error"


@pytest.mark.parametrize("sample", [samples.hostile, samples.failed])
def test_whatever_was_said_it_is_well_formed(tmp_path, sample):
    assert cases(junit.draw(samples.lines(tmp_path, sample)))


def test_it_is_written_into_a_folder_that_is_made(tmp_path):
    target = Path(tmp_path) / "out" / "junit.xml"
    junit.write(samples.lines(tmp_path, samples.passed), target)
    assert cases(target.read_bytes())
