"""The scenarios of the terminals as a plain Playwright script has them: the same pages and clicks, and nothing else.

    python -m benchmarks.terminal_peer FILE [--small] [--our-browser]

One browser, a new context for each, against the same stand-in, which runs in this process too. It looks whether what
it expects is there, as such scripts do; it verifies no certificate of its own, compares no data but after a failover,
takes no picture, keeps no trace and writes no evidence. The browser is launched as such scripts launch it, or as ours.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.terminal_times import Times
from pytest_hkexprt.deadline import monotonic_s
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.ccass import client_browser
from pytest_hkexprt.systems.ccass.simulator import Simulator

CHROMIUM = "/usr/bin/chromium"
BOTH = ("CCASS", "CCMS")


def log_on(page: Page, simulator: Simulator, terminal: str) -> None:
    page.goto(f"https://{simulator.name}/{terminal.lower()}/")
    page.fill("#user", simulator.user)
    page.fill("#password", simulator.password.reveal())
    page.click("#enter")
    page.wait_for_selector("#code")
    page.fill("#code", simulator.code(terminal).reveal())
    page.click("#verify")
    expect(page.locator("#session")).to_be_visible()


def log_off(page: Page) -> None:
    page.click("#log-off")
    expect(page.locator("#logged-off")).to_be_visible()


def closed(page: Page, simulator: Simulator, terminal: str) -> None:
    simulator.close(terminal)
    log_on(page, simulator, terminal)
    expect(page.locator("#notice")).to_contain_text("Function not available")
    log_off(page)
    page.goto(f"https://{simulator.name}/{terminal.lower()}/home")
    expect(page.locator("#logon")).to_be_visible()


def answers(page: Page, simulator: Simulator, terminal: str) -> None:
    log_on(page, simulator, terminal)
    expect(page.locator("#functions")).to_be_visible()
    log_off(page)
    page.goto(f"https://{simulator.name}/{terminal.lower()}/home")
    expect(page.locator("#logon")).to_be_visible()


def look(page: Page) -> tuple[str, bytes]:
    page.click("#to-enquiry")
    page.click("#enquire")
    expect(page.locator("#data")).to_be_visible()
    data = page.inner_text("#data")
    page.click("#to-reports")
    with page.expect_download() as download:
        page.locator("#reports tbody tr").first.locator("a").click()
    return data, Path(download.value.path()).read_bytes()


def finds(page: Page, simulator: Simulator, terminal: str) -> None:
    log_on(page, simulator, terminal)
    assert all(look(page))
    log_off(page)


def fails_over(page: Page, simulator: Simulator, terminal: str) -> None:
    log_on(page, simulator, terminal)
    before = look(page)
    simulator.fail_over()
    log_on(page, simulator, terminal)
    assert look(page) == before
    log_off(page)


Scenario = tuple[str, Callable[[Page, Simulator, str], None], str]


def scenarios(*, small: bool) -> list[Scenario]:
    """Return what is run, named as in the circulars."""
    found: list[Scenario] = [("first", closed, "CCMS"), ("relocation: CCMS closed", closed, "CCMS")]
    for session in () if small else ("PS primary", "PS failover", "PRT"):
        found += [(f"{session}: {each} answers", answers, each) for each in BOTH]
        found += [(f"{session}: data and report in {each}", finds, each) for each in BOTH]
        if session == "PS failover":
            found += [(f"{session}: {each} fails over", fails_over, each) for each in BOTH]
    return [*found, ("last", closed, "CCMS")]


def main(file: Path, *, small: bool, our_browser: bool) -> None:
    """Run all, and write how long each took."""
    run = scenarios(small=small)
    times = Times(len(run))
    with Simulator(business_date=lambda: dt.date(2024, 3, 22)) as simulator, sync_playwright() as playwright:
        leads = f"MAP {simulator.name}:{simulator.port} {simulator.relay.endpoint.address}"
        keys = ",".join(simulator.certificates.keys)
        arguments = [f"--host-resolver-rules={leads}", f"--ignore-certificate-errors-spki-list={keys}"]
        arguments += client_browser.quiet() if our_browser else ["--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        for name, work, terminal in run:
            began_s = monotonic_s()
            simulator.begin(Site.PRIMARY)
            context = browser.new_context()
            work(context.new_page(), simulator, terminal)
            context.close()
            times.scenario(name, began_s, 0.0)  # its waits are Playwright's own
        times.write(file)
        print(f"Chromium {browser.version}")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), small="--small" in sys.argv, our_browser="--our-browser" in sys.argv)
