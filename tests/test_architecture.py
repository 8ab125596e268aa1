"""The rooms and who may enter which, kept by reading the source alone (``ast``; nothing is imported)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "pytest_hkexprt"
MODULES = sorted(PACKAGE.rglob("*.py"))
STEPS = sorted((ROOT / "steps").glob("*.py"))
SYSTEMS = sorted(path.parent for path in (PACKAGE / "systems").glob("*/system.toml"))

INNERMOST = {"addresses", "model", "clock", "deadline", "errors"}
CLOCKS = {"clock", "deadline"}
IMPURE = {"socket", "ssl", "threading", "time", "paramiko", "pytest", "selectors", "asyncio", "subprocess"}
NOT_PURE = {"client", "simulator", "drills", "fixtures", "visit"}
"""The files of a system that are not pure, by name up to the first underscore: ``client_ssh`` is the client's."""
SHARED = ("systems.transport", "systems.serving", "systems.program")
"""What every system may use: how one dials, how a simulator serves, how a vendor's program is spoken with."""
LONGEST_MODULE = 300


def side(path: Path) -> str:
    return path.stem.partition("_")[0]


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted names a module imports when it runs, type-checking imports left out."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            skipped.update(child for statement in node.body for child in ast.walk(statement))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(path: Path) -> set[str]:
    """Return the project's own modules among a module's imports, without the package's name."""
    return {name.removeprefix("pytest_hkexprt.") for name in imports(path) if name.startswith("pytest_hkexprt.")}


def tops(path: Path) -> set[str]:
    """Return the top-level names a module imports."""
    return {name.partition(".")[0] for name in imports(path)}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def in_systems(*, pure: bool) -> list[Path]:
    files = [path for folder in SYSTEMS for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]
    return [path for path in files if (side(path) not in NOT_PURE) == pure]


def test_there_are_systems_and_modules_to_look_at():
    assert SYSTEMS
    assert len(MODULES) > 20
    assert STEPS


@pytest.mark.parametrize("stem", sorted(INNERMOST))
def test_the_innermost_modules_import_nothing_of_ours_but_errors(stem):
    assert {name.partition(".")[0] for name in ours(PACKAGE / f"{stem}.py")} <= {"errors"}


@pytest.mark.parametrize("path", in_systems(pure=True), ids=name_of)
def test_a_pure_file_of_a_system_touches_no_socket_thread_clock_or_pytest(path):
    assert not tops(path) & IMPURE
    assert not {name.partition(".")[0] for name in ours(path)} & CLOCKS


@pytest.mark.parametrize("path", [path for folder in SYSTEMS for path in sorted(folder.glob("*.py"))], ids=name_of)
def test_a_system_knows_no_other_system(path):
    own = f"systems.{path.parent.name}"
    strangers = {name for name in ours(path) if name.startswith("systems.") and not name.startswith((own, *SHARED))}
    assert not strangers


@pytest.mark.parametrize("folder", SYSTEMS, ids=name_of)
def test_client_and_simulator_meet_only_in_the_pure_files(folder):
    other = {"client": ("simulator", "drills"), "simulator": ("client",), "drills": ("client",)}
    for path in sorted(folder.glob("*.py")):
        met = {name.removeprefix(f"systems.{folder.name}.") for name in ours(path)}
        assert not {name for name in met if name.startswith(other.get(side(path), "nothing"))}, path
        assert side(path) not in other or "pytest" not in tops(path)


@pytest.mark.parametrize("folder", SYSTEMS, ids=name_of)
def test_every_system_has_the_same_rooms_and_public_names(folder):
    present = {path.name for path in folder.iterdir()}
    assert {"system.toml", "client.py", "simulator.py", "checks.py", "drills.py", "fixtures.py"} <= present
    for stem, name in (("client", "Client"), ("simulator", "Simulator")):
        tree = ast.parse((folder / f"{stem}.py").read_text("utf-8"))
        kinds = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        inherited = {kind.name: {"__exit__"} for kind in kinds if "Serving" in map(ast.unparse, kind.bases)}
        classes = {node.name: {part.name for part in node.body if isinstance(part, ast.FunctionDef)} for node in kinds}
        assert {"__enter__", "__exit__"} <= classes[name] | inherited.get(name, set())


@pytest.mark.parametrize("path", STEPS, ids=name_of)
def test_steps_are_thin_and_never_reach_into_a_system(path):
    allowed = ("model", "evidence")
    assert not {name for name in ours(path) if not name.startswith(allowed)}
    assert tops(path) <= {"pytest_bdd", "pytest_hkexprt", "__future__", "typing", "collections"}
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            body = [statement for statement in node.body if not isinstance(statement, ast.Expr | ast.Constant)]
            assert len(body) <= 6, f"{node.name} is longer than a step should be"


@pytest.mark.parametrize("path", [path for path in MODULES if not {"systems", "cli"} & {*path.parts}], ids=name_of)
def test_nothing_outside_a_system_names_one(path):
    named = {name for name in ours(path) if name.startswith("systems.") and name not in SHARED}
    assert not named


@pytest.mark.parametrize("path", [path for path in MODULES if path.stem not in CLOCKS], ids=name_of)
def test_only_clock_and_deadline_ask_what_time_it_is(path):
    asked = {
        f"{ast.unparse(node.func.value)}.{node.func.attr}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    forbidden = {"now", "today", "utcnow", "monotonic", "perf_counter", "time_ns", "monotonic_ns", "sleep"}
    assert "time" not in tops(path)
    assert not {call for call in asked if call.rpartition(".")[2] in forbidden and not call.startswith("clock.")}


@pytest.mark.parametrize("path", [*MODULES, *STEPS], ids=name_of)
def test_a_module_is_short_enough_to_hold_in_the_head(path):
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", [*MODULES, *STEPS], ids=name_of)
def test_a_module_says_what_it_is(path):
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert docstring, "a module has a docstring"
    assert docstring.splitlines()[0].endswith((".", ":"))
