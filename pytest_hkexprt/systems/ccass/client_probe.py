"""A page looked at for whoever describes it: its forms, fields, buttons, links, tables and texts, each with a selector.

Nothing is typed and nothing is clicked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pytest_hkexprt.errors import RemoteProtocolError, UsageFault
from pytest_hkexprt.systems.ccass.client_browser import PATIENCE_S, Browser
from pytest_hkexprt.systems.ccass.client_scripts import PARTS
from pytest_hkexprt.systems.ccass.client_tab import Tab
from pytest_hkexprt.systems.ccass.facts import Look
from pytest_hkexprt.systems.ccass.text import beginning


@dataclass(frozen=True, slots=True)
class Part:
    """One thing on a page."""

    kind: str
    selector: str
    """Of CSS: by id, by name, or by its place on the page."""
    text: str


@dataclass(frozen=True, slots=True)
class Probed:
    """A page as it was found."""

    look: Look
    parts: tuple[Part, ...]
    picture: bytes


def probe(browser: Browser, url: str, timeout_s: float, mask: Sequence[str] = ()) -> Probed:
    """Open a page, wait until it is still, and return what is on it.

    Raises:
        UsageFault: the address is none of a web page.
        RemoteProtocolError: it could not be opened.
    """
    host = host_of(url)

    def work() -> Probed:
        tab = Tab(browser.fresh(), host=host, hosts=(), mask=mask)
        try:
            tab.open(url, timeout_s)
            tab.settle(timeout_s)
            look, picture = tab.look("", picture=True)
            found = () if look.error else tuple(Part(*part) for part in tab.parts(PARTS))
        finally:
            tab.close()
        return Probed(look, found, picture)

    probed = browser.do(work, timeout_s * 2 + PATIENCE_S)
    if probed.look.error or probed.look.strays:
        raise RemoteProtocolError(
            url,
            expected="a page",
            came=f"it led to {', '.join(probed.look.strays)}" if probed.look.strays else probed.look.error,
            next_step="open it in an ordinary browser on this machine; a host it leads to can be allowed with --host",
        )
    return probed


def host_of(url: str) -> str:
    """Return the host of a page's address.

    Raises:
        UsageFault: it is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise UsageFault("URL", expected="an address such as https://www.ccass.com", came=beginning(url))
    return parts.hostname


def draft(probed: Probed, terminal: str) -> str:
    """Return the beginning of a page description, as far as the page tells it; the rest is left to fill in."""
    by_kind: dict[str, list[Part]] = {}
    for part in probed.parts:
        by_kind.setdefault(part.kind, []).append(part)
    fields = [*by_kind.get("text", ()), *by_kind.get("email", ()), *by_kind.get("tel", ())]
    user = next((part.selector for part in fields if part.selector.startswith(("#", "input"))), "…")
    password = next((part.selector for part in by_kind.get("password", ())), "…")
    button = next((part.selector for part in by_kind.get("button", ())), "…")
    form = next((part.selector for part in by_kind.get("form", ())), "…")
    path = urlsplit(probed.look.url).path or "/"
    return f'''\
name = "{terminal} as seen at {urlsplit(probed.look.url).hostname}"
version = "1"

[{terminal}]
path = "{path}"
form = "{form}"
steps = [
    {{ fill = '{user}', with = "user" }},
    {{ fill = '{password}', with = "password" }},
    {{ click = '{button}' }},
]
inside = "…"                     # what proves that one is logged on
open = "…"                       # there where the terminal's functions are
notice = "…"                     # where it says what everybody should know
refused = "…"                    # where it says why it refuses
mask = []                        # what is left out of every picture and text of the evidence

[{terminal}.logout]
steps = [{{ click = "…" }}]
outside = "…"                    # what proves that one is logged off
'''
