"""Whether evidence is as it was written, and if not, exactly what was done to it.

Three things vouch for one another: the signature for the manifest, the manifest for every file and for the last line of
the journal, the last line for all lines before it. Without a signature whoever changes a file can make the rest fit;
then this tells accident from evidence, not malice, and says so.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence import chain, journal, manifest, sign
from pytest_hkexprt.evidence.chain import Change, Finding
from pytest_hkexprt.evidence.describe import JOURNAL
from pytest_hkexprt.evidence.manifest import MANIFEST, SIGNATURE, SUMS, Manifest
from pytest_hkexprt.evidence.merged.prove import prove
from pytest_hkexprt.evidence.record import RunRecord
from pytest_hkexprt.evidence.sign import Signer
from pytest_hkexprt.evidence.unpack import refuse_other, unpack


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found."""

    run_id: str
    """Empty where not even that can be read."""
    facts: tuple[str, ...]
    """What the evidence is, in sentences: how long, whether ended, who signed."""
    findings: tuple[Finding, ...]
    """What is not as it was written; empty for valid evidence."""

    @property
    def valid(self) -> bool:
        """Whether nothing was changed, added, removed or reordered."""
        return not self.findings


def verify(path: Path, signers: Path | None = None) -> Verified:
    """Return what became of a run's folder, or of its zip file.

    Args:
        path: the folder, the zip file, or a ``latest`` pointer.
        signers: OpenSSH's file of allowed signers, to say who signed and not only with which key.

    Raises:
        UsageFault: there is no evidence, or no means to check its signature.
    """
    if path.is_dir():
        return look(path, signers, [])
    refuse_other(path, path)
    with tempfile.TemporaryDirectory(prefix="hkexprt-verify-") as temporary:
        folder = Path(temporary)
        return look(folder, signers, unpack(path, folder))


def look(folder: Path, signers: Path | None, found: list[Finding]) -> Verified:
    """Return what became of a run's folder.

    Args:
        folder: the run's, or what its zip file was unpacked to.
        signers: OpenSSH's file of allowed signers.
        found: what unpacking it found already.

    Raises:
        UsageFault: there is no evidence, or no means to check its signature.
    """
    if not found and not any((folder / name).is_file() for name in (MANIFEST, JOURNAL)):
        raise UsageFault(str(folder), expected=f"{JOURNAL} and {MANIFEST}, as a run leaves them", came="neither")
    sealed = _sealed(folder, found)
    if sealed is not None:
        found += _files(folder, sealed)
    run = _journal(folder, sealed, found)
    if sealed is not None and not found and manifest.encode(manifest.build(folder)) != (folder / MANIFEST).read_bytes():
        found.append(Finding(Change.CHANGED, f"{MANIFEST}: it is not the one that this journal and these files give"))
    facts = [_signature(folder, sealed, run, signers, found)] if sealed is not None else []
    if sealed is not None:
        cut = "" if sealed.journal.ended else "; the run was cut short, the journal has no end"
        facts.insert(0, f"{sealed.journal.lines} records, {len(sealed.sha256sums)} files{cut}")
    if run is not None and run.parts and sealed is not None and not found:
        facts += prove(folder, run, sealed, signers, found)
    return Verified(run.run_id if run else "", tuple(facts), tuple(found))


def _sealed(folder: Path, found: list[Finding]) -> Manifest | None:
    path = folder / MANIFEST
    if not path.is_file():
        why = "a run that was killed has none either; hkexprt report FOLDER makes it anew"
        found.append(Finding(Change.REMOVED, f"{MANIFEST}: without it only the journal's own chain is checked; {why}"))
        return None
    try:
        return manifest.decode(path.read_bytes())
    except UsageFault as fault:
        found.append(Finding(Change.CHANGED, f"{MANIFEST}: it cannot be read ({fault.came})"))
        return None


def _files(folder: Path, sealed: Manifest) -> list[Finding]:
    """Compare the files there are with those of the manifest."""
    due = manifest.listed(sealed.sha256sums)
    there = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() or path.is_symlink()
    } - {MANIFEST, SIGNATURE}
    found = [Finding(Change.REMOVED, name) for name in sorted(due.keys() - there)]
    found += [
        Finding(Change.ADDED, f"{name!r}" if not name.isprintable() else name) for name in sorted(there - due.keys())
    ]
    links = sorted(name for name in due if (folder / name).is_symlink())
    found += [Finding(Change.CHANGED, f"{name}: a link, and not the file itself") for name in links]
    found += [
        Finding(Change.CHANGED, name)
        for name in sorted((due.keys() & there).difference(links))
        if not (folder / name).is_file() or manifest.digest_of(folder / name) != due[name]
    ]
    if SUMS not in due:
        found.append(Finding(Change.CHANGED, f"{MANIFEST}: it does not list {SUMS}"))
    return found


def _journal(folder: Path, sealed: Manifest | None, found: list[Finding]) -> RunRecord | None:
    """Check the chain, and return the run the journal is of, where that can be read."""
    path = folder / JOURNAL
    if not path.is_file():
        return None
    lines = path.read_bytes().split(b"\n")
    cut = lines.pop()
    head = sealed.journal if sealed else None
    found += chain.findings(lines, head=head.sha256 if head else "", count=head.lines if head else None)
    if cut and any(each.what == JOURNAL for each in found):
        found.append(Finding(Change.ADDED, f"{JOURNAL}: {len(cut)} bytes after its last whole line"))
    try:
        first = next(journal.read(path), None)
    except UsageFault:
        return None
    return first.record if first and isinstance(first.record, RunRecord) else None


def _signature(
    folder: Path, sealed: Manifest, run: RunRecord | None, signers: Path | None, found: list[Finding]
) -> str:
    """Check the signature, and return what there is to say of it."""
    due = (run.signing_key if run else "") or sealed.signing_key
    if not (folder / SIGNATURE).is_file():
        if due:
            found.append(Finding(Change.REMOVED, f"{SIGNATURE}: the run was to be signed with {due}"))
        return "not signed: this tells accident, not malice" if not due else "the signature is missing"
    came = sign.check((folder / MANIFEST).read_bytes(), folder / SIGNATURE, signers)
    if not isinstance(came, Signer):
        found.append(Finding(Change.CHANGED, f"{MANIFEST} or {SIGNATURE}: the signature is not good: {came}"))
        return "the signature is not good"
    if due and came.fingerprint != due:
        found.append(Finding(Change.CHANGED, f"{SIGNATURE}: of another key: expected {due}, came {came.fingerprint}"))
    if came.identity:
        return f"signed by {came.identity} with {came.fingerprint}"
    return f"signed with {came.fingerprint}; compare it with the signer's, or give --signers FILE"
