"""One sealed run, verified and read through once, for what merging must know of it.

Line by line: of a journal nothing is kept but its first and last record, its sessions, and the names of its scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence import folder as folders
from pytest_hkexprt.evidence import journal, manifest, sign, verify
from pytest_hkexprt.evidence.describe import JOURNAL
from pytest_hkexprt.evidence.manifest import MANIFEST, SIGNATURE, Manifest
from pytest_hkexprt.evidence.merged.as_one import split
from pytest_hkexprt.evidence.parts import ParticipantRecord, Seal
from pytest_hkexprt.evidence.record import (
    CircularRecord,
    EndRecord,
    OutcomeRecord,
    RunRecord,
    ScenarioRecord,
    SessionRecord,
)
from pytest_hkexprt.evidence.sign import Signer
from pytest_hkexprt.evidence.unpack import refuse_other, unpack
from pytest_hkexprt.model import Outcome
from pytest_hkexprt.participants import slug

Key = tuple[str, str, str, str, str]
"""What a scenario is, whoever's run it is in: participant, circular, session, site, and its id without these."""
MOST_SHOWN = 3


@dataclass(slots=True)
class Scanned:
    """A sealed run."""

    source: Path
    """As it was named."""
    folder: Path
    """Its own, or what its zip file was unpacked to."""
    begun: str
    """When its first line was written: tells apart what began in one second."""
    run: RunRecord
    end: EndRecord | None
    sealed: Manifest
    seal: Seal
    circulars: dict[str, CircularRecord] = field(default_factory=dict)
    sessions: set[tuple[str, str, str]] = field(default_factory=set)
    """Circular, name and site of each."""
    unnamed: set[str] = field(default_factory=set)
    """Circulars of which a scenario's id does not say the session."""
    scenarios: dict[Key, tuple[str, Outcome]] = field(default_factory=dict)
    """Each scenario's id, and how its last attempt ended; an error where it did not end."""

    @property
    def participants(self) -> tuple[ParticipantRecord, ...]:
        """Whose run it is: one's, or several's."""
        run = self.run
        alone = ParticipantRecord(name=run.participant, roles=run.roles, line=run.line, contact=run.contact)
        return run.participants or (alone,)


def opened(source: Path, name: str, into: Path, signers: Path | None) -> Scanned:
    """Return a sealed run, verified.

    Args:
        source: its folder, its zip file, or a ``latest`` pointer.
        name: what it is called in the whole.
        into: where a zip file is unpacked; not there yet.
        signers: OpenSSH's file of allowed signers.

    Raises:
        UsageFault: it is none, or it is not as it was written.
    """
    path, found = folders.resolved(source), []
    if not path.is_dir():
        refuse_other(path, source)
        into.mkdir(parents=True)
        path, found = into, unpack(path, into)
    looked = verify.look(path, signers, found)
    if not looked.valid:
        shown = [str(each) for each in looked.findings[:MOST_SHOWN]]
        more = len(looked.findings) - len(shown)
        raise UsageFault(
            str(source),
            expected="evidence as it was written",
            came="\n            ".join([*shown, *([f"and {more} more"] if more else [])]),
            next_step="leave it out, or get it again from the job that made it; nothing was written",
        )
    if signers is not None and not (path / SIGNATURE).is_file():
        raise UsageFault(str(source), expected=f"a signature, for --signers {signers.name}", came="none")
    return _read(source, name, path)


def _read(source: Path, name: str, folder: Path) -> Scanned:
    sealed = manifest.decode((folder / MANIFEST).read_bytes())
    lines = journal.read(folder / JOURNAL)
    begun, first = (line := next(lines)).utc, line.record
    assert isinstance(first, RunRecord), "a manifest is of a journal that begins with a run"
    found = Scanned(source, folder, begun, first, None, sealed, _seal(name, folder, sealed))
    session: SessionRecord | None = None
    key: Key | None = None
    for line in lines:
        record = line.record
        if isinstance(record, SessionRecord):
            session = record
            found.circulars.setdefault(record.circular.stem, record.circular)
            found.sessions.add((record.circular.stem, record.name, record.site))
        elif isinstance(record, ScenarioRecord):
            key = _key(found, record, session if record.session else None)
            found.scenarios[key] = (record.id, Outcome.ERROR)
        elif isinstance(record, OutcomeRecord) and key is not None:
            found.scenarios[key] = (record.id, record.outcome)
        elif isinstance(record, EndRecord):
            found.end = record
    return found


def _key(found: Scanned, record: ScenarioRecord, session: SessionRecord | None) -> Key:
    stem, inside = split(record)
    whose = (session.participant if session else "") or ("" if found.run.participants else found.run.participant)
    if found.run.participants and whose:
        inside = inside.removeprefix(slug(whose)).removeprefix("-")
    if session is None:
        return (whose, "", "", "", f"{stem}[{inside}]")
    circular = session.circular.stem
    if inside == session.name or inside.startswith(f"{session.name}-"):
        inside = inside.removeprefix(session.name).removeprefix("-")
    else:
        found.unnamed.add(circular)
    return (whose, circular, session.name, session.site, f"{stem}[{inside}]")


def _seal(name: str, folder: Path, sealed: Manifest) -> Seal:
    signed = ""
    if (folder / SIGNATURE).is_file():
        came = sign.check((folder / MANIFEST).read_bytes(), folder / SIGNATURE)
        signed = came.fingerprint if isinstance(came, Signer) else ""
    return Seal(
        source=name,
        records=sealed.journal.lines,
        sha256=sealed.journal.sha256,
        manifest=manifest.digest_of(folder / MANIFEST),
        signed_with=signed,
    )
