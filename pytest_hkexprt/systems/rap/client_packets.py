"""A queue of whole packets in the place of a channel's byte buffer.

paramiko gathers what a channel receives in one array and deletes at its front what is read, which copies the rest each
time: with megabytes in flight, most of a large file's time. The queue hands on what comes as it came. It also sees
where the SFTP packet that is coming will end, and tells :mod:`.client_packetizer`.

The buffer's attribute is not documented. So it is replaced only where it is what it is known to be, and else left
alone: the reader works with either, slower. A test fails when a new paramiko is no longer known.
"""

from __future__ import annotations

import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pytest_hkexprt.systems.rap.client_packetizer import Packetizer
from pytest_hkexprt.systems.transport_ssh import paramiko

KNOWN = {"set_event", "feed", "read_ready", "read", "empty", "close"}
"""What a channel calls on its buffer; what the queue answers to."""
LENGTH = struct.Struct(">I")


class Pieces:
    """Bytes in several pieces, as long as all of them together."""

    __slots__ = ("_pieces", "_size_bytes")

    def __init__(self, pieces: Sequence[bytes | memoryview]) -> None:
        self._pieces, self._size_bytes = pieces, sum(map(len, pieces))

    def __len__(self) -> int:
        return self._size_bytes

    def __iter__(self) -> Iterator[bytes | memoryview]:
        return iter(self._pieces)


class PacketQueue:
    """What has come on a channel, piece by piece; one thread feeds, another reads.

    Args:
        missing: told, after each piece, how many bytes of the SFTP packet it ends in are still to come.
    """

    def __init__(self, missing: Callable[[int], object] = lambda _: None) -> None:
        self._pieces: deque[bytes | memoryview] = deque()
        self._size_bytes = 0
        self._closed = False
        self._event: threading.Event | None = None
        self._changed = threading.Condition()
        self._missing = missing
        self._missing_bytes, self._length = 0, b""

    def set_event(self, event: threading.Event) -> None:
        """Have an event follow whether there is something to read."""
        with self._changed:
            self._event = event
            self._tell()

    def feed(self, data: bytes | Pieces) -> None:
        """Add a piece, or several."""
        pieces = [piece for piece in (data if isinstance(data, Pieces) else (data,)) if piece]
        with self._changed:
            self._pieces += pieces
            self._size_bytes += len(data)
            self._tell()
        self._follow(pieces)

    def read_ready(self) -> bool:
        """Return whether a read would return at once with something."""
        return self._size_bytes > 0

    def read(self, nbytes: int, timeout: float | None = None) -> Pieces:
        """Return what there is, no more than so many bytes; nothing when the channel is closed.

        Raises:
            PipeTimeout: nothing came in time.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._pieces or self._closed, timeout):
                raise paramiko.buffered_pipe.PipeTimeout
            found, left = list[bytes | memoryview](), nbytes
            while self._pieces and left:
                piece = self._pieces.popleft()
                if len(piece) > left:
                    self._pieces.appendleft(piece[left:])
                    piece = piece[:left]
                found.append(piece)
                left -= len(piece)
            self._size_bytes -= nbytes - left
            self._tell()
            return Pieces(found)

    def empty(self) -> bytes:
        """Return all there is."""
        with self._changed:
            found = b"".join(self._pieces)
            self._pieces.clear()
            self._size_bytes = 0
            self._tell()
            return found

    def close(self) -> None:
        """End the queue once it is read empty."""
        with self._changed:
            self._closed = True
            self._tell()

    def __len__(self) -> int:
        return self._size_bytes

    def _tell(self) -> None:
        self._changed.notify_all()
        if self._event is not None:
            if self._pieces or self._closed:
                self._event.set()
            else:
                self._event.clear()

    def _follow(self, pieces: Sequence[bytes | memoryview]) -> None:
        """See where the packet ends that the last piece ends in: every packet begins with its length."""
        for piece in pieces:
            data = self._length + bytes(piece) if self._length else piece
            at, self._length = self._missing_bytes, b""
            while at + LENGTH.size <= len(data):
                at += LENGTH.size + LENGTH.unpack_from(data, at)[0]
            if at < len(data):  # the next length has come in part
                self._length = bytes(data[at:])
            self._missing_bytes = max(0, at - len(data))
        self._missing(self._missing_bytes)


def keep_whole(channel: Any) -> bool:  # noqa: ANN401  paramiko has no types
    """Replace a channel's buffer before anything is read from it; return whether that could be done."""
    known = paramiko.buffered_pipe.BufferedPipe
    buffer: Any = getattr(channel, "in_buffer", None)
    calls = {name for name in vars(known) if not name.startswith("_")}
    if type(buffer) is not known or calls != KNOWN:
        return False
    packetizer = getattr(channel.get_transport(), "packetizer", None)
    if isinstance(packetizer, Packetizer):
        packetizer.hand_on = Pieces  # which paramiko's buffer does not take
        channel.in_buffer = PacketQueue(packetizer.missing)
    else:
        channel.in_buffer = PacketQueue()
    channel.in_buffer.feed(buffer.empty())
    return True
