"""The ``[rap]`` table of the participant file, with types.

What the circular and the public guides leave open is here and nowhere else: the folder, the names of reports, the kind
of key. Secrets are not: a passphrase is named by the environment variable that holds it.

Source: CD/OEC/SEOCH/073/2023 names TP001 and TP002 but no file names, so a report's pattern is the user's to set.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_hkexprt import command
from pytest_hkexprt.model import Site
from pytest_hkexprt.reading import Table, near, tell
from pytest_hkexprt.systems.rap.pace import Pace

SHA256_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
"""As OpenSSH prints it: base64 of 32 bytes, without the padding."""
ADDRESS = re.compile(r"(?P<host>[^\s:]+):(?P<port>[0-9]{1,5})")
TIMEOUT_S = 15.0
"""What paramiko allows a banner and OpenSSH's ServerAlive habit allows a silence."""
LOGOUT_TIMEOUT_S = 5.0
PACE = Pace()
HIGHEST_PORT = 65535
PROGRAM_TIMEOUT_S = 120.0
GENERATED_USER = "REHEARSAL"
TOLD = {"host", "port", "user", "key", "known_hosts", "remote", "into", "reports"}
"""What a program's words may have in braces."""


@dataclass(frozen=True, slots=True)
class Program:
    """A downloader of the participant's own that takes our client's place."""

    list: tuple[str, ...]
    """The command, word by word, that lists the folder; ``{host}`` and the like stand for what it is told."""
    get: tuple[str, ...]
    """The command that gets ``{reports}`` into ``{into}``."""
    folder: Path
    """Where it is run: the participant file's folder."""
    timeout_s: float = PROGRAM_TIMEOUT_S

    @property
    def name(self) -> str:
        """What evidence calls it."""
        return Path(self.get[0]).name


@dataclass(frozen=True, slots=True)
class RapSettings:
    """How the participant reaches its reports."""

    user: str
    """The User ID."""
    key: Path | None = None
    """The private key's file; with ``agent``, the public key's that picks one of the agent's."""
    passphrase_env: str = ""
    """The environment variable that holds the key's passphrase."""
    agent: bool = False
    """Whether the key stays in ssh-agent."""
    known_hosts: Path | None = None
    host_keys: Mapping[Site, tuple[str, ...]] = field(default_factory=dict)
    """Fingerprints or public keys, site by site."""
    folder: str = "."
    timeout_s: float = TIMEOUT_S
    """How long any one answer may take."""
    pace: Pace = PACE
    """How much must come in a while, at least."""
    logout_timeout_s: float = LOGOUT_TIMEOUT_S
    """How long the server may take to close its side."""
    reports: Mapping[str, str] = field(default_factory=dict)
    """Report to the pattern of its file's name."""
    addresses: Mapping[Site, tuple[str, ...]] = field(default_factory=dict)
    """``host:port`` texts that replace the circular's, site by site."""
    downloader: tuple[Path, ...] = ()
    """The configuration files of the participant's own downloader."""
    program: Program | None = None
    """A program in our client's place."""
    adapter: str = ""
    """``module:name`` of a Python object in our client's place; see :mod:`.seam`."""

    def pattern(self, report: str) -> str:
        """Return the pattern that finds a report's file: the one set, else its name anywhere in the file's."""
        return self.reports.get(report, f"*{report}*")


