"""A plugin for the benchmark of the main job: where a run's time goes, told from inside it.

Loaded with ``-p benchmarks.spans`` into runs of their own, which are not those that are timed. It reads the machine's
clock through the one module that a rehearsal never freezes.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
from collections import defaultdict
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from pytest_hkexprt import deadline, schedule

FILE = "HKEXPRT_SPANS"
"""The environment variable that names the file to write."""


def true_s() -> float:
    """Return the true moment in seconds since 1970, which another process can compare."""
    return dt.datetime.fromisoformat(deadline.true_utc()).timestamp()


class Spans:
    """Moments and spans of one run."""

    def __init__(self) -> None:
        self.moments: dict[str, float] = {}
        self.spans: dict[str, float] = defaultdict(float)
        self._depth = 0

    def timed(self, owner: Any, name: str, as_: str) -> None:
        """Let ``owner.name`` add what it takes to the span ``as_``."""
        function: Callable[..., object] = getattr(owner, name)

        @functools.wraps(function)
        def wrapped(*arguments: object, **named: object) -> object:
            began_s = true_s()
            try:
                return function(*arguments, **named)
            finally:
                self.spans[as_] += true_s() - began_s

        setattr(owner, name, wrapped)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self) -> Generator[None, object, object]:
        self.moments["collection"] = true_s()
        try:
            return (yield)
        finally:
            self.moments["collected"] = true_s()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
        self._depth += 1
        began_s = true_s()
        try:
            result = yield
        finally:
            self._depth -= 1
            if not self._depth:  # what a fixture asks for is set up within it
                self.spans["fixtures"] += true_s() - began_s
        if fixturedef.argname == "rap_simulators":  # what it imports is there now, and not earlier than without us
            from pytest_hkexprt.systems.rap import fixtures_access  # noqa: PLC0415
            from pytest_hkexprt.systems.rap.simulator import Simulator  # noqa: PLC0415

            self.timed(Simulator, "__enter__", "simulators")
            self.timed(fixtures_access, "record_baseline", "baseline")
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        self.moments.setdefault("call", true_s())  # the first scenario's, and below the last one's
        try:
            return (yield)
        finally:
            self.moments["called"] = true_s()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Generator[None, object, object]:
        began_s = true_s()
        from pytest_hkexprt.evidence import html  # noqa: PLC0415  as above

        self.spans["report"] += true_s() - began_s
        self.timed(html, "write", "report")
        try:
            return (yield)
        finally:
            Path(os.environ[FILE]).write_text(json.dumps({"moments": self.moments, "spans": self.spans}), "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    spans = Spans()
    spans.timed(schedule, "_closures", "calendar")
    config.pluginmanager.register(spans, "benchmark-spans")
