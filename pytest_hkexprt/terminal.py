"""What a run says on the terminal: a header, each scenario's sentences with ``-v``, and where the report is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_hkexprt import clock, participants
from pytest_hkexprt.model import Outcome
from pytest_hkexprt.schedule import window

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


def header(run: Run, plans: Iterable[Plan]) -> list[str]:
    """Return the lines that say what is about to be run against whom."""
    lines = []
    for plan in plans:
        reference = f" ({plan.circular.reference})" if plan.circular.reference else ""
        lines.append(f"circular: {plan.circular.stem}{reference}, {plan.circular.subject}")
        for session in plan.sessions:
            published = ", ".join(
                each.address
                for each in plan.circular.endpoints
                if each.site in session.sites and each.system in session.systems
            )
            focus = f", {session.focus}" if session.focus else ""
            addresses = f", {published}" if published else ""
            lines.append(f"session: {session.name}, {session.place} site, {window(session)}{focus}{addresses}")
    if not lines:
        return []
    if run.rehearsal:
        moment = f"put to {run.at:%Y-%m-%d %H:%M}" if run.at else "put to the start of each session"
        lines.append(f"target: SIMULATOR, a rehearsal; clock: {moment}; true time {clock.now():%Y-%m-%d %H:%M}")
    else:
        lines.append(f"target: LIVE; clock: true, {clock.now():%Y-%m-%d %H:%M} Hong Kong")
    if run.drills:
        lines.append(f"drill: {', '.join(run.drills)}")
    for who in participants.everyone(run):
        line = f", line {who.line}" if who.line else ""
        roles = f", {', '.join(who.roles)}" if run.participants else ""
        lines.append(f"participant: {who.name}{roles}{f', {who.path}' if who.path else ''}{line}")
    return lines


def sentences(report: pytest.TestReport, *, unicode: bool) -> list[tuple[str, str]]:
    """Return a scenario's steps as lines and the colour of each."""
    lines = []
    for keyword, text, outcome, duration_s in getattr(report, "hkexprt_steps", ()):
        sign, plain, colour = MARKS[Outcome(outcome)]
        shown = f"  {duration_s:.2f} s" if duration_s >= SHORTEST_SHOWN_S else ""
        lines.append((f"    {sign if unicode else plain} {keyword.strip()} {text}{shown}", colour))
    return lines


class Sentences:
    """Prints a scenario's sentences with ``-v``, below pytest's own line for it.

    Args:
        reporter: pytest's.
    """

    def __init__(self, reporter: pytest.TerminalReporter) -> None:
        self._reporter = reporter
        encoding = getattr(reporter._tw._file, "encoding", None) or "ascii"
        self._unicode = encoding.lower().replace("-", "").startswith(("utf", "gb18030"))

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Print a scenario's sentences with ``-v``, after pytest's own line."""
        if report.when != "call" or self._reporter.verbosity < 1:
            return
        lines = sentences(report, unicode=self._unicode)
        if lines:
            self._reporter.ensure_newline()
        for line, colour in lines:
            self._reporter.write_line(line, **{colour: True})


def evidence(reporter: pytest.TerminalReporter, finished: Finished) -> None:
    """Print the verdict and where the evidence is."""
    from pytest_hkexprt.evidence import one_of_several, verdict  # noqa: PLC0415  for runs with evidence

    reporter.write_sep("=", "evidence")
    lines = finished.lines
    reporter.write_line(verdict.terminal_line(lines))
    several = one_of_several.everyone(lines)
    shares = one_of_several.Shares(lines if several else ())
    for who in several:
        reporter.write_line(f"{who.name}: {verdict.verdict(shares.of(who)).text}")
    for why, number in verdict.omitted(lines).items():
        reporter.write_line(f"omitted: {number} scenario{'' if number == 1 else 's'}: {why}")
    reporter.write_line(f"report: {_shown(finished.report)}")
    signed = f"signed with {finished.signed_with}" if finished.signed_with else "not signed"
    reporter.write_line(f"attach: {_shown(finished.bundle)} ({signed})")


def unfinished(reporter: pytest.TerminalReporter, why: str) -> None:
    """Print why the evidence is not whole, or not signed."""
    reporter.write_sep("=", "evidence incomplete", red=True)
    reporter.write_line(why, red=True)


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def nothing_selected(reporter: pytest.TerminalReporter) -> None:
    """Say that nothing ran, and that this is no pass."""
    reporter.write_sep("=", "evidence")
    reporter.write_line("Nothing ran, so nothing is proved: no scenario was selected; there is no report.", red=True)
    reporter.write_line("Look at -k, -m and the line given; --collect-only lists the scenarios there are.")


def nothing_named(reporter: pytest.TerminalReporter) -> None:
    """Say that no feature was named, and how one is."""
    reporter.write_sep("=", "evidence")
    reporter.write_line("Nothing ran, so nothing is proved: no feature was named.", red=True)
    reporter.write_line(
        "Name one, such as features/rap.feature; hkexprt_features = true in the ini finds those in folders."
    )
