"""Lines of feature files named on the command line: ``path/to/x.feature:12``.

pytest knows no lines: it looks for a file of that very name, and decides on its root directory and conftests by what
it finds. So the arguments are rewritten to the files before it looks, on every process (xdist hands its workers the
arguments as typed), and the lines are kept for collection.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_hkexprt.errors import UsageFault

if TYPE_CHECKING:
    from pytest_hkexprt.gherkin.text import FeatureText, ScenarioText

LINES = pytest.StashKey[Mapping[Path, tuple[int, ...]]]()
"""The lines named of each feature file; a file named as a whole is absent."""

_WITH_LINES = re.compile(r"(?P<path>.+\.feature)(?P<lines>(?::\d+)+)", re.DOTALL)
_INI_NAMES = ("pytest.toml", "pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")


def rewrite_arguments(early_config: pytest.Config, args: list[str]) -> None:
    """Rewrite ``file.feature:LINE`` to ``file.feature`` and keep the line.

    To be called before the initial conftests are loaded, with the arguments of that hook; they are changed in place.
    Several lines of one file may follow each other (``x.feature:3:7``) or stand in arguments of their own.
    """
    named = early_config.known_args_namespace.file_or_dir
    folder = early_config.invocation_params.dir
    lines: dict[Path, tuple[int, ...]] = {}
    replaced: dict[str, str] = {}
    for argument in named:
        match = _WITH_LINES.fullmatch(argument)
        if match is None or (folder / argument).exists():
            continue
        path = _absolute(folder, match["path"])
        lines[path] = (*lines.get(path, ()), *map(int, match["lines"][1:].split(":")))
        replaced[argument] = match["path"]
    for argument in named:
        if argument not in replaced:
            lines.pop(_absolute(folder, argument.partition("::")[0]), None)
    early_config.stash[LINES] = lines
    if replaced:
        early_config.known_args_namespace.file_or_dir = _without_lines(named, replaced, folder)
        args[:] = _without_lines(args, replaced, folder)
        for path in lines:
            _warn_of_root(early_config, path)


def asked_for(config: pytest.Config, path: Path, feature: FeatureText, shown: str) -> list[ScenarioText]:
    """Return the scenarios of a file that the command line asks for: all, or those at the lines named.

    Args:
        config: pytest's.
        path: the feature file.
        feature: its text.
        shown: the file as messages name it.

    Raises:
        UsageFault: there is nothing at a line; the message has what there is.
    """
    lines = config.stash.get(LINES, {}).get(path, ())
    wanted: set[tuple[int, int]] = set()
    for line in lines:
        found = feature.at(line)
        if not found:
            names = dict.fromkeys(f"line {each.line}: {each.name}" for each in feature.scenarios)
            listed = "\n            ".join(["a line of the file, of a scenario or an example row:", *names])
            raise UsageFault(f"{shown}:{line}", expected=listed, came=f"a file of {len(feature.lines)} lines")
        wanted.update((each.line, each.row) for each in found)
    return [each for each in feature.scenarios if not lines or (each.line, each.row) in wanted]


def _without_lines(arguments: list[str], replaced: Mapping[str, str], folder: Path) -> list[str]:
    """Replace arguments with lines; a file must not be named twice, or older pytest collects it twice."""
    whole = {_absolute(folder, argument) for argument in arguments if argument not in replaced}
    rewritten = []
    for argument in arguments:
        if argument not in replaced:
            rewritten.append(argument)
            continue
        path = _absolute(folder, replaced[argument])
        if path not in whole:
            whole.add(path)
            rewritten.append(replaced[argument])
    return rewritten


def _absolute(folder: Path, argument: str) -> Path:
    # As pytest does it: without following links.
    return Path(os.path.abspath(folder / argument))  # noqa: PTH100  Path.resolve follows links


def _warn_of_root(config: pytest.Config, path: Path) -> None:
    """Warn when pytest would have chosen another root directory had it known that the argument is a file."""
    root = config.rootpath
    between = [each for each in path.parents if each != root and each.is_relative_to(root)]
    nearer = any((each / name).is_file() for each in between for name in _INI_NAMES)
    if path.is_relative_to(root) and not nearer:
        return
    config.issue_config_time_warning(
        pytest.PytestConfigWarning(
            f"{path.name} was given with a line, so pytest chose its root directory ({root}) and configuration "
            f"without it; run from the feature's project, or add --rootdir and -c"
        ),
        stacklevel=2,
    )
