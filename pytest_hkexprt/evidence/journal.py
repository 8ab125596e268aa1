"""The evidence journal: one line a record, flushed as it is written, each line carrying the digest of the one before.

Everything that may become evidence passes through :meth:`Journal.write`, the one sink, where secrets are taken out
again. A process killed at any point leaves the lines written so far, and every rendering can be drawn from them.

Flush policy: each line is handed to the operating system in one write before the call returns, so a killed process
loses nothing. The file is synchronised to the disk with its first line, with any line that comes
:data:`SYNCHRONISED_EVERY_S` or more after the last time, with every unmet check, and when it is closed: that is what a
power cut leaves for certain. A disk that is full or gone costs the line that did not fit: it is taken back whole, the
caller is told, and nothing more is written.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import msgspec

from pytest_hkexprt import clock, deadline
from pytest_hkexprt.errors import HkexprtError, Unmet, UsageFault
from pytest_hkexprt.evidence.merged.as_one import as_one
from pytest_hkexprt.evidence.record import (
    SCHEMA_VERSION,
    AttachmentRecord,
    Check,
    ExchangeRecord,
    Line,
    NoticeRecord,
    Record,
    RunRecord,
)
from pytest_hkexprt.evidence.redact import Redactor
from pytest_hkexprt.evidence.strings import each_string, surrogates_shown
from pytest_hkexprt.model import Basis, Endpoint

FIRST = hashlib.sha256(b"").hexdigest()
"""What the first line carries as the digest of the line before it."""
ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
"""What of a name may become the ending of a local file."""
ATTACHMENTS = "attachments"
"""The folder, beside the journal, of what is kept by its digest."""
SYNCHRONISED_EVERY_S = 1.0
"""A synchronisation takes some milliseconds on an ordinary disk: once a second it stays below one part in a hundred."""


class EvidenceLost(HkexprtError):
    """The journal cannot be written any more."""


class Journal:
    """The one sink of a run's evidence.

    Args:
        path: the ``.jsonl`` file to write, made anew; None keeps nothing (a client used outside a run).
        rehearsal: whether the clock is a rehearsed one and every check's basis ``simulated``.
        redactor: what knows the secrets.
    """

    def __init__(self, path: Path | None, *, rehearsal: bool = False, redactor: Redactor | None = None) -> None:
        self.path = path
        self.rehearsal = rehearsal
        self.redactor = redactor or Redactor()
        self.lines = 0
        """Lines written so far."""
        self.checks = 0
        """Checks made so far."""
        self.lost = ""
        """Why nothing more can be written; empty while it can."""
        self._prev = FIRST
        self._size_bytes = 0
        self._synchronised_s = float("-inf")
        self._encoder = msgspec.json.Encoder()
        self._file = -1
        if path is not None:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            synchronise_folder(path.parent)

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, record: Record) -> None:
        """Append one record, without secrets, chained to the line before it."""
        rehearsed = clock.now().isoformat(timespec="milliseconds") if self.rehearsal else None
        self.write_at(record, utc=deadline.true_utc(), rehearsed=rehearsed)

    def write_at(self, record: Record, *, utc: str, rehearsed: str | None) -> None:
        """Append one record with the times it already has; merging the journals of several workers needs this.

        Raises:
            EvidenceLost: the line could not be written; once raised, later lines are dropped in silence.
        """
        if self._file >= 0:
            unmet = isinstance(record, Check) and not record.met
            self._write(self._clean(record), utc, rehearsed, at_once=unmet)

    def copy(self, record: msgspec.Raw, *, utc: str, rehearsed: str | None) -> None:
        """Append a sealed journal's record byte for byte, so that its own chain can be worked out from this one.

        Raises:
            EvidenceLost: as for :meth:`write_at`.
        """
        self._write(record, utc, rehearsed, at_once=False)

    def _write(self, record: msgspec.Raw, utc: str, rehearsed: str | None, *, at_once: bool) -> None:
        line = self._encoder.encode(chained(self.lines, utc, rehearsed, self._prev, record))
        try:
            self._append(line + b"\n", at_once=at_once)
        except OSError as error:
            raise self._lose(error) from error
        self._prev = hashlib.sha256(line).hexdigest()
        self.lines += 1

    def _append(self, line: bytes, *, at_once: bool) -> None:
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(self._file, rest) :]
        self._size_bytes += len(line)
        if at_once or deadline.monotonic_s() - self._synchronised_s >= SYNCHRONISED_EVERY_S:
            os.fsync(self._file)
            self._synchronised_s = deadline.monotonic_s()

    def _lose(self, error: OSError) -> EvidenceLost:
        """Give the journal up, whole up to the last line that fitted."""
        self.lost = error.strerror or str(error)
        with suppress(OSError):
            os.ftruncate(self._file, self._size_bytes)
        with suppress(OSError):
            os.close(self._file)
        self._file = -1
        return EvidenceLost(
            str(self.path),
            expected="room for the evidence",
            came=self.lost,
            next_step=f"make room and run again; the {self.lines} lines before this one are whole",
        )

    def _clean(self, record: Record) -> msgspec.Raw:
        """Return the record encoded, without secrets and without the lone surrogates that JSON cannot carry."""
        try:
            encoded = self._encoder.encode(record)
        except UnicodeEncodeError:
            record = each_string(record, lambda text: surrogates_shown(self.redactor.text(text)))
            encoded = self._encoder.encode(record)
        if self.redactor.found_in(encoded):
            encoded = self._encoder.encode(each_string(record, self.redactor.text))
        return msgspec.Raw(encoded)

    def notice(self, text: str) -> None:
        """Note something a reader of the evidence must know."""
        self.write(NoticeRecord(text=text))

    def exchange(self, endpoint: Endpoint, what: str, facts: Mapping[str, str] | None = None) -> None:
        """Note that something was said between us and the system at ``endpoint``."""
        self.write(ExchangeRecord(system=endpoint.system, endpoint=str(endpoint), what=what, facts=dict(facts or {})))

    def keep(self, name: str, content: bytes, *, modified: str = "") -> AttachmentRecord:
        """Keep content beside the journal under its digest, note it, and return the record.

        Text is kept without secrets. A confidential report is never kept: note its facts with :meth:`attachment`.
        """
        with suppress(UnicodeDecodeError):
            content = self.redactor.text(content.decode()).encode()
        digest = hashlib.sha256(content).hexdigest()
        ending = ENDING.search(name)
        stored = f"{ATTACHMENTS}/{digest}{ending[0].lower() if ending else ''}"
        record = AttachmentRecord(
            name=name, size_bytes=len(content), sha256=digest, modified=modified, stored=stored if self.path else ""
        )
        if self.path is not None and self._file >= 0:
            try:
                (self.path.parent / ATTACHMENTS).mkdir(exist_ok=True)
                (self.path.parent / stored).write_bytes(content)
            except OSError as error:
                raise self._lose(error) from error
        self.write(record)
        return record

    def attachment(self, attachment: AttachmentRecord) -> None:
        """Note something kept, or the facts of a confidential report."""
        self.write(attachment)

    def check(self, check: Check) -> None:
        """Write the check, then raise if it is not met.

        Raises:
            Unmet: the check is not met.
        """
        self.checks += 1
        if self.rehearsal:
            check = msgspec.structs.replace(check, basis=Basis.SIMULATED)
        self.write(check)
        if not check.met:
            came = "\n            ".join((check.came, *check.details))
            raise Unmet(f"{check.where}: {check.what}", expected=check.expected, came=came, next_step=check.next_step)

    def close(self) -> None:
        """Synchronise to the disk and close; once closed, nothing is written any more."""
        if self._file >= 0:
            try:
                os.fsync(self._file)
                os.close(self._file)
            except OSError as error:
                self._lose(error)
            self._file = -1


def chained(seq: int, utc: str, rehearsed: str | None, prev: str, record: msgspec.Raw) -> dict[str, object]:
    """Return a line as it is encoded: the one form a line has, so that it can be made again from its parts."""
    return {"seq": seq, "utc": utc, "rehearsed": rehearsed, "prev": prev, "record": record}


def synchronise_folder(folder: Path) -> None:
    """Make a new file's name outlive a power cut, where the system lets a folder be synchronised."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


