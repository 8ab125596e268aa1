"""Text on a terminal: how many columns it takes, and lines folded to those there are.

A Chinese character takes two columns, a combining mark none, so ``len`` tells neither. Where a line is folded no word
is broken, and rather a sentence at its marks than anywhere; between two Chinese characters there is no word to break,
but no line begins with a closing mark.

Source: Unicode Standard Annex 11, East Asian Width: wide and fullwidth take two columns.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterator

NO_WIDTH = frozenset({"Mn", "Me", "Cf"})
"""Categories of characters that take no column of their own: marks over others, and what only directs."""
CLOSING = frozenset("，。、；：！？）」』】》〉…％")
"""What a line never begins with."""
OPENING = frozenset("（「『【《〈")
"""What a line never ends with."""
MARKS = (",", ";", ":", "，", "；", "：", "、")
"""What a line rather ends with than with just any word."""
LABEL = re.compile(r"(?P<begin> *)(?:expected|came|next|remedy): +")
"""How a line of a message begins; see :func:`pytest_hkexprt.errors.compose`."""
NARROWEST = 20
"""A terminal said to be narrower than this is not believed: a line would be one word."""


def width(text: str) -> int:
    """Return how many columns a text takes."""
    return len(text) if text.isascii() else sum(map(_width, text))


def folded(text: str, columns: int) -> str:
    """Return lines folded, those of a message below the value they go on with.

    Args:
        text: the lines.
        columns: there are.
    """
    lines = []
    for line in text.split("\n"):
        label = LABEL.match(line)
        lines += fold(line, columns, " " * (label.end() - len(label["begin"])) if label else "  ")
    return "\n".join(lines)


def told(fault: Exception) -> str:
    """Return a fault's message folded to the terminal, with room for the word pytest puts before it."""
    return folded(str(fault), shutil.get_terminal_size().columns - len("ERROR: "))


def fold(text: str, columns: int, indent: str = "  ") -> list[str]:
    """Return a line as lines of at most that many columns, but for a word that is longer by itself.

    Args:
        text: one line; what it begins with of blanks, the lines that follow begin with as well.
        columns: there are.
        indent: what the lines that follow begin with besides.
    """
    columns = max(columns, NARROWEST)
    if width(text) <= columns:
        return [text]
    body = text.lstrip(" ")
    begin = text[: len(text) - len(body)]
    lines: list[str] = []
    line: list[str] = []
    before = begin
    for piece in _pieces(body):
        fits_below = width(begin) + width(indent) + width(piece.rstrip(" ")) <= columns
        if line and fits_below and width(before) + width("".join(line)) + width(piece.rstrip(" ")) > columns:
            at = _break(line, columns // 2 - width(before), piece)
            lines.append(before + "".join(line[:at]).rstrip(" "))
            line, before = line[at:], f"{begin}{indent}"
        line.append(piece)
    return [*lines, before + "".join(line).rstrip(" ")]


def _break(line: list[str], least: int, after: str) -> int:
    """Return before which piece a full line ends: behind a mark in its second half, so that a command stays whole."""
    for at in range(len(line), 0, -1):
        if width("".join(line[:at])) < least:
            break
        following = line[at] if at < len(line) else after
        if line[at - 1].rstrip(" ").endswith(MARKS) or following.startswith("("):
            return at
    return len(line)


def _pieces(text: str) -> Iterator[str]:
    """Yield what is never broken: a word and the blanks behind it, a Chinese character with its closing marks."""
    piece = ""
    for before, after in zip(text, [*text[1:], ""], strict=True):
        piece += before
        breaks = (before == " " and after != " ") or _width(before) > 1 or (bool(after) and _width(after) > 1)
        if breaks and after not in CLOSING and before not in OPENING and after != " ":
            yield piece
            piece = ""
    if piece:
        yield piece


def _width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def speaks(encoding: str | None) -> bool:
    """Return whether a terminal's encoding has the signs and the Chinese that ours may hold."""
    return (encoding or "ascii").lower().startswith(("utf", "gb18030"))
