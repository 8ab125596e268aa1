"""Cucumber Messages drawn from the journal: whole, in order, and true where steps did not pass."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from pytest_hkexprt.evidence import messages
from pytest_hkexprt.evidence.journal import read
from pytest_hkexprt.evidence.record import Line, RunRecord, StepRecord
from tests.projects import CIRCULAR, FEATURE, PARTICIPANT, STEPS, feature_project, journal

OUTLINE = """\
Feature: A feature of the user's own
  Background:
    Given a number
  Rule: Doubling
    @clause.count
    Scenario Outline: <n> is compared
      When it is doubled
        | a \\| b |
      Then it is <n>
        \"\"\"
        text
        \"\"\"
      Examples:
        | n  |
        | 42 |
        | 43 |
"""
TWO_SESSIONS = (
    CIRCULAR
    + """
[[session]]
name = "Another session"
site = "secondary"
starts = 2023-04-16T14:30:00+08:00
ends = 2023-04-16T15:30:00+08:00
systems = ["rap"]
"""
)
ONLY_ONCE = """
from pathlib import Path

@pytest.fixture(autouse=True)
def _line():
    if not Path("tried").exists():
        Path("tried").touch()
        raise OSError("no line")
"""


@pytest.fixture
def drawn(pytester):
    """Return a function that runs a feature and returns the messages it left, each as (kind, content)."""

    def run(feature: str = FEATURE, steps: str = STEPS, *arguments: str, circular: str = CIRCULAR) -> list[tuple]:
        feature_project(pytester, feature, steps)
        pytester.path.joinpath("own.toml").write_text(circular, "utf-8")
        pytester.runpytest_subprocess("--cucumber-messages=out/c.ndjson", *arguments, "own.feature")
        lines = pytester.path.joinpath("out/c.ndjson").read_text("utf-8").splitlines()
        return [next(iter(json.loads(line).items())) for line in lines]

    return run


def of(found: list[tuple], kind: str) -> list[dict]:
    return [content for name, content in found if name == kind]


def statuses(found: list[tuple]) -> list[str]:
    return [each["testStepResult"]["status"] for each in of(found, "testStepFinished")]


def told(found: list[tuple]) -> list[str]:
    return [each["testStepResult"].get("message", "") for each in of(found, "testStepFinished")]


def again(lines: list[Line]) -> list[tuple]:
    return [next(iter(each.items())) for each in messages.draw(lines)]


def ends_of_steps(lines: list[Line]) -> list[int]:
    """Return how many lines there are at the end of each step."""
    return [number for number, line in enumerate(lines, 1) if isinstance(line.record, StepRecord)]


def without_text(lines: list[Line]) -> list[Line]:
    """Return a journal as one was written before it held its features' texts."""
    run = lines[0].record
    assert isinstance(run, RunRecord)
    suite = tuple(msgspec.structs.replace(each, text="") for each in run.suite)
    first = msgspec.structs.replace(lines[0], record=msgspec.structs.replace(run, suite=suite))
    return [first, *lines[1:]]


def ids_of(node: object) -> list[str]:
    """Return every id that a message or its parts define."""
    if isinstance(node, list):
        return [each for part in node for each in ids_of(part)]
    if isinstance(node, dict):
        return ([node["id"]] if "id" in node else []) + [each for part in node.values() for each in ids_of(part)]
    return []


def test_a_passed_scenario_is_told_in_the_protocols_order(drawn):
    kinds = [kind for kind, _ in drawn()]
    step = ["testStepStarted", "testStepFinished"]
    assert kinds == [
        *["meta", "source", "gherkinDocument", "pickle", *["stepDefinition"] * 3],
        *["testRunStarted", "testCase", "testCaseStarted"],
        *[*step, *step, "testStepStarted", "attachment", "testStepFinished"],
        *["testCaseFinished", "testRunFinished"],
    ]


def test_the_source_is_the_features_text(drawn):
    (source,) = of(drawn(), "source")
    assert source == {"uri": "own.feature", "data": FEATURE, "mediaType": "text/x.cucumber.gherkin+plain"}


def test_every_id_is_given_once(drawn):
    counted = Counter(ids_of([content for _, content in drawn(OUTLINE)]))
    assert not [each for each, count in counted.items() if count > 1]


