"""What a failing step shows."""

import pytest

from tests.scenarios import DOUBLING, STEPS, project

pytest_plugins = ["pytester"]
__all__ = ["project"]

FOLDER = """
Feature: f
  Scenario: The folder
    Given a login
    When the folder is read
    Then it is whole
    And it is closed
"""

UNMET = """
from pytest_bdd import given, then, when
from pytest_hkexprt.errors import Unmet
@given("a login")
@when("the folder is read")
@then("it is closed")
def _():
    pass
@then("it is whole")
def _():
    raise Unmet("rap/secondary: number of files", expected="41", came="40", next_step="ask HKEX")
"""

STYLES = ["auto", "long", "short", "native"]


@pytest.mark.parametrize("style", STYLES)
def test_an_unmet_check_shows_the_features_lines_then_expected_and_came(project, style):
    project.feature(FOLDER)
    project.steps(UNMET)
    project.run(f"--tb={style}", "try.feature").stdout.fnmatch_lines(
        [
            "try.feature",
            "  3      Given a login",
            "  4      When the folder is read",
            "> 5      Then it is whole",
            "  6      And it is closed",
            "",
            "rap/secondary: number of files",
            "  expected: 41",
            "  came:     40",
            "  next:     ask HKEX",
        ],
        consecutive=True,
    )


@pytest.mark.parametrize("style", STYLES)
def test_an_unmet_check_shows_no_frames(project, style):
    project.feature(FOLDER)
    project.steps(UNMET)
    project.run(f"--tb={style}", "try.feature").stdout.no_fnmatch_line("*.py*")


@pytest.mark.parametrize("style", STYLES)
def test_a_failed_assertion_shows_the_features_lines_and_the_users_frame(project, style):
    project.feature(DOUBLING)
    project.run(f"--tb={style}", "try.feature").stdout.fnmatch_lines(
        ["> 10      Then it is 13", "*assert number == ?n?*"]
    )


@pytest.mark.parametrize("style", STYLES)
def test_a_failed_assertion_shows_no_frames_but_the_users(project, style):
    project.feature(DOUBLING)
    told = project.run(f"--tb={style}", "try.feature").stdout
    for machinery in ("*pytest_bdd/*", "*pluggy/*", "*_pytest/*", "*pytest_hkexprt/*"):
        told.no_fnmatch_line(machinery)


def test_one_line_a_failure_names_file_line_and_message(project):
    project.feature(FOLDER)
    path = project.path / "try.feature"
    project.steps(UNMET)
    project.run("--tb=line", "try.feature").stdout.fnmatch_lines([f"{path}:5: rap/secondary: number of files"])


def test_no_traceback_shows_no_lines(project):
    project.feature(FOLDER)
    project.steps(UNMET)
    project.run("--tb=no", "try.feature").stdout.no_fnmatch_line("*it is whole*")


def test_the_summary_names_what_was_not_met(project):
    project.feature(FOLDER)
    project.steps(UNMET)
    project.run("try.feature").stdout.fnmatch_lines(["FAILED try.feature::The folder - rap/secondary: number of files"])


def test_a_full_trace_shows_everything(project):
    project.feature(FOLDER)
    project.steps(UNMET)
    project.run("--full-trace", "try.feature").stdout.fnmatch_lines(["> 5*it is whole", "*_pytest*", "*scenario.py*"])


def test_a_fixture_that_breaks_in_a_step_shows_its_own_frame(project):
    project.feature("Feature: f\n  Scenario: s\n    Given a thing\n")
    project.steps("""
import pytest
from pytest_bdd import given
@pytest.fixture
def thing():
    raise LookupError("no thing")
@given("a thing")
def _(thing):
    pass
""")
    told = project.run("--tb=short", "try.feature").stdout
    told.fnmatch_lines(["> 3*Given a thing", "conftest.py:*: in thing", "*LookupError: no thing"])
    told.no_fnmatch_line("*_pytest*")


def test_a_fixture_that_another_lacks_is_named_without_our_code(project):
    project.feature("Feature: f\n  Scenario: s\n    Given a thing\n")
    project.steps("""
import pytest
from pytest_bdd import given
@pytest.fixture
def thing(thign):
    pass
@given("a thing")
def _(thing):
    pass
""")
    told = project.run("try.feature").stdout
    told.fnmatch_lines(["> 3*Given a thing", "fixture 'thign' not found*"])
    told.no_fnmatch_line("*collect.py*")


def test_the_cause_of_an_exception_is_shown(project):
    project.feature("Feature: f\n  Scenario: s\n    Given a thing\n")
    project.steps("""
from pytest_bdd import given
@given("a thing")
def _():
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise LookupError("no thing") from error
""")
    told = project.run("try.feature").stdout
    told.fnmatch_lines(["> 3*Given a thing", "*ZeroDivisionError*", "*direct cause*", "*LookupError: no thing"])


def test_a_failing_background_step_is_marked_where_it_stands(project):
    project.feature("Feature: f\n  Background:\n    Given it is 5\n  Scenario: s\n    Given a base\n")
    project.steps(STEPS + "@given('it is 5')\ndef _():\n    assert not 5\n")
    project.run("try.feature").stdout.fnmatch_lines(
        ["  2    Background:", "> 3      Given it is 5", "  4    Scenario: s"]
    )


def test_a_failing_row_shows_its_row(project):
    project.feature("""
        Feature: f
          Scenario Outline: s
            Given the number <n>
            Then it is 2
            Examples:
              | n |
              | 2 |
              | 7 |
    """)
    project.run("try.feature").stdout.fnmatch_lines(["> 4      Then it is 2", "  5*", "  …", "  8        | 7 |"])


def test_pytest_fail_without_a_trace_shows_its_message_alone(project):
    project.feature("Feature: f\n  Scenario: s\n    Given a thing\n")
    project.steps("""
import pytest
from pytest_bdd import given
@given("a thing")
def _():
    pytest.fail("not today", pytrace=False)
""")
    told = project.run("try.feature").stdout
    told.fnmatch_lines(["> 3*Given a thing", "not today"])
    told.no_fnmatch_line("*conftest.py*")


def test_an_error_of_ours_around_the_steps_shows_its_message_and_where_the_scenario_begins(project):
    project.feature(DOUBLING)
    project.steps(
        STEPS
        + """
import pytest
from pytest_hkexprt.errors import UsageFault
@pytest.fixture(autouse=True)
def broken():
    raise UsageFault("hkexprt.toml", expected="a user id")
"""
    )
    told = project.run("try.feature::Five becomes ten").stdout
    told.fnmatch_lines(["> 2    Scenario: Five becomes ten", "hkexprt.toml", "  expected: a user id"])
    told.no_fnmatch_line("*raise UsageFault*")


def test_a_failure_reads_alike_from_a_worker_process(project):
    project.feature(FOLDER)
    project.steps(UNMET)
    project.run_apart("-p", "xdist", "-n", "2", "try.feature").stdout.fnmatch_lines(
        ["> 5      Then it is whole", "*", "", "rap/secondary: number of files", "  expected: 41"]
    )
