"""What a page does unasked, and what goes wrong on it: written down, and undone where it could do harm.

A second window is closed, a question whether to leave is answered with yes, any other with no. What went wrong tells a
bad page from a good one; the rest stands beside the evidence.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Dialog, Page, Request, Response

from pytest_hkexprt.systems.ccass.text import beginning, visible

MOST_REMEMBERED = 50
"""Remarks of each kind; a page could make them without end."""


class Heard:
    """What is heard of one page.

    Args:
        page: whose; its context's other pages are closed.
        allowed: the hosts it may ask for something.
    """

    def __init__(self, page: Page, allowed: AbstractSet[str]) -> None:
        self.answer: Response | None = None
        """The last one to a page as such; None before there is one."""
        self.remarks: list[str] = []
        """What the page did unasked."""
        self.console: list[str] = []
        self.script_errors: list[str] = []
        self.failed: list[str] = []
        self.strays: list[str] = []
        self._page = page
        self._allowed = allowed
        page.context.on("page", self._second)
        page.on("dialog", self._dialog)
        page.on("console", self._said)
        page.on("pageerror", lambda error: _remember(self.script_errors, beginning(str(error))))
        page.on("requestfailed", self._request_failed)
        page.on("response", self._response)

    def forget(self) -> None:
        """Begin the list of what went wrong on a page anew; what the page did unasked stays."""
        self.script_errors.clear()
        self.failed.clear()

    def _second(self, page: Page) -> None:
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
            leads = request.is_navigation_request() and request.frame == self._page.main_frame
            if leads:
                _remember(self.strays, visible(host))
            else:
                _remember(self.failed, f"{visible(host)} was asked for, and is cut off")
        elif request.failure != "net::ERR_ABORTED":  # a download, or a page left
            _remember(self.failed, f"{request.method} {beginning(request.url)}: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self._page.main_frame:
            self.answer = response


def _remember(remarks: list[str], remark: str) -> None:
    if len(remarks) < MOST_REMEMBERED and remark not in remarks:
        remarks.append(remark)
