"""The participant's side of the report folder: dial, log in, list, download, log out.

Its verbs are the circular's steps, in their order. Each writes what was said as evidence, waits no longer than it was
allowed, and fails with an error that says who is at fault. It opens files for reading; there is no verb that writes.

Source: CD/OEC/SEOCH/073/2023, attachment; RFC 4252 and 4253 (SSH); draft-ietf-secsh-filexfer-02 (SFTP version 3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from pytest_hkexprt import clock
from pytest_hkexprt.errors import LocalProtocolError, RemoteProtocolError, Unreachable
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.record import AttachmentRecord
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.rap import client_agent
from pytest_hkexprt.systems.rap.client_download import fetch
from pytest_hkexprt.systems.rap.client_sftp import Reader
from pytest_hkexprt.systems.rap.client_ssh import Connection, key_of
from pytest_hkexprt.systems.rap.facts import Dialled, Download, Login, Logout
from pytest_hkexprt.systems.rap.hostkeys import HostKeys, fingerprint
from pytest_hkexprt.systems.rap.keys import PrivateKey
from pytest_hkexprt.systems.rap.report import Listing, Report, visible
from pytest_hkexprt.systems.rap.settings import LOGOUT_TIMEOUT_S, TIMEOUT_S


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who logs in, with which key, and whose host keys are trusted."""

    user: str
    key: PrivateKey | None
    """None for a key in ssh-agent."""
    host_keys: HostKeys
    agent_key: Path | None = None
    """With ssh-agent: the public key's file that picks one of its keys."""


