"""A program of the participant's own, as the participant file has it: its words, where it is run, how long it may take.

A word is a word: nothing goes through a shell, and what stands in braces is filled in. What is no secret may be filled
in; secrets never are, since everybody on a machine can read a program's words.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_hkexprt.finding import Finding, good, problem
from pytest_hkexprt.reading import Table, near

WORD = re.compile(r"\{(\w*)\}")
SCRIPTS = (".py", ".sh", ".jar", ".pl", ".rb", ".js")
"""Endings of what another program runs."""
TIMEOUT_S = 60.0
"""For a program to start, or to answer: long, since a machine may be busy."""


@dataclass(frozen=True, slots=True)
class Command:
    """A program that is started once and spoken with."""

    words: tuple[str, ...]
    """The program and its options; ``{host}`` and the like stand for what it is told."""
    folder: Path
    """Where it is run: the participant file's folder."""
    timeout_s: float = TIMEOUT_S
    """How long it may take to start and to answer, besides what a document lets the exchange take."""

    @property
    def name(self) -> str:
        """What evidence calls it: of ``python3 our_gateway.py`` the program, and not what runs it."""
        first, *more = self.words
        return Path(next(filter(_is_script, more), first)).name


def read(table: Table, path: Path, told: Collection[str]) -> Command | None:
    """Return the program that a table has below it, ``[otp.program]`` for one; None where it has none.

    Args:
        table: the system's.
        path: the participant file.
        told: what may stand in braces.
    """
    below = table.table("program")
    if below is None:
        return None
    words = words_of(below, "command", told)
    timeout_s = below.number("timeout_s", TIMEOUT_S)
    below.unknown()
    return Command(words or ("",), path.parent, timeout_s)


def one_alone(table: Table, adapter: str, program: object) -> None:
    """See that a Python object and a program do not stand in one place."""
    if adapter and program:
        told = f"there is a [{table.name}.program] too; one thing takes our client's place, or the other"
        table.wrong("adapter", told)


def words_of(table: Table, key: str, told: Collection[str]) -> tuple[str, ...]:
    """Return a command's words; a mistake in them is remembered."""
    words = table.words(key, required=True)
    if table.has(key) and not words:
        table.wrong(key, "no word in it; expected the program and its options")
    for unknown in {*WORD.findall(" ".join(words))} - {*told}:
        known = ", ".join(f"{{{each}}}" for each in sorted(told))
        table.wrong(key, f"{{{unknown}}} stands for nothing; there are {known}{near(unknown, told)}")
    return words


def filled(word: str, values: Mapping[str, str]) -> str:
    """Return a word with what stands in braces filled in."""
    return WORD.sub(lambda match: values[match[1]], word)


def examine(where: str, words: Sequence[str], folder: Path) -> Finding:
    """Return whether a program can be started.

    Args:
        where: the table and key.
        words: the command.
        folder: where it is run.
    """
    first, *more = words
    missing = [word for word in more if _is_script(word) and "{" not in word and not (folder / word).exists()]
    if "/" not in first and os.sep not in first:
        if (found := shutil.which(first)) is None:
            return problem(
                where, f"no program {first!r} on the path", "install it, or write its path, as ./our-program"
            )
        told = f"{first} is {found}"
    else:
        path = folder / first
        if not path.is_file():
            return problem(where, f"no file {path}", "write its path, absolute or relative to hkexprt.toml")
        if not os.access(path, os.X_OK):
            return problem(where, f"{path} cannot be executed", f"chmod +x {path}, or name what runs it before it")
        told = f"{path} can be executed"
    if missing:
        return problem(where, f"no file {folder / missing[0]}", "write its path, absolute or relative to hkexprt.toml")
    return good(where, told)


def _is_script(word: str) -> bool:
    return Path(word).suffix in SCRIPTS
