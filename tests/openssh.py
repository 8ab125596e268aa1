"""A real OpenSSH server on loopback, with a configuration, keys and a folder of its own."""

from __future__ import annotations

import contextlib
import getpass
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_hkexprt.deadline import Deadline

SSHD = "/usr/sbin/sshd"
PRIVILEGE_SEPARATION = Path("/run/sshd")
"""Where sshd, as root, insists on an empty folder."""
READY_WITHIN_S = 10.0


@dataclass(frozen=True)
class OpenSSHServer:
    """A running server."""

    host: str
    port: int
    user: str
    """The only one there is: whoever runs the test."""
    host_key: str
    """Public, as in ``known_hosts``."""
    log: Path

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


@contextlib.contextmanager
def openssh_server(
    work: Path,
    folder: Path,
    public_key: str,
    *,
    host: str = "127.0.0.1",
    host_key_type: str = "ed25519",
    extra: str = "",
) -> Iterator[OpenSSHServer]:
    """Run sshd with ``folder`` as what a login sees, open to ``public_key`` alone.

    Args:
        work: an empty folder for keys, configuration and log.
        folder: where an SFTP login starts.
        public_key: as in ``authorized_keys``.
        host: a loopback address.
        host_key_type: as ``ssh-keygen -t`` takes it.
        extra: further lines of configuration.
    """
    if os.getuid() == 0:
        PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)
    key, log = work / "host_key", work / "sshd.log"
    subprocess.run(["ssh-keygen", "-q", "-t", host_key_type, "-N", "", "-f", key], check=True, timeout=30)
    (work / "authorized_keys").write_text(public_key + "\n")
    for _ in range(5):  # between choosing a free port and taking it, another may take it
        port = _free_port(host)
        configuration = work / "sshd_config"
        configuration.write_text(
            f"ListenAddress {host}:{port}\nHostKey {key}\nAuthorizedKeysFile {work}/authorized_keys\n"
            "StrictModes no\nUsePAM no\nPidFile none\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
            f"PermitRootLogin prohibit-password\nSubsystem sftp internal-sftp -d {folder}\nLogLevel VERBOSE\n{extra}\n"
        )
        process = subprocess.Popen([SSHD, "-D", "-f", configuration, "-E", log], stdin=subprocess.DEVNULL)
        try:
            if _answers(host, port, process):
                public = " ".join((work / "host_key.pub").read_text().split()[:2])
                yield OpenSSHServer(host, port, getpass.getuser(), public, log)
                return
        finally:
            process.terminate()
            process.wait(READY_WITHIN_S)
    raise AssertionError(f"sshd did not start:\n{log.read_text() if log.exists() else 'no log'}")


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _answers(host: str, port: int, process: subprocess.Popen[bytes]) -> bool:
    deadline = Deadline.after(READY_WITHIN_S)
    while process.poll() is None and not deadline.passed:
        with contextlib.suppress(OSError), socket.create_connection((host, port), 1.0) as dialled:
            return dialled.recv(4) == b"SSH-"
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
    return False
