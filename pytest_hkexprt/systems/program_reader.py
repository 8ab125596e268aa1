"""What a program says, read by a thread of its own in bounded pieces, so that the program is never held up by us.

Lines wait until somebody takes them; of its complaints on standard error the last are kept. A line without an end, and
more than anybody takes, are faults of the program's, and reading stops.
"""

from __future__ import annotations

import os
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import HkexprtError, RemoteProtocolError
from pytest_hkexprt.systems.program_lines import LONGEST_LINE_BYTES, quoted

AT_ONCE_BYTES = 65_536
MOST_UNREAD_BYTES = 16 * 1024 * 1024
"""What a program may say before anybody takes it; one that says more is taken for one that never stops."""
MOST_COMPLAINT_BYTES = 4096
"""The last of standard error that is kept."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why nothing more is to be had of a program."""

    expected: str
    came: str
    next_step: str
    kind: type[HkexprtError] = RemoteProtocolError


class Reader:
    """The reading end of a program.

    Args:
        out: its standard output.
        complaints: its standard error.
        name: the thread's.
        kill: ends the program, since what it says cannot be taken.
    """

    def __init__(self, out: IO[bytes], complaints: IO[bytes], name: str, kill: Callable[[], None]) -> None:
        self._out, self._complaints, self._kill = out, complaints, kill
        self._changed = threading.Condition()
        self._lines: deque[bytes] = deque()
        self._unread_bytes = 0
        self._deaf = False
        self.begun = b""
        """A line that has not ended."""
        self.complained = b""
        self.ended = False
        """Whether its standard output is at an end."""
        self.wrong: Wrong | None = None
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()
        for each in (self._woken, out, complaints):
            self._selector.register(each, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def take(self, by: Deadline) -> bytes | None:
        """Return the next line; None where none came in time, or none will."""
        with self._changed:
            while not self._lines and self.wrong is None and not self.ended and not by.passed:
                self._changed.wait(by.left_s())
            if not self._lines or self.wrong is not None:
                return None
            line = self._lines.popleft()
            self._unread_bytes -= len(line)
            return line

    @property
    def waiting(self) -> int:
        """How many lines wait; at least one where it is over, since whoever asks is to be told."""
        with self._changed:
            return max(len(self._lines), int(self.ended or self.wrong is not None))

    @property
    def over(self) -> bool:
        """Whether no line will come any more."""
        with self._changed:
            return self.wrong is not None or (self.ended and not self._lines)

    def await_end(self, by: Deadline) -> bool:
        """Wait until its standard output is at an end; return whether it is."""
        with self._changed:
            while not self.ended and not by.passed:
                self._changed.wait(by.left_s())
            return self.ended

    def fail(self, wrong: Wrong) -> None:
        """Have nothing more taken, for a reason; the first counts."""
        with self._changed:
            self.wrong = self.wrong or wrong
            self._changed.notify_all()

    def ignore(self) -> None:
        """Read on, and keep no line."""
        self._deaf = True

    def close(self) -> None:
        """End the thread."""
        with suppress(OSError):
            self._wake.send(b"\0")
        self._thread.join()
        for each in (self._selector, self._wake, self._woken, self._out, self._complaints):
            each.close()

    def _run(self) -> None:
        while True:
            ready = [key.fileobj for key, _ in self._selector.select()]
            if self._complaints in ready and not self._take_complaint():
                self._selector.unregister(self._complaints)
            if self._out in ready:
                self._take_lines()
            if self._woken in ready:
                return

    def _take_complaint(self) -> bool:
        """Take a piece of standard error; return whether it goes on."""
        data = _piece(self._complaints)
        self.complained = (self.complained + (data or b""))[-MOST_COMPLAINT_BYTES:]
        return data != b""

    def _take_lines(self) -> None:
        data = _piece(self._out)
        if data is None:
            return
        if not data:
            self._selector.unregister(self._out)
            while (last := _piece(self._complaints)) and not self._deaf:  # what it said before it ended says why
                self.complained = (self.complained + last)[-MOST_COMPLAINT_BYTES:]
        *lines, begun = (self.begun + data).split(b"\n")
        keep = not self._deaf and self.wrong is None
        with self._changed:
            self.ended = self.ended or not data
            self.begun = begun if keep else b""
            if keep:
                self._lines.extend(lines)
                self._unread_bytes += sum(map(len, lines))
                self.wrong = self._too_much(max(map(len, (*lines, begun))))
            self._changed.notify_all()
        if keep and self.wrong is not None:
            self._kill()

    def _too_much(self, longest_bytes: int) -> Wrong | None:
        if longest_bytes > LONGEST_LINE_BYTES:
            expected = f"lines of at most {LONGEST_LINE_BYTES:,} bytes"
            then = "end each JSON object with a line feed, and have none inside it"
            return Wrong(expected, f"{longest_bytes:,} bytes without a line feed", then)
        if self._unread_bytes > MOST_UNREAD_BYTES:
            came = f"{self._unread_bytes:,} bytes in {len(self._lines):,} lines; the last: {quoted(self._lines[-1])}"
            return Wrong("no more than is asked for", came, "look why it does not stop")
        return None


def _piece(stream: IO[bytes]) -> bytes | None:
    """Return what can be read at once; empty at the end; None where there is nothing yet."""
    try:
        return os.read(stream.fileno(), AT_ONCE_BYTES)
    except BlockingIOError:
        return None
    except (OSError, ValueError):
        return b""
