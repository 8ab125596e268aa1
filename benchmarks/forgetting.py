"""A pytest plugin for mutants: what the package remembers is forgotten before its tests begin.

mutmut changes the code in a copy of a process that has run the tests once. What they left in a cache (a layout, a price
in its wire form) would stand in for the changed code, and the change could not be noticed. So would a table that was
made when a module was imported: where :data:`AFRESH` names a system, its modules and the tests are imported again.
"""

from __future__ import annotations

import functools
import gc
import os
import sys

PACKAGE = "pytest_hkexprt"
AFRESH = "HKEXPRT_MUTANTS_AFRESH"
"""The environment variable that names a system whose tables are made anew."""


def pytest_sessionstart() -> None:
    """Empty every cache of the package, and forget the modules that are to be imported again."""
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper) and each.__module__.startswith(PACKAGE):
            each.cache_clear()
    if system := os.environ.get(AFRESH, ""):
        for name in [name for name in sys.modules if name.startswith((f"{PACKAGE}.systems.{system}", "tests."))]:
            del sys.modules[name]
