"""A pytest plugin that writes when each scenario began and ended, and what the processor did in all.

    python -m pytest -p benchmarks.terminal_times …

A scenario's time is all that pytest does for it: what it needs made, its steps, and what it leaves put away. How much
of that it waited for the terminal's pages is told besides. The environment variable TERMINAL_TIMES names the file.
"""

from __future__ import annotations

import functools
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from pytest_hkexprt.deadline import monotonic_s
from pytest_hkexprt.systems.ccass.client_tab import Tab

P = ParamSpec("P")
T = TypeVar("T")
TICKS = os.sysconf("SC_CLK_TCK")


def processor_s() -> float:
    """Return what this process and all below it have used, those that ended there included.

    A browser's pages are processes that its zygote waits for, so they are counted when they have ended, too.
    """
    used: dict[int, int] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:  # it ended just now
            continue
        number = int(stat.parent.name)
        used[number] = sum(map(int, fields[11:15]))
        children[int(fields[1])].append(number)
    total, waiting = 0, [os.getpid()]
    while waiting:
        number = waiting.pop()
        total += used.get(number, 0)
        waiting += children[number]
    return total / TICKS


class Times:
    """What is written: nothing of the first scenario, which starts all there is, nor of the last, which ends it.

    Args:
        many: how many scenarios there are.
    """

    def __init__(self, many: int) -> None:
        self.many = many
        self._scenarios: list[tuple[str, float, float, float]] = []
        self._used_s: list[float] = []

    def scenario(self, name: str, began_s: float, waited_s: float) -> None:
        """Note one that has just ended, and how long it waited for pages."""
        self._scenarios.append((name, began_s, monotonic_s(), waited_s))
        # Never between two that count: what a run does between scenarios would have that much more time for it.
        if len(self._scenarios) in (1, self.many - 1):
            self._used_s.append(processor_s())

    def write(self, file: Path) -> None:
        """Write the scenarios by name and seconds, those waited apart, and two means of them, in seconds.

        The one is from a scenario's beginning to the next one's, the other the processor's time.
        """
        _, *counting, last = self._scenarios
        found = {
            "scenarios": [(name, end_s - began_s, waited_s) for name, began_s, end_s, waited_s in counting],
            "turn_s": (last[1] - counting[0][1]) / len(counting),
            "processor_s": (self._used_s[1] - self._used_s[0]) / len(counting),
        }
        file.write_text(json.dumps(found), "utf-8")


TIMES: list[Times] = []
WAITED_S: list[float] = []
"""In the scenario that runs."""


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin."""
    TIMES.append(Times(len(session.items)))
    for verb in ("open", "wait"):
        setattr(Tab, verb, timed(getattr(Tab, verb)))


def timed(verb: Callable[P, T]) -> Callable[P, T]:
    """Return a verb that notes how long it takes."""

    @functools.wraps(verb)
    def work(*arguments: P.args, **named: P.kwargs) -> T:
        began_s = monotonic_s()
        try:
            return verb(*arguments, **named)
        finally:
            WAITED_S.append(monotonic_s() - began_s)

    return work


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Time one scenario."""
    WAITED_S.clear()
    began_s = monotonic_s()
    found = yield
    TIMES[0].scenario(item.nodeid, began_s, sum(WAITED_S))
    return found


def pytest_sessionfinish() -> None:
    """Write."""
    TIMES[0].write(Path(os.environ["TERMINAL_TIMES"]))
