"""The quality figures: drills, clauses, docstrings, import time, coverage; printed, and kept in docs/quality.md.

    python -m benchmarks.quality [--coverage [PATH …]] [--markdown docs/quality.md]

What takes seconds is counted always, and at the end of every CI run; coverage only when it is asked for, since all
tests are run for it, the commands and runs they start included. The mutation score takes hours and has a script of its
own (``benchmarks/mutation.py``).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import ROOT, between_marks, cost_of, goal, in_turns, median, table, told
from pytest_hkexprt import circular, shipped
from pytest_hkexprt.gherkin import reading
from pytest_hkexprt.plan import TAG

PAGE = ROOT / "docs" / "quality.md"
LEAST_COVERED = 95.0
IMPORTS = 5
"""Of each, after one that warms the files."""
SHOWN = 10
"""Modules with the least coverage that are named."""


def covered(tests: list[str]) -> tuple[float, list[tuple[str, float, int]]]:
    """Run the tests and return the share of lines and branches they reach, and each module's with what it misses."""
    with tempfile.TemporaryDirectory() as work:
        settings = {**os.environ, "COVERAGE_FILE": str(Path(work) / "coverage")}
        run = ["run", "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *tests]
        if _coverage(run, settings):
            raise SystemExit("the tests failed: nothing is counted")
        _coverage(["combine", "-q"], settings)
        found = Path(work) / "found.json"
        _coverage(["json", "-q", "-o", str(found)], settings)
        data = json.loads(found.read_text("utf-8"))
    modules = [
        (name, each["summary"]["percent_covered"], each["summary"]["missing_lines"])
        for name, each in data["files"].items()
    ]
    return data["totals"]["percent_covered"], sorted(modules, key=lambda module: module[1])


def _coverage(arguments: list[str], settings: dict[str, str]) -> int:
    command = [sys.executable, "-m", "coverage", *arguments]
    return subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode


def documented() -> str:
    """Return the share of public modules, classes and functions that have a docstring."""
    command = [sys.executable, "-m", "interrogate", "--fail-under=0", "--no-color", "-i", "-m", "-p", "-s", "-n", "-C"]
    said = subprocess.run([*command, "pytest_hkexprt"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return next(line.partition("actual: ")[2].rstrip(")") for line in said.splitlines() if "actual: " in line)


def clauses() -> list[list[str]]:
    """Return each circular with its clauses: how many there are, have a scenario, and say why they have none."""
    folder, rows = shipped.features_folder(), []
    for path in sorted(folder.glob("*.toml")):
        told = circular.read(path)
        tagged = {
            tag
            for feature in folder.glob("*.feature")
            if feature.stem == told.stem or f"@{TAG}{told.stem}" in feature.read_text("utf-8").split()
            for scenario in reading.read(feature, feature.name).scenarios
            for tag in scenario.tags
        }
        proved = sum(f"clause.{each.id}" in tagged for each in told.clauses)
        said = sum(bool(each.untested) for each in told.clauses)
        rows.append([told.stem, str(len(told.clauses)), str(proved), str(said)])
    return rows


def imports() -> list[list[str]]:
    """Return what a start of Python costs in processor time, in milliseconds, with which import."""
    programs = {
        "nothing": "pass",
        "pytest": "import pytest",
        "pytest and the plugin": "import pytest, pytest_hkexprt.plugin",
    }
    jobs = {
        name: lambda code=code: cost_of([sys.executable, "-c", f"{code}\nprint('done')"], ROOT, "done\n".__eq__)[0]
        for name, code in programs.items()
    }
    return [[name, f"{median(costs).processor_s * 1000:.0f}"] for name, costs in in_turns(jobs, IMPORTS).items()]


def drills() -> tuple[int, int]:
    """Return how many drills there are, and how many a test of drills runs, by a parameter or by name."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "--collect-only", "-p", "no:cacheprovider"]
    tests = sorted(map(str, (ROOT / "tests").rglob("test_drills*.py")))
    listed = subprocess.run([*command, *tests], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    written = "".join(Path(test).read_text("utf-8") for test in tests)
    known = shipped.drills()
    tried = [
        name
        for name in known
        if any(f"[{each}]" in listed for each in (name, name.partition(".")[2])) or f'--drill={name}"' in written
    ]
    return len(known), len(tried)


def quick() -> str:
    """Count what takes seconds."""
    there_are, tried = drills()
    return "\n\n".join(
        [
            table(["circular", "clauses", "with a scenario", "untested, with the reason"], clauses()),
            f"Public modules, classes and functions with a docstring: {documented()}.",
            table(["imported", "ms"], imports()),
            goal(f"every drill has a test that sees it caught: {tried} of {there_are}", met=tried == there_are),
        ]
    )


def coverage(tests: list[str]) -> str:
    """Run the tests and count what they reach."""
    share, modules = covered(tests)
    worst = [
        [name.removeprefix("pytest_hkexprt/"), f"{each:.0f} %", str(missed)] for name, each, missed in modules[:SHOWN]
    ]
    return "\n\n".join(
        [
            f"Lines and branches together, over {'some' if tests else 'all'} tests: **{share:.1f} %** of the package.",
            table(["least covered", "share", "lines missed"], worst),
            goal(f"at least {LEAST_COVERED:.0f} %: {share:.1f} %", met=share >= LEAST_COVERED),
        ]
    )


def kept() -> str:
    """Return what the page keeps of counts that take longer."""
    goals = [
        f"{line} ({name}, as docs/quality.md has it)"
        for name in ("coverage", "mutation")
        for line in between_marks(PAGE, name).splitlines()
        if line.startswith(("- met", "- MISSED"))
    ]
    return "\n".join(goals) or "No count of coverage or mutants is kept yet."


def main() -> None:
    """Count, and tell."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--coverage", nargs="*", metavar="PATH", help="run these tests for it; all of them without")
    options.add_argument("--markdown", type=Path, metavar="FILE")
    chosen = options.parse_args()
    told("quality", quick(), {}, chosen.markdown, None)
    if chosen.coverage is None:
        print(f"\n{kept()}")
    else:
        told("coverage", coverage(chosen.coverage), {}, chosen.markdown, None)


if __name__ == "__main__":
    main()
