"""A journal of several participants: one's own share of it, and the matrix of the report."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from pytest_hkexprt.evidence import form, html, one_of_several
from pytest_hkexprt.evidence.html.build import build
from pytest_hkexprt.evidence.html.matrix import MOST_CLAUSES, Matrix
from pytest_hkexprt.evidence.journal import Journal, read
from pytest_hkexprt.evidence.parts import ClauseRecord, ParticipantRecord
from pytest_hkexprt.evidence.record import (
    Check,
    CircularRecord,
    EndRecord,
    Line,
    OutcomeRecord,
    RunRecord,
    ScenarioRecord,
    SessionRecord,
)
from pytest_hkexprt.evidence.verdict import Tone, verdict
from pytest_hkexprt.model import Outcome

ALPHA = ParticipantRecord(name="Alpha", roles=("CP",), contact={"name": "Au"})
BETA = ParticipantRecord(name="Beta <b>", roles=("EP",), line="HSN")
CLAUSES = ("login", "count")
SESSIONS = ("Session 1", "Session 2")


def circular(clauses: Iterable[str] = CLAUSES) -> CircularRecord:
    listed = tuple(ClauseRecord(id=each, asks=f"{each} is asked") for each in clauses)
    return CircularRecord(stem="own", reference="TEST/1", dated="", issuer="I", subject="S", clauses=listed)


def journal(
    path: Path, outcomes: dict[tuple[str, str], Outcome], *, exit_status: int, clauses: Iterable[str] = CLAUSES
) -> list[Line]:
    """Return the lines of a run of two participants.

    Args:
        path: the file to write.
        outcomes: participant and session to how its scenario ended.
        exit_status: pytest's.
        clauses: of the circular; the scenarios prove the first.
    """
    with Journal(path) as written:
        written.write(
            RunRecord(
                run_id="r",
                target="simulator",
                sites=("primary",),
                participant="Alpha, Beta <b>",
                participants=(ALPHA, BETA),
                command="pytest",
                started="2023-04-15T14:30:00+08:00",
                versions={},
                platform="",
            )
        )
        for number, ((whose, session), outcome) in enumerate(outcomes.items()):
            written.write(
                SessionRecord(
                    circular=circular(clauses),
                    name=session,
                    site="primary",
                    starts="2023-04-15T14:30:00+08:00",
                    ends="2023-04-15T15:30:00+08:00",
                    participant=whose,
                )
            )
            name = f"own.feature::It is[{number}]"
            first = next(iter(clauses))
            written.write(
                ScenarioRecord(
                    id=name, name="It is", feature="F", file="own.feature", line=1, session=session, clauses=(first,)
                )
            )
            met = outcome is Outcome.PASSED
            if outcome is not Outcome.OMITTED:
                written.write(Check(what=f"{whose}'s", where="here", expected="1", came="1" if met else "2", met=met))
            told = "for CP, and Beta <b> is EP" if outcome is Outcome.OMITTED else ""
            written.write(OutcomeRecord(id=name, outcome=outcome, duration_s=0.1, checks=1, message=told))
        counts = {str(each): list(outcomes.values()).count(each) for each in set(outcomes.values())}
        written.write(EndRecord(records=written.lines, outcomes=counts, exit_status=exit_status, ended=""))
    return list(read(path))


@pytest.fixture
def mixed(tmp_path: Path) -> list[Line]:
    """Alpha passes both sessions, Beta fails the second."""
    passed, failed = Outcome.PASSED, Outcome.FAILED
    outcomes = {("Alpha", SESSIONS[0]): passed, ("Alpha", SESSIONS[1]): passed}
    outcomes |= {("Beta <b>", SESSIONS[0]): passed, ("Beta <b>", SESSIONS[1]): failed}
    return journal(tmp_path / "evidence.jsonl", outcomes, exit_status=1)


def cells(matrix: Matrix) -> list[tuple[str, list[Outcome]]]:
    return [(row.name, [cell.outcome for cell in row.cells]) for row in matrix.rows]


def test_a_share_names_one_participant_alone(mixed):
    share = one_of_several.share(mixed, ALPHA)
    run = share[0].record
    assert isinstance(run, RunRecord)
    assert (run.participant, run.roles, run.contact, run.participants) == ("Alpha", ("CP",), {"name": "Au"}, ())
    assert "Beta" not in str(share)


def test_a_share_is_not_failed_by_another(mixed):
    assert verdict(one_of_several.share(mixed, ALPHA)).text == "Passed: 2 scenarios, 2 checks"
    assert verdict(one_of_several.share(mixed, BETA)).tone is Tone.FAILED


def test_a_failure_that_is_nobodys_scenario_passes_nobody(tmp_path):
    passed = dict.fromkeys([("Alpha", "S"), ("Beta <b>", "S")], Outcome.PASSED)
    lines = journal(tmp_path / "evidence.jsonl", passed, exit_status=1)
    assert verdict(one_of_several.share(lines, ALPHA)).text.startswith("Not passed: another test of the run failed")


def test_an_interrupted_run_passes_nobody(tmp_path):
    passed = dict.fromkeys([("Alpha", "S"), ("Beta <b>", "S")], Outcome.PASSED)
    lines = journal(tmp_path / "evidence.jsonl", passed, exit_status=2)
    assert verdict(one_of_several.share(lines, ALPHA)).tone is Tone.INTERRUPTED


def test_a_run_of_one_has_no_shares_and_no_matrix():
    lines = list(read(Path(__file__).parent.parent / "golden" / "two_sessions.jsonl"))
    assert one_of_several.everyone(lines) == ()
    assert build(lines).matrices == ()


def test_the_matrix_has_the_worst_of_each_participants_sessions(mixed):
    (matrix,) = build(mixed).matrices
    assert cells(matrix) == [
        ("Alpha", [Outcome.PASSED, Outcome.NOT_RUN]),
        ("Beta <b>", [Outcome.FAILED, Outcome.NOT_RUN]),
    ]


def test_a_cell_leads_to_the_clause_where_it_came_to_that(mixed):
    page = html.render(mixed)
    (matrix,) = build(mixed).matrices
    (section,) = [each for each in build(mixed).sections if (each.participant, each.name) == ("Beta <b>", "Session 2")]
    assert matrix.rows[1].cells[0].anchor == f"{section.anchor}-login"
    assert f'id="{section.anchor}-login"' in page


def test_who_is_omitted_altogether_is_told_why(tmp_path):
    outcomes = {("Alpha", "S"): Outcome.PASSED, ("Beta <b>", "S"): Outcome.OMITTED}
    (matrix,) = build(journal(tmp_path / "evidence.jsonl", outcomes, exit_status=0)).matrices
    assert [row.why for row in matrix.rows] == ["", "for CP, and Beta <b> is EP"]


def test_many_clauses_are_divided_so_that_a_sheet_holds_them(tmp_path):
    clauses = [f"clause-{number}" for number in range(MOST_CLAUSES * 2 + 1)]
    outcomes = {("Alpha", "S"): Outcome.PASSED}
    matrices = build(journal(tmp_path / "evidence.jsonl", outcomes, exit_status=0, clauses=clauses)).matrices
    assert [len(each.clauses) for each in matrices] == [5, 5, 5]
    assert [clause.id for each in matrices for clause in each.clauses] == clauses
    assert all(len(row.cells) == len(each.clauses) for each in matrices for row in each.rows)


def test_a_hostile_name_stays_text_in_the_matrix(mixed):
    assert "Beta &lt;b&gt;" in html.render(mixed)
    assert "Beta <b>" not in html.render(mixed)


def test_a_session_says_whose_it_is(mixed):
    assert "Alpha · Session 1 · primary site" in html.render(mixed)


def test_the_head_names_each_session_once(mixed):
    assert [each.name for each in build(mixed).sessions] == list(SESSIONS)


def test_the_forms_are_drawn_from_each_ones_share(mixed, tmp_path):
    form.write_all(tmp_path, mixed, build(mixed))
    drawn = {path.name: path.read_text("utf-8") for path in tmp_path.glob("result-form*.html")}
    assert sorted(drawn) == ["result-form-alpha.html", "result-form-beta-b.html"]
    assert "Alpha" not in drawn["result-form-beta-b.html"]
    assert "Session 2" in drawn["result-form-beta-b.html"]


def test_the_matrix_speaks_the_reports_language(mixed):
    assert "參與者與條款" in html.render(mixed, lang="zh-Hant")