def test_every_reference_leads_to_what_was_told_before_it(drawn):
    known: set[str] = set()
    for _, content in drawn(OUTLINE, STEPS + ONLY_ONCE):
        known.update(ids_of(content))
        parts = [content, *content.get("testSteps", ()), *content.get("steps", ())]
        for part in parts:
            single = {name: value for name, value in part.items() if name.endswith("Id") and name != "id"}
            assert {*single.values(), *part.get("astNodeIds", ())} <= known


def test_steps_passed_with_their_checks_attached(drawn):
    found = drawn()
    assert statuses(found) == ["PASSED"] * 3
    (attachment,) = of(found, "attachment")
    assert attachment["body"] == "number: expected 42, came 42: met"
    assert attachment["testStepId"] == of(found, "testCase")[0]["testSteps"][2]["id"]


def test_a_run_that_passed_is_a_success(drawn):
    (end,) = of(drawn(), "testRunFinished")
    assert end["success"] is True


def test_a_failed_step_says_why_and_those_after_it_are_skipped(drawn):
    found = drawn(FEATURE.replace("it is 42", "it is 41\n    And it is 42"))
    assert statuses(found) == ["PASSED", "PASSED", "FAILED", "SKIPPED"]
    assert "expected: 41" in told(found)[2]
    assert of(found, "testRunFinished")[0]["success"] is False


def test_an_undefined_step_is_undefined(drawn):
    assert statuses(drawn(FEATURE.replace("it is doubled", "it is trebled"))) == ["SKIPPED", "UNDEFINED", "SKIPPED"]


def test_an_ambiguous_step_is_ambiguous(drawn):
    steps = STEPS + "\n@then(parsers.re(r'it is (?P<expected>\\d+)'))\ndef _(expected): pass\n"
    assert statuses(drawn(steps=steps)) == ["SKIPPED", "SKIPPED", "AMBIGUOUS"]


def test_a_step_that_skips_is_skipped(drawn):
    found = drawn(steps=STEPS.replace("return number * 2", "pytest.skip('not today')"))
    assert statuses(found) == ["PASSED", "SKIPPED", "SKIPPED"]


def test_an_omitted_scenario_says_why(drawn, pytester):
    pytester.path.joinpath("who.toml").write_text(PARTICIPANT.replace('"id_ed25519"', '"missing"'))
    circular = CIRCULAR.replace('roles = ["CP"]', 'roles = ["EP"]')
    found = drawn(FEATURE, STEPS, "--participant-file=who.toml", circular=circular)
    assert statuses(found) == ["SKIPPED"] * 3
    assert told(found)[0] == "for EP, and A participant is CP"


def test_a_fixture_that_fails_before_the_steps_is_a_failed_hook(drawn):
    found = drawn(steps=STEPS + ONLY_ONCE)
    assert statuses(found) == ["FAILED", "SKIPPED", "SKIPPED", "SKIPPED"]
    assert "no line" in told(found)[0]
    assert [each["type"] for each in of(found, "hook")] == ["BEFORE_TEST_CASE"]


def test_a_scenario_that_compared_nothing_fails_after_its_steps(drawn):
    found = drawn(steps=STEPS.replace("hkex_evidence.check(check)", "pass"))
    assert statuses(found) == ["PASSED", "PASSED", "PASSED", "FAILED"]
    assert "at least one check" in told(found)[3]


def test_each_attempt_is_told_and_the_first_says_that_another_follows(drawn, monkeypatch):
    monkeypatch.delenv("PYTEST_ADDOPTS")
    found = drawn(FEATURE, STEPS + ONLY_ONCE, "--reruns=1")
    assert [each["attempt"] for each in of(found, "testCaseStarted")] == [0, 1]
    assert [each["willBeRetried"] for each in of(found, "testCaseFinished")] == [True, False]
    assert statuses(found) == ["FAILED", "SKIPPED", "SKIPPED", "SKIPPED", "PASSED", "PASSED", "PASSED", "PASSED"]
    assert len(of(found, "testCase")) == 1


def test_example_rows_are_pickles_of_one_outline_with_its_background(drawn):
    found = drawn(OUTLINE)
    assert [each["name"] for each in of(found, "pickle")] == ["42 is compared", "43 is compared"]
    assert [len(each["testSteps"]) for each in of(found, "testCase")] == [3, 3]
    assert statuses(found) == ["PASSED"] * 5 + ["FAILED"]


