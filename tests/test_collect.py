"""Feature files given to pytest: which are collected, as what items, and what else pytest does with them."""

import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from tests.scenarios import DOUBLING, STEPS, project

pytest_plugins = ["pytester"]
__all__ = ["project"]

OUTLINE = """
Feature: f
  Scenario: Plain
    Given a base
  Scenario Outline: Rows of <n>
    Given the number <n>
    Then it is <m>
    Examples:
      | n | m |
      | 1 | 1 |
      | 2 | 3 |
"""


def ids(result):
    return [line for line in result.outlines if "::" in line]


def test_ids_name_the_feature_file_and_the_scenario(project):
    project.feature(DOUBLING, "features/try.feature")
    assert ids(project.run("--collect-only", "-q", "features/try.feature")) == [
        "features/try.feature::Five becomes ten",
        "features/try.feature::Six becomes thirteen",
    ]


def test_with_several_sessions_ids_carry_the_session_and_one_session_follows_the_other(project):
    project.feature(OUTLINE, sessions=2)
    assert ids(project.run("--collect-only", "-q", "try.feature")) == [
        "try.feature::Plain[Session 1]",
        "try.feature::Rows of <n>[Session 1-1]",
        "try.feature::Rows of <n>[Session 1-2]",
        "try.feature::Plain[Session 2]",
        "try.feature::Rows of <n>[Session 2-1]",
        "try.feature::Rows of <n>[Session 2-2]",
    ]


def test_rows_are_numbered_whatever_their_values(project):
    project.feature(OUTLINE.replace("| 1 | 1 |", "| 1 | 蘋果 |").replace("| 2 | 3 |", "| 1 | 蘋果 |"))
    assert ids(project.run("--collect-only", "-q", "try.feature"))[1:] == [
        "try.feature::Rows of <n>[1]",
        "try.feature::Rows of <n>[2]",
    ]


def test_every_id_listed_selects_its_own_item(project):
    project.feature(OUTLINE.replace("Plain", "Plain [in brackets] of 中文"), sessions=2)
    listed = ids(project.run("--collect-only", "-q", "try.feature"))
    assert [ids(project.run("--collect-only", "-q", each)) for each in listed] == [[each] for each in listed]


def test_a_name_without_brackets_selects_all_its_rows_and_sessions(project):
    project.feature(OUTLINE, sessions=2)
    assert len(ids(project.run("--collect-only", "-q", "try.feature::Rows of <n>"))) == 4


def test_k_selects_by_words_of_the_name(project):
    project.feature(DOUBLING)
    assert ids(project.run("--collect-only", "-q", "-k", "five and not thirteen", "try.feature")) == [
        "try.feature::Five becomes ten"
    ]


@pytest.mark.parametrize("sessions", [1, 2])
def test_last_failed_runs_the_failed_row_again_and_no_other(project, sessions):
    project.feature(OUTLINE, sessions=sessions)
    project.run("try.feature").assert_outcomes(passed=2 * sessions, failed=sessions)
    project.run("--lf", "try.feature").assert_outcomes(failed=sessions, deselected=2 * sessions)


def test_collect_only_shows_the_tree(project):
    project.feature(DOUBLING)
    project.run("--collect-only", "try.feature").stdout.fnmatch_lines(
        ["*<FeatureFile try.feature>", "*<ScenarioItem Five becomes ten>"]
    )


def test_workers_share_the_scenarios(project):
    project.feature(OUTLINE, sessions=2)
    project.run_apart("-p", "xdist", "-n", "2", "try.feature").assert_outcomes(passed=4, failed=2)


def test_junit_xml_has_file_and_line_of_the_feature(project):
    project.feature(OUTLINE)
    project.run("--junit-xml=out.xml", "-o", "junit_family=xunit1", "try.feature")
    cases = ET.parse(project.path / "out.xml").iter("testcase")
    assert [(case.get("name"), case.get("file"), case.get("line")) for case in cases] == [
        ("Plain", "try.feature", "1"),
        ("Rows of <n>[1]", "try.feature", "8"),
        ("Rows of <n>[2]", "try.feature", "9"),
    ]


def test_junit_xml_has_the_message_of_a_failure(project):
    project.feature(DOUBLING)
    project.run("--junit-xml=out.xml", "try.feature")
    failure = ET.parse(project.path / "out.xml").find(".//failure")
    assert "Then it is 13" in failure.text


