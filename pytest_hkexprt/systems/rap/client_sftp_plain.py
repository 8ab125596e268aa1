"""Reading over SFTP through paramiko's own client: slow, and there when a channel is no longer what it was.

:mod:`.client_sftp` needs a channel's ``sendall`` and ``recv``. Where a paramiko to come has none, its own client works
with it all the same, and this reads through that: one request at a time, nothing ahead. What that client would let pass
is looked at here: an end before the listed size, one that is the connection's and not the file's, a byte beyond it. Two
things it cannot do, and both end in an error and not in silence: list a name that is not UTF-8, and tell that an answer
held more than was asked for before the size of the whole does.
"""

from __future__ import annotations

import errno
import stat
import struct
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from pytest_hkexprt.deadline import monotonic_s
from pytest_hkexprt.systems.rap.client_sftp import CARRIES, entry
from pytest_hkexprt.systems.rap.pace import Pace, Progress
from pytest_hkexprt.systems.rap.packets import Attributes, BadAnswer, Refused, Status
from pytest_hkexprt.systems.rap.pipeline import BLOCK_BYTES, AtFile, Wanted
from pytest_hkexprt.systems.rap.report import Report
from pytest_hkexprt.systems.transport_ssh import paramiko

CODES = {errno.ENOENT: Status.NO_SUCH_FILE, errno.EACCES: Status.PERMISSION_DENIED}
"""The library's errors that say which status came; of any other it keeps the text alone."""
CLOSED = "Socket is closed"
"""Its word for a channel that is gone."""


class PlainReader:
    """Lists folders and reads files, one after the other, as :class:`.client_sftp.Reader` does it at once.

    Args:
        channel: on which the server has granted SFTP.
        pace: how much must come in a while, at least.
    """

    facts: Mapping[str, str] = {
        "SFTP": f"paramiko's own client, one request at a time: its channel has no {' and '.join(CARRIES)}"
    }
    """What the evidence says of it."""

    def __init__(self, channel: Any, pace: Pace) -> None:  # noqa: ANN401  paramiko has no types
        self._channel = channel
        with _given_names():
            self._sftp = paramiko.SFTPClient(_Paced(channel, Progress(pace)))

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()

    def entries(self, folder: bytes) -> Generator[tuple[Report, bool], None, None]:
        """Yield what a folder holds; see :meth:`.client_sftp.Reader.entries`."""
        with _given_names():
            everything = self._sftp.listdir_attr(folder)
        for listed in everything:
            name = listed.filename.encode()
            found: Any = listed
            if listed.st_mode is not None and stat.S_ISLNK(listed.st_mode):
                found = None
                with suppress(Refused), _given_names():  # it leads nowhere
                    found = self._sftp.stat(folder + b"/" + name)
            yield entry(name, found and Attributes(found.st_size, found.st_mode, found.st_mtime))

    def files(self, wanted: Sequence[Wanted]) -> Generator[tuple[int, memoryview | None], None, None]:
        """Yield the blocks of many files; see :meth:`.client_sftp.Reader.files`."""
        for index, each in enumerate(wanted):
            try:
                for block in self._blocks(each):
                    yield index, memoryview(block)
            except (BadAnswer, Refused) as error:
                raise AtFile(index, error) from error
            yield index, None

    def _blocks(self, wanted: Wanted) -> Iterator[bytes]:
        with _given_names():
            file = self._sftp.open(wanted.path, "r")
        listed, at = wanted.size_bytes, 0
        while listed is None or at <= listed:
            # One byte beyond the listed size: the server must say that there is none.
            most = BLOCK_BYTES if listed is None else min(BLOCK_BYTES, listed - at) or 1
            with _given_names():
                block = file.read(most)
            if not block and self._channel.closed:
                raise EOFError("in the middle of SFTP")  # which the library takes for the file's end
            if not block:
                break
            at += len(block)
            yield block
        with suppress(OSError, EOFError, paramiko.SSHException):  # nothing is lost when it is not closed
            file.close()  # after an error the library closes it by itself, and does not wait for the answer


class _Paced:
    """A channel whose answers are counted."""

    def __init__(self, channel: Any, progress: Progress) -> None:  # noqa: ANN401  as above
        self._channel, self._progress = channel, progress

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  as above
        return getattr(self._channel, name)

    def recv(self, size_bytes: int) -> bytes:
        began_s = monotonic_s()
        came: bytes = self._channel.recv(size_bytes)
        self._progress.came(len(came), monotonic_s() - began_s)
        return came


@contextmanager
def _given_names() -> Iterator[None]:
    """Give the library's errors the names ours have; those of the connection stay as they are."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise BadAnswer(f"a name that is not UTF-8, which paramiko's client cannot list: {error.object!r}") from error
    except (paramiko.SFTPError, struct.error, IndexError, ValueError) as error:
        raise BadAnswer(str(error)) from error
    except TimeoutError:
        raise
    except OSError as error:
        if str(error) == CLOSED:
            raise
        code = CODES.get(error.errno or 0, Status.FAILURE)
        raise Refused(code, error.strerror or str(error)) from error
