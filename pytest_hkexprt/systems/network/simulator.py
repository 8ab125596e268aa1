"""The other side of a rehearsal: ports that are open, that refuse, that keep silent, and that are somebody else's.

One thread serves all addresses; whoever says something to it breaks the rules, as a look at the line sends nothing.

A silent port is one whose queue is full: Linux then drops what would open another connection, as a packet filter does.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from pytest_hkexprt.addresses import is_number
from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import LocalProtocolError, Unreachable
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems import transport
from pytest_hkexprt.systems.network import settings
from pytest_hkexprt.systems.network.drills import Drill
from pytest_hkexprt.systems.network.facts import ParticipantLine
from pytest_hkexprt.systems.serving import START_TIMEOUT_S, Serving

SILENT_AFTER_S = 0.2
"""Loopback answers in microseconds; no answer for so long is none."""
MOST_QUEUED = 8
"""Connections a queue of length nought is filled with before it is given up; Linux takes one."""
STAND_IN_GREETING = "hkexprt_SIMULATOR"
OTHER_SITES_NAMES = "127.0.1.1"
"""Where the other site's names lead, in a rehearsal."""
WEB_GREETING = b"HTTP/1.1 400 Bad Request\r\nServer: SIMULATOR\r\nConnection: close\r\n\r\n"


class Simulator(Serving):
    """The addresses of one site, at the end of a line.

    Args:
        endpoints: where to listen; a host that is a name gets a free port of loopback.
        line: the line it is dialled over, mirrored to loopback.
        greetings: system to how its greeting begins; none for one that waits to be spoken to.
        other_site: the other site's addresses, to which a drill leads names.
        drills: faults, which begin at once.
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        *,
        line: ParticipantLine = settings.GENERATED,
        greetings: Mapping[str, str] | None = None,
        other_site: Sequence[Endpoint] = (),
        drills: Collection[str] = (),
    ) -> None:
        super().__init__("network")
        self._wanted = tuple(endpoints)
        self._greetings = dict(greetings or {})
        self._other_site = tuple(other_site)
        self.drills = frozenset(drills)
        """The faults switched on."""
        self.line = line
        """The line it is dialled over; see :attr:`source_address` for what a drill makes of it."""
        self._names: dict[str, str] = {}
        self._listeners: dict[Endpoint, socket.socket] = {}
        self._held: list[socket.socket] = []
        self._connections: set[socket.socket] = set()

    def __enter__(self) -> Simulator:
        try:
            self._line_there()
            for endpoint in self._wanted:
                self._listen(endpoint)
            for endpoint in self.endpoints:
                self._dial(endpoint)
            self._begin_drills()
            self._begin()
        except BaseException:
            self.stop()
            raise
        return self

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where it really listens, in the order asked for; hosts that are names stay names."""
        return tuple(self._listeners)

    @property
    def source_address(self) -> str:
        """The address its line is dialled from."""
        return settings.outside(self.line) if Drill.OTHER_LINE in self.drills else self.line.source_address

    def resolve(self, name: str) -> tuple[str, ...]:
        """Return the address of a name, as the rehearsal's name server has it; an address is its own.

        Raises:
            OSError: the name is unknown.
        """
        if is_number(name):
            return (name,)
        hosts = [endpoint.host for endpoint in self._other_site]
        others = {host: host if is_number(host) else OTHER_SITES_NAMES for host in hosts}
        if name in others and name not in self._names:
            return (others[name],)
        if name not in self._names or Drill.NAME_UNKNOWN in self.drills:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if Drill.NAME_OF_OTHER_SITE in self.drills:
            return tuple(dict.fromkeys(others.values()))
        return (self._names[name],)

    def stop(self) -> None:
        """Close every connection and every port, and wait for the thread."""
        self._end()
        for each in (*self._listeners.values(), *self._connections, *self._held):
            each.close()

    def _line_there(self) -> None:
        """See that the line's address can be dialled from; where loopback has one address alone, use that."""
        address = self.source_address
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
                tried.bind((address, 0))
        except OSError:
            if Drill.OTHER_LINE in self.drills:
                raise LocalProtocolError(
                    "network: simulator", expected=f"{address} to dial from", came="not to be had on this system"
                ) from None
            self.line = replace(self.line, subnet=self.line.subnet and "127.0.0.0/8", source_address="127.0.0.1")
            self.notices.append(f"{address} was not to be had; the rehearsal dials from 127.0.0.1")

    def _listen(self, endpoint: Endpoint) -> None:
        at, listener = self._open(endpoint)
        if not is_number(endpoint.host):
            self._names[endpoint.host] = at.host
            at = replace(at, host=endpoint.host)
        self._listeners[at] = listener
        self._selector.register(listener, selectors.EVENT_READ, at)

    def _dial(self, endpoint: Endpoint) -> None:
        """Dial one of our own addresses, and take the connection."""
        listener, at = self._listeners[endpoint], self._numeric(endpoint)
        deadline = Deadline.after(START_TIMEOUT_S)
        with transport.connect(at, deadline).socket:
            listener.settimeout(deadline.left_s())
            listener.accept()[0].close()
            listener.setblocking(False)

    def _numeric(self, endpoint: Endpoint) -> Endpoint:
        return replace(endpoint, host=self._names.get(endpoint.host, endpoint.host))

    def _begin_drills(self) -> None:
        last = self.endpoints[-1]
        if Drill.ADDRESS_REFUSED in self.drills:
            self._close(self._listeners[last])
        if Drill.ADDRESS_SILENT in self.drills:
            self._silence(last)

    def _silence(self, endpoint: Endpoint) -> None:
        listener = self._listeners[endpoint]
        self._selector.unregister(listener)
        listener.listen(0)
        at = self._numeric(endpoint)
        for _ in range(MOST_QUEUED):
            try:
                self._held.append(transport.connect(at, Deadline.after(SILENT_AFTER_S)).socket)
            except transport.NoAnswer:
                return
            except Unreachable:
                break
        raise LocalProtocolError(
            f"{endpoint}: simulator",
            expected="a port that keeps silent",
            came="one that answers: this system does not drop what its queue cannot hold",
            next_step="practise this drill on Linux",
        )

    def _ready(self, ready: socket.socket, data: Endpoint | None, events: int) -> None:
        if data:
            self._accept(ready, data)
        else:
            self._heard(ready)

    def _accept(self, listener: socket.socket, endpoint: Endpoint) -> None:
        accepted, _ = listener.accept()
        if Drill.WRONG_SERVICE in self.drills:
            with accepted:
                accepted.sendall(WEB_GREETING)
            return
        accepted.setblocking(False)
        self._connections.add(accepted)
        self._selector.register(accepted, selectors.EVENT_READ)
        if Drill.UNSTEADY in self.drills:  # before the greeting, so that whoever waits for that meets the closed port
            self._close(self._listeners[endpoint])
        accepted.sendall(self._greeting(endpoint.system))

    def _greeting(self, system: str) -> bytes:
        begins = self._greetings.get(system, "")
        return f"{begins}{STAND_IN_GREETING}\r\n".encode() if begins and Drill.SAYS_NOTHING not in self.drills else b""

    def _heard(self, connection: socket.socket) -> None:
        said = b""
        with contextlib.suppress(ConnectionError):
            said = connection.recv(64)
        self._selector.unregister(connection)
        self._connections.discard(connection)
        connection.close()
        if said:
            self.errors.append(
                LocalProtocolError("network: simulator", expected="a caller that says nothing", came=repr(said))
            )
