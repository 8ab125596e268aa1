"""A terminal's pages gone through as they are described, each bad one told from another, and what was seen kept.

Pictures and texts leave out what the description masks. What the browser said by itself (errors on its console,
requests that failed, second windows, questions) stands beside them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from pytest_hkexprt.errors import HkexprtError, RemoteProtocolError, Unreachable
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint, Secret
from pytest_hkexprt.systems.ccass import client_trace, states
from pytest_hkexprt.systems.ccass.client_browser import PATIENCE_S, Browser
from pytest_hkexprt.systems.ccass.client_operator import Operator
from pytest_hkexprt.systems.ccass.client_tab import Tab
from pytest_hkexprt.systems.ccass.facts import PageState, Seen, Served
from pytest_hkexprt.systems.ccass.pages import Act, Pages, Step, TerminalPages
from pytest_hkexprt.systems.ccass.text import visible

T = TypeVar("T")
HTTPS = 443


class PageDriver:
    """Goes through the pages of the terminals under one name.

    Args:
        endpoint: the name.
        journal: where the evidence goes.
        browser: which is driven.
        pages: the description.
        operator: who does what no program can.
        timeout_s: how long a page may take.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        journal: Journal,
        *,
        browser: Browser,
        pages: Pages,
        operator: Operator,
        timeout_s: float,
    ) -> None:
        self.endpoint = endpoint
        """Whom the evidence says one talks to."""
        self._journal = journal
        self._browser = browser
        self._pages = pages
        self._operator = operator
        self._timeout_s = timeout_s
        self._made: Tab | None = None
        self._inside_url: dict[str, str] = {}
        self._entered = Seen()
        self._pictures = 0
        self._told = 0

    def close(self) -> None:
        """Close the page, if there is one, and have the next one made; nobody waits for either."""
        if self._made is not None:
            self._browser.begin(self._made.close)
            self._browser.make_ready()
            self._made = None

    def logon(self, pages: TerminalPages, user: str, password: Secret, code: Callable[[str], Secret]) -> str:
        """Go through the steps of a logon until its mark is seen, and return what a person did for it.

        Raises:
            RemoteProtocolError: the terminal refuses, or another page came.
            Unreachable: no page came.
        """
        port = "" if self.endpoint.port == HTTPS else f":{self.endpoint.port}"
        self._open(pages, f"https://{self.endpoint.host}{port}{pages.path}")
        self._expect(pages, [pages.form], "logging on")
        self.keep(pages, "the page for logging on")
        by_person = []
        there: tuple[str, ...] = ()
        for number, step in enumerate(pages.steps):
            if step.act is Act.OPERATOR:
                by_person.append(self._by_person(pages, step))
            elif step.act is Act.CLICK:
                self._press(pages, step, "logging on")
            else:
                if step.target not in there:  # fields stand beside each other: one look is enough for all
                    also = [each.target for each in pages.steps[number + 1 :] if each.act is Act.FILL]
                    there = self._expect(pages, [step.target], "logging on", also=also).marks
                self._fill(pages, step, user, password, code)
                continue
            there = ()
        self._entered = self._expect(
            pages, [pages.inside], "logging on", also=[pages.open, pages.notice], texts=[pages.notice]
        )
        self._inside_url[pages.name] = self._tab.url
        return "; ".join(by_person)

    def opening(self, pages: TerminalPages) -> tuple[bool, str]:
        """Return whether a terminal's functions are there, and its notice, waiting for one of them."""
        seen, self._entered = self._entered, Seen()
        if not {pages.open, pages.notice}.intersection(seen.marks):
            seen = self._seen([pages.open, pages.notice], texts=[pages.notice])
        return pages.open in seen.marks, seen.texts[0]

    def walk(self, pages: TerminalPages, steps: Sequence[Step], until: str) -> None:
        """Go through steps inside a terminal until a mark is seen.

        Raises:
            RemoteProtocolError: the session is lost, the terminal refuses, or another page came.
        """
        for step in steps:
            self._press(pages, step, step.target, inside=True)
        self._expect(pages, [until], until, inside=True)

    def log_off(self, pages: TerminalPages) -> tuple[bool, str]:
        """Go through the steps of a logout; return whether its mark is seen, and what the page says."""
        for step in pages.logout:
            self._do(Tab.press, step.target, [pages.outside, pages.form])
        found = self._seen([pages.outside, pages.form, pages.refused], texts=[pages.outside])
        said = next((line for line in found.texts[0].splitlines() if line.strip()), "") or found.title
        return found.first == pages.outside, said

    def asks_for_logon(self, pages: TerminalPages) -> bool:
        """Return whether the page that was open inside, asked for again, wants a logon."""
        self._do(Tab.open, self._inside_url[pages.name])
        found = self._seen([pages.inside, pages.form, *pages.maintenance]).first
        return bool(found) and found != pages.inside

    def served(self, behind: Callable[[str], str]) -> Served:
        """Return who served the page."""
        found = self._do(lambda tab, _: tab.served())
        return Served(found.peer, found.sha256, behind(found.peer))

    def table(
        self, selector: str, beside: Sequence[str]
    ) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[str, ...]]:
        """Return a table's columns and rows, and the texts at selectors beside it, made visible."""
        columns, rows, texts = self._do(lambda tab, _: tab.table(selector, beside))
        return tuple(map(_cell, columns)), tuple(tuple(map(_cell, row)) for row in rows), texts

    def rows(self, rows: str, name: str, size: str) -> list[tuple[str, ...]]:
        """Return name and size of each row of a list."""
        return self._do(lambda tab, _: tab.rows(rows, name, size))

    def text_at(self, selector: str) -> str:
        """Return the text of an element; empty where there is none."""
        found: str = self._do(lambda tab, _: tab.text_at(selector))
        return found

    def download(self, rows: str, row: int, link: str) -> tuple[str, Path | None, str]:
        """Click a download; return the name it came with, where it lies, and why it did not come."""

        def work(tab: Tab, timeout_s: float) -> tuple[str, Path | None, str]:
            came, why = tab.download(rows, row, link, timeout_s)
            return ("", None, why) if came is None else (visible(came.suggested_filename), came.path(), "")

        return self._do(work)

    def keep(self, pages: TerminalPages, what: str, facts: Mapping[str, str] | None = None) -> None:
        """Keep what is seen now as evidence: picture, text, and what the browser said by itself."""
        look, picture = self._do(lambda tab, _: tab.look(pages.busy, picture=True))
        heard = self._tab.heard
        said = {"page": look.url, "title": look.title, "console": "; ".join(heard.console)}
        said |= {"failed requests": "; ".join(look.failed), "script errors": "; ".join(look.script_errors)}
        self._journal.exchange(
            self.endpoint, f"{pages.name}: {what}", {**(facts or {}), **{k: v for k, v in said.items() if v}}
        )
        heard.console.clear()
        for remark in heard.remarks[self._told :]:
            self._journal.notice(f"{pages.name}: {remark}")
        self._told = len(heard.remarks)
        self._pictures += 1
        name = f"{self._pictures:02} {pages.name} {what}"
        if picture:
            self._journal.keep(f"{name}.png", picture)
        self._journal.keep(f"{name}.txt", look.text.encode())

    def keep_failure(self) -> None:
        """Keep the browser's own record of what was done, without secrets and without contents."""
        if self._made is None:
            return
        with tempfile.TemporaryDirectory(prefix="hkexprt-") as folder, suppress(HkexprtError, OSError):
            path = Path(folder) / "trace.zip"
            self._do(lambda tab, _: tab.trace(path))
            self._journal.keep("trace.zip", client_trace.cleaned(path, self._journal.redactor))

    @property
    def _tab(self) -> Tab:
        if self._made is None:
            mask = tuple(dict.fromkeys(each for one in self._pages.terminals.values() for each in one.mask))

            def make() -> Tab:
                return Tab(self._browser.fresh(), host=self.endpoint.host, hosts=self._pages.hosts, mask=mask)

            self._made = self._browser.do(make, PATIENCE_S)
        return self._made

    def _do(self, work: Callable[..., T], *arguments: object, timeout_s: float = 0.0) -> T:
        allowed_s = timeout_s or self._timeout_s
        return self._browser.do(work, allowed_s, self._tab, *arguments, allowed_s)

    def _seen(
        self, marks: Sequence[str], *, texts: Sequence[str] = (), also: Sequence[str] = (), timeout_s: float = 0.0
    ) -> Seen:
        """Wait until one of some marks is seen."""
        allowed_s = timeout_s or self._timeout_s

        def work(tab: Tab, _: float) -> Seen:
            return tab.wait(marks, allowed_s, texts, also, settled=bool(texts))  # texts are judged, so they are whole

        return self._do(work, timeout_s=allowed_s)

    def _press(self, pages: TerminalPages, step: Step, what: str, *, inside: bool = False) -> None:
        """Click what is to be clicked, or tell which other page came."""
        others = self._others(pages, inside=inside)
        found, done = self._do(Tab.press, step.target, others)
        if found != step.target:
            self._give_up(pages, what, found)
        if not done:
            self._give_up(pages, f"{step.act} {step.target}")

    def _fill(
        self, pages: TerminalPages, step: Step, user: str, password: Secret, code: Callable[[str], Secret]
    ) -> None:
        value = {"user": user, "password": password.reveal(), "code": ""}[step.value]
        if step.value == "code":
            sent = code(pages.name)
            self._journal.redactor.learn(sent)
            value = sent.reveal()
        if not self._do(Tab.fill, step.target, value):
            self._give_up(pages, f"{step.act} {step.target}")

    def _open(self, pages: TerminalPages, url: str) -> None:
        self._do(lambda tab, _: tab.heard.forget())
        self._do(Tab.open, url)
        if self._tab.error:
            self._give_up(pages, f"the page of {pages.name}")

    def _by_person(self, pages: TerminalPages, step: Step) -> str:
        self._operator.tell(step.target)
        if step.rehearse and self._operator.done_by != Operator.done_by:
            self._expect(pages, [step.rehearse], "logging on")
            self._do(Tab.press, step.rehearse, ())
        self._expect(pages, [step.until], step.target, timeout_s=self._operator.timeout_s)
        done = f"{step.target}: done by {self._operator.done_by}"
        self._journal.exchange(
            self.endpoint,
            f"{pages.name}: operator step",
            {"asked": step.target, "done by": self._operator.done_by, "proven by": step.until},
        )
        return done

    def _expect(
        self,
        pages: TerminalPages,
        wanted: Sequence[str],
        what: str,
        *,
        texts: Sequence[str] = (),
        also: Sequence[str] = (),
        inside: bool = False,
        timeout_s: float = 0.0,
    ) -> Seen:
        others = self._others(pages, inside=inside)
        found = self._seen([*wanted, *others], texts=texts, also=also, timeout_s=timeout_s)
        if found.first not in wanted:
            self._give_up(pages, what, found.first)
        return found

    @staticmethod
    def _others(pages: TerminalPages, *, inside: bool) -> list[str]:
        """Return the marks of other pages that may come instead of the one that is wanted."""
        return [pages.refused, *pages.maintenance, *([pages.form, pages.outside] if inside else [])]

    def _give_up(self, pages: TerminalPages, what: str, found: str = "") -> None:
        look, _ = self._do(lambda tab, _: tab.look(pages.busy))
        if found == pages.refused:
            state, told = PageState.REFUSED, f"the terminal says: {self.text_at(pages.refused)}"
        elif found and found in (pages.form, pages.outside):
            state, told = PageState.LOGGED_OFF, "the page for logging on came where one was logged on"
        else:
            state, told = states.tell(look, maintenance=found in pages.maintenance)
        self.keep(pages, f"not as expected, {state}")
        kind = Unreachable if state is PageState.UNREACHABLE else RemoteProtocolError
        raise kind(
            f"{self.endpoint} {pages.name}: {what}",
            expected=f"the terminal's page, {look.url}" if not look.error else f"the page of {pages.name}",
            came=f"{state}: {told}",
            next_step=states.NEXT[state],
        )


def _cell(text: str) -> str:
    return visible(" ".join(text.split()))
