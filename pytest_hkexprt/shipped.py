"""What the project brings along besides code: its features, its phrases and its systems.

In a checkout ``features/`` and ``steps/`` stand at the top, where they are read; in a wheel they stand inside the
package, the one name it installs. Here is the only place that knows the difference.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pytest_hkexprt.errors import UsageFault

if TYPE_CHECKING:
    import pytest

_PACKAGE = Path(__file__).parent


def _room(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def features_folder() -> Path:
    """Return the folder of the circulars and features that ship with the project."""
    return _room("features")


def steps_folder() -> Path:
    """Return the folder of the phrases that ship with the project."""
    return _room("steps")


def example_participant() -> Path:
    """Return the documented example of a participant file."""
    return _room("docs") / "hkexprt.example.toml"


def systems() -> tuple[str, ...]:
    """Return the names of the systems there are: the folders below ``systems/`` that describe themselves."""
    return tuple(sorted(path.parent.name for path in (_PACKAGE / "systems").glob("*/system.toml")))


def system_folder(system: str) -> Path:
    """Return the folder of a system's code."""
    return _PACKAGE / "systems" / system


def greetings() -> dict[str, str]:
    """Return how the service of each system greets whoever connects; only those of systems that speak first."""
    return {system: str(said) for system in systems() if (said := _described(system).get("greeting"))}


@functools.cache
def lacking(system: str) -> str:
    """Return the command that installs what a system needs and is not there; empty where nothing lacks.

    ``needs`` in its ``system.toml`` names modules, ``extra`` the extra of ours that brings them.
    """
    data = _described(system)
    if all(importlib.util.find_spec(module) for module in data.get("needs", [])):
        return ""
    return f'pip install "pytest-hkexprt[{data["extra"]}]"'


def require(system: str) -> None:
    """See that what a system needs is installed.

    Raises:
        UsageFault: it is not; the message has the command that installs it.
    """
    if command := lacking(system):
        raise UsageFault(system, expected="what it needs to be installed", came="it is not", next_step=command)


def _described(system: str) -> dict[str, Any]:
    return tomllib.loads((system_folder(system) / "system.toml").read_text("utf-8"))


def drills() -> dict[str, str]:
    """Return the simulators' named faults, ``system.fault``, and what each does, in one sentence."""
    found: dict[str, str] = {}
    for system in systems():
        module = importlib.import_module(f"{__package__}.systems.{system}.drills")
        found.update({f"{system}.{fault}": sentence for fault, sentence in module.DRILLS.items()})
    return found


def register_fixtures(config: pytest.Config) -> None:
    """Make the fixtures of every system available to all tests."""
    for system in systems():
        name = f"{__package__}.systems.{system}.fixtures"
        config.pluginmanager.register(importlib.import_module(name), name)


def register_steps(config: pytest.Config) -> None:
    """Make the phrases of ``steps/`` available to every feature; a second call does nothing."""
    for path in sorted(steps_folder().glob("*.py")):
        name = f"{__package__}.steps.{path.stem}"
        if path.stem != "__init__" and not config.pluginmanager.has_plugin(name):
            config.pluginmanager.register(_load(name, path), name)


def _load(name: str, path: Path) -> ModuleType:
    # By location, under a name of ours: a project's own top-level "steps" package is never shadowed.
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
