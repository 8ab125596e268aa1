"""Tags as marks, and tags that would quietly prove nothing."""

import pytest

from tests.scenarios import STEPS, project

pytest_plugins = ["pytester"]
__all__ = ["project"]

TAGGED = """
Feature: f
  @clause.count @slow
  Scenario: Counts
    Given a base

  @clause.download @慢
  Scenario: Downloads
    Given a base
"""


def listed(result):
    return [line.rpartition("::")[2] for line in result.outlines if "::" in line]


@pytest.mark.parametrize(
    ("expression", "picked"),
    [
        ("clause.count", ["Counts"]),
        ("not clause.count", ["Downloads"]),
        ("slow or clause.download", ["Counts", "Downloads"]),
        ("慢", ["Downloads"]),
    ],
)
def test_tags_select_by_mark_under_strict_markers(project, expression, picked):
    project.feature(TAGGED)
    result = project.run("--collect-only", "-q", "--strict-markers", "-m", expression, "try.feature")
    assert listed(result) == picked


def test_tags_of_examples_select_their_rows(project):
    project.feature("""
        Feature: f
          Scenario Outline: Rows
            Given the number <n>
            Examples:
              | n |
              | 1 |
            @large
            Examples:
              | n |
              | 9 |
    """)
    assert listed(project.run("--collect-only", "-q", "-m", "large", "try.feature")) == ["Rows[2]"]


def test_a_project_gives_a_tag_a_meaning_through_pytest_bdds_hook(project):
    project.feature("Feature: f\n  @todo\n  Scenario: s\n    Given a base\n")
    project.steps(
        STEPS
        + """
import pytest
def pytest_bdd_apply_tag(tag, function):
    if tag == "todo":
        pytest.mark.skip(reason="not yet")(function)
        return True
"""
    )
    project.run("try.feature").assert_outcomes(skipped=1)


def test_a_tag_may_ask_for_fixtures(project):
    project.feature("Feature: f\n  @ready\n  Scenario: s\n    Given it is ready\n  Scenario: t\n    Given a base\n")
    project.steps(
        STEPS
        + """
import pytest
ready = []
@pytest.fixture
def make_ready():
    ready.append(1)
@given("it is ready")
def _():
    assert ready
def pytest_bdd_apply_tag(tag, function):
    pytest.mark.usefixtures("make_ready")(function)
    return True
"""
    )
    project.run("try.feature").assert_outcomes(passed=2)


def test_a_clause_the_circular_does_not_have_is_refused_with_the_near_miss(project):
    project.feature(TAGGED.replace("clause.count", "clause.coumt"))
    result = project.run("try.feature")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(
        ["try.feature:2", "*a clause of try.toml: count, download", "*came:*@clause.coumt", "*write @clause.count"]
    )


@pytest.mark.parametrize(
    "tag", ["clauses.count", "clause-count", "clause_count", "Clause.count", "cluase.count", "clause"]
)
def test_what_nearly_says_clause_is_refused(project, tag):
    project.feature(TAGGED.replace("clause.count", tag))
    result = project.run("try.feature")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["try.feature:2", "  expected: @clause.<name>", f"  came:     @{tag}"])


@pytest.mark.parametrize("tag", ["close", "wip", "because.of", "issue-12", "owner.cause"])
def test_other_tags_are_let_be(project, tag):
    project.feature(TAGGED.replace("slow", tag))
    project.run("try.feature").assert_outcomes(passed=2)


def test_a_circular_named_on_a_scenario_is_refused(project):
    project.feature(TAGGED.replace("@slow", "@circular.try"))
    project.run("try.feature").stdout.fnmatch_lines(["  expected: @circular.try above the Feature line"])


def test_a_tag_that_can_be_no_mark_is_refused(project):
    project.feature(TAGGED.replace("@slow", "@_slow"))
    project.run("try.feature").stdout.fnmatch_lines(["try.feature:3", "  expected: tags that can be marks"])


LAST_ALONE = """
Feature: f
  Scenario: Each time
    Given a base

  @session.last
  Scenario: At the end
    Given a base
"""


def test_a_scenario_of_the_last_session_is_run_there_alone(project):
    project.feature(LAST_ALONE, sessions=2)
    found = listed(project.run("--collect-only", "-q", "try.feature"))
    assert found == ["Each time[Session 1]", "Each time[Session 2]", "At the end[Session 2]"]


STABILISATION = "\n[stabilisation]\nstarts = 2023-04-17\nends = 2023-04-28\n"
PERIOD = "@session.stabilisation\nFeature: f\n  Scenario: s\n    Given a base\n"


def test_a_feature_of_the_stabilisation_period_is_run_once(project):
    project.feature(PERIOD, sessions=2)
    with project.path.joinpath("try.toml").open("a") as circular:
        circular.write(STABILISATION)
    assert listed(project.run("--collect-only", "-q", "try.feature")) == ["s"]


def test_a_feature_of_a_period_the_circular_does_not_have_is_refused(project):
    project.feature(PERIOD)
    project.run("--collect-only", "try.feature").stdout.fnmatch_lines(["*a table ?stabilisation? in try.toml*"])


@pytest.mark.parametrize(
    "text",
    [
        "Feature: f\n  @session.lst\n  Scenario: s\n    Given a base\n",
        "Feature: f\n  @session.stabilisation\n  Scenario: s\n    Given a base\n",
        "@session.last\nFeature: f\n  Scenario: s\n    Given a base\n",
    ],
)
def test_a_tag_of_sessions_that_is_misspelt_or_misplaced_is_refused(project, text):
    project.feature(text)
    result = project.run("--collect-only", "try.feature")
    result.stdout.fnmatch_lines(["*expected: @session.stabilisation above a Feature line or @session.last above a*"])
