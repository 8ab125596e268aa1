"""The report of many scenarios: how large, how soon drawn, how soon open, and how soon it finds.

    python -m benchmarks.report [--sizes 100,1000,5000] [--runs 5] [--peers PYTHON] [--json FILE] [--markdown FILE]

The same generated scenarios of three steps; ours with a check in each, written by a run of pytest and opened in the
Chromium of this machine. pytest-html's is the peer that pytest users have: its rows show no steps. "Open" ends when the
page is loaded and two frames were drawn; "filter" and "sort" end with the frame after the change.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks import generated, report_peers
from benchmarks.collection import OUT_OF_USE, PYTEST
from benchmarks.measure import Cost, cost_of, goal, machine, table, told
from benchmarks.options import parser

CHROMIUM = "/usr/bin/chromium"
FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))))"
OURS_CHANGE = """async ([id, value]) => {
    const select = document.getElementById(id), began = performance.now();
    select.value = value;
    select.dispatchEvent(new Event("change"));
    await new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));
    return (performance.now() - began) / 1000;
}"""
HTML_SORT = """async () => {
    const began = performance.now();
    document.querySelector("th.sortable[data-column-type=duration]").click();
    await new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));
    return (performance.now() - began) / 1000;
}"""
MOST_BYTES, MOST_OPEN_S, MOST_FIND_S = 3_000_000, 0.6, 0.1
OURS, HTML = "pytest-hkexprt", "pytest-html"
COLUMNS = {"open": ".2f", "filter": ".3f", "sort": ".3f", "nodes": ",.0f"}
"""Figures of an opened page, and how the table shows them."""


def made(tool: str, scenarios: int, folder: Path) -> tuple[Path, Cost]:
    """Run so many scenarios and return the report and what the run cost."""
    off = [part for plugin in OUT_OF_USE["html"] if tool == HTML for part in ("-p", f"no:{plugin}")]
    if tool == OURS:
        generated.ours(folder, scenarios, 0)
        command = [*PYTEST, "--site=secondary", "numbers.feature"]
    else:
        generated.pytest_functions(folder, scenarios)
        command = [*PYTEST, *off, "--html=report.html", "--self-contained-html", "test_plain.py"]
    cost, _ = cost_of(command, folder, lambda printed: f"{scenarios} passed" in printed)
    (report,) = folder.glob("reports/*/report.html") if tool == OURS else folder.glob("report.html")
    return report, cost


def drawn_s(report: Path) -> float:
    """Return how long our report takes to draw again, in a process that has the libraries loaded."""
    code = (
        "import sys, time, pathlib; from pytest_hkexprt.evidence import html; html.environment()\n"
        "began = time.perf_counter(); html.write(pathlib.Path(sys.argv[1])); print(time.perf_counter() - began)"
    )
    _, printed = cost_of([sys.executable, "-c", code, report.parent], report.parent, bool)
    return float(printed)


def opened(browser: Browser, tool: str, report: Path) -> dict[str, float]:
    """Open a report and use it; return the seconds each took, and its nodes."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    began_s = time.perf_counter()
    page.goto(report.as_uri(), timeout=120_000)
    page.evaluate(FRAMES)
    found = {"open": time.perf_counter() - began_s}
    found["nodes"] = page.evaluate("document.querySelectorAll('*').length")
    if tool == OURS:
        page.evaluate("new Promise(done => requestIdleCallback(done))")
        found["filter"] = page.evaluate(OURS_CHANGE, ["find-clause", "double"])
        found["sort"] = page.evaluate(OURS_CHANGE, ["find-order", "slow"])
        page.fill("#find-words", "number 42")
        assert page.inner_text("#find-count").split(" / ")[0] != "0", "the search found nothing"
    elif tool == HTML:
        found["sort"] = page.evaluate(HTML_SORT)
    page.close()
    return found


def median(values: Sequence[dict[str, float]], name: str) -> float:
    """Return the median of one figure."""
    return statistics.median(value[name] for value in values)


def shown(values: Sequence[dict[str, float]], name: str, form: str) -> str:
    """Return the median of one figure in the table; a dash for what a report has not."""
    return format(median(values, name), form) if values and name in values[0] else "-"


def main() -> None:
    """Measure, and tell."""
    options = parser(__doc__, runs=5)
    options.add_argument("--sizes", default="100,1000,5000", help="numbers of scenarios")
    options.add_argument("--peers", type=Path, help="a Python with allure-pytest-bdd, behave-html-formatter, robot")
    chosen = options.parse_args()
    peers = report_peers.installed(chosen.peers)
    rows, goals, raw = [], [], {}
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for size in map(int, chosen.sizes.split(",")):
            reports = {}
            for tool in (OURS, HTML, *peers):
                folder = Path(work) / f"{tool}-{size}"
                folder.mkdir()
                known = (tool, size, folder)
                reports[tool] = report_peers.made(chosen.peers, *known) if tool in peers else made(*known)
            pages = {tool: report for tool, (report, _) in reports.items() if report.is_file()}
            figures: dict[str, list[dict[str, float]]] = {tool: [] for tool in pages}
            for number in range(chosen.runs + 1):
                for tool, report in pages.items():
                    figure = opened(browser, tool, report)
                    figures[tool] += [figure] if number else []  # the first warms the file cache
            for tool, (report, cost) in reports.items():
                got, bytes_ = figures.get(tool, []), report_peers.size(report)
                draw_s = statistics.median(drawn_s(report) for _ in range(3)) if tool == OURS else None
                raw[f"{tool}, {size}"] = {"bytes": bytes_, "run_s": cost.wall_s, "draw_s": draw_s, "opened": got}
                rows.append([
                    tool, f"{size:,}", f"{cost.wall_s:.1f}", f"{bytes_ / 1e6:.2f}", f"{draw_s:.2f}" if draw_s else "-",
                    *(shown(got, name, form) for name, form in COLUMNS.items()), "no" if tool == HTML else "yes",
                ])  # fmt: skip
                if tool == OURS:
                    find_s = max(median(got, "filter"), median(got, "sort"))
                    goals += [
                        goal(f"{size:,} scenarios under 3 MB: {bytes_ / 1e6:.2f} MB", met=bytes_ < MOST_BYTES),
                        goal(
                            f"{size:,} scenarios open within 0.6 s: {median(got, 'open'):.2f} s",
                            met=median(got, "open") <= MOST_OPEN_S,
                        ),
                        goal(f"filtered and sorted within 0.1 s: {find_s:.3f} s", met=find_s <= MOST_FIND_S),
                    ]
        version = browser.version
        browser.close()
    headings = ["report", "scenarios", "run s", "MB", "drawn s", "open s", "filter s", "sort s", "nodes", "shows steps"]
    absent = ", ".join(tool for tool in report_peers.MODULES if tool not in peers)
    text = f"Medians of {chosen.runs}, the run once, in Chromium {version}, headless.\n\n{table(headings, rows)}\n\n"
    text += (f"Not measured, as not installed: {absent}.\n\n" if absent else "") + "\n".join(goals)
    told("report", text, {}, chosen.markdown, None)
    if chosen.json:
        chosen.json.write_text(json.dumps({"machine": machine(), "figures": raw}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
