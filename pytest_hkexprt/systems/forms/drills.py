"""The faults of a rehearsal's ledger, each of which the suite must catch."""

from __future__ import annotations

from enum import StrEnum


class Drill(StrEnum):
    """A named fault of the ledger; :data:`DRILLS` says what each does."""

    NOT_REGISTERED = "not-registered"
    REGISTERED_LATE = "registered-late"
    OTHER_CIRCULAR = "other-circular"


DRILLS: dict[str, str] = {
    Drill.NOT_REGISTERED: "the ledger has no registration",
    Drill.REGISTERED_LATE: "the registration was made an hour after its deadline",
    Drill.OTHER_CIRCULAR: "the registration was made for another circular",
}
"""Drill to what it does, in one sentence."""
