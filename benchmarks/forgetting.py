"""A pytest plugin for mutants: what the package remembers is forgotten, so that changed code runs wherever it would.

mutmut changes the code in a copy of a process that has run the tests once. What they left in a cache (a layout, a price
in its wire form) would stand in for the changed code, and the change could not be noticed; so would a table that was
made when a module was imported. And it tries a mutant with the tests that ran its code then: with the first alone, of
what is remembered from then on.
"""

from __future__ import annotations

import functools
import gc
import os
import sys

import pytest
from mutmut.state import state

PACKAGE = "pytest_hkexprt"
AFRESH = "HKEXPRT_MUTANTS_AFRESH"
"""The environment variable that names the system whose modules are imported again, with the tests."""
CACHES: list[functools._lru_cache_wrapper[object]] = []
AT_IMPORT: set[str] = set()
"""What ran before any test: all of them rest on it."""


def counting() -> bool:
    """Return whether this is mutmut's run that finds which test runs which code."""
    return os.environ.get("MUTANT_UNDER_TEST") == "stats"


def pytest_sessionstart() -> None:
    """Forget the modules that are to be imported again."""
    prefixes = (f"{PACKAGE}.systems.{os.environ.get(AFRESH, '')}", "tests.")
    for name in [name for name in sys.modules if name.startswith(prefixes)]:
        del sys.modules[name]


def pytest_collection_finish() -> None:
    """Empty every cache of the package, and note what has run so far."""
    CACHES[:] = [
        each
        for each in gc.get_objects()
        if isinstance(each, functools._lru_cache_wrapper) and each.__module__.startswith(PACKAGE)
    ]
    for cache in CACHES:
        cache.cache_clear()
    if counting():
        AT_IMPORT.update(state()._stats)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Have each test do for itself what an earlier one has left, while mutmut counts."""
    if counting():
        for cache in CACHES:
            cache.cache_clear()
        state()._stats.update(AT_IMPORT)
