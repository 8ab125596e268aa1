"""The phrases a feature can use: an index from a step's text to the definition that carries it out.

pytest-bdd visits every fixture for every step; here the definitions a folder can see are gathered once, literal
phrases found by name, patterns tried in order, and each answer remembered. The nearest wins: a conftest beside the
feature before one above it, any conftest before a plugin, a plugin before the phrases that ship with this project. Two
definitions at one level for one text are an error, where pytest-bdd would quietly take one of them.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_bdd import parsers
from pytest_bdd.scenario import STEP_ARGUMENTS_RESERVED_NAMES
from pytest_bdd.steps import StepFunctionContext, StepNamePrefix

from pytest_hkexprt.errors import UsageFault

_SHIPPED, _PLUGIN, _CONFTEST = range(3)
"""Levels; a conftest's is deeper by the depth of its folder."""

_CONSTANT = (str, int, float, bool, type(None))
"""Types of parsed arguments that can be handed out twice."""


class Kind(Enum):
    """How a step function is called."""

    PLAIN = auto()
    YIELDS = auto()
    ASYNC = auto()

    @classmethod
    def of(cls, function: Callable[..., object]) -> Kind:
        """Return the kind of a function."""
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            return cls.ASYNC
        return cls.YIELDS if inspect.isgeneratorfunction(function) else cls.PLAIN


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """A step definition, with what running it needs to know of its signature."""

    context: StepFunctionContext
    level: int
    kind: Kind
    parameters: frozenset[str]
    required: tuple[str, ...]
    """Parameters without a default, in order."""
    prefix: str | None
    """What a text must begin with, case apart, for the pattern to be worth trying; None for a literal phrase."""

    @property
    def file(self) -> str:
        """The file of the step function."""
        return str(inspect.unwrap(self.context.step_func).__code__.co_filename)

    @property
    def line(self) -> int:
        """The line it begins at, with its decorators."""
        return int(inspect.unwrap(self.context.step_func).__code__.co_firstlineno)

    @property
    def place(self) -> str:
        """File and line of the step function."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Match:
    """A definition found for a step's text."""

    definition: Definition
    parsed: dict[str, Any] | None
    """What the pattern made of the text; None when it must be parsed anew each time."""

    def arguments(self, text: str) -> dict[str, object]:
        """Return the arguments the phrase holds, converted.

        Raises:
            UsageFault: the phrase names an argument as only a table or doc string may be named.
        """
        context = self.definition.context
        parsed: dict[str, Any] = self.parsed if self.parsed is not None else context.parser.parse_arguments(text) or {}
        reserved = sorted(name for name in parsed if name in STEP_ARGUMENTS_RESERVED_NAMES)
        if reserved:
            raise UsageFault(
                self.definition.place,
                expected="other argument names in the phrase",
                came=", ".join(reserved),
                next_step="rename them: these two hand a step its table and its doc string",
            )
        convert = context.converters
        return {name: convert[name](value) if name in convert else value for name, value in parsed.items()}


