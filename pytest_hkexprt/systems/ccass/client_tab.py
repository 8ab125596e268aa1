"""One page of one context: opened, clicked, looked at, pictured; whatever it does unasked is written down.

Every method runs in the browser's thread. What is done on a page is done with mouse and keyboard, as a user's hand
would; what is looked at is asked in one piece, since each question to a browser passes through four processes.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Download, Error, Locator, TimeoutError

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.systems.ccass.client_browser import Fresh, record
from pytest_hkexprt.systems.ccass.client_heard import Heard
from pytest_hkexprt.systems.ccass.client_scripts import CHOOSE, COVER, PLACE, ROWS, TABLE, TEXT, UNCOVER, WAIT
from pytest_hkexprt.systems.ccass.client_shown import Shown
from pytest_hkexprt.systems.ccass.client_world import World
from pytest_hkexprt.systems.ccass.facts import Look, Seen, Served
from pytest_hkexprt.systems.ccass.text import beginning, visible

LONGEST_TEXT = 20_000
"""Characters of a page's text that are kept."""
ALWAYS_MASKED = ("input[type=password]", "input[autocomplete=one-time-code]")
LEAST_S = 1.0
"""What an element that was seen is given at least until it can be clicked."""
MOST_PICTURES = 3
"""How often a picture is tried for while documents make way for each other."""


