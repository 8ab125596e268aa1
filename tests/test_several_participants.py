"""A vendor's run: the sessions repeated for each participant of the file, side by side or in turn, in one report."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

import pytest

from pytest_hkexprt import circular, clock
from pytest_hkexprt.evidence.journal import read
from pytest_hkexprt.evidence.record import (
    AttachmentRecord,
    ExchangeRecord,
    Line,
    OutcomeRecord,
    RunRecord,
    ScenarioRecord,
    SessionRecord,
)
from pytest_hkexprt.model import Outcome, Participant, Run, Site, Target
from pytest_hkexprt.rehearsal import RehearsalClock
from tests.projects import feature_project, records, shipped_project

PARTICIPANTS = """
[rap]
key = "id_ed25519"
[rap.host_keys]
secondary = ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]

[[participant]]
name = "Alpha Limited"
roles = ["CP"]
rap = { user = "ALPHA01" }
contact = { name = "Au" }

[[participant]]
name = "Beta Limited"
roles = ["EP"]
rap = { user = "BETA01" }

[[participant]]
name = "Gamma Limited"
roles = ["EP", "CP"]
rap = { user = "GAMMA01" }
contact = { name = "Cheung" }
"""
FAILS_FOR_GAMMA = """
import pytest
from pytest_bdd import given, then, when, parsers
from pytest_hkexprt.evidence.record import Check

@given("a number", target_fixture="number")
def _(hkex_participant):
    return 20 if hkex_participant.name == "Gamma Limited" else 21

@when("it is doubled", target_fixture="doubled")
def _(number):
    return number * 2

@then(parsers.parse("it is {expected:d}"))
def _(doubled, expected, hkex_evidence):
    check = Check(what="number", where="here", expected=str(expected), came=str(doubled), met=doubled == expected)
    hkex_evidence.check(check)
"""
SIDES = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["in turn", "side by side"])


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    feature_project(pytester, steps=FAILS_FOR_GAMMA)
    pytester.path.joinpath("hkexprt.toml").write_text(PARTICIPANTS, "utf-8")
    return pytester


@pytest.fixture
def reports(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project whose participants retrieve their reports from simulators."""
    shipped_project(pytester)
    pytester.path.joinpath("hkexprt.toml").write_text(PARTICIPANTS, "utf-8")
    pytester.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "id_ed25519")
    return pytester


def of_each(lines: list[Line]) -> dict[str, list[Line]]:
    """Return a journal's lines by whose session they are of."""
    found: dict[str, list[Line]] = {}
    whose = ""
    for line in lines:
        whose = line.record.participant if isinstance(line.record, SessionRecord) else whose
        found.setdefault(whose, []).append(line)
    return found


@SIDES
def test_the_session_is_repeated_for_each_in_one_journal(project, workers):
    project.runpytest_subprocess(*workers, "own.feature").assert_outcomes(passed=1, failed=1, skipped=1)
    assert [each.participant for each in records(project, SessionRecord)] == [
        "Alpha Limited",
        "Beta Limited",
        "Gamma Limited",
    ]
    assert [each.id.partition("[")[2] for each in records(project, ScenarioRecord)] == [
        "alpha-limited]",
        "beta-limited]",
        "gamma-limited]",
    ]


def test_roles_choose_the_scenarios_and_the_reason_is_in_the_evidence(project):
    result = project.runpytest("own.feature")
    result.stdout.fnmatch_lines(["omitted: 1 scenario: for CP, and Beta Limited is EP"])
    outcomes = {each.id.partition("[")[2]: each for each in records(project, OutcomeRecord)}
    assert outcomes["beta-limited]"].outcome is Outcome.OMITTED
    assert outcomes["beta-limited]"].message == "for CP, and Beta Limited is EP"