class Phrases:
    """The definitions one folder can see, nearest first."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self._levels: dict[int, list[Definition]] = {}
        for definition in definitions:
            self._levels.setdefault(definition.level, []).append(definition)
        self._order = sorted(self._levels, reverse=True)
        self._literal: dict[int, dict[str, list[Definition]]] = {level: {} for level in self._order}
        self._patterns: dict[int, list[Definition]] = {level: [] for level in self._order}
        for level in self._order:
            for definition in self._levels[level]:
                if definition.prefix is None:
                    self._literal[level].setdefault(definition.context.parser.name, []).append(definition)
                else:
                    self._patterns[level].append(definition)
        self._found: dict[tuple[str, str], Match | None] = {}

    def find(self, kind: str, text: str) -> Match | None:
        """Return the definition for a step; None when there is none.

        Raises:
            UsageFault: two definitions of the same level fit.
        """
        key = kind, text
        if key not in self._found:
            self._found[key] = self._search(kind, text)
        return self._found[key]

    def known(self) -> list[Definition]:
        """Return every definition, nearest first."""
        return [definition for level in self._order for definition in self._levels[level]]

    def fitting(self, kind: str, text: str) -> list[Definition]:
        """Return the definitions of the nearest level that fit a step; several make it ambiguous."""
        lowered = text.lower()
        for level in self._order:
            fitting = [each for each in self._literal[level].get(text, ()) if each.context.type in (kind, None)]
            for each in self._patterns[level]:
                if (
                    each.context.type in (kind, None)
                    and lowered.startswith(each.prefix or "")
                    and each.context.parser.is_matching(text)
                ):
                    fitting.append(each)
            if fitting:
                return fitting
        return []

    def _search(self, kind: str, text: str) -> Match | None:
        fitting = self.fitting(kind, text)
        if len(fitting) > 1:
            raise UsageFault(
                f"step {text!r}",
                expected="one definition",
                came="several at the same level:\n            "
                + "\n            ".join(f"{each.context.parser.name!r} in {each.place}" for each in fitting),
                next_step="reword one of them, or define the phrase in the conftest.py beside the feature",
            )
        return _match(fitting[0], text) if fitting else None


def visible(config: pytest.Config, folder: Path, shipped: Collection[object]) -> Phrases:
    """Return the phrases a feature in ``folder`` can use.

    Args:
        config: pytest's configuration, all conftests of the folder loaded.
        folder: where the feature file is.
        shipped: the plugins whose phrases anything else overrides.
    """
    definitions: dict[tuple[int, int], Definition] = {}
    for name, plugin in config.pluginmanager.list_name_plugin():
        if not isinstance(plugin, ModuleType):
            continue
        level = _level(config, name, plugin, folder, shipped)
        if level is None:
            continue
        for context in _contexts(plugin):
            definitions.setdefault((level, id(context)), _definition(context, level))
    return Phrases(definitions.values())


def _level(
    config: pytest.Config, name: str, plugin: ModuleType, folder: Path, shipped: Collection[object]
) -> int | None:
    if Path(name).name != "conftest.py":
        return _SHIPPED if plugin in shipped or plugin.__name__.startswith("pytest_bdd.") else _PLUGIN
    beside = Path(name).parent
    if folder.is_relative_to(beside):
        return _CONFTEST + len(beside.parts)
    # pytest shows the conftest of the root directory to what lies outside it, too.
    return _CONFTEST if beside == config.rootpath else None


def _contexts(plugin: ModuleType) -> list[StepFunctionContext]:
    # A step decorator leaves a fixture whose function takes nothing and returns the step's context.
    fixtures = [value for name, value in vars(plugin).items() if name.startswith(StepNamePrefix.step_def.value)]
    found = (inspect.unwrap(each)() for each in fixtures if callable(each))
    return [each for each in found if isinstance(each, StepFunctionContext)]


def _definition(context: StepFunctionContext, level: int) -> Definition:
    parameters = inspect.signature(context.step_func).parameters.values()
    return Definition(
        context=context,
        level=level,
        kind=Kind.of(context.step_func),
        parameters=frozenset(each.name for each in parameters),
        required=tuple(
            each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD and each.default is each.empty
        ),
        prefix=_prefix(context.parser),
    )


def _prefix(parser: parsers.StepParser) -> str | None:
    if type(parser) is parsers.string:
        return None
    if type(parser) in (parsers.parse, parsers.cfparse):
        # Only ASCII: beyond it, lower case and "ignoring case" part ways for a few letters.
        found = re.match(r"[\x20-\x7a]*", parser.name)
        return found[0].lower() if found else ""
    if type(parser) is parsers.re and "|" not in parser.name and not parser.regex.flags & re.VERBOSE:
        found = re.match(r"[\w ,'\"-]*(?![\w?*+{])", parser.name, re.ASCII)
        return found[0].lower() if found else ""
    return ""


def _match(definition: Definition, text: str) -> Match:
    parsed = definition.context.parser.parse_arguments(text) or {}
    reusable = all(type(value) in _CONSTANT for value in parsed.values())
    return Match(definition, parsed if reusable else None)
