"""Servers that misbehave, behind real sockets: an SSH server whose SFTP is a double's, and a line that fails.

The SSH is paramiko's, the SFTP is :mod:`.sftp_double`'s, so that every answer can be another than it should be; the
line stands in front of any server and stops, resets or ends after so many bytes of its answers.
"""

from __future__ import annotations

import contextlib
import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import paramiko

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap.keys import PrivateKey
from tests.systems.rap.sftp_double import Double

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no time to linger: a close is a reset."""
PAUSE_S = 0.02
"""Between two bytes of a server that drips."""


class Gate(paramiko.ServerInterface):
    """Lets everybody in who has a key, to SFTP."""

    def __init__(self, refused: list[str]) -> None:
        self.refused = refused

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, username: str, key: Any) -> int:
        if username in self.refused:
            self.refused.append(username)
            return paramiko.AUTH_FAILED
        return paramiko.AUTH_SUCCESSFUL

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class Server:
    """An SSH server on a port of its own.

    Args:
        host_key: what it shows.
        double: what answers SFTP.
        refused: users it does not let in; each try adds the user once more.
        drips: whether it sends everything of SFTP, once reading began, byte by byte.
    """

    def __init__(
        self, host_key: PrivateKey, double: Double, *, refused: list[str] | None = None, drips: bool = False
    ) -> None:
        self.host_key = paramiko.Ed25519Key.from_private_key(io.StringIO(host_key.openssh.reveal()))
        self.double, self.refused, self.drips = double, refused or [], drips
        self.transports: list[paramiko.Transport] = []
        self.over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept, name="misbehaving")
        self._thread.start()

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint("rap", Site.SECONDARY, *self._socket.getsockname())

    def hang_up(self) -> None:
        """Close every connection there is."""
        for transport in self.transports:
            transport.close()

    def stop(self) -> None:
        self.over.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()
        for transport in self.transports:
            transport.close()
            transport.join(10)

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connected, _ = self._socket.accept()
            except OSError:
                return
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            transport = paramiko.Transport(connected)
            transport.add_server_key(self.host_key)
            transport.set_subsystem_handler("sftp", _Bridge, self)
            self.transports.append(transport)
            with contextlib.suppress(paramiko.SSHException, EOFError):
                transport.start_server(event=threading.Event(), server=Gate(self.refused))


class _Bridge(paramiko.SubsystemHandler):
    """Hands what is asked to the double, and its answers back."""

    def __init__(self, channel: Any, name: str, server: Gate, misbehaving: Server) -> None:
        super().__init__(channel, name, server)
        self._it = misbehaving

    def start_subsystem(self, name: str, transport: Any, channel: Any) -> None:
        double = self._it.double
        with contextlib.suppress(OSError, EOFError):
            while asked := channel.recv(2**16):
                double.sendall(asked)
                while answer := double.recv(2**20):
                    self._send(channel, answer)

    def _send(self, channel: Any, answer: bytes) -> None:
        if not (self._it.drips and 5 in self._it.double.requests):
            channel.sendall(answer)
            return
        for at in range(len(answer)):
            channel.sendall(answer[at : at + 1])
            if self._it.over.wait(PAUSE_S):
                return


class Line:
    """A line in front of a server, over which only so many bytes of its answers come.

    Args:
        endpoint: of the server.
        passes_bytes: how many.
        then: what happens with the connection: called with both its ends.
    """

    def __init__(
        self, endpoint: Endpoint, passes_bytes: int, then: Callable[[socket.socket, socket.socket], object]
    ) -> None:
        self._server, self._passes_bytes, self._then = endpoint, passes_bytes, then
        self.connections = 0
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._run(self._accept)

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint("rap", Site.SECONDARY, *self._socket.getsockname())

    def stop(self) -> None:
        for each in [self._socket, *self._open]:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join()
        for each in [self._socket, *self._open]:
            each.close()

    def _run(self, work: Callable[..., None], *given: Any) -> None:
        thread = threading.Thread(target=work, args=given, name="line")
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            far = socket.create_connection((self._server.host, self._server.port))
            self._open += [near, far]
            self._run(self._pass, near, far)
            self._run(self._answer, far, near)

    @staticmethod
    def _pass(near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while asked := near.recv(2**16):
                far.sendall(asked)
            far.shutdown(socket.SHUT_WR)

    def _answer(self, far: socket.socket, near: socket.socket) -> None:
        left = self._passes_bytes
        with contextlib.suppress(OSError):
            while answer := far.recv(min(2**16, left)):
                near.sendall(answer)
                left -= len(answer)
                if not left:
                    self._then(near, far)
                    return
            near.shutdown(socket.SHUT_WR)


def silence(near: socket.socket, far: socket.socket) -> None:
    """Leave the connection as it is: no more bytes, and no end."""


def reset(near: socket.socket, far: socket.socket) -> None:
    """Reset it."""
    near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    near.shutdown(socket.SHUT_RD)  # wakes who waits on it
    near.close()


def end(near: socket.socket, far: socket.socket) -> None:
    """End it, as a server that closes does."""
    near.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def stopped(it: Any) -> Iterator[Any]:
    """Stop it at the end, whatever happens."""
    try:
        yield it
    finally:
        it.stop()
