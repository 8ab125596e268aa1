"""The step definitions a run uses, as its journal names them: each told once, then by its id.

So that a reader of the journal, or a tool that reads Cucumber Messages, can say which function carried out a step.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_bdd import parsers

from pytest_hkexprt.evidence.parts import DefinitionRecord

if TYPE_CHECKING:
    from pytest_hkexprt.gherkin.phrases import Definition

_SPECIAL = re.compile(r"[\\^$.|?*+()\[\]{}]")
"""What a literal phrase may hold and a regular expression would not take literally."""
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
LENGTH = 10
"""Hexadecimal digits of an id: enough for the definitions of one project."""


class Definitions:
    """Those named so far by one process.

    Args:
        root: pytest's root directory.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._ids: dict[Definition, str] = {}

    def named(self, used: Sequence[Definition]) -> tuple[tuple[str, ...], tuple[DefinitionRecord, ...]]:
        """Return the ids of definitions, and the records of those that were not named before."""
        new = [record(each, self._root) for each in used if each not in self._ids]
        if new:
            unnamed = [each for each in used if each not in self._ids]
            self._ids |= {each: told.id for each, told in zip(unnamed, new, strict=True)}
        return tuple(self._ids[each] for each in used), tuple(new)


def record(definition: Definition, root: Path) -> DefinitionRecord:
    """Return the record of a step definition."""
    parser, place = definition.context.parser, Path(definition.file)
    file = place.relative_to(root).as_posix() if place.is_relative_to(root) else place.name
    told = f"{file}:{definition.line}:{definition.context.type}:{parser.name}"
    return DefinitionRecord(
        id=hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH],
        phrase=parser.name,
        file=file,
        line=definition.line,
        pattern=_pattern(parser),
    )


def _pattern(parser: parsers.StepParser) -> str:
    """Return the regular expression a text must fit as a whole; nothing for a parser of the user's own kind."""
    if isinstance(parser, parsers.string):
        return _SPECIAL.sub(r"\\\g<0>", parser.name)
    if isinstance(parser, parsers.re):
        letters = "".join(letter for letter, flag in _FLAGS.items() if parser.regex.flags & flag)
        return f"(?{letters}){parser.regex.pattern}" if letters else str(parser.regex.pattern)
    if isinstance(parser, parsers.parse | parsers.cfparse):
        expression = getattr(parser.parser, "_expression", "")  # private to parse, which shows it nowhere else
        return f"(?is){expression}" if expression else ""
    return ""
