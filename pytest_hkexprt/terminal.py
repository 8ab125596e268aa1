"""What a run says on the terminal: a header, each scenario's sentences with ``-v``, and where the report is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_hkexprt import clock, participants
from pytest_hkexprt.columns import fold, speaks, width
from pytest_hkexprt.evidence import sentences as sentences_of
from pytest_hkexprt.evidence.labels import counter, translator
from pytest_hkexprt.model import Outcome
from pytest_hkexprt.schedule import window
from pytest_hkexprt.stash import RUN

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.folder import Finished
    from pytest_hkexprt.model import Run
    from pytest_hkexprt.plan import Plan

MARKS = {
    Outcome.PASSED: ("✓", "+", "green"),
    Outcome.FAILED: ("✗", "x", "red"),
    Outcome.ERROR: ("✗", "x", "red"),
    Outcome.SKIPPED: ("○", "o", "yellow"),
    Outcome.OMITTED: ("○", "o", "yellow"),
    Outcome.NOT_RUN: ("·", ".", "light"),
}
"""Outcome to its sign, the sign where the terminal's encoding has none, and its colour."""
SHORTEST_SHOWN_S = 0.005
"""Durations below this are left out: they say nothing."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How a terminal is spoken to.

    One that cannot show Chinese is spoken to in English: labels made of escapes help nobody.
    """

    lang: str = ""
    """Language of our labels."""
    columns: int = 80
    unicode: bool = True
    """Whether its encoding has more than Latin."""

    def say(self, phrase: str, **parts: str) -> str:
        """Return a phrase of ours with its parts filled in."""
        return translator(self.lang)(phrase).format(**parts)

    def more(self, *parts: str) -> str:
        """Return what follows something, each behind a comma; nothing where all are empty."""
        return "".join(self.say(", {more}", more=part) for part in parts if part)

    def lines(self, text: str) -> list[str]:
        """Return a line folded to the terminal."""
        return fold(text, self.columns)


def voice(config: pytest.Config) -> Voice:
    """Return how the terminal of a run is spoken to."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if reporter is None:
        return Voice(config.stash[RUN].lang)
    unicode = speaks(getattr(reporter._tw._file, "encoding", None))
    return Voice(config.stash[RUN].lang if unicode else "", reporter._tw.fullwidth, unicode)


def header(run: Run, plans: Iterable[Plan], spoken: Voice | None = None) -> list[str]:
    """Return the lines that say what is about to be run against whom."""
    spoken = spoken or Voice(run.lang)
    lines = [line for plan in plans for line in _plan(plan, spoken)]
    if not lines:
        return []
    now = f"{clock.now():%Y-%m-%d %H:%M}"
    if run.rehearsal and run.at:
        moment = f"{run.at:%Y-%m-%d %H:%M}"
        put = "target: SIMULATOR, a rehearsal; clock: put to {moment}; true time {now}"
        lines.append(spoken.say(put, moment=moment, now=now))
    elif run.rehearsal:
        put = "target: SIMULATOR, a rehearsal; clock: put to the start of each session; true time {now}"
        lines.append(spoken.say(put, now=now))
    else:
        lines.append(spoken.say("target: LIVE; clock: true, {now} Hong Kong", now=now))
    if run.drills:
        lines.append(spoken.say("drill: {drills}", drills=spoken.say(", ").join(run.drills)))
    for who in participants.everyone(run):
        line = spoken.say("line {line}", line=who.line) if who.line else ""
        roles = spoken.say(", ").join(who.roles) if run.participants else ""
        more = spoken.more(roles, str(_shown(who.path)) if who.path else "", line)
        lines.append(spoken.say("participant: {name}{more}", name=who.name, more=more))
    return [folded for line in lines for folded in spoken.lines(line)]


def _plan(plan: Plan, spoken: Voice) -> Iterator[str]:
    """Yield a circular and its sessions."""
    circular = plan.circular
    reference = spoken.say(" ({reference})", reference=circular.reference) if circular.reference else ""
    named = f"{circular.stem}{reference}"
    yield spoken.say("circular: {circular}, {subject}", circular=named, subject=circular.subject)
    for session in plan.sessions:
        published = spoken.say(", ").join(
            each.address for each in circular.endpoints if each.site in session.sites and each.system in session.systems
        )
        yield spoken.say(
            "session: {name}, {site}, {window}{more}",
            name=session.name,
            site=spoken.say("{site} site", site=spoken.say(session.place)),
            window=window(session, spoken.say),
            more=spoken.more(session.focus, published),
        )


def sentences(report: pytest.TestReport, spoken: Voice) -> list[tuple[str, str]]:
    """Return a scenario's steps as lines and the colour of each."""
    lines = []
    for keyword, text, outcome, duration_s in getattr(report, "hkexprt_steps", ()):
        sign, plain, colour = MARKS[Outcome(outcome)]
        seconds = translator(spoken.lang)("s")
        shown = f"  {duration_s:.2f} {seconds}" if duration_s >= SHORTEST_SHOWN_S else ""
        line = f"    {sign if spoken.unicode else plain} {keyword.strip()} {text}{shown}"
        lines += [(folded, colour) for folded in spoken.lines(line)]
    return lines


