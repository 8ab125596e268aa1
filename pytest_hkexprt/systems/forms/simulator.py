"""A rehearsal's ledger: what a diligent participant would have entered, or, with a drill, a careless one.

The entries lie a day before their deadlines, and their times come from the circular alone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from pathlib import Path
from types import TracebackType

from pytest_hkexprt.model import Circular
from pytest_hkexprt.systems.forms import ledger
from pytest_hkexprt.systems.forms.drills import Drill
from pytest_hkexprt.systems.forms.ledger import REGISTRATION, Entry

EARLY = dt.timedelta(days=1)
LATE = dt.timedelta(hours=1)
OTHER = "ANOTHER/CIRCULAR"
PROOF = b"stand-in for the confirmation of a registration\n"


class Simulator:
    """The ledger of a rehearsal.

    Args:
        folder: where it is written, anew.
        circular: whose registration and forms are entered.
        participant: whose they are.
        drills: faults.
    """

    def __init__(self, folder: Path, circular: Circular, participant: str, drills: Collection[str] = ()) -> None:
        self.path = folder / ledger.FILE_NAME
        """Where the ledger stands while the simulator is entered."""
        self._circular = circular
        self._participant = participant
        self._drills = frozenset(drills)

    def __enter__(self) -> Simulator:
        self.path.write_bytes(b"".join(ledger.line(entry) for entry in self.entries()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.path.unlink(missing_ok=True)

    def entries(self) -> tuple[Entry, ...]:
        """Return what the ledger holds."""
        entries = []
        registration = self._circular.registration
        if registration and Drill.NOT_REGISTERED not in self._drills:
            late = Drill.REGISTERED_LATE in self._drills
            other = Drill.OTHER_CIRCULAR in self._drills
            on = registration.deadline + LATE if late else registration.deadline - EARLY
            entries.append(self._entry(REGISTRATION, on, OTHER if other else ledger.name_of(self._circular)))
        for form in self._circular.forms:
            entries.append(self._entry(form.name, form.deadline - EARLY, ledger.name_of(self._circular)))
        return tuple(entries)

    def _entry(self, what: str, on: dt.datetime, circular: str) -> Entry:
        return Entry(
            circular=circular,
            what=what,
            participant=self._participant,
            on=on.astimezone(ledger.HONG_KONG).replace(tzinfo=None).isoformat(timespec="minutes"),
            by="the rehearsal",
            entered=on.isoformat(timespec="seconds"),
            proof="stand-in.txt",
            proof_size_bytes=len(PROOF),
            proof_sha256=hashlib.sha256(PROOF).hexdigest(),
        )
