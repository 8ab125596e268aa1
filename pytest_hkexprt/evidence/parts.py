"""What the journal's first record has several of: the files a run was made from, the participants it was for."""

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