class Sentences:
    """Prints a scenario's sentences with ``-v``, below pytest's own line for it.

    Args:
        reporter: pytest's.
        spoken: how it is spoken to.
    """

    def __init__(self, reporter: pytest.TerminalReporter, spoken: Voice) -> None:
        self._reporter = reporter
        self._spoken = spoken

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Print a scenario's sentences with ``-v``, after pytest's own line."""
        if report.when != "call" or self._reporter.verbosity < 1:
            return
        lines = sentences(report, self._spoken)
        if lines:
            self._reporter.ensure_newline()
        for line, colour in lines:
            self._reporter.write_line(line, **{colour: True})


class Summary:
    """What is said at the end of a run.

    Args:
        reporter: pytest's.
        spoken: how it is spoken to.
    """

    def __init__(self, reporter: pytest.TerminalReporter, spoken: Voice) -> None:
        self._reporter = reporter
        self._spoken = spoken

    def evidence(self, finished: Finished) -> None:
        """Print the verdict and where the evidence is."""
        from pytest_hkexprt.evidence import one_of_several, verdict  # noqa: PLC0415  for runs with evidence

        spoken, lines = self._spoken, finished.lines
        self._heading("evidence")
        self._line(verdict.terminal_line(lines, lang=spoken.lang))
        several = one_of_several.everyone(lines)
        shares = one_of_several.Shares(lines if several else ())
        for who in several:
            told = verdict.verdict(shares.of(who), lang=spoken.lang).text
            self._line(spoken.say("{name}: {verdict}", name=who.name, verdict=told))
        for why, number in verdict.omitted(lines).items():
            scenarios, reason = counter(spoken.lang)(number, "scenario"), sentences_of.told(why, spoken.lang)
            self._line(spoken.say("omitted: {scenarios}: {why}", scenarios=scenarios, why=reason))
        self._line(spoken.say("report: {path}", path=str(_shown(finished.report))))
        key = finished.signed_with
        signed = spoken.say("signed with {key}", key=key) if key else spoken.say("not signed")
        self._line(spoken.say("attach: {path} ({signed})", path=str(_shown(finished.bundle)), signed=signed))

    def unfinished(self, why: str) -> None:
        """Print why the evidence is not whole, or not signed."""
        self._heading("evidence incomplete", red=True)
        for line in why.split("\n"):
            self._line(line, red=True)

    def nothing_selected(self) -> None:
        """Say that nothing ran, and that this is no pass."""
        self._heading("evidence")
        nothing = "Nothing ran, so nothing is proved: no scenario was selected; there is no report."
        self._line(self._spoken.say(nothing), red=True)
        advice = "Look at -k, -m and the line given; --collect-only lists the scenarios there are."
        self._line(self._spoken.say(advice))

    def nothing_named(self) -> None:
        """Say that no feature was named, and how one is."""
        self._heading("evidence")
        self._line(self._spoken.say("Nothing ran, so nothing is proved: no feature was named."), red=True)
        advice = "Name one, such as features/rap.feature; hkexprt_features = true in the ini finds those in folders."
        self._line(self._spoken.say(advice))

    def _heading(self, title: str, *, red: bool = False) -> None:
        """Print a title in a rule across the terminal; pytest counts characters, so what is wider is taken off."""
        shown = self._spoken.say(title)
        wider = width(shown) - len(shown)
        self._reporter.write_sep("=", shown, fullwidth=self._reporter._tw.fullwidth - wider, red=red)

    def _line(self, text: str, *, red: bool = False) -> None:
        for line in self._spoken.lines(text):
            self._reporter.write_line(line, red=red)


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
