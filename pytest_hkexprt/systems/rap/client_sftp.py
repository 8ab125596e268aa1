"""Reading over SFTP: the one place that knows how the SSH library speaks it, and the seam for a faster reader.

The library's own listing fails as a whole on one name that is not UTF-8, and its own download takes a short file for a
whole one. So names and blocks are asked for here, packet by packet, and every answer is held against what was asked.
It asks to read and has no way to write.

Source: SFTP version 3, draft-ietf-secsh-filexfer-02, sections 6.3 (open), 6.4 (read), 6.7 (folders), 7 (answers).
"""

from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from paramiko import sftp as wire  # type: ignore[import-untyped]  # paramiko ships no types
from paramiko.sftp_attr import SFTPAttributes  # type: ignore[import-untyped]  # as above

from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.systems.rap.report import Report

if TYPE_CHECKING:
    from paramiko import SFTPClient

BLOCK_BYTES = 32768
"""What every server must be able to send at once, by section 3 of the draft."""


class BadAnswer(Exception):
    """The server answered something else than was asked for."""


class AtFile(Exception):
    """Something went wrong with one of the files asked for."""

    def __init__(self, index: int, cause: Exception) -> None:
        super().__init__(f"file {index}: {cause}")
        self.index = index
        """Its position among those asked for, from 0."""
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to be read."""

    path: bytes
    size_bytes: int | None
    """As listed; None where the server lists no size."""


class Reader:
    """Lists folders and reads files over one SFTP channel.

    Every method lets the channel's own errors through; the client gives them names.
    """

    def __init__(self, sftp: SFTPClient) -> None:
        self._sftp = sftp

    def close(self) -> None:
        """Close the channel."""
        self._sftp.close()

    def entries(self, folder: bytes) -> Iterator[tuple[Report, bool]]:
        """Yield what a folder holds, without the folder itself and the one above, and whether each is a file.

        Raises:
            BadAnswer: an answer is not one of section 6.7.
        """
        handle = self._handle(wire.CMD_OPENDIR, folder)
        while True:
            try:
                kind, answer = self._ask(wire.CMD_READDIR, handle)
            except EOFError:  # the status "end of file", not the end of the connection
                break
            if kind != wire.CMD_NAME:
                raise BadAnswer(f"expected names, came packet type {kind}")
            for _ in range(answer.get_int()):
                name = answer.get_binary()
                answer.get_binary()  # the long form, for people
                attributes = SFTPAttributes._from_msg(answer)
                if not name:  # the library reads on past the end of a packet, as zeros
                    raise BadAnswer("fewer names than announced, or one that is empty")
                if name not in (b".", b".."):
                    yield self._entry(folder, name, attributes)
        self._ask(wire.CMD_CLOSE, handle)

    def files(self, wanted: Sequence[Wanted]) -> Iterator[tuple[int, bytes | None]]:
        """Yield the blocks of many files, each with its file's position, in a file's own order; None ends a file.

        A file that is longer than listed shows itself by at most one block beyond its listed size.

        Raises:
            AtFile: a file is refused, or an answer to a request for it is not one.
        """
        for index, each in enumerate(wanted):
            try:
                for block in self.blocks(each.path, each.size_bytes):
                    yield index, block
                yield index, None
            except (BadAnswer, OSError, EOFError) as error:
                raise AtFile(index, error) from error

    def blocks(self, path: bytes, size_bytes: int | None) -> Iterator[bytes]:
        """Yield a file's content from start to end, and at most one block beyond its listed size.

        Raises:
            BadAnswer: a block is empty, cut, or longer than was asked for.
        """
        handle = self._handle(wire.CMD_OPEN, path, wire.SFTP_FLAG_READ, SFTPAttributes())
        offset = 0
        while size_bytes is None or offset <= size_bytes:
            try:
                kind, answer = self._ask(wire.CMD_READ, handle, wire.int64(offset), BLOCK_BYTES)
            except EOFError:
                break
            if kind != wire.CMD_DATA:
                raise BadAnswer(f"at {offset:,} bytes: expected data, came packet type {kind}")
            announced, block = answer.get_int(), answer.get_remainder()
            if announced != len(block) or not block:
                raise BadAnswer(f"at {offset:,} bytes: {announced:,} bytes announced, {len(block):,} came")
            if len(block) > BLOCK_BYTES:
                raise BadAnswer(f"at {offset:,} bytes: {len(block):,} bytes where {BLOCK_BYTES:,} were asked for")
            yield block
            offset += len(block)
        self._ask(wire.CMD_CLOSE, handle)

    def _entry(self, folder: bytes, name: bytes, attributes: Any) -> tuple[Report, bool]:  # noqa: ANN401  paramiko has no types
        if attributes.st_mode is not None and stat.S_ISLNK(attributes.st_mode):
            # A link is listed with its own size; what it leads to is what would be read.
            try:
                _, answer = self._ask(wire.CMD_STAT, folder + b"/" + name)
                attributes = SFTPAttributes._from_msg(answer)
            except OSError:
                return Report(name, None, None), False
        modified = None
        if attributes.st_mtime is not None:
            modified = dt.datetime.fromtimestamp(attributes.st_mtime, HONG_KONG)
        is_file = attributes.st_mode is None or stat.S_ISREG(attributes.st_mode) or not stat.S_IFMT(attributes.st_mode)
        return Report(name, attributes.st_size, modified), is_file

    def _handle(self, verb: int, *arguments: object) -> bytes:
        kind, answer = self._ask(verb, *arguments)
        if kind != wire.CMD_HANDLE:
            raise BadAnswer(f"expected a handle, came packet type {kind}")
        handle: bytes = answer.get_binary()
        return handle

    def _ask(self, verb: int, *arguments: object) -> tuple[int, Any]:
        # The library's own request and answer, where text is bytes; nothing public offers names as bytes.
        kind, answer = self._sftp._request(verb, *arguments)
        return kind, answer
