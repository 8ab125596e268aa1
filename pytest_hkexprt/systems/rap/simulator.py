"""The other side of a rehearsal: a strict SFTP server at the loopback mirror of one site's addresses.

One thread accepts for all addresses; a fault in any of its threads is raised where the simulator is left.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import logging
import selectors
import socket
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import paramiko  # type: ignore[import-untyped]  # it ships no types

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems import transport
from pytest_hkexprt.systems.rap import keys, standin
from pytest_hkexprt.systems.rap.drills import ALWAYS, Drill
from pytest_hkexprt.systems.rap.keys import PrivateKey
from pytest_hkexprt.systems.rap.simulator_server import Gate, Service, Subsystem
from pytest_hkexprt.systems.serving import START_TIMEOUT_S, STOP_TIMEOUT_S, Serving, bound

LOG = "pytest_hkexprt.rap.simulator"
"""The library's own log, silenced: it tells a traceback of every client that hangs up."""
WEDNESDAY = 2


@dataclass(eq=False, slots=True)
class Seen:
    """One connection, as the simulator saw it."""

    endpoint: Endpoint
    ssh: Any
    gate: Gate
    kept: socket.socket | None = None
    """A duplicate of the socket that a drill keeps open."""

    @property
    def user(self) -> str:
        """Who was let in; empty for nobody."""
        return self.gate.granted[0]

    @property
    def key(self) -> str:
        """The public key that was granted, as in ``authorized_keys``; empty for none."""
        return self.gate.granted[1]

    @property
    def closed(self) -> bool:
        """Whether this side is closed."""
        return self.kept is None and self.ssh.sock.fileno() == -1


