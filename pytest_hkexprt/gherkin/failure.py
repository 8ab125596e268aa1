"""What a failing step shows: the feature's lines around it, then what was expected and what came.

A reader of a failed scenario wants the sentence that failed, not the frames of pytest-bdd, pluggy or this project.
Where a step function itself broke, its own frames follow, as pytest shows them.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

import pytest
from _pytest._code.code import (  # the reports pytest itself carries to JUnit XML and between processes
    ExceptionChainRepr,
    ExceptionRepr,
    ReprEntryNative,
    ReprFileLocation,
    ReprTraceback,
    TerminalRepr,
)

from pytest_hkexprt.errors import HkexprtError

if TYPE_CHECKING:
    from pytest_hkexprt.collect import ScenarioItem

_MACHINERY = ("_pytest", "pluggy", "pytest_bdd")
_OURS = ("pytest_hkexprt.gherkin", "pytest_hkexprt.collect")
_BEFORE, _AFTER = 2, 1
"""Lines of the feature shown around a failing step."""

Represent = Callable[[pytest.ExceptionInfo[BaseException]], "str | TerminalRepr"]


def represent(item: ScenarioItem, excinfo: pytest.ExceptionInfo[BaseException], usual: Represent) -> str | TerminalRepr:
    """Return what a failed scenario shows.

    Args:
        item: the scenario.
        excinfo: what was raised, in a step or around it.
        usual: how pytest itself would represent an exception of the item.
    """
    in_step = excinfo.value is item.step_error
    full = item.config.getoption("fulltrace", False)
    shown = ReprEntryNative([excerpt(item, in_step=in_step)])
    message = "" if full else _message(excinfo.value)
    if message:
        crash = ReprFileLocation(str(item.path), _line(item, in_step=in_step), message)
        entries = [shown, ReprEntryNative([f"\n{message}\n"])]
        return ExceptionChainRepr([(ReprTraceback(entries, None, "native"), crash, None)])
    represented = usual(excinfo if full else _users(excinfo))
    if in_step and isinstance(represented, ExceptionRepr):
        first = represented.chain[0][0] if isinstance(represented, ExceptionChainRepr) else represented.reprtraceback
        first.reprentries = [shown, *first.reprentries]
    return represented


def _message(error: BaseException) -> str:
    """Return what says all there is to say; empty for an exception whose frames a reader needs."""
    if isinstance(error, pytest.FixtureLookupError):
        return error.formatrepr().errorstring.strip()
    return str(error) if isinstance(error, HkexprtError) else ""


def excerpt(item: ScenarioItem, *, in_step: bool) -> str:
    """Return the feature's lines around the failing step, numbered and marked; without one, those that begin it."""
    lines, scenario = item.feature.lines, item.scenario
    marked = (
        {done.step.line for done in item.steps_done if done.outcome.rank > 0 and done.message} if in_step else set()
    )
    marked = marked or {scenario.row_line or scenario.line}
    wanted = {near for line in marked for near in range(line - _BEFORE, line + _AFTER + 1) if 0 < near <= len(lines)}
    if scenario.row_line:
        wanted |= {scenario.row_line}
    width = len(str(max(wanted)))
    told, last = [item.parent.shown], min(wanted) - 1
    for line in sorted(wanted):
        if line > last + 1:
            told.append(f"  {'…':>{width}}")
        told.append(f"{'>' if line in marked else ' '} {line:{width}}  {lines[line - 1]}".rstrip())
        last = line
    return "\n".join(told) + "\n"


def _line(item: ScenarioItem, *, in_step: bool) -> int:
    failed = (done.step.line for done in item.steps_done if done.message) if in_step else iter(())
    return next(failed, item.scenario.row_line or item.scenario.line)


def _users(excinfo: pytest.ExceptionInfo[BaseException]) -> pytest.ExceptionInfo[BaseException]:
    """Return the exception with the frames of the user's code alone; with all of them where none is the user's."""
    entries: list[TracebackType] = []
    entry = excinfo.tb
    while entry is not None:
        name = str(entry.tb_frame.f_globals.get("__name__", ""))
        if name.startswith(_OURS):
            entries.clear()
        elif name.partition(".")[0] not in _MACHINERY:
            entries.append(entry)
        entry = entry.tb_next  # type: ignore[assignment]  # None ends the chain
    rebuilt: TracebackType | None = None
    for entry in reversed(entries):
        rebuilt = TracebackType(rebuilt, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return excinfo if rebuilt is None else pytest.ExceptionInfo.from_exc_info((excinfo.type, excinfo.value, rebuilt))
