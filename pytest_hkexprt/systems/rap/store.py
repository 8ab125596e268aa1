"""Downloads on their way to the disk: under its final name each is whole, or it is not there.

A part is made anew, by its owner only, and never through a link; it is synchronised before it is renamed, and removed
when anything goes wrong. What a killed run left is never gone on with: nothing proves that it is the beginning of the
file as it is now. It is removed, unless a run that still lives holds it. A copy of an earlier day is replaced only by a
whole one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.rap.report import Report

try:
    import fcntl
except ImportError:  # Windows, where an open file cannot be removed at all
    fcntl = None  # type: ignore[assignment]  # a module, or none

NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
BINARY = getattr(os, "O_BINARY", 0)
PART = ".part"
RANDOM_BYTES = 4
FLUSHED_AT_ONCE = 8
"""Threads that wait for the disk; more of them were not faster."""


class NotKept(UsageFault):
    """The local disk did not take a download."""


class Part:
    """One file on its way; to be kept or dropped.

    Args:
        folder: where; made when missing, for its owner only.
        name: a safe local name.

    Raises:
        NotKept: the folder cannot be made or written.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.final = folder / name
        """Where it lies once it is kept."""
        self.size_bytes = 0
        """Written so far."""
        self._path = folder / f".{name}.{os.urandom(RANDOM_BYTES).hex()}{PART}"
        self._digest = hashlib.sha256()
        with _told(self.final):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW | BINARY, 0o600)
        if fcntl:  # so that another run sees that this one lives
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def write(self, block: bytes | memoryview) -> None:
        """Append a block.

        Raises:
            NotKept: the disk is full, or broken.
        """
        rest = memoryview(block)
        try:  # without a context manager, which costs more than the rest of this
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError as error:
            raise _not_kept(self.final, error) from error
        self._digest.update(block)
        self.size_bytes += len(block)

    def flush(self) -> None:
        """Have what was written on the disk.

        Raises:
            NotKept: the disk is full or broken.
        """
        with _told(self.final):
            os.fsync(self._file)

    def keep(self) -> str:
        """Give the file its final name, and return its SHA-256; :func:`flush` comes before, :func:`sync` after it.

        Raises:
            NotKept: a folder has that name, or the disk is broken.
        """
        try:
            with _told(self.final):
                if fcntl:  # renamed while it is held; without such locks, an open file has to be closed first
                    self._path.replace(self.final)
                    self._close()
                else:
                    self._close()
                    self._path.replace(self.final)
        except BaseException:
            self.drop()
            raise
        return self._digest.hexdigest()

    def drop(self) -> None:
        """Remove what was written."""
        if not fcntl:
            self._close()
        self._path.unlink(missing_ok=True)
        self._close()

    def _close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def flush(parts: Collection[Part]) -> None:
    """Have what was written to several files on the disk.

    Asked for at the same time, a file system writes them down at nearly the price of one; one after the other, two
    thousand small files took ten times as long as their transfer.

    Raises:
        NotKept: the disk is full or broken.
    """
    with ThreadPoolExecutor(FLUSHED_AT_ONCE) as pool:  # it starts no thread for nothing to do
        list(pool.map(Part.flush, parts))


def sync(folder: Path) -> None:
    """Make the names given in a folder last, whatever happens to the machine.

    Raises:
        NotKept: the disk is broken.
    """
    if os.name == "nt" or not folder.is_dir():  # a folder cannot be opened there
        return
    with _told(folder):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def room_bytes(folder: Path) -> int:
    """Return how much fits on the disk a folder is on, or will be.

    Raises:
        NotKept: it cannot be looked at.
    """
    with _told(folder):
        there = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
        return shutil.disk_usage(there).free


def sweep(folder: Path, names: Iterable[str]) -> dict[str, int]:
    """Remove the parts of these files that killed runs left, and return how many bytes each file's had.

    Raises:
        NotKept: one cannot be removed.
    """
    wanted, found = frozenset(names), dict[str, int]()
    random_chars = 2 * RANDOM_BYTES
    with _told(folder):
        for path in sorted(folder.glob(f".*{PART}")):
            name = path.name[1 : -len(PART) - random_chars - 1]
            if name in wanted and not _held(path):
                found[name] = found.get(name, 0) + path.lstat().st_size
                path.unlink(missing_ok=True)
    return found


class Names:
    """Local names for the reports of a folder, no two of which fall together on a disk that is blind to case.

    Args:
        folder: what lies in it already keeps its name.

    Raises:
        NotKept: it cannot be looked at.
    """

    def __init__(self, folder: Path) -> None:
        with _told(folder):
            names = os.listdir(folder) if folder.is_dir() else []  # noqa: PTH208  names are all that is wanted
        self._there = {name.casefold(): name for name in names}
        self._given: dict[str, bytes] = {}

    def give(self, report: Report) -> str:
        """Return the local name of a report: its own, or one with a digest where another has that already."""
        name, blind = report.local_name, report.local_name.casefold()
        if self._there.get(blind, name) != name or self._given.get(blind, report.raw_name) != report.raw_name:
            return report.local_name_apart
        self._given[blind] = report.raw_name
        return name


def _held(path: Path) -> bool:
    """Return whether a living run holds a part; a link or something stranger is held by nobody."""
    if fcntl is None:
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | NO_FOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _not_kept(path, error) from error


def _not_kept(path: Path, error: OSError) -> NotKept:
    return NotKept(
        str(path),
        expected="a disk that takes the download",
        came=error.strerror or str(error),
        next_step="make room, or choose another data folder ([participant] data_folder) that may be written",
    )
