"""The ``hkexprt`` command as its users run it: in a process of its own, against a real sshd."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_hkexprt.systems.rap import keys
from tests.commands import ENVIRONMENT
from tests.openssh import OpenSSHServer, openssh_server

COMMAND = Path(sys.executable).with_name("hkexprt")


@dataclass
class Folder:
    """A participant's folder, and the server it is for."""

    path: Path
    reports: Path
    """What the server shows."""
    server: OpenSSHServer

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *arguments],
            cwd=self.path,
            env={**os.environ, "COLUMNS": ENVIRONMENT["COLUMNS"]},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [COMMAND, *arguments],
            cwd=self.path,
            env={**os.environ, "COLUMNS": ENVIRONMENT["COLUMNS"]},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def write(self, *, address: str = "", host_key: str = "", user: str = "") -> None:
        """Write the participant file."""
        self.path.joinpath("hkexprt.toml").write_text(
            f'participant = "A participant"\nroles = ["CP"]\n[rap]\nuser = "{user or self.server.user}"\nkey = "key"\n'
            f'[rap.host_keys]\nprimary = ["{host_key or self.server.host_key}"]\n'
            f'[rap.addresses]\nprimary = ["{address or self.server.address}"]\n'
        )

    @property
    def lists(self) -> list[Path]:
        """The SHA-256 lists there are."""
        return sorted(self.path.glob("hkexprt-data/backups/rap/*/*.sha256"))


@pytest.fixture
def folder(tmp_path):
    key = keys.generate()
    here, reports, work = (tmp_path / name for name in ("participant", "reports", "sshd"))
    for each in (here, reports, work):
        each.mkdir()
    for number in range(3):
        reports.joinpath(f"TP00{number}.csv").write_bytes(bytes([48 + number]) * 40_000 * number)
    here.joinpath("key").write_text(key.openssh.reveal())
    here.joinpath("key").chmod(0o600)
    with openssh_server(work, reports, key.public) as server:
        made = Folder(here, reports, server)
        made.write()
        yield made
