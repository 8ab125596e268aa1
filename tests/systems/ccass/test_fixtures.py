"""The fixtures in ordinary tests, and a rehearsal's own ways: its time, its processes, what it does not have."""

from __future__ import annotations

import pytest

from pytest_hkexprt import shipped
from pytest_hkexprt.evidence.record import NoticeRecord, OutcomeRecord
from pytest_hkexprt.model import Outcome
from tests.projects import records, shipped_project

TEST = """
import datetime as dt
import pytest

def test_a_participant_sees_its_collateral(ccass):
    ccass.look()
    ccass.logon("CCMS")
    assert ccass.enquire("CCMS").as_of == dt.date(2024, 3, 22)

def test_time_stays_the_rehearsals(ccass_simulator, hkex_session):
    from pytest_hkexprt import clock
    assert hkex_session.starts <= clock.now() <= hkex_session.ends
    assert ccass_simulator.name == "www.ccass.com"
"""


@pytest.fixture
def project(pytester):
    shipped_project(pytester, "ccass_upgrade")
    pytester.makepyfile(test_own=TEST)
    return pytester


def test_ordinary_tests_use_the_terminals_as_steps_do(project):
    project.runpytest("--circular=ccass_upgrade", "--site=primary", "test_own.py").assert_outcomes(passed=2)


def test_a_participant_file_that_says_nothing_of_the_terminals_is_enough_for_a_rehearsal(project):
    project.path.joinpath("hkexprt.toml").write_text('participant = "A vendor"\nroles = ["CP"]\n')
    chosen = ("test_own.py", "-k", "time_stays")
    project.runpytest("--circular=ccass_upgrade", "--site=primary", *chosen).assert_outcomes(passed=1)


def test_several_processes_have_terminals_and_browsers_of_their_own(project):
    chosen = ("features/ccass_upgrade.feature", "-k", "PS and answers")
    result = project.runpytest_subprocess("-n2", "--site=primary", *chosen)
    result.assert_outcomes(passed=2)
    assert {record.outcome for record in records(project, OutcomeRecord)} == {Outcome.PASSED}


def test_where_the_sites_stand_is_noted_once(project):
    project.runpytest("--site=primary", "features/ccass_upgrade.feature", "-k", "PS and answers")
    noted = [notice.text for notice in records(project, NoticeRecord) if "stands for the name" in notice.text]
    assert len(noted) == 1


def test_a_failover_belongs_to_a_session_that_leads_to_the_secondary_site(project):
    result = project.runpytest("--site=primary", "--collect-only", "-q", "features/ccass_upgrade.feature")
    assert "fails over" not in result.stdout.str()
    result = project.runpytest("--site=secondary", "--collect-only", "-q", "features/ccass_upgrade.feature")
    assert result.stdout.str().count("fails over") == 2


def test_without_the_extra_a_rehearsal_omits_the_terminals_and_says_what_installs_them(project, monkeypatch):
    monkeypatch.setattr(
        shipped, "lacking", lambda system: 'pip install "pytest-hkexprt[terminal]"' if system == "ccass" else ""
    )
    result = project.runpytest("--site=primary", "features/ccass_upgrade.feature", "-k", "PS")
    result.assert_outcomes(passed=1, skipped=4)
    result.stdout.fnmatch_lines(['omitted: *pip install "pytest-hkexprt[[]terminal[]]"*'])


def test_without_the_extra_a_participants_run_fails_with_what_installs_them(project, monkeypatch):
    monkeypatch.setattr(
        shipped, "lacking", lambda system: 'pip install "pytest-hkexprt[terminal]"' if system == "ccass" else ""
    )
    project.path.joinpath("hkexprt.toml").write_text(
        'participant = "A participant"\nroles = ["CP"]\n[ccass]\nuser = "USER01"\n'
    )
    result = project.runpytest("--site=primary", "features/ccass_upgrade.feature", "-k", "PS and answers and primary-1")
    result.stdout.fnmatch_lines(['*pip install "pytest-hkexprt[[]terminal[]]"*'])
    assert result.ret != 0


def test_with_a_live_target_there_is_no_simulator(project):
    project.path.joinpath("hkexprt.toml").write_text(
        'participant = "A participant"\nroles = ["CP"]\n[ccass]\nuser = "USER01"\n'
    )
    result = project.runpytest("--target=live", "--circular=ccass_upgrade", "test_own.py", "-k", "time")
    result.stdout.fnmatch_lines(["*ccass_simulator: with --target=live there is no simulator*"])


def test_a_rehearsal_with_a_smartcard_needs_nobody(project):
    project.path.joinpath("hkexprt.toml").write_text(
        'participant = "A participant"\nroles = ["CP"]\n[ccass]\nuser = "USER01"\npages = "standin-card"\n'
    )
    result = project.runpytest("--site=primary", "features/ccass_upgrade.feature", "-k", "PS and answers and primary-2")
    result.assert_outcomes(passed=1)
