"""A world of our own on a page, in which our scripts are asked: the page's own scripts cannot see them, nor they those.

A page may have changed what JavaScript's names mean; here they mean what they should. A document that makes way for
another takes its world with it, and then the next one is asked.

Source: Chrome DevTools Protocol, Page.createIsolatedWorld and Runtime.evaluate.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import CDPSession, Error

from pytest_hkexprt.deadline import Deadline

NAME = "hkexprt"
ANOTHER_DOCUMENT = ("navigated", "Cannot find context", "context was destroyed", "Promise was collected")
"""What the browser says when the document asked about has made way for another, so that one asks again."""
TIMEOUT_S = 10.0
"""How long documents may make way for each other before an answer is given up."""


class World:
    """Our world on the documents of one page.

    Args:
        wire: a session with the page.
        frame: the page's own frame.
    """

    def __init__(self, wire: CDPSession, frame: str) -> None:
        self._wire = wire
        self._frame = frame
        self._number = 0
        """Of our world on the present document; 0 where it is not known."""

    def ask(self, script: str, argument: Mapping[str, object], timeout_s: float = TIMEOUT_S) -> Any:  # noqa: ANN401
        """Return what a script of ours says of the document there is; None where it fails, or its time has passed.

        Args:
            script: a function of one object, which is told besides how long it may take, ``left_ms``.
            argument: the object.
            timeout_s: how long, over all documents that come in the meantime.
        """
        until = Deadline.after(timeout_s)
        while True:
            try:
                self._number = self._number or self._made()
                return self._answer(script, {"left_ms": until.left_s() * 1000, **argument})
            except Error as error:
                self._number = 0
                if until.passed or not any(word in error.message for word in ANOTHER_DOCUMENT):
                    return None

    def ask_again(self, script: str) -> Any:  # noqa: ANN401  whatever a script of ours returns
        """Return what a script says of the very document asked last; None where that is not there any more."""
        try:
            return self._answer(script, {}) if self._number else None
        except Error:
            self._number = 0
            return None

    def _answer(self, script: str, argument: Mapping[str, object]) -> Any:  # noqa: ANN401
        told = self._wire.send(
            "Runtime.evaluate",
            {
                "expression": f"({script})({json.dumps(argument)})",
                "contextId": self._number,
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        return None if "exceptionDetails" in told else told["result"].get("value")

    def _made(self) -> int:
        made = self._wire.send("Page.createIsolatedWorld", {"frameId": self._frame, "worldName": NAME})
        return int(made["executionContextId"])
