"""The model's values as the journal's records, and the folder a run writes to."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import platform
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pytest_hkexprt import clock, deadline
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.parts import ClauseRecord, DeadlineRecord, ParticipantRecord, SourceRecord
from pytest_hkexprt.evidence.record import (
    SCHEMA_VERSION,
    CircularRecord,
    EndpointRecord,
    EndRecord,
    PlannedStep,
    RunRecord,
    ScenarioRecord,
    SessionRecord,
)
from pytest_hkexprt.schedule import begins, window

if TYPE_CHECKING:
    from collections import Counter

    from pytest_hkexprt.gherkin.text import FeatureText, ScenarioText
    from pytest_hkexprt.model import Circular, Outcome, Run, Session

DISTRIBUTIONS = (
    "pytest-hkexprt",
    "pytest",
    "pytest-bdd",
    "gherkin-official",
    "paramiko",
    "cryptography",
    "freezegun",
    "holidays",
    "msgspec",
    "Jinja2",
)
"""Whose versions stand in the evidence: what reads the steps, talks, moves the clock, and writes the evidence."""
JOURNAL = "evidence.jsonl"
"""The journal's name in a run's folder."""
MOST_FOLDERS = 10_000
"""How many runs may share a start and a site before a new folder's name is given up."""


def true_hong_kong() -> str:
    """Return the true moment in Hong Kong as ISO 8601 with seconds, in a rehearsal too."""
    moment = dt.datetime.fromisoformat(deadline.true_utc())
    return moment.astimezone(clock.HONG_KONG).isoformat(timespec="seconds")


def new_folder(reports: Path, run: Run, circular: Circular, session: Session) -> Path:
    """Make and return the run's folder, ``<start>-<circular>-<site>``, numbered where one of that name is there.

    Raises:
        UsageFault: the folder cannot be made.
    """
    start = (run.at or begins(session)) if run.rehearsal else clock.now()
    offered = circular.sessions if session in circular.sessions else (session,)  # the stabilisation period is none
    places = {each.place for each in offered if {*each.sites} & {*run.sites}}
    site = session.place.replace(" ", "-") if len(places) == 1 else "all"
    stem = re.sub(r"[^\w.-]", "_", circular.stem)
    name = f"{start.astimezone(clock.HONG_KONG):%Y%m%dT%H%M%S}-{stem}-{site}"
    for number in range(1, MOST_FOLDERS):
        folder = reports / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise UsageFault(
                str(folder),
                expected="a folder for the evidence",
                came=error.strerror or str(error),
                next_step="make it writable, or free some space",
            ) from error
        return folder
    raise UsageFault(str(reports), expected=f"fewer than {MOST_FOLDERS} runs named {name}", came="more")


def sources(root: Path, paths: Iterable[Path]) -> tuple[SourceRecord, ...]:
    """Return the records of the files a run is made from; a file that is gone by now is left out."""
    found = []
    for path in paths:
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
        with suppress(OSError):
            content = path.read_bytes()
            text = content.decode("utf-8-sig", "replace") if path.suffix == ".feature" else ""
            found.append(SourceRecord(file=name, sha256=hashlib.sha256(content).hexdigest(), text=text))
    return tuple(found)


def run_record(
    run: Run, run_id: str, command: str, *, suite: tuple[SourceRecord, ...], revision: str, signing_key: str
) -> RunRecord:
    """Return the journal's first record.

    Args:
        run: what the command line asked for.
        run_id: the run folder's name.
        command: the command line.
        suite: the features and circulars.
        revision: the git commit they stand at.
        signing_key: fingerprint of the key that will sign.
    """
    who, several = run.participant, run.participants
    roles = [role for each in several or (who,) for role in each.roles]
    return msgspec.structs.replace(
        tool_record(command),
        run_id=run_id,
        target=run.target,
        sites=tuple(run.sites),
        participant=", ".join(each.name for each in several or (who,)),
        participant_file=who.path.name if who.path else "",
        roles=tuple(dict.fromkeys(roles)),
        line=", ".join(dict.fromkeys(each.line for each in several or (who,) if each.line)),
        drills=run.drills,
        lang=run.lang,
        contact={} if several else dict(who.contact),
        participants=tuple(
            ParticipantRecord(name=each.name, roles=each.roles, line=each.line, contact=dict(each.contact))
            for each in several
        ),
        suite=suite,
        revision=revision,
        signing_key=signing_key,
    )


