"""What a scenario of the web terminals costs beyond a plain Playwright script's: the browser and the stand-in are up.

    python -m benchmarks.terminal [--runs 5] [--small] [--json FILE] [--markdown FILE]

Both circulars, every scenario, in one run of pytest each time. The script does the same clicks on the same stand-in, in
a context of its own each, in turns with ours: once with the browser as such scripts launch it, once as ours is. Ours
does more: it dials and verifies the certificate itself, takes a picture and the text at each step with the confidential
parts covered, keeps Playwright's trace ready, compares what it finds and writes the evidence. A scenario before those
counted starts browser and stand-in, and one after them ends both.
"""

from __future__ import annotations

import dataclasses
import importlib.metadata
import json
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import terminal_peer
from benchmarks.measure import ROOT, Cost, Unproved, cost_of, goal, in_turns, machine, table, told
from benchmarks.options import parser

OURS, SCRIPT, SCRIPT_OURS = "ours", "plain script", "plain script, our browser"
MOST_S = 1.0
"""The goal for a scenario."""
TWICE = "fails over"
"""In the name of a scenario that visits the terminal twice, at either site."""
RELOCATION, UPGRADE = "ccass_relocation", "ccass_upgrade"
FIRST, LAST = "first", "last"
NAMED = (
    (r"logs on to CCMS", "relocation: CCMS closed"),
    (r"answers .*\[(.+)-(\d)\]", "{0}: {1} answers"),
    (r"Production data .*\[(.+)-(\d)\]", "{0}: data and report in {1}"),
    (r"fails over .*\[(.+)-(\d)\]", "{0}: {1} fails over"),
)
"""What pytest calls a scenario, to what the script calls it."""


@dataclass(frozen=True, slots=True)
class Found:
    """One run's figures, in seconds."""

    own_s: Mapping[str, float]
    """Of each scenario, in all."""
    waited_s: Mapping[str, float]
    """How much of that was waiting for the terminal's pages, as far as it was told."""
    turn_s: float
    """From one's beginning to the next one's, on average: what is done between scenarios counts here."""
    processor_s: float
    """Of all processes, the browser's included, for a scenario on average."""


def read(file: Path) -> Found:
    """Return what a run wrote."""
    told_ = json.loads(file.read_text("utf-8"))
    scenarios = [(named(name), took_s, waited_s) for name, took_s, waited_s in told_["scenarios"]]
    return Found(
        {name: took_s for name, took_s, _ in scenarios},
        {name: waited_s for name, _, waited_s in scenarios},
        told_["turn_s"],
        told_["processor_s"],
    )


def named(name: str) -> str:
    """Return a scenario's name in the table."""
    for pattern, form in NAMED:
        if found := re.search(pattern, name):
            groups = found.groups()
            return form.format(*groups[:-1], terminal_peer.BOTH[int(groups[-1]) - 1]) if groups else form
    return name


def ours(work: Path, *, small: bool, into: list[Found]) -> Cost:
    """Run both circulars' scenarios of the terminals with pytest."""
    features = work / "features"
    shutil.rmtree(work, ignore_errors=True)
    features.mkdir(parents=True)
    (work / "pytest.ini").write_text("[pytest]\n", "utf-8")
    middle = (RELOCATION,) if small else (RELOCATION, UPGRADE)
    wanted = {FIRST: RELOCATION, **dict(zip(middle, middle, strict=True)), LAST: RELOCATION}
    for name, stem in wanted.items():
        for ending in ("toml", "feature"):
            shutil.copy(ROOT / "features" / f"{stem}.{ending}", features / f"{name}.{ending}")
    paths = [f"features/{name}.feature" for name in wanted]
    chosen = "logs and on and CCMS or answers or Production and there or over and middle"
    command = [sys.executable, "-m", "pytest", "-p", "benchmarks.terminal_times", *paths, "-k", chosen]
    file = work / "times.json"
    many = len(terminal_peer.scenarios(small=small))

    def proved(printed: str) -> bool:
        return f"{many} passed" in printed and re.search(r"^Passed: \d+ scenarios", printed, re.MULTILINE) is not None

    cost, _ = cost_of(command, work, proved, PYTHONPATH=str(ROOT), TERMINAL_TIMES=str(file))
    into.append(read(file))
    return cost


