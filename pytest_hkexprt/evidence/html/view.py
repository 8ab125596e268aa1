"""What a report shows, as frozen values: the journal's records grouped under sessions, scenarios and steps.

Between the records and the template, so that the template only lays out, and a test or another rendering can ask what
a report says without reading HTML.
"""

from __future__ import annotations

from dataclasses import dataclass

from pytest_hkexprt.evidence.coverage import Covered
from pytest_hkexprt.evidence.record import (
    AttachmentRecord,
    Check,
    CircularRecord,
    EndpointRecord,
    EndRecord,
    ExchangeRecord,
    RunRecord,
)
from pytest_hkexprt.evidence.verdict import Verdict
from pytest_hkexprt.model import Outcome, Target


@dataclass(frozen=True, slots=True)
class Said:
    """One exchange, and when it was."""

    at: str
    """Time of day in Hong Kong, by the clock the run went by."""
    exchange: ExchangeRecord


@dataclass(frozen=True, slots=True)
class Transcript:
    """Exchanges in a row with one endpoint on one day."""

    endpoint: str
    day: str
    """In words, where it is not the day of the session; else empty."""
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What lies under a step: what was said, what was compared, what was kept."""

    transcripts: tuple[Transcript, ...]
    checks: tuple[Check, ...]
    attachments: tuple[AttachmentRecord, ...]

    @property
    def where(self) -> str:
        """Where all the checks were made, if in one place; else empty."""
        places = {check.where for check in self.checks}
        return places.pop() if len(places) == 1 else ""


@dataclass(frozen=True, slots=True)
class StepView:
    """A planned step and what became of it."""

    keyword: str
    text: str
    table: tuple[tuple[str, ...], ...]
    docstring: str
    outcome: Outcome
    duration: str
    """Empty when it was not run."""
    at: str
    """When it ended: time of day in Hong Kong, by the true clock; empty when it was not run."""
    rehearsed: str
    """The same by the rehearsed clock; empty without one."""
    message: str
    evidence: Evidence | None
    """None when there is none."""


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """A scenario and what became of it."""

    anchor: str
    id: str
    """pytest's node id."""
    name: str
    feature: str
    place: str
    """``features/rap.feature:5``."""
    session: str
    clauses: tuple[str, ...]
    outcome: Outcome
    """Of a scenario the journal does not see the end of: ``ERROR``."""
    unfinished: bool
    duration: str
    checks: int
    message: str
    """Why it ended so, where no step says it."""
    at: str
    """When it began, by the true clock."""
    rehearsed: str
    """The same by the rehearsed clock; empty without one."""
    before: Evidence | None
    """From before the first step: the set-up, a baseline's visit."""
    steps: tuple[StepView, ...]
    after: Evidence | None
    """From after the last step that ended."""
    after_title: str


@dataclass(frozen=True, slots=True)
class EndpointView:
    """An address a session may talk to, and the host keys that were seen there."""

    endpoint: EndpointRecord
    host_keys: tuple[str, ...]
    """Kind and fingerprint of each."""
    contacted: bool
    listed: bool
    """Whether the session names it; a baseline may be taken at the other site."""


@dataclass(frozen=True, slots=True)
class SectionView:
    """A session of a circular: its facts, its clauses, its scenarios."""

    anchor: str
    circular: CircularRecord | None
    """None for ordinary tests."""
    name: str
    site: str
    window: str
    clock: str
    """The span its steps were run in, by the clock the run went by; empty when none was."""
    in_window: bool
    """Whether that span lies in the window; true when no step was run."""
    endpoints: tuple[EndpointView, ...]
    clauses: tuple[Covered, ...]
    scenarios: tuple[ScenarioView, ...]

    @property
    def title(self) -> str:
        """``Session 1 · secondary site``, or what stands for it."""
        return f"{self.name} · {self.site} site" if self.circular else "Other tests of this run"


@dataclass(frozen=True, slots=True)
class ReportView:
    """A run."""

    run: RunRecord
    end: EndRecord | None
    verdict: Verdict
    started: str
    true_clock: str
    """The span of the true clock, in words."""
    duration: str
    sections: tuple[SectionView, ...]
    notices: tuple[str, ...]
    lines: int
    """Of the journal."""

    @property
    def rehearsal(self) -> bool:
        """Whether the simulator was the target."""
        return self.run.target == Target.SIMULATOR

    @property
    def circulars(self) -> tuple[CircularRecord, ...]:
        """Each circular of the run once, in order."""
        found = {section.circular.stem: section.circular for section in self.sections if section.circular}
        return tuple(found.values())
