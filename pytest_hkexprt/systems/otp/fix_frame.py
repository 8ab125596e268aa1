"""FIX's frame: where a message begins and ends, by its length, and whether its checksum is right.

Source: FIXT 1.1, standard header and trailer: BeginString, BodyLength and MsgType come first and in this order,
CheckSum last.
"""

from __future__ import annotations

import re

from pytest_hkexprt.systems.otp.fix_messages import BEGIN_STRING
from pytest_hkexprt.systems.otp.wire import (
    LONGEST_MESSAGE,
    BadChecksum,
    BadLength,
    BadStart,
    BrokenStream,
    CutShort,
)

START = b"8=%s\x019=" % BEGIN_STRING.encode("ascii")
LENGTH = re.compile(rb"([1-9][0-9]{0,4})\x01")
MOST_DIGITS = 5
TRAILER = re.compile(rb"10=([0-9]{3})\x01")
TRAILER_SIZE = 7
SHOWN = 24
"""Bytes of what is no message that a fault shows."""


class Framer:
    """Bytes as they come, cut into frames."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._buffer = bytearray()
        self._ended = False
        self._broken: BrokenStream | None = None

    def receive_data(self, data: bytes) -> None:
        """Take what was received; nothing received means the end."""
        self._buffer += data
        self._ended = self._ended or not data

    def next_frame(self) -> bytes | None:
        """Return the next whole message's bytes; None while more are needed.

        Raises:
            BrokenStream: there is none to be had any more.
        """
        if self._broken is not None:
            raise self._broken
        try:
            return self._frame()
        except BrokenStream as fault:
            self._broken = fault
            self._buffer.clear()
            raise

    def _frame(self) -> bytes | None:
        buffer = self._buffer
        if not START.startswith(bytes(buffer[: len(START)])):
            came = repr(bytes(buffer[:SHOWN]))
            raise BadStart(self._where, expected=f"a message, {START!r}", came=came)
        digits = buffer[len(START) : len(START) + MOST_DIGITS + 1]
        found = LENGTH.match(digits)
        if found is None:
            if b"\x01" in digits or len(digits) > MOST_DIGITS or not re.fullmatch(rb"([1-9][0-9]*)?", digits):
                raise BadLength(self._where, expected="a BodyLength of one to five digits", came=repr(bytes(digits)))
            self._wait()
            return None
        body = len(START) + found.end()
        size = body + int(found[1]) + TRAILER_SIZE
        if size > LONGEST_MESSAGE:
            raise BadLength(self._where, expected=f"a message of at most {LONGEST_MESSAGE} bytes", came=str(size))
        if len(buffer) < size:
            self._wait()
            return None
        frame = bytes(buffer[:size])
        trailer = TRAILER.fullmatch(frame, size - TRAILER_SIZE)
        if trailer is None or frame[size - TRAILER_SIZE - 1] != 1 or frame[body : body + 3] != b"35=":
            raise BadLength(
                self._where, expected="MsgType first and CheckSum where BodyLength says", came=repr(frame[-SHOWN:])
            )
        if (right := sum(frame[:-TRAILER_SIZE]) % 256) != int(trailer[1]):
            raise BadChecksum(self._where, expected=f"CheckSum {right:03}", came=trailer[1].decode("ascii"))
        del buffer[:size]
        return frame

    def _wait(self) -> None:
        """More must come; where nothing will, it was cut short."""
        if self._ended and self._buffer:
            raise CutShort(self._where, expected="a whole message", came=f"the end after {len(self._buffer)} bytes")
