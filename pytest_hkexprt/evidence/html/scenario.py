"""A scenario while its lines are read, and what the report shows of it in the end.

What a journal cut short does not say is said for it: a scenario without its end is unfinished, a planned step without
its record was not run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.evidence.coverage import Proof
from pytest_hkexprt.evidence.html import words
from pytest_hkexprt.evidence.html.evidence import Drawing, Evidence, evidence
from pytest_hkexprt.evidence.html.timeline import Ran
from pytest_hkexprt.evidence.html.view import ScenarioView, StepView
from pytest_hkexprt.evidence.record import (
    Check,
    ExchangeRecord,
    Line,
    OutcomeRecord,
    PlannedStep,
    ScenarioRecord,
    StepRecord,
)
from pytest_hkexprt.evidence.sentences import told
from pytest_hkexprt.model import Outcome

UNFINISHED = "The journal ends, or goes on elsewhere, before this scenario did."


SHORTEST_SHOWN_S = 0.0005
"""A step that took less bears no duration: in whole milliseconds it took none."""


class OpenScenario:
    """A scenario while its lines are read."""

    def __init__(self, line: Line, record: ScenarioRecord, day: str, drawing: Drawing) -> None:
        self.line = line
        self.record = record
        self.day = day
        """ISO date of the session: an exchange of another day says which."""
        self.drawing = drawing
        self.stamp = _stamp(line)
        """The times of day shown last."""
        self.last = line
        self.acts: list[tuple[Line, StepRecord]] = []
        """Its steps that ran."""
        self.steps: dict[int, StepView] = {}
        self.before: Evidence | None = None
        self.pending: list[Line] = []
        """Evidence since the last step that ended."""
        self.checks: list[Check] = []
        self.said: list[ExchangeRecord] = []
        self.moments: list[str] = []
        """When its steps ended, by the clock the run went by."""

    def add(self, line: Line) -> None:
        """Take one more line of evidence."""
        self.last = line
        self.pending.append(line)
        if isinstance(line.record, Check):
            self.checks.append(line.record)
        elif isinstance(line.record, ExchangeRecord):
            self.said.append(line.record)

    def step(self, line: Line, record: StepRecord) -> None:
        """End a step: the evidence since the step before is its own, but for what the first one's set-up left."""
        if self.pending and not self.steps:
            began = moment(line.utc) - dt.timedelta(seconds=record.duration_s)
            earlier = [each for each in self.pending if moment(each.utc) < began]
            self.before = evidence(earlier, self.day, self.drawing)
            self.pending = self.pending[len(earlier) :]
        ran = record.outcome is not Outcome.NOT_RUN
        if ran:
            self.moments.append(line.rehearsed or line.utc)
            self.last = line
            self.acts.append((line, record))
        stamp = _stamp(line)
        stamped, self.stamp = ran and stamp != self.stamp, stamp if ran else self.stamp
        planned = self.record.steps
        plan = planned[record.index] if record.index < len(planned) else PlannedStep(keyword="", text="", line=0)
        self.steps[record.index] = StepView(
            keyword=plan.keyword,
            text=plan.text,
            table=plan.table,
            docstring=plan.docstring,
            outcome=record.outcome,
            duration=self._duration(record.duration_s) if ran and record.duration_s >= SHORTEST_SHOWN_S else "",
            at=stamp[0] if ran else "",
            rehearsed=stamp[1] if ran else "",
            message=record.message,
            evidence=evidence(self.pending, self.day, self.drawing),
            stamped=stamped,
            background=plan.background,
        )
        self.pending = []

    def view(self, anchor: str, ended: OutcomeRecord | None) -> ScenarioView:
        """Return what the report shows of it; without its end it is unfinished."""
        record = self.record
        steps = tuple(self.steps.get(index) or not_run(plan) for index, plan in enumerate(record.steps))
        ours = ended is None or ended.outcome is Outcome.OMITTED
        message = ended.message if ended else UNFINISHED
        message = told(message, self.drawing.lang) if ours else message
        if any(step.message for step in steps if step.outcome.rank > Outcome.PASSED.rank):
            message = ""
        title = "After the last step" if self.steps else "Evidence"
        return ScenarioView(
            anchor=anchor,
            id=record.id,
            name=record.name,
            feature=record.feature,
            place=f"{record.file}:{record.line}",
            session=record.session,
            clauses=record.clauses,
            outcome=ended.outcome if ended else Outcome.ERROR,
            unfinished=ended is None,
            duration=self._duration(ended.duration_s) if ended else "",
            checks=ended.checks if ended else len(self.checks),
            message=message,
            at=words.clock(self.line.utc),
            rehearsed=words.clock(self.line.rehearsed) if self.line.rehearsed else "",
            before=self.before,
            steps=steps,
            after=evidence(self.pending, self.day, self.drawing),
            after_title=title if ended else "When the run was cut short",
            title=record.title or record.name,
            rule=record.rule,
            row_line=record.row_line,
            values=record.values,
            attempt=record.attempt,
            ms=round(ended.duration_s * 1000, 1) if ended else 0,
            systems=" ".join(sorted({exchange.system for exchange in self.said})),
        )

    def proofs(self, view: ScenarioView) -> Iterator[Proof]:
        """Yield what it says about its clauses: from the steps that prove one by themselves, where there are any."""
        rest = []
        for clause in view.clauses:
            own = [index for index, plan in enumerate(self.record.steps) if clause in plan.clauses]
            if own and self.steps:
                yield self._proof(view, clause, own)
            else:
                rest.append(clause)
        bases = frozenset(check.basis for check in self.checks)
        yield Proof(view.title, view.anchor, tuple(rest), view.outcome, bases)

    def _proof(self, view: ScenarioView, clause: str, own: Sequence[int]) -> Proof:
        """Return what some steps say about a clause: not run unless all of them ran, passed only with a check."""
        steps = [self.steps[index] for index in own if index in self.steps]
        checks = [check for step in steps if step.evidence for check in step.evidence.checks]
        ended = [step.outcome for step in steps]
        outcome = Outcome.worst(ended)
        if outcome.rank <= Outcome.PASSED.rank and (len(ended) < len(own) or Outcome.NOT_RUN in ended):
            outcome = Outcome.NOT_RUN
        elif outcome is Outcome.PASSED and not checks:
            outcome = view.outcome
        return Proof(view.title, view.anchor, (clause,), outcome, frozenset(check.basis for check in checks))

    def _duration(self, seconds: float) -> str:
        return words.duration(seconds, self.drawing.lang)

    def act(self, line: Line, record: StepRecord) -> Ran:
        """Return when a step ran."""
        planned = self.record.steps
        sentence = (
            f"{planned[record.index].keyword} {planned[record.index].text}" if record.index < len(planned) else ""
        )
        ended = moment(line.rehearsed or line.utc).astimezone(HONG_KONG)
        return Ran(sentence, record.outcome, ended - dt.timedelta(seconds=record.duration_s), ended)

    def ran(self, view: ScenarioView) -> Ran:
        """Return when it ran: what a set-up did on another day is left out."""
        began, ended = (moment(line.rehearsed or line.utc) for line in (self.line, self.last))
        return Ran(view.title, view.shown_as, began.astimezone(HONG_KONG), max(began, ended).astimezone(HONG_KONG))


def moment(text: str) -> dt.datetime:
    """Return the moment a journal writes."""
    return dt.datetime.fromisoformat(text)


def _stamp(line: Line) -> tuple[str, str]:
    """Return a line's times of day, true and rehearsed."""
    return words.clock(line.utc), words.clock(line.rehearsed) if line.rehearsed else ""


def not_run(plan: PlannedStep) -> StepView:
    """Return what a planned step without a record is shown as."""
    return StepView(
        plan.keyword, plan.text, plan.table, plan.docstring, Outcome.NOT_RUN, "", "", "", "", None,
        background=plan.background,
    )  # fmt: skip
