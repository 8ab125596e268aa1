"""Strings without end, and strings that act: cut on the page with a word on it, whole in the journal, never markup."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence import form, html, journal
from pytest_hkexprt.evidence.html import words
from pytest_hkexprt.evidence.html.shown import LONGEST_NAME, LONGEST_TEXT, Shown
from pytest_hkexprt.evidence.record import Check, OutcomeRecord, StepRecord
from tests.evidence import samples
from tests.evidence.test_html import Page
from tests.projects import STEPS, feature_project, records

MEGABYTES = 10_000_000
ENDLESS = f"begins {'<x>&' * (MEGABYTES // 4)} and ends"
CHROMIUM = "/usr/bin/chromium"
SHOWN = Shown("")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose message and name, and each value of its check, are of ten megabytes."""
    folder = tmp_path_factory.mktemp("endless")
    write = samples.Writer(folder / "evidence.jsonl")
    write(samples.run_record())
    write(samples.session_record())
    write(samples.scenario_record(identity=ENDLESS))
    write(Check(what=ENDLESS, where="here", expected="42", came=ENDLESS, met=False))
    write(StepRecord(index=0, outcome=samples.Outcome.FAILED, duration_s=0.1, message=ENDLESS))
    write(OutcomeRecord(id=ENDLESS, outcome=samples.Outcome.FAILED, duration_s=0.1, checks=1, message=ENDLESS))
    samples.end(write, exit_status=1, failed=1)
    html.write(folder)
    return folder


def test_a_message_of_ten_megabytes_is_whole_in_the_journal(drawn):
    (step,) = (line.record for line in journal.read(drawn / "evidence.jsonl") if isinstance(line.record, StepRecord))
    assert step.message == ENDLESS


def test_strings_of_ten_megabytes_leave_a_page_that_opens(drawn):
    assert drawn.joinpath("report.html").stat().st_size < 1_000_000


def test_a_page_says_how_much_of_a_message_is_cut(drawn):
    message = drawn.joinpath("report.html").read_text("utf-8").split('<pre class="message">')[1].partition("</pre>")[0]
    assert f"[…{len(ENDLESS) - LONGEST_TEXT:,} more characters, in evidence.jsonl…]" in message


def test_a_page_has_both_ends_of_what_is_cut(drawn):
    message = drawn.joinpath("report.html").read_text("utf-8").split('<pre class="message">')[1].partition("</pre>")[0]
    assert message.startswith("begins ") and message.endswith(" and ends")


def test_a_page_says_in_chinese_how_much_is_cut():
    assert "尚有 1 個字元，見 evidence.jsonl" in Shown("zh-Hant").value("x" * (LONGEST_NAME + 1))


@pytest.mark.parametrize("length", [LONGEST_NAME - 1, LONGEST_NAME])
def test_a_name_that_has_room_is_shown_whole(length):
    assert SHOWN.value("x" * length) == "x" * length


def test_a_cut_never_shows_a_character_that_acts():
    assert words.UNSEEN.search(SHOWN.value("\u202e" * 5_000)) is None


@pytest.mark.parametrize("drawing", [html.render, form.render, form.data])
def test_hostile_strings_of_a_hundred_kilobytes_in_every_field_are_drawn(tmp_path, drawing):
    path = tmp_path / "evidence.jsonl"
    samples.hostile(path, samples.HOSTILE * 400)
    assert "gnp.exe" in drawing(list(journal.read(path)))


def test_links_between_endless_clauses_still_lead_somewhere(tmp_path):
    path = tmp_path / "evidence.jsonl"
    samples.hostile(path, samples.HOSTILE * 60)
    page = Page(html.render(journal.read(path)))
    links = [attrs["href"] for _, attrs in page.tags if "href" in attrs]
    assert links and [link for link in links if link is None or link.removeprefix("#") not in page.ids] == []


def test_two_endless_names_keep_two_anchors():
    assert words.slug("x" * 5_000 + "1") != words.slug("x" * 5_000 + "2")


def test_a_title_holds_no_markup_of_ours(tmp_path):
    title = html.render(samples.lines(tmp_path, samples.hostile)).split("<title>")[1].partition("</title>")[0]
    assert "<" not in title and r"\x1b[31mred" in title


def test_a_lone_surrogate_within_a_journal_is_refused_with_its_line(tmp_path):
    samples.passed(tmp_path / "evidence.jsonl")
    damaged = tmp_path.joinpath("evidence.jsonl").read_bytes().replace(b"Rehearsal Participant", b"\\udc80", 1)
    tmp_path.joinpath("evidence.jsonl").write_bytes(damaged)
    with pytest.raises(UsageFault, match="line 1"):
        list(journal.read(tmp_path / "evidence.jsonl"))


def test_searching_and_ordering_hostile_strings_runs_none_of_them(tmp_path):
    samples.hostile(tmp_path / "evidence.jsonl")
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        page.goto(html.write(tmp_path).as_uri())
        for name in ("find-clause", "find-system", "find-outcome", "find-order"):
            page.select_option(f"#{name}", index=1)
        page.fill("#find-words", '<script>document.title="pwned"</script>')
        found, title = page.inner_text("#find-count"), page.title()
        browser.close()
    assert (said, found.partition(" / ")[2], title.startswith("pwned")) == ([], "2", False)


def test_a_run_whose_system_answers_with_ten_megabytes_ends_as_any_other(pytester):
    project = feature_project(pytester, steps=STEPS.replace("came=str(doubled)", f"came='<x>' * {MEGABYTES // 3}"))
    project.runpytest_subprocess("own.feature", "--tb=no").assert_outcomes(passed=1)
    (check,) = records(project, Check)
    (report,) = project.path.glob("reports/*/report.html")
    assert (len(check.came), report.stat().st_size < 1_000_000) == (MEGABYTES // 3 * 3, True)
