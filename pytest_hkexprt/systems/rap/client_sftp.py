"""Reading over SFTP: folders and files over one channel, as many requests in flight as serve.

paramiko carries the channel; what is said on it is said here. Its own SFTP client fails on one name that is not UTF-8,
takes a short file for a whole one, and waits for each small file three times. Of a channel's public interface this
needs ``sendall`` and ``recv``.

Source: SFTP version 3, draft-ietf-secsh-filexfer-02, sections 4 (version) and 6 (requests); OpenSSH, PROTOCOL, 4.8.
"""

from __future__ import annotations

import datetime as dt
import stat
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.deadline import monotonic_s
from pytest_hkexprt.systems.rap import packets
from pytest_hkexprt.systems.rap.client_packets import Pieces
from pytest_hkexprt.systems.rap.pace import Pace, Progress
from pytest_hkexprt.systems.rap.packets import Attributes, BadAnswer, Kind, Packet, Packets
from pytest_hkexprt.systems.rap.pipeline import LARGEST_BLOCK_BYTES, Asked, Depth, Files, Requests, Wanted
from pytest_hkexprt.systems.rap.pipeline_folder import Folder
from pytest_hkexprt.systems.rap.report import Report

RECEIVE_BYTES = 2**20
"""At most at once; a channel hands on what it has."""
CARRIES = ("sendall", "recv")
"""What a channel must be able to do for this; else there is :mod:`.client_sftp_plain`."""
REQUEST_BYTES = 1024
"""What a packet holds beside its data, at most: OpenSSH's own allowance."""


class Channel(Protocol):
    """What carries the packets: an SSH channel, or a test's."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of it."""

    def recv(self, size_bytes: int, /) -> bytes | Pieces:
        """Return what has come; nothing at the end."""

    def close(self) -> None:
        """Close it."""


class Reads(Protocol):
    """What a client reads with: this module's reader, or :mod:`.client_sftp_plain`'s."""

    facts: Mapping[str, str]

    def entries(self, folder: bytes) -> Generator[tuple[Report, bool], None, None]:
        """Yield what a folder holds."""

    def files(self, wanted: Sequence[Wanted]) -> Generator[tuple[int, memoryview | None], None, None]:
        """Yield the blocks of many files."""

    def close(self) -> None:
        """Close the channel."""


class Reader:
    """Lists folders and reads files over one SFTP channel.

    Every method lets the channel's own errors through; the client gives them names.

    Args:
        channel: on which the server has granted SFTP.
        depth: how much is asked for before answers come; what the server says it takes is kept to as well.
        pace: how much must come in a while, at least.

    Raises:
        BadAnswer: the server does not speak version 3.
        TooSlow: less came than must come; of every method.
        EOFError: it closed the channel.
    """

    facts: Mapping[str, str] = {}
    """What the evidence says of it: nothing, as it is what reads."""

    def __init__(self, channel: Channel, depth: Depth | None = None, pace: Pace | None = None) -> None:
        self._channel = channel
        self._progress = Progress(pace or Pace())
        self._packets = Packets()
        self._arrived: deque[Packet] = deque()
        self._requests = Requests()
        self.depth = depth or Depth()
        """How much is asked for before answers come."""
        channel.sendall(packets.request(Kind.INIT, packets.VERSION))
        version = self._next()
        if version.kind != Kind.VERSION or version.id != packets.VERSION:
            came = f"version {version.id}" if version.kind == Kind.VERSION else f"packet type {version.kind}"
            raise BadAnswer(f"expected SFTP version {packets.VERSION}, came {came}")
        if packets.LIMITS in packets.extensions(version):
            self._keep_to_limits()

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()

    def entries(self, folder: bytes) -> Generator[tuple[Report, bool], None, None]:
        """Yield what a folder holds, without the folder itself and the one above, and whether each is a file.

        Raises:
            Refused: the folder is refused.
            BadAnswer: an answer is not one of section 6.7.
            EOFError: the server closed the channel.
        """
        listed = Folder(self._requests, folder, self.depth)
        try:
            while not listed.done:
                for name, attributes in listed.take(*self._answer(listed)):
                    yield entry(name, attributes)
            self._send()
        finally:
            listed.abandon()

    def files(self, wanted: Sequence[Wanted]) -> Generator[tuple[int, memoryview | None], None, None]:
        """Yield the blocks of many files, each with its file's position, in a file's own order; None ends a file.

        A file that is longer than listed shows itself by one byte beyond its listed size. Closed before its end, the
        generator lets the answers still to come go by, and the channel can be used on.

        Raises:
            AtFile: a file is refused, or an answer to a request for it is not one.
            BadAnswer: an answer is to nothing that was asked.
            EOFError: the server closed the channel.
        """
        files = Files(self._requests, wanted, self.depth)
        try:
            while not files.done:
                yield from files.take(*self._answer(files))
            self._send()
        finally:
            files.abandon()

    def _answer(self, what: Files | Folder) -> tuple[Asked, Packet]:
        """Return the next answer somebody waits for; what may be asked meanwhile is asked first."""
        while True:
            if not self._arrived:
                what.fill()
                self._send()
            packet = self._next()
            asked = self._requests.answered(packet)
            if not asked.forgotten:
                return asked, packet

    def _send(self) -> None:
        if sending := self._requests.to_send():
            self._channel.sendall(sending)

    def _next(self) -> Packet:
        while not self._arrived:
            began_s = monotonic_s()
            chunk = self._channel.recv(RECEIVE_BYTES)
            if not chunk:
                raise EOFError("in the middle of SFTP")
            self._progress.came(len(chunk), monotonic_s() - began_s)
            for piece in (chunk,) if isinstance(chunk, bytes) else chunk:
                self._arrived.extend(self._packets.feed(piece))
        return self._arrived.popleft()

    def _keep_to_limits(self) -> None:
        self._requests.ask(Asked(Kind.EXTENDED), packets.string(packets.LIMITS))
        self._send()
        answer = self._next()
        self._requests.answered(answer)
        if answer.kind != Kind.EXTENDED_REPLY:  # it announced what it does not know; what all servers take remains
            return
        limits = packets.limits(answer)
        block = min(LARGEST_BLOCK_BYTES, limits.read_bytes or self.depth.block_bytes)
        if limits.packet_bytes > REQUEST_BYTES:
            block = min(block, limits.packet_bytes - REQUEST_BYTES)
        open_files = min(self.depth.open_files, limits.open_files or self.depth.open_files)
        self.depth = replace(self.depth, block_bytes=block, open_files=open_files)


def entry(name: bytes, attributes: Attributes | None) -> tuple[Report, bool]:
    """Return a name of a folder as a report, and whether it is a file; None for what is known of a dangling link."""
    if attributes is None:
        return Report(name, None, None), False
    modified = None
    if attributes.modified_s is not None:
        modified = dt.datetime.fromtimestamp(attributes.modified_s, HONG_KONG)
    mode = attributes.mode
    return Report(name, attributes.size_bytes, modified), not mode or stat.S_ISREG(mode) or not stat.S_IFMT(mode)
