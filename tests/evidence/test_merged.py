"""Sealed runs of several machines made one: what the whole says, and that it says no more than its parts."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pytest_hkexprt.evidence import cucumber, folder, html, junit, messages, one_of_several
from pytest_hkexprt.evidence.html.build import build
from pytest_hkexprt.evidence.journal import read
from pytest_hkexprt.evidence.merged import status
from pytest_hkexprt.evidence.merged.write import merge, named
from pytest_hkexprt.evidence.record import EndRecord, Line, OutcomeRecord, PartRecord, RunRecord, ScenarioRecord
from pytest_hkexprt.evidence.verdict import Tone, verdict
from pytest_hkexprt.model import Outcome
from tests.evidence.sealed import FAILED, sealed, zipped
from tests.evidence.test_html import Page
from tests.projects import feature_project

BOTH = {"Session 1": Outcome.PASSED, "Session 2": Outcome.PASSED}


def whole(tmp_path: Path, *runs: Path, keep: str = "") -> list[Line]:
    made = merge(runs, tmp_path / "whole", keep=keep)
    return list(read(made / "evidence.jsonl"))


def ids(lines: list[Line]) -> list[str]:
    return [line.record.id for line in lines if isinstance(line.record, ScenarioRecord)]


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Alpha passed on one machine, Beta failed on another and later."""
    beta = sealed(tmp_path / "beta", "Beta", FAILED, started="2026-11-21T11:00:00+08:00")
    return sealed(tmp_path / "alpha"), beta


def test_the_whole_is_of_all_participants(tmp_path, two):
    run = whole(tmp_path, *two)[0].record
    assert isinstance(run, RunRecord)
    assert (run.participant, run.parts) == ("Alpha, Beta", 2)
    assert [each.name for each in run.participants] == ["Alpha", "Beta"]
    assert run.started == "2026-11-21T10:00:00+08:00"


def test_a_failure_of_one_fails_the_whole_and_not_the_other(tmp_path, two):
    lines = whole(tmp_path, *two)
    assert verdict(lines).text == "Failed: 1 of 2 scenarios, 1 of 2 checks not met"
    alpha, beta = one_of_several.everyone(lines)
    assert verdict(one_of_several.share(lines, alpha)).text == "Passed: 1 scenario, 1 check"
    assert verdict(one_of_several.share(lines, beta)).tone is Tone.FAILED


def test_scenarios_are_told_apart_by_participant(tmp_path, two):
    assert ids(whole(tmp_path, *two)) == ["own.feature::It is[alpha]", "own.feature::It is[beta]"]


def test_a_session_is_named_where_the_whole_has_several(tmp_path):
    first = sealed(tmp_path / "1")
    second = sealed(tmp_path / "2", outcomes={"Session 2": Outcome.PASSED})
    lines = whole(tmp_path, first, second)
    assert sorted(ids(lines)) == ["own.feature::It is[Session 1]", "own.feature::It is[Session 2]"]
    assert verdict(lines).text == "Passed: 2 scenarios, 2 checks"


def test_a_session_that_is_named_already_is_named_once(tmp_path):
    lines = whole(tmp_path, sealed(tmp_path / "1", outcomes=BOTH), sealed(tmp_path / "2", "Beta", BOTH))
    assert sorted(ids(lines))[:2] == ["own.feature::It is[alpha-Session 1]", "own.feature::It is[alpha-Session 2]"]


def test_the_order_of_the_parts_is_that_of_their_starts(tmp_path, two):
    lines = whole(tmp_path, *reversed(two))
    parts = [line.record for line in lines if isinstance(line.record, PartRecord)]
    assert [each.run.participant for each in parts] == ["Alpha", "Beta"]


def test_each_part_names_its_machine_and_its_seal(tmp_path, two):
    lines = whole(tmp_path, *two)
    (part, _) = [line.record for line in lines if isinstance(line.record, PartRecord)]
    own = json.loads((two[0] / "manifest.json").read_bytes())
    assert part.run.machine == "machine-of-alpha"
    assert (part.seal.sha256, part.seal.records) == (own["journal"]["sha256"], own["journal"]["lines"])
    assert part.end is not None and part.end.ended == "2026-11-21T10:01:00+08:00"