class Tab:
    """The one page of a context of its own.

    Args:
        fresh: its page, nothing opened in it yet; its context is closed with it.
        host: the terminal's.
        hosts: those it may use besides.
        mask: selectors of what is left out of pictures and texts.
    """

    def __init__(self, fresh: Fresh, *, host: str, hosts: Sequence[str], mask: Sequence[str]) -> None:
        self.mask = (*ALWAYS_MASKED, *mask)
        self.error = ""
        """The browser's word for why the page could not be opened."""
        page = fresh.page
        self.heard = Heard(page, {host, *hosts})
        """What the page did unasked, and what went wrong on it."""
        self._context = page.context
        self._opened = False
        self._tab = page
        self._wire = fresh.wire
        self._world = World(fresh.wire, fresh.frame)
        self._shown = Shown(page, fresh.wire, tells=fresh.tells_state)

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
        record(self._context)

    def open(self, url: str, timeout_s: float) -> None:
        """Open a page, anew and not from what is remembered; that it cannot be is remembered for :meth:`look`."""
        self.error, self.heard.answer = "", None
        remembers, self._opened = self._opened, True  # a new context does not
        try:
            self._shown.begin()
            if remembers:
                self._wire.send("Network.enable")
                self._wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
            self.heard.answer = self._tab.goto(url, wait_until="commit", timeout=timeout_s * 1000)
            if remembers:
                self._wire.send("Network.disable")
        except TimeoutError:
            self.error = f"no answer within {timeout_s:g} s"
        except Error as error:
            self.error = error.message.partition(": ")[2].partition(" at ")[0].removeprefix("net::")

    def fill(self, selector: str, value: str, timeout_s: float) -> bool:
        """Fill in a field, in place of what stands in it; return whether it could be.

        Where that is not one for text, or cannot be filled in now, Playwright waits until it can be, and says why not.
        Nothing is typed where the page gives the keyboard to another field: it may be a secret.
        """
        chosen = self._world.ask(CHOOSE, {"selector": selector})
        if chosen == "handed on":
            return False
        try:
            if chosen and value:
                self._tab.keyboard.insert_text(value)
            else:
                self._tab.locator(selector).first.fill(value, timeout=timeout_s * 1000)
        except (TimeoutError, Error):
            return False
        return True

    def press(self, selector: str, others: Sequence[str], timeout_s: float) -> tuple[str, bool]:
        """Wait until an element is seen, and click it, unless one of some other marks is seen and it is not.

        Returns:
            What was seen, empty where nothing was, and whether it was clicked. Nothing is waited for after that.
        """
        asked, until = {"marks": [selector, *others], "press": selector}, Deadline.after(timeout_s)
        seen, *_, place = self._world.ask(WAIT, asked, timeout_s) or ([], None)
        if not seen or seen[0] != selector:
            return (str(seen[0]) if seen else ""), False
        return selector, self._click(place, self._tab.locator(selector).first, max(until.left_s(), LEAST_S))

    def _click(self, place: Sequence[float] | None, element: Locator, timeout_s: float) -> bool:
        """Click at a place; where there is none, have Playwright wait until the element can be, and say why not."""
        try:
            if place:
                self._tab.mouse.click(place[0], place[1])
            else:
                element.click(timeout=timeout_s * 1000, no_wait_after=True)
        except (TimeoutError, Error):
            return False
        return True

    def wait(
        self,
        marks: Sequence[str],
        timeout_s: float,
        texts: Sequence[str] = (),
        also: Sequence[str] = (),
        *,
        settled: bool = False,
    ) -> Seen:
        """Wait until one of some marks is seen; return which were then, and the texts at some selectors.

        Args:
            marks: the first of them that is seen matters most.
            timeout_s: how long; then none was seen.
            texts: selectors.
            also: marks that are told when they are seen, too, and not waited for.
            settled: whether the rest of the document is waited for, once a mark is seen.
        """
        none: tuple[list[str], list[str], str, None] = ([], [""] * len(texts), "", None)
        asked = {"marks": [*marks], "also": [*also], "selectors": [*texts], "settled": settled}
        seen, said, title, _ = self._world.ask(WAIT, asked, timeout_s) or none
        return Seen(tuple(seen), _shown(said), visible(title))

    def seen(self, marks: Sequence[str]) -> str:
        """Return the first of some marks that is seen now; empty where none is."""
        found = self._world.ask(WAIT, {"marks": [*marks], "left_ms": 0})
        return str(found[0][0]) if found and found[0] else ""

    def text_at(self, selector: str) -> str:
        """Return the text of the first element that fits; empty where none does."""
        return _shown([self._world.ask(TEXT, {"selector": selector}) or ""])[0]

    def table(
        self, selector: str, beside: Sequence[str] = ()
    ) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[str, ...]]:
        """Return a table's columns and rows, nothing where there is none, and the texts at selectors beside it."""
        none: tuple[list[str], list[list[str]], list[str]] = ([], [], [""] * len(beside))
        columns, rows, said = self._world.ask(TABLE, {"table": selector, "selectors": [*beside]}) or none
        return tuple(columns), tuple(map(tuple, rows)), _shown(said)

    def rows(self, rows: str, *inner: str) -> list[tuple[str, ...]]:
        """Return, for each row that fits, the text of what fits within it."""
        return [_shown(row) for row in self._world.ask(ROWS, {"rows": rows, "inner": [*inner]}) or ()]

    def download(self, rows: str, number: int, link: str, timeout_s: float) -> tuple[Download | None, str]:
        """Click a row's link and return what was downloaded, whole, or why it was not."""
        try:
            place = self._world.ask(PLACE, {"row": rows, "number": number, "selector": link})
            with self._tab.expect_download(timeout=timeout_s * 1000) as awaited:
                self._click(place, self._tab.locator(rows).nth(number).locator(link).first, timeout_s)
            download = awaited.value
            failure = download.failure()
        except TimeoutError:
            return None, f"no download within {timeout_s:g} s"
        except Error as error:
            return None, beginning(error.message)
        return (None, failure) if failure else (download, "")

    def served(self) -> Served:
        """Return who served the page: the browser's own peer, and the certificate it was shown for this very page."""
        peer = ""
        if self.heard.answer is not None and (address := self.heard.answer.server_addr()):
            peer = f"{address['ipAddress']}:{address['port']}"
        parts = urlsplit(self._tab.url)
        return Served(peer, self._shown.sha256(f"{parts.scheme}://{parts.netloc}"))

    def look(self, busy: str, picture: bool = False) -> tuple[Look, bytes]:
        """Return the page as it is now, and its picture as PNG where it is wanted and can be made.

        A picture in whose time the document made way for another is not kept: nothing was masked in that one.
        """
        png, masked = b"", [*self.mask]
        for _ in range(MOST_PICTURES):
            seen = self._world.ask(COVER, {"masked": masked, "busy": busy, "picture": picture}) or ("", "", False)
            if not picture:
                break
            png = self._picture()
            if self._world.ask_again(UNCOVER) and png:
                break
            png = b""
        title, text, is_busy = seen
        look = Look(
            url=visible(self._tab.url),
            title=visible(title),
            text=visible(text[:LONGEST_TEXT]),
            status=self.heard.answer.status if self.heard.answer else 0,
            busy=is_busy,
            script_errors=tuple(self.heard.script_errors),
            failed=tuple(self.heard.failed),
            strays=tuple(self.heard.strays),
            error=self.error,
        )
        return look, png

    def _picture(self) -> bytes:
        with suppress(Error):  # the page is gone
            taken = self._wire.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
            return base64.b64decode(taken["data"])
        return b""

    def settle(self, timeout_s: float) -> None:
        """Wait until the page asks for nothing more; one that never stops is taken as it is."""
        with suppress(TimeoutError, Error):
            self._tab.wait_for_load_state("networkidle", timeout=timeout_s * 1000)

    def parts(self, script: str) -> list[list[str]]:
        """Return the texts a script of ours finds on the page, made visible."""
        return [[visible(text) for text in part] for part in self._world.ask(script, {}) or ()]


def _shown(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(visible(text).strip() for text in texts)