def tool_record(command: str) -> RunRecord:
    """Return a first record with what is so of any: this tool, this machine, this moment, the command line."""
    versions = {name: importlib.metadata.version(name) for name in DISTRIBUTIONS}
    return RunRecord(
        schema=SCHEMA_VERSION,
        run_id="",
        target="",
        sites=(),
        participant="",
        command=command,
        started=true_hong_kong(),
        versions={**versions, "Python": platform.python_version()},
        platform=f"{platform.system()} {platform.release()} {platform.machine()}",
        machine=platform.node(),
    )


def session_record(circular: Circular, session: Session, participant: str = "") -> SessionRecord:
    """Return the record of a session, with its circular and the addresses the circular publishes for it.

    Args:
        circular: what it belongs to.
        session: the session.
        participant: whose it is, where the run is of several.
    """
    return SessionRecord(
        circular=CircularRecord(
            stem=circular.stem,
            reference=circular.reference,
            dated=circular.dated.isoformat() if circular.dated else "",
            issuer=circular.issuer,
            subject=circular.subject,
            clauses=tuple(
                ClauseRecord(id=clause.id, asks=clause.asks, where=clause.where, untested=clause.untested)
                for clause in circular.clauses
            ),
            deadlines=tuple(_deadlines(circular)),
        ),
        name=session.name,
        site=session.place,
        starts=session.starts.astimezone(clock.HONG_KONG).isoformat(),
        ends=session.ends.astimezone(clock.HONG_KONG).isoformat(),
        endpoints=tuple(
            EndpointRecord(system=each.system, site=each.site, address=each.address, origin=each.origin)
            for each in circular.endpoints
            if each.site in session.sites and each.system in session.systems
        ),
        participant=participant,
    )


def notices(session: Session, run: Run) -> Iterator[str]:
    """Yield what a reader must know of the moment a session is entered at."""
    moment = clock.now()
    if not session.starts <= moment <= session.ends:
        yield f"{moment:%Y-%m-%d %H:%M} Hong Kong time is outside the window of {session.name}, {window(session)}"
    if not session.timed and run.rehearsal and not run.at:
        ours = f"the circular gives {session.name} a date and no time of day; this rehearsal's"
        yield f"{ours} {begins(session):%H:%M} is our own choice; --at makes another"


def _deadlines(circular: Circular) -> Iterator[DeadlineRecord]:
    def hong_kong(moment: dt.datetime) -> str:
        return moment.astimezone(clock.HONG_KONG).isoformat()

    if circular.registration:
        due = circular.registration
        yield DeadlineRecord(what="registration", to=due.channel, by=hong_kong(due.deadline), when="before")
    for session in circular.sessions:
        if session.register_by:
            to = circular.registration.channel if circular.registration else ""
            what = f"registration for {session.name}"
            yield DeadlineRecord(what=what, to=to, by=hong_kong(session.register_by), when="before")
    for form in circular.forms:
        yield DeadlineRecord(what=form.name, to=form.returned_to, by=hong_kong(form.deadline), when=form.when)


def scenario_record(
    node_id: str,
    feature: FeatureText,
    scenario: ScenarioText,
    clauses: tuple[str, ...],
    session: Session,
    attempt: int = 1,
) -> ScenarioRecord:
    """Return the record of a scenario that begins, with the steps it plans to run."""
    return ScenarioRecord(
        id=node_id,
        name=scenario.name,
        feature=feature.name,
        file=node_id.partition("::")[0],
        line=scenario.line,
        session=session.name,
        clauses=clauses,
        tags=tuple(sorted(scenario.tags)),
        steps=tuple(
            PlannedStep(
                keyword=step.keyword.strip(),
                text=step.text,
                line=step.line,
                table=step.table or (),
                docstring=step.docstring or "",
                background=step.background,
                clauses=step.clauses,
            )
            for step in scenario.steps
        ),
        title=scenario.title if scenario.title != scenario.name else "",
        rule=scenario.rule,
        row_line=scenario.row_line,
        values=dict(scenario.values),
        language=feature.language if feature.language != "en" else "",
        attempt=attempt,
    )


def end_record(lines: int, outcomes: Counter[Outcome], exit_status: int, interrupted: str) -> EndRecord:
    """Return the last record, which counts those before it."""
    return EndRecord(
        records=lines,
        outcomes={str(outcome): count for outcome, count in outcomes.items()},
        exit_status=exit_status,
        ended=true_hong_kong(),
        interrupted=interrupted,
    )
