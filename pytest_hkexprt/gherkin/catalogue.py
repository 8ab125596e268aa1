"""A catalogue of phrases read from the source alone: what can be written, what it means, and where it is used.

Nothing is imported, so a project whose steps need its own servers can be listed on any machine. Phrases that are made
at run time are not seen.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.gherkin import reading

KINDS = ("given", "when", "then", "step")
"""pytest-bdd's decorators; ``step`` fits any keyword."""
PATTERNS = ("parse", "cfparse", "re")
NAMED = re.compile(r"\(\?P<(\w+)>[^()]*\)")
"""A named part of a regular expression that holds no other."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One step definition."""

    kind: str
    """``given``, ``when``, ``then``, or ``step``."""
    text: str
    """As its decorator has it."""
    pattern: str
    """``parse``, ``cfparse`` or ``re``; empty for a literal phrase."""
    about: str
    """Its docstring; empty where it has none."""
    file: Path
    line: int

    @property
    def shown(self) -> str:
        """The phrase as one would write it: a pattern's named parts in braces."""
        return NAMED.sub(r"{\1}", self.text) if self.pattern == "re" else self.text

    def fits(self, kind: str, text: str) -> bool:
        """Return whether a step of a kind and text is this phrase's."""
        from pytest_bdd import parsers  # noqa: PLC0415  the parsers, for this question alone

        if self.kind not in (kind, "step"):
            return False
        parser = getattr(parsers, self.pattern)(self.text) if self.pattern else parsers.string(self.text)
        return bool(parser.is_matching(text))


@dataclass(frozen=True, slots=True)
class Use:
    """A scenario's step that uses a phrase."""

    file: Path
    line: int
    scenario: str


def phrases(path: Path) -> Iterator[Phrase]:
    """Yield the phrases a Python file defines, in its order.

    Raises:
        UsageFault: it is no Python.
    """
    try:
        tree = ast.parse(path.read_text("utf-8"), str(path))
    except (SyntaxError, UnicodeDecodeError) as error:
        raise UsageFault(str(path), expected="Python", came=str(error)) from error
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                if found := _phrase(decorator):
                    kind, text, pattern = found
                    yield Phrase(kind, text, pattern, ast.get_docstring(node) or "", path, node.lineno)


def uses(features: Iterable[Path], phrase_list: Iterable[Phrase]) -> dict[Phrase, list[Use]]:
    """Return each phrase with the steps of the features that use it; each step counts once a line.

    Raises:
        UsageFault: a feature cannot be read.
    """
    found: dict[Phrase, dict[tuple[Path, int], Use]] = {phrase: {} for phrase in phrase_list}
    for path in features:
        for scenario in reading.read(path).scenarios:
            for step in scenario.steps:
                for phrase, used in found.items():
                    if phrase.fits(step.kind, step.text):
                        used.setdefault((path, step.line), Use(path, step.line, scenario.name))
    return {phrase: list(used.values()) for phrase, used in found.items()}


def _phrase(decorator: ast.expr) -> tuple[str, str, str] | None:
    if not isinstance(decorator, ast.Call) or not decorator.args:
        return None
    kind, said = ast.unparse(decorator.func).rpartition(".")[2], decorator.args[0]
    if kind not in KINDS:
        return None
    if isinstance(said, ast.Constant) and isinstance(said.value, str):
        return kind, said.value, ""
    if isinstance(said, ast.Call) and said.args and isinstance(said.args[0], ast.Constant):
        pattern, text = ast.unparse(said.func).rpartition(".")[2], said.args[0].value
        if pattern in PATTERNS and isinstance(text, str):
            return kind, text, pattern
    return None
