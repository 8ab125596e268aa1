"""Reports from one pipeline into files of their own, each whole or not at all.

Blocks of many files come interleaved. Each file has its own temporary file and its own digest, and gets its final name
when its last byte has come, its size is the listed one, and it is on the disk; whatever is unfinished when anything
fails is removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from pytest_hkexprt.errors import HkexprtError, RemoteProtocolError
from pytest_hkexprt.systems.rap import store
from pytest_hkexprt.systems.rap.client_sftp import Reads
from pytest_hkexprt.systems.rap.client_ssh import Connection
from pytest_hkexprt.systems.rap.facts import Download
from pytest_hkexprt.systems.rap.pipeline import AtFile, Wanted
from pytest_hkexprt.systems.rap.report import Listing, Report

SETTLED_TOGETHER = 64
"""How many whole files wait, still under their temporary names, to be flushed to the disk together."""


class Grown(RemoteProtocolError):
    """A file is longer than it was listed."""

    def __init__(self, where: str, report: Report) -> None:
        super().__init__(
            where,
            expected=f"{report.size_bytes:,} bytes, as listed",
            came="more: the file is longer than listed",
            next_step="list and download again; a report may still have been in the making",
        )
        self.report = report
        """As it was listed."""


def what_of(reports: Sequence[Report]) -> str:
    """Return what is done with these reports, in the evidence's words."""
    return f"download of {reports[0].name if len(reports) == 1 else f'{len(reports)} reports'}"


class Batch:
    """Reports to be downloaded into one folder: what is left of them, and what is done.

    Args:
        where: for messages.
        reports: of the listing.
        folder: the local one.

    Raises:
        RemoteProtocolError: a name leads out of the folder.
        NotKept: the listed sizes do not fit on the disk.
    """

    def __init__(self, where: str, reports: Sequence[Report], folder: Path) -> None:
        for report in reports:
            if not report.plain:
                raise RemoteProtocolError(
                    f"{where}: download of {report.name}",
                    expected="a name in the folder",
                    came="a name that leads out of it",
                    next_step="tell its owner",
                )
        self.folder = folder
        self._where = where
        self._done: dict[str, Download] = {}
        self._looked_again: set[str] = set()
        names = store.Names(folder)
        self._names = [names.give(report) for report in reports]
        self.left = dict(zip(self._names, reports, strict=True))
        """What is still to come, by the local name each is to have."""
        _room(where, reports, folder)

    @property
    def downloads(self) -> tuple[Download, ...]:
        """All of them, in the order asked for."""
        return tuple(self._done[name] for name in self._names)

    def done(self, name: str, download: Download) -> None:
        """Note that one is whole."""
        self._done[name] = download
        del self.left[name]

    def grown(self, error: Grown, again: Listing) -> Report:
        """Take a file as a second listing has it, to be downloaded anew; once for each file.

        Raises:
            RemoteProtocolError: it is gone, still as it was listed before, or had grown before.
            NotKept: it does not fit on the disk.
        """
        name = next(name for name, report in self.left.items() if report == error.report)
        now = next((report for report in again.reports if report.raw_name == error.report.raw_name), None)
        if name in self._looked_again or now is None or now.size_bytes == error.report.size_bytes:
            raise error
        self._looked_again.add(name)
        self.left[name] = now
        _room(self._where, list(self.left.values()), self.folder)
        return now


def _room(where: str, reports: Sequence[Report], folder: Path) -> None:
    free_bytes = store.room_bytes(folder)
    listed_bytes = sum(report.size_bytes or 0 for report in reports)
    if listed_bytes > free_bytes:
        largest = max(reports, key=lambda report: report.size_bytes or 0)
        raise store.NotKept(
            f"{where}: download into {folder}",
            expected=f"room for {listed_bytes:,} bytes; {largest.name} alone is listed with {largest.size_bytes:,}",
            came=f"{free_bytes:,} bytes free",
            next_step="make room; if that size cannot be, tell the report's owner",
        )


def fetch(
    connection: Connection, reader: Reads, batch: Batch, *, remote: bytes, told: Callable[[int], None]
) -> Iterator[Download]:
    """Yield what is left of a batch, each as it becomes whole.

    Args:
        connection: what gives errors their names.
        reader: on that connection.
        batch: told of each that is whole.
        remote: the report folder's path.
        told: called with the bytes that came, block by block; with less than none where they are thrown away.

    Raises:
        Grown: a file is longer than listed.
        RemoteProtocolError: a file is shorter than listed, or refused.
        Unreachable: the server fell silent or closed the connection.
        NotKept: the disk cannot take it.
    """
    names, reports = list(batch.left), list(batch.left.values())
    wanted = [Wanted(remote + b"/" + report.raw_name, report.size_bytes) for report in reports]
    parts: dict[int, store.Part] = {}
    whole: dict[int, store.Part] = {}

    def settled() -> Iterator[Download]:
        ready = list(whole)
        parts.update(whole)  # a disk that failed once is not asked again: what is not kept now is dropped
        whole.clear()
        store.flush([parts[index] for index in ready])
        for index in ready:
            part = parts.pop(index)
            download = Download(reports[index], part.final, part.size_bytes, part.keep())
            batch.done(names[index], download)
            yield download

    try:
        with connection.told(what_of(reports)), closing(reader.files(wanted)) as blocks:
            for index, block in blocks:
                if index not in parts:
                    parts[index] = store.Part(batch.folder, names[index])
                part = parts[index]
                if block is not None:
                    part.write(block)
                    told(len(block))
                _check_size(connection, reports[index], part.size_bytes, block is None)
                if block is None:
                    whole[index] = parts.pop(index)
                if len(whole) == SETTLED_TOGETHER:
                    yield from settled()
        yield from settled()
    except AtFile as error:
        yield from settled()
        with connection.told(f"download of {reports[error.index].name}"):
            raise error.cause from error
    except HkexprtError:
        yield from settled()  # what is whole is kept, whatever became of another
        raise
    finally:
        for part in (parts | whole).values():
            part.drop()
            told(-part.size_bytes)
        store.sync(batch.folder)


def _check_size(connection: Connection, report: Report, came_bytes: int, ended: bool) -> None:
    listed = report.size_bytes
    if listed is None or came_bytes == listed or (came_bytes < listed and not ended):
        return
    where = f"{connection.endpoint}: download of {report.name}"
    if came_bytes > listed:
        raise Grown(where, report)
    raise RemoteProtocolError(
        where,
        expected=f"{listed:,} bytes, as listed",
        came=f"{came_bytes:,} bytes: the file ended before its size",
        next_step="list and download again; a report may still have been in the making",
    )
