"""The main job as its user runs it: ``pytest --site=secondary features/rap.feature``."""

from __future__ import annotations

import pytest

from pytest_hkexprt.evidence.record import (
    AttachmentRecord,
    Check,
    EndRecord,
    ExchangeRecord,
    OutcomeRecord,
    RunRecord,
    SessionRecord,
    StepRecord,
)
from pytest_hkexprt.model import Basis, Outcome
from tests.projects import journal, records, shipped_project

SCENARIO = "A Clearing Participant retrieves its reports"


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    return shipped_project(pytester)


def test_the_secondary_site_is_rehearsed_and_leaves_evidence_and_a_report(project):
    result = project.runpytest("--site=secondary", "features/rap.feature")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*Passed: 2 scenarios*", "report: *report.html"])
    (folder,) = project.path.glob("reports/*/")
    assert folder.name == "20230415T143000-rap-secondary"
    assert "SIMULATOR" in folder.joinpath("report.html").read_text("utf-8")


def test_the_header_says_circular_session_site_target_clock_participant_and_endpoints(project):
    result = project.runpytest("--site=secondary", "features/rap.feature")
    result.stdout.fnmatch_lines(
        [
            "circular: rap (CD/OEC/SEOCH/073/2023)*",
            "session: Session 1, secondary site, 2023-04-15 14:30 to 15:30, 10.152.14.121:10022, 10.152.14.122:10022",
            "target: SIMULATOR, a rehearsal; clock: *; true time 20*",
            "participant: Rehearsal Participant (generated)*",
        ]
    )


def test_both_sites_are_run_in_the_circulars_order(project):
    result = project.runpytest("-v", "features/rap.feature")
    result.assert_outcomes(passed=5, skipped=1)
    result.stdout.fnmatch_lines([f"*::{SCENARIO}?Session 1? PASSED*", f"*::{SCENARIO}?Session 2? PASSED*"])
    assert [record.site for record in records(project, SessionRecord)] == ["secondary", "primary"]


def test_a_scenario_reads_as_sentences_with_v(project):
    result = project.runpytest("-v", "--site=secondary", "features/rap.feature")
    result.stdout.fnmatch_lines(
        [
            "*Given the SFTP connection points to the site's addresses*",
            "*When the participant logs in with its User ID and SSH key*",
            "*Then the connection is closed on both sides*",
        ]
    )


def test_the_journal_holds_the_run_from_first_to_last_line(project):
    project.runpytest("--site=secondary", "features/rap.feature")
    lines = journal(project)
    assert isinstance(lines[0].record, RunRecord)
    assert lines[0].record.target == "simulator"
    end = lines[-1].record
    assert isinstance(end, EndRecord)
    assert (end.records, end.outcomes, end.exit_status) == (len(lines) - 1, {"passed": 2}, 0)
    assert [record.outcome for record in records(project, StepRecord)] == [Outcome.PASSED] * 8
    assert [record.outcome for record in records(project, OutcomeRecord)] == [Outcome.PASSED] * 2


def test_every_line_carries_the_rehearsed_and_the_true_time(project):
    project.runpytest("--site=secondary", "features/rap.feature")
    lines = journal(project)
    assert all(line.rehearsed and line.rehearsed.startswith("2023-04-1") for line in lines[:-1])
    assert lines[-1].rehearsed is None
    assert not any(line.utc.startswith("2023") for line in lines)


def test_the_baseline_is_taken_at_the_primary_on_the_evening_of_the_last_business_date(project):
    project.runpytest("--site=secondary", "features/rap.feature")
    listed = [
        (line.rehearsed or "", line.record.endpoint)
        for line in journal(project)
        if isinstance(line.record, ExchangeRecord) and line.record.what.startswith("listed")
    ]
    assert [(when[:13], endpoint.split()[0]) for when, endpoint in listed] == [
        ("2023-04-14T22", "rap/primary"),
        ("2023-04-15T14", "rap/secondary"),
    ]


def test_checks_of_a_rehearsal_rest_on_the_simulator(project):
    project.runpytest("--site=secondary", "features/rap.feature")
    checks = records(project, Check)
    assert len(checks) >= 5
    assert {check.basis for check in checks} == {Basis.SIMULATED}


