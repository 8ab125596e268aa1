"""What one machine holds: participants by the dozen in one run, on one process and on several, beside one run for each.

    python -m benchmarks.scale [--runs 3] [--participants 1,10,50] [--jobs 4] [--merged 10,100,300]
                               [--json FILE] [--markdown docs/scale.md]

Each participant rehearses both sessions of the report retrieval: its own servers, key, baseline, downloads, evidence.
The peer is what one does without participants in one file: pytest once for each of them, one after the other.
Spread means jobs as a CI has them, each a run of its own for some of the participants, here one after the other on one
machine, and their evidence merged at the end. Merging alone is measured with copies of one run, each sealed anew under
another participant's name.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

import msgspec

from benchmarks.measure import ROOT, Cost, cost_of, goal, in_turns, median, table, told
from benchmarks.options import parser
from pytest_hkexprt.evidence import folder as folders
from pytest_hkexprt.evidence.journal import Journal, read

FEATURE = "rap.feature"
SCENARIOS = 6
"""Of the feature, with both sessions; one of them has nothing to look at and is skipped."""
WORKERS = (0, 2)
PEER = "a run for each"
HKEXPRT = Path(sys.executable).with_name("hkexprt")


def spread_name(jobs: int) -> str:
    """Return what a run spread over jobs is called."""
    return f"{jobs} jobs, merged"


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


def spread(work: Path, participants: int, jobs: int, sizes: dict[str, int]) -> Cost:
    """Rehearse all in several runs, one after the other, and merge them."""
    with tempfile.TemporaryDirectory(dir=work) as name:
        folder = Path(name) / "project"
        project(folder, participants)
        shares = [range(participants)[job::jobs] for job in range(jobs)]
        commands = [
            f'"{sys.executable}" -m pytest -q -p no:cacheprovider features/{FEATURE} --evidence jobs/{job} '
            + " ".join(f'--participant "Participant {number}"' for number in share)
            for job, share in enumerate(shares)
            if share
        ]
        commands.append(f'"{HKEXPRT}" merge jobs/*/*-evidence.zip --into merged')
        passed = f"Passed: {participants * (SCENARIOS - 1)} sc"
        cost, _ = cost_of(["sh", "-c", " && ".join(commands)], folder, lambda printed: passed in printed)
        sizes.update(
            report=(folder / "merged" / "report.html").stat().st_size,
            attach=(folder / "merged-evidence.zip").stat().st_size,
        )
        return cost


def copies(work: Path, count: int) -> Path:
    """Return a folder of that many sealed runs: one that ran, and others of its records under other names."""
    folder = work / f"copies-{count}"
    project(folder, 1)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"features/{FEATURE}"]
    cost_of(command, folder, lambda printed: "Passed: " in printed)
    (journal,) = folder.glob("reports/*/evidence.jsonl")
    lines = list(read(journal))
    for number in range(count):
        place = folder / "jobs" / f"{number:04}" / journal.parent.name
        place.mkdir(parents=True)
        run = msgspec.structs.replace(lines[0].record, participant=f"Participant {number}")
        with Journal(place / journal.name) as written:
            for line in lines:
                record = run if line is lines[0] else line.record
                written.write_at(record, utc=line.utc, rehearsed=line.rehearsed)
        folders.finish(place)
    return folder


def merging(folder: Path, count: int, sizes: dict[str, int]) -> Cost:
    """Merge the runs of a folder."""
    shutil.rmtree(folder / "merged", ignore_errors=True)
    command = ["sh", "-c", f'"{HKEXPRT}" merge jobs/*/*-evidence.zip --into merged']
    cost, _ = cost_of(command, folder, lambda printed: f"Passed: {count * (SCENARIOS - 1):,} sc" in printed)
    sizes.update(
        report=(folder / "merged" / "report.html").stat().st_size,
        attach=(folder / "merged-evidence.zip").stat().st_size,
    )
    return cost


def row(name: str, cost: Cost, each: int, sizes: dict[str, int]) -> list[str]:
    """Return a line of the table of merging."""
    figures = [f"{cost.wall_s:.1f}", f"{cost.wall_s / each * 1000:.0f}", f"{cost.peak_mib:.0f}"]
    return [name, *figures, f"{sizes['report'] / 1e6:.2f}", f"{sizes['attach'] / 1e6:.2f}"]


def main() -> None:
    """Measure, and tell."""
    options = parser(__doc__, runs=3)
    options.add_argument("--participants", default="1,10,50", metavar="N,N", help="how many (default 1,10,50)")
    options.add_argument("--jobs", type=int, default=4, metavar="N", help="over how many jobs (default 4)")
    options.add_argument("--merged", default="10,100,300", metavar="N,N", help="runs to merge (default 10,100,300)")
    chosen = options.parse_args()
    heaps = [int(each) for each in chosen.merged.split(",")]
    heap_sizes: dict[int, dict[str, int]] = {count: {} for count in heaps}
    counts = [int(each) for each in chosen.participants.split(",")]
    sizes: dict[int, dict[str, int]] = {count: {} for count in counts}
    spread_sizes: dict[int, dict[str, int]] = {count: {} for count in counts}
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
        jobs |= {
            (count, spread_name(chosen.jobs)): partial(spread, work, count, chosen.jobs, spread_sizes[count])
            for count in counts
            if count >= chosen.jobs
        }
        costs = in_turns(jobs, chosen.runs)
        merges = {count: partial(merging, copies(work, count), count, heap_sizes[count]) for count in heaps}
        merged = {count: median(each) for count, each in in_turns(merges, chosen.runs).items()}
    medians = {job: median(each) for job, each in costs.items()}
    rows = [
        [
            f"{count}, {how}",
            f"{cost.wall_s:.1f}",
            f"{cost.wall_s / medians[count, PEER].wall_s:.2f}",
            f"{cost.wall_s / count:.2f}",
            f"{cost.peak_mib:.0f}",
            *(
                "-" if how == PEER else f"{(spread_sizes if 'jobs' in how else sizes)[count][part] / 1e6:.2f}"
                for part in ("report", "attach")
            ),
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
            "Merging alone, runs of six scenarios each, from their zip files:",
            table(
                ["runs merged", "s", "ms each", "peak MiB", "report MB", "zip MB"],
                [row(str(count), cost, count, heap_sizes[count]) for count, cost in merged.items()],
            ),
        ]
    )
    told("scale", text, {f"{count}, {how}": each for (count, how), each in costs.items()}, chosen.markdown, chosen.json)


if __name__ == "__main__":
    main()
