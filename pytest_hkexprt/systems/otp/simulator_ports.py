"""The simulator's ports: which service, of which site, the primary one or its mirror; and who calls there."""

from __future__ import annotations

import contextlib
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp.profiles import WireProtocol
from pytest_hkexprt.systems.otp.session import Session


class Service(StrEnum):
    """What stands behind a port."""

    LOOKUP = "lookup service"
    BINARY = "binary gateway"
    FIX = "FIX gateway"

    @property
    def protocol(self) -> WireProtocol:
        """What is spoken there."""
        return WireProtocol.FIX if self is Service.FIX else WireProtocol.BINARY


@dataclass(frozen=True, slots=True)
class Port:
    """One address the simulator listens at."""

    service: Service
    endpoint: Endpoint
    mirror: bool

    @property
    def site(self) -> Site:
        """The site it belongs to."""
        return self.endpoint.site


@dataclass(eq=False, slots=True)
class Caller:
    """One connection, from its accept to its end."""

    port: Port
    connection: socket.socket
    session: Session
    out: bytearray = field(default_factory=bytearray)
    """What the system would not take yet."""
    admitted: bool = False
    orderly: bool = False
    """Whether it logged out."""
    closing: bool = False
    """Whether it is closed once everything is written."""
    sent_at_s: deque[float] = field(default_factory=deque)
    """When each business message of the last second came, in documented seconds."""
    excess: int = 0
    """Messages refused in a row for coming too fast."""

    @property
    def comp_id(self) -> str:
        """Who calls, once it said so."""
        return self.session.comp_id

    def write(self, data: bytes) -> None:
        """Write what the system takes, and keep the rest; a connection that is gone takes everything."""
        self.out += data
        if not self.out:
            return
        try:
            sent = self.connection.send(self.out)
        except BlockingIOError:
            return
        except OSError:
            self.out.clear()
            return
        del self.out[:sent]

    def close(self, forget: Callable[[socket.socket], object]) -> None:
        """Close the connection without a word."""
        with contextlib.suppress(KeyError, ValueError):
            forget(self.connection)
        self.connection.close()
