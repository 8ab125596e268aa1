"""What pytest tells of a run, written into the journal.

One recorder a process. It opens the run's folder when the first thing worth recording comes, so that a vendor's
ordinary unit tests leave nothing behind, and closes the journal with its counts; the report is drawn from the journal.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_hkexprt import applies, deadline, distributed, participants, shield
from pytest_hkexprt.collect import ScenarioItem, recorded
from pytest_hkexprt.definitions import Definitions
from pytest_hkexprt.errors import Unmet, UsageFault
from pytest_hkexprt.evidence import WORKERS, describe, history, sign
from pytest_hkexprt.evidence.journal import EvidenceLost, Journal, read
from pytest_hkexprt.evidence.record import (
    Line,
    NoticeRecord,
    OutcomeRecord,
    Record,
    RunRecord,
    ScenarioRecord,
    StepRecord,
)
from pytest_hkexprt.evidence.revision import revision
from pytest_hkexprt.model import Circular, Outcome, Session
from pytest_hkexprt.plan import plan_of
from pytest_hkexprt.stash import CLOCK, RECORDER, RUN

if TYPE_CHECKING:
    from pytest_hkexprt.gherkin.scenario import StepDone


STEPS = "hkexprt_steps"
"""The attribute of a call's report that holds the scenario's steps: keyword, text, outcome, seconds."""


class Recorder:
    """Writes one process's evidence.

    Args:
        config: pytest's configuration, its stash filled.
        journal: the file to write; None for one in a new folder below ``reports/``.
    """

    def __init__(self, config: pytest.Config, journal: Path | None = None) -> None:
        self._config = config
        self._run = config.stash[RUN]
        self._path = journal
        self._journal: Journal | None = None
        self._session: tuple[Circular, Session] | None = None
        self._who = self._run.participant
        self._reports: list[pytest.TestReport] = []
        self._checks_before = 0
        self._interrupted = ""
        self._outcomes: Counter[Outcome] = Counter()
        self._attempt = 1
        self._ended: dict[tuple[str, str], dict[str, set[Outcome]]] = {}
        self._unmet = ""
        self._definitions = Definitions(config.rootpath)
        self.sources: list[Path] = []
        """The features and circulars the run is made from."""

    @property
    def path(self) -> Path | None:
        """The journal's file, or None while nothing was recorded."""
        return self._path if self._journal else None

    @property
    def journal(self) -> Journal:
        """The journal, opened with its first line when first asked for."""
        if self._journal is None:
            if self._path is None:
                circular, session = self._session or plan_of(self._config)
                try:
                    folder = describe.new_folder(distributed.runs_folder(self._config), self._run, circular, session)
                except UsageFault as fault:
                    pytest.exit(str(fault), returncode=pytest.ExitCode.USAGE_ERROR)
                self._path = folder / describe.JOURNAL
            self._journal = Journal(self._path, rehearsal=self._run.rehearsal, redactor=shield.redactor(self._config))
            self._write(self._first_record(self._folder or self._path.parent))
        return self._journal

    @property
    def lost(self) -> str:
        """Why the evidence is not whole; empty where it is."""
        return self._journal.lost if self._journal else ""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Open a scenario in the journal, with the clock in its session, and close it with its outcome."""
        if not recorded(item):
            self._config.stash[CLOCK].stop()
            return (yield)
        circular, session = plan_of(self._config, item)
        who = participants.of(self._config, item)
        self._config.stash[CLOCK].enter(session, who.name)
        if self._session != (circular, session) or self._who != who:
            self._session, self._who = (circular, session), who
            self._write(describe.session_record(circular, session, who.name if self._run.participants else ""))
            self._unmet, unknown = applies.condition(session, self._ended.get((circular.stem, who.name), {}))
            for notice in filter(None, (*describe.notices(session, self._run), unknown)):
                self._write(NoticeRecord(text=notice))
        self._attempt = 1
        self._open(item)
        item.user_properties += self._properties(item, circular, session)
        try:
            return (yield)
        finally:
            self._close(item)
            if self.lost:
                item.session.shouldstop = f"the evidence cannot be written any more: {self.lost}"

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """Give each attempt its own place in the journal, where another plugin runs an item again."""
        if recorded(item) and self._reports:
            self._close(item, again=True)
            self._attempt += 1
            self._open(item)
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Let no scenario pass that compared nothing."""
        result = yield
        if isinstance(item, ScenarioItem) and self.journal.checks == self._checks_before:
            raise Unmet(
                f"{item.scenario.name} (line {item.scenario.line})",
                expected="at least one check, made through hkex_evidence.check(…) or a fixture's check",
                came="none: every step ran and nothing was compared",
                next_step="add a Then step that checks; a scenario without a check does not pass",
            )
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep the item's reports, and give the call's the steps for whoever shows them (xdist carries plain data)."""
        report = yield
        if recorded(item):
            self._reports.append(report)
            if isinstance(item, ScenarioItem) and report.when == "call":
                planned = item.scenario.steps
                steps = [
                    [planned[done.index].keyword, planned[done.index].text, str(done.outcome), done.duration_s]
                    for done in item.steps_done
                ]
                setattr(report, STEPS, steps)
        return report

    def pytest_hkexprt_after_step(self, done: StepDone) -> None:
        """Write a step."""
        ids, new = self._definitions.named(done.definitions)
        self._write(
            StepRecord(
                index=done.index,
                outcome=done.outcome,
                duration_s=round(done.duration_s, 6),
                message=done.message,
                cause=done.cause,
                definitions=ids,
                defined=new,
            )
        )

    def pytest_keyboard_interrupt(self) -> None:
        """Remember that somebody stopped the run."""
        self._interrupted = "stopped from the keyboard"

    def lines(self) -> list[Line]:
        """Return what was written so far."""
        return list(read(self.path)) if self.path else []

    def outcomes(self) -> Counter[Outcome]:
        """Return how many scenarios ended how."""
        return self._outcomes

    def finish(self, exit_status: int) -> None:
        """Write the last line and close; without a journal do nothing."""
        if self._journal is not None:
            if self._path and (earlier := history.before(self._path)):
                with suppress(EvidenceLost):
                    self._journal.write_at(earlier, utc=deadline.true_utc(), rehearsed=None)
            end = describe.end_record(self._journal.lines, self._outcomes, exit_status, self._interrupted)
            # Not in the rehearsed time: the clock may have been given back by now.
            with suppress(EvidenceLost):
                self._journal.write_at(end, utc=deadline.true_utc(), rehearsed=None)
            self._journal.close()

    def _write(self, record: Record) -> None:
        """Write a record; that no more can be written ends the run after the scenario, and is said there."""
        with suppress(EvidenceLost):
            self.journal.write(record)

    @property
    def _folder(self) -> Path | None:
        """The run's folder, or None while it has none (a worker of a run that names no feature)."""
        if self._path is None or not distributed.is_worker(self._config):
            return self._path and self._path.parent
        return self._path.parent.parent if self._path.parent.name == WORKERS else None

    def _first_record(self, folder: Path) -> RunRecord:
        config, root = self._config, self._config.rootpath
        return describe.run_record(
            self._run,
            folder.name,
            shlex.join(["pytest", *config.invocation_params.args]),
            suite=describe.sources(root, self.sources),
            revision=revision(root),
            signing_key=sign.fingerprint(self._run.sign_with) if self._run.sign_with else "",
        )

    def _properties(self, item: pytest.Item, circular: Circular, session: Session) -> list[tuple[str, object]]:
        """Return what other reports say of the item: JUnit XML as its properties."""
        folder = self._folder
        facts = {
            "target": str(self._run.target),
            "site": session.place,
            "participant": self._who.name if self._run.participants else "",
            "circular": circular.reference or circular.stem,
            "session": session.name,
            "clauses": " ".join(getattr(item, "clauses", ())),
            "run": folder.name if folder else "",
            "evidence": str(folder or ""),
        }
        return [(f"hkexprt.{name}", value) for name, value in facts.items() if value]

    def _open(self, item: pytest.Item) -> None:
        assert self._session is not None, "a session was entered"
        self._write(_scenario_record(item, self._session[1], self._attempt))
        self._checks_before, self._reports = self.journal.checks, []
        if isinstance(item, ScenarioItem):
            why = applies.omitted(item.scenario.tags, *self._session, self._who)
            item.omitted = why or self._unmet

    def _close(self, item: pytest.Item, *, again: bool = False) -> None:
        reports = self._reports
        outcome = Outcome.worst([_outcome(report) for report in reports])
        omitted = getattr(item, "omitted", "") if outcome is Outcome.SKIPPED else ""
        outcome = Outcome.OMITTED if omitted else outcome
        circular, session = plan_of(self._config, item)
        if not again:
            self._ended.setdefault((circular.stem, self._who.name), {}).setdefault(session.name, set()).add(outcome)
        # One that is run again is neither passed nor skipped nor failed to pytest.
        failed = next((report for report in reports if not report.passed and not report.skipped), None)
        if not again:
            self._outcomes[outcome] += 1
        self._write(
            OutcomeRecord(
                id=item.nodeid,
                outcome=outcome,
                duration_s=round(sum(report.duration for report in reports), 6),
                checks=self.journal.checks - self._checks_before,
                message=failed.longreprtext if failed else omitted,
                again=again,
            )
        )


def of(config: pytest.Config) -> Recorder:
    """Return the process's recorder, made and registered when it is first asked for."""
    if RECORDER not in config.stash:
        journal = distributed.worker_journal(config) if distributed.is_worker(config) else None
        config.stash[RECORDER] = recorder = Recorder(config, journal)
        config.pluginmanager.register(recorder, "hkexprt-recorder")
    return config.stash[RECORDER]


def _outcome(report: pytest.TestReport) -> Outcome:
    if report.passed:
        return Outcome.PASSED if report.when == "call" else Outcome.NOT_RUN
    if report.skipped:
        return Outcome.SKIPPED
    return Outcome.FAILED if report.when == "call" else Outcome.ERROR


def _scenario_record(item: pytest.Item, session: Session, attempt: int) -> ScenarioRecord:
    if isinstance(item, ScenarioItem):
        return describe.scenario_record(item.nodeid, item.feature, item.scenario, item.clauses, session, attempt)
    file, line, _ = item.location
    return ScenarioRecord(
        id=item.nodeid,
        name=item.name,
        feature="",
        file=file.replace("\\", "/"),
        line=(line or 0) + 1,
        session=session.name,
        attempt=attempt,
    )
