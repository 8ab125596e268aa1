"""``file.feature:LINE`` on the command line."""

import pytest

from tests.scenarios import project

pytest_plugins = ["pytester"]
__all__ = ["project"]

FEATURE = """
Feature: f
  Background:
    Given a base

  Scenario: One
    Given the number 1

  Scenario Outline: Rows
    Given the number <n>
    Examples:
      | n |
      | 1 |
      | 2 |

  Rule: r
    Background:
      Given a base
    Scenario: Three
      Given the number 3
"""


@pytest.fixture
def listed(project):
    """Return the ids collected for arguments."""
    project.feature(FEATURE, "below/try.feature")

    def listed(*arguments):
        lines = project.run("--collect-only", "-q", *arguments).outlines
        return [line.rpartition("::")[2] for line in lines if "::" in line]

    return listed


@pytest.mark.parametrize(
    ("line", "picked"),
    [
        (5, ["One"]),
        (6, ["One"]),
        (8, ["Rows[1]", "Rows[2]"]),
        (13, ["Rows[2]"]),
        (2, ["One", "Rows[1]", "Rows[2]", "Three"]),
        (16, ["Three"]),
        (15, ["Three"]),
    ],
)
def test_a_line_picks_what_it_stands_for(listed, line, picked):
    assert listed(f"below/try.feature:{line}") == picked


def test_several_lines_of_one_file_pick_all_of_them_in_file_order(listed):
    assert listed("below/try.feature:13", "below/try.feature:5") == ["One", "Rows[2]"]


def test_lines_may_follow_each_other(listed):
    assert listed("below/try.feature:13:5") == ["One", "Rows[2]"]


def test_a_file_named_as_a_whole_too_is_collected_whole_and_once(listed):
    assert listed("below/try.feature:5", "below/try.feature") == ["One", "Rows[1]", "Rows[2]", "Three"]


def test_each_file_has_lines_of_its_own(project, listed):
    project.feature(FEATURE, "other/other.feature")
    assert listed("below/try.feature:5", "other/other.feature:18") == ["One", "Three"]


def test_an_absolute_path_takes_a_line(project, listed):
    assert listed(f"{project.path}/below/try.feature:5") == ["One"]


def test_a_line_the_file_does_not_have_is_an_error_that_lists_the_scenarios(project, listed):
    result = project.run("below/try.feature:99")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(
        ["below/try.feature:99", "*line 5: One", "*line 8: Rows", "*line 18: Three", "*came:*a file of 19 lines"]
    )


def test_a_file_really_named_so_is_taken_for_what_it_is(project):
    project.feature("Feature: f\n  Scenario: One\n    Given a base\n", "real.feature")
    project.write("real.feature:1", "not a feature")
    project.run("real.feature:1").stderr.fnmatch_lines(["ERROR: not found: *real.feature:1"])


def test_a_file_that_is_not_there_is_named_without_its_line(project):
    result = project.run("gone.feature:12")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*file or directory not found: gone.feature*"])


def test_the_options_of_the_conftest_beside_the_feature_are_known(project):
    project.feature(FEATURE, "below/try.feature")
    project.steps("def pytest_addoption(parser):\n    parser.addoption('--loud')\n", "below/conftest.py")
    project.run("below/try.feature:5", "--loud=yes").assert_outcomes(passed=1)


def test_workers_pick_by_line_too(project):
    project.feature(FEATURE, "below/try.feature")
    result = project.run_apart("-p", "xdist", "-n", "2", "below/try.feature:13", "below/try.feature:5")
    result.assert_outcomes(passed=2)


def test_a_line_from_another_folder_warns_that_the_root_directory_is_another(project, monkeypatch):
    project.feature(FEATURE, "below/try.feature")
    project.write("below/pytest.ini", "[pytest]\n")
    result = project.run("below/try.feature:5")
    result.stdout.fnmatch_lines(["*try.feature was given with a line, so pytest chose its root directory*"])


def test_a_line_below_the_root_directory_warns_of_nothing(project, listed):
    project.run("below/try.feature:5").assert_outcomes(passed=1, warnings=0)
