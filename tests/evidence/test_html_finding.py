"""The report's search, filters, order and folding, in a real browser; and that none of it hides anything on paper."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pytest_hkexprt.evidence import html
from tests.evidence import samples

SHOWN = """[...document.querySelectorAll('article')].filter(each => !each.hidden)
    .map(each => each.querySelector('h3').lastChild.data.trim())"""
MOST_BYTES = 3_000_000
"""Of a report of 5,000 scenarios with all their steps."""
MOST_BYTES_OF_TEN = 300_000


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    samples.many(folder / "evidence.jsonl")
    return html.write(folder)


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    yield page
    page.close()


def names(page: Page) -> list[str]:
    found: list[str] = page.evaluate(SHOWN)
    return found


def test_words_are_searched_in_names_steps_and_evidence(page):
    page.fill("#find-words", "number 119")
    assert names(page) == ["Number 119 is doubled"]


def test_every_word_must_be_found_in_whatever_case(page):
    page.fill("#find-words", "NUMBER EXPECTED 238")
    assert names(page) == ["Number 119 is doubled"]


def test_an_outcome_filters(page):
    page.select_option("#find-outcome", "failed")
    assert names(page) == ["Number 7 is doubled", "Number 57 is doubled", "Number 107 is doubled"]


def test_a_clause_filters(page):
    page.select_option("#find-clause", "login")
    assert len(names(page)) == 60


def test_a_system_filters(browser, tmp_path):
    text = html.render(samples.lines(tmp_path / "b", two_systems))
    (tmp_path / "report.html").write_text(text, encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    page.select_option("#find-system", "otp")
    shown = names(page)
    page.close()
    assert shown == ["talks to otp"]


def two_systems(path: Path) -> None:
    """A run of two scenarios with another system each."""
    write = samples.Writer(path)
    write(samples.run_record())
    write(samples.session_record())
    for system in ("rap", "otp"):
        name = f"talks to {system}"
        write(samples.ScenarioRecord(id=name, name=name, feature="f", file="f", line=1, session="Session 1"))
        write(samples.ExchangeRecord(system=system, endpoint=f"{system}/primary 127.0.0.1:1", what="said"))
        write(samples.OutcomeRecord(id=name, outcome=samples.Outcome.PASSED, duration_s=0.1, checks=0))
    samples.end(write, passed=2)


def test_filters_add_up_and_are_counted(page):
    page.select_option("#find-outcome", "failed")
    page.fill("#find-words", "107")
    assert page.inner_text("#find-count") == "1 / 120"


def test_the_worst_come_first(page):
    page.select_option("#find-order", "worst")
    assert names(page)[:4] == [f"Number {number} is doubled" for number in (7, 57, 107, 0)]


def test_the_slowest_come_first(page):
    page.select_option("#find-order", "slow")
    assert names(page)[:2] == ["Number 6 is doubled", "Number 13 is doubled"]


def test_names_come_in_order(page):
    page.select_option("#find-order", "name")
    assert names(page) == sorted(names(page))


def test_the_order_of_the_run_comes_back(page):
    before = names(page)
    page.select_option("#find-order", "slow")
    page.select_option("#find-order", "run")
    assert names(page) == before


def test_a_slash_leads_to_the_search_and_escape_clears_it(page):
    page.keyboard.press("/")
    page.keyboard.type("119")
    found = names(page)
    page.keyboard.press("Escape")
    assert (found, len(names(page))) == (["Number 119 is doubled"], 120)


def test_every_control_is_reached_and_named(page):
    page.focus("#find-words")
    seen = []
    for _ in range(5):
        seen.append(page.evaluate("[document.activeElement.id, document.activeElement.labels.length]"))
        page.keyboard.press("Tab")
    ids = ["find-words", "find-outcome", "find-clause", "find-order", "find-fold"]
    assert seen == [[each, 1] for each in ids]


def test_what_passed_is_folded_and_a_failed_step_is_open(page):
    page.wait_for_function("!document.querySelector('#s1 details').open")
    opened = page.evaluate(
        "[...document.querySelector('.batch').querySelectorAll('details[open]')].map(e => e.parentNode.className)"
    )
    assert opened == ["o-failed"]


def test_what_passed_is_folded_when_it_is_first_seen(page):
    page.evaluate("location.hash = '#s109'")
    page.wait_for_function("!document.querySelector('#s109 details').open")
    assert page.evaluate("document.querySelector('#s97 details').open")


def test_a_step_one_opened_stays_open(page):
    page.wait_for_function("!document.querySelector('#s1 details').open")
    page.click("#s1 summary")
    page.evaluate("location.hash = '#s109'")
    page.wait_for_function("!document.querySelector('#s109 details').open")
    page.evaluate("location.hash = '#s1'")
    assert page.evaluate("document.querySelector('#s1 details').open")


def test_a_folded_step_opens_by_the_keyboard(page):
    page.wait_for_function("!document.querySelector('#s1 details').open")
    page.focus("#s1 summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('#s1 details').open")


def test_a_link_to_a_scenario_that_is_filtered_away_shows_it(page):
    page.select_option("#find-outcome", "failed")
    page.evaluate("location.hash = '#s90'")
    page.wait_for_function("!document.getElementById('s90').hidden")
    assert len(names(page)) == 120


def test_every_step_is_printed_whatever_is_filtered_and_folded(page, tmp_path):
    page.select_option("#find-outcome", "failed")
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", tmp_path / "report.pdf", "-"], check=True, capture_output=True, timeout=60)
    printed = " ".join(text.stdout.decode().split())
    assert [number for number in range(120) if f"Given the number {number} " not in f"{printed} "] == []
    assert printed.count("double: expected and came") == 117


def test_without_scripts_everything_is_open_and_no_dead_control_is_shown(browser, report):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    shown = (
        page.is_visible("#find"),
        page.locator("details:not([open])").count(),
        page.is_visible("#s1 p:not([class])"),
    )
    context.close()
    assert shown == (False, 0, True)


def test_ten_scenarios_are_small(tmp_path):
    text = html.render(samples.lines(tmp_path, lambda path: samples.many(path, 10)))
    assert len(text.encode()) < MOST_BYTES_OF_TEN


def test_five_thousand_scenarios_fit_with_all_their_steps(tmp_path):
    text = html.render(samples.lines(tmp_path, lambda path: samples.many(path, 5000)))
    assert len(text.encode()) < MOST_BYTES
    assert text.count("<em>Then</em> the double is right") == 5000


def test_what_is_not_seen_is_not_laid_out(page):
    assert page.evaluate("getComputedStyle(document.querySelector('.many')).contentVisibility") == "auto"
