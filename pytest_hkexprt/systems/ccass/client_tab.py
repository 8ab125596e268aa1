"""One page of one context: opened, clicked, looked at, pictured; whatever it does unasked is written down.

Every method runs in the browser's thread. A second window is closed, a question whether to leave is answered with yes,
any other with no, and each is remembered.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Dialog,
    Download,
    Error,
    Locator,
    Page,
    Request,
    Response,
    TimeoutError,
)

from pytest_hkexprt.systems.ccass.client_scripts import COVER, SEEN, TABLE, UNCOVER
from pytest_hkexprt.systems.ccass.facts import Look, Served
from pytest_hkexprt.systems.ccass.text import beginning, visible

MOST_REMEMBERED = 50
"""Remarks of each kind; a page could make them without end."""
LONGEST_TEXT = 20_000
"""Characters of a page's text that are kept."""
ALWAYS_MASKED = ("input[type=password]", "input[autocomplete=one-time-code]")


class Tab:
    """A new context's one page.

    Args:
        context: it is closed with the page.
        host: the terminal's.
        hosts: those it may use besides.
        mask: selectors of what is left out of pictures and texts.
    """

    def __init__(self, context: BrowserContext, *, host: str, hosts: Sequence[str], mask: Sequence[str]) -> None:
        self.mask = (*ALWAYS_MASKED, *mask)
        self.remarks: list[str] = []
        """What the page did unasked."""
        self.console: list[str] = []
        self.script_errors: list[str] = []
        self.failed: list[str] = []
        self.strays: list[str] = []
        self._context = context
        self._allowed = {host, *hosts}
        self._status = 0
        self._error = ""
        self._answer: Response | None = None
        context.set_default_timeout(0)  # each call says its own
        context.on("page", self._page)
        context.tracing.start(screenshots=False, snapshots=False, sources=False)
        self._own: Page | None = None
        page = context.new_page()
        self._own = self._tab = page
        page.on("dialog", self._dialog)
        page.on("console", self._said)
        page.on("pageerror", lambda error: _remember(self.script_errors, beginning(str(error))))
        page.on("requestfailed", self._request_failed)
        page.on("response", self._response)
        self._wire = self._listening()

    @property
    def url(self) -> str:
        """Of the page now."""
        return self._tab.url

    def close(self) -> None:
        """Close page and context, whatever the page says to that."""
        self._context.close()

    def trace(self, path: Path) -> None:
        """Write what was done so far, without pictures and contents, into a zip file."""
        self._context.tracing.stop(path=path)
        self._context.tracing.start(screenshots=False, snapshots=False, sources=False)

    def open(self, url: str, timeout_s: float) -> None:
        """Open a page; that it cannot be opened is remembered for :meth:`look`."""
        self._status, self._error, self._answer = 0, "", None
        # The browser tells the certificate of any answer it remembers, be it of a style sheet kept from another site.
        # So what it remembers begins here, and nothing is taken from its cache.
        self._wire.detach()
        self._wire = self._listening()
        try:
            self._answer = self._tab.goto(url, wait_until="commit", timeout=timeout_s * 1000)
        except TimeoutError:
            self._error = f"no answer within {timeout_s:g} s"
        except Error as error:
            self._error = error.message.partition(": ")[2].partition(" at ")[0].removeprefix("net::")

    def fill(self, selector: str, value: str, timeout_s: float) -> bool:
        """Fill in a field; return whether it could be."""
        try:
            self._tab.locator(selector).first.fill(value, timeout=timeout_s * 1000)
        except (TimeoutError, Error):
            return False
        return True

    def click(self, selector: str, timeout_s: float) -> bool:
        """Click; return whether it could be done. Nothing is waited for."""
        try:
            self._tab.locator(selector).first.click(timeout=timeout_s * 1000, no_wait_after=True)
        except (TimeoutError, Error):
            return False
        return True

    def wait(self, marks: Sequence[str], timeout_s: float) -> str:
        """Wait until one of some marks is seen, and return it; empty where none was before the deadline."""
        try:
            found = self._tab.wait_for_function(SEEN, arg=[*marks], timeout=timeout_s * 1000, polling=10)
            return str(found.json_value())
        except (TimeoutError, Error):
            return ""

    def seen(self, marks: Sequence[str]) -> str:
        """Return the first of some marks that is seen now; empty where none is."""
        try:
            return str(self._tab.evaluate(SEEN, [*marks]) or "")
        except Error:
            return ""

    def text_at(self, selector: str) -> str:
        """Return the text of the first element that fits; empty where none does."""
        try:
            found = self._tab.locator(selector).first
            return visible(found.inner_text(timeout=1000)).strip() if found.count() else ""
        except (TimeoutError, Error):
            return ""

    def table(self, selector: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Return a table's columns and rows; nothing where there is none."""
        try:
            columns, rows = self._tab.evaluate(TABLE, selector)
        except Error:
            return (), ()
        return tuple(map(str, columns)), tuple(tuple(map(str, row)) for row in rows)

    def rows(self, rows: str, *inner: str) -> list[tuple[str, ...]]:
        """Return, for each row that fits, the text of what fits within it."""
        return [
            tuple(_text_in(self._tab.locator(rows).nth(number).locator(each)) if each else "" for each in inner)
            for number in range(self._tab.locator(rows).count())
        ]

    def download(self, rows: str, number: int, link: str, timeout_s: float) -> tuple[Download | None, str]:
        """Click a row's link and return what was downloaded, whole, or why it was not."""
        try:
            with self._tab.expect_download(timeout=timeout_s * 1000) as awaited:
                self._tab.locator(rows).nth(number).locator(link).first.click(
                    timeout=timeout_s * 1000, no_wait_after=True
                )
            download = awaited.value
            failure = download.failure()
        except TimeoutError:
            return None, f"no download within {timeout_s:g} s"
        except Error as error:
            return None, beginning(error.message)
        return (None, failure) if failure else (download, "")

    def served(self) -> Served:
        """Return who served the page: the browser's own peer and the certificate it was shown."""
        peer, sha256 = "", ""
        if self._answer is not None and (address := self._answer.server_addr()):
            peer = f"{address['ipAddress']}:{address['port']}"
        parts = urlsplit(self._tab.url)
        chain = self._wire.send("Network.getCertificate", {"origin": f"{parts.scheme}://{parts.netloc}"})
        if names := chain.get("tableNames"):
            sha256 = hashlib.sha256(base64.b64decode(names[0])).hexdigest()
        return Served(peer, sha256)

    def look(self, busy: str, picture: bool = False) -> tuple[Look, bytes]:
        """Return the page as it is now, and its picture as PNG where it is wanted and can be made."""
        title, text, png = "", "", b""
        with suppress(Error):  # in the middle of a navigation, or gone
            title = self._tab.title()
            text = str(self._tab.evaluate(COVER, [*self.mask]))
            if picture:
                taken = self._wire.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
                png = base64.b64decode(taken["data"])
            self._tab.evaluate(UNCOVER)
        look = Look(
            url=visible(self._tab.url),
            title=visible(title),
            text=visible(text[:LONGEST_TEXT]),
            status=self._status,
            busy=bool(busy and self.seen([busy])),
            script_errors=tuple(self.script_errors),
            failed=tuple(self.failed),
            strays=tuple(self.strays),
            error=self._error,
        )
        return look, png

    def settle(self, timeout_s: float) -> None:
        """Wait until the page asks for nothing more; one that never stops is taken as it is."""
        with suppress(TimeoutError, Error):
            self._tab.wait_for_load_state("networkidle", timeout=timeout_s * 1000)

    def parts(self, script: str) -> list[list[str]]:
        """Return the texts a script of ours finds on the page, made visible."""
        return [[visible(text) for text in part] for part in self._tab.evaluate(script)]

    def forget(self) -> None:
        """Begin the list of what went wrong on a page anew; what the page did unasked stays."""
        self.script_errors.clear()
        self.failed.clear()

    def _listening(self) -> CDPSession:
        wire = self._context.new_cdp_session(self._tab)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        return wire

    def _page(self, page: Page) -> None:
        if self._own is None:  # our own page, being made
            return
        _remember(self.remarks, f"a second window was opened and closed: {beginning(page.url)}")
        page.close()

    def _dialog(self, dialog: Dialog) -> None:
        leaving = dialog.type == "beforeunload"
        asked = "whether to leave" if leaving else beginning(dialog.message)
        _remember(self.remarks, f"the page asked {asked} ({dialog.type}); answered {'yes' if leaving else 'no'}")
        if leaving:
            dialog.accept()
        else:
            dialog.dismiss()

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            _remember(self.console, f"{message.type}: {beginning(message.text)}")

    def _request_failed(self, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        if host and host not in self._allowed:
            leads = request.is_navigation_request() and request.frame == self._tab.main_frame
            if leads:
                _remember(self.strays, visible(host))
            else:
                _remember(self.failed, f"{visible(host)} was asked for, and is cut off")
        elif request.failure != "net::ERR_ABORTED":  # a download, or a page left
            _remember(self.failed, f"{request.method} {beginning(request.url)}: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self._tab.main_frame:
            self._status, self._answer = response.status, response


def _remember(remarks: list[str], remark: str) -> None:
    if len(remarks) < MOST_REMEMBERED and remark not in remarks:
        remarks.append(remark)


def _text_in(locator: Locator) -> str:
    found = locator.first
    return visible(found.inner_text(timeout=1000)).strip() if found.count() else ""
