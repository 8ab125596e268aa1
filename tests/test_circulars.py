"""The five circulars as their texts have them, written by hand from them, and what a rehearsal of each comes to."""

from __future__ import annotations

import datetime as dt

import pytest

from pytest_hkexprt import circular, shipped
from pytest_hkexprt.evidence.record import NoticeRecord, OutcomeRecord, RunRecord, SessionRecord
from pytest_hkexprt.gherkin import reading
from pytest_hkexprt.model import Endpoint, Form, FormWhen, Outcome, Period, Site
from tests.projects import journal, records, shipped_project, untranslated

STEMS = ("rap", "ccass_relocation", "ccass_upgrade", "backbone_prt", "backbone_ps2")
REHEARSED = {"ccass_relocation": 3, "ccass_upgrade": 17, "backbone_prt": 12, "backbone_ps2": 6}
"""Features to how many scenarios they have."""
DESK = "HKEX Hosting Services, Service Desk"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}+08:00")


def read(stem: str) -> circular.Circular:
    return circular.read(shipped.features_folder() / f"{stem}.toml")


def windows(stem: str) -> list[tuple[str, str, dt.datetime, dt.datetime]]:
    return [(each.name, each.place, each.starts, each.ends) for each in read(stem).sessions]


def outcomes(project: pytest.Pytester) -> dict[str, Outcome]:
    return {each.id.partition("::")[2]: each.outcome for each in records(project, OutcomeRecord)}


def messages(project: pytest.Pytester) -> set[str]:
    return {each.message for each in records(project, OutcomeRecord)} - {""}


def notices(project: pytest.Pytester) -> str:
    return "\n".join(each.text for each in records(project, NoticeRecord))


@pytest.mark.parametrize(
    ("stem", "reference", "dated", "issuer", "roles"),
    [
        ("rap", "CD/OEC/SEOCH/073/2023", dt.date(2023, 3, 23), "The SEHK Options Clearing House Limited", ("CP",)),
        ("ccass_relocation", "", None, "The SEHK Options Clearing House Limited", ("CP",)),
        ("ccass_upgrade", "", None, "The SEHK Options Clearing House Limited", ("CP",)),
        ("backbone_prt", "", None, "The Stock Exchange of Hong Kong Limited", ("EP", "CCEP")),
        ("backbone_ps2", "HDS/23/1109", dt.date(2023, 11, 15), "HKEX Hosting Services Limited", ("HSN",)),
    ],
)
def test_a_circular_is_headed_as_its_text_is(stem, reference, dated, issuer, roles):
    told = read(stem)
    assert (told.reference, told.dated, told.issuer, told.roles) == (reference, dated, issuer, roles)


def test_the_relocation_has_one_evening_of_two_hours():
    assert windows("ccass_relocation") == [
        ("Connectivity Test", "primary", at("2021-08-14T20:30"), at("2021-08-14T22:30"))
    ]


def test_the_relocation_gives_two_addresses_of_rap_and_the_terminals_page():
    assert read("ccass_relocation").endpoints == (
        Endpoint("rap", Site.PRIMARY, "10.151.14.121", 10022),
        Endpoint("rap", Site.PRIMARY, "10.151.14.122", 10022),
        Endpoint("ccass", Site.PRIMARY, "www.ccass.com", 443),
    )


def test_the_relocation_has_a_stabilisation_period_of_two_weeks():
    assert read("ccass_relocation").stabilisation == Period(dt.date(2021, 8, 16), dt.date(2021, 8, 27))


def test_the_upgrade_has_two_windows_of_practice_and_a_test_at_the_primary_site():
    assert windows("ccass_upgrade") == [
        ("PS primary", "primary", at("2024-03-23T12:00"), at("2024-03-23T13:00")),
        ("PS failover", "secondary", at("2024-03-23T15:00"), at("2024-03-23T17:00")),
        ("PRT", "primary", at("2024-04-13T12:00"), at("2024-04-13T13:00")),
    ]


def test_the_upgrades_test_is_subject_to_both_windows_of_practice():
    assert [each.subject_to for each in read("ccass_upgrade").sessions] == [(), (), ("PS primary", "PS failover")]


def test_the_post_release_tests_are_three_saturday_mornings():
    assert [(each.name, each.starts, each.ends) for each in read("backbone_prt").sessions] == [
        ("PRT1", at("2024-01-06T09:00"), at("2024-01-06T12:10")),
        ("PRT2", at("2024-01-13T09:00"), at("2024-01-13T12:10")),
        ("PRT3", at("2024-01-20T09:00"), at("2024-01-20T12:10")),
    ]


