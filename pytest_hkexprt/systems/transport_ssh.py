"""paramiko, imported without what nobody here uses.

paramiko imports ``invoke``, and with it asyncio, unittest and a YAML reader, for one feature of its reader of
``~/.ssh/config``, which no client or simulator of ours reads: a quarter of its time to import, and a tenth of a whole
short visit to a report folder. So ``invoke`` is imported when it is first used, by whomever; nothing else about it
changes.

Source: Python, importlib, "Implementing lazy imports".
"""

from __future__ import annotations

import importlib.util
import sys


def when_used(name: str) -> None:
    """Have a module imported when something of it is first asked for, unless it is imported or not installed."""
    spec = None if name in sys.modules else importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        return
    loader = spec.loader = importlib.util.LazyLoader(spec.loader)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    loader.exec_module(module)


when_used("invoke")
import paramiko  # type: ignore[import-untyped]  # noqa: E402  it ships no types; see above for the place

__all__ = ["paramiko"]
