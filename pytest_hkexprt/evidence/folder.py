"""A run's folder, finished: every rendering drawn from the journal, then sealed, bundled and pointed to.

The one place that knows the order: renderings first, since the manifest lists them; the signature over the manifest;
the zip file of all of it. Each is made from the folder alone, so that a year later, or after a kill, the same journal
gives the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence import WHICH, WORKERS, bundle, form, html, manifest, sign
from pytest_hkexprt.evidence.describe import JOURNAL
from pytest_hkexprt.evidence.html.build import build
from pytest_hkexprt.evidence.journal import ATTACHMENTS, Journal, Whole, load
from pytest_hkexprt.evidence.manifest import MANIFEST, SIGNATURE
from pytest_hkexprt.evidence.record import Line, RunRecord
from pytest_hkexprt.evidence.workers import join

LATEST = "latest"
"""The file, beside the run folders, that names the newest; a file and no link, for those need rights on Windows."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What there is to attach."""

    report: Path
    bundle: Path
    lines: list[Line]
    """The journal's, for whatever else is made from them."""
    signed_with: str = ""
    """Fingerprint of the key; empty where it is not signed."""
    not_signed: str = ""
    """Why it is not signed though it should have been."""


def finish(folder: Path, key: Path | None = None) -> Finished:
    """Draw, seal, bundle and point to a run's folder.

    Args:
        folder: the run's.
        key: the OpenSSH key to sign with.

    Raises:
        UsageFault: the journal cannot be read.
    """
    whole = load(folder / JOURNAL)
    report = draw(folder, whole.lines)
    signed = not_signed = ""
    try:
        signed = seal(folder, key, whole)
    except UsageFault as fault:
        if key is None:
            raise
        not_signed = str(fault)
    zipped = bundle.write(folder)
    if not _merged(whole):
        manifest.replace(folder.parent / LATEST, f"{folder.name}\n".encode())
    return Finished(report, zipped, whole.lines, signed, not_signed)


def _merged(whole: Whole) -> bool:
    """Return whether a journal was merged of several runs, and is none itself that could be the latest."""
    return bool(whole.lines) and isinstance(run := whole.lines[0].record, RunRecord) and bool(run.parts)


def draw(folder: Path, lines: list[Line]) -> Path:
    """Draw every rendering of a run's journal, and return the report."""
    report = build(lines, folder=folder)
    form.write_all(folder, lines, report)
    return html.put(folder / html.REPORT, html.page(report))


def seal(folder: Path, key: Path | None = None, whole: Whole | None = None) -> str:
    """Write the manifest and, with a key, its signature; return the key's fingerprint.

    A signature that no longer fits is taken away; one that does is left, so that a folder can be drawn again.

    Args:
        folder: the run's.
        key: the OpenSSH key to sign with.
        whole: its journal, where that was read already.

    Raises:
        UsageFault: signing failed.
    """
    before = (folder / MANIFEST).read_bytes() if (folder / MANIFEST).is_file() else b""
    content = manifest.write(folder, whole)
    if content != before or key is not None:
        (folder / SIGNATURE).unlink(missing_ok=True)
    if key is None:
        return ""
    fingerprint = sign.fingerprint(key)
    manifest.replace(folder / SIGNATURE, sign.sign(content, key))
    return fingerprint


def again(folder: Path, key: Path | None = None) -> Finished:
    """Finish a run's folder again, from its journal alone; after a kill, from those of its workers.

    Raises:
        UsageFault: there is no journal, or the folder is signed and drawing it would not give what was signed.
    """
    folder = resolved(folder)
    if not (folder / JOURNAL).is_file() and list(folder.glob(f"{WORKERS}/*.jsonl")):
        collect(folder, {}).close()
    if not (folder / JOURNAL).is_file():
        came = "a folder without one" if folder.is_dir() else "no folder" if folder.exists() else "nothing there"
        raise UsageFault(str(folder), expected=f"a run's folder, with its {JOURNAL}", came=came, next_step=WHICH)
    if key is not None or not (folder / SIGNATURE).is_file():
        return finish(folder, key)
    kept = {path: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != JOURNAL}
    finished = finish(folder)
    if (folder / SIGNATURE).is_file():
        return finished
    changed = sorted(path.name for path, content in kept.items() if not path.is_file() or path.read_bytes() != content)
    for path, content in kept.items():
        manifest.replace(path, content)
    bundle.write(folder)
    raise UsageFault(
        str(folder),
        expected="the bytes that were signed",
        came=f"others in {', '.join(name for name in changed if name != SIGNATURE)}; the folder is left as it was",
        next_step="draw a copy of the folder without its signature, or sign anew with --sign-with KEY",
    )


def resolved(path: Path) -> Path:
    """Return a run's folder, also where the ``latest`` pointer to it is given."""
    if path.name == LATEST and path.is_file():
        return path.parent / path.read_text(encoding="utf-8").strip()
    return path


def collect(folder: Path, order: Mapping[str, int]) -> Journal:
    """Merge the workers' journals and attachments into the folder's own, and return it, open for its last line.

    Raises:
        UsageFault: a worker's journal is damaged; then nothing of them is removed.
    """
    workers = folder / WORKERS
    merged = Journal(folder / JOURNAL)
    join(sorted(workers.glob("*.jsonl")), merged, run_id=folder.name, order=order)
    if (workers / ATTACHMENTS).is_dir():
        shutil.move(workers / ATTACHMENTS, folder / ATTACHMENTS)
    shutil.rmtree(workers)
    return merged
