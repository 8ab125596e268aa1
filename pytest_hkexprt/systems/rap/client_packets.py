"""A queue of whole packets in the place of a channel's byte buffer: the one private thing of paramiko's that is used.

paramiko gathers what a channel receives in one array and deletes at its front what is read, which copies the rest each
time: with megabytes in flight, most of a large file's time. The queue hands each packet on as it came. The buffer's
attribute is not documented; so it is replaced only where it is what it is known to be, and else left alone: the reader
works with either, the buffer is slower. A test fails when a new paramiko is no longer known.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from paramiko.buffered_pipe import BufferedPipe, PipeTimeout  # type: ignore[import-untyped]  # paramiko has no types

KNOWN = {"set_event", "feed", "read_ready", "read", "empty", "close"}
"""What a channel calls on its buffer; what the queue answers to."""


class PacketQueue:
    """What has come on a channel, packet by packet; one thread feeds, another reads."""

    def __init__(self) -> None:
        self._packets: deque[bytes] = deque()
        self._size_bytes = 0
        self._closed = False
        self._event: threading.Event | None = None
        self._changed = threading.Condition()

    def set_event(self, event: threading.Event) -> None:
        """Have an event follow whether there is something to read."""
        with self._changed:
            self._event = event
            self._tell()

    def feed(self, data: bytes) -> None:
        """Add a packet."""
        with self._changed:
            if data:
                self._packets.append(data)
                self._size_bytes += len(data)
            self._tell()

    def read_ready(self) -> bool:
        """Return whether a read would return at once with something."""
        return self._size_bytes > 0

    def read(self, nbytes: int, timeout: float | None = None) -> bytes:
        """Return the next packet, or of one that is longer its first bytes; nothing when the channel is closed.

        Raises:
            PipeTimeout: nothing came in time.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._packets or self._closed, timeout):
                raise PipeTimeout
            if not self._packets:
                return b""
            packet = self._packets.popleft()
            if len(packet) > nbytes:
                self._packets.appendleft(packet[nbytes:])
                packet = packet[:nbytes]
            self._size_bytes -= len(packet)
            self._tell()
            return packet

    def empty(self) -> bytes:
        """Return all there is."""
        with self._changed:
            found = b"".join(self._packets)
            self._packets.clear()
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
            if self._packets or self._closed:
                self._event.set()
            else:
                self._event.clear()


def keep_whole(channel: Any) -> bool:  # noqa: ANN401  paramiko has no types
    """Replace a channel's buffer before anything is read from it; return whether that could be done."""
    buffer: Any = getattr(channel, "in_buffer", None)
    calls = {name for name in vars(BufferedPipe) if not name.startswith("_")}
    if type(buffer) is not BufferedPipe or calls != KNOWN:
        return False
    channel.in_buffer = PacketQueue()
    channel.in_buffer.feed(buffer.empty())
    return True
