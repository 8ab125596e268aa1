"""One SSH connection to a report server: dialled, its host key verified, logged in, ended on both sides.

The library is held here at arm's length: its waits get deadlines, its exceptions get names, and it is given a
duplicate of the socket, so that the server's end of stream can still be read when the library has let go.

Source: RFC 4252 (authentication), RFC 4253 (transport), RFC 4254 section 6.5 (subsystems).
"""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import threading
from collections.abc import Iterator
from typing import Any

from pytest_hkexprt.deadline import Deadline, monotonic_s
from pytest_hkexprt.errors import RemoteProtocolError
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems import transport
from pytest_hkexprt.systems.rap.client_packetizer import Packetizer
from pytest_hkexprt.systems.rap.client_packetizer import known as packetizer_known
from pytest_hkexprt.systems.rap.client_packets import keep_whole
from pytest_hkexprt.systems.rap.client_sftp import CARRIES, Reader, Reads
from pytest_hkexprt.systems.rap.client_sftp_plain import PlainReader
from pytest_hkexprt.systems.rap.facts import Dialled, Logout
from pytest_hkexprt.systems.rap.hostkeys import HostKeys, fingerprint
from pytest_hkexprt.systems.rap.keys import PrivateKey
from pytest_hkexprt.systems.rap.pace import Pace, TooSlow
from pytest_hkexprt.systems.rap.packets import BadAnswer, Refused
from pytest_hkexprt.systems.rap.pipeline import Depth
from pytest_hkexprt.systems.rap.report import visible
from pytest_hkexprt.systems.transport import Lost, NoAnswer
from pytest_hkexprt.systems.transport_ssh import paramiko

LOG = "pytest_hkexprt.rap.client"
"""The library's own log, silenced: what matters of it is in errors and evidence."""
GCM = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com")
"""Preferred: encryption and integrity in one pass."""
WINDOW_BYTES = 64 * 2**20
"""What the server may send before it is told that there is room for more, which it is after a tenth. What is sent is
held down by what is asked for, an eighth of this."""
PACKET_BYTES = 128 * 1024
"""The largest piece the server may send at once: with 32 KiB a large file took a quarter longer, with more no less."""
RSA_SHA2 = ("rsa-sha2-512", "rsa-sha2-256")
GONE = "the connection was closed"
LINE = "look whether the line is up, and try again"


