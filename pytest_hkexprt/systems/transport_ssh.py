"""paramiko, imported without what nobody here uses.

paramiko imports ``invoke``, and with it asyncio, unittest and a YAML reader, for one feature of its reader of
``~/.ssh/config``, which no client or simulator of ours reads: a third of its time to import, and a tenth of a whole
short visit to a report folder. So while paramiko is imported a stand-in bears that name, which imports the real one
when something of it is first asked for. Nobody else meets the stand-in.
"""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections.abc import Iterator
from types import ModuleType


class _WhenUsed(ModuleType):
    """A module that is imported when something of it is asked for."""

    def __getattr__(self, name: str) -> object:
        return getattr(importlib.import_module(self.__name__), name)


@contextlib.contextmanager
def when_used(name: str) -> Iterator[None]:
    """Have whoever imports a module meanwhile get it only when they use it."""
    if name in sys.modules or importlib.util.find_spec(name) is None:
        yield
        return
    sys.modules[name] = _WhenUsed(name)
    try:
        yield
    finally:
        del sys.modules[name]


with when_used("invoke"):
    import paramiko  # type: ignore[import-untyped]  # it ships no types

__all__ = ["paramiko"]