@dataclass(frozen=True, slots=True)
class Whole:
    """A journal read to its end, for all that is made from it."""

    lines: list[Line]
    head: str
    """Digest of the last whole line, without its newline; of nothing where there is none."""


def load(path: Path) -> Whole:
    """Return a journal's whole lines and the head of its chain.

    Raises:
        UsageFault: as for :func:`read`.
    """
    head = FIRST

    def lines() -> Iterator[Line]:
        nonlocal head
        for line, head in _read(path):  # noqa: B007  the last one is what is wanted
            yield line

    return Whole(list(as_one(lines())), head)


def read(path: Path) -> Iterator[Line]:
    """Yield the whole lines of a journal, in order; a last line cut short by a kill is left out.

    A merged journal's come as those of one run; see :func:`~pytest_hkexprt.evidence.merged.as_one.as_one`.

    Raises:
        UsageFault: a line is not a record of a known schema, or the chain of digests is broken; the message names
            the line.
    """
    return as_one(line for line, _ in _read(path))


def _read(path: Path) -> Iterator[tuple[Line, str]]:
    """Yield a journal's lines, each with its own digest."""
    decoder = msgspec.json.Decoder(Line)
    prev = FIRST
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if not raw.endswith(b"\n"):
                return
            try:
                line = decoder.decode(raw)
            except msgspec.MsgspecError as error:
                raise UsageFault(f"{path}, line {number}", expected="a journal record", came=str(error)) from error
            if line.prev != prev:
                raise UsageFault(
                    f"{path}, line {number}",
                    expected=f"the digest of the line before it, {prev}",
                    came=line.prev,
                    next_step="a line was changed, added, removed or moved; hkexprt verify says which",
                )
            if isinstance(line.record, RunRecord) and line.record.schema > SCHEMA_VERSION:
                raise UsageFault(
                    f"{path}, line {number}",
                    expected=f"a journal of schema {SCHEMA_VERSION} or older",
                    came=f"schema {line.record.schema}",
                    next_step="read it with the version of pytest-hkexprt that wrote it, or a newer one",
                )
            prev = hashlib.sha256(raw[:-1]).hexdigest()
            yield line, prev