class Connection:
    """A connection that stands: the server answered and its host key is the one pinned.

    Args:
        endpoint: whom to dial.
        host_keys: what is trusted.
        source_address: the line's own address.
        timeout_s: how long any one answer may take.

    Raises:
        Unreachable: nobody answered, or what answered is no SSH server.
        HostKeyRefused: its host key is not the one pinned.
        RemoteProtocolError: it knows no algorithm that is safe today.
    """

    def __init__(self, endpoint: Endpoint, host_keys: HostKeys, *, source_address: str, timeout_s: float) -> None:
        deadline = Deadline.after(timeout_s)
        line = transport.connect(endpoint, deadline, source_address)
        self.endpoint = endpoint
        self._timeout_s = timeout_s
        self._socket = line.socket
        ours = {"packetizer_class": Packetizer} if packetizer_known() else {}
        self._ssh: Any = paramiko.Transport(transport.Prompt.of(line.socket), **ours)
        try:
            key = self._greet(deadline, host_keys.kinds(endpoint))
            pinned_by = host_keys.verify(endpoint, key.asbytes())
        except BaseException:
            self.drop()
            raise
        self.dialled = Dialled(endpoint, line.peer, host_key=fingerprint(key.asbytes()))
        self.facts = {
            "peer": line.peer,
            "host key": f"{key.get_name()} {self.dialled.host_key}",
            "pinned by": pinned_by,
            "server": visible(self._ssh.remote_version),
            "cipher": self._ssh.remote_cipher,
        }
        """What the evidence says of it."""

    def login(self, user: str, key: Any) -> None:  # noqa: ANN401  paramiko has no types
        """Log in with one key.

        Raises:
            RemoteProtocolError: the server refuses.
            Unreachable: it fell silent or closed the connection.
        """
        deadline = Deadline.after(self._timeout_s)
        refusal = ""
        with self.told("logging in"):
            try:
                if more := self._ssh.auth_publickey(user, key):
                    refusal = f"the key is accepted, but {', '.join(more)} is asked for as well"
            except paramiko.BadAuthenticationType as error:
                refusal = f"the server takes no keys, only {', '.join(error.allowed_types)}"
            except paramiko.AuthenticationException as error:
                if deadline.passed:
                    raise TimeoutError from error
                if not self._ssh.is_active():  # the library says that, too, with this exception
                    raise EOFError(str(error)) from error
                refusal = visible(str(error))
        if refusal:
            raise RemoteProtocolError(
                f"{self.endpoint}: logging in",
                expected=f"user {user} logged in with the key {key.get_name()} {fingerprint(key.asbytes())}",
                came=f"refused: {refusal}",
                next_step="compare User ID and key fingerprint with those registered for the report folder",
            )

    def open_sftp(self, pace: Pace, depth: Depth | None = None) -> Reads:
        """Open the SFTP channel, to be read at no less than a pace, with so much asked for at once.

        Raises:
            RemoteProtocolError: the server offers none to this user.
            Unreachable: it fell silent or closed the connection.
        """
        # The library waits for a subsystem's answer without end; so the line is hung up when time is up.
        deadline = Deadline.after(self._timeout_s)
        watch = threading.Timer(self._timeout_s, self._hang_up)
        watch.daemon = True
        watch.start()
        try:
            with self.told("opening SFTP"):
                channel = self._ssh.open_session(WINDOW_BYTES, PACKET_BYTES, self._timeout_s)
                channel.settimeout(self._timeout_s)
                carries = all(hasattr(channel, name) for name in CARRIES)
                if carries:
                    keep_whole(channel)
                channel.invoke_subsystem("sftp")
                reader = Reader(channel, depth, pace) if carries else PlainReader(channel, pace)
                self._ssh.sock.at_once = False
                return reader
        except Lost as error:
            if deadline.passed:  # it was us who hung up
                raise NoAnswer(error.where, expected=error.expected, came=self._silence, next_step=LINE) from error
            raise
        finally:
            watch.cancel()
            watch.join()

    def end(self, timeout_s: float) -> Logout:
        """Close this side and watch the server close its own."""
        began_s, deadline = monotonic_s(), Deadline.after(timeout_s)
        with contextlib.suppress(OSError):  # it may have ended by itself already
            self._socket.shutdown(socket.SHUT_WR)
        self._ssh.join(deadline.left_s())  # the library's thread ends when the server's stream does
        self._ssh.close()
        closed_there = _at_end(self._socket, deadline)
        took_s = monotonic_s() - began_s
        self.drop()
        return Logout(self.endpoint, self._socket.fileno() == self._ssh.sock.fileno() == -1, closed_there, took_s)

    def drop(self) -> None:
        """Let go of the connection at once, and leave nothing running."""
        # The shutdown wakes the library's thread now; after its own close it would linger for a tenth of a second.
        self._hang_up()
        self._ssh.close()
        self._ssh.packetizer.complete_handshake()  # else a greeting that failed leaves its alarm clock running
        if self._ssh.is_alive():
            self._ssh.join(1.0)
        self._ssh.sock.close()
        self._socket.close()

    @contextlib.contextmanager
    def told(self, what: str) -> Iterator[None]:
        """Give the library's errors below ``what`` their names.

        Raises:
            RemoteProtocolError: the server refused, or answered nonsense.
            Unreachable: it fell silent or closed the connection.
        """
        where = f"{self.endpoint}: {what}"
        try:
            yield
        except TimeoutError as error:
            raise NoAnswer(where, expected="an answer", came=self._silence, next_step=LINE) from error
        except TooSlow as error:
            raise NoAnswer(where, expected="an answer in reasonable time", came=str(error), next_step=LINE) from error
        except BadAnswer as error:
            raise RemoteProtocolError(where, expected="what was asked for", came=visible(str(error))) from error
        except Refused as error:
            came = f"refused: {visible(str(error))}"
            raise RemoteProtocolError(
                where, expected="granted", came=came, next_step="ask for the right to it"
            ) from error
        except paramiko.ChannelException as error:
            raise RemoteProtocolError(where, expected="granted", came=f"refused: {visible(str(error))}") from error
        except (paramiko.SSHException, EOFError) as error:
            if str(error) == "Channel closed." and self._ssh.is_active():  # the library's word for a refused subsystem
                raise RemoteProtocolError(where, expected="granted", came="refused") from error
            came = f"{GONE} ({visible(str(error))})"
            raise Lost(where, expected="an answer", came=came, next_step=LINE) from error
        except OSError as error:
            if str(error) != "Socket is closed":  # the local disk's; that is the library's word for a channel that is
                raise
            raise Lost(where, expected="an answer", came=GONE, next_step=LINE) from error

    def _greet(self, deadline: Deadline, pinned_kinds: tuple[str, ...]) -> Any:  # noqa: ANN401  paramiko has no types
        ssh = self._ssh
        ssh.set_log_channel(LOG)
        ssh.banner_timeout = ssh.handshake_timeout = ssh.auth_timeout = ssh.channel_timeout = self._timeout_s
        options = ssh.get_security_options()
        options.ciphers = (*GCM, *(cipher for cipher in options.ciphers if cipher not in GCM))
        first = [name for kind in pinned_kinds for name in _algorithms(kind) if name in options.key_types]
        options.key_types = (*first, *(name for name in options.key_types if name not in first))
        try:
            ssh.start_client(timeout=deadline.left_s())
            return ssh.get_remote_server_key()
        except paramiko.ssh_exception.IncompatiblePeer as error:
            raise RemoteProtocolError(
                f"{self.endpoint}: key exchange",
                expected="an algorithm that is safe today",
                came=f"{error}; the server calls itself {visible(ssh.remote_version)}",
                next_step="a server that knows only SHA-1 (ssh-rsa, diffie-hellman-group1) is not supported: "
                "ask for its upgrade",
            ) from error
        except (paramiko.SSHException, EOFError, OSError) as error:
            where, expected = str(self.endpoint), "an SSH server"
            if deadline.passed:
                came = f"connected, then no whole greeting within {self._timeout_s:.3g} s"
                raise NoAnswer(where, expected=expected, came=came, next_step=LINE) from error
            came = f"connected, then {visible(str(error)) or GONE}"
            raise Lost(where, expected=expected, came=came, next_step=LINE) from error

    @property
    def _silence(self) -> str:
        return f"silence for {self._timeout_s:.3g} s"

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)


def key_of(key: PrivateKey) -> Any:  # noqa: ANN401  paramiko has no types
    """Return a private key as the library knows it."""
    kinds = {"ssh-ed25519": paramiko.Ed25519Key, "ssh-rsa": paramiko.RSAKey}
    return kinds.get(key.kind, paramiko.ECDSAKey).from_private_key(io.StringIO(key.openssh.reveal()))


def _algorithms(kind: str) -> tuple[str, ...]:
    return RSA_SHA2 if kind == "ssh-rsa" else (kind,)


def _at_end(connected: socket.socket, deadline: Deadline) -> bool:
    """Read until the other side's stream ends, and return whether it did."""
    try:
        while True:
            # Above zero: what has come already is still read when time is up.
            connected.settimeout(max(deadline.left_s(), 0.001))
            if not connected.recv(65536):
                return True
            if deadline.passed:
                return False
    except TimeoutError:
        return False
    except OSError:  # a reset is an end, too
        return True


logging.getLogger(LOG).setLevel(logging.CRITICAL + 1)
