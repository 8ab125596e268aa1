"""The HTML report in a real browser, on a wide and on a narrow screen, in light and in dark, and on paper."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Literal

import pytest

from pytest_hkexprt.evidence import html
from tests.evidence import samples

every_sample = pytest.mark.parametrize("sample", samples.SAMPLES.values(), ids=samples.SAMPLES)


def report(tmp_path: Path, sample: object) -> str:
    assert callable(sample)
    sample(tmp_path / "evidence.jsonl")
    return html.write(tmp_path).as_uri()


def pages_of(pdf: Path) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, timeout=60).stdout
    return text.decode().split("\f")[:-1]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@every_sample
def test_it_fits_the_screen(tmp_path, browser, sample, scheme: Literal["light", "dark"], width):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(report(tmp_path, sample))
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    page.close()
    assert wide <= room


@every_sample
def test_it_asks_for_nothing_and_complains_of_nothing(tmp_path, browser, sample):
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    uri = report(tmp_path, sample)
    page.goto(uri, wait_until="networkidle")
    page.close()
    assert (asked, said) == ([uri], [])


def test_its_style_is_let_through_by_its_own_policy(tmp_path, browser):
    page = browser.new_page()
    page.goto(report(tmp_path, samples.passed))
    position = page.evaluate("getComputedStyle(document.querySelector('.ribbon')).position")
    page.close()
    assert position == "sticky"


def test_dark_is_dark(tmp_path, browser):
    page = browser.new_page(color_scheme="dark")
    page.goto(report(tmp_path, samples.passed))
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.close()
    assert colour == "rgb(14, 20, 27)"


def test_everything_is_there_without_scripts(tmp_path, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report(tmp_path, samples.passed))
    shown = page.locator("b", has_text="41 files as on 2023-04-14").is_visible()
    context.close()
    assert shown


@pytest.mark.parametrize("sample", [samples.failed, samples.two_sessions])
def test_each_printed_page_of_a_rehearsal_says_simulator(tmp_path, browser, sample):
    page = browser.new_page()
    page.goto(report(tmp_path, sample))
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    page.close()
    pages = pages_of(tmp_path / "report.pdf")
    assert len(pages) > 1 and [number for number, text in enumerate(pages) if "SIMULATOR" not in text] == []


def test_each_printed_page_of_a_rehearsal_bears_the_watermark(tmp_path, browser):
    page = browser.new_page()
    page.goto(report(tmp_path, samples.failed))
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    page.close()
    boxes = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "report.pdf", "-"], check=True, capture_output=True, timeout=60
    ).stdout.decode()
    word = re.compile(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(.*?)<')
    for block in boxes.split("<page ")[1:]:
        tall = [(float(left), text) for left, top, foot, text in word.findall(block) if float(foot) - float(top) > 60]
        assert "".join(text for _, text in sorted(tall)) == "SIMULATOR"


def test_a_printed_live_run_never_says_simulator(tmp_path, browser):
    page = browser.new_page()
    page.goto(report(tmp_path, samples.live))
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    page.close()
    assert not any("SIMULATOR" in text for text in pages_of(tmp_path / "report.pdf"))


def test_print_is_on_white_even_from_a_dark_screen(tmp_path, browser):
    page = browser.new_page(color_scheme="dark")
    page.goto(report(tmp_path, samples.passed))
    page.emulate_media(media="print", color_scheme="dark")
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.close()
    assert colour == "rgb(255, 255, 255)"


def test_every_step_is_printed(tmp_path, browser):
    page = browser.new_page()
    page.goto(report(tmp_path, samples.passed))
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    page.close()
    printed = " ".join(" ".join(pages_of(tmp_path / "report.pdf")).split())
    assert [step.text for step in samples.STEPS if step.text not in printed] == []
