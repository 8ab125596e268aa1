"""A participant's own Python object in our client's place: found by its name, and held against what a visit needs."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.reading import near


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
