"""The other side of a rehearsal: strict, and with a fault for each drill."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Collection, Sequence

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems import transport
from pytest_hkexprt.systems.NAME.drills import Drill
from pytest_hkexprt.systems.serving import START_TIMEOUT_S, Serving


class Simulator(Serving):
    """The service of one site.

    Args:
        endpoints: where to listen; where one cannot be had, another port is taken.
        drills: faults, which begin at once.
    """

    def __init__(self, endpoints: Sequence[Endpoint], *, drills: Collection[str] = ()) -> None:
        super().__init__("NAME")
        self.drills = frozenset(drills)
        """The faults switched on."""
        self._wanted = tuple(endpoints)
        self._listeners: dict[Endpoint, socket.socket] = {}
        self._connections: set[socket.socket] = set()

    def __enter__(self) -> Simulator:
        try:
            for endpoint in self._wanted:
                at, listener = self._open(endpoint)
                self._listeners[at] = listener
                self._selector.register(listener, selectors.EVENT_READ, at)
            self._begin()
            for at in self.endpoints:
                transport.connect(at, Deadline.after(START_TIMEOUT_S)).socket.close()
        except BaseException:
            self.stop()
            raise
        return self

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where it really listens, in the order asked for."""
        return tuple(self._listeners)

    def stop(self) -> None:
        """Close every connection and every port, and wait for the thread."""
        self._end()
        for each in (*self._listeners.values(), *self._connections):
            each.close()

    def _ready(self, ready: socket.socket, data: Endpoint | None, events: int) -> None:
        if data is not None:
            accepted, _ = ready.accept()
            accepted.setblocking(False)
            self._connections.add(accepted)
            self._selector.register(accepted, selectors.EVENT_READ)
            return
        said = ready.recv(4096)
        if not said:
            self._connections.discard(ready)
            self._close(ready)
        elif Drill.SAYS_NOTHING not in self.drills:
            raise NotImplementedError("answer as the real service does, and refuse what it refuses")
