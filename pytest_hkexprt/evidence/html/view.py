"""What a report shows, as frozen values: the journal's records grouped under sessions, scenarios and steps.

Between the records and the template, so that the template only lays out, and a test or another rendering can ask what
a report says without reading HTML.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from pytest_hkexprt.evidence.coverage import Covered
from pytest_hkexprt.evidence.html import words
from pytest_hkexprt.evidence.html.evidence import Evidence
from pytest_hkexprt.evidence.html.matrix import Matrix
from pytest_hkexprt.evidence.html.part import PartView
from pytest_hkexprt.evidence.html.timeline import Timeline
from pytest_hkexprt.evidence.html.trend import Trend
from pytest_hkexprt.evidence.record import (
    CircularRecord,
    EndpointRecord,
    EndRecord,
    RunRecord,
)
from pytest_hkexprt.evidence.verdict import Verdict
from pytest_hkexprt.model import Outcome, Target

BATCH = 50
"""Scenarios in one box of the page: a browser lays out none of a box that is not seen."""


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
    stamped: bool = True
    """Whether its times are shown: they are other seconds than those above it."""
    background: bool = False

    @property
    def folds(self) -> bool:
        """Whether there is more below it than a line, which one may want folded away."""
        if self.message or self.table or self.docstring:
            return True
        shown = self.evidence
        return shown is not None and not (shown.brief and not shown.transcripts and not shown.attachments)


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
    title: str
    """Its name with the example row's values filled in."""
    attempt: int
    ms: float
    """How long it took, for ordering; 0 for an unfinished one."""
    systems: str
    """Those it talked to, separated by spaces."""
    stamped: bool = True
    rule: str = ""
    """The rule it stands under, if any."""
    row_line: int = 0
    """Where its example row stands; 0 for a scenario that is no outline."""
    values: Mapping[str, str] = field(default_factory=dict)
    """The example row's columns and values."""

    @property
    def shown_as(self) -> str:
        """Its outcome in a word."""
        return "unfinished" if self.unfinished else self.outcome


@dataclass(frozen=True, slots=True)
class EndpointView:
    """An address a session may talk to, and the host keys that were seen there; or several that share all of that."""

    endpoint: EndpointRecord
    host_keys: tuple[str, ...]
    """Kind and fingerprint of each."""
    contacted: bool
    listed: bool
    """Whether the session names it; a baseline may be taken at the other site."""
    published: bool = True
    """Whether the session names an address of its system at all; some circulars publish none."""
    more: tuple[EndpointRecord, ...] = ()
    """Others of its system and site that were dialled without the circular's naming them."""


@dataclass(frozen=True, slots=True)
class SectionView:
    """A session of a circular: its facts, its clauses, its scenarios."""

    anchor: str
    circular: CircularRecord | None
    """None for ordinary tests."""
    name: str
    site: str
    starts: str
    """Of the window, ISO 8601."""
    ends: str
    window: str
    clock: str
    """The span its steps were run in, by the clock the run went by; empty when none was."""
    in_window: bool
    """Whether that span lies in the window; true when no step was run."""
    endpoints: tuple[EndpointView, ...]
    clauses: tuple[Covered, ...]
    scenarios: tuple[ScenarioView, ...]
    features: tuple[str, ...]
    """Those its scenarios are from, each once."""
    timeline: Timeline | None
    participant: str = ""
    """Whose session it is, in a run of several."""
    part: PartView | None = None
    """Of a merged run, the sealed one it was in."""

    @property
    def batches(self) -> tuple[tuple[ScenarioView, ...], ...]:
        """Its scenarios in boxes."""
        return tuple(self.scenarios[at : at + BATCH] for at in range(0, len(self.scenarios), BATCH))


@dataclass(frozen=True, slots=True)
class ReportView:
    """A run."""

    run: RunRecord
    end: EndRecord | None
    verdict: Verdict
    started: str
    moment: str
    """The last one of the run, ISO 8601, by the clock the run went by."""
    true_clock: str
    """The span of the true clock, in words."""
    duration: str
    sections: tuple[SectionView, ...]
    notices: tuple[str, ...]
    lines: int
    """Of the journal."""
    lang: str
    """Language of the labels; empty for English."""
    history: Trend | None
    """None where no earlier run lay beside this one."""
    matrices: tuple[Matrix, ...] = ()
    """Participant × clause, a circular each; empty for a run of one participant."""
    parts: tuple[PartView, ...] = ()
    """The sealed runs it was merged of; empty for a run of its own."""

    @property
    def rehearsal(self) -> bool:
        """Whether the simulator was the target."""
        return self.run.target == Target.SIMULATOR

    @property
    def merged(self) -> str:
        """When the parts were merged, in words; empty for a run of its own."""
        return words.day_and_clock(self.end.ended, self.lang) if self.parts and self.end else ""

    @property
    def machines(self) -> int:
        """On how many machines the parts ran."""
        return len({part.machine for part in self.parts})

    @property
    def circulars(self) -> tuple[CircularRecord, ...]:
        """Each circular of the run once, in order."""
        found = {section.circular.stem: section.circular for section in self.sections if section.circular}
        return tuple(found.values())

    @property
    def sessions(self) -> tuple[SectionView, ...]:
        """Each session of a circular once, though several participants ran it."""
        found = {(each.circular.stem, each.name, each.site): each for each in self.sections if each.circular}
        return tuple(found.values())

    @property
    def scenarios(self) -> tuple[ScenarioView, ...]:
        """Those of all sections."""
        return tuple(scenario for section in self.sections for scenario in section.scenarios)

    @property
    def several(self) -> bool:
        """Whether there is anything to search."""
        return sum(len(section.scenarios) for section in self.sections) > 1

    @property
    def outcomes(self) -> tuple[tuple[str, int], ...]:
        """How many scenarios ended how, the worst first."""
        found = Counter(scenario.shown_as for scenario in self.scenarios)
        return tuple((name, found[name]) for name in ("unfinished", *reversed(Outcome)) if found[name])

    @property
    def clauses(self) -> tuple[str, ...]:
        """Each clause a scenario is tagged with."""
        return tuple(sorted({clause for scenario in self.scenarios for clause in scenario.clauses}))

    @property
    def systems(self) -> tuple[str, ...]:
        """Each system a scenario talked to."""
        return tuple(sorted({system for scenario in self.scenarios for system in scenario.systems.split()}))
