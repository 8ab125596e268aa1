"""What simulators share: ports on loopback, one thread that serves them, faults that reach the test, an end that waits.

A simulator listens before it is entered, was dialled before it says so, and leaves no thread or port when it stops.
How it speaks is its own; that it begins and ends like every other one is written here.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import selectors
import socket
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from pytest_hkexprt.addresses import is_number
from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.model import Endpoint, Participant, Site

START_TIMEOUT_S = 5.0
STOP_TIMEOUT_S = 1.0
CANNOT_BE_HAD = {errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES, errno.EINVAL}
"""Why an address or port is not to be had, so that another is taken."""


@dataclass(frozen=True, slots=True)
class Alone:
    """For whom and with what a system's simulators run on their own, in the foreground of ``hkexprt simulate``."""

    sites: Mapping[Site, tuple[Endpoint, ...]]
    """The circular's addresses of each site, on loopback."""
    business_date: Callable[[], dt.date]
    """Asked which date's reports and data are shown."""
    drills: Collection[str]
    """The system's faults to begin."""
    user: str
    """Who may log in."""
    public_key: str
    """That user's, as in ``authorized_keys``."""
    participant: Participant
    """Whose Comp IDs, channels and line are used; a generated one for nobody's."""

    def table(self, system: str) -> tuple[Mapping[str, object], Path]:
        """Return the participant's own table of a system, empty where there is none, and the file it is in."""
        return self.participant.systems.get(system, {}), self.participant.path or Path()


class Serving:
    """The common part of a simulator whose ports are served by one thread.

    A subclass opens its ports in ``__enter__``, registers each with :attr:`_selector`, and calls :meth:`_begin`; its
    :meth:`stop` calls :meth:`_end` and closes what it opened.

    Args:
        where: what it is in a message: ``rap/secondary``.
    """

    def __init__(self, where: str) -> None:
        self.notices: list[str] = []
        """What a reader of the evidence must know: addresses that were not to be had."""
        self.errors: list[BaseException] = []
        """Faults of our own in the simulator's threads, and rules broken by whoever was let in."""
        self._where = where
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()
        self._stopping = False
        self._thread = threading.Thread(target=self._serve, name=f"{where} simulator", daemon=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if error is None:
            self.raise_errors()

    def stop(self) -> None:
        """Close every connection and every port, and wait for every thread; a second call does nothing."""
        self._end()

    def raise_errors(self) -> None:
        """Raise the first fault of our own, if there was one.

        Raises:
            LocalProtocolError: there was.
        """
        if self.errors:
            raise LocalProtocolError(
                f"{self._where}: simulator", expected="no fault of its own", came=repr(self.errors[0])
            ) from self.errors[0]

    def _open(self, endpoint: Endpoint) -> tuple[Endpoint, socket.socket]:
        """Return where it really listens, and the listening socket; a notice says where that is not as asked."""
        at, listener = listen(endpoint)
        if at.address != endpoint.address and endpoint.port and is_number(endpoint.host):
            self.notices.append(f"{endpoint.address} was not to be had; the simulator listens at {at.address}")
        return at, listener

    def _close(self, listener: socket.socket) -> None:
        """Close a socket, registered or not."""
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(listener)
        listener.close()

    def _begin(self) -> None:
        """Start the thread."""
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._thread.start()

    def _nudge(self) -> None:
        """Have the thread look at :meth:`_tick` now; from any thread."""
        with contextlib.suppress(OSError):
            self._wake.send(b"\0")

    def _end(self) -> None:
        """Stop the thread and close what it waits on."""
        self._stopping = True
        self._nudge()
        if self._thread.is_alive():
            self._thread.join(STOP_TIMEOUT_S)
        for each in (self._wake, self._woken, self._selector):
            each.close()

    def _serve(self) -> None:
        try:
            while not self._stopping:
                for ready, events in self._selector.select(self._patience_s()):
                    if ready.fileobj is self._woken:
                        self._woken.recv(4096)
                        continue
                    assert isinstance(ready.fileobj, socket.socket)
                    try:
                        self._ready(ready.fileobj, ready.data, events)
                    except (BlockingIOError, ConnectionError):
                        continue
                    except OSError:
                        if ready.fileobj.fileno() >= 0:  # else another thread closed it since it was ready
                            raise
                if not self._stopping:
                    self._tick()
        except Exception as error:
            self.errors.append(error)

    def _ready(self, ready: socket.socket, data: Any, events: int) -> None:  # noqa: ANN401  as selectors hand it back
        """Serve one socket that can be read or written; a connection that is gone may raise and is no fault."""
        raise NotImplementedError

    def _patience_s(self) -> float | None:
        """Return how long to wait for a socket before :meth:`_tick`; None for as long as it takes."""
        return None

    def _tick(self) -> None:
        """Do what is due, after sockets were served, when patience ended, or when nudged."""


def listen(endpoint: Endpoint) -> tuple[Endpoint, socket.socket]:
    """Return where one really listens, and the socket: at the endpoint, else at another port, else at 127.0.0.1.

    A host that is a name is served at 127.0.0.1.

    Raises:
        LocalProtocolError: no port is to be had at all.
    """
    tried = [(endpoint.host, endpoint.port), (endpoint.host, 0)] if is_number(endpoint.host) else []
    for host, port in (*tried, ("127.0.0.1", 0)):
        try:
            listener = bound(host, port)
        except OSError as error:
            if error.errno not in CANNOT_BE_HAD:
                raise
            continue
        at = replace(
            endpoint,
            host=host,
            port=listener.getsockname()[1],
            published=endpoint.published or endpoint.address,
            origin="simulator",
        )
        return at, listener
    raise LocalProtocolError(f"{endpoint}: simulator", expected="a port to listen at", came="none to be had")


def bound(host: str, port: int, *, listening: bool = True) -> socket.socket:
    """Return a bound socket that never blocks; one that does not listen refuses, and nobody else takes its port.

    Raises:
        OSError: the port is not to be had.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere the option lets two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        if listening:
            listener.listen()
        elif os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener
