"""The mutation score of pure files and checks: mutmut changes them in small ways, and their own tests must notice.

    python -m benchmarks.mutation [--only rap/packets otp/session …] [--jobs 2] [--markdown docs/quality.md]

Each module is held by the tests of its own name alone, so that a change nobody notices there is told, though a test
elsewhere may notice it. All modules take hours; name some: the figures of the others stay on the page.
"""

from __future__ import annotations

import argparse
import ast
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from benchmarks import forgetting
from benchmarks.measure import ROOT, between_marks, goal, machine, marked, table

LEAST_NOTICED = 90.0
SURVIVED, NOT_RUN = (0,), (None, 2, 5, 33)
"""mutmut's exit codes of a mutant that no test noticed, and of one that no test ran; all others are of the noticed."""
NOTHING_RUNS = ("Unable to force test failures", "consider opening an issue")
"""What mutmut says where none of the changed code runs in those tests."""
OFF = ("cacheprovider", "unraisableexception", "threadexception", "xdist")
"""Plugins the tests of one module have no use for."""
NOT_PURE = ("client", "simulator", "drills", "fixtures", "visit", "__init__", "seam")
ROOMS = ("pytest_hkexprt", "tests", "steps", "features", "docs", "benchmarks")
HELD_BY = {
    "omd/dialogue_told": ("client_program",),
    "omd/events": ("line_events",),
    "omd/market_feed": ("market_feed", "market"),
    "omd/market_orders": ("market_orders", "market"),
    "otp/dialogue": ("client_program",),
    "otp/exchange_trades": ("trades",),
    "otp/floor_trades": ("trades",),
    "otp/wire": ("binary", "fix"),
    "rap/pipeline": ("client_sftp", "client_packets"),
    "rap/pipeline_folder": ("client_sftp",),
}
"""Modules that tests of other names hold."""
HEADINGS = ("module", "noticed", "mutants noticed", "survived", "in lines those tests do not run", "counted")


class Failed(Exception):
    """mutmut could not count a module's mutants."""


@dataclass(frozen=True, slots=True)
class Score:
    """What became of a module's mutants."""

    noticed: int = 0
    survived: int = 0
    not_run: int = 0
    counted: str = ""
    """The day."""
    failed: str = ""
    """Why there are no figures."""

    @property
    def share(self) -> float:
        """The noticed among those that a test runs, in hundredths."""
        run = self.noticed + self.survived
        return 100 * self.noticed / run if run else 0.0

    def row(self, target: str) -> list[str]:
        """Return the cells of the table."""
        if self.failed:
            return [target, f"failed: {self.failed}", "", "", "", self.counted]
        share = f"{self.share:.0f} %" if self.noticed + self.survived else ""
        return [target, share, *map(str, astuple(self)[:3]), self.counted]


def known() -> list[Path]:
    """Return the pure modules of all systems that have code to change: not tables alone."""
    paths = sorted((ROOT / "pytest_hkexprt" / "systems").glob("*/*.py"))
    return [path for path in paths if path.stem.partition("_")[0] not in NOT_PURE and _has_code(path)]


def _has_code(path: Path) -> bool:
    return any(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(path.read_text("utf-8"))))


def tests_of(path: Path) -> list[Path]:
    """Return the tests that hold a module: those of its name, else of the name before its last underscore.

    ``test_fix.py``, ``test_fix_….py`` and all in a folder ``fix`` are of the name ``fix``; they hold ``fix_frame`` too,
    as long as there is no ``test_frame.py``. Those of some modules have another name.
    """
    room, name = ROOT / "tests" / "systems" / path.parent.name, path.stem
    if others := HELD_BY.get(f"{path.parent.name}/{name}"):
        return sorted({test for other in others for test in _named(room, other)})
    while name:
        if found := _named(room, name):
            return found
        name = name.rpartition("_")[0]
    return []


def _named(room: Path, name: str) -> list[Path]:
    patterns = (f"test_{name}.py", f"test_{name}_*.py", f"{name}/test_*.py")
    return sorted(test for pattern in patterns for test in room.glob(pattern))


def targets() -> dict[str, list[Path]]:
    """Return each pure module of a system (``rap/packets``) with the tests that hold it."""
    return {f"{path.parent.name}/{path.stem}": tests_of(path) for path in known()}


def score(target: str, tests: list[Path], folder: Path, jobs: int) -> Score:
    """Change one module again and again in a copy of the project, and return what its tests noticed.

    Raises:
        Failed: there are no tests, or mutmut told nothing; then what it printed last.
    """
    if not tests:
        raise Failed("no tests of its name")
    module = f"pytest_hkexprt/systems/{target}.py"
    meta = folder / "mutants" / f"{module}.meta"
    _copied(folder, module, tests)
    _once_more(meta)
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(jobs)]
    variables = {**os.environ, forgetting.AFRESH: target.partition("/")[0]}
    ran = subprocess.run(
        command, cwd=folder, env=variables, check=False, capture_output=True, text=True, errors="replace"
    )
    lines = [line.strip() for line in (ran.stdout + ran.stderr).replace("\r", "\n").splitlines() if line.strip()]
    if ran.returncode or not meta.is_file():
        told = [line for line in lines if line.startswith(("FAILED", "ERROR"))] or lines or [f"exit {ran.returncode}"]
        if any(words in told[-1] for words in NOTHING_RUNS):
            raise Failed("nothing to try")
        raise Failed(told[-1].replace("|", "¦"))
    codes = list(json.loads(meta.read_text("utf-8"))["exit_code_by_key"].values())
    survived, not_run = (sum(code in those for code in codes) for those in (SURVIVED, NOT_RUN))
    return Score(len(codes) - survived - not_run, survived, not_run, today())


