"""Our own sentences, dates and units in the report's language; everybody else's words as they were."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pytest_hkexprt
from pytest_hkexprt.evidence import form, html
from pytest_hkexprt.evidence.labels import CHINESE
from pytest_hkexprt.evidence.sentences import LONGEST, ZH, told
from tests.evidence import samples
from tests.evidence.test_html import Page
from tests.projects import shipped_project

PLACE = re.compile(r"\{\w+\}")
SOURCE = "".join(path.read_text("utf-8") for path in Path(pytest_hkexprt.__file__).parent.rglob("*.py")
                 if path.name != "sentences.py")  # fmt: skip
ENGLISH_DATE = re.compile(r"\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}")


@pytest.mark.parametrize("english", ZH)
def test_a_sentence_is_one_that_the_tool_still_says(english):
    parts = [part for place in PLACE.split(english) for part in place.split(": ") if part]
    assert parts and [part for part in parts if part.strip() not in SOURCE] == []


@pytest.mark.parametrize(("english", "chinese"), ZH.items())
def test_a_sentence_has_the_same_places_in_both_languages(english, chinese):
    assert sorted(PLACE.findall(english)) == sorted(PLACE.findall(chinese))


def test_a_sentence_keeps_its_facts():
    said = "baseline visit: the clock is put to 2023-04-14 22:00, the primary site is visited"
    assert told(said, CHINESE) == "基準存取：時鐘調至 2023-04-14 22:00，連接主要站點"


@pytest.mark.parametrize("text", ["no sentence of ours", "{date}", "", "x" * (LONGEST + 1)])
def test_a_text_that_is_none_of_ours_stays(text):
    assert told(text, CHINESE) == text


def test_english_stays_english():
    assert told("stopped from the keyboard", "") == "stopped from the keyboard"


def test_braces_in_a_fact_are_no_places():
    assert told("{0}: no back-up: {why}", CHINESE) == "{0}：沒有備份：{why}"


@pytest.mark.parametrize("drawing", [html.render, form.render])
@pytest.mark.parametrize("sample", [samples.live, samples.two_sessions, samples.interrupted])
def test_no_date_is_english_in_a_chinese_rendering(tmp_path, drawing, sample):
    text = Page(drawing(samples.lines(tmp_path, sample), lang=CHINESE)).text
    assert ENGLISH_DATE.search(text) is None and "2023年4月15日" in text


@pytest.mark.parametrize("said", ["45 毫秒", "1,204,118 位元組", "15 Apr"])
def test_units_are_chinese_in_a_chinese_report(tmp_path, said):
    text = Page(html.render(samples.lines(tmp_path, samples.passed), lang=CHINESE)).text
    assert (said in text) == (said != "15 Apr")


def test_a_chinese_report_says_which_words_stay(tmp_path):
    text = Page(html.render(samples.lines(tmp_path, samples.passed), lang=CHINESE)).text
    assert "通告、功能檔、系統及失敗訊息的文字屬於證據，按原文照錄" in text


def test_a_chinese_report_says_in_chinese_why_a_scenario_was_omitted(tmp_path):
    def omitted(path: Path) -> None:
        write = samples.Writer(path)
        write(samples.run_record())
        write(samples.session_record())
        write(samples.scenario_record())
        why = "for EP, and Alpha Limited is CP"
        write(
            samples.OutcomeRecord(
                id=samples.scenario_record().id, outcome=samples.Outcome.OMITTED, duration_s=0, checks=0, message=why
            )
        )
        samples.end(write, omitted=1)

    assert "適用於 EP，而 Alpha Limited 是 CP" in html.render(samples.lines(tmp_path, omitted), lang=CHINESE)


def test_the_notice_of_a_rehearsals_baseline_is_chinese_in_a_chinese_report(pytester):
    project = shipped_project(pytester)
    project.runpytest_subprocess("features/rap.feature", "--site=secondary", "--lang=zh-Hant", "--evidence=out")
    (report,) = project.path.glob("out/*/report.html")
    assert "基準存取：時鐘調至 2023-04-14 22:00，連接主要站點" in report.read_text("utf-8")
