"""A rehearsal's name server, as far as the browser is concerned: one port that leads wherever the name leads now.

A browser is told at its start which address stands for a name, and keeps to it. So that the name can move from one
data centre to the other in the middle of a session, the address it is told is this relay's, which hands every byte on
unread. Moving the name cuts what was connected, as the end of a data centre does.
"""

from __future__ import annotations

import contextlib
import selectors
import socket

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import Unreachable
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems import transport
from pytest_hkexprt.systems.serving import START_TIMEOUT_S, Serving, listen

BLOCK_BYTES = 65536
DIAL_TIMEOUT_S = 2.0
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Relay(Serving):
    """The port a name stands for.

    Args:
        name: for which endpoint it stands.
    """

    def __init__(self, name: Endpoint) -> None:
        super().__init__(f"{name} name server")
        self.endpoint, self._listener = listen(name)
        self._to: Endpoint | None = None
        self._other: dict[socket.socket, socket.socket] = {}
        self._waiting: dict[socket.socket, bytes] = {}
        self._wanted: Endpoint | None = None
        self._led: dict[str, Endpoint] = {}

    def __enter__(self) -> Relay:
        self._selector.register(self._listener, READ, None)
        self._begin()
        try:
            transport.connect(self.endpoint, Deadline.after(START_TIMEOUT_S)).socket.close()
        except BaseException:
            self.stop()
            raise
        return self

    @property
    def leads_to(self) -> Endpoint | None:
        """Where the name leads now."""
        return self._wanted

    def lead(self, to: Endpoint) -> None:
        """Have the name lead to an address; what was connected elsewhere is cut."""
        self._wanted = to
        self._nudge()

    def stop(self) -> None:
        """Close the port and every connection, and wait for the thread."""
        self._end()
        self._listener.close()
        for each in list(self._other):
            each.close()

    def _tick(self) -> None:
        if self._to != self._wanted:
            self._to = self._wanted
            for each in list(self._other):
                self._drop(each)

    def _ready(self, ready: socket.socket, data: object, events: int) -> None:
        if ready is self._listener:
            self._accept()
            return
        if ready not in self._other:  # dropped by its other end in this very round
            return
        try:
            if events & READ:
                self._read(ready)
            if events & WRITE and ready in self._other:
                self._flush(ready)
        except BlockingIOError:
            pass
        except OSError:
            self._drop(ready)

    def _accept(self) -> None:
        accepted, _ = self._listener.accept()
        self._tick()  # a name that has moved has moved for whoever dials now
        if self._to is None:
            accepted.close()
            return
        try:
            beyond = transport.connect(self._to, Deadline.after(DIAL_TIMEOUT_S)).socket
        except Unreachable:
            accepted.close()
            return
        self._other[accepted], self._other[beyond] = beyond, accepted
        for each in (accepted, beyond):
            each.setblocking(False)
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._waiting[each] = b""
            self._selector.register(each, READ)

    def _read(self, ready: socket.socket) -> None:
        block = ready.recv(BLOCK_BYTES)
        other = self._other[ready]
        if not block:
            self._flush(other)
            self._drop(ready)
            return
        self._waiting[other] += block
        self._flush(other)

    def _flush(self, ready: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._waiting[ready]:
                self._waiting[ready] = self._waiting[ready][ready.send(self._waiting[ready]) :]
        self._selector.modify(ready, READ | WRITE if self._waiting[ready] else READ)

    def _drop(self, ready: socket.socket) -> None:
        for each in (ready, self._other.get(ready)):
            if each is not None:
                self._other.pop(each, None)
                self._waiting.pop(each, None)
                self._close(each)
