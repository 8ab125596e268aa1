"""Every attempt at a scenario, put together from a journal's lines.

The renderings for other tools say step by step what happened; which check belongs to which step, and what failed
outside all of them, is worked out here once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_hkexprt.evidence.record import Check, Line, OutcomeRecord, PartRecord, ScenarioRecord, StepRecord
from pytest_hkexprt.model import Outcome

UNFINISHED = "the run was cut short: this scenario never ended"


class Attempt:
    """An attempt while its lines are read, and after."""

    def __init__(self, record: ScenarioRecord, began: str) -> None:
        self.record = record
        self.began = began
        """True moment, as the journal has it."""
        self.steps: dict[int, StepRecord] = {}
        self.stepped: dict[int, str] = {}
        """True moment of each step's end."""
        self.told: dict[int, list[str]] = {}
        """What was checked in each step, a sentence a check."""
        self.pending: list[str] = []
        """What was checked since the last step ended."""
        self.ended: OutcomeRecord | None = None
        self.last = began
        """True moment of its last line."""

    def take(self, line: Line) -> None:
        """Take one of its lines; what was checked before a step ended is that step's own."""
        record = line.record
        self.last = line.utc
        if isinstance(record, StepRecord):
            self.steps[record.index], self.stepped[record.index] = record, line.utc
            self.told[record.index], self.pending = self.pending, []
        elif isinstance(record, Check):
            verdict = "met" if record.met else "not met"
            self.pending.append(f"{record.what}: expected {record.expected}, came {record.came}: {verdict}")
        elif isinstance(record, OutcomeRecord):
            self.ended = record

    @property
    def outside(self) -> str:
        """What failed outside every step; empty where nothing did."""
        if self.ended is None:
            return UNFINISHED
        in_step = any(step.outcome.rank > Outcome.PASSED.rank for step in self.steps.values())
        failed = self.ended.outcome.rank > Outcome.PASSED.rank
        return (self.ended.message or str(self.ended.outcome)) if failed and not in_step else ""

    @property
    def came_after(self) -> bool:
        """Whether what failed outside came after the steps: passed ones preceded it, ones that never ran followed."""
        return self.ended is None or any(step.outcome is Outcome.PASSED for step in self.steps.values())


def attempts(lines: Iterable[Line]) -> Iterator[Attempt]:
    """Yield a journal's attempts in its order; one that never ended comes when the next begins."""
    current: Attempt | None = None
    for line in lines:
        if isinstance(line.record, ScenarioRecord | PartRecord):
            if current is not None:
                yield current
            current = Attempt(line.record, line.utc) if isinstance(line.record, ScenarioRecord) else None
        elif current is not None:
            current.take(line)
            if current.ended is not None:
                yield current
                current = None
    if current is not None:
        yield current
