"""Texts and names that come from a page, made fit to be shown and to name a local file."""

from __future__ import annotations

import hashlib
import re
import unicodedata

UNSAFE = re.compile(r"[^\w.\- ()+,=@#\[\]{}]", re.ASCII)
"""What may mean something to a shell, a file system or a reader of paths."""
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""Names Windows keeps for devices."""
LONGEST_NAME = 200
"""Characters; file systems take 255 bytes, and a temporary ending is added."""
BASIC = 0xFFFF
"""The last character an escape of four digits can name."""
KEPT = ("\n", "\t", " ")
"""White space that a reader sees."""
SHOWN = 120
"""Characters of a page's text in a message."""


def visible(text: str) -> str:
    """Return a text with every character that would not be seen as an escape; line breaks and tabs are kept."""
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    point = ord(character)
    if character in KEPT or not unicodedata.category(character).startswith(("C", "Z")):
        return character
    return f"\\u{point:04x}" if point <= BASIC else f"\\U{point:08x}"


def folded(text: str) -> str:
    """Return a text in one line, each run of white space one space."""
    return " ".join(text.split())


def beginning(text: str, most: int = SHOWN) -> str:
    """Return the beginning of a text in one line, with a mark where more follows."""
    line = visible(folded(text))
    return line if len(line) <= most else f"{line[:most]}…"


def safe_name(text: str) -> str:
    """Return a name that is safe to give a local file; one that had to be changed carries a digest, so none collide."""
    plain = UNSAFE.sub("_", text)[:LONGEST_NAME]
    if plain.strip(". ") != plain or not plain or RESERVED.fullmatch(plain):
        plain = "_" + plain.strip(". ")
    return plain if plain == text else f"{plain}~{hashlib.sha256(text.encode(errors='replace')).hexdigest()[:8]}"