def test_a_zip_file_gives_what_its_folder_gives(tmp_path, two):
    from_folders = whole(tmp_path, *two)
    made = merge([zipped(each) for each in two], tmp_path / "other")
    assert [line.record for line in read(made / "evidence.jsonl")][2:-1:7] == [
        line.record for line in from_folders[2:-1:7]
    ]


def test_the_report_says_on_its_face_that_it_is_merged(tmp_path, two):
    text = Page(html.render(whole(tmp_path, *two))).text
    assert "Merged from 2 runs of 2 machines" in text
    assert "machine-of-alpha" in text and "machine-of-beta" in text
    assert "no machine vouches for another's" in text


def test_a_merged_rehearsal_is_a_rehearsal(tmp_path, two):
    page = html.render(whole(tmp_path, *two))
    assert "A rehearsal. No system of the exchange was contacted." in page and 'class="watermark"' in page


def test_a_section_says_which_part_vouches_for_it(tmp_path, two):
    sections = build(whole(tmp_path, *two)).sections
    assert [(each.participant, each.part.machine if each.part else "") for each in sections] == [
        ("Alpha", "machine-of-alpha"),
        ("Beta", "machine-of-beta"),
    ]


def test_the_matrix_is_of_participants_and_clauses(tmp_path, two):
    (matrix,) = build(whole(tmp_path, *two)).matrices
    assert [(row.name, row.cells[0].outcome) for row in matrix.rows] == [
        ("Alpha", Outcome.PASSED),
        ("Beta", Outcome.FAILED),
    ]


def test_each_participant_has_a_result_form(tmp_path, two):
    made = merge(two, tmp_path / "whole")
    folder.finish(made)
    forms = {path.name: path.read_text("utf-8") for path in made.glob("result-form-*.html")}
    assert sorted(forms) == ["result-form-alpha.html", "result-form-beta.html"]
    assert "Beta" not in forms["result-form-alpha.html"]


def test_the_form_of_one_participant_over_two_machines_is_one(tmp_path):
    first = sealed(tmp_path / "1")
    second = sealed(tmp_path / "2", outcomes={"Session 2": Outcome.PASSED}, started="2026-11-21T11:00:00+08:00")
    made = merge([first, second], tmp_path / "whole")
    folder.finish(made)
    (answer,) = json.loads((made / "result-form.json").read_bytes())
    assert [each["name"] for each in answer["sessions"]] == ["Session 1", "Session 2"]
    assert answer["participant"] == "Alpha"


def test_a_merge_is_not_the_latest_run(tmp_path, two):
    folder.finish(merge(two, tmp_path / "whole"))
    assert not (tmp_path / "latest").exists()


def test_a_merged_folder_is_drawn_again_to_the_same_bytes(tmp_path, two):
    made = merge(two, tmp_path / "whole")
    before = folder.finish(made).report.read_bytes()
    assert folder.again(made).report.read_bytes() == before


# Runs that were cut short, that proved nothing, and that were repeated.


def test_a_run_that_was_cut_short_interrupts_the_whole_and_not_the_others(tmp_path):
    lines = whole(tmp_path, sealed(tmp_path / "alpha"), sealed(tmp_path / "beta", "Beta", ended=False))
    assert verdict(lines).tone is Tone.INTERRUPTED
    alpha, beta = one_of_several.everyone(lines)
    assert verdict(one_of_several.share(lines, alpha)).tone is Tone.PASSED
    assert verdict(one_of_several.share(lines, beta)).tone is Tone.INTERRUPTED


def test_runs_that_proved_nothing_give_a_whole_that_proved_nothing(tmp_path):
    nothing = {"Session 1": Outcome.OMITTED}
    lines = whole(tmp_path, *(sealed(tmp_path / each, each, nothing, exit_status=5) for each in ("Alpha", "Beta")))
    assert verdict(lines).tone is Tone.NOTHING


def test_one_that_proved_nothing_does_not_spoil_the_others(tmp_path):
    nothing = sealed(tmp_path / "beta", "Beta", {"Session 1": Outcome.OMITTED}, exit_status=5)
    assert verdict(whole(tmp_path, sealed(tmp_path / "alpha"), nothing)).tone is Tone.PASSED


