"""The faults a rehearsal can switch on, each of which the suite must catch."""

from __future__ import annotations

from enum import StrEnum


class Drill(StrEnum):
    """A named fault of the simulator; :data:`DRILLS` says what each does."""

    SAYS_NOTHING = "says-nothing"


DRILLS: dict[str, str] = {Drill.SAYS_NOTHING: "the service takes the connection and never answers"}
"""Drill to what it does, in one sentence."""
