"""A report server with bad manners: real SSH on a real socket, and below it an SFTP of the test's own, byte by byte.

Neither our packets nor paramiko's SFTP are used here, so that a mistake of theirs is not repeated.

Source: draft-ietf-secsh-filexfer-02.
"""

from __future__ import annotations

import contextlib
import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_SUCCEEDED

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap.keys import PrivateKey

OPEN, CLOSE, READ, OPENDIR, READDIR, STAT = 3, 4, 5, 11, 12, 17
STATUS, HANDLE, DATA, NAME, ATTRS = 101, 102, 103, 104, 105
OK, EOF, NO_SUCH_FILE, DENIED, FAILURE = 0, 1, 2, 3, 4
FILE, LINK, FOLDER = 0o100640, 0o120777, 0o040750
STOP_S = 5.0


def string(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def attributes(size: int | None, mode: int = FILE) -> bytes:
    """Size (or none), permissions, times."""
    flags = (0x1 if size is not None else 0) | 0x4 | 0x8
    head = struct.pack(">I", flags) + (struct.pack(">Q", size) if size is not None else b"")
    return head + struct.pack(">III", mode, 1681473600, 1681473600)


class Manners:
    """What the server answers: all well here; a test replaces what is to go wrong."""

    names_at_once = 100

    def __init__(self, files: dict[bytes, bytes], modes: dict[bytes, int] | None = None) -> None:
        self.files = files
        self.modes = modes or {}
        self.pending: list[tuple[bytes, int | None]] = []
        self.opened: dict[bytes, bytes] = {}
        """Name by handle, which may not be as long."""

    def hello(self) -> bytes:
        return struct.pack(">BI", 2, 3)

    def listed_size(self, name: bytes) -> int | None:
        return len(self.files[name])

    def answer(self, kind: int, number: int, body: bytes) -> Iterator[bytes]:
        """Yield the answers to one request, without their length."""
        if kind == OPENDIR:
            self.pending = [(name, self.listed_size(name)) for name in self.files]
            yield self.handle(number, b"folder")
        elif kind == READDIR:
            yield self.names(number)
        elif kind == OPEN:
            name = self._string(body).rpartition(b"/")[2]
            self.opened[name[:100]] = name
            yield self.handle(number, name[:100]) if name in self.files else self.status(number, NO_SUCH_FILE)
        elif kind == READ:
            handle = self._string(body)
            offset, length = struct.unpack_from(">QI", body, 4 + len(handle))
            yield self.read(number, self.opened[handle], offset, length)
        elif kind == STAT:
            yield self.status(number, NO_SUCH_FILE)
        elif kind == CLOSE:
            yield self.status(number, OK)
        else:
            yield self.status(number, 8)

    def names(self, number: int) -> bytes:
        now, self.pending = self.pending[: self.names_at_once], self.pending[self.names_at_once :]
        if not now:
            return self.status(number, EOF)
        entries = [string(name) + string(b"-") + attributes(size, self.modes.get(name, FILE)) for name, size in now]
        return struct.pack(">BII", NAME, number, len(now)) + b"".join(entries)

    def read(self, number: int, name: bytes, offset: int, length: int) -> bytes:
        block = self.files[name][offset : offset + length]
        return self.data(number, block) if block else self.status(number, EOF)

    def data(self, number: int, block: bytes) -> bytes:
        return struct.pack(">BI", DATA, number) + string(block)

    def handle(self, number: int, handle: bytes) -> bytes:
        return struct.pack(">BI", HANDLE, number) + string(handle)

    def status(self, number: int, code: int, text: bytes = b"") -> bytes:
        said = text or {NO_SUCH_FILE: b"No such file", DENIED: b"Permission denied"}.get(code, b"said so")
        return struct.pack(">BII", STATUS, number, code) + string(said) + string(b"")

    def wire(self, packet: bytes) -> bytes:
        return string(packet)

    @staticmethod
    def _string(body: bytes) -> bytes:
        (length,) = struct.unpack_from(">I", body)
        return body[4 : 4 + length]


class _Door(paramiko.ServerInterface):
    def __init__(self, key: str | None) -> None:
        self._key = key
        self.tried = 0

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        self.tried += 1
        return AUTH_SUCCESSFUL if self._key and key.get_base64() == self._key.split()[1] else AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return OPEN_SUCCEEDED


class _Sftp(paramiko.SubsystemHandler):
    def __init__(self, channel: paramiko.Channel, name: str, server: _Door, manners: Manners) -> None:
        super().__init__(channel, name, server)
        self._manners = manners

    def start_subsystem(self, name: str, transport: paramiko.Transport, channel: paramiko.Channel) -> None:
        with contextlib.suppress(EOFError, OSError, paramiko.SSHException):
            self._exactly(channel, struct.unpack(">I", self._exactly(channel, 4))[0])
            channel.sendall(self._manners.wire(self._manners.hello()))
            while True:
                packet = self._exactly(channel, struct.unpack(">I", self._exactly(channel, 4))[0])
                kind, number = struct.unpack_from(">BI", packet)
                for answer in self._manners.answer(kind, number, packet[5:]):
                    channel.sendall(self._manners.wire(answer))

    def _exactly(self, channel: paramiko.Channel, size: int) -> bytes:
        came = b""
        while len(came) < size:
            more = channel.recv(size - len(came))
            if not more:
                raise EOFError
            came += more
        return came


class Listener:
    """A socket that somebody answers at: one thread accepts, what is done with a connection is the subclass's."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._listener = socket.create_server((host, 0))
        self.endpoint = Endpoint("rap", Site.SECONDARY, *self._listener.getsockname())
        self.accepted: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, name="faults: accepting", daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()
        self._thread.join(STOP_S)
        for connection in self.accepted:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def serve(self, connection: socket.socket) -> None:
        """Leave it at that: nothing is ever said."""

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.accepted.append(connection)
                self.serve(connection)


class RudeServer(Listener):
    """An SSH server whose SFTP has the given manners; ``prepare`` may change its transport before it starts."""

    def __init__(
        self,
        manners: Manners,
        host_key: PrivateKey,
        user_key: str | None,
        prepare: Callable[[paramiko.Transport], None] = lambda _: None,
    ) -> None:
        self._manners, self._host_key, self._user_key, self._prepare = manners, host_key, user_key, prepare
        self.transports: list[paramiko.Transport] = []
        self.doors: list[_Door] = []
        super().__init__()

    def serve(self, connection: socket.socket) -> None:
        ssh = paramiko.Transport(connection)
        ssh.set_log_channel("tests.faults")
        ssh.add_server_key(paramiko.Ed25519Key.from_private_key(io.StringIO(self._host_key.openssh.reveal())))
        ssh.set_subsystem_handler("sftp", _Sftp, self._manners)
        self._prepare(ssh)
        self.transports.append(ssh)
        self.doors.append(_Door(self._user_key))
        ssh.start_server(event=threading.Event(), server=self.doors[-1])

    def stop(self) -> None:
        super().stop()
        for ssh in self.transports:
            ssh.close()
            ssh.packetizer.complete_handshake()
            ssh.join(STOP_S)
            ssh.sock.close()
