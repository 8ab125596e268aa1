"""The main job from nothing to its report, beside a script of one's own and OpenSSH's ``sftp``.

    python -m benchmarks.main_job [--runs 10] [--json FILE] [--markdown FILE]

Ours starts its own simulators, makes the baseline visit and draws its report within the time measured. The peers do
the session's visit alone, against the same kind of server, which runs in another process and costs them nothing.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import spans
from benchmarks.measure import ROOT, Cost, cost_of, goal, in_turns, median, table, told
from benchmarks.options import parser

OURS, SCRIPT, SFTP = "main job", "plain script", "sftp -b"
IN_ALL_S, OVER_SCRIPT_S = 2.0, 1.0
"""The goals: the main job's wall time, and how much longer than the plain script it may take."""
NOT_NEEDED: tuple[str, ...] = (
    "hkexprt",
    "pytest-bdd",
    "html",
    "html_fixtures",
    "metadata",
    "benchmark",
    "hypothesispytest",
)
NOT_NEEDED += ("xdist", "xdist.looponfail")
"""Plugins of this environment that a plain script does without."""


@contextlib.contextmanager
def server(folder: Path) -> Iterator[None]:
    """Run the simulator in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.server", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            if process.stdout.readline().strip() != "ready":
                raise SystemExit("the simulator did not start")
            yield
        finally:
            process.stdin.close()


def main_job(work: Path, *more: str, **environment: str) -> Cost:
    """Run the main job of this checkout, its report elsewhere."""
    # The root directory is where a run leaves its reports; everything else is found from the feature's own folder.
    command = (sys.executable, "-m", "pytest", "--site=secondary", "features/rap.feature", f"--rootdir={work}", *more)

    def proved(printed: str) -> bool:
        return re.search(r"^Passed: \d+ scenarios?, \d+ checks?", printed, re.MULTILINE) is not None

    cost, _ = cost_of(command, ROOT, proved, **environment)
    (report,) = (work / "reports").glob("*/report.html")
    assert report.stat().st_size
    shutil.rmtree(work / "reports")
    return cost


def plain_script(work: Path) -> Cost:
    """Run the script of one's own."""
    off = [part for plugin in NOT_NEEDED for part in ("-p", f"no:{plugin}")]
    command = (sys.executable, "-m", "pytest", *off, "test_plain_script.py")
    return cost_of(command, work, lambda printed: "1 passed" in printed)[0]


def sftp(work: Path) -> Cost:
    """Let OpenSSH connect, list, download the two reports and leave."""
    facts = json.loads((work / "facts.json").read_text("utf-8"))
    options = ["StrictHostKeyChecking=yes", f"UserKnownHostsFile={work / 'known_hosts'}", "IdentitiesOnly=yes"]
    command = ["sftp", "-F", "none", "-b", "batch", "-i", str(work / "id_ed25519"), "-P", str(facts["ports"][0])]
    command += [part for option in options for part in ("-o", option)]

    def proved(printed: str) -> bool:
        return len(re.findall(r"^-r", printed, re.MULTILINE)) == int(facts["files"])

    cost, _ = cost_of([*command, f"{facts['user']}@{facts['host']}"], work, proved)
    found = sorted(path.name[:5] for path in work.glob("TP00*"))
    assert found == ["TP001", "TP002"], found
    for path in work.glob("TP00*"):
        path.unlink()
    return cost


def parts(work: Path) -> dict[str, float]:
    """Return where one run's wall time goes, in seconds, in the order of the run."""
    file = work / "spans.json"
    began_s = spans.true_s()
    main_job(work, "-p", "benchmarks.spans", **{spans.FILE: str(file)})
    ended_s = spans.true_s()
    told_ = json.loads(file.read_text("utf-8"))
    at, span = told_["moments"], told_["spans"]
    visits = ("calendar", "simulators", "baseline")
    return {
        "Python, pytest and its plugins start": at["collection"] - began_s,
        "collection": at["collected"] - at["collection"],
        "clock moved, journal opened": at["call"] - at["collected"],
        "libraries, keys": span["fixtures"] - sum(span[name] for name in visits),
        "the exchange's calendar": span["calendar"],
        "simulators of both sites start": span["simulators"],
        "baseline visit": span["baseline"],
        "session's visit": at["called"] - at["call"] - span["fixtures"],
        "report drawn": span["report"],
        "simulators stop, other plugins, end of the process": ended_s - at["called"] - span["report"],
    }


def findings(costs: dict[str, Cost], inside: list[dict[str, float]]) -> str:
    """Return the tables, and whether the goals are met."""
    rows = [
        [name, f"{cost.wall_s:.2f}", f"{cost.processor_s:.2f}", f"{cost.peak_mib:.0f}"] for name, cost in costs.items()
    ]
    halves = {name: statistics.median(each[name] for each in inside) for name in inside[0]}
    shares = [[name, f"{1000 * part_s:.0f}"] for name, part_s in halves.items()]
    shares.append(["together", f"{1000 * sum(halves.values()):.0f}"])
    ours_s, over_s = costs[OURS].wall_s, costs[OURS].wall_s - costs[SCRIPT].wall_s
    goals = [
        goal(f"under {IN_ALL_S:.0f} s in all: {ours_s:.2f} s", met=ours_s < IN_ALL_S),
        goal(f"within {OVER_SCRIPT_S:.0f} s of the plain script: {over_s:.2f} s more", met=over_s <= OVER_SCRIPT_S),
    ]
    return "\n\n".join(
        [
            table(["", "wall s", "processor s", "peak MiB"], rows),
            f"Where the main job's time goes:\n\n{table(['', 'ms'], shares)}",
            "\n".join(goals),
        ]
    )


def main() -> None:
    """Measure, and tell."""
    chosen = parser(__doc__, runs=10).parse_args()
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)):
        work = Path(folder)
        shutil.copy(Path(__file__).with_name("plain_script.py"), work / "test_plain_script.py")
        (work / "pytest.ini").write_text("[pytest]\n", "utf-8")
        (work / "batch").write_text("ls -l\nget *TP001*\nget *TP002*\nbye\n", "utf-8")
        jobs = {OURS: lambda: main_job(work), SCRIPT: lambda: plain_script(work), SFTP: lambda: sftp(work)}
        costs = in_turns(jobs, chosen.runs)
        inside = [parts(work) for _ in range(chosen.runs)]
    text = findings({name: median(each) for name, each in costs.items()}, inside)
    told("main job", f"Medians of {chosen.runs} runs.\n\n{text}", costs, chosen.markdown, chosen.json)


if __name__ == "__main__":
    main()
