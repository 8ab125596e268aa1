"""The runs before this one: how the same scenarios ended in the folders that lie beside it.

Read when a run ends and written into its own journal, so that the report shows a trend and draws the same bytes when
it is drawn again, wherever the folder has been moved to since. Earlier journals are read for their outcomes alone;
they are hearsay here, and their own ``hkexprt verify`` says what they are worth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pytest_hkexprt.evidence.describe import JOURNAL
from pytest_hkexprt.evidence.parts import EarlierRun
from pytest_hkexprt.evidence.record import HistoryRecord, Line, OutcomeRecord, RunRecord, ScenarioRecord
from pytest_hkexprt.model import Outcome

LETTERS = {
    Outcome.NOT_RUN: "n",
    Outcome.OMITTED: "o",
    Outcome.SKIPPED: "s",
    Outcome.PASSED: "p",
    Outcome.FAILED: "f",
    Outcome.ERROR: "e",
}
"""Outcome to the letter that stands for it."""
ABSENT = "-"
"""The letter of a scenario that was not in that run, or did not end."""
MOST_RUNS = 8
MOST_GONE = 20
MOST_BYTES = 50_000_000
"""An earlier journal larger than this is left out: a trend is not worth the wait."""
WANTED = (b'"kind":"run"', b'"kind":"scenario"', b'"kind":"outcome"')
"""What a line must hold to be read; within a string these quotes would be escaped."""
NAME = re.compile(r"\d{8}T\d{6}-(?P<what>.+-(?:primary|secondary|all))(?:-\d+)?")
"""A run folder's name: start, circular and site, number."""


def before(journal: Path) -> HistoryRecord | None:
    """Return the history of the run whose journal this is, as far as it is written; None where no run was before it."""
    beside = _beside(journal.parent)
    if not beside:
        return None
    mine = [line.record for line in _wanted(journal)]
    run = mine[0] if mine else None
    if not isinstance(run, RunRecord):
        return None
    ids = list(dict.fromkeys(record.id for record in mine if isinstance(record, ScenarioRecord)))
    found = [each for folder in beside if (each := _earlier(folder / JOURNAL, run, ids)) is not None]
    if not found:
        return None
    found.sort(key=lambda each: each[0])
    gone = found[-1][2].difference(ids)
    return HistoryRecord(runs=tuple(each for _, each, _ in found[-MOST_RUNS:]), gone=tuple(sorted(gone)[:MOST_GONE]))


def _beside(folder: Path) -> list[Path]:
    """Return the newest folders of runs of the same circular and sites, this one left out."""
    own = NAME.fullmatch(folder.name)
    if own is None:
        return []
    names = [(path, NAME.fullmatch(path.name)) for path in folder.parent.iterdir() if path != folder]
    same = [path for path, name in names if name and name["what"] == own["what"] and (path / JOURNAL).is_file()]
    return sorted(same, key=lambda path: (path / JOURNAL).stat().st_mtime)[-MOST_RUNS:]


def _earlier(journal: Path, mine: RunRecord, ids: list[str]) -> tuple[str, EarlierRun, set[str]] | None:
    """Return when a run began, what it came to and the ids it had; None if it is no earlier run of the same kind."""
    try:
        if journal.stat().st_size > MOST_BYTES:
            return None
        lines = _wanted(journal)
        first = next(lines, None)
        run = first.record if first else None
        if first is None or not isinstance(run, RunRecord):
            return None
        if (run.target, run.sites) != (mine.target, mine.sites) or run.started > mine.started:
            return None
        letters: dict[str, str] = {}
        for line in lines:
            record = line.record
            if isinstance(record, ScenarioRecord):
                letters[record.id] = ABSENT
            elif isinstance(record, OutcomeRecord):
                letters[record.id] = LETTERS[record.outcome]
    except (OSError, msgspec.MsgspecError):
        return None
    outcomes = "".join(letters.get(each, ABSENT) for each in ids)
    earlier = EarlierRun(run_id=run.run_id, started=run.started, outcomes=outcomes, drills=run.drills)
    return first.utc, earlier, set(letters)


def _wanted(journal: Path) -> Iterator[Line]:
    decoder = msgspec.json.Decoder(Line)
    with journal.open("rb") as file:
        for raw in file:
            if raw.endswith(b"\n") and any(kind in raw for kind in WANTED):
                yield decoder.decode(raw)
