"""The journal's lines grouped into what a report shows, in one pass."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.coverage import Proof, cover
from pytest_hkexprt.evidence.html import words
from pytest_hkexprt.evidence.html.endpoints import seen_at
from pytest_hkexprt.evidence.html.evidence import Drawing
from pytest_hkexprt.evidence.html.kept import Gallery
from pytest_hkexprt.evidence.html.matrix import matrices
from pytest_hkexprt.evidence.html.scenario import OpenScenario, moment
from pytest_hkexprt.evidence.html.timeline import MOST_STEPS, Ran, timeline
from pytest_hkexprt.evidence.html.trend import trend
from pytest_hkexprt.evidence.html.view import ReportView, ScenarioView, SectionView
from pytest_hkexprt.evidence.record import (
    AttachmentRecord,
    Check,
    EndRecord,
    ExchangeRecord,
    HistoryRecord,
    Line,
    NoticeRecord,
    OutcomeRecord,
    RunRecord,
    ScenarioRecord,
    SessionRecord,
    StepRecord,
)
from pytest_hkexprt.evidence.sentences import told
from pytest_hkexprt.evidence.verdict import verdict
from pytest_hkexprt.model import Basis, Target


class _Section:
    """A session while its lines are read."""

    def __init__(self, anchor: str, record: SessionRecord | None) -> None:
        self.anchor = anchor
        self.record = record
        self.scenarios: list[ScenarioView] = []
        self.proofs: list[Proof] = []
        self.said: list[ExchangeRecord] = []
        self.moments: list[str] = []
        self.ran: list[Ran] = []
        self.acts: list[Ran] = []

    def end(self, scenario: OpenScenario, anchor: str, ended: OutcomeRecord | None) -> None:
        """Take a scenario that ended, or that the journal leaves unfinished."""
        view = scenario.view(anchor, ended)
        self.scenarios.append(view)
        if ended is None or not ended.again:  # of several attempts the last one proves
            self.proofs += scenario.proofs(view)
        self.said += scenario.said
        self.ran.append(scenario.ran(view))
        if len(self.acts) <= MOST_STEPS:  # of more, the picture of time shows none
            self.acts += [scenario.act(*each) for each in scenario.acts]
        self.moments += scenario.moments

    def view(self, lang: str) -> SectionView:
        """Return what the report shows of it, in a language."""
        record = self.record
        first, last = (min(self.moments), max(self.moments)) if self.moments else ("", "")
        inside = True
        if record and first:
            inside = moment(record.starts) <= moment(first) and moment(last) <= moment(record.ends)
        return SectionView(
            anchor=self.anchor,
            circular=record.circular if record else None,
            name=record.name if record else "",
            site=record.site if record else "",
            starts=record.starts if record else "",
            ends=record.ends if record else "",
            window=words.span(record.starts, record.ends, lang) if record else "",
            clock=words.span(first, last, lang) if first else "",
            in_window=inside,
            endpoints=seen_at(record.endpoints if record else (), self.said),
            clauses=cover(record.circular.clauses if record else (), self.proofs),
            scenarios=tuple(self.scenarios),
            features=tuple(dict.fromkeys(scenario.feature for scenario in self.scenarios)),
            timeline=timeline(record.starts, record.ends, self.ran, self.acts, lang) if record else None,
            participant=record.participant if record else "",
        )


def build(
    lines: Iterable[Line], exit_status: int | None = None, lang: str | None = None, folder: Path | None = None
) -> ReportView:
    """Return what the report of a journal shows.

    Args:
        lines: the journal's lines, in order.
        exit_status: how pytest is about to end, for a journal whose end is not written yet.
        lang: language of the labels; None for the one the run was asked for.
        folder: where the kept files lie, to show pictures; None for none.

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
    open_scenario: tuple[OpenScenario, _Section] | None = None
    notices: dict[str, None] = {}
    history: HistoryRecord | None = None
    lang = run.lang if lang is None else lang
    usual = Basis.SIMULATED if run.target == Target.SIMULATOR else Basis.OBSERVED
    drawing = Drawing(usual, Gallery(folder), lang)
    end: EndRecord | None = None
    shown = 0

    def close(ended: OutcomeRecord | None) -> None:
        nonlocal open_scenario, shown
        if open_scenario is not None:
            shown += 1
            open_scenario[1].end(open_scenario[0], f"s{shown}", ended)
            open_scenario = None

    for line in lines:
        record = line.record
        if isinstance(record, StepRecord):
            if open_scenario:
                open_scenario[0].step(line, record)
        elif isinstance(record, ScenarioRecord):
            close(None)
            own = session if record.session else None
            day = own.starts[:10] if own else ""
            open_scenario = (OpenScenario(line, record, day, drawing), _section(sections, own))
        elif isinstance(record, OutcomeRecord):
            close(record)
        elif isinstance(record, ExchangeRecord | Check | AttachmentRecord):
            if open_scenario:
                open_scenario[0].add(line)
        elif isinstance(record, SessionRecord):
            session = record
            _section(sections, session)
        elif isinstance(record, NoticeRecord):
            notices[told(record.text, lang)] = None
        elif isinstance(record, HistoryRecord):
            history = record
        elif isinstance(record, EndRecord):
            end = record
    close(None)

    first, last = moment(lines[0].utc), moment(lines[-1].utc)
    shown_sections = tuple(section.view(lang) for section in sections.values())
    return ReportView(
        run=run,
        end=end,
        verdict=verdict(lines, exit_status, lang),
        moment=next((line.rehearsed for line in reversed(lines) if line.rehearsed), lines[-1].utc),
        started=words.day_and_clock(run.started, lang),
        true_clock=words.span(lines[0].utc, lines[-1].utc, lang),
        duration=words.duration((last - first).total_seconds(), lang),
        sections=shown_sections,
        notices=tuple(notices),
        lines=len(lines),
        lang=lang,
        history=trend(history, run, [each for section in shown_sections for each in section.scenarios], lang),
        matrices=matrices(run.participants, shown_sections),
    )


def _section(sections: dict[tuple[str, ...], _Section], record: SessionRecord | None) -> _Section:
    """Return the section of a session, made when it is first met."""
    key = (record.circular.stem, record.name, record.site, record.participant) if record else ()
    if key not in sections:
        sections[key] = _Section(f"session-{len(sections) + 1}", record)
    return sections[key]
