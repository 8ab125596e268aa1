"""What a feature has besides plain steps reaches the journal: rules, backgrounds, example rows, tables, doc strings."""

from __future__ import annotations

from pytest_hkexprt.evidence.record import PlannedStep, ScenarioRecord
from tests.projects import STEPS, feature_project, records

OUTLINE = """\
Feature: Rows
  Background:
    Given a number

  Rule: Doubled is twice
    @clause.count
    Scenario Outline: <kind> is doubled
      When it is doubled
        | of | <kind> |
      Then it is <double>
        \"\"\"
        as <double>
        \"\"\"
      Examples:
        | kind | double |
        | one  | 42     |
"""


def test_a_scenarios_record_has_all_that_the_feature_has(pytester):
    steps = STEPS.replace("def _(number):", "def _(number, datatable):").replace("(doubled, ", "(doubled, docstring, ")
    feature_project(pytester, OUTLINE, steps).runpytest("own.feature").assert_outcomes(passed=1)
    (scenario,) = records(pytester, ScenarioRecord)
    assert (scenario.rule, scenario.title, scenario.row_line, scenario.values, scenario.steps) == (
        "Doubled is twice",
        "one is doubled",
        16,
        {"kind": "one", "double": "42"},
        (
            PlannedStep(keyword="Given", text="a number", line=3, background=True),
            PlannedStep(keyword="When", text="it is doubled", line=8, table=(("of", "one"),)),
            PlannedStep(keyword="Then", text="it is 42", line=10, docstring="as 42"),
        ),
    )
