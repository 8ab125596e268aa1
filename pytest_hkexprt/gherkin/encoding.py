"""The decoding of a feature file, which is UTF-8, with or without a byte-order mark.

A file an editor saved in Big5, GB18030 or UTF-16 is common in Hong Kong; it deserves to be told which it seems to be.
"""

from __future__ import annotations

import codecs

from pytest_hkexprt.errors import UsageFault

_KEYWORDS = ("功能", "場景", "场景", "情境", "劇本", "剧本", "假如", "假設", "假设", "當", "当", "那麼", "那么", "背景")
"""Gherkin's own words in Chinese: the encoding that makes them appear is the one the file was saved in."""


def decode(raw: bytes, shown: str) -> str:
    """Return the text of a feature file.

    Args:
        raw: the file's bytes.
        shown: the file as a message names it.

    Raises:
        UsageFault: the bytes are not UTF-8; the message says what they seem to be.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _not_utf_8(f"{shown}:{line}", _guess(raw)) from None
    if "\0" in text:
        raise _not_utf_8(f"{shown}:1", "UTF-16")
    return text


def _not_utf_8(where: str, guess: str) -> UsageFault:
    return UsageFault(
        where, expected="text in UTF-8", came=f"bytes that seem to be {guess}", next_step="save the file as UTF-8"
    )


def _guess(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in raw:
        return "UTF-16"
    names = {"Big5": "big5hkscs", "GB18030": "gb18030"}
    decoded = {}
    for name, codec in names.items():
        try:
            decoded[name] = raw.decode(codec)
        except UnicodeDecodeError:
            continue
    telling = [name for name, text in decoded.items() if any(word in text for word in _KEYWORDS)]
    return " or ".join(telling or decoded) or "in no encoding known here"