def test_the_post_release_tests_name_the_network_components_of_their_phases():
    assert [each.focus for each in read("backbone_prt").sessions] == [
        "primary network components at the primary site",
        "primary and secondary network components at the primary site",
        "all remaining network components at both sites",
    ]


def test_the_second_practice_session_has_a_date_and_a_pair_of_sites_and_no_time_of_day():
    (session,) = read("backbone_ps2").sessions
    assert (session.sites, session.timed, session.starts.date()) == (
        (Site.PRIMARY, Site.SECONDARY),
        False,
        dt.date(2023, 11, 25),
    )


def test_the_second_practice_session_wants_two_forms_back():
    assert read("backbone_ps2").forms == (
        Form("Intention Form", DESK, at("2023-11-24T23:59:59"), FormWhen.BEFORE),
        Form("Result Form", DESK, at("2023-11-27T23:59:59"), FormWhen.AFTER),
    )


@pytest.mark.parametrize(
    ("stem", "deadline"),
    [
        ("rap", "2023-04-06T18:00:00"),
        ("ccass_relocation", "2021-08-12T23:59:59"),
        ("ccass_upgrade", "2024-03-20T23:59:59"),
        ("backbone_prt", "2023-12-29T23:59:59"),
    ],
)
def test_one_registers_by_the_day_the_text_names(stem, deadline):
    registration = read(stem).registration
    assert registration is not None
    assert registration.deadline == at(deadline)


def test_the_second_practice_session_has_no_registration_but_a_form():
    assert read("backbone_ps2").registration is None


@pytest.mark.parametrize(
    ("stem", "clauses"),
    [
        ("ccass_relocation", "register ccms-logon ccms-message ccms-logout rap-logon rap-reports staff stabilisation"),
        ("ccass_upgrade", "register connectivity enquiry reports failover subject-to rundown staff"),
        ("backbone_prt", "register login daily-operations login-only rundown vendors"),
        ("backbone_ps2", "date connection failover intention result other-replies"),
    ],
)
def test_whatever_the_text_asks_for_is_a_clause(stem, clauses):
    assert set(clauses.split()) <= {each.id for each in read(stem).clauses}


@pytest.mark.parametrize("stem", STEMS)
def test_every_clause_has_a_scenario_or_says_why_it_has_none(stem):
    tagged = {
        tag
        for path in shipped.features_folder().glob("*.feature")
        if path.stem == stem or f"@circular.{stem}" in path.read_text("utf-8")
        for scenario in reading.read(path, path.name).scenarios
        for tag in scenario.tags
    }
    assert [each.id for each in read(stem).clauses if (f"clause.{each.id}" in tagged) is bool(each.untested)] == []


@pytest.mark.parametrize(("stem", "scenarios"), REHEARSED.items())
def test_a_rehearsal_passes_every_scenario_of_a_circular(pytester, stem, scenarios):
    shipped_project(pytester, stem).runpytest(f"features/{stem}.feature").assert_outcomes(passed=scenarios)
    assert [*outcomes(pytester).values()] == [Outcome.PASSED] * scenarios
    assert untranslated(line.record for line in journal(pytester)) == []


@pytest.fixture
def no_terminals(monkeypatch):
    """As if the extra of the terminals were not installed."""
    monkeypatch.setattr(shipped, "lacking", {"ccass": 'pip install "pytest-hkexprt[terminal]"'}.get)


NOT_INSTALLED = 'what it needs is not installed: pip install "pytest-hkexprt[terminal]"'


@pytest.mark.usefixtures("no_terminals")
def test_the_reason_of_what_is_omitted_stands_on_the_terminal_and_in_the_evidence(pytester):
    result = shipped_project(pytester, "ccass_relocation").runpytest("features/ccass_relocation.feature")
    told = NOT_INSTALLED.replace("[", "[[]")
    result.stdout.fnmatch_lines(["Passed: 2 scenarios*; 1 omitted*", f"omitted: 1 scenario: {told}"])
    assert messages(pytester) == {NOT_INSTALLED}


@pytest.mark.usefixtures("no_terminals")
def test_a_run_whose_every_scenario_is_omitted_is_not_passed(pytester):
    result = shipped_project(pytester, "ccass_relocation").runpytest("features/ccass_relocation.feature", "-k", "CCMS")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result.stdout.fnmatch_lines(["Nothing was proven: 1 omitted of 1 scenario*"])


