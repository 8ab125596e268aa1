"""The result form: what the participant answers, and that it never passes for an answer when it is a rehearsal."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from pytest_hkexprt.evidence import form
from pytest_hkexprt.evidence.parts import DeadlineRecord
from pytest_hkexprt.evidence.record import Line
from tests.evidence import samples
from tests.evidence.test_html import Page

DUE = DeadlineRecord(what="Result Form", to="Market Data", by="2023-04-24T18:00:00+08:00", when="after")
CONTACT = {"name": "Chan Tai Man", "telephone": "+852 5550 0000", "email": "ops@example.com", "company": "Kowloon Ltd"}


def answered(path: Path) -> None:
    """A live run of a participant with a contact, for a circular with a deadline."""
    write = samples.Writer(path, live=True)
    write.true = samples.SESSION_START.astimezone(samples.dt.UTC)
    write(msgspec.structs.replace(samples.run_record(live=True), contact=CONTACT))
    write(samples.session_record(circular=msgspec.structs.replace(samples.RAP, deadlines=(DUE,))))
    samples.retrieval(write)
    samples.end(write, passed=1)


def lines(tmp_path: Path) -> list[Line]:
    return samples.lines(tmp_path, answered)


@pytest.mark.parametrize(
    "said",
    [
        "CD/OEC/SEOCH/073/2023",
        "Kowloon Options Clearing Limited",
        "Kowloon Ltd",
        "Chan Tai Man",
        "+852 5550 0000",
        "ops@example.com",
        "Session 1 · secondary site",
        "15 Apr 2023, 14:30–15:30",
        "Passed: 1 scenario, 6 checks",
        "24 Apr 2023, 18:00:00 Result Form, Market Data",
        "left 9 days 3 hours",
        "those of the circular's own form are not public",
        "Signature",
    ],
)
def test_the_form_says(tmp_path, said):
    assert said in Page(form.render(lines(tmp_path))).text


def test_each_clause_has_its_result_and_basis(tmp_path):
    assert Page(form.render(lines(tmp_path))).row("count").endswith("passed observed")


def test_an_untested_clause_has_its_reason_as_a_remark(tmp_path):
    assert "falls on the days after the sessions" in Page(form.render(lines(tmp_path))).row("keys")


def test_a_deadline_that_is_over_is_late(tmp_path):
    def late(path: Path) -> None:
        write = samples.Writer(path, live=True)
        write(samples.run_record(live=True))
        write(samples.session_record(circular=msgspec.structs.replace(samples.RAP, deadlines=(DUE,))))
        samples.end(write, exit_status=5)

    assert "late by 1,305 days" in Page(form.render(samples.lines(tmp_path, late))).text


def test_what_is_not_known_is_left_to_be_filled_in(tmp_path):
    drawn = form.render(samples.lines(tmp_path, samples.passed))
    assert '<dt>Telephone</dt><dd class="blank"></dd>' in drawn


def test_a_rehearsals_form_says_that_it_answers_nothing(tmp_path):
    assert "NOT AN ANSWER TO THE CIRCULAR" in Page(form.render(samples.lines(tmp_path, samples.passed))).text


def test_a_live_runs_form_bears_no_mark_of_the_simulator(tmp_path):
    assert "SIMULATOR" not in Page(form.render(lines(tmp_path))).text


def test_the_data_hold_what_the_form_shows(tmp_path):
    (answer,) = json.loads(form.data(lines(tmp_path)))
    clauses = {each["id"]: each["result"] for each in answer["sessions"][0]["clauses"]}
    assert (answer["contact"]["email"], answer["rehearsal"], clauses["count"], clauses["keys"]) == (
        "ops@example.com", False, "passed", "omitted",
    )  # fmt: skip


def test_a_rehearsals_data_say_so(tmp_path):
    (answer,) = json.loads(form.data(samples.lines(tmp_path, samples.passed)))
    assert answer["rehearsal"] and "NOT AN ANSWER" in answer["note"]


def test_a_failed_clause_names_the_scenario(tmp_path):
    row = Page(form.render(samples.lines(tmp_path, samples.failed))).row("count")
    assert row.endswith("failed simulated A Clearing Participant retrieves its reports")


@pytest.mark.parametrize("sample", samples.SAMPLES.values(), ids=samples.SAMPLES)
def test_the_same_journal_gives_the_same_form(tmp_path, sample):
    read = samples.lines(tmp_path, sample)
    assert (form.render(read), form.data(read)) == (form.render(read), form.data(read))


def test_hostile_strings_add_no_element_to_the_form(tmp_path):
    plain = {tag for tag, _ in Page(form.render(samples.lines(tmp_path / "a", samples.failed))).tags}
    hostile = {tag for tag, _ in Page(form.render(samples.lines(tmp_path / "b", samples.hostile))).tags}
    assert hostile - plain <= {"b", "ul", "li"}


def test_both_are_written_beside_the_journal(tmp_path):
    answered(tmp_path / "evidence.jsonl")
    form.write(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evidence.jsonl", form.FORM, form.DATA]


def test_the_form_speaks_chinese(tmp_path):
    assert "測試結果回覆表" in Page(form.render(lines(tmp_path), "zh-Hant")).text
