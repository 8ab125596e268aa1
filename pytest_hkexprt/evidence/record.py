"""The journal's record types: what a line of ``evidence.jsonl`` may be.

A line is one JSON object: the envelope (``seq``, ``utc``, ``rehearsed``, ``prev``) and the record's own fields, with
``kind`` naming its type. A rendering shows nothing else, so it can be drawn again a year later from the journal alone.
"""

from __future__ import annotations

from typing import Union

import msgspec

from pytest_hkexprt.evidence.parts import (
    ClauseRecord,
    DeadlineRecord,
    DefinitionRecord,
    EarlierRun,
    ParticipantRecord,
    Seal,
    SourceRecord,
)
from pytest_hkexprt.model import Basis, Outcome

SCHEMA_VERSION = 3
"""Older journals are read as well; since 2 a session has a participant, since 3 a journal may be merged of several."""


class Record(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    """What every record is."""


class CircularRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A circular as its data had it when the run began."""

    stem: str
    reference: str
    dated: str
    """ISO date, or empty."""
    issuer: str
    subject: str
    clauses: tuple[ClauseRecord, ...]
    deadlines: tuple[DeadlineRecord, ...] = ()


class RunRecord(Record, frozen=True, kw_only=True, tag="run"):
    """The first line: who runs what against whom, and when."""

    schema: int = 1
    """Journals from before version 3 do not say theirs."""
    run_id: str
    """The run folder's name."""
    target: str
    """``simulator`` or ``live``."""
    sites: tuple[str, ...]
    participant: str
    """Its name; of several, all their names, separated by commas."""
    participant_file: str = ""
    """Base name only; empty for a generated participant."""
    roles: tuple[str, ...] = ()
    line: str = ""
    command: str
    """The command line as typed, secrets removed."""
    started: str
    """True start, ISO 8601 in Hong Kong time."""
    versions: dict[str, str]
    """Distribution name to version: this tool, pytest, pytest-bdd, paramiko, Python …"""
    platform: str
    drills: tuple[str, ...] = ()
    suite: tuple[SourceRecord, ...] = ()
    """The features and circulars."""
    revision: str = ""
    """The git commit checked out where the suite lies; empty where there is none."""
    signing_key: str = ""
    """Fingerprint of the key the manifest is going to be signed with; empty for a run nobody signs."""
    lang: str = ""
    """Language of the renderings' labels, ``zh-Hant``; empty for English."""
    contact: dict[str, str] = {}
    """Who answers the circular: the participant file's ``[contact]``, as its keys name it."""
    participants: tuple[ParticipantRecord, ...] = ()
    """Each of several, in the file's order; empty where there is one alone."""
    machine: str = ""
    """The name of the machine it ran on."""
    parts: int = 0
    """Of how many sealed runs this journal was merged; 0 where it is a run's own."""


class EndpointRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An address a session may talk to."""

    system: str
    site: str
    address: str
    """``host:port`` that is dialled."""
    published: str = ""
    """``host:port`` of the circular, where another is dialled."""
    origin: str = "circular"


class SessionRecord(Record, frozen=True, kw_only=True, tag="session"):
    """The scenarios that follow belong to this session of this circular."""

    circular: CircularRecord
    name: str
    site: str
    starts: str
    """ISO 8601 in Hong Kong time."""
    ends: str
    endpoints: tuple[EndpointRecord, ...] = ()
    participant: str = ""
    """Whose session it is, where the run is of several; empty where there is one alone."""


class NoticeRecord(Record, frozen=True, kw_only=True, tag="notice"):
    """Something a reader of the evidence must know: a moved clock, a replaced address, an address taken."""

    text: str


class PlannedStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step as the feature has it, before it ran."""

    keyword: str
    """``Given``, ``When`` … as written, stripped."""
    text: str
    line: int
    table: tuple[tuple[str, ...], ...] = ()
    docstring: str = ""
    background: bool = False
    clauses: tuple[str, ...] = ()
    """Those it proves by itself, whatever becomes of the scenario's other steps."""


class ScenarioRecord(Record, frozen=True, kw_only=True, tag="scenario"):
    """A scenario begins; records up to its :class:`OutcomeRecord` belong to it."""

    id: str
    """pytest's node id."""
    name: str
    feature: str
    """The feature's own name."""
    file: str
    """Relative to the root directory, with forward slashes."""
    line: int
    session: str
    """Name of the session; empty for an ordinary test."""
    clauses: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    steps: tuple[PlannedStep, ...] = ()
    title: str = ""
    """Its name with the example row's values filled in, where that differs."""
    rule: str = ""
    row_line: int = 0
    """Where the example row stands; 0 for a scenario that is no outline."""
    values: dict[str, str] = {}
    """The example row's columns and values."""
    language: str = ""
    """Of the feature, where it is not English."""
    attempt: int = 1
    """Which attempt this is, where a scenario that failed is run again."""


class StepRecord(Record, frozen=True, kw_only=True, tag="step"):
    """A step ended; the exchanges, checks and attachments since the step before are its own."""

    index: int
    """Position in the scenario's planned steps, from 0."""
    outcome: Outcome
    duration_s: float
    message: str = ""
    cause: str = ""
    """Why it could not even begin: ``undefined`` (no phrase fits) or ``ambiguous`` (several do); empty otherwise."""
    definitions: tuple[str, ...] = ()
    """Ids of the step definitions that fit its text: one, several where it is ambiguous, none where it is undefined."""
    defined: tuple[DefinitionRecord, ...] = ()
    """Those of them that no step before it named."""


class ExchangeRecord(Record, frozen=True, kw_only=True, tag="exchange"):
    """Something was said between us and a system."""

    system: str
    endpoint: str
    """As :class:`~pytest_hkexprt.model.Endpoint` prints itself."""
    what: str
    """One sentence: ``host key verified``, ``listed 41 files``."""
    facts: dict[str, str] = {}
    """Short name to value, in the order to show: ``host key`` (of a server), ``method`` …"""


class Check(Record, frozen=True, kw_only=True, tag="check"):
    """Something was compared.

    A pure check function returns one of these; :meth:`Journal.check` writes it and only then raises
    :class:`~pytest_hkexprt.errors.Unmet`: no check fails without evidence, and none passes without having been made.
    """

    what: str
    """A noun phrase: ``number of files``."""
    where: str
    """System, site and endpoint in one line."""
    expected: str
    came: str
    met: bool
    basis: Basis = Basis.OBSERVED
    """The journal puts ``simulated`` in a rehearsal."""
    next_step: str = ""
    """What the reader can do when it is not met."""
    details: tuple[str, ...] = ()
    """Lines for a reader: missing names, remarks on a pass."""


class AttachmentRecord(Record, frozen=True, kw_only=True, tag="attachment"):
    """Something was kept, or, for a confidential report, its facts were."""

    name: str
    """As the other side named it, made visible."""
    size_bytes: int
    sha256: str
    modified: str = ""
    """ISO 8601, or empty."""
    stored: str = ""
    """Path below the run folder; empty when only the facts are kept."""


class OutcomeRecord(Record, frozen=True, kw_only=True, tag="outcome"):
    """A scenario ended."""

    id: str
    outcome: Outcome
    duration_s: float
    checks: int
    """How many checks were made."""
    message: str = ""
    again: bool = False
    """Whether another attempt at the scenario follows, whose outcome counts instead."""


class HistoryRecord(Record, frozen=True, kw_only=True, tag="history"):
    """The runs whose folders lay beside this one's, so that a report drawn again a year later shows the same trend."""

    runs: tuple[EarlierRun, ...]
    """The oldest first."""
    gone: tuple[str, ...] = ()
    """Ids of scenarios that the last of them had and this one has not, the first few."""


class EndRecord(Record, frozen=True, kw_only=True, tag="end"):
    """The last line: what the lines before it count."""

    records: int
    """How many lines precede this one."""
    outcomes: dict[str, int]
    """Outcome to number of scenarios."""
    exit_status: int
    ended: str
    """True end, ISO 8601 in Hong Kong time."""
    interrupted: str = ""


class PartRecord(Record, frozen=True, kw_only=True, tag="part"):
    """In a merged journal: the records that follow are a sealed run's own, as that wrote them, but for its first."""

    number: int
    """From 1."""
    run: RunRecord
    """Its first record."""
    seal: Seal
    end: EndRecord | None = None
    """Its last record; None where it was cut short."""
    participant: str = ""
    """Whose its sessions are, where they name nobody and the whole is of several."""
    sessions_named: tuple[str, ...] = ()
    """Circulars whose scenarios are told apart by their session in the whole, and are not in this run."""
    again: tuple[str, ...] = ()
    """Ids of scenarios, as this run has them, that a later part ran again; that one's outcome counts instead."""


AnyRecord = Union[  # noqa: UP007  msgspec decodes a Union it is handed as a value
    RunRecord, SessionRecord, NoticeRecord, ScenarioRecord, StepRecord, ExchangeRecord, Check, AttachmentRecord,
    OutcomeRecord, HistoryRecord, EndRecord, PartRecord,
]  # fmt: skip


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the journal: the envelope and its record."""

    seq: int
    """From 0, without gaps."""
    utc: str
    """True moment, ISO 8601 with microseconds."""
    rehearsed: str | None
    """Rehearsed moment in Hong Kong, or None with the true clock."""
    prev: str
    """SHA-256, hexadecimal, of the line before (without its newline); of nothing for the first."""
    record: AnyRecord
