"""The labels: every one there is has its Chinese, and the renderings speak it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pytest_hkexprt.evidence import html, verdict
from pytest_hkexprt.evidence.labels import CHINESE, MEASURES, ZH, counter, translator
from pytest_hkexprt.model import Basis, Outcome
from tests.evidence import samples
from tests.evidence.test_html import Page

EVIDENCE = Path(html.__file__).parent.parent
TEMPLATES = sorted(html.HERE.glob("*.j2"))
PLACE = re.compile(r"\{\w+\}")


def used_in(template: Path) -> set[str]:
    text = template.read_text(encoding="utf-8")
    calls = re.findall(r"_\((.*?)\)(?=[\s}~)%]|$)", text)
    labels = {label for call in calls for label in re.findall(r'"([^"]+)"', call)}
    return labels | set(re.findall(r'(?:fact|blank)\("([^"]+)"', text))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_label_of_a_template_has_its_chinese(template):
    assert used_in(template) - ZH.keys() - {"passed"} == set()


def test_the_labels_are_found_in_the_templates():
    assert len(set().union(*map(used_in, TEMPLATES))) > 60


def test_every_phrase_of_the_verdict_has_its_chinese():
    tree = ast.parse((EVIDENCE / "verdict.py").read_text(encoding="utf-8"))
    phrases = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and PLACE.search(node.value)
    }
    assert phrases and phrases - ZH.keys() == set()


@pytest.mark.parametrize("word", [*Outcome, *Basis, *verdict.EXIT_WORDS.values()])
def test_every_word_of_a_vocabulary_has_its_chinese(word):
    assert str(word) in ZH


@pytest.mark.parametrize(("english", "chinese"), ZH.items())
def test_a_phrase_has_the_same_places_in_both_languages(english, chinese):
    assert sorted(PLACE.findall(english)) == sorted(PLACE.findall(chinese))


@pytest.mark.parametrize("noun", MEASURES)
def test_things_are_counted_in_both_languages(noun):
    assert (counter("")(1, noun), counter("")(2000, noun)) == (f"1 {noun}", f"2,000 {noun}s")
    assert counter(CHINESE)(2000, noun) == f"2,000 {MEASURES[noun]}"


def test_what_the_table_has_not_stays_as_it_is():
    assert translator(CHINESE)("CD/OEC/SEOCH/073/2023") == "CD/OEC/SEOCH/073/2023"


def test_a_chinese_report_says_so_to_the_browser(tmp_path):
    drawn = Page(html.render(samples.lines(tmp_path, samples.passed), lang=CHINESE))
    assert drawn.tags[0] == ("html", {"lang": "zh-Hant"})


@pytest.mark.parametrize(
    "said", ["通過：1 個場景，6 項檢查", "連接端點", "在指定時段內", "此為演練", "Session 1 · 後備站點"]
)
def test_a_chinese_report_says(tmp_path, said):
    assert said in Page(html.render(samples.lines(tmp_path, samples.passed), lang=CHINESE)).text


def test_what_others_said_is_not_translated(tmp_path):
    text = Page(html.render(samples.lines(tmp_path, samples.failed), lang=CHINESE)).text
    assert "41 files as on 2023-04-14 (taken at primary)" in text
