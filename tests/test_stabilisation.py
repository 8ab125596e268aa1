"""The days after the sessions as their user runs them: ``pytest features/rap_stabilisation.feature``."""

from __future__ import annotations

import datetime as dt

import pytest

from pytest_hkexprt import clock
from pytest_hkexprt.evidence.record import Check, ExchangeRecord, OutcomeRecord, SessionRecord
from pytest_hkexprt.model import Basis, Outcome
from pytest_hkexprt.schedule import BusinessDates
from pytest_hkexprt.systems.rap import backup, baseline, keys
from tests.openssh import openssh_server
from tests.projects import journal, records, stabilisation_project
from tests.systems.rap.samples import listing, report

FEATURE = "features/rap_stabilisation.feature"
LIVE = ("--target=live", FEATURE)
DATES = BusinessDates()


@pytest.fixture
def project(pytester):
    return stabilisation_project(pytester)


def backups_check(project) -> Check:
    (check,) = [check for check in records(project, Check) if check.what == "daily back-ups"]
    return check


def test_a_rehearsal_walks_through_the_period_and_passes(project):
    result = project.runpytest(FEATURE)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        ["session: Stabilisation period, primary site, 2023-04-17 00:00 to 2023-04-28 23:59, 10.151.14.121*"]
    )
    assert backups_check(project).came == "10 complete"


def test_each_business_date_is_visited_on_its_evening(project):
    project.runpytest(FEATURE, "-k", "Every")
    visits = [
        (line.rehearsed or "")[:13]
        for line in journal(project)
        if isinstance(line.record, ExchangeRecord) and line.record.what.startswith("listed")
    ]
    dates = DATES.between(dt.date(2023, 4, 17), dt.date(2023, 4, 28))
    assert visits == ["2023-04-14T22", *(f"{date}T22" for date in dates)]


def test_with_at_the_period_is_what_was_of_it_by_then(project):
    project.runpytest("--at=2023-04-19T22:30", FEATURE, "-k", "Every").assert_outcomes(passed=1)
    assert backups_check(project).came == "3 complete"


def test_before_the_first_evening_nothing_is_due_and_that_is_no_pass(project):
    result = project.runpytest("--at=2023-04-17T09:00", "-rs", FEATURE, "-k", "Every")
    result.assert_outcomes(skipped=1)
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result.stdout.fnmatch_lines(["*no business date of the stabilisation period is over yet*"])


def test_a_holiday_in_the_period_is_no_gap_and_a_half_day_is_due(project):
    move_period(project, "2024-02-08", "2024-02-14")
    project.runpytest(FEATURE, "-k", "Every").assert_outcomes(passed=1)
    assert backups_check(project).details == tuple(f"2024-02-{day}: 41 files" for day in ("08", "09", "14"))


def test_a_second_run_of_a_day_transfers_nothing_where_nothing_changed(project):
    project.runpytest(FEATURE, "-k", "second").assert_outcomes(passed=1)
    (check,) = records(project, Check)
    assert check.came == "0 transferred, 41 proven by their digests"


def test_the_secondary_site_has_no_such_period(project):
    result = project.runpytest("--site=secondary", FEATURE)
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_the_clauses_are_proven_in_the_report(project):
    project.runpytest(FEATURE)
    (session,) = records(project, SessionRecord)
    proven = {clause for line in journal(project) for clause in getattr(line.record, "clauses", ())}
    assert proven == {"backup", "keys"} <= {clause.id for clause in session.circular.clauses}


def move_period(project, starts: object, ends: object) -> None:
    """Put the circular's stabilisation period elsewhere."""
    path = project.path / "features" / "rap.toml"
    text = path.read_text("utf-8").replace("starts = 2023-04-17", f"starts = {starts}")
    path.write_text(text.replace("ends = 2023-04-28", f"ends = {ends}"), "utf-8")


@pytest.fixture
def live(project, tmp_path):
    """A live participant, a server of two reports, and a period that begins with the date the folder shows."""
    key, reports, work = keys.generate(), tmp_path / "reports", tmp_path / "sshd"
    for folder in (reports, work):
        folder.mkdir()
    for name in ("TP001.csv", "TP002.csv"):
        reports.joinpath(name).write_text(name)
    project.path.joinpath("key").write_text(key.openssh.reveal())
    project.path.joinpath("key").chmod(0o600)
    with openssh_server(work, reports, key.public) as server:
        project.path.joinpath("hkexprt.toml").write_text(
            f'participant = "A participant"\nroles = ["CP"]\n[rap]\nuser = "{server.user}"\nkey = "key"\n'
            f'[rap.host_keys]\nprimary = ["{server.host_key}"]\n[rap.addresses]\nprimary = ["{server.address}"]\n'
        )
        project.user, project.key = server.user, key.fingerprint
        today = DATES.shown_at(clock.now())
        project.today, project.before = today, DATES.last_before(today)
        move_period(project, today, today + dt.timedelta(days=7))
        yield project


def take_baseline(project, key: str) -> None:
    """Keep a baseline of the last business date before the period."""
    taken = baseline.of(
        listing(report("TP001")),
        user=project.user,
        business_date=project.before,
        host_key="",
        tool_version="1",
        key=key,
    )
    baseline.save(taken, project.path / "hkexprt-data")


def test_live_the_day_is_backed_up_and_the_days_before_are_looked_at(live):
    live.runpytest(*LIVE, "-k", "Every").assert_outcomes(passed=1)
    check = backups_check(live)
    assert (check.basis, check.came, check.details[0]) == (Basis.OBSERVED, "1 complete", f"{live.today}: 2 files")
    assert backup.examine(live.path / "hkexprt-data", live.user, live.today).complete


def test_live_a_business_date_without_a_back_up_is_named(live):
    move_period(live, live.today, live.today)
    path = live.path / "features" / "rap.toml"
    path.write_text(path.read_text("utf-8").replace(f"starts = {live.today}", f"starts = {live.before}"), "utf-8")
    result = live.runpytest(*LIVE, "-k", "Every")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*1 complete, 1 not*", f"*{live.before}: no back-up*", "*hkexprt backup*"])


def test_live_the_key_of_before_the_period_passes(live):
    take_baseline(live, live.key)
    live.runpytest(*LIVE, "-k", "key").assert_outcomes(passed=1)


@pytest.mark.parametrize("before", [keys.generate().fingerprint, ""], ids=["another", "none kept"])
def test_live_another_key_than_before_the_period_fails(live, before):
    take_baseline(live, before)
    result = live.runpytest(*LIVE, "-k", "key")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*SSH key in use*", "*expected: *as on*"])


def test_live_without_a_baseline_of_before_the_period_the_key_is_not_passed(live):
    live.runpytest(*LIVE, "-k", "key").assert_outcomes(failed=1)
    assert {outcome.outcome for outcome in records(live, OutcomeRecord)} == {Outcome.FAILED}


@pytest.mark.parametrize(
    ("line", "outcome"),
    [("host = 10.151.14.121", "passed"), ("host = 10.152.14.121", "failed")],
)
def test_production_left_at_the_primary_site_is_told_from_the_downloaders_configuration(live, line, outcome):
    live.path.joinpath("downloader.ini").write_text(f"[sftp]\n{line}\n")
    with live.path.joinpath("hkexprt.toml").open("a") as participant:
        participant.write('[rap.downloader]\nfiles = ["downloader.ini"]\n')
    live.runpytest("--site=primary", "features/rap.feature", "-k", "Production").assert_outcomes(**{outcome: 1})
    (check,) = records(live, Check)
    assert check.details[0].startswith("downloader.ini:2: 10.15")
