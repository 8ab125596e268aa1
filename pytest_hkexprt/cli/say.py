"""What the commands print: folded to the terminal, and in whatever its encoding has.

A command line to copy, a difference between files, and JSON are never folded. On a terminal that asks for none, by
``NO_COLOR`` or as a dumb one, there is no colour.

Source: https://no-color.org/
"""

from __future__ import annotations

import codecs
import os
import re
import shutil
import sys
from typing import TextIO

import click

from pytest_hkexprt.columns import folded

ESCAPED = "hkexprt-escaped"
"""The name under which Python knows how we write what an encoding has not."""


def say(text: object = "", *, err: bool = False) -> None:
    """Print lines, each folded to the terminal's columns; 80 where there is no terminal and ``COLUMNS`` says nothing.

    Args:
        text: the lines.
        err: whether they go to standard error.
    """
    plain(folded(str(text), shutil.get_terminal_size().columns), err=err)


def plain(text: object = "", *, err: bool = False, nl: bool = True) -> None:
    """Print text as it is.

    Args:
        text: the text.
        err: whether it goes to standard error.
        nl: whether a newline follows.
    """
    shown = text.decode() if isinstance(text, bytes) else str(text)
    colour = False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None
    # The stream is named, for click would put one of UTF-8 in the place of one that is ASCII.
    click.echo(shown, file=sys.stderr if err else sys.stdout, nl=nl, color=colour)


def make_printable() -> None:
    """Have both streams write what their encoding has not as escapes that JSON knows as well, and never fail of it."""
    codecs.register_error(ESCAPED, _escaped)
    for stream in (sys.stdout, sys.stderr):
        _reconfigure(stream)


def _reconfigure(stream: TextIO) -> None:
    if reconfigure := getattr(stream, "reconfigure", None):
        reconfigure(errors=ESCAPED)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError), "it is registered for writing"
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{each}" for each in re.findall("....", units)), error.end
