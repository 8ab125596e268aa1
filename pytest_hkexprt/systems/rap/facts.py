"""What a visit to the report folder brought to light: values the client yields and the checks compare."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.rap.report import Report


@dataclass(frozen=True, slots=True)
class Dialled:
    """One address of the site that was dialled."""

    endpoint: Endpoint
    peer: str
    """``host:port`` of the socket's other end; empty where nobody answered."""
    refused: str = ""
    """Why nobody answered; empty where somebody did."""
    host_key: str = ""
    """The fingerprint of the server's host key, verified."""


@dataclass(frozen=True, slots=True)
class Login:
    """A login that was granted."""

    endpoint: Endpoint
    user: str
    key_kind: str
    key_fingerprint: str


@dataclass(frozen=True, slots=True)
class Download:
    """One report that was downloaded whole."""

    report: Report
    """As the listing had it."""
    path: Path
    """Where it lies now."""
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Logout:
    """How a connection ended."""

    endpoint: Endpoint
    closed_here: bool
    closed_there: bool
    """Whether the end of the server's stream was seen on the wire."""
    took_s: float
