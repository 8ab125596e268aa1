"""How the simulator answers: one user, one key, SFTP only, reading only.

What the real service should refuse is refused here, so that a client cannot come to rely on more. A fault of our own in
these answers is handed to the simulator, which hands it to the test: the library would swallow it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import paramiko  # type: ignore[import-untyped]  # it ships no types
from paramiko.common import (  # type: ignore[import-untyped]  # as above
    AUTH_FAILED,
    AUTH_SUCCESSFUL,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_SUCCEEDED,
)
from paramiko.sftp import (  # type: ignore[import-untyped]  # as above
    SFTP_NO_SUCH_FILE,
    SFTP_PERMISSION_DENIED,
)

from pytest_hkexprt.systems.rap.drills import Drill
from pytest_hkexprt.systems.rap.standin import StandIn

FILE_MODE = 0o100440
FOLDER_MODE = 0o040550


@dataclass(frozen=True, slots=True)
class Service:
    """What a session is answered from."""

    users: Mapping[str, str]
    """User ID to public key, as in ``authorized_keys``."""
    folder: Callable[[], Sequence[StandIn]]
    """What the folder shows now."""
    drills: Callable[[], Collection[str]]
    """The faults switched on now."""
    fault: Callable[[BaseException], None]
    """Told of every fault of our own."""


class Gate(paramiko.ServerInterface):  # type: ignore[misc]  # paramiko ships no types
    """Who gets in, and to what; whatever is not named here the library refuses."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.subsystems: list[Subsystem] = []
        """The channels' threads, to be waited for at the end."""
        self.tried: list[str] = []
        """The User IDs somebody tried to log in with."""
        self.granted = ("", "")
        """Who was let in, and with which public key."""

    def get_allowed_auths(self, username: str) -> str:
        """Offer public keys and nothing else."""
        self.tried.append(username)
        return "publickey"

    def check_auth_publickey(self, username: str, key: Any) -> int:  # noqa: ANN401  paramiko has no types
        """Grant the one user its one key."""
        self.tried.append(username)
        drills = self.service.drills()
        on_file = self.service.users.get(username)
        if on_file is None or {Drill.UNKNOWN_USER, Drill.WRONG_KEY} & set(drills):
            return int(AUTH_FAILED)
        granted = on_file.split()[:2] == [key.get_name(), key.get_base64()] or Drill.KEY_RENEWED in drills
        if granted:
            self.granted = (username, f"{key.get_name()} {key.get_base64()}")
        return int(AUTH_SUCCESSFUL if granted else AUTH_FAILED)

    def check_channel_request(self, kind: str, chanid: int) -> int:
        """Grant session channels."""
        return int(OPEN_SUCCEEDED if kind == "session" else OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED)


class Handle(paramiko.SFTPHandle):  # type: ignore[misc]  # paramiko ships no types
    """One open report."""

    def __init__(self, standin: StandIn, content: bytes) -> None:
        super().__init__()
        self._standin = standin
        self._content = content

    def read(self, offset: int, length: int) -> bytes:
        """Return a block; empty at the end of the file."""
        return self._content[offset : offset + length]

    def stat(self) -> Any:  # noqa: ANN401  paramiko has no types
        """Return the report's attributes."""
        return attributes(self._standin)

    def write(self, offset: int, data: bytes) -> int:
        """Refuse."""
        return int(SFTP_PERMISSION_DENIED)

    def chattr(self, attr: object) -> int:
        """Refuse."""
        return int(SFTP_PERMISSION_DENIED)


class Folder(paramiko.SFTPServerInterface):  # type: ignore[misc]  # paramiko ships no types
    """The one flat folder there is, at ``/``."""

    def __init__(self, server: Gate) -> None:
        super().__init__(server)
        self._service = server.service

    def list_folder(self, path: str) -> Any:  # noqa: ANN401  paramiko has no types
        """Return what the folder shows."""
        if Drill.FOLDER_DENIED in self._service.drills():
            return SFTP_PERMISSION_DENIED
        if self.canonicalize(path) != "/":
            return SFTP_NO_SUCH_FILE
        return [attributes(standin) for standin in self._service.folder()]

    def stat(self, path: str) -> Any:  # noqa: ANN401  paramiko has no types
        """Return the attributes of a report, or of the folder."""
        if self.canonicalize(path) == "/":
            found = paramiko.SFTPAttributes()
            found.st_mode = FOLDER_MODE
            return found
        standin = self._find(path)
        return attributes(standin) if standin else SFTP_NO_SUCH_FILE

    lstat = stat

    def open(self, path: str, flags: int, attr: object) -> Any:  # noqa: ANN401  paramiko has no types
        """Open a report for reading."""
        # The library hands over os.open's flags here; reading alone is none of them.
        if flags or Drill.FOLDER_DENIED in self._service.drills():
            return SFTP_PERMISSION_DENIED
        standin = self._find(path)
        if standin is None:
            return SFTP_NO_SUCH_FILE
        content = standin.content()
        if Drill.DOWNLOAD_CUT in self._service.drills():
            content = content[: len(content) // 2]
        return Handle(standin, content)

    def refuse(self, *_: object) -> int:
        """Refuse whatever would change something."""
        return int(SFTP_PERMISSION_DENIED)

    remove = rename = posix_rename = mkdir = rmdir = chattr = symlink = refuse

    def readlink(self, path: str) -> int:
        """Answer that there are no links."""
        return int(SFTP_NO_SUCH_FILE)

    def _find(self, path: str) -> StandIn | None:
        folder, name = posixpath.split(self.canonicalize(path))
        return next((it for it in self._service.folder() if it.name == name), None) if folder == "/" else None


class Subsystem(paramiko.SFTPServer):  # type: ignore[misc]  # paramiko ships no types
    """The SFTP protocol of one channel, whose faults are not swallowed."""

    def __init__(self, channel: Any, name: str, server: Gate) -> None:  # noqa: ANN401  paramiko has no types
        super().__init__(channel, name, server, Folder)
        self._fault = server.service.fault
        server.subsystems.append(self)

    def _process(self, kind: int, request_number: int, message: Any) -> None:  # noqa: ANN401  paramiko has no types
        try:
            super()._process(kind, request_number, message)
        except (EOFError, OSError):  # the client left in the middle
            raise
        except Exception as error:
            self._fault(error)
            raise


def attributes(standin: StandIn) -> Any:  # noqa: ANN401  paramiko has no types
    """Return a report's attributes, as the library knows them."""
    found = paramiko.SFTPAttributes()
    found.filename = standin.name
    found.st_size = standin.size_bytes
    found.st_mode = FILE_MODE
    found.st_uid = found.st_gid = 0
    found.st_atime = found.st_mtime = int(standin.modified.timestamp())
    return found
