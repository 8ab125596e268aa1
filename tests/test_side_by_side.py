"""What stays together on one worker."""

from __future__ import annotations

import pytest

from pytest_hkexprt.evidence.record import Check, OutcomeRecord
from pytest_hkexprt.model import Outcome, Participant, Run, Site, Target
from pytest_hkexprt.side_by_side import Together
from tests.projects import CIRCULAR, FEATURE, feature_project, records, shipped_project

LATER_SESSION = """
[[session]]
name = "Later session"
site = "secondary"
starts = 2023-04-22T14:30:00+08:00
ends = 2023-04-22T15:30:00+08:00
systems = ["rap"]
subject_to = "Only session"
"""
ALPHA, ALPHA_TWO = Participant("Alpha"), Participant("Alpha Two")


def together(*who: Participant, looks_back: str = "") -> Together:
    run = Run(tuple(Site), Target.SIMULATOR, who[0] if who else ALPHA, participants=who)
    return Together(run, lambda file: file == looks_back)


def test_a_participants_scenarios_are_one_group_over_all_features():
    groups = together(ALPHA, ALPHA_TWO)
    assert groups.of("features/rap.feature::It is read[alpha-Session 1]") == "alpha"
    assert groups.of("features/rap_network.feature::It is dialled[alpha-Session 2-3]") == "alpha"


def test_a_participant_whose_name_begins_as_anothers_has_its_own_group():
    assert together(ALPHA, ALPHA_TWO).of("features/rap.feature::It is read[alpha-two-Session 1]") == "alpha-two"


def test_a_participant_is_found_where_there_is_one_session():
    assert together(ALPHA, ALPHA_TWO).of("own.feature::It is read[alpha]") == "alpha"


def test_a_feature_that_looks_back_is_one_group():
    groups = together(looks_back="features/rap.feature")
    assert groups.of("features/rap.feature::It is read[Session 1]") == "features/rap.feature"
    assert groups.of("features/rap.feature::It is read[Session 2]") == "features/rap.feature"


@pytest.mark.parametrize("node_id", ["features/own.feature::It is read[Session 1]", "test_own.py::test_it[alpha-1]"])
def test_everything_else_goes_by_itself(node_id):
    assert together(looks_back="features/rap.feature").of(node_id) == node_id


def test_two_workers_still_compare_the_folders_of_both_sites(pytester):
    project = shipped_project(pytester)
    project.runpytest_subprocess("-n", "2", "--site=all", "features/rap.feature").assert_outcomes(passed=5, skipped=1)
    (check,) = [check for check in records(project, Check) if check.what == "reports at both data centres"]
    assert (check.met, check.came) == (True, "41 files, the same by name and size")


def test_two_workers_share_a_feature_that_does_not_look_back(pytester):
    project = shipped_project(pytester)
    result = project.runpytest_subprocess("-n", "2", "-v", "features/rap.feature", "--site=secondary")
    result.assert_outcomes(passed=2)
    assert {line.partition("]")[0] for line in result.outlines if "PASSED" in line} == {"[gw0", "[gw1"}


def test_a_session_knows_on_two_workers_what_the_one_before_came_to(pytester):
    project = feature_project(pytester, FEATURE.replace("it is 42", "it is 41"))
    project.path.joinpath("own.toml").write_text(CIRCULAR + LATER_SESSION, "utf-8")
    project.runpytest_subprocess("-n", "2", "own.feature").assert_outcomes(failed=1, skipped=1)
    first, second = records(project, OutcomeRecord)
    assert (first.outcome, second.outcome) == (Outcome.FAILED, Outcome.OMITTED)
    assert second.message == "Later session is subject to the result of Only session, which did not pass"
