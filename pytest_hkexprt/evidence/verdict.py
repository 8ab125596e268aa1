"""The verdict of a run in words, from its journal alone.

One rule for the report's headline and the terminal's last line, and a careful one: a run is passed only when something
was checked, nothing failed, pytest agrees, and the journal was ended. Everything else says what is wrong instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from pytest_hkexprt.evidence.labels import counter, translator
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
    lang: str = ""


def verdict(lines: Iterable[Line], exit_status: int | None = None, lang: str | None = None) -> Verdict:
    """Return what a run came to.

    Args:
        lines: its journal.
        exit_status: how pytest is about to end, for a journal whose end is not written yet; the journal's own wins.
        lang: language of the words; None for the one the run was asked for.
    """
    return _Judge(_count(lines, exit_status, lang)).verdict()


def terminal_line(lines: Iterable[Line], exit_status: int | None = None, lang: str | None = None) -> str:
    """Return the verdict as the terminal's last line says it, with the simulator named in a rehearsal."""
    tally = _count(lines, exit_status, lang)
    marked = translator(tally.lang)(" (SIMULATOR: a rehearsal)") if tally.rehearsal else ""
    return f"{_Judge(tally).verdict().text}{marked}"


def omitted(lines: Iterable[Line]) -> Counter[str]:
    """Return why scenarios were omitted, and how many for each reason."""
    records = (line.record for line in lines)
    return Counter(
        each.message for each in records if isinstance(each, OutcomeRecord) and each.outcome is Outcome.OMITTED
    )


def _count(lines: Iterable[Line], exit_status: int | None, lang: str | None) -> _Tally:
    tally = _Tally(exit_status=exit_status)
    for line in lines:
        record = line.record
        if isinstance(record, OutcomeRecord):
            if record.again:
                tally.scenarios -= 1  # the attempt that follows counts instead
            else:
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
            tally.lang = record.lang if lang is None else lang
    return tally


class _Judge:
    """What a tally comes to, in the words of its language."""

    def __init__(self, tally: _Tally) -> None:
        self.tally = tally
        self.say = translator(tally.lang)
        self.number = counter(tally.lang)
        noun = "test" if tally.tests else "scenario"
        self.ran = self.number(tally.scenarios, noun)
        self.passed = self.number(tally.outcomes[Outcome.PASSED], noun)
        self.checks = self.number(tally.checks, "check")
        unmet = self.words(", {number} of {checks} not met", number=f"{tally.unmet:,}", checks=self.checks)
        self.unmet = unmet if tally.unmet else ""

    def words(self, phrase: str, **parts: str) -> str:
        """Return a phrase with its parts filled in."""
        return self.say(phrase).format(**parts)

    def counted(self, *without: Outcome) -> list[str]:
        """Return how many ended how."""
        counts = self.tally.outcomes
        return [
            self.words("{number} {outcome}", number=f"{counts[each]:,}", outcome=self.say(each))
            for each in sorted(Outcome, key=lambda outcome: outcome is not Outcome.PASSED)
            if counts[each] and each not in without
        ]

    def verdict(self) -> Verdict:
        """Return the verdict."""
        tally = self.tally
        failed, erred = tally.outcomes[Outcome.FAILED], tally.outcomes[Outcome.ERROR]
        unfinished = tally.scenarios - tally.outcomes.total()
        if tally.exit_status in (None, INTERRUPTED_STATUS) or tally.interrupted or unfinished:
            rest = [self.words("{number} {outcome}", number=f"{unfinished:,}", outcome=self.say("unfinished"))]
            parts = [*self.counted(), *(rest if unfinished else [])] or [self.say("none begun")]
            text = "Interrupted: of {what}, {parts}{unmet}"
            return self.tell(Tone.INTERRUPTED, text, what=self.ran, parts=self.say(", ").join(parts), unmet=self.unmet)
        if not tally.scenarios:
            why = EXIT_WORDS.get(tally.exit_status or 0, "")
            text = "Nothing ran{why}: no scenario, no check"
            return self.tell(Tone.NOTHING, text, why=f" ({self.say(why)})" if why else "")
        if failed or erred:
            return self._failed(failed, erred)
        if tally.exit_status not in (0, NOTHING_SELECTED_STATUS):
            why = EXIT_WORDS.get(tally.exit_status or 0, f"pytest ended with status {tally.exit_status}")
            passed = self.words(
                "{number} {outcome}", number=f"{tally.outcomes[Outcome.PASSED]:,}", outcome=self.say(Outcome.PASSED)
            )
            text = "Not passed: {why}; of {what}, {parts}"
            return self.tell(Tone.ERROR, text, why=self.say(why), what=self.ran, parts=passed)
        return self._without_failure()

    def tell(self, tone: Tone, phrase: str, **parts: str) -> Verdict:
        """Return a verdict of that phrase."""
        return Verdict(tone, self.words(phrase, **parts))

    def _failed(self, failed: int, erred: int) -> Verdict:
        some = self.words("{some} of {all}", some=f"{failed + erred:,}", all=self.ran)
        what = self.ran if self.tally.scenarios == 1 else some
        both = self.words(", {number} with an error", number=f"{erred:,}") if failed and erred else ""
        tone, text = (
            (Tone.FAILED, "Failed: {what}{both}{unmet}") if failed else (Tone.ERROR, "Error: {what}{both}{unmet}")
        )
        return self.tell(tone, text, what=what, both=both, unmet=self.unmet)

    def _without_failure(self) -> Verdict:
        """Return the verdict of a run that ended well: passed only if something passed and something was checked."""
        others = self.say(", ").join(self.counted(Outcome.PASSED))
        if not self.tally.outcomes[Outcome.PASSED]:
            return self.tell(Tone.NOTHING, "Nothing was proven: {parts} of {what}", parts=others, what=self.ran)
        if not self.tally.checks:
            return self.tell(Tone.NOTHING, "Nothing was checked: {what} ended without a check", what=self.ran)
        rest = self.words("; {others}", others=others) if others else ""
        return self.tell(Tone.PASSED, "Passed: {what}, {checks}{rest}", what=self.passed, checks=self.checks, rest=rest)
