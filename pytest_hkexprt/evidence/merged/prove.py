"""That the parts of a merged run are the runs they are said to be.

Three things are held against each other: the part's records as they stand in the merged journal, the part's own
manifest, kept below ``parts/``, and that manifest's signature. The records give the part's own chain of digests again,
and its last digest must be the one that the manifest names; what the part kept must lie here under its digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence import manifest, sign
from pytest_hkexprt.evidence.chain import Change, Finding
from pytest_hkexprt.evidence.describe import JOURNAL
from pytest_hkexprt.evidence.journal import ATTACHMENTS
from pytest_hkexprt.evidence.manifest import MANIFEST, SIGNATURE, Manifest
from pytest_hkexprt.evidence.merged import raw
from pytest_hkexprt.evidence.parts import Seal
from pytest_hkexprt.evidence.record import RunRecord
from pytest_hkexprt.evidence.sign import Signer

PARTS = "parts"
"""The folder, beside the merged journal, of each part's manifest and signature."""


def place(folder: Path, number: int) -> Path:
    """Return where the manifest and the signature of a part are kept."""
    return folder / PARTS / f"{number:04}"


def prove(folder: Path, run: RunRecord, sealed: Manifest, signers: Path | None, found: list[Finding]) -> Iterator[str]:
    """Yield what there is to say of each part; add to ``found`` what is not as it should be.

    Args:
        folder: of the merged run.
        run: its first record.
        sealed: its manifest.
        signers: OpenSSH's file of allowed signers.
        found: what is wrong so far.
    """
    number = 0
    here = manifest.listed(sealed.sha256sums)
    for number, (part, head) in enumerate(_parts(folder / JOURNAL), start=1):
        name = f"part {number}, {part.seal.source}"
        if head != part.seal.sha256:
            found.append(Finding(Change.CHANGED, f"{name}: its records are not those that its own last digest ends"))
        yield f"{name}: {_held(place(folder, number), part.seal, name, here, signers, found)}"
    if number != run.parts:
        found.append(Finding(Change.CHANGED, f"{JOURNAL}: it was merged of {run.parts} runs and holds {number}"))


def _parts(journal: Path) -> Iterator[tuple[raw.RawPart, str]]:
    """Yield each part, and the head of its own chain as its records give it."""
    lines = raw.read(journal)
    for line in lines:
        try:
            part = msgspec.json.decode(line.record, type=raw.RawPart)
        except msgspec.ValidationError:
            continue  # the merged run's own first and last line
        chain = raw.Chain()
        chain.add(part.run, line.utc, line.rehearsed)
        while chain.lines < part.seal.records and (inner := next(lines, None)) is not None:
            chain.add(inner.record, inner.utc, inner.rehearsed)
        yield part, chain.head


def _held(where: Path, seal: Seal, name: str, here: dict[str, str], signers: Path | None, found: list[Finding]) -> str:
    """Hold a part's manifest against its seal, and return what there is to say of its signature."""
    content = (where / MANIFEST).read_bytes() if (where / MANIFEST).is_file() else b""
    try:
        own = manifest.decode(content)
    except UsageFault:
        found.append(Finding(Change.REMOVED, f"{name}: its own {MANIFEST}"))
        return "its manifest is missing"
    if manifest.digest_of(where / MANIFEST) != seal.manifest:
        found.append(Finding(Change.CHANGED, f"{name}: its {MANIFEST} is another than the one it was merged with"))
    if (own.journal.sha256, own.journal.lines) != (seal.sha256, seal.records):
        found.append(Finding(Change.CHANGED, f"{name}: its {MANIFEST} is of another journal"))
    kept = {file: digest for file, digest in manifest.listed(own.sha256sums).items() if file.startswith(ATTACHMENTS)}
    found += [Finding(Change.REMOVED, f"{name}: {file}") for file in sorted(kept) if here.get(file) != kept[file]]
    records = f"{seal.records} records, {seal.sha256[:16]}…"
    if not (where / SIGNATURE).is_file():
        if seal.signed_with or own.signing_key:
            found.append(Finding(Change.REMOVED, f"{name}: its {SIGNATURE}"))
        return f"{records}, not signed"
    came = sign.check(content, where / SIGNATURE, signers)
    if not isinstance(came, Signer):
        found.append(Finding(Change.CHANGED, f"{name}: its signature is not good: {came}"))
        return f"{records}; its signature is not good"
    if came.fingerprint != seal.signed_with:
        found.append(Finding(Change.CHANGED, f"{name}: its signature is of another key, {came.fingerprint}"))
    return f"{records}, signed{f' by {came.identity}' if came.identity else ''} with {came.fingerprint}"