def test_two_sessions_are_two_pickles_of_one_scenario(drawn):
    found = drawn(circular=TWO_SESSIONS)
    pickles = of(found, "pickle")
    assert [each["name"] for each in pickles] == [
        "Something is compared (Only session)",
        "Something is compared (Another session)",
    ]
    assert pickles[0]["astNodeIds"] == pickles[1]["astNodeIds"]
    assert [each["pickleId"] for each in of(found, "testCase")] == [each["id"] for each in pickles]


def test_under_xdist_none_is_lost(drawn):
    two = FEATURE + FEATURE.partition("\n")[2].replace("Something", "Another thing")
    found = drawn(two, STEPS, "-n2")
    assert [each["name"] for each in of(found, "pickle")] == ["Something is compared", "Another thing is compared"]
    assert statuses(found) == ["PASSED"] * 6


def test_an_ordinary_test_of_the_same_run_is_left_out(drawn, pytester):
    pytester.makepyfile("def test_own(hkex_evidence): hkex_evidence.notice('here')")
    found = drawn(FEATURE, STEPS, "test_an_ordinary_test_of_the_same_run_is_left_out.py")
    assert [each["uri"] for each in of(found, "pickle")] == ["own.feature"]


def test_a_step_begins_no_earlier_than_the_one_before_it_ended(drawn):
    found = drawn(OUTLINE)
    moments = [content["timestamp"] for kind, content in found if kind.startswith("testStep")]
    assert [(each["seconds"], each["nanos"]) for each in moments] == sorted(
        (each["seconds"], each["nanos"]) for each in moments
    )


def test_the_same_journal_gives_the_same_bytes(drawn, pytester, tmp_path):
    drawn(OUTLINE)
    (path,) = pytester.path.glob("reports/*/evidence.jsonl")
    messages.write(read(path), tmp_path / "again.ndjson")
    assert (tmp_path / "again.ndjson").read_bytes() == pytester.path.joinpath("out/c.ndjson").read_bytes()


def test_a_run_killed_within_a_step_leaves_that_step_unknown(drawn, pytester):
    drawn()
    lines = journal(pytester)
    found = again(lines[: ends_of_steps(lines)[0]])
    assert statuses(found) == ["PASSED", "UNKNOWN", "SKIPPED"]
    assert of(found, "testRunFinished")[0]["success"] is False
    assert "cut short" in of(found, "testRunFinished")[0]["message"]


def test_a_run_killed_after_the_last_step_leaves_the_clean_up_unknown(drawn, pytester):
    drawn()
    lines = journal(pytester)
    assert statuses(again(lines[: ends_of_steps(lines)[-1]])) == ["PASSED", "PASSED", "PASSED", "UNKNOWN"]


@pytest.mark.parametrize("feature", [FEATURE, OUTLINE], ids=["plain", "outline"])
def test_a_journal_without_the_text_tells_the_same_steps(drawn, pytester, feature):
    def steps(found: list[tuple]) -> list[tuple]:
        pickles = [(step["text"], step.get("argument")) for each in of(found, "pickle") for step in each["steps"]]
        return [*pickles, *statuses(found)]

    found = drawn(feature)
    assert steps(again(without_text(journal(pytester)))) == steps(found)


def test_a_chinese_journal_without_the_text_is_written_out_in_chinese(drawn, pytester):
    steps = "    假如a number\n    當it is doubled\n    那麼it is 42\n"
    chinese = f"# language: zh-TW\n功能: 報告\n  @clause.count\n  場景: 比較\n{steps}"
    assert statuses(drawn(chinese)) == ["PASSED"] * 3
    found = again(without_text(journal(pytester)))
    assert [each["text"] for each in of(found, "pickle")[0]["steps"]] == ["a number", "it is doubled", "it is 42"]


def test_a_journal_of_an_older_version_is_read(pytester):
    for path in sorted(Path(__file__).parent.joinpath("journals").rglob("*.jsonl")):
        kinds = {kind for kind, _ in again(list(read(path)))}
        assert {"meta", "testRunStarted", "testRunFinished"} <= kinds


def test_a_secret_taken_out_of_the_text_does_not_take_the_scenarios(drawn, pytester):
    drawn()
    lines = journal(pytester)
    run = lines[0].record
    assert isinstance(run, RunRecord)
    suite = tuple(msgspec.structs.replace(each, text=each.text.replace("a number", "•••")) for each in run.suite)
    lines[0] = msgspec.structs.replace(lines[0], record=msgspec.structs.replace(run, suite=suite))
    assert statuses(again(lines)) == ["PASSED"] * 3
