"""The trend of a run's scenarios over the runs before it, and what changed since the last one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_hkexprt.evidence.history import ABSENT, LETTERS
from pytest_hkexprt.evidence.html import words

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.html.view import ScenarioView
    from pytest_hkexprt.evidence.record import HistoryRecord, RunRecord

HEIGHT = 80
"""Of a column, in the picture's own units."""
MOST_CHANGES = 20
OUTCOMES = {letter: outcome for outcome, letter in LETTERS.items()}
NEW = "new"
"""What stands for the outcome of a scenario that the run before had not."""


@dataclass(frozen=True, slots=True)
class Part:
    """The scenarios of one run that ended alike."""

    outcome: str
    number: int
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One run."""

    run_id: str
    day: str
    clock: str
    parts: tuple[Part, ...]
    now: bool
    """Whether it is this run."""


@dataclass(frozen=True, slots=True)
class Change:
    """A scenario that ended otherwise than in the run before."""

    name: str
    anchor: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Trend:
    """The picture and its list."""

    columns: tuple[Column, ...]
    """The oldest first; this run last."""
    changes: tuple[Change, ...]
    more: int
    """Changes beyond those listed."""
    gone: tuple[str, ...]
    drilled: bool
    """Whether any of the runs was made with a drill."""


def trend(
    history: HistoryRecord | None, run: RunRecord, scenarios: Sequence[ScenarioView], lang: str = ""
) -> Trend | None:
    """Return the trend; None where the journal names no earlier run."""
    if history is None or not history.runs:
        return None
    mine = {each.id: each for each in scenarios}  # the last attempt at a scenario is what counts
    now = "".join(ABSENT if each.unfinished else LETTERS[each.outcome] for each in mine.values())
    changes = [
        Change(each.title, each.anchor, OUTCOMES.get(before, NEW), each.shown_as)
        for each, before, after in zip(mine.values(), history.runs[-1].outcomes, now, strict=False)
        if before != after
    ]
    columns = [_column(each.run_id, each.started, each.outcomes, lang, now=False) for each in history.runs]
    return Trend(
        columns=(*columns, _column(run.run_id, run.started, now, lang, now=True)),
        changes=tuple(changes[:MOST_CHANGES]),
        more=max(0, len(changes) - MOST_CHANGES),
        gone=history.gone,
        drilled=any(each.drills for each in history.runs) or bool(run.drills),
    )


def _column(run_id: str, started: str, letters: str, lang: str, *, now: bool) -> Column:
    counts = Counter(letters)
    total = max(1, len(letters) - counts[ABSENT])
    parts, top = [], 0.0
    for letter, outcome in reversed(OUTCOMES.items()):
        if counts[letter]:
            height = round(HEIGHT * counts[letter] / total, 2)
            parts.append(Part(outcome, counts[letter], round(top, 2), height))
            top += height
    at = words.moment(started)
    day, clock = (words.day_of_year(at, lang), f"{at:%H:%M}") if at else (started, "")
    return Column(run_id, day, clock, tuple(parts), now=now)
