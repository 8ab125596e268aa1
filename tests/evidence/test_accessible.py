"""The report and the result form under axe-core, as people who hear or enlarge a page meet them.

axe-core finds what a machine can: contrast as drawn, names, roles, the structure of tables and lists. It runs in the
page by the browser's own door, so the content policy that forbids other scripts stays as it is.

Source: https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from pytest_hkexprt.evidence import form, html
from tests.evidence import samples

GRAVE = {"serious", "critical"}


def found(browser: Browser, file: Path, scheme: Literal["light", "dark"], width: int = 1280) -> list[str]:
    """What axe-core calls serious or critical, each with the first element it stands at."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(file.as_uri())
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    answer = Axe().run(page).response
    page.close()
    assert answer["passes"], "axe-core looked at nothing"
    return [
        f"{each['impact']} {each['id']}: {len(each['nodes'])} times, {each['nodes'][0]['html'][:200]}"
        f" {each['nodes'][0]['failureSummary'][:300]}"
        for each in answer["violations"]
        if each["impact"] in GRAVE
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["", "zh-Hant"])
@pytest.mark.parametrize("sample", [samples.live, samples.outlined, samples.two_sessions])
def test_axe_finds_nothing_serious_in_a_report(tmp_path, browser, sample, lang, scheme):
    sample(tmp_path / "evidence.jsonl")
    assert found(browser, html.write(tmp_path, lang), scheme) == []


@pytest.mark.parametrize("sample", samples.SAMPLES.values(), ids=samples.SAMPLES)
def test_axe_finds_nothing_serious_on_a_narrow_screen(tmp_path, browser, sample):
    sample(tmp_path / "evidence.jsonl")
    assert found(browser, html.write(tmp_path), "dark", width=390) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["", "zh-Hant"])
@pytest.mark.parametrize("sample", [samples.live, samples.interrupted])
def test_axe_finds_nothing_serious_in_a_result_form(tmp_path, browser, sample, lang, scheme):
    sample(tmp_path / "evidence.jsonl")
    form.write(tmp_path, lang)
    assert found(browser, tmp_path / "result-form.html", scheme) == []


def test_axe_finds_a_serious_fault_where_there_is_one(tmp_path, browser):
    file = tmp_path / "faulty.html"
    file.write_text(
        '<html lang="en"><title>x</title><main><p style="color:#999;background:#fff">faint</p></main></html>'
    )
    assert [each.split(":")[0] for each in found(browser, file, "light")] == ["serious color-contrast"]
