"""The quality figures: coverage, drills, clauses, docstrings, start-up; printed, and kept in docs/quality.md.

    python -m benchmarks.quality [--tests PATH …] [--markdown docs/quality.md] [--json FILE]

Coverage is of branches, over all tests, the commands and runs they start included. The mutation score takes hours and
has a script of its own (``benchmarks/mutation.py``).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import ROOT, goal, machine, table
from pytest_hkexprt import circular, shipped
from pytest_hkexprt.gherkin import reading
from pytest_hkexprt.plan import TAG

LEAST_COVERED = 95.0
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


def drills() -> tuple[int, int]:
    """Return how many drills there are, and how many the tests of drills passed with."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "--collect-only", "-p", "no:cacheprovider", "tests"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    known = shipped.drills()
    tried = {name for name in known if f"[{name}]" in listed or f"[{name.partition('.')[2]}]" in listed}
    return len(known), len(tried)


def main() -> None:
    """Count, and tell."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--tests", nargs="*", default=[], help="paths; all tests without")
    options.add_argument("--markdown", type=Path, metavar="FILE")
    options.add_argument("--json", type=Path, metavar="FILE")
    chosen = options.parse_args()
    share, modules = covered(chosen.tests)
    there_are, tried = drills()
    worst = [
        [name.removeprefix("pytest_hkexprt/"), f"{each:.0f} %", str(missed)] for name, each, missed in modules[:SHOWN]
    ]
    text = "\n\n".join(
        [
            f"Coverage of lines and branches together: **{share:.1f} %** of the package, over all tests.",
            table(["least covered", "share", "lines missed"], worst),
            table(["circular", "clauses", "with a scenario", "untested, with the reason"], clauses()),
            f"Public modules, classes and functions with a docstring: {documented()}.",
            goal(f"coverage of at least {LEAST_COVERED:.0f} %: {share:.1f} %", met=share >= LEAST_COVERED)
            + "\n"
            + goal(f"every drill caught by a test of its own: {tried} of {there_are}", met=tried == there_are),
            machine(),
        ]
    )
    print(text)
    if chosen.markdown:
        before, _, rest = chosen.markdown.read_text("utf-8").partition("<!-- quality -->")
        after = rest.partition("<!-- /quality -->")[2]
        chosen.markdown.write_text(f"{before}<!-- quality -->\n{text}\n<!-- /quality -->{after}", "utf-8")
    if chosen.json:
        chosen.json.write_text(json.dumps({"coverage": share, "modules": modules}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
