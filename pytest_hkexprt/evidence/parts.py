"""What records have several of: files a run was made from, participants, step definitions, earlier runs."""

from __future__ import annotations

import msgspec


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
