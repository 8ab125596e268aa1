"""The drafter on circulars nobody issued: every fact placed right, nothing guessed, and what it misses said."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import drafting
from pytest_hkexprt import circular
from pytest_hkexprt.draft import reader, writer
from tests.draft.facts import flat, score
from tests.draft.variations import FORM_TABLE, TWELVE_HOURS, UNSEEN, VARIATIONS

BY_NAME = {"ids": lambda variation: variation.name}


@pytest.mark.parametrize("variation", VARIATIONS, **BY_NAME)
def test_every_fact_is_placed_right_and_none_is_added(variation):
    came = score(variation.facts, flat(reader.read(variation.text)))
    assert (came.wrong, came.missing) == ((), ())


@pytest.mark.parametrize("variation", [*VARIATIONS, *UNSEEN], **BY_NAME)
def test_the_draft_loads(variation, tmp_path):
    path = tmp_path / "drafted.toml"
    path.write_text(writer.toml(reader.read(variation.text), source="text.txt"), "utf-8")
    assert circular.read(path).subject == variation.facts["subject"]


@pytest.mark.parametrize("variation", [*VARIATIONS, *UNSEEN], **BY_NAME)
def test_the_draft_is_collected_by_pytest_with_every_tag_known(variation, pytester):
    pytester.makeini("[pytest]\n")
    draft = reader.read(variation.text)
    pytester.path.joinpath("drafted.toml").write_text(writer.toml(draft, source="text.txt"), "utf-8")
    pytester.path.joinpath("drafted.feature").write_text(writer.feature(draft, source="text.txt"), "utf-8")
    result = pytester.runpytest("--collect-only", "-q", "drafted.feature")
    result.assert_outcomes(errors=0)
    assert result.ret == pytest.ExitCode.OK


@pytest.mark.parametrize(
    ("variation", "said"),
    [
        (TWELVE_HOURS, "a time, 10:00 to 13:30"),
        (FORM_TABLE, "a span of times that is none of one day, 22:00 - 02:00"),
    ],
)
def test_what_the_drafter_misses_is_listed_with_its_line(variation, said):
    draft = reader.read(variation.text)
    (line,) = [each.line for each in draft.unplaced if each.what == said]
    assert f"# line {line}: {said}" in writer.toml(draft, source="text.txt")


@pytest.mark.parametrize("variation", [*VARIATIONS, *UNSEEN], **BY_NAME)
def test_every_line_of_the_source_that_is_named_is_there(variation):
    last = len(variation.text.splitlines())
    draft = reader.read(variation.text)
    told = [each.line for each in (*draft.sessions, *draft.clauses, *draft.addresses, *draft.forms, *draft.unplaced)]
    assert all(1 <= line <= last for line in told)


def test_the_table_of_the_page_is_what_the_script_prints():
    page = (Path(__file__).parents[2] / "docs" / "drafting.md").read_text("utf-8")
    assert "\n".join(drafting.variations()) in page
