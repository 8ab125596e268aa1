"""The runs before this one: what is written of them, and what the report shows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pytest_hkexprt.evidence import history, html
from pytest_hkexprt.evidence.journal import Journal, read
from pytest_hkexprt.evidence.record import HistoryRecord, Line
from tests.evidence import samples
from tests.evidence.test_html import Page

NAME = "20230415T143000-rap-secondary"


def run(reports: Path, name: str, sample: object = samples.passed) -> Path:
    folder = reports / name
    folder.mkdir()
    assert callable(sample)
    sample(folder / "evidence.jsonl")
    return folder / "evidence.jsonl"


def told(reports: Path, name: str = f"{NAME}-9", sample: object = samples.passed) -> HistoryRecord | None:
    return history.before(run(reports, name, sample))


def test_the_first_run_has_no_history(tmp_path):
    assert told(tmp_path) is None


def test_an_earlier_run_is_told_by_a_letter_for_each_scenario(tmp_path):
    run(tmp_path, NAME, samples.failed)
    record = told(tmp_path)
    assert record is not None and [each.outcomes for each in record.runs] == ["f"]


def test_an_earlier_run_with_a_drill_says_so(tmp_path):
    run(tmp_path, NAME, samples.failed)
    record = told(tmp_path)
    assert record is not None and record.runs[0].drills == ("rap.missing-report",)


@pytest.mark.parametrize("name", ["20230415T143000-rap-primary", "20230415T143000-otp-secondary", "notes"])
def test_a_run_of_another_circular_or_site_is_none_of_its(tmp_path, name):
    run(tmp_path, name)
    assert told(tmp_path) is None


def test_a_live_run_is_not_compared_with_a_rehearsal(tmp_path):
    run(tmp_path, NAME, samples.live)
    assert told(tmp_path) is None


def test_a_killed_run_is_told_as_far_as_it_came(tmp_path):
    run(tmp_path, NAME, samples.interrupted)
    record = told(tmp_path)
    assert record is not None and record.runs[0].outcomes == "-"


def test_a_damaged_journal_beside_it_is_left_out(tmp_path):
    run(tmp_path, NAME).write_bytes(b'{"kind":"run"}\n')
    assert told(tmp_path) is None


def test_no_more_than_the_last_few_runs_are_told(tmp_path):
    for number in range(2, 13):
        run(tmp_path, f"{NAME}-{number + 20}")
    record = told(tmp_path)
    assert record is not None and len(record.runs) == history.MOST_RUNS


def test_scenarios_that_are_gone_are_named(tmp_path):
    run(tmp_path, NAME, samples.two_sessions)
    shutil.copy(tmp_path / NAME / "evidence.jsonl", tmp_path / "x")
    record = told(tmp_path, sample=samples.passed)
    assert record is not None and record.gone == ("tests/test_gateway.py::test_codec",)


def with_history(tmp_path: Path, earlier: object, now: object) -> list[Line]:
    """A run that was made after another, with its history in its journal before the last line."""
    run(tmp_path, NAME, earlier)
    path = run(tmp_path, f"{NAME}-2", now)
    record = history.before(path)
    assert record is not None
    *before, end = read(path)
    path.unlink()
    with Journal(path) as journal:
        for line in before:
            journal.write_at(line.record, utc=line.utc, rehearsed=line.rehearsed)
        journal.write_at(record, utc=end.utc, rehearsed=None)
        journal.write_at(end.record, utc=end.utc, rehearsed=None)
    return list(read(path))


def test_the_report_says_what_changed_since_the_last_run(tmp_path):
    text = Page(html.render(with_history(tmp_path, samples.passed, samples.failed))).text
    assert "Changed since the last run, 20230415T143000-rap-secondary:" in text
    assert "passed → failed A Clearing Participant retrieves its reports" in text


def test_the_report_says_that_nothing_changed(tmp_path):
    assert (
        "Nothing changed since the last run"
        in Page(html.render(with_history(tmp_path, samples.passed, samples.passed))).text
    )


def test_the_report_is_the_same_once_the_earlier_runs_are_gone(tmp_path):
    lines = with_history(tmp_path, samples.passed, samples.failed)
    beside = html.write(tmp_path / f"{NAME}-2").read_bytes()
    shutil.rmtree(tmp_path / NAME)
    assert html.render(lines).encode() == beside == html.write(tmp_path / f"{NAME}-2").read_bytes()
