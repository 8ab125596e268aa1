"""Outside strings as a page shows them: cut where they are endless, each character one could not see written out.

A system may answer with megabytes, and a browser lays out every one of them wherever they are said again. The journal
has the whole; the page has both ends, since a failure says at its end what went wrong, and how much lies between.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

from pytest_hkexprt.evidence.html import words
from pytest_hkexprt.evidence.labels import translator

LONGEST_NAME = 2_000
"""Characters of what is shown within a line: the longest names that file systems and pytest give are below it."""
LONGEST_TEXT = 20_000
"""Characters of a text of several lines: a message, a doc string, a value that came."""


class Shown:
    """How values are shown in one language.

    Args:
        lang: language of the words that stand for what was cut.
    """

    def __init__(self, lang: str) -> None:
        self._say: Callable[[str], str] = translator(lang)

    def value(self, value: Any) -> Any:  # noqa: ANN401  whatever a template may show
        """Return a template's value; a string cut, its unseen characters written out and set apart."""
        if not isinstance(value, str) or hasattr(value, "__html__"):
            return value
        if len(value) <= LONGEST_NAME:
            return _marked(value) if words.UNSEEN.search(value) else value
        return Markup("").join(_marked(part) for part in self._parts(value, LONGEST_NAME))

    def lines(self, value: str) -> Markup:
        """Return a text of several lines, cut, its line ends and tabs kept, everything else made visible."""
        text = value if len(value) <= LONGEST_TEXT else "\n".join(self._parts(value, LONGEST_TEXT))
        return Markup("\n").join(Markup("\t").join(map(_marked, line.split("\t"))) for line in text.split("\n"))

    def plain(self, value: str) -> str:
        """Return a string cut and visible, for where a page has no elements: its title."""
        return words.visible(value if len(value) <= LONGEST_NAME else "".join(self._parts(value, LONGEST_NAME)))

    def _parts(self, text: str, longest: int) -> tuple[str, str, str]:
        """Return the beginning, a word on what is left out, and the end."""
        said = self._say("{number} more characters, in evidence.jsonl").format(number=f"{len(text) - longest:,}")
        return text[: longest // 2], f" […{said}…] ", text[-(longest // 2) :]


def _marked(text: str) -> Markup:
    return Markup(words.UNSEEN.sub(lambda match: f"<b>{words.escape_of(match)}</b>", str(escape(text))))  # noqa: S704  escaped here
