"""A run's zip file unpacked, whatever it may be: bounded in files and bytes, and nothing outside the folder given.

Whoever verifies or merges evidence opens a file that somebody else made. What its table of contents says of sizes is
not believed: the bytes are counted as they come.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from pathlib import Path, PurePosixPath

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence import WHICH
from pytest_hkexprt.evidence.chain import Change, Finding

MOST_FILES = 20_000
MOST_BYTES = 2_000_000_000
"""Unpacked, of all files together: some hundred times what a day of sessions with pictures comes to."""
CHUNK_BYTES = 1 << 20


class _TooLarge(Exception):
    """It unpacks to more than any evidence does."""


def refuse_other(path: Path, said: Path) -> None:
    """Refuse what is no zip file.

    Args:
        path: the file.
        said: how it was named.

    Raises:
        UsageFault: it is none, or not there.
    """
    if not path.exists() or not zipfile.is_zipfile(path):
        came = "neither" if path.exists() else "nothing there"
        raise UsageFault(str(said), expected="a run's folder, or its zip file", came=came, next_step=WHICH)


def unpack(path: Path, into: Path, *, most_bytes: int = MOST_BYTES, most_files: int = MOST_FILES) -> list[Finding]:
    """Unpack a zip file without its one folder, and return what it holds that it should not.

    Args:
        path: the zip file.
        into: an empty folder.
        most_bytes: bytes at which unpacking ends, for all files together.
        most_files: files above which nothing is unpacked.
    """
    try:
        with zipfile.ZipFile(path) as bundle:
            entries = [entry for entry in bundle.infolist() if not entry.is_dir()]
            if len(entries) > most_files:
                return [Finding(Change.CHANGED, f"{path.name}: {len(entries):,} files, more than {most_files:,}")]
            tops = {entry.filename.partition("/")[0] for entry in entries}
            found, left = [], most_bytes
            for name, count in Counter(entry.filename for entry in entries).items():
                below = PurePosixPath(name.partition("/")[2] if len(tops) == 1 else name)
                if below.is_absolute() or ".." in below.parts or not below.parts or "\\" in name or count > 1:
                    found.append(Finding(Change.ADDED, f"{name!r}: no name that this evidence has, or one twice"))
                    continue
                left -= _copy(bundle, name, into / below, left)
            return found
    except _TooLarge:
        return [Finding(Change.CHANGED, f"{path.name}: it unpacks to more than {most_bytes:,} bytes")]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        return [Finding(Change.CHANGED, f"{path.name}: it cannot be unpacked ({error})")]


def _copy(bundle: zipfile.ZipFile, name: str, target: Path, most_bytes: int) -> int:
    """Unpack one file and return its size; a link comes as a plain file that holds the name it leads to."""
    target.parent.mkdir(parents=True, exist_ok=True)
    size_bytes = 0
    with bundle.open(name) as source, target.open("wb") as file:
        while chunk := source.read(CHUNK_BYTES):
            size_bytes += len(chunk)
            if size_bytes > most_bytes:
                raise _TooLarge
            file.write(chunk)
    return size_bytes
