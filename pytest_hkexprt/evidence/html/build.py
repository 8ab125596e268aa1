"""The journal's lines grouped into what a report shows.

One pass. What a journal cut short does not say is said for it: a scenario without its end is unfinished, a planned step
without its record was not run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.coverage import Proof, cover
from pytest_hkexprt.evidence.html import words
from pytest_hkexprt.evidence.html.endpoints import seen_at
from pytest_hkexprt.evidence.html.view import (
    Evidence,
    ReportView,
    Said,
    ScenarioView,
    SectionView,
    StepView,
    Transcript,
)
from pytest_hkexprt.evidence.record import (
    AttachmentRecord,
    Check,
    EndRecord,
    ExchangeRecord,
    Line,
    NoticeRecord,
    OutcomeRecord,
    PlannedStep,
    RunRecord,
    ScenarioRecord,
    SessionRecord,
    StepRecord,
)
from pytest_hkexprt.evidence.verdict import verdict
from pytest_hkexprt.model import Outcome

UNFINISHED = "The journal ends, or goes on elsewhere, before this scenario did."


class _Scenario:
    """A scenario while its lines are read."""

    def __init__(self, line: Line, record: ScenarioRecord, day: str) -> None:
        self.line = line
        self.record = record
        self.day = day
        """ISO date of the session: an exchange of another day says which."""
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
        self.pending.append(line)
        if isinstance(line.record, Check):
            self.checks.append(line.record)
        elif isinstance(line.record, ExchangeRecord):
            self.said.append(line.record)

    def step(self, line: Line, record: StepRecord) -> None:
        """End a step: the evidence since the step before is its own, but for what the first one's set-up left."""
        if self.pending and not self.steps:
            began = _moment(line.utc) - dt.timedelta(seconds=record.duration_s)
            earlier = [each for each in self.pending if _moment(each.utc) < began]
            self.before = _evidence(earlier, self.day)
            self.pending = self.pending[len(earlier) :]
        ran = record.outcome is not Outcome.NOT_RUN
        if ran:
            self.moments.append(line.rehearsed or line.utc)
        planned = self.record.steps
        plan = planned[record.index] if record.index < len(planned) else PlannedStep(keyword="", text="", line=0)
        self.steps[record.index] = StepView(
            keyword=plan.keyword,
            text=plan.text,
            table=plan.table,
            docstring=plan.docstring,
            outcome=record.outcome,
            duration=words.duration(record.duration_s) if ran else "",
            at=words.clock(line.utc) if ran else "",
            rehearsed=words.clock(line.rehearsed) if ran and line.rehearsed else "",
            message=record.message,
            evidence=_evidence(self.pending, self.day),
        )
        self.pending = []

    def view(self, anchor: str, ended: OutcomeRecord | None) -> ScenarioView:
        """Return what the report shows of it; without its end it is unfinished."""
        record = self.record
        steps = tuple(self.steps.get(index) or _not_run(plan) for index, plan in enumerate(record.steps))
        message = ended.message if ended else UNFINISHED
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
            duration=words.duration(ended.duration_s) if ended else "",
            checks=ended.checks if ended else len(self.checks),
            message=message,
            at=words.clock(self.line.utc),
            rehearsed=words.clock(self.line.rehearsed) if self.line.rehearsed else "",
            before=self.before,
            steps=steps,
            after=_evidence(self.pending, self.day),
            after_title=title if ended else "When the run was cut short",
        )


class _Section:
    """A session while its lines are read."""

    def __init__(self, anchor: str, record: SessionRecord | None) -> None:
        self.anchor = anchor
        self.record = record
        self.scenarios: list[ScenarioView] = []
        self.proofs: list[Proof] = []
        self.said: list[ExchangeRecord] = []
        self.moments: list[str] = []

    def end(self, scenario: _Scenario, anchor: str, ended: OutcomeRecord | None) -> None:
        """Take a scenario that ended, or that the journal leaves unfinished."""
        view = scenario.view(anchor, ended)
        bases = frozenset(check.basis for check in scenario.checks)
        self.scenarios.append(view)
        self.proofs.append(Proof(view.name, anchor, view.clauses, view.outcome, bases))
        self.said += scenario.said
        self.moments += scenario.moments

    def view(self) -> SectionView:
        """Return what the report shows of it."""
        record = self.record
        first, last = (min(self.moments), max(self.moments)) if self.moments else ("", "")
        inside = True
        if record and first:
            inside = _moment(record.starts) <= _moment(first) and _moment(last) <= _moment(record.ends)
        return SectionView(
            anchor=self.anchor,
            circular=record.circular if record else None,
            name=record.name if record else "",
            site=record.site if record else "",
            window=words.span(record.starts, record.ends) if record else "",
            clock=words.span(first, last) if first else "",
            in_window=inside,
            endpoints=seen_at(record.endpoints if record else (), self.said),
            clauses=cover(record.circular.clauses if record else (), self.proofs),
            scenarios=tuple(self.scenarios),
        )


