"""A command line program in our client's place: a vendor's own downloader, run for each thing a visit asks for.

The program is told where to go, as whom, and with which key; what it did is read from its exit status, from the files
it left, and, in a rehearsal, from the simulator, which saw its connections from the other side. What nobody saw is said
to be declared.

It is run twice a visit and address: to list (one line a report on its standard output: size in bytes, one space, name),
and to get (the reports named, into a folder).
"""

from __future__ import annotations

import base64
import hashlib
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from pytest_hkexprt import clock, deadline
from pytest_hkexprt.command import filled
from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import LocalProtocolError, RemoteProtocolError, Unreachable, UsageFault
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.rap.client import Credentials
from pytest_hkexprt.systems.rap.client_evidence import attachment
from pytest_hkexprt.systems.rap.facts import Dialled, Download, Login, Logout
from pytest_hkexprt.systems.rap.hostkeys import fingerprint
from pytest_hkexprt.systems.rap.report import Listing, Report, visible
from pytest_hkexprt.systems.rap.seam import Witness
from pytest_hkexprt.systems.rap.settings import LOGOUT_TIMEOUT_S, Program

LOOK_AGAIN_S = 0.02
SHOWN_LINES = 5
"""Of what a program said before it gave up."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What the program is handed beside its words."""

    key: Path | None = None
    """The participant's own private key, as it is; None for one made for the visit."""
    known_hosts: Path | None = None
    """The participant's own file, as it is."""
    host_keys: tuple[str, ...] = ()
    """Or public keys, from which a file is made for the visit."""


