"""The verdict in words: when a run is called passed, and what it is called otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_hkexprt.evidence.record import Check, OutcomeRecord, ScenarioRecord
from pytest_hkexprt.evidence.verdict import Tone, Verdict, terminal_line, verdict
from pytest_hkexprt.model import Outcome
from tests.evidence import samples


def run_of(
    tmp_path: Path, *outcomes: Outcome | None, checks: int = 1, exit_status: int = 0, session: str = "Session 1"
) -> Verdict:
    """Return the verdict of a run of scenarios that ended so (None: never), each with that many checks."""

    def write_run(path: Path) -> None:
        write = samples.Writer(path)
        write(samples.run_record())
        write(samples.session_record())
        for outcome in outcomes:
            write(ScenarioRecord(id="s", name="s", feature="f", file="f", line=1, session=session))
            for _ in range(checks):
                write(Check(what="w", where="h", expected="1", came="1", met=outcome is not Outcome.FAILED))
            if outcome:
                write(OutcomeRecord(id="s", outcome=outcome, duration_s=0.1, checks=checks))
        samples.end(write, exit_status=exit_status)

    return verdict(samples.lines(tmp_path, write_run))


def test_a_run_whose_checks_are_met_is_passed(tmp_path):
    assert run_of(tmp_path, Outcome.PASSED, checks=6) == Verdict(Tone.PASSED, "Passed: 1 scenario, 6 checks")


def test_skipped_scenarios_stand_beside_the_passed_ones(tmp_path):
    expected = Verdict(Tone.PASSED, "Passed: 1 scenario, 2 checks; 1 skipped")
    assert run_of(tmp_path, Outcome.PASSED, Outcome.SKIPPED) == expected


def test_a_failed_scenario_fails_the_run(tmp_path):
    expected = Verdict(Tone.FAILED, "Failed: 1 of 2 scenarios, 1 of 2 checks not met")
    assert run_of(tmp_path, Outcome.PASSED, Outcome.FAILED, exit_status=1) == expected


def test_an_error_is_told_apart_from_a_failure(tmp_path):
    assert run_of(tmp_path, Outcome.ERROR, exit_status=1) == Verdict(Tone.ERROR, "Error: 1 scenario")


def test_a_run_without_a_check_is_not_passed(tmp_path):
    assert run_of(tmp_path, Outcome.PASSED, checks=0).tone is Tone.NOTHING


def test_a_run_without_a_scenario_is_not_passed(tmp_path):
    assert run_of(tmp_path).tone is Tone.NOTHING


def test_a_run_of_skipped_scenarios_proves_nothing(tmp_path):
    assert run_of(tmp_path, Outcome.SKIPPED).text == "Nothing was proven: 1 skipped of 1 scenario"


@pytest.mark.parametrize("exit_status", [1, 3, 4, 70])
def test_a_run_that_pytest_does_not_call_passed_is_not_passed(tmp_path, exit_status):
    assert run_of(tmp_path, Outcome.PASSED, exit_status=exit_status).tone is Tone.ERROR


def test_a_scenario_that_never_ended_makes_the_run_interrupted(tmp_path):
    expected = Verdict(Tone.INTERRUPTED, "Interrupted: of 2 scenarios, 1 passed, 1 unfinished")
    assert run_of(tmp_path, Outcome.PASSED, None) == expected


def test_a_run_that_was_interrupted_says_so_even_if_all_that_ran_passed(tmp_path):
    assert run_of(tmp_path, Outcome.PASSED, exit_status=2).tone is Tone.INTERRUPTED


def test_ordinary_tests_among_them_are_called_tests(tmp_path):
    assert run_of(tmp_path, Outcome.PASSED, session="").text == "Passed: 1 test, 1 check"


def test_a_journal_without_its_end_is_interrupted(tmp_path):
    assert verdict(samples.lines(tmp_path, samples.interrupted)).tone is Tone.INTERRUPTED


def test_a_journal_about_to_be_ended_is_judged_by_the_given_exit_status(tmp_path):
    lines = samples.lines(tmp_path, samples.passed)[:-1]
    assert verdict(lines, exit_status=0).tone is Tone.PASSED


def test_the_terminal_line_of_a_rehearsal_names_the_simulator(tmp_path):
    assert "SIMULATOR" in terminal_line(samples.lines(tmp_path, samples.passed))


def test_the_terminal_line_of_a_live_run_does_not(tmp_path):
    assert terminal_line(samples.lines(tmp_path, samples.live)) == "Passed: 1 scenario, 6 checks"
