"""The certificate a browser itself was shown for the page it shows.

A whole browser tells it of the page as it is now. One without a window of its own (Chromium's headless shell) does not;
there it is that of an answer the browser remembers, so what it remembers begins with each page that is opened.

Source: Chrome DevTools Protocol, Security.visibleSecurityStateChanged and Network.getCertificate.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from playwright.sync_api import CDPSession, Page

STATE = "Security.visibleSecurityStateChanged"


def states(wire: CDPSession) -> list[dict[str, Any]]:
    """Return what the browser says of how secure its page is now; nothing where it is one that does not say."""
    said: list[dict[str, Any]] = []

    def told(event: dict[str, Any]) -> None:  # Playwright marks what it calls, and cannot mark a built-in
        said.append(event["visibleSecurityState"])

    wire.once(STATE, told)
    wire.send("Security.enable")  # says it once before it answers
    wire.send("Security.disable")
    return said


class Shown:
    """What one page's browser was shown.

    Args:
        page: whose.
        wire: a session with it.
        tells: whether the browser tells the state of its page.
    """

    def __init__(self, page: Page, wire: CDPSession, *, tells: bool) -> None:
        self._page = page
        self._wire = wire
        self._tells = tells
        self._remembering: CDPSession | None = None

    def begin(self) -> None:
        """Forget what was shown, as a page is about to be opened."""
        if self._tells:
            return
        if self._remembering is not None:
            self._remembering.detach()
        # It tells the certificate of any answer it remembers, be it of a style sheet kept from another site.
        self._remembering = self._page.context.new_cdp_session(self._page)
        self._remembering.send("Network.enable")
        self._remembering.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def sha256(self, origin: str) -> str:
        """Return the fingerprint of the certificate, hexadecimal; empty where there is none."""
        chain: list[str] = []
        if self._remembering is not None:
            chain = self._remembering.send("Network.getCertificate", {"origin": origin}).get("tableNames", [])
        elif self._tells and (said := states(self._wire)):
            chain = said[-1].get("certificateSecurityState", {}).get("certificate", [])
        return hashlib.sha256(base64.b64decode(chain[0])).hexdigest() if chain else ""
