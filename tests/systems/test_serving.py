"""The thread that serves a simulator's ports: what is a fault of its own, and what is not."""

from __future__ import annotations

import errno
import socket

import pytest

from pytest_hkexprt.deadline import Deadline, pause
from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.systems.serving import Serving


class Port(Serving):
    """One port; what is ready there fails as told."""

    def __init__(self, *, closed: bool) -> None:
        super().__init__("test/primary")
        self.closed, self.tried = closed, False

    def __enter__(self) -> Port:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self._selector.register(self.listener, 1)
        self._begin()
        return self

    def _end(self) -> None:
        super()._end()
        self.listener.close()

    def _ready(self, ready, data, events) -> None:
        self.tried = True
        if self.closed:
            self._close(ready)  # as another thread does between the port's being ready and its being served
        else:
            self._selector.unregister(ready)
        raise OSError(errno.EBADF, "Bad file descriptor")


def served(port: Port) -> None:
    with port, socket.create_connection(port.listener.getsockname()):
        limit = Deadline.after(30)
        while not port.tried and not limit.passed:
            pause(0.01)


def test_a_port_that_was_closed_since_it_was_ready_is_no_fault():
    served(Port(closed=True))


def test_a_port_that_fails_while_it_is_open_is_one():
    with pytest.raises(LocalProtocolError, match="Bad file descriptor"):
        served(Port(closed=False))
