"""Reports from one pipeline into files of their own, each whole or not at all.

Blocks of many files come interleaved. Each file has its own temporary file and its own digest, and gets its final name
when its last byte has come and its size is the listed one; whatever is unfinished when anything fails is removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pytest_hkexprt.errors import RemoteProtocolError
from pytest_hkexprt.systems.rap import store
from pytest_hkexprt.systems.rap.client_sftp import Reader
from pytest_hkexprt.systems.rap.client_ssh import Connection
from pytest_hkexprt.systems.rap.facts import Download
from pytest_hkexprt.systems.rap.pipeline import AtFile, Wanted
from pytest_hkexprt.systems.rap.report import Report


def fetch(
    connection: Connection,
    reader: Reader,
    reports: Sequence[Report],
    *,
    remote: bytes,
    folder: Path,
    told: Callable[[int], None],
) -> Iterator[tuple[int, Download]]:
    """Yield each report's position and its download, as they become whole.

    Args:
        connection: what gives errors their names.
        reader: on that connection.
        reports: of the listing.
        remote: the report folder's path.
        folder: the local one.
        told: called with the bytes that came, block by block.

    Raises:
        RemoteProtocolError: a file is shorter or longer than listed, is refused, or its name leads elsewhere.
        Unreachable: the server fell silent or closed the connection.
        OSError: the disk cannot take it.
    """
    for report in reports:
        if not report.plain:
            raise RemoteProtocolError(
                _where(connection, report),
                expected="a name in the folder",
                came="a name that leads out of it",
                next_step="tell its owner",
            )
    wanted = [Wanted(remote + b"/" + report.raw_name, report.size_bytes) for report in reports]
    what = f"download of {reports[0].name if len(reports) == 1 else f'{len(reports)} reports'}"
    parts: dict[int, store.Part] = {}
    try:
        with connection.told(what):
            for index, block in reader.files(wanted):
                report = reports[index]
                if index not in parts:
                    parts[index] = store.Part(folder, report.local_name)
                part = parts[index]
                if block is not None:
                    told(len(block))
                    part.write(block)
                _check_size(connection, report, part.size_bytes, ended=block is None)
                if block is None:
                    sha256 = part.keep()
                    del parts[index]
                    yield index, Download(report, part.final, part.size_bytes, sha256)
    except AtFile as error:
        with connection.told(f"download of {reports[error.index].name}"):
            raise error.cause from error
    finally:
        for part in parts.values():
            part.drop()
        store.sync(folder)


def _check_size(connection: Connection, report: Report, came_bytes: int, *, ended: bool) -> None:
    listed = report.size_bytes
    if listed is None or came_bytes == listed or (came_bytes < listed and not ended):
        return
    longer = came_bytes > listed
    raise RemoteProtocolError(
        _where(connection, report),
        expected=f"{listed:,} bytes, as listed",
        came=f"{'at least ' if longer else ''}{came_bytes:,} bytes: the file "
        + ("is longer than listed" if longer else "ended before its size"),
        next_step="list and download again; a report may still have been in the making",
    )


def _where(connection: Connection, report: Report) -> str:
    return f"{connection.endpoint}: download of {report.name}"
