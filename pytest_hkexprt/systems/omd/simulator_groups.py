"""The sending ends of multicast groups, on loopback alone, and the claim that keeps two rehearsals apart.

Any number of sockets may join a group, so a second rehearsal under the same groups would be heard by the first one's
receiver, and a receiver of the real feed on this machine would hear a rehearsal. Before anything is sent, therefore,
each port is tried for itself; where anybody has it, the whole rehearsal moves to other groups and ports, and says so.

Source: ip(7) (IP_MULTICAST_IF, IP_MULTICAST_TTL: with 0 nothing leaves the machine).
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.systems.serving import CANNOT_BE_HAD

LOOPBACK = "127.0.0.1"
MOST_MOVES = 200
"""More rehearsals than a machine runs at once."""
STEP_PORTS = 40
"""From one rehearsal's ports to the next one's: more than the published ones span at either end."""
CLAIM_PORT = 50_990
"""Held, not listened at, while a rehearsal runs under the groups that belong to it; below every published port."""


@dataclass(frozen=True, slots=True)
class Shift:
    """How far a rehearsal's groups and ports lie from the published ones."""

    moves: int = 0

    def group(self, group: str) -> str:
        """Return where a published group is in this rehearsal: its second number counted on."""
        first, second, *rest = group.split(".")
        return ".".join([first, str(int(second) + self.moves), *rest]) if self.moves else group

    def port(self, port: int) -> int:
        """Return where a published port is in this rehearsal."""
        return port - self.moves * STEP_PORTS if self.moves else port


class Claim:
    """Groups and ports that are this rehearsal's own until it is closed.

    Args:
        published: the groups and ports it would have.

    Raises:
        LocalProtocolError: none are to be had at all.
    """

    def __init__(self, published: Iterable[tuple[str, int]]) -> None:
        self.shift = Shift()
        """How far they lie from the published ones."""
        self._held: list[socket.socket] = []
        ports = sorted({port for _, port in published})
        for moves in range(MOST_MOVES):
            self.shift = Shift(moves)
            if self._hold(ports):
                return
            self.close()
        raise LocalProtocolError("omd: simulator", expected="groups and ports to send to", came="all are in use")

    def close(self) -> None:
        """Give them back."""
        while self._held:
            self._held.pop().close()

    def _hold(self, ports: list[int]) -> bool:
        """Hold a shift's ports, and return whether all were free."""
        try:
            # First what every rehearsal asks first, so that two that start at once do not each get a part.
            self._held.append(_bound(LOOPBACK, self.shift.port(CLAIM_PORT)))
            for port in map(self.shift.port, ports):
                _bound("", port).close()  # refused where anybody has it, under whatever address
                self._held.append(_bound(LOOPBACK, port))  # the groups' own addresses stay free for who joins
        except OSError as error:
            if error.errno not in CANNOT_BE_HAD:
                self.close()
                raise
            return False
        return True


def _bound(host: str, port: int) -> socket.socket:
    """Return a datagram socket that has a port for itself alone: without SO_REUSEADDR."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


class Sender:
    """A socket that sends to groups on loopback and nowhere else."""

    def __init__(self) -> None:
        self._socket = _bound(LOOPBACK, 0)
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 0)
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(LOOPBACK))
        self._socket.setblocking(False)

    def send(self, datagram: bytes, group: str, port: int) -> None:
        """Send a datagram; one that finds no room is lost, as on a line."""
        with contextlib.suppress(BlockingIOError):
            self._socket.sendto(datagram, (group, port))

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()
