"""The manifest: what lies in a run's folder, by digest, and what the run was made with.

It is what gets signed. Its list of files is in the form ``sha256sum -c`` reads, one JSON string a line, so that the
signed text itself can be piped into that program; ``SHA256SUMS`` is the same list as a file of its own, for those who
only want to know that a copy is whole. Everything else in it comes from the journal, so it can be made again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence import WORKERS, journal
from pytest_hkexprt.evidence.describe import JOURNAL
from pytest_hkexprt.evidence.journal import Whole
from pytest_hkexprt.evidence.parts import SourceRecord
from pytest_hkexprt.evidence.record import EndRecord, RunRecord

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
SUMS = "SHA256SUMS"
VERSION = 1
UNSAFE = frozenset('"\\')
"""Characters a file's name may not hold, nor anything unprintable: lists of digests would need to quote them."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The end of the journal's chain of digests."""

    lines: int
    """Whole lines."""
    sha256: str
    """Of the last whole line, without its newline; it vouches for every line before it."""
    ended: bool
    """Whether the last line is the one that counts the others; if not, the run was cut short."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a run's folder holds."""

    version: int = VERSION
    run_id: str
    started: str
    """True start, ISO 8601 in Hong Kong time."""
    signing_key: str
    """Fingerprint of the key the run was started with to be signed by; empty for none."""
    journal: Head
    suite: tuple[SourceRecord, ...]
    """The features and circulars the run was made from."""
    revision: str
    """The git commit of the suite; empty where there is none."""
    versions: dict[str, str]
    """Of this tool and what it runs on."""
    sha256sums: tuple[str, ...]
    """A digest, two spaces and a file's path below the folder, for every file but this one and its signature."""


def write(folder: Path, whole: Whole | None = None) -> bytes:
    """Write ``SHA256SUMS`` and ``manifest.json`` of a run's folder, and return the latter.

    The same folder gives the same bytes.

    Args:
        folder: the run's.
        whole: its journal, where that was read already.

    Raises:
        UsageFault: the journal cannot be read, or a file's name cannot be listed.
    """
    listed = [f"{digest_of(folder / name)}  {name}" for name in files(folder) if name != SUMS]
    replace(folder / SUMS, "".join(f"{line}\n" for line in listed).encode())
    listed.append(f"{digest_of(folder / SUMS)}  {SUMS}")
    content = encode(_manifest(folder, whole, listed))
    replace(folder / MANIFEST, content)
    return content


def build(folder: Path) -> Manifest:
    """Return the manifest of a run's folder.

    Raises:
        UsageFault: the journal cannot be read, or a file's name cannot be listed.
    """
    return _manifest(folder, None, [f"{digest_of(folder / name)}  {name}" for name in files(folder)])


def _manifest(folder: Path, whole: Whole | None, listed: list[str]) -> Manifest:
    path = folder / JOURNAL
    whole = whole or journal.load(path)
    last = whole.lines[-1] if whole.lines else None
    run = whole.lines[0].record if whole.lines else None
    if not isinstance(run, RunRecord) or last is None:
        raise UsageFault(str(path), expected="a run as its first line", came="none")
    return Manifest(
        run_id=run.run_id,
        started=run.started,
        signing_key=run.signing_key,
        journal=Head(lines=last.seq + 1, sha256=whole.head, ended=isinstance(last.record, EndRecord)),
        suite=tuple(msgspec.structs.replace(each, text="") for each in run.suite),
        revision=run.revision,
        versions=run.versions,
        sha256sums=tuple(sorted(listed, key=lambda line: line.partition("  ")[2])),
    )


def encode(manifest: Manifest) -> bytes:
    """Return a manifest as indented JSON, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def decode(content: bytes) -> Manifest:
    """Return a manifest as written.

    Raises:
        UsageFault: it is none.
    """
    try:
        return msgspec.json.decode(content, type=Manifest)
    except msgspec.MsgspecError as error:
        raise UsageFault(MANIFEST, expected="a manifest", came=str(error)) from error


def listed(lines: Iterable[str]) -> dict[str, str]:
    """Return path to digest of lines in the form of ``sha256sum``."""
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def files(folder: Path) -> list[str]:
    """Return the paths of the files of a run's folder that the manifest lists, sorted.

    Raises:
        UsageFault: one has a name that cannot be listed.
    """
    names = []
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in (MANIFEST, SIGNATURE) and not name.startswith(f"{WORKERS}/"):
            if not name.isprintable() or UNSAFE & set(name):
                raise UsageFault(str(folder), expected="plain file names", came=repr(name), next_step="take it out")
            names.append(name)
    return sorted(names)


def digest_of(path: Path) -> str:
    """Return a file's SHA-256, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)  # noqa: PTH105  in one step, on Windows too