def read(data: Mapping[str, object], path: Path, *, rehearsal: bool = False) -> RapSettings:
    """Return the settings a ``[rap]`` table describes; paths in it are relative to the file's folder.

    Args:
        data: the table as read.
        path: the participant file, for messages and relative paths.
        rehearsal: whether user, key and host keys may be left out, since a rehearsal has its own.

    Raises:
        UsageFault: a key is missing, unknown or of the wrong type; the message has all of them.
    """
    table = Table(dict(data), "rap")
    user, key = table.text("user", GENERATED_USER, required=not rehearsal), table.text("key")
    agent, known_hosts = table.flag("agent"), table.text("known_hosts")
    settings = RapSettings(
        user=user,
        key=_path(path, key),
        passphrase_env=table.text("passphrase_env"),
        agent=agent,
        known_hosts=_path(path, known_hosts),
        host_keys=_by_site(table, "host_keys", _host_key_mistake),
        folder=table.text("folder", "."),
        timeout_s=table.number("timeout_s", TIMEOUT_S),
        pace=Pace(table.number("least_bytes_per_s", PACE.bytes_per_s), table.number("least_over_s", PACE.over_s)),
        logout_timeout_s=table.number("logout_timeout_s", LOGOUT_TIMEOUT_S),
        reports=_patterns(table),
        addresses=_by_site(table, "addresses", _address_mistake),
        downloader=_downloader(table, path),
        program=_program(table, path),
        adapter=table.text("adapter"),
    )
    table.unknown()
    command.one_alone(table, settings.adapter, settings.program)
    if not key and not agent and not rehearsal:
        table.wrong("key", "missing; expected the file of the private key, or agent = true")
    if not known_hosts and not data.get("host_keys") and not rehearsal:
        table.wrong("host_keys", "missing; expected the servers' host keys here, or known_hosts = a file that has them")
    tell(path, table.mistakes)
    return settings


def _path(file: Path, text: str) -> Path | None:
    return file.parent / Path(text).expanduser() if text else None


def _patterns(table: Table) -> dict[str, str]:
    below = table.table("reports")
    return {} if below is None else {report: below.text(report, required=True) for report in below.keys()}  # noqa: SIM118  Table is no mapping: keys() also counts them as asked for


def _downloader(table: Table, path: Path) -> tuple[Path, ...]:
    below = table.table("downloader")
    if below is None:
        return ()
    files = below.words("files", required=True)
    below.unknown()
    return tuple(path.parent / Path(file).expanduser() for file in files)


def _program(table: Table, path: Path) -> Program | None:
    below = table.table("program")
    if below is None:
        return None
    commands = {verb: command.words_of(below, verb, TOLD) for verb in ("list", "get")}
    timeout_s = below.number("timeout_s", PROGRAM_TIMEOUT_S)
    below.unknown()
    return Program(commands["list"], commands["get"], path.parent, timeout_s)


def _by_site(table: Table, key: str, mistake: Callable[[str], str]) -> dict[Site, tuple[str, ...]]:
    below = table.table(key)
    if below is None:
        return {}
    found: dict[Site, tuple[str, ...]] = {}
    for site in Site:
        words = below.words(site)
        for word in words:
            if what := mistake(word):
                below.wrong(site, what)
        if words:
            found[site] = words
    for other in below.keys():  # noqa: SIM118  as above
        if other not in tuple(Site):
            below.wrong(other, f"unknown site; expected {' or '.join(Site)}{near(other, Site)}")
    return found


def _host_key_mistake(text: str) -> str:
    if SHA256_FINGERPRINT.fullmatch(text):
        return ""
    if text.upper().startswith("MD5:"):
        return f"{text!r} is an MD5 fingerprint, which proves nothing today; expected SHA256:…"
    parts = text.split()
    try:
        blob = base64.b64decode(parts[1], validate=True)
    except (IndexError, binascii.Error):
        return f"{text!r} is neither SHA256: and 43 characters nor a public key such as 'ssh-ed25519 AAAA…'"
    kind = parts[0].encode()
    return "" if blob.startswith(len(kind).to_bytes(4) + kind) else f"{text!r}: the key is not of type {parts[0]}"


def _address_mistake(text: str) -> str:
    found = ADDRESS.fullmatch(text)
    if found and 0 < int(found["port"]) <= HIGHEST_PORT:
        return ""
    return f"{text!r} is not host:port, such as 10.152.14.121:10022"