def today() -> str:
    """Return the day in words of the table."""
    return dt.datetime.now(dt.UTC).date().isoformat()


def _copied(folder: Path, module: str, tests: list[Path]) -> None:
    for room in ROOMS:
        shutil.rmtree(folder / room, ignore_errors=True)
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "conftest.py", folder)
    (folder / module).touch()  # mutmut tells by its time whether a module in a kept copy has changed
    plugins = [word for name in (*(f"no:{name}" for name in OFF), forgetting.__name__) for word in ("-p", name)]
    settings = {
        "source_paths": ["pytest_hkexprt"],
        "only_mutate": [module],
        "also_copy": [*ROOMS[2:], "conftest.py"],
        "pytest_add_cli_args_test_selection": [str(test.relative_to(ROOT)) for test in tests],
        # Properties try the same few examples in every run, so that two runs say the same. Looking for exceptions that
        # nobody saw collects garbage after each test, which is most of a short run's time.
        "pytest_add_cli_args": ["--hypothesis-profile=quick", *plugins],
    }
    told = "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    (folder / "pyproject.toml").write_text(f"{text}\n[tool.mutmut]\n{told}", "utf-8")


def _once_more(meta: Path) -> None:
    """Forget the survivors of an earlier run in a kept copy: the tests may have learned since."""
    if meta.is_file():
        text = json.loads(meta.read_text("utf-8"))
        codes = text["exit_code_by_key"]
        text["exit_code_by_key"] = {key: None if code in (*SURVIVED, *NOT_RUN) else code for key, code in codes.items()}
        meta.write_text(json.dumps(text), "utf-8")
        (meta.parents[3] / "mutmut-stats.json").unlink(missing_ok=True)  # which test runs which line


def rows_of(text: str) -> dict[str, Score]:
    """Read the rows of a table that an earlier run wrote."""
    found = {}
    for line in text.splitlines():
        row = cells(line)
        if len(row) == len(HEADINGS) and "/" in row[0]:
            failed = row[1].removeprefix("failed: ") if row[1].startswith("failed: ") else ""
            figures = [0, 0, 0] if failed else [int(cell) for cell in row[2:5]]
            found[row[0]] = Score(*figures, row[5], failed)
    return found


def cells(line: str) -> list[str]:
    """Return the cells of a table's line."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def page(scores: Mapping[str, Score], modules: Mapping[str, list[Path]]) -> str:
    """Return what is known of all modules, as Markdown."""
    rows = [scores[target].row(target) for target in modules if target in scores]
    counted = [scores[target] for target in modules if target in scores and not scores[target].failed]
    whole = Score(*(sum(getattr(each, part) for each in counted) for part in ("noticed", "survived", "not_run")))
    without = [target for target, tests in modules.items() if not tests]
    return "\n\n".join(
        [
            f"Mutants of {len(counted)} of {len(modules)} pure modules, each held by the tests of its own name.",
            table(HEADINGS, rows),
            goal(f"at least {LEAST_NOTICED:.0f} % noticed: {whole.share:.1f} %", met=whole.share >= LEAST_NOTICED),
            f"Held by no tests of their name: {', '.join(without) or 'none'}.",
            machine(),
        ]
    )


def main() -> None:
    """Change, count, and tell, after each module anew."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--only", nargs="*", default=[], metavar="SYSTEM/MODULE")
    options.add_argument("--jobs", type=int, default=2, help="mutants tried at once")
    options.add_argument("--markdown", type=Path, metavar="FILE", help="page whose rows are brought up to date")
    options.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the copies there, for mutmut show")
    chosen = options.parse_args()
    modules = targets()
    if unknown := set(chosen.only) - set(modules):
        raise SystemExit(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(modules)}")
    scores = rows_of(between_marks(chosen.markdown, "mutation")) if chosen.markdown else {}
    for target in chosen.only or [target for target, tests in modules.items() if tests]:
        with tempfile.TemporaryDirectory() as work:
            folder = (chosen.keep or Path(work)) / target.replace("/", ".")
            folder.mkdir(parents=True, exist_ok=True)
            try:
                scores[target] = score(target, modules[target], folder.resolve(), chosen.jobs)
            except Failed as fault:
                scores[target] = Score(counted=today(), failed=str(fault))
        print(*scores[target].row(target), sep=", ", flush=True)
        if chosen.markdown:
            marked(chosen.markdown, "mutation", page(scores, modules))
    print(page(scores, modules))


if __name__ == "__main__":
    main()
