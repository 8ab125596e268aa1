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
from pytest_hkexprt.evidence.html.part import part_view
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
    PartRecord,
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

    def __init__(self, anchor: str, record: SessionRecord | None, part: PartRecord | None) -> None:
        self.anchor = anchor
        self.record = record
        self.part = part
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
            part=part_view(self.part, lang) if self.part else None,
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
    lang = run.lang if lang is None else lang
    usual = Basis.SIMULATED if run.target == Target.SIMULATOR else Basis.OBSERVED
    read = _Reading(Drawing(usual, Gallery(folder), lang))
    for line in lines:
        read.take(line)
    read.close(None)
    ran = (lines[1:-1] if run.parts else lines) or lines  # merging is not running
    began, ended = min(line.utc for line in ran), max(line.utc for line in ran)
    first, last = moment(began), moment(ended)
    sections = tuple(section.view(lang) for section in read.sections.values())
    return ReportView(
        run=run,
        end=read.end,
        verdict=verdict(lines, exit_status, lang),
        moment=max((line.rehearsed for line in ran if line.rehearsed), default=ended),
        started=words.day_and_clock(run.started, lang),
        true_clock=words.span(began, ended, lang),
        duration=words.duration((last - first).total_seconds(), lang),
        sections=sections,
        notices=tuple(dict.fromkeys(told(each, lang) for each in read.notices)),
        lines=lines[-1].seq + 1,
        lang=lang,
        history=trend(read.history, run, [each for section in sections for each in section.scenarios], lang),
        matrices=matrices(run.participants, sections),
        parts=tuple(part_view(each, lang) for each in read.parts),
    )


class _Reading:
    """A journal while its lines are read.

    Args:
        drawing: draws what belongs to a scenario.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.sections: dict[tuple[str, ...], _Section] = {}
        self.notices: dict[str, None] = {}
        self.history: HistoryRecord | None = None
        self.parts: list[PartRecord] = []
        self.end: EndRecord | None = None
        self._drawing = drawing
        self._session: SessionRecord | None = None
        self._open: tuple[OpenScenario, _Section] | None = None
        self._shown = 0

    def take(self, line: Line) -> None:
        """Take the next line."""
        record = line.record
        if isinstance(record, StepRecord):
            if self._open:
                self._open[0].step(line, record)
        elif isinstance(record, ExchangeRecord | Check | AttachmentRecord):
            if self._open:
                self._open[0].add(line)
        elif isinstance(record, ScenarioRecord):
            self.close(None)
            own = self._session if record.session else None
            day = own.starts[:10] if own else ""
            self._open = (OpenScenario(line, record, day, self._drawing), self._section(own))
        elif isinstance(record, OutcomeRecord):
            self.close(record)
        else:
            self._of_the_run(record)

    def close(self, ended: OutcomeRecord | None) -> None:
        """End the scenario that is open, if one is."""
        if self._open is not None:
            self._shown += 1
            self._open[1].end(self._open[0], f"s{self._shown}", ended)
            self._open = None

    def _of_the_run(self, record: object) -> None:
        if isinstance(record, SessionRecord):
            self._session = record
            self._section(record)
        elif isinstance(record, NoticeRecord):
            self.notices[record.text] = None
        elif isinstance(record, PartRecord):
            self.close(None)
            self._session = None
            self.parts.append(record)
        elif isinstance(record, HistoryRecord):
            self.history = record
        elif isinstance(record, EndRecord):
            self.end = record

    def _section(self, record: SessionRecord | None) -> _Section:
        """Return the section of a session, made when it is first met: each part's its own."""
        part = self.parts[-1] if self.parts else None
        key: tuple[str, ...] = (str(part.number) if part else "",)
        key += (record.circular.stem, record.name, record.site, record.participant) if record else ()
        if key not in self.sections:
            self.sections[key] = _Section(f"session-{len(self.sections) + 1}", record, part)
        return self.sections[key]
