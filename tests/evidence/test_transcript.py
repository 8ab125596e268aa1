"""Messages of many fields, hundreds in a step: named, counted, folded, found, printed whole, within the size goals."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pytest_hkexprt.evidence import html
from pytest_hkexprt.evidence.html.evidence import MOST_SAID
from tests.evidence import samples, samples_spoken

MOST_BYTES = 300_000
"""What ten scenarios may take: a step of 300 messages of thirty fields stays below it."""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spoken")
    samples_spoken.spoken(folder / "evidence.jsonl")
    return html.write(folder)


@pytest.fixture
def page(browser: Browser, drawn: Path) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(drawn.as_uri())
    yield page
    page.close()


def test_a_message_has_each_field_by_name_with_its_value(drawn):
    text = drawn.read_text("utf-8")
    message = text.partition("<summary>received ExecutionReport 42</summary>")[2].partition("</dl>")[0]
    fields = [part.split(" <dd>") for part in message.partition("<dl class=msg>")[2].split("<dt>")[1:]]
    assert {name: value.strip() for name, value in fields} == samples_spoken.message(42)


def test_a_message_tells_its_millisecond(drawn):
    assert "<time>14:30:00.163</time>" in drawn.read_text("utf-8")


def test_a_long_transcript_is_folded_behind_its_number_and_span(page):
    assert page.inner_text(".long > summary").startswith("300 exchanges, 14:30:00.")
    assert not page.locator(".long > ol").is_visible()


def test_a_short_transcript_is_open_and_its_messages_folded(page):
    shown = (page.get_by_text("sent Logon").is_visible(), page.locator(".talk .msg").first.is_visible())
    assert shown == (True, False)


def test_a_folded_message_opens_by_the_keyboard(page):
    page.focus(".talk summary")
    page.keyboard.press("Enter")
    assert page.locator(".talk .msg").first.is_visible()


def test_three_hundred_messages_of_thirty_fields_stay_within_the_size_of_ten_scenarios(drawn):
    assert drawn.stat().st_size < MOST_BYTES


def test_an_endless_transcript_has_both_ends_and_says_how_much_is_left_to_the_journal(tmp_path):
    text = html.render(samples.lines(tmp_path, lambda path: samples_spoken.spoken(path, MOST_SAID + 234)))
    assert "234 more exchanges, in evidence.jsonl" in text
    assert "ExecutionReport 0<" in text and f"NewOrderSingle {MOST_SAID + 233}<" in text
    assert f"{MOST_SAID + 234:,} exchanges" in text


def test_every_message_is_printed(page, tmp_path):
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", tmp_path / "report.pdf", "-"], check=True, capture_output=True, timeout=60)
    words = text.stdout.decode().split()
    assert [number for number in range(0, 300, 2) if f"ClO{number}" not in words] == []


@pytest.fixture
def searched(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Two scenarios, so that there is something to search; the first says much."""

    def both(path: Path) -> None:
        write = samples_spoken.begun(path, "the participant trades")
        for number in range(60):
            write(samples.exchange(samples_spoken.GATEWAY, f"message {number}", **samples_spoken.message(number)))
        write(samples.StepRecord(index=0, outcome=samples.Outcome.PASSED, duration_s=0.5))
        identity = "features/otp.feature::A day is traded"
        write(samples.OutcomeRecord(id=identity, outcome=samples.Outcome.PASSED, duration_s=0.7, checks=1))
        samples.retrieval(write)
        samples.end(write, passed=2)

    both(tmp_path / "evidence.jsonl")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(html.write(tmp_path).as_uri())
    yield page
    page.close()


def test_a_search_finds_a_fields_value_and_unfolds_where_it_stands(searched):
    searched.fill("#find-words", "ClO57")
    shown = (searched.inner_text("#find-count"), searched.get_by_text("ClO57").is_visible())
    assert shown == ("1 / 2", True)


def test_what_a_search_unfolded_is_folded_with_the_next(searched):
    searched.fill("#find-words", "ClO57")
    searched.fill("#find-words", "")
    assert not searched.get_by_text("ClO57").is_visible()
