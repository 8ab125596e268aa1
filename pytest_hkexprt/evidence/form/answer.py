"""What a participant answers to a circular, as values."""

from __future__ import annotations

import datetime as dt

import msgspec

from pytest_hkexprt.evidence.coverage import Covered
from pytest_hkexprt.evidence.html.view import ReportView, SectionView
from pytest_hkexprt.evidence.html.words import moment
from pytest_hkexprt.evidence.parts import DeadlineRecord
from pytest_hkexprt.evidence.record import CircularRecord
from pytest_hkexprt.model import FormWhen, Outcome

NOTE = (
    "This form holds generic fields: those of the circular's own form are not public. Where the circular asks for its"
    " form, copy the answers into that one."
)
REHEARSED = "A REHEARSAL AGAINST THE SIMULATOR: NOT AN ANSWER TO THE CIRCULAR"


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """Something the circular wants by a moment, and how long that leaves, counted from the end of the run."""

    what: str
    to: str
    by: str
    """ISO 8601."""
    left_minutes: int | None
    """Below 0 when it is over; None for what was due before the sessions and is past, or cannot be read."""


class ClauseAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one thing the circular asks for, in one session."""

    id: str
    asks: str
    result: Outcome
    basis: tuple[str, ...]
    remark: str
    """Why it was not tested, or what did not pass."""


class SessionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one session."""

    name: str
    site: str
    starts: str
    ends: str
    ran: str
    """When, in words and by the clock the run went by; empty where nothing ran."""
    in_window: bool
    systems: tuple[str, ...]
    result: Outcome
    clauses: tuple[ClauseAnswer, ...]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The form of one circular."""

    note: str
    rehearsal: bool
    reference: str
    subject: str
    issuer: str
    participant: str
    company: str
    roles: tuple[str, ...]
    contact: dict[str, str]
    """Name, position, telephone, e-mail, as far as the participant file has them."""
    verdict: str
    run: str
    """The evidence: the run's id."""
    sessions: tuple[SessionAnswer, ...]
    deadlines: tuple[Deadline, ...]
    remarks: tuple[str, ...]
    """The run's notices."""


def answers(report: ReportView) -> tuple[Answer, ...]:
    """Return the answer to each circular of a run."""
    return tuple(_answer(report, circular) for circular in report.circulars)


def _answer(report: ReportView, circular: CircularRecord) -> Answer:
    run, contact = report.run, report.run.contact
    sections = [each for each in report.sections if each.circular and each.circular.stem == circular.stem]
    return Answer(
        note=f"{REHEARSED}. {NOTE}" if report.rehearsal else NOTE,
        rehearsal=report.rehearsal,
        reference=circular.reference or circular.stem,
        subject=circular.subject,
        issuer=circular.issuer,
        participant=run.participant,
        company=contact.get("company") or run.participant,
        roles=run.roles,
        contact={key: value for key, value in contact.items() if key != "company"},
        verdict=report.verdict.text,
        run=run.run_id,
        sessions=tuple(map(_session, sections)),
        deadlines=tuple(_deadline(each, report.moment) for each in circular.deadlines),
        remarks=report.notices,
    )


def _session(section: SectionView) -> SessionAnswer:
    done = [scenario.outcome for scenario in section.scenarios]
    return SessionAnswer(
        name=section.name,
        site=section.site,
        starts=section.starts,
        ends=section.ends,
        ran=section.clock,
        in_window=section.in_window,
        systems=tuple(dict.fromkeys(each.endpoint.system for each in section.endpoints if each.listed)),
        result=Outcome.worst(done),
        clauses=tuple(map(_clause, section.clauses)),
    )


def _clause(covered: Covered) -> ClauseAnswer:
    wrong = [proof.scenario for proof in covered.proofs if proof.outcome is not Outcome.PASSED]
    return ClauseAnswer(
        id=covered.clause.id,
        asks=covered.clause.asks,
        result=covered.outcome,
        basis=tuple(map(str, covered.bases)),
        remark=covered.clause.untested if not covered.proofs else "; ".join(wrong[:3]),
    )


def _deadline(due: DeadlineRecord, ended: str) -> Deadline:
    by, at = moment(due.by), moment(ended)
    left = int((by - at) / dt.timedelta(minutes=1)) if by and at else None
    if left is not None and left < 0 and due.when == FormWhen.BEFORE:
        left = None  # a registration is not what this form answers
    return Deadline(what=due.what, to=due.to, by=due.by, left_minutes=left)
