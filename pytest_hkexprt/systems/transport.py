"""TCP connections with a deadline, made from the participant's own line, and told apart when they fail.

Every system dials here, so that a refused port, a silent one and a missing route read the same everywhere.
"""

from __future__ import annotations

import contextlib
import errno
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import Unreachable, UsageFault
from pytest_hkexprt.model import Endpoint

if TYPE_CHECKING:
    from typing_extensions import Buffer


class Refused(Unreachable):
    """Somebody is there, and nobody listens on the port."""


class NoAnswer(Unreachable):
    """Nobody answered before the deadline, or fell silent for as long."""


class Lost(Unreachable):
    """Somebody was there, and the connection was cut."""


class NoRoute(Unreachable):
    """There is no way to that address from here."""


class NameUnknown(Unreachable):
    """The host's name could not be resolved."""


QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)
"""Linux has it; the system forgets it with the next packet, so it is asked for again and again."""
NO_ROUTE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN}


@dataclass(frozen=True, slots=True)
class Line:
    """A connected socket and who is at its ends."""

    socket: socket.socket
    peer: str
    """``host:port`` of the other end, as the socket has it."""
    local: str
    """``host:port`` of this end."""


class Prompt(socket.socket):
    """A socket that acknowledges at once what it receives, where the system lets it.

    A server that sends two small packets in a row may hold the second back until the first is acknowledged, and this
    side's system puts that off for 40 ms: OpenSSH does so after a login, and every login waited for it.

    Source: RFC 896 (Nagle), RFC 1122 section 4.2.3.2 (delayed acknowledgements), tcp(7) (TCP_QUICKACK).
    """

    at_once = True
    """Turned off where much is received: then there is always something to acknowledge with."""

    @classmethod
    def of(cls, connected: socket.socket) -> Prompt:
        """Return a second socket of the same connection."""
        return cls(fileno=connected.dup().detach())

    def recv(self, size_bytes: int, flags: int = 0, /) -> bytes:
        """Return what has come, and have it acknowledged."""
        came = super().recv(size_bytes, flags)
        self._acknowledge()
        return came

    def recv_into(self, buffer: Buffer, size_bytes: int = 0, flags: int = 0, /) -> int:
        """Put what has come into a buffer, and have it acknowledged."""
        came_bytes = super().recv_into(buffer, size_bytes, flags)
        self._acknowledge()
        return came_bytes

    def _acknowledge(self) -> None:
        if self.at_once and QUICKACK is not None:
            with contextlib.suppress(OSError):  # closed by another thread meanwhile
                self.setsockopt(socket.IPPROTO_TCP, QUICKACK, 1)


def connect(endpoint: Endpoint, deadline: Deadline, source_address: str = "") -> Line:
    """Return a connection to an endpoint, without Nagle's delay.

    Args:
        endpoint: whom to dial.
        deadline: by when it must stand.
        source_address: the line's own address to dial from; empty for the system's choice.

    Raises:
        Refused: nobody listens there.
        NoAnswer: the deadline passed.
        NoRoute: there is no way there.
        NameUnknown: the host's name is unknown.
        UsageFault: the source address is not this machine's.
        Unreachable: it failed in some other way.
    """
    allowed_s = deadline.left_s()
    source = (source_address, 0) if source_address else None
    try:
        # Above zero: a time-out of zero would mean "do not block" instead of "at once".
        connected = socket.create_connection((endpoint.host, endpoint.port), max(allowed_s, 0.001), source)
    except OSError as error:
        raise _told_apart(error, endpoint, allowed_s, source_address) from error
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Line(connected, _shown(connected.getpeername()), _shown(connected.getsockname()))


def _told_apart(error: OSError, endpoint: Endpoint, allowed_s: float, source_address: str) -> Unreachable | UsageFault:
    expected = "a connection"
    if isinstance(error, ConnectionRefusedError):
        return Refused(
            str(endpoint), expected=expected, came="connection refused", next_step="ask whether the service is up"
        )
    if isinstance(error, TimeoutError):
        return NoAnswer(
            str(endpoint),
            expected=expected,
            came=f"no answer within {allowed_s:.3g} s",
            next_step="look for a firewall between here and there, and whether the line is up",
        )
    if isinstance(error, socket.gaierror):
        return NameUnknown(
            str(endpoint), expected=expected, came=f"no such host: {error.strerror}", next_step="look at the name"
        )
    if error.errno == errno.EADDRNOTAVAIL and source_address:
        return UsageFault(
            f"{endpoint}, dialled from {source_address}",
            expected="an address of this machine",
            came="it is not",
            next_step="set [line] source_address in hkexprt.toml to the line's address, or leave it out",
        )
    if error.errno in NO_ROUTE:
        return NoRoute(
            str(endpoint),
            expected=expected,
            came=f"no route: {error.strerror}",
            next_step="look whether the HSN or SDNET line is up and routed",
        )
    return Unreachable(str(endpoint), expected=expected, came=str(error))


def _shown(address: tuple[str, int]) -> str:
    return f"{address[0]}:{address[1]}"
