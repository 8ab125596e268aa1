"""What one machine holds: participants by the dozen in one run, on one process and on several, beside one run for each.

    python -m benchmarks.scale [--runs 3] [--participants 1,10,50] [--json FILE] [--markdown docs/scale.md]

Each participant rehearses both sessions of the report retrieval: its own servers, key, baseline, downloads, evidence.
The peer is what one does without participants in one file: pytest once for each of them, one after the other.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.measure import ROOT, Cost, cost_of, goal, in_turns, median, table, told
from benchmarks.options import parser

FEATURE = "rap.feature"
SCENARIOS = 6
"""Of the feature, with both sessions; one of them has nothing to look at and is skipped."""
WORKERS = (0, 2)
PEER = "a run for each"


def project(folder: Path, participants: int) -> None:
    """Write a project of that many participants."""
    features = folder / "features"
    features.mkdir(parents=True)
    for ending in ("toml", "feature"):
        shutil.copy(ROOT / "features" / f"rap.{ending}", features)
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    tables = [f'[[participant]]\nname = "Participant {number}"\nroles = ["CP"]\n' for number in range(participants)]
    (folder / "hkexprt.toml").write_text("".join(tables), "utf-8")


def together(work: Path, participants: int, workers: int, sizes: dict[str, int]) -> Cost:
    """Rehearse all in one run; note how large its report and the file to attach became."""
    with tempfile.TemporaryDirectory(dir=work) as name:
        folder = Path(name) / "project"
        project(folder, participants)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"features/{FEATURE}"]
        command += ["-n", str(workers)] if workers else []
        cost, _ = cost_of(command, folder, lambda printed: f"Passed: {participants * (SCENARIOS - 1)} sc" in printed)
        (report,) = folder.glob("reports/*/report.html")
        (attach,) = folder.glob("reports/*-evidence.zip")
        sizes.update(report=report.stat().st_size, attach=attach.stat().st_size)
        return cost


def one_by_one(work: Path, participants: int) -> Cost:
    """Rehearse each in a run of its own."""
    with tempfile.TemporaryDirectory(dir=work) as name:
        folder = Path(name) / "project"
        project(folder, participants)
        script = (
            f'for number in $(seq 0 {participants - 1}); do "{sys.executable}" -m pytest -q -p no:cacheprovider '
            f'--participant "Participant $number" features/{FEATURE} || exit 1; done'
        )
        proved = f"Passed: {SCENARIOS - 1} sc"
        return cost_of(["sh", "-c", script], folder, lambda printed: printed.count(proved) >= participants)[0]


def main() -> None:
    """Measure, and tell."""
    options = parser(__doc__, runs=3)
    options.add_argument("--participants", default="1,10,50", metavar="N,N", help="how many (default 1,10,50)")
    chosen = options.parse_args()
    counts = [int(each) for each in chosen.participants.split(",")]
    sizes: dict[int, dict[str, int]] = {count: {} for count in counts}
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        jobs = {
            (count, f"-n {workers}" if workers else "one process"): partial(
                together, work, count, workers, sizes[count]
            )
            for count in counts
            for workers in WORKERS
        }
        jobs |= {(count, PEER): partial(one_by_one, work, count) for count in counts}
        costs = in_turns(jobs, chosen.runs)
    medians = {job: median(each) for job, each in costs.items()}
    rows = [
        [
            f"{count}, {how}",
            f"{cost.wall_s:.1f}",
            f"{cost.wall_s / medians[count, PEER].wall_s:.2f}",
            f"{cost.wall_s / count:.2f}",
            f"{cost.peak_mib:.0f}",
            "-" if how == PEER else f"{sizes[count]['report'] / 1e6:.2f}",
            "-" if how == PEER else f"{sizes[count]['attach'] / 1e6:.2f}",
        ]
        for (count, how), cost in medians.items()
    ]
    headings = ["participants", "s", "share of the peer's", "s each", "peak MiB", "report MB", "zip MB"]
    most = max(counts)
    share = medians[most, "one process"].wall_s / medians[most, PEER].wall_s
    text = "\n\n".join(
        [
            f"Medians of {chosen.runs} runs; both sessions of the report retrieval for each participant.",
            table(headings, rows),
            goal(f"{most} participants in one run cost no more than a run for each: {share:.2f} of it", met=share <= 1),
        ]
    )
    told("scale", text, {f"{count}, {how}": each for (count, how), each in costs.items()}, chosen.markdown, chosen.json)


if __name__ == "__main__":
    main()
