"""Likely mistakes on the command line, answered before pytest would: a typed option, a feature that is not there.

pytest says that it does not know an option, or has no such file, and not which one was meant. Only arguments that look
like ours are looked at, and only those pytest would refuse anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import pytest

from pytest_hkexprt import shipped
from pytest_hkexprt.errors import UsageFault

OLDEST_PYTEST = (8, 4)
"""As ``pyproject.toml`` has it; an environment put together by hand may have another."""
ALIKE = 0.75
"""How much of a typed option must be one of ours; ``--sites`` is, ``--size`` is not."""


def old_pytest(version: tuple[object, ...]) -> None:
    """See that pytest is new enough.

    Raises:
        UsageFault: it is not.
    """
    if version[:2] < OLDEST_PYTEST:
        raise UsageFault(
            "pytest-hkexprt",
            expected=f"pytest {'.'.join(map(str, OLDEST_PYTEST))} or newer",
            came=".".join(map(str, version)),
            next_step='python -m pip install --upgrade "pytest>=8.4"',
        )


def typed(arguments: Iterable[str], ours: Collection[str], known: Collection[str]) -> None:
    """See that no option is nearly one of ours, and nobody's.

    Raises:
        UsageFault: one is.
    """
    import difflib  # noqa: PLC0415  a plugin that is not used costs nothing

    for argument in arguments:
        option = argument.partition("=")[0]
        if option.startswith("--") and option not in known:
            near = difflib.get_close_matches(option, ours, n=1, cutoff=ALIKE)
            if near:
                raise UsageFault(
                    option,
                    expected="an option",
                    came=f"none of that name (did you mean {near[0]}?)",
                    next_step="pytest --help",
                )


def not_there(arguments: Iterable[str], folder: Path) -> None:
    """See that every feature that is named is there.

    Args:
        arguments: the command line's.
        folder: what relative ones are relative to.

    Raises:
        UsageFault: one is not; the message has the nearest, and those that ship.
    """
    for argument in arguments:
        named = argument.partition("::")[0]
        if argument.startswith("-") or not named.endswith(".feature") or (folder / named).exists():
            continue
        import difflib  # noqa: PLC0415  as above

        here = sorted(
            {
                *folder.glob("*.feature"),
                *folder.glob("features/**/*.feature"),
                *(folder / named).parent.glob("*.feature"),
            }
        )
        there_are = [path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path) for path in here]
        stems = {Path(each).stem: each for each in reversed(there_are)}
        near = difflib.get_close_matches(Path(named).stem, stems, n=1)
        ships = sorted(path.stem for path in shipped.features_folder().glob("*.feature"))
        meant = f" (did you mean {stems[near[0]]}?)" if near else ""
        raise UsageFault(
            named,
            expected=f"a feature file: {', '.join(there_are)}" if there_are else "a feature file",
            came=f"no such file{meant}",
            next_step="hkexprt init writes those that ship into this folder; hkexprt run NAME runs one without: "
            + ", ".join(ships),
        )


def passed_by(config: pytest.Config) -> bool:
    """Return whether a folder the command line names holds features, which are collected only when asked for."""
    folders = [config.invocation_params.dir / argument for argument in config.args]
    return any(next(folder.glob("*.feature"), None) for folder in folders if folder.is_dir())


def known_options(config: pytest.Config) -> tuple[set[str], set[str]]:
    """Return our options, and all that pytest and its plugins know; none where this pytest does not tell.

    pytest names them in its help alone; its parser is private and is asked with care, as this is a courtesy.
    """
    parser = getattr(config, "_parser", None)
    try:
        groups = [*parser._groups, parser._anonymous]  # type: ignore[union-attr]  # private, as said above
        by_group = {group.name: {name for option in group.options for name in option.names()} for group in groups}
    except AttributeError:
        return set(), set()
    return {name for name in by_group.get("hkexprt", ()) if name.startswith("--")}, set().union(*by_group.values())
