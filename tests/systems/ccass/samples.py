"""What the tests of the terminals share that is no fixture."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.ccass.facts import Answered, Certificate, Download, Enquiry, Logon, Logout, Served, Trust

FRIDAY = dt.date(2024, 3, 22)
THURSDAY = dt.date(2024, 3, 21)
TERMINAL = Endpoint("ccass", Site.PRIMARY, "www.ccass.com", 443)
OURS, THEIRS, STRANGE = "a1" * 32, "b2" * 32, "c3" * 32
PINS = {Site.PRIMARY: (OURS,), Site.SECONDARY: (THEIRS,)}
NETWORKS = {Site.PRIMARY: ("10.151.0.0/16",), Site.SECONDARY: ("10.152.0.0/16",)}


def certificate(sha256: str = OURS) -> Certificate:
    return Certificate(
        "CN=www.ccass.com",
        "CN=an authority",
        ("www.ccass.com",),
        "2024-01-01T00:00:00Z",
        "2025-01-01T00:00:00Z",
        sha256,
    )


def answered(
    sha256: str = OURS, *, trust: Trust = Trust.TRUSTED, told: str = "", peer: str = "10.151.1.1:443"
) -> Answered:
    return Answered(TERMINAL, (peer,), peer, trust, told, certificate(sha256))


def served(sha256: str = OURS, peer: str = "10.151.1.1:443", via: str = "") -> Served:
    return Served(peer, sha256, via)


def logon(*, is_open: bool = True, notice: str = "", by_person: str = "") -> Logon:
    return Logon(TERMINAL, "CCMS", "USER01", is_open, notice, 1.0, by_person)


def enquiry(rows=(("SIM01", "100"),), *, as_of: dt.date | None = FRIDAY, owner: str = "SIM00001") -> Enquiry:
    text = f"{as_of:%d-%m-%Y}" if as_of else ""
    return Enquiry(TERMINAL, "CCMS", ("Stock", "Quantity"), tuple(rows), as_of, text, owner)


def download(**more) -> Download:
    facts = {
        "endpoint": TERMINAL,
        "terminal": "CCMS",
        "listed": "CCMDS01_20240322.txt",
        "listed_bytes": 500,
        "suggested": "CCMDS01_20240322.txt",
        "path": Path("nowhere"),
        "size_bytes": 500,
        "sha256": OURS,
    }
    return Download(**{**facts, **more})


def logout(*, ended: bool = True, asks_again: bool = True) -> Logout:
    return Logout(TERMINAL, "CCMS", "You have logged off", ended, asks_again)
