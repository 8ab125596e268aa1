"""The participant's side of the report folder: dial, log in, list, download, log out.

Its verbs are the circular's steps, in their order. Each writes what was said as evidence, waits no longer than it was
allowed, and fails with an error that says who is at fault. It opens files for reading; there is no verb that writes.

Source: CD/OEC/SEOCH/073/2023, attachment; RFC 4252 and 4253 (SSH); draft-ietf-secsh-filexfer-02 (SFTP version 3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from pytest_hkexprt import clock
from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.rap import client_agent, client_retry, store
from pytest_hkexprt.systems.rap.checks import some
from pytest_hkexprt.systems.rap.client_download import Batch, Grown, fetch, what_of
from pytest_hkexprt.systems.rap.client_evidence import attachment, noted
from pytest_hkexprt.systems.rap.client_sftp import Reads
from pytest_hkexprt.systems.rap.client_ssh import Connection, key_of
from pytest_hkexprt.systems.rap.facts import Dialled, Download, Login, Logout
from pytest_hkexprt.systems.rap.hostkeys import HostKeys, fingerprint
from pytest_hkexprt.systems.rap.keys import PrivateKey
from pytest_hkexprt.systems.rap.pace import Pace
from pytest_hkexprt.systems.rap.packets import BadAnswer
from pytest_hkexprt.systems.rap.pipeline import ONE_AT_A_TIME, Depth
from pytest_hkexprt.systems.rap.report import Listing, Report, visible
from pytest_hkexprt.systems.rap.settings import LOGOUT_TIMEOUT_S, PACE, TIMEOUT_S

T = TypeVar("T")

MOST_ENTRIES = 250_000
"""Beyond this a folder is taken for one that does not end: twice and a half what it was tried with."""


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
        pace: how much must come in a while, at least.
        logout_timeout_s: how long the server may take to close its side.
        pauses_s: how long to wait before each further try of what may be tried again.
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
        pace: Pace = PACE,
        logout_timeout_s: float = LOGOUT_TIMEOUT_S,
        pauses_s: Sequence[float] = client_retry.PAUSES_S,
    ) -> None:
        self.endpoints = tuple(endpoints)
        self.credentials = credentials
        self.dialled: tuple[Dialled, ...] = ()
        """Every address dialled so far, and what came of it."""
        self._journal = journal
        self._folder = folder
        self._source_address = source_address
        self._timeout_s, self._pace = timeout_s, pace
        self._logout_timeout_s = logout_timeout_s
        self._pauses_s = tuple(pauses_s)
        self._connection: Connection | None = None
        self._reader: Reads | None = None

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

        Where none does, and a moment later may help, they are dialled again: see :mod:`.client_retry`.

        Raises:
            Unreachable: no address answered.
            HostKeyRefused: a server's host key is not the one pinned; no further address is tried.
            RemoteProtocolError: a server speaks no SSH that is safe today.
            LocalProtocolError: it is connected already.
        """
        self._must(self._connection is None, "connect", "a client that is not connected")
        self._connection = self._dial(every=True)
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
        with self._noted("login"):
            return self._login(connection)

    def listing(self) -> Listing:
        """Return what the report folder holds now.

        Raises:
            RemoteProtocolError: the folder is denied or not there, or the server answers nonsense.
            Unreachable: the server fell silent or closed the connection.
            LocalProtocolError: it is not logged in.
        """
        self._logged_in("listing")
        what = f"listing the folder {visible(self._folder)}"
        with self._noted(what):
            found = self._persist(what, lambda: self._look(what))
        reports = tuple(sorted((report for report, is_file in found if is_file), key=lambda report: report.raw_name))
        others = tuple(sorted(report.name for report, is_file in found if not is_file))
        taken = clock.now().isoformat(timespec="seconds")
        facts = {"files": str(len(reports)), "bytes": f"{sum(report.size_bytes or 0 for report in reports):,}"}
        if others:
            facts["not files"] = some(others)
        self._journal.exchange(self.endpoint, f"listed {len(reports)} files", facts)
        return Listing(self.endpoint, self._folder, taken, reports, others)

    def download(
        self, reports: Sequence[Report], folder: Path, told: Callable[[int], None] = lambda _: None
    ) -> tuple[Download, ...]:
        """Download reports into a local folder, each whole or not at all.

        A file that grew since it was listed is listed again, and kept as that second look confirms it. What a killed
        run left of these reports is removed, and they start over, as they do when the connection is cut.

        Args:
            reports: of the listing.
            folder: made if it is not there.
            told: called with the bytes that came, block by block; with less than none where they are thrown away.

        Raises:
            RemoteProtocolError: a file is shorter than listed, grows again, is refused, or its name leads elsewhere.
            Unreachable: the server fell silent, or closed the connection more often than is tried.
            NotKept: the disk cannot take it.
            LocalProtocolError: it is not logged in.
        """
        self._logged_in("download")
        with self._noted(what_of(reports)):
            batch = Batch(str(self.endpoint), reports, folder)
            for name, size_bytes in store.sweep(folder, batch.left).items():
                facts = {"left by a run that was killed": f"{size_bytes:,} bytes that nothing proves, removed"}
                self._journal.exchange(self.endpoint, f"download of {batch.left[name].name} starts over", facts)
            while batch.left:
                try:
                    self._persist(what_of(reports), lambda: self._fetch(batch, told))
                except Grown as error:
                    now = batch.grown(error, self.listing())
                    facts = {"listed first": f"{error.report.size_bytes:,} bytes", "now": f"{now.size_bytes:,} bytes"}
                    self._journal.exchange(self.endpoint, f"{now.name} grew and is downloaded anew", facts)
            return batch.downloads

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
        closed = {"closed here": logout.closed_here, "closed by the server": logout.closed_there}
        facts = {side: "yes" if holds else "no" for side, holds in closed.items()}
        self._journal.exchange(logout.endpoint, "logged out", facts)
        return logout

    def close(self) -> None:
        """Drop the connection where there still is one; for an end that is no logout."""
        if self._connection:
            self._connection.drop()
            self._connection = self._reader = None

    def _dial(self, *, every: bool) -> Connection:
        def seen(dialled: Dialled) -> None:
            self.dialled += (dialled,)

        line, timeout_s = self._source_address, self._timeout_s
        connect = partial(Connection, host_keys=self.credentials.host_keys, source_address=line, timeout_s=timeout_s)
        pauses_s = self._pauses_s
        return client_retry.dial(self.endpoints, connect, self._journal, every=every, pauses_s=pauses_s, seen=seen)

    def _login(self, connection: Connection, depth: Depth | None = None) -> Login:
        user, held_by = self.credentials.user, None
        if self.credentials.key:
            key = key_of(self.credentials.key)
        else:
            key, held_by = client_agent.pick(self.credentials.agent_key, self._timeout_s)
        try:
            connection.login(user, key)
        finally:
            if held_by:
                held_by.close()
        self._reader = connection.open_sftp(self._pace, depth)
        login = Login(self.endpoint, user, key.get_name(), fingerprint(key.asbytes()))
        facts = {"user": user, "method": "publickey", "key": login.key_kind, "fingerprint": login.key_fingerprint}
        facts |= ({"requests": "one at a time"} if depth else {}) | dict(self._reader.facts)
        self._journal.exchange(self.endpoint, "logged in", facts)
        return login

    def _look(self, what: str) -> list[tuple[Report, bool]]:
        found: list[tuple[Report, bool]] = []
        with (
            self._connected("listing").told(what),
            closing(self._logged_in("listing").entries(self._folder.encode())) as entries,
        ):
            for entry in entries:
                found.append(entry)
                if len(found) > MOST_ENTRIES:
                    raise BadAnswer(f"a folder that does not end: more than {MOST_ENTRIES:,} entries")
        return found

    def _fetch(self, batch: Batch, told: Callable[[int], None]) -> None:
        connection, reader = self._connected("download"), self._logged_in("download")
        for download in fetch(connection, reader, batch, remote=self._folder.encode(), told=told):
            report, facts = download.report, {"bytes": f"{download.size_bytes:,}", "SHA-256": download.sha256}
            if download.path.name != report.name:
                facts["kept as"] = download.path.name
            self._journal.exchange(self.endpoint, f"downloaded {report.name}", facts)
            self._journal.attachment(attachment(download))

    def _persist(self, what: str, work: Callable[[], T]) -> T:
        # The last try asks one at a time: it may be how much was asked at once that cut it.
        renewals = iter([*[None] * (len(self._pauses_s) - 1), ONE_AT_A_TIME])

        def renew() -> None:
            self.close()
            self._connection = self._dial(every=False)
            self._login(self._connection, next(renewals))

        def cut(came: str, then: str) -> None:
            self._journal.exchange(self.endpoint, f"{what} cut off", {"came": came, "then": then})

        return client_retry.persist(work, renew, cut, self._pauses_s)

    def _noted(self, what: str) -> AbstractContextManager[None]:
        return noted(self._journal, lambda: self.endpoint, what)

    def _connected(self, verb: str) -> Connection:
        self._must(self._connection is not None, verb, "a connected client")
        assert self._connection is not None
        return self._connection

    def _logged_in(self, verb: str) -> Reads:
        self._must(self._reader is not None, verb, "a client that is logged in")
        assert self._reader is not None
        return self._reader

    def _must(self, holds: bool, verb: str, expected: str) -> None:
        if not holds:
            raise LocalProtocolError(f"{self.endpoint}: {verb}", expected=expected, came="another state")
