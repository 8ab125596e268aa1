"""What a visit to a terminal brought to light: values the client yields and the checks compare."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pytest_hkexprt.model import Endpoint


class Trust(StrEnum):
    """What came of verifying a certificate: chain, name and validity."""

    TRUSTED = "trusted"
    EXPIRED = "expired"
    NOT_YET_VALID = "not valid yet"
    UNKNOWN_ISSUER = "of an unknown issuer"
    WRONG_NAME = "of another name"
    UNTRUSTED = "not trusted"
    """In another way; :attr:`Answered.told` has the library's words."""


class PageState(StrEnum):
    """What a terminal shows, as far as it can be told apart."""

    EXPECTED = "the page asked for"
    REFUSED = "refused"
    NOTICE = "a notice"
    LOGGED_OFF = "logged off"
    """The page for logging on came where one was logged on: the session is lost."""
    MAINTENANCE = "a maintenance page"
    SERVER_ERROR = "an error of the server"
    SCRIPT_ERROR = "a page whose script failed"
    BUSY = "a page that never stops loading"
    BLANK = "a blank page"
    OTHER_PAGE = "another page"
    LEFT = "led to another host"
    CERTIFICATE = "a certificate the browser refuses"
    UNREACHABLE = "not reached"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A site's certificate, as the site sent it."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    """The host names it is for."""
    begins: str
    """ISO 8601, UTC."""
    ends: str
    sha256: str
    """The fingerprint, hexadecimal, of the whole certificate: what a browser's certificate viewer shows."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Who answered under a name, seen from this machine with its own TLS."""

    endpoint: Endpoint
    """Whom one wanted: the name."""
    addresses: tuple[str, ...]
    """``host:port`` texts the name resolved to."""
    peer: str
    """``host:port`` of the socket's other end."""
    trust: Trust
    told: str = ""
    """Why the certificate is not trusted, in the library's words."""
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """Who served a page, seen by the browser itself."""

    peer: str
    """``host:port`` of the browser's connection."""
    sha256: str
    """Fingerprint of the certificate it was shown."""
    via: str = ""
    """What the peer stands for, where it is a rehearsal's relay: the address it led to."""


@dataclass(frozen=True, slots=True)
class Look:
    """A page at one moment."""

    url: str
    title: str = ""
    text: str = ""
    """What a reader sees, the masked parts left out, made visible."""
    status: int = 0
    """HTTP status of the page itself; 0 where no answer came."""
    busy: bool = False
    """Whether the mark of a page that is loading is seen."""
    script_errors: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    """Requests of the page that failed, each with its reason."""
    strays: tuple[str, ...] = ()
    """Hosts that are not the terminal's and were led to."""
    error: str = ""
    """The browser's word for why the page could not be opened: ``ERR_CONNECTION_REFUSED``."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was there when one of some marks was seen."""

    marks: tuple[str, ...] = ()
    """Those seen, in the order asked; none where none was before the deadline."""
    texts: tuple[str, ...] = ()
    """At the selectors asked for; empty where there is none."""
    title: str = ""

    @property
    def first(self) -> str:
        """The first mark seen; empty where none was."""
        return self.marks[0] if self.marks else ""


@dataclass(frozen=True, slots=True)
class Logon:
    """A logon that the terminal granted."""

    endpoint: Endpoint
    terminal: str
    user: str
    is_open: bool
    """Whether the terminal's functions are there."""
    notice: str
    """What it says in the place of its notices; empty where it says nothing."""
    took_s: float
    by_person: str = ""
    """What a person did for it; empty where nobody had to."""


@dataclass(frozen=True, slots=True)
class Enquiry:
    """A table of production data; its values are looked at, and never are evidence."""

    endpoint: Endpoint
    terminal: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    as_of: dt.date | None
    as_of_text: str
    owner: str
    """Whose data the page says they are; empty where it says nothing."""

    @property
    def sha256(self) -> str:
        """A digest of columns and rows in their order, by which two tables are compared without being shown."""
        lines = ["\x1f".join(cells) for cells in (self.columns, *self.rows)]
        return hashlib.sha256("\x1e".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Listed:
    """One report in a terminal's list."""

    row: int
    """Its place in the list, from 0."""
    name: str
    size_bytes: int | None
    """None where the list has none."""


@dataclass(frozen=True, slots=True)
class Download:
    """One report that was downloaded whole."""

    endpoint: Endpoint
    terminal: str
    listed: str
    """Its name in the terminal's list."""
    listed_bytes: int | None
    """Its size there; None where the list has none."""
    suggested: str
    """The name the server gave with the content, made visible."""
    path: Path
    """Where it lies now."""
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Logout:
    """How a session ended."""

    endpoint: Endpoint
    terminal: str
    said: str
    """What the terminal said."""
    ended: bool
    """Whether it says that one is logged off."""
    asks_again: bool
    """Whether a page of the session, asked for again, wants a logon."""


@dataclass(frozen=True, slots=True)
class Failover:
    """A change of the data centre behind a name."""

    before: Answered
    after: Answered | None
    """None where it did not come about before the deadline."""
    lost_s: float
    """From the last answer of the one before to the logon at the other, or to the deadline."""
    tries: int
