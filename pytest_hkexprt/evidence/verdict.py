"""The verdict of a run in words, from its journal alone.

One rule for the report's headline and the terminal's last line, and a careful one: a run is passed only when something
was checked, nothing failed, pytest agrees, and the journal was ended. Everything else says what is wrong instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from pytest_hkexprt.evidence.record import Check, EndRecord, Line, OutcomeRecord, RunRecord, ScenarioRecord
from pytest_hkexprt.model import Outcome, Target

EXIT_WORDS = {
    1: "another test of the run failed",
    2: "it was interrupted",
    3: "pytest met an internal error",
    4: "pytest was called in a wrong way",
    5: "no test was selected",
}
"""pytest's exit statuses (its ``ExitCode``) in words."""
INTERRUPTED_STATUS = 2
NOTHING_SELECTED_STATUS = 5


class Tone(StrEnum):
    """How a verdict looks."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    INTERRUPTED = "interrupted"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run came to."""

    tone: Tone
    text: str
    """One line: ``Passed: 1 scenario, 6 checks``."""


@dataclass(slots=True)
class _Tally:
    scenarios: int = 0
    tests: int = 0
    """Those of the scenarios that belong to no session: ordinary tests."""
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    checks: int = 0
    unmet: int = 0
    exit_status: int | None = None
    interrupted: str = ""
    rehearsal: bool = False

    @property
    def noun(self) -> str:
        """What to call them all."""
        return "test" if self.tests else "scenario"

    @property
    def others(self) -> list[str]:
        """How many ended otherwise than passed, in words."""
        counts = self.outcomes
        return [f"{counts[each]:,} {each}" for each in Outcome if counts[each] and each is not Outcome.PASSED]


def verdict(lines: Iterable[Line], exit_status: int | None = None) -> Verdict:
    """Return what a run came to.

    Args:
        lines: its journal.
        exit_status: how pytest is about to end, for a journal whose end is not written yet; the journal's own wins.
    """
    return _judge(_count(lines, exit_status))


def terminal_line(lines: Iterable[Line], exit_status: int | None = None) -> str:
    """Return the verdict as the terminal's last line says it, with the simulator named in a rehearsal."""
    tally = _count(lines, exit_status)
    return f"{_judge(tally).text}{' (SIMULATOR: a rehearsal)' if tally.rehearsal else ''}"


def plural(count: int, noun: str) -> str:
    """Return ``1 scenario``, ``2 scenarios``, ``1,000 scenarios``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _count(lines: Iterable[Line], exit_status: int | None) -> _Tally:
    tally = _Tally(exit_status=exit_status)
    for line in lines:
        record = line.record
        if isinstance(record, OutcomeRecord):
            tally.outcomes[record.outcome] += 1
        elif isinstance(record, Check):
            tally.checks += 1
            tally.unmet += not record.met
        elif isinstance(record, ScenarioRecord):
            tally.scenarios += 1
            tally.tests += not record.session
        elif isinstance(record, EndRecord):
            tally.exit_status, tally.interrupted = record.exit_status, record.interrupted
        elif isinstance(record, RunRecord):
            tally.rehearsal = record.target == Target.SIMULATOR
    return tally


def _judge(tally: _Tally) -> Verdict:
    outcomes = tally.outcomes
    ran = plural(tally.scenarios, tally.noun)
    unmet = f", {tally.unmet:,} of {plural(tally.checks, 'check')} not met" if tally.unmet else ""
    failed, erred = outcomes[Outcome.FAILED], outcomes[Outcome.ERROR]
    unfinished = tally.scenarios - outcomes.total()

    if tally.exit_status in (None, INTERRUPTED_STATUS) or tally.interrupted or unfinished:
        passed = [f"{outcomes[Outcome.PASSED]:,} passed"] if outcomes[Outcome.PASSED] else []
        rest = [f"{unfinished:,} unfinished"] if unfinished else []
        parts = [*passed, *tally.others, *rest] or ["none begun"]
        return Verdict(Tone.INTERRUPTED, f"Interrupted: of {ran}, {', '.join(parts)}{unmet}")
    if not tally.scenarios:
        why = f" ({EXIT_WORDS[tally.exit_status]})" if tally.exit_status in EXIT_WORDS else ""
        return Verdict(Tone.NOTHING, f"Nothing ran{why}: no scenario, no check")
    if failed or erred:
        word, tone = ("Failed", Tone.FAILED) if failed else ("Error", Tone.ERROR)
        both = f", {erred:,} with an error" if failed and erred else ""
        which = ran if tally.scenarios == 1 else f"{failed + erred:,} of {ran}"
        return Verdict(tone, f"{word}: {which}{both}{unmet}")
    if tally.exit_status not in (0, NOTHING_SELECTED_STATUS):
        why = EXIT_WORDS.get(tally.exit_status or 0, f"pytest ended with status {tally.exit_status}")
        return Verdict(Tone.ERROR, f"Not passed: {why}; of {ran}, {outcomes[Outcome.PASSED]:,} passed")
    return _without_failure(tally, ran)


def _without_failure(tally: _Tally, ran: str) -> Verdict:
    """Return the verdict of a run that ended well: passed only if something passed and something was checked."""
    passed = tally.outcomes[Outcome.PASSED]
    if not passed:
        return Verdict(Tone.NOTHING, f"Nothing was proven: {', '.join(tally.others)} of {ran}")
    if not tally.checks:
        return Verdict(Tone.NOTHING, f"Nothing was checked: {ran} ended without a check")
    rest = f"; {', '.join(tally.others)}" if tally.others else ""
    return Verdict(Tone.PASSED, f"Passed: {plural(passed, tally.noun)}, {plural(tally.checks, 'check')}{rest}")
