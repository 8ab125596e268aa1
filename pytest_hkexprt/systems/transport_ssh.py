"""paramiko, imported without what nobody here uses.

paramiko imports ``invoke``, and with it asyncio, unittest and a YAML reader, for one feature of its reader of
``~/.ssh/config``, which no client or simulator of ours reads: a third of its time to import, and a tenth of a whole
short visit to a report folder. So while paramiko is imported a stand-in bears that name, which imports the real one
when something of it is first asked for. Nobody else meets the stand-in.

The same for ``importlib.metadata``, of which paramiko asks its own version alone, and which brings a reader of e-mail
and one of zip files: the name of the folder that describes an installed library says the version, too.
"""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

METADATA = "importlib.metadata"


class _WhenUsed(ModuleType):
    """A module that is imported when something of it is asked for."""

    def __getattr__(self, name: str) -> object:
        return getattr(self._real(), name)

    def _real(self) -> ModuleType:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return importlib.import_module(self.__name__)


class _Versions(_WhenUsed):
    """``importlib.metadata``, which knows a version by the name of a folder and is imported for anything else."""

    def version(self, distribution: str) -> str:
        """Return the version of an installed library."""
        found = importlib.util.find_spec(distribution)
        places = (found.submodule_search_locations if found else None) or []
        described = [each.name for place in places for each in Path(place).parent.glob(f"{distribution}-*.dist-info")]
        if len(described) == 1:
            return described[0].removeprefix(f"{distribution}-").removesuffix(".dist-info")
        return str(self._real().version(distribution))


@contextlib.contextmanager
def when_used(name: str, stand_in: type[_WhenUsed] = _WhenUsed) -> Iterator[None]:
    """Have whoever imports a module meanwhile get it only when they use it."""
    if name in sys.modules or importlib.util.find_spec(name) is None:
        yield
        return
    sys.modules[name] = standing_in = stand_in(name)
    try:
        yield
    finally:
        if sys.modules.get(name) is standing_in:
            del sys.modules[name]


with when_used("invoke"), when_used(METADATA, _Versions):
    import paramiko  # type: ignore[import-untyped]  # it ships no types

__all__ = ["paramiko"]
