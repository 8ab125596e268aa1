"""Whole processes measured: wall time, processor time and peak memory, run in turns and told as one table.

What a user waits for is a process from its start to its end, so nothing is timed inside one. Runs alternate, so that a
busy minute of the machine falls on all alike; one round goes before that is not counted, so that every cache of
compiled Python is warm; the figures are medians.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parent.parent
"""The checkout."""
LAUNCHER = Path(__file__).with_name("launcher.py")
LONGEST_S = 600.0
"""When a run that does not end is killed."""
DISTRIBUTIONS = ("pytest", "pytest-bdd", "pytest-html", "behave", "paramiko")
"""Whose versions stand below a table."""

K = TypeVar("K", bound=Hashable)


class Unproved(Exception):
    """A run did not do what was to be measured."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process cost, the processes it started and waited for included."""

    wall_s: float
    processor_s: float
    """User and system together."""
    peak_mib: float
    """The most memory resident at once, of the largest of those processes."""


def cost_of(
    command: Sequence[str | Path], folder: Path, proved: Callable[[str], bool], **environment: str
) -> tuple[Cost, str]:
    """Run a command to its end; return its cost and what it printed.

    Args:
        command: what to run.
        folder: where.
        proved: whether what it printed shows that it did its work.
        environment: variables on top of this process's own. Python's and pytest's are left out: one that forbids
            compiled files to be kept would have every run compile its tests again.

    Raises:
        Unproved: it failed, or did not show that it did its work.
        subprocess.TimeoutExpired: it did not end.
    """
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    with tempfile.TemporaryDirectory() as work:
        figures, output = Path(work) / "figures", Path(work) / "output"
        with output.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", LAUNCHER, figures, *command],
                cwd=folder,
                env=variables | environment,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                status = process.wait(LONGEST_S)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)  # the launcher and what it runs
                process.wait()
                raise
        printed = output.read_text("utf-8", "replace")
        if status or not proved(printed):
            raise Unproved(f"{' '.join(map(str, command))}\nended with {status} and printed:\n{printed[-4000:]}")
        wall_s, processor_s, peak_kib = map(float, figures.read_text("ascii").split())
    return Cost(wall_s, processor_s, peak_kib / 1024), printed


def in_turns(
    jobs: Mapping[K, Callable[[], Cost]], runs: int, *, once: Collection[K] = (), warm: bool = False
) -> dict[K, list[Cost]]:
    """Run every job once uncounted, then ``runs`` times, each round beginning with another job.

    Args:
        jobs: what to run, by name.
        runs: how often.
        once: names of those that run in the first round alone: slow ones on which no goal depends.
        warm: whether every cache is warm already, and the uncounted round is left out.
    """
    names = list(jobs)
    costs: dict[K, list[Cost]] = {name: [] for name in names}
    for job in () if warm else jobs.values():
        job()
    for number in range(runs):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            if not number or name not in once:
                costs[name].append(jobs[name]())
    return costs


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(*(statistics.median(getattr(cost, field.name) for cost in costs) for field in fields(Cost)))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table that is also read as it stands: first column to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    pads = [str.ljust, *[str.rjust] * (len(widths) - 1)]

    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(pad(cell, width) for pad, cell, width in zip(pads, cells, widths, strict=True))} |"

    rules = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([line(headings), line(rules), *map(line, rows)])


def goal(text: str, *, met: bool) -> str:
    """Return a goal as a line that says whether it is met."""
    return f"- {'met' if met else 'MISSED'}: {text}"


def machine() -> str:
    """Return on what was measured, in one line, without a name."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text("utf-8").splitlines() if cpuinfo.is_file() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "processor")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in DISTRIBUTIONS)
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores of {model}, {system}; Python {platform.python_version()}, {versions}."


def between_marks(markdown: Path, name: str) -> str:
    """Return what stands in a Markdown file between ``<!-- name -->`` and ``<!-- /name -->``."""
    return _parts(markdown, name)[1]


def marked(markdown: Path, name: str, text: str) -> None:
    """Put a text there."""
    before, _, after = _parts(markdown, name)
    markdown.write_text(f"{before}<!-- {name} -->\n{text}\n<!-- /{name} -->{after}", "utf-8")


def _parts(markdown: Path, name: str) -> tuple[str, str, str]:
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, mark, rest = markdown.read_text("utf-8").partition(opening)
    between, end, after = rest.partition(closing)
    if not mark or not end:
        raise SystemExit(f"{markdown}: expected the marks {opening} and {closing}; came none")
    return before, between, after


def told(name: str, text: str, costs: Mapping[str, Sequence[Cost]], markdown: Path | None, raw: Path | None) -> None:
    """Print the findings, and write them where asked.

    Args:
        name: of the benchmark; in a Markdown file its text stands between ``<!-- name -->`` and ``<!-- /name -->``.
        text: the findings.
        costs: every run's.
        markdown: a file that holds the two marks.
        raw: a file to be made anew with every run's figures as JSON.
    """
    text = f"{text}\n\n{machine()}"
    print(text)
    if markdown:
        marked(markdown, name, text)
    if raw:
        runs = {job: [asdict(cost) for cost in each] for job, each in costs.items()}
        raw.write_text(json.dumps({"machine": machine(), "runs": runs}, indent=1), "utf-8")
