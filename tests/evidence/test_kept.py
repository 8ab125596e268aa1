"""Kept pictures stand in the page: plain ones, told by their bytes, vouched for by the journal, unable to act."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from pytest_hkexprt.evidence import folder as run_folder
from pytest_hkexprt.evidence import html
from pytest_hkexprt.evidence.html import kept
from pytest_hkexprt.evidence.html.kept import Gallery, picture_of
from pytest_hkexprt.evidence.record import AttachmentRecord
from tests.evidence import samples_spoken as spoken
from tests.evidence.test_html import Page
from tests.projects import STEPS, feature_project

LOADED = "[...document.images].map(each => each.complete && each.naturalWidth > 0)"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictured")
    spoken.pictured(folder / "evidence.jsonl")
    return html.write(folder)


def test_a_picture_stands_in_the_page_with_its_facts(drawn):
    page = Page(drawn.read_text("utf-8"))
    images = [attrs for tag, attrs in page.tags if tag == "img"]
    assert [(each["alt"], each["width"], each["height"]) for each in images] == [
        ("logon page.png", "1280", "800"), ("packets.svg", "640", "120"), ("device.jpeg", "3", "2"),
    ]  # fmt: skip
    assert "1280 × 800, 2,684 bytes, 15 Apr 2023, 14:30:02" in page.text


def test_the_same_picture_is_in_the_page_once(drawn):
    text = drawn.read_text("utf-8")
    assert (text.count("data:image/png"), text.count("the picture shown above")) == (1, 1)


def test_what_is_no_picture_is_told_by_its_facts(drawn):
    page = Page(drawn.read_text("utf-8"))
    assert "console.txt" in page.row("console.txt") and "confidential" in page.row("TP001.png")


def test_a_short_text_is_shown_as_text(tmp_path):
    spoken.pictured(tmp_path / "evidence.jsonl")
    text = html.write(tmp_path).read_text("utf-8")
    assert '<summary>console.txt</summary><pre class="data">no error &lt;b&gt;\n' in text


def test_a_text_that_was_exchanged_is_not_shown(tmp_path):
    spoken.pictured(tmp_path / "evidence.jsonl")
    for path in tmp_path.glob("attachments/*.txt"):
        path.write_bytes(b"all is well\n")
    assert "all is well" not in html.write(tmp_path).read_text("utf-8")


def test_a_long_text_is_left_beside_the_page(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "MOST_TEXT_BYTES", 5)
    spoken.pictured(tmp_path / "evidence.jsonl")
    text = html.write(tmp_path).read_text("utf-8")
    assert "no error" not in text and "console.txt" in text


@pytest.mark.parametrize("scripts", [True, False])
def test_every_picture_is_seen_with_and_without_scripts_and_none_of_them_acts(browser, drawn, scripts):
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(drawn.as_uri(), wait_until="networkidle")
    if scripts:
        assert page.evaluate(LOADED) == [True] * 3
    else:
        assert page.locator("img").first.is_visible()
    title = page.title()
    context.close()
    assert ([each for each in asked if not each.startswith("data:")], said) == ([drawn.as_uri()], [])
    assert "pwned" not in title


@pytest.mark.parametrize("width", [390, 1280])
def test_a_picture_is_never_wider_than_the_page(browser, drawn, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(drawn.as_uri())
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    page.close()
    assert wide <= room


def test_a_picture_is_printed(browser, drawn, tmp_path):
    page = browser.new_page()
    page.goto(drawn.as_uri())
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    page.close()
    told = subprocess.run(["pdfimages", "-list", tmp_path / "report.pdf"], check=True, capture_output=True, timeout=60)
    assert b" 1280   800 " in told.stdout


def test_a_picture_that_was_exchanged_is_not_shown(tmp_path):
    spoken.pictured(tmp_path / "evidence.jsonl")
    for path in tmp_path.glob("attachments/*.png"):
        path.write_bytes(spoken.png(1280, 801))
    text = html.write(tmp_path).read_text("utf-8")
    assert "data:image/png" not in text and "NOT SHOWN: the file is not what the journal says was kept" in text


def test_a_picture_that_is_gone_is_said_to_be(tmp_path):
    spoken.pictured(tmp_path / "evidence.jsonl")
    for path in tmp_path.glob("attachments/*.png"):
        path.unlink()
    assert "not shown: the file is not beside the journal" in html.write(tmp_path).read_text("utf-8")


def test_a_journal_that_names_a_file_elsewhere_is_not_followed(tmp_path):
    content = spoken.png(2, 2)
    tmp_path.joinpath("elsewhere.png").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    tmp_path.joinpath("run").mkdir()
    for stored in ("../elsewhere.png", "attachments/../../elsewhere.png", str(tmp_path / "elsewhere.png")):
        record = AttachmentRecord(name="x.png", size_bytes=len(content), sha256=digest, stored=stored)
        assert Gallery(tmp_path / "run").kept(record).picture is None


@pytest.mark.parametrize("content", [
    b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", spoken.png(0, 5), spoken.png(4, 4)[:14], b"\xff\xd8\xff\xe0",
    b"<svg>", b"<html>",
    b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"></svg>',
    b"<!-- a -->" * 50_000, b"<?xml" * 50_000,
    spoken.png(1, 1)[:16] + (40_000).to_bytes(4, "big") * 2,
])  # fmt: skip
def test_what_is_no_plain_picture_is_not_taken_for_one(content):
    assert picture_of(content) is None


def test_a_jpeg_with_a_segment_of_no_length_ends():
    assert picture_of(b"\xff\xd8" + b"\xff\xe0\x00\x00" * 10_000) is None


def test_a_drawing_without_a_size_is_shown_without_one():
    picture = picture_of(b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>')
    assert picture is not None and (picture.width, picture.height) == (0, 0)


def test_a_large_picture_is_left_beside_the_page(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "MOST_BYTES", 100)
    spoken.pictured(tmp_path / "evidence.jsonl")
    text = html.write(tmp_path).read_text("utf-8")
    assert "not shown: too large for this page" in text and "data:image/png" not in text


def test_all_pictures_together_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "MOST_BYTES_TOGETHER", 2_700)
    spoken.pictured(tmp_path / "evidence.jsonl")
    text = html.write(tmp_path).read_text("utf-8")
    assert ("data:image/png" in text, "data:image/svg" in text) == (True, False)


def test_a_run_that_keeps_a_screenshot_shows_it_and_draws_the_same_again(pytester):
    content = base64.b64encode(spoken.png(30, 20)).decode()
    keeping = (
        f"import base64\n    hkex_evidence.keep('page.png', base64.b64decode({content!r}))\n    hkex_evidence.check("
    )
    project = feature_project(pytester, steps=STEPS.replace("hkex_evidence.check(", keeping))
    project.runpytest_subprocess("own.feature").assert_outcomes(passed=1)
    (report,) = project.path.glob("reports/*/report.html")
    before = report.read_bytes()
    run_folder.again(report.parent)
    listed = json.loads(report.with_name("manifest.json").read_text("utf-8"))["sha256sums"]
    assert b'width=30 height=20 alt="page.png"' in before and report.read_bytes() == before
    assert [each for each in listed if "  attachments/" in each]


def test_a_kept_picture_stands_in_the_row_of_pytest_htmls_report(pytester):
    content = base64.b64encode(spoken.png(30, 20)).decode()
    keeping = (
        f"import base64\n    hkex_evidence.keep('page.png', base64.b64decode({content!r}))\n    hkex_evidence.check("
    )
    project = feature_project(pytester, steps=STEPS.replace("hkex_evidence.check(", keeping))
    project.runpytest_subprocess("own.feature", "--html=user.html", "--self-contained-html").assert_outcomes(passed=1)
    assert "data:image/png;base64" in project.path.joinpath("user.html").read_text("utf-8")