class ProgramClient:
    """A visit to the report folder of one site by somebody else's program.

    Args:
        endpoints: the site's addresses, in the order to dial them.
        credentials: user and key.
        journal: where the evidence goes.
        program: the commands.
        handed: its key, and what it knows the server by.
        witness: who saw its connections; None where nobody did.
        folder: the report folder.
        logout_timeout_s: how long the server may take to close its side.
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        credentials: Credentials,
        journal: Journal,
        *,
        program: Program,
        handed: Handed,
        witness: Witness | None = None,
        folder: str = ".",
        logout_timeout_s: float = LOGOUT_TIMEOUT_S,
    ) -> None:
        self.endpoints = tuple(endpoints)
        self.endpoint = self.endpoints[0]
        """The address in use; before there is one, the first."""
        self.dialled: tuple[Dialled, ...] = ()
        """Every address the program was sent to, and what came of it."""
        self._credentials = credentials
        self._journal = journal
        self._program = program
        self._handed = handed
        self._witness = witness
        self._remote = folder
        self._logout_timeout_s = logout_timeout_s
        self._home = tempfile.TemporaryDirectory(prefix="hkexprt-program-")
        self._listed: list[str] = []

    def __enter__(self) -> ProgramClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def connect(self) -> tuple[Dialled, ...]:
        """Have the program list the folder at every address of the site, and keep the first at which it could.

        Raises:
            RemoteProtocolError: it could at none.
            UsageFault: it cannot be started.
        """
        stands = False
        for endpoint in self.endpoints:
            done = self._run(self._program.list, endpoint)
            refused = "" if done.returncode == 0 else _said(done)
            peer = endpoint.address if not refused else ""
            self.dialled += (Dialled(endpoint, peer, refused, host_key=self._host_key() if peer else ""),)
            if not refused and not stands:
                self.endpoint, stands = endpoint, True
                self._listed = done.stdout.splitlines()
        if not stands:
            raise RemoteProtocolError(
                f"{self.endpoint}: {self._program.name}",
                expected="exit status 0 of its listing",
                came="; ".join(f"{each.endpoint.address}: {each.refused}" for each in self.dialled),
                next_step="run the program by hand with the same options",
            )
        return self.dialled

    def login(self) -> Login:
        """Return the login that the program's listing needed: as the simulator saw it, else as it was told to."""
        seen = [each for each in self._witness() if each.endpoint == self.endpoint] if self._witness else []
        granted = [each for each in seen if each.user]
        if self._witness and not granted:
            raise RemoteProtocolError(
                f"{self.endpoint}: {self._program.name}",
                expected=f"a login of {self._credentials.user}, seen by the simulator",
                came=f"{len(seen)} connections and no login",
                next_step="see that the program uses the user and key it is given",
            )
        key = granted[-1].key if granted else self._credentials.key.public if self._credentials.key else ""
        kind = key.partition(" ")[0]
        login = Login(self.endpoint, granted[-1].user if granted else self._credentials.user, kind, _fingerprint(key))
        seen_by = "the simulator" if granted else "nobody; as the program was told"
        facts = {"user": login.user, "key": kind, "fingerprint": login.key_fingerprint, "seen by": seen_by}
        self._journal.exchange(self.endpoint, f"{self._program.name} logged in", facts)
        return login

    def listing(self) -> Listing:
        """Return what the program listed.

        Raises:
            RemoteProtocolError: a line of it is not a size and a name.
        """
        reports = tuple(sorted(map(self._report, self._listed), key=lambda report: report.raw_name))
        self._journal.exchange(self.endpoint, f"{self._program.name} listed {len(reports)} files")
        return Listing(self.endpoint, self._remote, clock.now().isoformat(timespec="seconds"), reports)

    def download(
        self, reports: Sequence[Report], folder: Path, told: Callable[[int], None] = lambda _: None
    ) -> tuple[Download, ...]:
        """Have the program get reports, and return what it left under their names.

        Raises:
            RemoteProtocolError: it failed, or a report is not there.
        """
        into = folder / self._program.name
        into.mkdir(parents=True, exist_ok=True)
        for left in into.iterdir():
            left.unlink()
        names = [report.raw_name.decode("utf-8", "surrogateescape") for report in reports]
        done = self._run(self._program.get, self.endpoint, into=into, reports=names)
        if done.returncode:
            raise self._failed("getting " + ", ".join(report.name for report in reports), _said(done))
        downloads = tuple(self._kept(report, into / name) for report, name in zip(reports, names, strict=True))
        for each in downloads:
            told(each.size_bytes)
            facts = {"bytes": f"{each.size_bytes:,}", "SHA-256": each.sha256}
            self._journal.exchange(self.endpoint, f"{self._program.name} downloaded {each.report.name}", facts)
            self._journal.attachment(attachment(each))
        return downloads

    def logout(self) -> Logout:
        """Return how the program's connections ended; they ended with it."""
        begun, patience = deadline.monotonic_s(), Deadline.after(self._logout_timeout_s)
        while not (closed := self._closed()) and not patience.passed:
            deadline.pause(LOOK_AGAIN_S)
        logout = Logout(self.endpoint, closed_here=True, closed_there=closed, took_s=deadline.monotonic_s() - begun)
        facts = {"the program": "ended", "closed by the server": "yes" if closed else "no"}
        if self._witness is None:
            facts["closed by the server"] = "not observed; with the program, as far as it is known"
        self._journal.exchange(self.endpoint, f"{self._program.name} logged out", facts)
        return logout

    def close(self) -> None:
        """Remove what the visit kept for the program."""
        self._home.cleanup()

    def _closed(self) -> bool:
        return self._witness is None or all(each.closed for each in self._witness())

    def _host_key(self) -> str:
        return _fingerprint(self._handed.host_keys[0]) if self._handed.host_keys else ""

    def _report(self, line: str) -> Report:
        size, _, name = line.partition(" ")
        if not size.isdecimal() or not name:
            raise self._failed("listing", f"the line {visible(line)!r}", expected="a size in bytes, one space, a name")
        return Report(name.encode("utf-8", "surrogateescape"), int(size), None)

    def _kept(self, report: Report, path: Path) -> Download:
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256")
        except OSError as error:
            raise self._failed(
                f"getting {report.name}", f"{path.name}: {error.strerror}", "a file of that name"
            ) from None
        return Download(report, path, path.stat().st_size, digest.hexdigest())

    def _failed(self, what: str, came: str, expected: str = "exit status 0") -> RemoteProtocolError:
        where = f"{self.endpoint}: {self._program.name}, {what}"
        return RemoteProtocolError(where, expected=expected, came=came, next_step="run the program by hand")

    def _run(
        self, command: Sequence[str], endpoint: Endpoint, *, into: Path = Path(), reports: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        values = {
            "host": endpoint.host,
            "port": str(endpoint.port),
            "user": self._credentials.user,
            "key": str(self._key()),
            "known_hosts": str(self._known_hosts(endpoint)),
            "remote": self._remote,
            "into": str(into),
        }
        words: list[str] = []
        for word in command:
            words += reports if word == "{reports}" else [filled(word, values)]
        try:
            done = subprocess.run(  # noqa: S603  the participant's own program, as its file names it
                words,
                cwd=self._program.folder,
                capture_output=True,
                text=True,
                errors="surrogateescape",
                timeout=self._program.timeout_s,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            raise Unreachable(
                f"{endpoint}: {self._program.name}",
                expected=f"an end within {self._program.timeout_s:g} s",
                came="none; it was stopped",
                next_step="see what it waits for, or raise [rap.program] timeout_s",
            ) from None
        except OSError as error:
            raise UsageFault(
                "[rap.program]", expected="a program that can be started", came=f"{words[0]}: {error.strerror}"
            ) from None
        facts = {"exit status": str(done.returncode), "said": visible(_said(done)) if done.returncode else ""}
        self._journal.exchange(endpoint, f"ran {self._program.name}", {k: v for k, v in facts.items() if v})
        return done

    def _key(self) -> Path:
        if self._handed.key:
            return self._handed.key
        path = Path(self._home.name) / "key"
        if not path.exists():
            if self._credentials.key is None:
                raise LocalProtocolError("[rap.program]", expected="a key in a file", came="one of ssh-agent's")
            path.touch(mode=0o600)
            path.write_text(self._credentials.key.openssh.reveal(), "utf-8")
        return path

    def _known_hosts(self, endpoint: Endpoint) -> Path:
        if self._handed.known_hosts:
            return self._handed.known_hosts
        path = Path(self._home.name) / "known_hosts"
        path.write_text(
            "".join(f"[{endpoint.host}]:{endpoint.port} {key}\n" for key in self._handed.host_keys), "utf-8"
        )
        return path


def _fingerprint(public: str) -> str:
    return fingerprint(base64.b64decode(public.split()[1])) if public else ""


def _said(done: subprocess.CompletedProcess[str]) -> str:
    """Return the last a program said before it gave up."""
    lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    with suppress(IndexError):
        return f"exit status {done.returncode}: " + " / ".join(lines[-SHOWN_LINES:])
    return f"exit status {done.returncode}"
