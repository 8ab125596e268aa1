"""The drafter on circulars nobody issued: every fact placed right, nothing guessed, and what it misses said."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import drafting
from pytest_hkexprt import circular
from pytest_hkexprt.draft import reader, writer
from tests.draft.facts import flat, score
from tests.draft.fresh_variations import FRESH, NESTED, TIMES_FIRST
from tests.draft.later_variations import HELD_BACK, LEARNED, OVERNIGHT
from tests.draft.variations import FORM_TABLE, UNSEEN, VARIATIONS

WHOLE = (*VARIATIONS, *UNSEEN, *LEARNED, *HELD_BACK)
"""The texts of which every fact is placed right by now."""
EVERY = (*WHOLE, *FRESH)
BY_NAME = {"ids": lambda variation: variation.name}


@pytest.mark.parametrize("variation", WHOLE, **BY_NAME)
def test_every_fact_is_placed_right_and_none_is_added(variation):
    came = score(variation.facts, flat(reader.read(variation.text)))
    assert (came.wrong, came.missing) == ((), ())


@pytest.mark.parametrize("variation", EVERY, **BY_NAME)
def test_the_draft_loads(variation, tmp_path):
    path = tmp_path / "drafted.toml"
    path.write_text(writer.toml(reader.read(variation.text), source="text.txt"), "utf-8")
    assert circular.read(path).subject == variation.facts["subject"]


@pytest.mark.parametrize("variation", EVERY, **BY_NAME)
def test_the_draft_is_collected_by_pytest_with_every_tag_known(variation, pytester):
    pytester.makeini("[pytest]\n")
    draft = reader.read(variation.text)
    pytester.path.joinpath("drafted.toml").write_text(writer.toml(draft, source="text.txt"), "utf-8")
    pytester.path.joinpath("drafted.feature").write_text(writer.feature(draft, source="text.txt"), "utf-8")
    result = pytester.runpytest("--collect-only", "-q", "drafted.feature")
    result.assert_outcomes(errors=0)
    assert result.ret == pytest.ExitCode.OK


def test_steps_the_drafter_misses_are_listed_with_the_line_they_begin_on():
    step = "4.1 Login to the SFTP"
    line = NESTED.text.splitlines().index(step) + 1
    assert f"# line {line}: a step: {step}" in writer.toml(reader.read(NESTED.text), source="text.txt")


def test_a_site_that_is_not_understood_is_marked_for_review():
    written = writer.toml(reader.read(TIMES_FIRST.text), source="text.txt")
    assert "# REVIEW: no site is named for this session" in written.split('name = "Session 2"')[1].split("[[")[0]


def test_a_window_that_is_said_to_end_on_the_next_day_needs_no_review():
    written = writer.toml(reader.read(OVERNIGHT.text), source="text.txt")
    assert "ends = 2031-04-13T02:00:00+08:00" in written and "ends before it begins" not in written


def test_a_window_that_ends_before_it_begins_is_marked_for_review():
    written = writer.toml(reader.read(FORM_TABLE.text), source="text.txt")
    assert "ends = 2031-05-18T02:00:00+08:00" in written
    assert "# REVIEW: it ends before it begins; taken to end on the day after" in written


def test_fresh_texts_are_placed_as_well_as_the_page_says():
    scores = [score(each.facts, flat(reader.read(each.text))) for each in FRESH]
    assert (sum(each.right for each in scores), sum(each.facts for each in scores)) == (50, 55)


@pytest.mark.parametrize("variation", EVERY, **BY_NAME)
def test_every_line_of_the_source_that_is_named_is_there(variation):
    last = len(variation.text.splitlines())
    draft = reader.read(variation.text)
    told = [each.line for each in (*draft.sessions, *draft.clauses, *draft.addresses, *draft.forms, *draft.unplaced)]
    assert all(1 <= line <= last for line in told)


def test_the_table_of_the_page_is_what_the_script_prints():
    page = (Path(__file__).parents[2] / "docs" / "drafting.md").read_text("utf-8")
    assert "\n".join(drafting.variations()) in page
