"""What a participant need not run, or cannot run yet, and what a session is subject to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_hkexprt import applies, circular, participant, shipped
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Outcome, Participant

UPGRADE = circular.read(shipped.features_folder() / "ccass_upgrade.toml")
PRT = UPGRADE.sessions[2]
RAP = circular.read(shipped.features_folder() / "rap.toml")
PASSED, FAILED, OMITTED = {Outcome.PASSED}, {Outcome.PASSED, Outcome.FAILED}, {Outcome.PASSED, Outcome.OMITTED}


def who(*roles: str) -> Participant:
    return Participant(name="A participant", roles=roles, path=Path("hkexprt.toml"))


@pytest.mark.parametrize("roles", [("CP",), ("EP", "CP"), ()])
def test_a_participant_of_the_role_or_of_none_that_it_says_runs_it(roles):
    assert applies.omitted((), RAP, RAP.sessions[0], who(*roles)) == ""


def test_a_participant_made_up_for_a_rehearsal_runs_what_is_for_any_role():
    assert applies.omitted(("role.CCEP",), RAP, RAP.sessions[0], participant.generated()) == ""


def test_a_participant_of_another_role_than_the_circulars_is_told_so():
    assert applies.omitted((), RAP, RAP.sessions[0], who("EP")) == "for CP, and A participant is EP"


def test_a_participant_of_another_role_than_the_sessions_is_told_so():
    session = replace(RAP.sessions[0], roles=("HSN",))
    assert applies.omitted((), RAP, session, who("CP")) == "for HSN, and A participant is CP"


def test_a_session_subject_to_nothing_is_held():
    assert applies.condition(UPGRADE.sessions[0], {}) == ("", "")


def test_a_session_whose_condition_is_met_is_held():
    assert applies.condition(PRT, {"PS primary": PASSED, "PS failover": PASSED}) == ("", "")


def test_a_session_is_not_held_after_a_failure_in_one_of_those_before():
    assert applies.condition(PRT, {"PS primary": PASSED, "PS failover": FAILED}) == (
        "PRT is subject to the result of PS failover, which did not pass",
        "",
    )


@pytest.mark.parametrize("ended", [{}, {"PS primary": PASSED}, {"PS primary": PASSED, "PS failover": OMITTED}])
def test_of_what_did_not_run_in_full_the_result_is_not_known(ended):
    why, unknown = applies.condition(PRT, ended)
    assert why == ""
    assert "PS failover, which is not known here" in unknown


@pytest.fixture
def lacking(monkeypatch):
    monkeypatch.setattr(shipped, "lacking", {"rap": 'pip install "pytest-hkexprt[reports]"'}.get)


@pytest.mark.usefixtures("lacking")
def test_what_is_not_installed_is_omitted_in_a_rehearsal_of_nobody_with_the_command_that_installs_it():
    assert applies.omitted((), RAP, RAP.sessions[0], participant.generated()) == (
        'what it needs is not installed: pip install "pytest-hkexprt[reports]"'
    )


@pytest.mark.usefixtures("lacking")
def test_a_scenarios_own_systems_count_before_the_sessions():
    assert applies.omitted(("system.forms",), RAP, RAP.sessions[0], participant.generated()) == ""


@pytest.mark.usefixtures("lacking")
def test_what_is_not_installed_is_not_omitted_for_who_brings_a_participant_file():
    assert applies.omitted((), RAP, RAP.sessions[0], who("CP")) == ""


def test_a_system_that_needs_nothing_lacks_nothing():
    assert [system for system in ("rap", "network", "forms") if shipped.lacking(system)] == []


def test_what_a_system_lacks_is_said_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(shipped, "_described", lambda _: {"needs": ["no_such_module"], "extra": "reports"})
    shipped.lacking.cache_clear()
    with pytest.raises(UsageFault, match=r"pytest-hkexprt\[reports\]"):
        shipped.require("rap")
    shipped.lacking.cache_clear()
