"""The suite in Traditional Chinese keeps step with the English one: same scenarios, clauses and steps behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_hkexprt import shipped
from pytest_hkexprt.gherkin import catalogue, reading
from pytest_hkexprt.gherkin.text import FeatureText, ScenarioText, StepText

ENGLISH = sorted(path.name for path in shipped.features_folder().glob("*.feature"))
PHRASES = [phrase for path in sorted(shipped.steps_folder().glob("*.py")) for phrase in catalogue.phrases(path)]
CIRCULAR = "circular."


def both(name: str) -> tuple[FeatureText, FeatureText]:
    folder = shipped.features_folder()
    return reading.read(folder / name, name), reading.read(folder / "zh" / name, name)


def behind(step: StepText) -> set[tuple[Path, int]]:
    """Return the step definitions a step is bound to: file and line of the function, whichever language it is in."""
    return {(each.file, each.line) for each in PHRASES if each.fits(step.kind, step.text)}


def tags(scenario: ScenarioText) -> set[str]:
    """Return a scenario's tags but the one that names its circular, which a Chinese feature needs and ours may not."""
    return {tag for tag in scenario.tags if not tag.startswith(CIRCULAR)}


def test_every_feature_is_there_in_chinese():
    assert sorted(path.name for path in (shipped.features_folder() / "zh").glob("*.feature")) == ENGLISH


@pytest.mark.parametrize("name", ENGLISH)
def test_a_feature_in_chinese_says_so(name):
    assert both(name)[1].language == "zh-TW"


@pytest.mark.parametrize("name", ENGLISH)
def test_a_feature_in_chinese_is_of_the_same_circular(name):
    english, chinese = both(name)
    named = [tag for tag in english.tags if tag.startswith(CIRCULAR)] or [CIRCULAR + Path(name).stem]
    assert [tag for tag in chinese.tags if tag.startswith(CIRCULAR)] == named


@pytest.mark.parametrize("name", ENGLISH)
def test_both_languages_have_the_same_scenarios_with_the_same_tags(name):
    english, chinese = both(name)
    assert [tags(each) for each in chinese.scenarios] == [tags(each) for each in english.scenarios]


@pytest.mark.parametrize("name", ENGLISH)
def test_both_languages_have_the_same_steps_behind(name):
    english, chinese = both(name)
    for ours, theirs in zip(english.scenarios, chinese.scenarios, strict=True):
        assert [behind(step) for step in theirs.steps] == [behind(step) for step in ours.steps], theirs.name


@pytest.mark.parametrize("name", ENGLISH)
def test_no_chinese_text_is_left_in_english(name):
    chinese = both(name)[1]
    named = [chinese.name, *(each.name for each in chinese.scenarios)]
    assert [name for name in named if name.isascii()] == []