def test_downloads_are_evidence_by_name_size_and_digest_and_lie_outside_the_report_folder(project):
    project.runpytest("--site=secondary", "features/rap.feature")
    kept = records(project, AttachmentRecord)
    assert [record.name[:5] for record in kept] == ["TP001", "TP002", "stand"]
    assert all(record.sha256 and not record.stored for record in kept)
    assert not list(project.path.joinpath("reports").rglob("TP00*"))


@pytest.mark.parametrize("where", ["features", "/"])
def test_it_runs_from_any_working_directory_by_relative_or_absolute_path(project, monkeypatch, where):
    feature = project.path / "features" / "rap.feature"
    monkeypatch.chdir(project.path / where if where != "/" else "/")
    argument = "rap.feature" if where == "features" else str(feature)
    result = project.runpytest(f"--rootdir={project.path}", "--site=secondary", argument)
    result.assert_outcomes(passed=2)
    assert len(list(project.path.glob("reports/*/report.html"))) == 1


def test_two_workers_leave_one_journal_in_the_order_of_the_feature(project):
    result = project.runpytest_subprocess("-n", "2", "features/rap.feature", "-k", "retrieves")
    result.assert_outcomes(passed=2)
    assert [record.name for record in records(project, SessionRecord)] == ["Session 1", "Session 2"]
    assert len(records(project, RunRecord)) == 1
    assert [path.name for path in project.path.glob("reports/*/")] == ["20230415T143000-rap-all"]


def test_two_runs_of_one_rehearsal_keep_their_own_folders(project):
    for _ in range(2):
        project.runpytest("--site=secondary", "features/rap.feature").assert_outcomes(passed=2)
    names = sorted(path.name for path in project.path.glob("reports/*/"))
    assert names == ["20230415T143000-rap-secondary", "20230415T143000-rap-secondary-2"]


def test_nothing_selected_is_not_green_and_says_so(project):
    result = project.runpytest("--site=secondary", "features/rap.feature", "-k", "nothing_of_this_name")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result.stdout.fnmatch_lines(["Nothing ran, so nothing is proved*"])
    assert not project.path.joinpath("reports").exists()


def test_an_ordinary_test_uses_the_same_fixtures_and_is_in_the_evidence(project):
    project.makepyfile(
        test_own="""
        def test_reports_are_listed(rap, hkex_site, hkex_evidence):
            rap.connect()
            rap.login()
            assert hkex_site == "secondary"
            assert any("TP001" in report.name for report in rap.listing().reports)
        """
    )
    project.runpytest("--site=secondary", "test_own.py").assert_outcomes(passed=1)
    (outcome,) = records(project, OutcomeRecord)
    assert outcome.id == "test_own.py::test_reports_are_listed"


def test_a_project_without_features_sees_nothing_of_us(pytester):
    pytester.makepyfile("def test_own(): pass")
    result = pytester.runpytest()
    result.assert_outcomes(passed=1)
    assert not pytester.path.joinpath("reports").exists()
    assert "hkex" not in "\n".join(line for line in result.outlines if not line.startswith("plugins:"))


def test_the_fixtures_are_documented(pytester):
    lines = pytester.runpytest("--fixtures").outlines
    ours = [number for number, line in enumerate(lines) if line.startswith(("hkex_", "rap"))]
    assert len(ours) >= 15
    assert not [lines[number] for number in ours if "no docstring" in lines[number + 1]]


def test_the_folders_of_both_sites_are_compared_where_both_were_visited(project):
    project.runpytest("--site=all", "features/rap.feature", "-k", "retrieves or same")
    (check,) = [check for check in records(project, Check) if check.what == "reports at both data centres"]
    assert (check.met, check.came) == (True, "41 files, the same by name and size")


def test_with_one_site_there_is_nothing_to_compare_and_that_is_no_pass(project):
    result = project.runpytest("--site=primary", "-rs", "features/rap.feature", "-k", "same")
    result.assert_outcomes(skipped=1)
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result.stdout.fnmatch_lines(["Nothing was proven: 1 skipped of 1 scenario*", "*nothing to compare: *--site=all*"])
