"""Report and result form as one meets them: each language, light or dark, wide or narrow, scripts or none, on paper."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Literal

import pytest

from pytest_hkexprt.evidence import form, html
from pytest_hkexprt.evidence.html.endpoints import seen_at
from tests.evidence import samples, samples_spoken

WORDS = {"": "What the circular asks", "zh-Hant": "通告要求"}
KINDS = {"report.html": html.write, "result-form.html": form.write}


@pytest.fixture(scope="module", params=WORDS)
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Both renderings of a run of two sessions in a language."""
    folder = tmp_path_factory.mktemp("everywhere")
    samples.two_sessions(folder / "evidence.jsonl")
    for write in KINDS.values():
        write(folder, request.param)
    return folder, request.param


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_whole(browser, drawn, kind, scheme: Literal["light", "dark"], width, scripts):
    folder, lang = drawn
    viewport = {"width": width, "height": 900}
    context = browser.new_context(viewport=viewport, color_scheme=scheme, java_script_enabled=scripts)  # type: ignore[arg-type]  # a TypedDict
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    uri = (folder / kind).as_uri()
    page.goto(uri, wait_until="networkidle")
    seen = {
        "language": page.locator("html").get_attribute("lang") == (lang or "en"),
        "heading": page.locator("h1").first.is_visible(),
        "labels": page.get_by_text(WORDS[lang]).first.is_visible() or width == 390,
        "clause": page.get_by_text("the folder holds as many files as on the last business date").first.is_visible(),
        "step": kind != "report.html" or page.locator(".steps").get_by_text("each download matches").first.is_visible(),
        "links": [
            each for each in page.locator("a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
            if not page.locator(f"[id='{each.removeprefix('#')}']").count()
        ] == [],
        "room": page.locator("html").evaluate("each => each.scrollWidth <= each.clientWidth") ,
    }  # fmt: skip
    context.close()
    assert ([name for name, there in seen.items() if not there], asked) == ([], [uri])


@pytest.mark.parametrize("kind", KINDS)
def test_it_prints_with_page_numbers_reference_run_and_signature_block(browser, drawn, kind, tmp_path):
    folder, lang = drawn
    page = browser.new_page()
    page.goto((folder / kind).as_uri())
    page.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True)
    page.close()
    text = subprocess.run(["pdftotext", "-layout", tmp_path / "printed.pdf", "-"], check=True, capture_output=True)
    pages = ["".join(each.split()) for each in text.stdout.decode().split("\f")[:-1]]
    wanted = [(f"{number}/{len(pages)}", samples.RAP.reference, samples.run_record().run_id)
              for number in range(1, len(pages) + 1)]  # fmt: skip
    assert [all(each in page for each in due) for page, due in zip(pages, wanted, strict=True)] == [True] * len(pages)
    assert {"": "Signature", "zh-Hant": "簽署"}[lang] in pages[-1]


def test_no_page_but_the_last_is_left_half_empty_by_a_table(browser, tmp_path):
    samples.passed(tmp_path / "evidence.jsonl")
    page = browser.new_page()
    page.goto(html.write(tmp_path).as_uri())
    page.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True)
    page.close()
    boxes = subprocess.run(
        ["pdftotext", "-bbox-layout", tmp_path / "printed.pdf", "-"], check=True, capture_output=True
    )
    second = boxes.stdout.decode().split("<page ")[2]
    feet = [float(part.split('yMax="')[1].split('"')[0]) for part in second.split("<line ")[1:]]
    text = [foot for foot in feet if foot < 780]  # above the margin's own words
    assert max(text) > 500


def test_a_servers_certificate_stands_beside_its_endpoint():
    facts = {"certificate": "trusted", "subject": "CN=www.example", "SHA-256": "ab12"}
    endpoint = "ccass/primary www.example:443"
    (seen,) = seen_at((), [samples.ExchangeRecord(system="ccass", endpoint=endpoint, what="answers", facts=facts)])
    assert seen.host_keys == ("CN=www.example, trusted, SHA-256 ab12",)


def test_the_sample_of_pictures_is_whole_without_scripts_on_a_narrow_screen(browser, tmp_path):
    samples_spoken.pictured(tmp_path / "evidence.jsonl")
    context = browser.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto(html.write(tmp_path).as_uri())
    wide = page.locator("img").first.bounding_box()
    context.close()
    assert wide is not None and 200 < wide["width"] < 390
