"""The browser: found or told to be missing, kept to the terminals' hosts, and strict about certificates."""

from __future__ import annotations

import os
import shlex

import pytest

from pytest_hkexprt.errors import Unreachable, UsageFault
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.ccass import client_browser
from pytest_hkexprt.systems.ccass.client_browser import Browser, find, rules
from pytest_hkexprt.systems.ccass.client_tab import Tab
from tests.systems.ccass.conftest import browser_of


def opened(browser: Browser, url: str, host: str = "www.ccass.com"):
    def work():
        tab = Tab(browser.fresh(), host=host, hosts=(), mask=())
        try:
            tab.open(url, 20)
            return tab.look("")[0]
        finally:
            tab.close()

    return browser.do(work, 60)


def test_debians_chromium_is_found_by_itself():
    assert find().name.startswith("chrom")


def test_a_browser_that_is_named_and_not_there_is_told():
    with pytest.raises(UsageFault, match="/nowhere/chromium, which cannot"):
        find("/nowhere/chromium")


def switched_off(launched) -> set[str]:
    """What a browser really leaves out, from its own command line."""
    told = launched.new_browser_cdp_session().send("SystemInfo.getInfo")["commandLine"]
    lists = [part.partition("=")[2] for part in shlex.split(told) if part.startswith("--disable-features=")]
    return set(lists[-1].split(","))  # of several, Chromium takes the last


def test_what_playwright_switches_off_stays_off(browser):
    def both() -> tuple[set[str], set[str]]:
        ours = browser.context().browser
        plain = ours.browser_type.launch(executable_path=find(), chromium_sandbox=client_browser._may_have_a_sandbox())
        try:
            return switched_off(ours), switched_off(plain)
        finally:
            plain.close()

    ours, playwrights = browser.do(both, 60)
    assert len(playwrights) > 5
    assert ours >= playwrights | {*client_browser.UNSEEN}


def test_no_browser_at_all_is_one_clear_error(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(client_browser, "FOUND_AT", ())
    with pytest.raises(UsageFault, match="apt install chromium"):
        find()


def test_what_is_no_browser_is_told(tmp_path):
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    with (
        Browser(executable=str(program)) as launched,
        pytest.raises(UsageFault, match="a browser that can be launched"),
    ):
        launched.do(launched.context, 60)


def test_it_is_not_launched_before_it_is_used(tmp_path):
    with Browser(executable="/nowhere/chromium", folder=tmp_path) as launched:
        assert launched.version == ""


def test_the_sandbox_is_left_off_for_root_alone(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert not client_browser._may_have_a_sandbox()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert client_browser._may_have_a_sandbox()


def test_the_rules_let_nobody_be_found_but_the_hosts():
    assert rules(["www.ccass.com"], {}) == "MAP * ~NOTFOUND, EXCLUDE www.ccass.com"
    assert rules([], {"a:443": "127.0.0.1:5"}) == "MAP a:443 127.0.0.1:5, MAP * ~NOTFOUND"


@pytest.mark.parametrize("url", ["https://www.hkex.example/", "https://127.0.0.1:8443/", "http://localhost:8080/"])
def test_no_other_name_or_address_is_found(browser, url):
    assert opened(browser, url).error == "ERR_NAME_NOT_RESOLVED"


def test_the_rehearsals_own_certificate_is_taken(browser, standing):
    standing.begin(Site.PRIMARY)
    assert opened(browser, "https://www.ccass.com/ccms/").status == 200


@pytest.mark.parametrize("drill", ["certificate-changed", "certificate-expired", "certificate-wrong-name"])
def test_any_other_certificate_is_refused_by_the_browser_itself(simulate, tmp_path, drill):
    with browser_of(simulate(drill), tmp_path) as launched:
        assert opened(launched, "https://www.ccass.com/ccms/").error.startswith("ERR_CERT_")


def test_without_the_rehearsals_keys_nothing_of_it_is_trusted(standing, tmp_path):
    with browser_of(standing, tmp_path, trusted_keys=()) as launched:
        assert opened(launched, "https://www.ccass.com/ccms/").error == "ERR_CERT_AUTHORITY_INVALID"


def test_each_page_has_a_context_of_its_own_made_ready_or_not(browser):
    def contexts():
        pages = []
        for _ in range(3):
            browser._prepare()
            pages += [browser.fresh().page, browser.fresh().page]
        pages[0].context.add_cookies([{"name": "a", "value": "b", "url": "https://www.ccass.com/"}])
        try:
            return [len(each.context.cookies()) for each in pages], len({id(each.context) for each in pages})
        finally:
            for each in pages:
                each.context.close()

    assert browser.do(contexts, 60) == ([1, 0, 0, 0, 0, 0], 6)


def test_a_page_made_ready_that_is_gone_is_not_given(browser):
    def given():
        browser._prepare()
        browser._ready.page.context.close()
        fresh = browser.fresh()
        fresh.page.context.close()
        return fresh.frame

    assert browser.do(given, 60)


def test_what_cannot_be_made_ready_is_told_to_whoever_wants_it():
    with Browser(executable="/nowhere/chromium") as launched:
        launched.make_ready()
        with pytest.raises(UsageFault, match="/nowhere/chromium, which cannot"):
            launched.do(launched.fresh, 60)


def test_a_browser_that_hangs_costs_a_deadline(browser, monkeypatch):
    import threading  # noqa: PLC0415

    monkeypatch.setattr(client_browser, "PATIENCE_S", 0.05)
    release = threading.Event()
    with pytest.raises(Unreachable, match="the browser itself hangs"):
        browser.do(release.wait, 0.05, 20)
    release.set()


def test_an_error_of_the_work_is_the_works_own(browser):
    def fails() -> None:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        browser.do(fails, 5)


def test_playwright_keeps_no_loop_in_the_tests_own_thread(browser):
    import asyncio  # noqa: PLC0415

    opened(browser, "https://www.ccass.com/ccms/")
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
