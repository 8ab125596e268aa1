"""A pytest plugin for mutants: what the package remembers is forgotten before its tests begin.

mutmut changes the code in a copy of a process that has run the tests once. What they left in a cache (a layout, a price
in its wire form) would stand in for the changed code, and the change could not be noticed.
"""

from __future__ import annotations

import functools
import gc

PACKAGE = "pytest_hkexprt"


def pytest_sessionstart() -> None:
    """Empty every cache of the package."""
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper) and each.__module__.startswith(PACKAGE):
            each.cache_clear()
