"""What records have several of: files a run was made from, participants, clauses, step definitions, earlier runs."""

from __future__ import annotations

import msgspec


class ClauseRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A clause as the circular's data had it when the run began."""

    id: str
    asks: str
    where: str = ""
    untested: str = ""


class DeadlineRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something a circular wants by a moment: a registration, a form."""

    what: str
    to: str
    by: str
    """ISO 8601 in Hong Kong time."""
    when: str
    """``before`` or ``after`` the sessions."""


class SourceRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file the run was made from, as it was when the run began; of a feature the text, too."""

    file: str
    """Relative to the root directory, with forward slashes; the base name of what lies elsewhere."""
    sha256: str
    text: str = ""


class ParticipantRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of several participants a run is for."""

    name: str
    roles: tuple[str, ...] = ()
    line: str = ""
    contact: dict[str, str] = {}


class DefinitionRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step definition: the phrase that carries out a step, and where it is written."""

    id: str
    """Told from the rest, so that every worker of a run names it alike."""
    phrase: str
    """As its author wrote it."""
    file: str
    """Relative to the root directory, with forward slashes; the base name of what lies elsewhere."""
    line: int
    pattern: str = ""
    """The regular expression that a text must fit as a whole, arguments as named groups; empty where none is known."""


class EarlierRun(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An earlier run of the same circular, sites and target, as its own journal told it."""

    run_id: str
    started: str
    """True start, ISO 8601 in Hong Kong time."""
    outcomes: str
    """A letter for each scenario of this run, in their order; see :data:`pytest_hkexprt.evidence.history.LETTERS`."""
    drills: tuple[str, ...] = ()


class Seal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a run was sealed on its own, before its records were merged with those of others."""

    source: str
    """The folder or zip file it was read from: its base name, behind its folder's where others have the same."""
    records: int
    """Of its journal."""
    sha256: str
    """Digest of its journal's last line, which vouches for all before it."""
    manifest: str
    """SHA-256 of its ``manifest.json``, kept below ``parts/``."""
    signed_with: str = ""
    """Fingerprint of the key its manifest is signed with; empty where it is not."""