def test_features_below_a_folder_are_left_alone(project):
    project.feature(DOUBLING)
    assert project.run(".").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_features_below_a_folder_are_collected_when_the_ini_file_says_so(project):
    project.feature(DOUBLING, "below/try.feature")
    project.write("pytest.ini", "[pytest]\nhkexprt_features = true\n")
    project.run(".").assert_outcomes(passed=1, failed=1)


def test_a_feature_is_collected_by_its_absolute_path(project):
    path = project.feature(DOUBLING)
    project.run(str(path)).assert_outcomes(passed=1, failed=1)


def test_a_mistake_in_the_feature_is_a_collection_error_without_a_traceback(project):
    project.feature("Feature: f\n  Scenario: s\n")
    result = project.run("try.feature")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(
        ["*ERROR collecting try.feature*", "try.feature:2", "  expected: steps"], consecutive=True
    )


def test_a_feature_without_a_circular_is_a_collection_error(project):
    project.write("alone.feature", DOUBLING)
    result = project.run("alone.feature")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*the circular it restates*"])


def test_a_byte_order_mark_does_no_harm(project):
    path = project.feature(DOUBLING)
    path.write_text(path.read_text(), encoding="utf-8-sig")
    project.run("try.feature").assert_outcomes(passed=1, failed=1)


def test_a_feature_in_chinese_runs(project):
    project.feature("# language: zh-TW\n功能: 報表\n  場景: 下載報表\n    假如 連線\n    那麼 檔案數目不變\n")
    project.steps("""
from pytest_bdd import given, then
@given("連線")
@then("檔案數目不變")
def _():
    pass
""")
    result = project.run("-v", "try.feature")
    result.stdout.fnmatch_lines(["try.feature::下載報表 PASSED*"])


def test_the_copy_a_test_module_binds_is_deselected_with_a_warning(project):
    project.feature(DOUBLING)
    project.write("test_copy.py", "from pytest_bdd import scenarios\nscenarios('try.feature')\n")
    result = project.run("try.feature", "test_copy.py")
    result.assert_outcomes(passed=1, failed=1, deselected=2, warnings=2)
    result.stdout.fnmatch_lines(["*repeats a scenario that is collected itself*"])


def test_a_test_module_with_scenarios_of_its_own_is_left_alone(project):
    project.feature(DOUBLING)
    project.write("other.feature", "Feature: o\n  Scenario: Other\n    Given a base\n")
    project.write("test_other.py", "from pytest_bdd import scenarios\nscenarios('other.feature')\n")
    project.run("try.feature::Five becomes ten", "test_other.py").assert_outcomes(passed=2)


def test_items_say_what_others_need_to_know(project):
    project.feature("Feature: f\n  @clause.count @clause.download @slow\n  Scenario: s\n    Given a base\n")
    project.steps(
        STEPS
        + """
def pytest_collection_modifyitems(items):
    [item] = items
    assert item.feature.name == "f"
    assert item.scenario.name == item.originalname == "s"
    assert item.circular.reference == "TEST/001"
    assert item.hk_session.name == "Session 1"
    assert item.clauses == ("count", "download")
    assert item.steps_done == []
    print("ALL SAID")
"""
    )
    project.run("-s", "try.feature").stdout.fnmatch_lines(["*ALL SAID*"])


def test_without_pytest_bdds_plugin_the_remedy_is_told(project, monkeypatch):
    project.feature(DOUBLING)
    result = project.pytester.runpytest_inprocess("-p", "tests.collecting_alone", "try.feature")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*leave out -p no:pytest-bdd, or add -p pytest_bdd.plugin"])


def test_collection_imports_nothing_heavy_before_a_feature_is_collected():
    heavy = {"pytest_bdd", "gherkin", "msgspec", "paramiko", "freezegun", "jinja2", "rich", "holidays", "cryptography"}
    code = "import sys, pytest_hkexprt.collect; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert heavy.isdisjoint(loaded)


def test_an_item_run_again_tells_its_steps_anew(project):
    project.feature("Feature: f\n  Scenario: s\n    Given a base\n")
    project.steps(
        STEPS
        + """
from _pytest.runner import runtestprotocol
def pytest_runtest_protocol(item, nextitem):
    runtestprotocol(item, nextitem=nextitem, log=False)
    item._initrequest()
    runtestprotocol(item, nextitem=nextitem)
    assert len(item.steps_done) == 1
    return True
"""
    )
    project.run("try.feature").assert_outcomes(passed=1)