class Simulator(Serving):
    """The report server of one site.

    Args:
        endpoints: where to listen, both addresses of the site; where one cannot be had, another port is taken.
        users: User ID to public key, as in ``authorized_keys``.
        business_date: asked, whenever the folder is looked at, which date's reports it shows.
        host_keys: each site's own key; made anew where none are given.
        drills: faults, which begin with :meth:`arm`.
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        *,
        users: Mapping[str, str],
        business_date: Callable[[], dt.date],
        host_keys: Mapping[Site, PrivateKey] | None = None,
        drills: Collection[str] = (),
    ) -> None:
        self._wanted = tuple(endpoints)
        self._site = self._wanted[0].site
        super().__init__(f"rap/{self._site}")
        self._keys = dict(host_keys or {site: keys.generate() for site in Site})
        self._drills = frozenset(drills)
        self._armed = False
        self._service = Service(users, self._folder, lambda: self.drills, self._note)
        self._business_date = business_date
        self._stale: dt.date | None = None
        self._listeners: dict[Endpoint, socket.socket] = {}
        self.sessions: list[Seen] = []
        """Every connection since the start."""

    def __enter__(self) -> Simulator:
        for endpoint in self._wanted:
            self._serve_at(*self._open(endpoint))
        self._begin()
        try:
            for endpoint in self.endpoints:
                _dial(endpoint)
        except BaseException:
            self.stop()
            raise
        deadline = Deadline.after(STOP_TIMEOUT_S)
        for seen in self.sessions:  # our own dialling
            self._hang_up(seen, deadline)
        self.sessions.clear()
        return self

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where it really listens, in the order asked for."""
        return tuple(self._listeners)

    @property
    def host_key(self) -> str:
        """The public key to pin for this site."""
        return self._keys[self._site].public

    @property
    def drills(self) -> frozenset[str]:
        """The faults switched on now."""
        return self._drills if self._armed else self._drills & ALWAYS

    def seen_since(self, number: int) -> list[Seen]:
        """Return the connections since there were that many."""
        return self.sessions[number:]

    def arm(self) -> None:
        """Let the drills' faults begin."""
        self._armed = True
        if Drill.FOLDER_STALE in self._drills and self._stale is None:
            self._stale = self._business_date()
        refusing = {Drill.BOTH_REFUSED: self.endpoints, Drill.FIRST_ADDRESS_REFUSED: self.endpoints[:1]}
        for drill, endpoints in refusing.items():
            for endpoint in endpoints if drill in self.drills else ():
                self._close(self._listeners[endpoint])
                # Bound and not listening: it refuses, and no other run takes the port while it is dialled again.
                self._listeners[endpoint] = bound(endpoint.host, endpoint.port, listening=False)

    def disarm(self) -> None:
        """End the drills' faults."""
        self._armed = False
        self._stale = None
        for endpoint, listener in list(self._listeners.items()):
            if not listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                listener.close()
                self._serve_at(endpoint, bound(endpoint.host, endpoint.port))

    def stop(self) -> None:
        """Close every connection and every port, and wait for every thread."""
        deadline = Deadline.after(STOP_TIMEOUT_S)
        for listener in self._listeners.values():
            self._close(listener)
        self._end()
        for seen in self.sessions:
            self._hang_up(seen, deadline)

    def _folder(self) -> Sequence[standin.StandIn]:
        drills = self.drills - ({Drill.SITES_DIFFER} if self._site is Site.SECONDARY else set())
        return standin.folder(self._stale or self._business_date(), drills)

    def _note(self, error: BaseException) -> None:
        self.errors.append(error)

    def _serve_at(self, endpoint: Endpoint, listener: socket.socket) -> None:
        self._listeners[endpoint] = listener
        self._selector.register(listener, selectors.EVENT_READ, endpoint)

    def _hang_up(self, seen: Seen, deadline: Deadline) -> None:
        if seen.kept:
            seen.kept.close()
            seen.kept = None
        # The shutdown wakes the library's thread now; after its own close it would linger for a tenth of a second.
        with contextlib.suppress(OSError):
            seen.ssh.sock.shutdown(socket.SHUT_RDWR)
        seen.ssh.close()
        seen.ssh.packetizer.complete_handshake()  # else a greeting that failed leaves its alarm clock running
        for thread in (seen.ssh, *seen.gate.subsystems):
            if thread.is_alive():
                thread.join(deadline.left_s())
        seen.ssh.sock.close()
        error = seen.ssh.get_exception()
        if error and not isinstance(error, (paramiko.SSHException, EOFError, OSError)):  # those are the client's doing
            self._note(error)

    def _ready(self, ready: socket.socket, data: Endpoint, events: int) -> None:
        accepted, _ = ready.accept()
        if Drill.EVENING_LOST in self.drills and self._business_date().weekday() == WEDNESDAY:
            accepted.close()
            return
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        kept = accepted.dup() if Drill.NEVER_CLOSES in self.drills else None
        ssh = paramiko.Transport(accepted)
        ssh.set_log_channel(LOG)
        ssh.add_server_key(paramiko.Ed25519Key.from_private_key(_file(self._shown_key())))
        ssh.set_subsystem_handler("sftp", Subsystem)
        gate = Gate(self._service)
        self.sessions.append(Seen(data, ssh, gate, kept))
        ssh.start_server(event=threading.Event(), server=gate)

    def _shown_key(self) -> PrivateKey:
        if Drill.WRONG_HOST_KEY in self.drills:
            return keys.generate()
        return self._keys[self._site.other if Drill.OTHER_SITE_ANSWERS in self.drills else self._site]


def _dial(endpoint: Endpoint) -> None:
    """Dial one of our own addresses, and wait for the server's greeting."""
    deadline = Deadline.after(START_TIMEOUT_S)
    with transport.connect(endpoint, deadline).socket as dialled:
        dialled.settimeout(deadline.left_s())
        if not dialled.recv(64).startswith(b"SSH-"):
            raise LocalProtocolError(f"{endpoint}: simulator", expected="its greeting", came="none")


def _file(key: PrivateKey) -> io.StringIO:
    return io.StringIO(key.openssh.reveal())


logging.getLogger(LOG).setLevel(logging.CRITICAL + 1)
