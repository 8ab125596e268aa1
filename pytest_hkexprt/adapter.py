"""A participant's own Python object in our client's place: found by its name, and held against what a visit needs."""

from __future__ import annotations

import configparser
import importlib
import inspect
import sys
import tomllib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.finding import Finding, good, problem
from pytest_hkexprt.reading import near

INI_FILES = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")
"""Where pytest looks for its settings, in this order."""


def maker(system: str, name: str, seam: type[Any], journal: Journal) -> Callable[..., Any]:
    """Return what makes the object that takes our client's place; it is called as our client is.

    Args:
        system: whose client.
        name: ``module:name`` of a callable, as the participant file has it.
        seam: the Protocol whose every member the object must have.
        journal: is told that it is not our client that speaks.

    Raises:
        UsageFault: there is no such callable; or, once it is called, it takes or makes something else.
    """
    where = f"[{system}] adapter = {name!r}"
    found = _found(name, where)

    def make(*args: object, **kwargs: object) -> Any:  # noqa: ANN401  the vendor's own
        _see_that_it_takes(found, args, kwargs, where)
        made = found(*args, **kwargs)
        if lacking := [each for each in _members(seam) if not _has(made, each)]:
            raise UsageFault(
                where,
                expected=f"an object that has what {seam.__module__}.{seam.__name__} has",
                came=f"a {type(made).__name__} without {', '.join(lacking)}",
                next_step="add what is missing; the seam's docstrings say what each is to do",
            )
        journal.notice(f"{system}: {name} is in our client's place")
        return made

    return make


def examine(  # what ``maker`` would say, before anything is made
    system: str, name: str, seam: type[Any], *, places: int, named: Collection[str], folder: Path
) -> Finding:
    """Return whether an object could take our client's place, as far as it can be known before it is made.

    Args:
        system: whose client.
        name: as the participant file has it.
        seam: the Protocol whose every member the object must have.
        places: how many arguments it is given by their place.
        named: those it is given by name.
        folder: the project's, whose ini file may say where modules are.
    """
    where = f"[{system}] adapter"
    with _found_as_by_pytest(folder):
        try:
            found = _found(name, where)
            _see_that_it_takes(found, (None,) * places, dict.fromkeys(named), where)
        except UsageFault as fault:
            return problem(where, f"{name}: {fault.came}", fault.next_step)
    if not isinstance(found, type) or hasattr(found, "__getattr__"):
        return good(where, f"{name} can be called; what it makes is looked at when it is made")
    if lacking := [each for each in _members(seam) if callable(getattr(seam, each)) and not hasattr(found, each)]:
        told = f"add them; {seam.__module__}.{seam.__name__} says what each is to do"
        return problem(where, f"{name} has no {', '.join(lacking)}", told)
    return good(where, f"{name} has every verb")


@contextmanager
def _found_as_by_pytest(folder: Path) -> Iterator[None]:
    """Look for modules where pytest does when it is run in a folder: its ini file says where, and a conftest."""
    before = list(sys.path)
    sys.path[:0] = [str(each) for each in _roots(folder)]
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = before


def _roots(folder: Path) -> Iterator[Path]:
    if (folder / "conftest.py").is_file():
        yield folder
    for above in (folder, *folder.absolute().parents):
        for file in (above / name for name in INI_FILES):
            if file.is_file() and (found := _pythonpath(file)) is not None:
                yield from (file.parent / each for each in found)
                return


def _pythonpath(file: Path) -> list[str] | None:
    """Return what an ini file adds to the path; None where it is none of pytest's."""
    try:
        text = file.read_text("utf-8")
        if file.suffix == ".toml":
            read = tomllib.loads(text)
            tables = (read.get("pytest"), read.get("tool", {}).get("pytest", {}))
            table = tables[0] or tables[1].get("ini_options") or tables[1]
        else:
            parser = configparser.ConfigParser(interpolation=None)
            parser.read_string(text)
            section = "tool:pytest" if file.name == "setup.cfg" else "pytest"
            table = dict(parser[section]) if section in parser else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, configparser.Error):
        return None  # pytest itself will say what is wrong with it
    if not table:
        return None
    value = table.get("pythonpath", "")
    return value.split() if isinstance(value, str) else list(map(str, value))


def _found(name: str, where: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(":")
    try:
        within = importlib.import_module(module)
    except (ImportError, ValueError) as error:
        raise UsageFault(
            where,
            expected="module:name of a callable that can be imported",
            came=str(error),
            next_step="put its folder on pythonpath in the ini file, or install it",
        ) from None
    except Exception as error:  # the vendor's own module may do anything as it is imported
        raise UsageFault(
            where,
            expected="module:name of a callable that can be imported",
            came=f"{type(error).__name__}: {error}",
            next_step=f"import {module} by hand, and mend what it says",
        ) from error
    if not attribute or not hasattr(within, attribute):
        known = [each for each in vars(within) if not each.startswith("_")]
        raise UsageFault(
            where,
            expected=f"module:name of a callable in {module}",
            came=f"no {attribute!r} in it{near(attribute, known)}" if attribute else "a module without a name",
            next_step="write module:name, such as our_package.acceptance:OurClient",
        )
    found = getattr(within, attribute)
    if not callable(found):
        raise UsageFault(
            where, expected="a callable", came=repr(found), next_step="name a class, or a function that makes one"
        )
    return found  # type: ignore[no-any-return]  # the vendor's own


def _see_that_it_takes(
    found: Callable[..., Any], args: tuple[object, ...], kwargs: dict[str, object], where: str
) -> None:
    with suppress(ValueError):  # a callable that does not say what it takes
        signature = inspect.signature(found)
        try:
            signature.bind(*args, **kwargs)
        except TypeError as error:
            taken = [f"{len(args)} arguments", *(f"{each}=…" for each in kwargs)]
            raise UsageFault(
                where,
                expected=f"a callable that takes what our client is made with: {', '.join(taken)}",
                came=f"{signature}: {error}",
                next_step="take *args and **kwargs where most of it is of no use to you",
            ) from None


def _members(seam: type[Any]) -> list[str]:
    return [each for each in dir(seam) if not each.startswith("_")]


def _has(made: object, member: str) -> bool:
    """Return whether an object has a member; a property is not asked for its value, which may need a connection."""
    return hasattr(type(made), member) or hasattr(made, member)
