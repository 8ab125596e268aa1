"""The participant's connections, served together: whatever one of them is waited for, all of them are kept alive.

There is no thread. A verb that waits serves every connection meanwhile, so that heartbeats go out in a wait of a
minute as they do between two orders.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable
from contextlib import suppress

from pytest_hkexprt import deadline
from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.otp.pace import CONNECT_S, Pace
from pytest_hkexprt.systems.otp.session import Session
from pytest_hkexprt.systems.otp.session_events import Ended, SessionEvent

RECEIVED_AT_ONCE_BYTES = 65_536


class Wire:
    """One connection and the session on it.

    Args:
        connected: the socket.
        endpoint: who is at its other end.
        session: the initiator's.
        told: takes every event.
        moved: is told whenever numbers may have moved on.
    """

    def __init__(
        self,
        connected: socket.socket,
        endpoint: Endpoint,
        session: Session,
        told: Callable[[SessionEvent], None],
        moved: Callable[[], None] = lambda: None,
    ) -> None:
        self.socket = connected
        self.endpoint = endpoint
        self.session = session
        self.ended: Ended | None = None
        """Why the session is over; None while it is not."""
        self.line_ended = False
        """Whether the other side closed its side."""
        self._told, self._moved = told, moved

    def write(self, data: bytes) -> None:
        """Write; a connection that is gone is noticed when it is read."""
        if data:
            self._moved()  # before the bytes leave: a number that was never said can be filled, one said twice cannot
            with suppress(OSError):
                self.socket.sendall(data)

    def read(self, now_s: float) -> None:
        """Take what came, and tell what happened."""
        try:
            data = self.socket.recv(RECEIVED_AT_ONCE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.line_ended = self.line_ended or not data
        if self.ended is None:
            self.session.receive_data(data, now_s)
            self.happened()

    def tick(self, now_s: float) -> None:
        """Do what is due by now."""
        if self.ended is None:
            self.session.tick(now_s)
            self.happened()

    def happened(self) -> None:
        """Tell every event there is, and write what the session has to say."""
        while (event := self.session.next_event()) is not None:
            if isinstance(event, Ended):
                self.ended = event
            self._told(event)
        self.write(self.session.data_to_send())
        self._moved()


class Wires:
    """All connections of one participant.

    Args:
        pace: how fast the run goes.
    """

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._selector = selectors.DefaultSelector()
        self._wires: list[Wire] = []

    def now_s(self) -> float:
        """Return the monotonic time in documented seconds."""
        return self.pace.documented_s(deadline.monotonic_s())

    def add(self, wire: Wire) -> None:
        """Serve one more connection."""
        wire.socket.settimeout(self.pace.real_s(CONNECT_S))
        self._selector.register(wire.socket, selectors.EVENT_READ, wire)
        self._wires.append(wire)

    def drop(self, wire: Wire) -> None:
        """Close a connection, and serve it no more."""
        if wire in self._wires:
            self._wires.remove(wire)
            with suppress(KeyError, ValueError):
                self._selector.unregister(wire.socket)
        wire.socket.close()

    def close(self) -> None:
        """Close every connection."""
        for wire in list(self._wires):
            self.drop(wire)
        self._selector.close()

    def serve(self, until: Callable[[], bool], documented_s: float) -> bool:
        """Serve all connections until something holds, or time is up; return whether it holds."""
        by = Deadline.after(self.pace.real_s(documented_s))
        while not until():
            left_s = by.left_s()
            self._turn(left_s)
            if not left_s:  # what came while this machine was busy elsewhere was read just now, and counts
                return until()
        return True

    def wait(self, documented_s: float) -> None:
        """Wait as a document prescribes, and keep every connection alive meanwhile."""
        self.serve(lambda: False, documented_s)

    def _turn(self, left_s: float) -> None:
        for ready, _ in self._selector.select(min(left_s, self._patience_s())):
            ready.data.read(self.now_s())
            if ready.data.line_ended:  # else it would be ready for ever
                with suppress(KeyError, ValueError):
                    self._selector.unregister(ready.fileobj)
        now_s = self.now_s()
        for wire in list(self._wires):
            if wire.session.due_s() <= now_s:
                wire.tick(now_s)

    def _patience_s(self) -> float:
        due_s = min((wire.session.due_s() for wire in self._wires if wire.ended is None), default=float("inf"))
        return max(0.0, self.pace.real_s(due_s - self.now_s()))