class Client:
    """A visit to the report folder of one site.

    Args:
        endpoints: the site's addresses, in the order to dial them.
        credentials: user, key, trusted host keys.
        journal: where the evidence goes.
        folder: the report folder.
        source_address: the line's own address.
        timeout_s: how long any one answer may take.
        logout_timeout_s: how long the server may take to close its side.
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        credentials: Credentials,
        journal: Journal,
        *,
        folder: str = ".",
        source_address: str = "",
        timeout_s: float = TIMEOUT_S,
        logout_timeout_s: float = LOGOUT_TIMEOUT_S,
    ) -> None:
        self.endpoints = tuple(endpoints)
        self.credentials = credentials
        self.dialled: tuple[Dialled, ...] = ()
        """Every address dialled so far, and what came of it."""
        self._journal = journal
        self._folder = folder
        self._source_address = source_address
        self._timeout_s = timeout_s
        self._logout_timeout_s = logout_timeout_s
        self._connection: Connection | None = None
        self._reader: Reader | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def endpoint(self) -> Endpoint:
        """The address in use; before there is one, the first."""
        return self._connection.endpoint if self._connection else self.endpoints[0]

    def connect(self) -> tuple[Dialled, ...]:
        """Dial every address of the site, verify each host key, and keep the first connection that stands.

        Raises:
            Unreachable: no address answered.
            HostKeyRefused: a server's host key is not the one pinned; no further address is tried.
            RemoteProtocolError: a server speaks no SSH that is safe today.
            LocalProtocolError: it is connected already.
        """
        self._must(self._connection is None, "connect", "a client that is not connected")
        for endpoint in self.endpoints:
            try:
                found = Connection(
                    endpoint,
                    self.credentials.host_keys,
                    source_address=self._source_address,
                    timeout_s=self._timeout_s,
                )
            except Unreachable as error:
                self.dialled += (Dialled(endpoint, peer="", refused=error.came),)
                self._journal.exchange(endpoint, "no connection", {"came": error.came})
                continue
            except RemoteProtocolError as error:
                self._turned_away(endpoint, error)
                raise
            self.dialled += (found.dialled,)
            self._journal.exchange(endpoint, "connected, host key verified", found.facts)
            if self._connection is None:
                self._connection = found
            else:
                found.drop()
        if self._connection is None:
            raise Unreachable(
                f"{self.endpoints[0].system}/{self.endpoints[0].site}",
                expected=f"an answer from one of {', '.join(str(endpoint) for endpoint in self.endpoints)}",
                came="; ".join(f"{dial.endpoint.address}: {dial.refused}" for dial in self.dialled),
                next_step="look whether the line is up, and whether the session's window is open",
            )
        return self.dialled

    def login(self) -> Login:
        """Log in with the user and the one key configured, and open the SFTP channel.

        Raises:
            RemoteProtocolError: the server refuses the user, the key, or SFTP.
            Unreachable: the server fell silent or closed the connection.
            UsageFault: ssh-agent does not hold the key.
            LocalProtocolError: it is not connected, or logged in already.
        """
        connection = self._connected("login")
        self._must(self._reader is None, "login", "a client that is not logged in")
        user, held_by = self.credentials.user, None
        if self.credentials.key:
            key = key_of(self.credentials.key)
        else:
            key, held_by = client_agent.pick(self.credentials.agent_key, self._timeout_s)
        try:
            connection.login(user, key)
        except RemoteProtocolError as error:
            self._turned_away(connection.endpoint, error)
            raise
        finally:
            if held_by:
                held_by.close()
        self._reader = connection.open_sftp()
        login = Login(self.endpoint, user, key.get_name(), fingerprint(key.asbytes()))
        self._journal.exchange(
            self.endpoint,
            "logged in",
            {"user": user, "method": "publickey", "key": login.key_kind, "fingerprint": login.key_fingerprint},
        )
        return login

    def listing(self) -> Listing:
        """Return what the report folder holds now.

        Raises:
            RemoteProtocolError: the folder is denied or not there, or the server answers nonsense.
            Unreachable: the server fell silent or closed the connection.
            LocalProtocolError: it is not logged in.
        """
        reader = self._logged_in("listing")
        reports: list[Report] = []
        others: list[str] = []
        with self._connected("listing").told(f"listing the folder {visible(self._folder)}"):
            for report, is_file in reader.entries(self._folder.encode()):
                if is_file:
                    reports.append(report)
                else:
                    others.append(report.name)
        reports.sort(key=lambda report: report.raw_name)
        taken = clock.now().isoformat(timespec="seconds")
        facts = {"files": str(len(reports)), "bytes": f"{sum(report.size_bytes or 0 for report in reports):,}"}
        if others:
            facts["not files"] = ", ".join(sorted(others))
        self._journal.exchange(self.endpoint, f"listed {len(reports)} files", facts)
        return Listing(self.endpoint, self._folder, taken, tuple(reports), tuple(sorted(others)))

    def download(
        self, reports: Sequence[Report], folder: Path, told: Callable[[int], None] = lambda _: None
    ) -> tuple[Download, ...]:
        """Download reports into a local folder, each whole or not at all.

        Args:
            reports: of the listing.
            folder: made if it is not there.
            told: called with the bytes that came, block by block.

        Raises:
            RemoteProtocolError: a file is shorter or longer than listed, is refused, or its name leads elsewhere.
            Unreachable: the server fell silent or closed the connection.
            LocalProtocolError: it is not logged in.
            OSError: the disk cannot take it.
        """
        connection, reader = self._connected("download"), self._logged_in("download")
        remote, done = self._folder.encode(), dict[int, Download]()
        for index, download in fetch(connection, reader, reports, remote=remote, folder=folder, told=told):
            self._downloaded(download)
            done[index] = download
        return tuple(done[index] for index in range(len(reports)))

    def logout(self) -> Logout:
        """Close the SFTP channel and the connection, and watch the server close its side.

        Raises:
            LocalProtocolError: it is not connected.
        """
        connection = self._connected("logout")
        if self._reader:
            with suppress(OSError, EOFError):  # a channel that is gone is closed
                self._reader.close()
        logout = connection.end(self._logout_timeout_s)
        self._connection = self._reader = None
        facts = {"closed here": _yes(logout.closed_here), "closed by the server": _yes(logout.closed_there)}
        self._journal.exchange(logout.endpoint, "logged out", facts)
        return logout

    def close(self) -> None:
        """Drop the connection where there still is one; for an end that is no logout."""
        if self._connection:
            self._connection.drop()
            self._connection = self._reader = None

    def _downloaded(self, download: Download) -> None:
        report, size_bytes, sha256 = download.report, download.size_bytes, download.sha256
        self._journal.exchange(
            self.endpoint, f"downloaded {report.name}", {"bytes": f"{size_bytes:,}", "SHA-256": sha256}
        )
        self._journal.attachment(
            AttachmentRecord(name=report.name, size_bytes=size_bytes, sha256=sha256, modified=report.modified_iso)
        )

    def _turned_away(self, endpoint: Endpoint, error: RemoteProtocolError) -> None:
        self._journal.exchange(endpoint, "ended without a login", {"expected": error.expected, "came": error.came})

    def _connected(self, verb: str) -> Connection:
        self._must(self._connection is not None, verb, "a connected client")
        assert self._connection is not None
        return self._connection

    def _logged_in(self, verb: str) -> Reader:
        self._must(self._reader is not None, verb, "a client that is logged in")
        assert self._reader is not None
        return self._reader

    def _must(self, holds: bool, verb: str, expected: str) -> None:
        if not holds:
            raise LocalProtocolError(f"{self.endpoint}: {verb}", expected=expected, came="another state")


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