def test_the_terminal_says_what_each_came_to(project):
    result = project.runpytest("own.feature")
    result.stdout.fnmatch_lines(
        [
            "participant: Alpha Limited, CP, *hkexprt.toml",
            "participant: Beta Limited, EP, *hkexprt.toml",
            "Failed: 1 of 3 scenarios, 1 of 2 checks not met*",
            "Alpha Limited: Passed: 1 scenario, 1 check",
            "Beta Limited: Nothing was proven: 1 omitted of 1 scenario",
            "Gamma Limited: Failed: 1 scenario, 1 of 1 check not met",
        ]
    )


def test_one_is_chosen_and_its_name_is_in_no_node_id_then(project):
    result = project.runpytest("-v", "own.feature", "--participant", "alpha limited")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["participant: Alpha Limited*", "own.feature::Something is compared PASSED*"])
    (run,) = records(project, RunRecord)
    assert (run.participant, run.participants) == ("Alpha Limited", ())


def test_some_are_chosen_in_the_files_order(project):
    project.runpytest("own.feature", "--participant=gamma-limited", "--participant=alpha-limited")
    assert [each.participant for each in records(project, SessionRecord)] == ["Alpha Limited", "Gamma Limited"]


def test_a_name_that_is_none_is_a_usage_error_with_the_nearest(project):
    result = project.runpytest("own.feature", "--participant=Gama Limited")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*'Gama Limited' (did you mean Gamma Limited?)*"])


def test_a_name_without_a_file_is_a_usage_error(project):
    project.path.joinpath("hkexprt.toml").unlink()
    result = project.runpytest("own.feature", "--participant=Alpha Limited")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*expected: a file hkexprt.toml that names them*"])


def test_one_of_them_is_asked_for_by_its_node_id(project):
    result = project.runpytest("own.feature::Something is compared[gamma-limited]")
    result.assert_outcomes(failed=1)


def test_the_last_failures_are_run_again_for_whom_they_were(project):
    project.runpytest("own.feature")
    result = project.runpytest("--lf", "own.feature")
    result.assert_outcomes(failed=1)


def test_a_session_begins_anew_for_each_by_the_rehearsed_clock():
    session = circular.find("rap").sessions[0]
    rehearsed = RehearsalClock(Run(tuple(Site), Target.SIMULATOR, Participant("Alpha")))
    later = session.starts + dt.timedelta(minutes=30)
    try:
        rehearsed.enter(session, "Alpha")
        rehearsed._move(later)
        rehearsed.enter(session, "Alpha")
        assert clock.now() >= later, "for the same one it ticks on"
        rehearsed.enter(session, "Beta")
        assert session.starts <= clock.now() < later
    finally:
        rehearsed.stop()


@SIDES
def test_each_has_simulators_downloads_and_a_baseline_of_its_own(reports, workers):
    reports.runpytest_subprocess(*workers, "--site=secondary", "features/rap.feature").assert_outcomes(
        passed=4, skipped=2
    )
    lines = of_each(list(read(next(reports.path.glob("reports/*/evidence.jsonl")))))
    for whose in ("Alpha Limited", "Gamma Limited"):
        said = [line.record for line in lines[whose] if isinstance(line.record, ExchangeRecord)]
        assert [each.what.partition(" ")[0] for each in said].count("listed") == 2, "a baseline of its own"
        users = {value for each in said for name, value in each.facts.items() if name.lower() == "user"}
        assert users <= {"ALPHA01" if whose == "Alpha Limited" else "GAMMA01"}
        assert [line for line in lines[whose] if isinstance(line.record, AttachmentRecord)]
    keys = [
        {
            value
            for line in lines[whose]
            if isinstance(line.record, ExchangeRecord)
            for name, value in line.record.facts.items()
            if name == "host key"
        }
        for whose in ("Alpha Limited", "Gamma Limited")
    ]
    assert all(keys) and not keys[0] & keys[1], "each one's servers have host keys of their own"


def test_both_sites_folders_are_compared_for_each(reports):
    result = reports.runpytest_subprocess("-n", "2", "features/rap.feature", "-k", "retrieves or same")
    result.assert_outcomes(passed=6, skipped=3)