def test_the_later_of_two_attempts_counts_and_the_earlier_stays(tmp_path):
    earlier = sealed(tmp_path / "1", outcomes=FAILED)
    later = sealed(tmp_path / "2", started="2026-11-21T12:00:00+08:00")
    lines = whole(tmp_path, later, earlier, keep="last")
    tried = [line.record for line in lines if isinstance(line.record, ScenarioRecord)]
    ended = [line.record for line in lines if isinstance(line.record, OutcomeRecord)]
    assert [each.attempt for each in tried] == [1, 2]
    assert [(each.outcome, each.again) for each in ended] == [(Outcome.FAILED, True), (Outcome.PASSED, False)]
    assert verdict(lines).tone is Tone.PASSED


def test_what_failed_later_is_not_excused_by_what_passed_before(tmp_path):
    later = sealed(tmp_path / "2", outcomes=FAILED, started="2026-11-21T12:00:00+08:00")
    assert verdict(whole(tmp_path, sealed(tmp_path / "1"), later, keep="last")).tone is Tone.FAILED


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [([0, 0], 0), ([0, 5], 0), ([5, 5], 5), ([0, 1], 1), ([1, 2], 2), ([3, 1], 3)],
)
def test_the_whole_ends_as_one_run_of_all_would(statuses, expected):
    assert status.worst(statuses) == expected


# Held against one run.


def _facts(lines: list[Line]) -> dict[str, object]:
    report = build(lines)
    return {
        "scenarios": sorted((each.id, str(each.outcome), each.checks) for each in report.scenarios),
        "clauses": sorted(
            (section.participant, section.name, each.clause.id, str(each.outcome))
            for section in report.sections
            for each in section.clauses
        ),
        "matrix": [
            (row.name, [str(cell.outcome) for cell in row.cells]) for each in report.matrices for row in each.rows
        ],
        "verdict": report.verdict.text,
        "counts": [line.record.outcomes for line in lines if isinstance(line.record, EndRecord)],
        "shares": [verdict(one_of_several.share(lines, who)).text for who in one_of_several.everyone(lines)],
        "cucumber": [[each["name"] for each in one["elements"]] for one in cucumber.draw(lines)],
        "messages": sorted(
            each["testStepFinished"]["testStepResult"]["status"]
            for each in messages.draw(lines)
            if "testStepFinished" in each
        ),
        "junit": [each.attrib["name"] for each in ElementTree.fromstring(junit.draw(lines)).iter("testcase")],
    }


def test_two_jobs_merged_equal_one_run_of_both(pytester):
    from tests.test_several_participants import FAILS_FOR_GAMMA  # noqa: PLC0415  the steps alone

    feature_project(pytester, steps=FAILS_FOR_GAMMA)
    names = ("Alpha Limited", "Gamma Limited")
    tables = [f'[[participant]]\nname = "{each}"\nroles = ["CP"]\nrap = {{ user = "U" }}\n' for each in names]
    keys = '[rap]\nkey = "k"\n[rap.host_keys]\nsecondary = ["SHA256:' + "A" * 43 + '"]\n'
    pytester.path.joinpath("hkexprt.toml").write_text(keys + "".join(tables), "utf-8")
    pytester.runpytest("own.feature", "--evidence=one")
    for each in names:
        pytester.runpytest("own.feature", f"--participant={each}", f"--evidence=jobs/{each}")
    (one,) = pytester.path.glob("one/*/evidence.jsonl")
    made = merge(sorted(pytester.path.glob("jobs/*/*-evidence.zip")), pytester.path / "whole")
    assert _facts(list(read(made / "evidence.jsonl"))) == _facts(list(read(one)))


def test_files_of_one_name_are_told_apart_by_their_folders():
    assert named([Path("a/x.zip"), Path("b/x.zip"), Path("c/y.zip")]) == ["a/x.zip", "b/x.zip", "y.zip"]


def test_the_report_speaks_chinese_where_the_runs_do(tmp_path):
    runs = [sealed(tmp_path / each, each, lang="zh-Hant") for each in ("Alpha", "Beta")]
    assert "合併自 2 次執行" in Page(html.render(whole(tmp_path, *runs))).text
