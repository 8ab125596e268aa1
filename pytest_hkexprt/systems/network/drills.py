"""The faults a rehearsal can switch on, each of which the suite must catch."""

from __future__ import annotations

from enum import StrEnum


class Drill(StrEnum):
    """A named fault of the simulator; :data:`DRILLS` says what each does."""

    ADDRESS_REFUSED = "address-refused"
    ADDRESS_SILENT = "address-silent"
    WRONG_SERVICE = "wrong-service"
    SAYS_NOTHING = "says-nothing"
    UNSTEADY = "unsteady"
    OTHER_LINE = "other-line"
    NAME_UNKNOWN = "name-unknown"
    NAME_OF_OTHER_SITE = "name-of-other-site"


DRILLS: dict[str, str] = {
    Drill.ADDRESS_REFUSED: "the site's last address refuses connections",
    Drill.ADDRESS_SILENT: "the site's last address does not answer, as behind a packet filter",
    Drill.WRONG_SERVICE: "a web server answers at the site's addresses",
    Drill.SAYS_NOTHING: "connections stand, and the service behind them never greets",
    Drill.UNSTEADY: "each address answers once and refuses from then on",
    Drill.OTHER_LINE: "connections leave by another line than the participant's own",
    Drill.NAME_UNKNOWN: "the names of addresses are unknown; for a participant file that has names",
    Drill.NAME_OF_OTHER_SITE: "the names of addresses lead to the other site; for a participant file that has names",
}
"""Drill to what it does, in one sentence."""
