"""Many small scenarios: the cost of collecting, running and proving each, beside that of other tools.

    python -m benchmarks.collection [--sizes 100,1000,5000] [--runs 5] [--json FILE] [--markdown FILE]

Every tool runs the same scenarios in the same environment, and must show that it passed as many as there are; ours
must have them in its evidence, too. Plugins of pytest that a tool has no use for are switched off for it; ours keeps
those it brings along, and leaves its journal and its report.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks import generated
from benchmarks.measure import Cost, Unproved, cost_of, goal, in_turns, median, table, told
from benchmarks.options import parser

PYTEST: tuple[str, ...] = (sys.executable, "-m", "pytest", "-q", "-p", "no:benchmark", "-p", "no:hypothesispytest")
PYTEST += ("-p", "no:xdist", "-p", "no:xdist.looponfail")
OUT_OF_USE: dict[str, tuple[str, ...]] = {"plain": ("hkexprt", "pytest-bdd", "html", "html_fixtures", "metadata")}
OUT_OF_USE |= {"html": ("hkexprt", "pytest-bdd"), "bdd": ("hkexprt", "html", "html_fixtures", "metadata")}
"""Plugins of this environment that a tool does without."""
PLAIN, HTML, BDD, OURS, BEHAVE = "pytest functions", "with pytest-html", "pytest-bdd", "pytest-hkexprt", "behave"
FEW, MANY = 3, 3 + generated.UNUSED
"""Step definitions."""
MOST_FOR_MORE = 1.10
"""What 100 more step definitions may cost: a tenth."""


class Job(NamedTuple):
    """One tool with so many scenarios and step definitions."""

    tool: str
    definitions: int
    """0 for tools without."""
    scenarios: int

    def __str__(self) -> str:
        steps = f", {self.definitions} step definitions" if self.definitions else ""
        return f"{self.tool}{steps}, {self.scenarios} scenarios"


VARIANTS = ((PLAIN, 0), (HTML, 0), *((tool, number) for tool in (BDD, OURS, BEHAVE) for number in (FEW, MANY)))


def prepared(job: Job, folder: Path) -> Callable[[], Cost]:
    """Write what the job needs and return what runs it."""
    folder.mkdir()
    unused = job.definitions - FEW
    count = rf"\b{job.scenarios} passed\b"
    if job.tool == BEHAVE:
        generated.behave(folder, job.scenarios, unused)
        count = rf"\b{job.scenarios} scenarios passed, 0 failed"
        command: tuple[str, ...] = (sys.executable, "-m", "behave", "--format=progress", "--no-color")
    elif job.tool == OURS:
        generated.ours(folder, job.scenarios, unused)
        command = (*PYTEST, "--site=secondary", "numbers.feature")
    elif job.tool == BDD:
        generated.pytest_bdd(folder, job.scenarios, unused)
        command = (*PYTEST, *_without("bdd"), "test_numbers.py")
    else:
        generated.pytest_functions(folder, job.scenarios)
        html = ("--html=report.html", "--self-contained-html") if job.tool == HTML else ()
        command = (*PYTEST, *_without("html" if html else "plain"), *html, "test_plain.py")

    def run() -> Cost:
        cost, _ = cost_of(command, folder, lambda printed: re.search(count, printed) is not None)
        if job.tool == OURS:
            _evidence(folder, job.scenarios)
        return cost

    return run


def _without(tool: str) -> tuple[str, ...]:
    return tuple(part for plugin in OUT_OF_USE[tool] for part in ("-p", f"no:{plugin}"))


def _evidence(folder: Path, scenarios: int) -> None:
    """See that the run left a report and a whole journal that counts its scenarios, and remove them."""
    (run,) = (path.parent for path in (folder / "reports").glob("*/report.html"))
    end = json.loads((run / "evidence.jsonl").read_text("utf-8").splitlines()[-1])["record"]
    if end.get("outcomes") != {"passed": scenarios} or not (run / "report.html").stat().st_size:
        raise Unproved(f"{folder.name}: expected evidence of {scenarios} passed scenarios; came {end}")
    shutil.rmtree(run)


def findings(costs: dict[Job, Cost], sizes: list[int]) -> str:
    """Return the tables, and whether the goals are met."""
    smallest, largest = sizes[0], sizes[-1]

    def each_ms(tool: str, definitions: int, size: int) -> float:
        more = costs[Job(tool, definitions, size)].processor_s - costs[Job(tool, definitions, smallest)].processor_s
        return 1000 * more / (size - smallest)

    parts = []
    for size in sizes:
        plain_s, rows = costs[Job(PLAIN, 0, size)].processor_s, []
        for tool, definitions in VARIANTS:
            cost = costs[Job(tool, definitions, size)]
            one = f"{each_ms(tool, definitions, size):.2f}" if size > smallest else "-"
            figures = [f"{cost.wall_s:.2f}", f"{cost.processor_s:.2f}", f"{cost.processor_s / plain_s:.2f}", one]
            rows.append([tool, str(definitions or "-"), *figures, f"{cost.peak_mib:.0f}"])
        headings = ["tool", "step definitions", "wall s", "processor s", "x plain", "ms each", "peak MiB"]
        parts.append(f"{size:,} scenarios:\n\n{table(headings, rows)}")
    ours, bdd, html = (each_ms(tool, number, largest) for tool, number in ((OURS, FEW), (BDD, FEW), (HTML, 0)))

    def more(tool: str) -> float:
        return costs[Job(tool, MANY, largest)].processor_s / costs[Job(tool, FEW, largest)].processor_s

    goals = [
        goal(f"less processor time for each scenario than pytest-bdd: {ours:.2f} ms, {bdd:.2f} ms", met=ours < bdd),
        goal(f"no more than a plain function with pytest-html: {ours:.2f} ms, {html:.2f} ms", met=ours <= html),
        goal(
            f"{generated.UNUSED} more step definitions cost at most {MOST_FOR_MORE - 1:.0%}: {more(OURS) - 1:+.0%} "
            f"(pytest-bdd {more(BDD) - 1:+.0%}, behave {more(BEHAVE) - 1:+.0%})",
            met=more(OURS) <= MOST_FOR_MORE,
        ),
    ]
    how = f'"ms each" is processor time beyond that of {smallest:,} scenarios, for each scenario more.'
    return "\n\n".join([*parts, how, "\n".join(goals)])


def main() -> None:
    """Measure, and tell."""
    options = parser(__doc__, runs=5)
    options.add_argument("--sizes", default="100,1000,5000", help="numbers of scenarios (default 100,1000,5000)")
    chosen = options.parse_args()
    sizes = sorted(map(int, chosen.sizes.split(",")))
    if len(sizes) < 2:
        options.error("--sizes: expected two numbers or more, as a scenario's cost is that of the difference")
    with tempfile.TemporaryDirectory() as work:
        jobs: dict[Job, Callable[[], Cost]] = {}
        for job in (Job(*variant, size) for size in sizes for variant in VARIANTS):
            jobs[job] = prepared(job, Path(work) / str(len(jobs)))
        costs = in_turns(jobs, chosen.runs)
    text = findings({job: median(each) for job, each in costs.items()}, sizes)
    text = f"Medians of {chosen.runs} runs.\n\n{text}"
    told("collection", text, {str(job): each for job, each in costs.items()}, chosen.markdown, chosen.json)


if __name__ == "__main__":
    main()