def build(lines: Iterable[Line], exit_status: int | None = None) -> ReportView:
    """Return what the report of a journal shows.

    Args:
        lines: the journal's lines, in order.
        exit_status: how pytest is about to end, for a journal whose end is not written yet.

    Raises:
        UsageFault: the journal is empty, or does not begin with a run.
    """
    lines = list(lines)
    run = lines[0].record if lines else None
    if not isinstance(run, RunRecord):
        raise UsageFault(
            "the evidence journal",
            expected="a run as its first line",
            came="nothing" if run is None else type(run).__name__,
            next_step="the run was ended before it began; there is nothing to report",
        )
    sections: dict[tuple[str, ...], _Section] = {}
    session: SessionRecord | None = None
    open_scenario: tuple[_Scenario, _Section] | None = None
    notices: dict[str, None] = {}
    end: EndRecord | None = None
    shown = 0

    def close(ended: OutcomeRecord | None) -> None:
        nonlocal open_scenario, shown
        if open_scenario is not None:
            shown += 1
            open_scenario[1].end(open_scenario[0], f"scenario-{shown}", ended)
            open_scenario = None

    for line in lines:
        record = line.record
        if isinstance(record, StepRecord):
            if open_scenario:
                open_scenario[0].step(line, record)
        elif isinstance(record, ScenarioRecord):
            close(None)
            own = session if record.session else None
            open_scenario = (_Scenario(line, record, own.starts[:10] if own else ""), _section(sections, own))
        elif isinstance(record, OutcomeRecord):
            close(record)
        elif isinstance(record, ExchangeRecord | Check | AttachmentRecord):
            if open_scenario:
                open_scenario[0].add(line)
        elif isinstance(record, SessionRecord):
            session = record
            _section(sections, session)
        elif isinstance(record, NoticeRecord):
            notices[record.text] = None
        elif isinstance(record, EndRecord):
            end = record
    close(None)

    first, last = _moment(lines[0].utc), _moment(lines[-1].utc)
    return ReportView(
        run=run,
        end=end,
        verdict=verdict(lines, exit_status),
        started=words.day_and_clock(run.started),
        true_clock=words.span(lines[0].utc, lines[-1].utc),
        duration=words.duration((last - first).total_seconds()),
        sections=tuple(section.view() for section in sections.values()),
        notices=tuple(notices),
        lines=len(lines),
    )


def _section(sections: dict[tuple[str, ...], _Section], record: SessionRecord | None) -> _Section:
    """Return the section of a session, made when it is first met."""
    key = (record.circular.stem, record.name, record.site) if record else ()
    if key not in sections:
        sections[key] = _Section(f"session-{len(sections) + 1}", record)
    return sections[key]


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _not_run(plan: PlannedStep) -> StepView:
    return StepView(plan.keyword, plan.text, plan.table, plan.docstring, Outcome.NOT_RUN, "", "", "", "", None)


def _evidence(lines: Sequence[Line], day: str) -> Evidence | None:
    """Return the evidence in these lines; exchanges in a row with one endpoint on one day make one transcript."""
    if not lines:
        return None
    spoken: list[tuple[tuple[str, str], Said]] = []
    for line in lines:
        if isinstance(line.record, ExchangeRecord):
            at = line.rehearsed or line.utc
            other_day = words.day_of(at) if line.rehearsed and line.rehearsed[:10] != day else ""
            spoken.append(((line.record.endpoint, other_day), Said(words.clock(at), line.record)))
    return Evidence(
        transcripts=tuple(
            Transcript(endpoint, other_day, tuple(said for _, said in group))
            for (endpoint, other_day), group in groupby(spoken, itemgetter(0))
        ),
        checks=tuple(line.record for line in lines if isinstance(line.record, Check)),
        attachments=tuple(line.record for line in lines if isinstance(line.record, AttachmentRecord)),
    )