def script(work: Path, *more: str, small: bool, into: list[Found]) -> Cost:
    """Run the plain script."""
    work.mkdir(exist_ok=True)
    file = work / "times.json"
    command = [sys.executable, "-m", "benchmarks.terminal_peer", str(file), *more, *(["--small"] if small else [])]
    cost, _ = cost_of(command, ROOT, lambda printed: "Chromium" in printed)
    into.append(read(file))
    return cost


def findings(found: Mapping[str, Sequence[Found]]) -> str:
    """Return the table, and whether the goals are met."""
    names = list(found[SCRIPT][0].own_s)
    if {*names} != {*found[OURS][0].own_s}:
        raise Unproved(f"ours ran {[*found[OURS][0].own_s]}, the script {names}")

    def median(tool: str, figure: Callable[[Found], float]) -> float:
        return statistics.median(map(figure, found[tool]))

    def of(name: str) -> Callable[[Found], float]:
        return lambda each: each.own_s[name]

    def waits(name: str) -> Callable[[Found], float]:
        return lambda each: each.waited_s[name]

    def row(title: str, figure: Callable[[Found], float], waited: Callable[[Found], float] | None = None) -> list[str]:
        seconds = [median(tool, figure) for tool in found]
        told_s = [
            f"{seconds[0]:.2f}",
            f"{median(OURS, waited):.2f}" if waited else "",
            *(f"{s:.2f}" for s in seconds[1:]),
        ]
        return [title, *told_s, *(f"{seconds[0] / each:.2f}" for each in seconds[1:])]

    rows = [row(name, of(name), waits(name)) for name in names]
    rows += [
        row("median scenario", lambda each: statistics.median(each.own_s.values())),
        row("from one to the next, on average", lambda each: each.turn_s),
        row("processor time of all processes, each", lambda each: each.processor_s),
    ]
    took_s = {name: median(OURS, of(name)) for name in names}
    without_s = {name: took_s[name] - median(OURS, waits(name)) for name in names if TWICE in name}
    middle_s = statistics.median(took_s.values())
    goals = [goal(f"the median scenario under {MOST_S:g} s: {middle_s:.2f} s", met=middle_s < MOST_S)]
    wanted = {
        "scenario of one visit": {name: took_s[name] for name in names if TWICE not in name},
        "scenario of two visits, its pages' coming not counted,": without_s,
    }
    for what, each in wanted.items():
        if each:
            worst = max(each, key=lambda name: each[name])
            told_ = f"every {what} under {MOST_S:g} s: {each[worst]:.2f} s, {worst}"
            goals.append(goal(told_, met=each[worst] < MOST_S))
    headings = ["seconds", OURS, "waiting for pages", *[*found][1:], *("ours as a share" for _ in [*found][1:])]
    return f"{table(headings, rows)}\n\n" + "\n".join(goals)


def main() -> None:
    """Measure, and tell."""
    options = parser(__doc__, runs=5)
    options.add_argument("--small", action="store_true", help="one circular, to see that everything works")
    chosen = options.parse_args()
    found: dict[str, list[Found]] = {OURS: [], SCRIPT: [], SCRIPT_OURS: []}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        jobs = {
            OURS: partial(ours, work / "ours", small=chosen.small, into=found[OURS]),
            SCRIPT: partial(script, work / "script", small=chosen.small, into=found[SCRIPT]),
            SCRIPT_OURS: partial(script, work / "script", "--our-browser", small=chosen.small, into=found[SCRIPT_OURS]),
        }
        costs = in_turns(jobs, chosen.runs)
    for each in found.values():
        each.pop(0)  # the round that does not count
    version = importlib.metadata.version("playwright")
    text = f"Medians of {chosen.runs} runs; Playwright {version}, {terminal_peer.CHROMIUM}.\n\n{findings(found)}"
    told("terminal", text, costs, chosen.markdown, None)
    if chosen.json:
        raw = {tool: [dataclasses.asdict(each) for each in runs] for tool, runs in found.items()}
        chosen.json.write_text(json.dumps({"machine": machine(), "runs": raw}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