def test_each_gets_a_result_form_of_its_own_that_names_no_other(project):
    project.runpytest("own.feature")
    (folder,) = (path.parent for path in project.path.glob("reports/*/report.html"))
    names = sorted(path.name for path in folder.glob("result-form*.html"))
    assert names == [f"result-form-{who}-limited.html" for who in ("alpha", "beta", "gamma")]
    alpha = folder.joinpath("result-form-alpha-limited.html").read_text("utf-8")
    assert "Alpha Limited" in alpha and "Au" in alpha
    assert "Beta" not in alpha and "Gamma" not in alpha and "Cheung" not in alpha


def test_a_result_form_has_the_verdict_of_the_one_whose_it_is(project):
    project.runpytest("own.feature")
    verdicts = {}
    for path in project.path.glob("reports/*/result-form-*.json"):
        (answer,) = json.loads(path.read_text("utf-8"))
        verdicts[answer["participant"]] = answer["verdict"]
    assert verdicts == {
        "Alpha Limited": "Passed: 1 scenario, 1 check",
        "Beta Limited": "Nothing was proven: 1 omitted of 1 scenario",
        "Gamma Limited": "Failed: 1 scenario, 1 of 1 check not met",
    }


@pytest.mark.parametrize("fixture", ["hkex_run", "hkex_participant", "rap_settings"])
def test_an_ordinary_test_runs_for_each_too(project, fixture):
    project.makepyfile(test_own=f"def test_own({fixture}): pass")
    result = project.runpytest("-v", "test_own.py")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*test_own?alpha-limited? PASSED*", "*test_own?gamma-limited? PASSED*"])


def test_run_and_participant_are_of_the_same_turn(project):
    project.makepyfile(
        test_own="def test_own(hkex_run, hkex_participant): assert hkex_run.participant is hkex_participant"
    )
    project.runpytest("test_own.py").assert_outcomes(passed=3)


def test_a_test_that_asks_while_it_runs_is_told_to_ask_before(project):
    project.makepyfile("def test_own(request): request.getfixturevalue('hkex_participant')")
    result = project.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*expected: to stand among a test's arguments*", "*--participant NAME*"])


def test_a_test_that_uses_nothing_of_ours_runs_once(project):
    project.makepyfile("def test_own(): pass")
    project.runpytest().assert_outcomes(passed=1)


def test_each_keeps_its_own_data_folder_with_a_live_target(project):
    project.makepyfile(
        test_own="def test_own(hkex_data, hkex_participant): assert hkex_data == hkex_participant.data_folder"
    )
    project.runpytest("--target=live", "test_own.py").assert_outcomes(passed=3)
    assert sorted(path.name for path in project.path.joinpath("hkexprt-data").iterdir()) == [
        "alpha-limited",
        "beta-limited",
        "gamma-limited",
    ]


def test_junit_says_whose_a_scenario_is(project):
    project.runpytest("own.feature", "--junitxml=junit.xml")
    assert 'name="hkexprt.participant" value="Gamma Limited"' in project.path.joinpath("junit.xml").read_text("utf-8")


def test_cucumber_messages_tell_the_participants_apart(project):
    project.runpytest("own.feature", "--cucumber-messages=messages.ndjson")
    lines = map(json.loads, project.path.joinpath("messages.ndjson").read_text("utf-8").splitlines())
    names = [line["pickle"]["name"] for line in lines if "pickle" in line]
    assert names == [f"Something is compared ({who}-limited)" for who in ("alpha", "beta", "gamma")]


def test_a_run_of_what_ships_is_for_all_of_them_too(reports):
    done = reports.run(
        Path(sys.executable).with_name("hkexprt"), "run", "rap", "--site=secondary", "-n", "2", "-k", "retrieves"
    )
    assert done.ret == pytest.ExitCode.OK
    done.stdout.fnmatch_lines(["Gamma Limited: Passed: 1 scenario*"])
    assert len(list(reports.path.glob("reports/*/result-form-*.html"))) == 3
