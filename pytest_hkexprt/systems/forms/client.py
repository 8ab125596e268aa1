"""The ledger's reader and writer, in the participant's data folder.

Entries are added, never changed: a mistake is followed by the right entry, and the earlier one stays to be seen.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from types import TracebackType

from pytest_hkexprt import clock
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.record import AttachmentRecord, ExchangeRecord
from pytest_hkexprt.systems.forms import ledger
from pytest_hkexprt.systems.forms.ledger import Entry


class Client:
    """The ledger of one data folder.

    Args:
        folder: the participant's data folder.
        journal: where the evidence goes.
    """

    def __init__(self, folder: Path, journal: Journal) -> None:
        self.path = folder / ledger.FILE_NAME
        """The ledger's file; it need not be there yet."""
        self._journal = journal

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held open between two verbs."""

    def entries(self) -> tuple[Entry, ...]:
        """Return what was entered so far, and note it as evidence.

        Raises:
            UsageFault: the file cannot be read, or a line is no entry.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            data = b""
        except OSError as error:
            raise UsageFault(str(self.path), expected="a readable ledger", came=str(error.strerror)) from error
        found = ledger.parse(data, str(self.path))
        self._note(f"ledger read, {len(found)} entries", {"SHA-256": hashlib.sha256(data).hexdigest()})
        for entry in found:
            if entry.proof:
                self._journal.attachment(
                    AttachmentRecord(name=entry.proof, size_bytes=entry.proof_size_bytes, sha256=entry.proof_sha256)
                )
        return found

    def add(self, *, circular: str, what: str, participant: str, on: str, by: str, proof: Path | None = None) -> Entry:
        """Add an entry, with the digest of its proof, and return it.

        Raises:
            UsageFault: the day is no day, or not yet; the proof or the ledger cannot be read or written.
        """
        now = clock.now()
        if wrong := ledger.mistake_in_date(on):
            raise UsageFault("--on", expected="a day, 2023-04-05, or a minute, 2023-04-06T17:30", came=wrong)
        if on.replace(" ", "T") > now.replace(tzinfo=None).isoformat()[: len(on)]:
            raise UsageFault("--on", expected=f"a time that is past; it is {now:%Y-%m-%d %H:%M} in Hong Kong", came=on)
        kept = _read(proof) if proof else b""
        entry = Entry(
            circular=circular,
            what=what,
            participant=participant,
            on=on.replace(" ", "T"),
            by=by,
            entered=now.isoformat(timespec="seconds"),
            proof=proof.name if proof else "",
            proof_size_bytes=len(kept),
            proof_sha256=hashlib.sha256(kept).hexdigest() if proof else "",
        )
        self._append(ledger.line(entry))
        self._note(f"entered {what} of {circular}", {"on": entry.on, "by": by})
        return entry

    def _append(self, line: bytes) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # One write of one line at the end: two commands at once leave two whole lines.
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(descriptor, line)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise UsageFault(str(self.path), expected="a ledger to write", came=str(error.strerror)) from error

    def _note(self, what: str, facts: dict[str, str]) -> None:
        self._journal.write(ExchangeRecord(system="forms", endpoint=self.path.name, what=what, facts=facts))


def _read(proof: Path) -> bytes:
    try:
        return proof.read_bytes()
    except OSError as error:
        raise UsageFault(f"--proof {proof}", expected="a readable file", came=str(error.strerror)) from error