def test_a_failover_is_at_both_its_sites(pytester):
    project = shipped_project(pytester, "backbone_ps2")
    project.runpytest("--site=secondary", "features/backbone_ps2.feature", "-k", "said").assert_outcomes(passed=1)
    (session,) = records(project, SessionRecord)
    assert session.site == "primary to secondary"


def test_a_failovers_run_folder_names_both_sites(pytester):
    project = shipped_project(pytester, "backbone_ps2")
    project.runpytest("features/backbone_ps2.feature", "-k", "said")
    (folder,) = (path.name for path in project.path.glob("reports/*") if path.is_dir())
    assert folder == "20231125T090000-backbone_ps2-primary-to-secondary"


def test_the_hour_of_a_rehearsal_is_said_to_be_ours_where_the_circular_gives_none(pytester):
    shipped_project(pytester, "backbone_ps2").runpytest("features/backbone_ps2.feature", "-k", "said")
    assert "no time of day; this rehearsal's 09:00 is our own choice" in notices(pytester)


def test_an_hour_of_the_users_own_is_not_said_to_be_ours(pytester):
    shipped_project(pytester, "backbone_ps2").runpytest(
        "--at=2023-11-25T11:00", "features/backbone_ps2.feature", "-k", "said"
    )
    assert "our own choice" not in notices(pytester)


@pytest.mark.parametrize(
    ("roles", "told"),
    [
        ('["EP"]', {"for CCEP, and A participant is EP"}),
        ('["CCEP"]', {"for EP, and A participant is CCEP"}),
        ('["CP"]', {"for CCEP, EP, and A participant is CP"}),
    ],
)
def test_roles_choose_the_scenarios(pytester, roles, told):
    project = shipped_project(pytester, "backbone_prt")
    project.path.joinpath("hkexprt.toml").write_text(f'participant = "A participant"\nroles = {roles}\n', "utf-8")
    project.runpytest("features/backbone_prt.feature")
    assert messages(project) == told


def test_a_participant_made_up_for_a_rehearsal_has_every_role(pytester):
    project = shipped_project(pytester, "backbone_prt")
    project.runpytest("features/backbone_prt.feature")
    (run,) = records(project, RunRecord)
    assert run.roles == ("CP", "EP", "CCEP", "HSN")


@pytest.mark.parametrize(("tag", "told"), [("role.EPP", "@role.EP,"), ("system.otpp", "@system.otp,")])
def test_a_tag_of_no_role_or_system_is_refused(pytester, tag, told):
    project = shipped_project(pytester, "ccass_relocation")
    feature = project.path / "features" / "ccass_relocation.feature"
    feature.write_text(feature.read_text("utf-8").replace("@system.forms", f"@{tag}"), "utf-8")
    result = project.runpytest("features/ccass_relocation.feature")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*ccass_relocation.feature:5*", f"*{told}*"])


def conditional(pytester: pytest.Pytester) -> pytest.Pytester:
    """Make the report retrieval's second session subject to its first."""
    project = shipped_project(pytester)
    data = project.path / "features" / "rap.toml"
    text = data.read_text("utf-8").replace('name = "Session 2"', 'name = "Session 2"\nsubject_to = "Session 1"')
    data.write_text(text, "utf-8")
    return project


def test_a_session_subject_to_one_that_failed_is_omitted(pytester):
    project = conditional(pytester)
    project.runpytest("--drill=rap.report-missing", "features/rap.feature", "-k", "retrieves or registered")
    assert {name: each for name, each in outcomes(project).items() if "Session 2" in name} == {
        "A Clearing Participant retrieves its reports[Session 2]": Outcome.OMITTED,
        "The participant is registered[Session 2]": Outcome.OMITTED,
    }


def test_a_session_subject_to_one_that_passed_is_held(pytester):
    project = conditional(pytester)
    project.runpytest("features/rap.feature", "-k", "retrieves").assert_outcomes(passed=2)
    assert "subject to" not in notices(project)


def test_run_alone_a_session_says_that_its_condition_is_not_known(pytester):
    project = conditional(pytester)
    project.runpytest("--site=primary", "features/rap.feature", "-k", "registered").assert_outcomes(passed=1)
    assert "Session 2 is subject to the result of Session 1, which is not known here" in notices(project)
