"""Where another program takes our client's place: what a visit needs of whoever retrieves reports.

A vendor puts its own downloader under test: the steps, checks, drills and evidence stay as they are, and only this is
answered by somebody else. Our :class:`~pytest_hkexprt.systems.rap.client.Client` is one answer, a command line program
(:mod:`.client_program`) another, a Python object of the vendor's a third.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.rap.facts import Dialled, Download, Login, Logout
from pytest_hkexprt.systems.rap.report import Listing, Report

MADE_WITH = ("folder", "source_address", "timeout_s", "pace", "logout_timeout_s")
"""What an object in our client's place is given by name, beside endpoints, credentials and journal."""


class Retriever(Protocol):
    """Whoever visits the report folder of one site; errors are those of :mod:`pytest_hkexprt.errors`."""

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The site's addresses, in the order to dial them."""

    @property
    def endpoint(self) -> Endpoint:
        """The address in use; before there is one, the first."""

    @property
    def dialled(self) -> tuple[Dialled, ...]:
        """Every address dialled so far, and what came of it."""

    def connect(self) -> tuple[Dialled, ...]:
        """Dial every address of the site, verify each host key, and keep the first that stands."""

    def login(self) -> Login:
        """Log in with User ID and key."""

    def listing(self) -> Listing:
        """Return what the report folder holds now."""

    def download(
        self, reports: Sequence[Report], folder: Path, told: Callable[[int], None] = ...
    ) -> tuple[Download, ...]:
        """Download reports into a local folder, each whole or not at all."""

    def logout(self) -> Logout:
        """End the connection, and say whether the server closed its side."""

    def close(self) -> None:
        """Drop whatever still stands; for an end that is no logout."""


class Witness(Protocol):
    """Whoever saw a program's connections from the other side: the simulator of a rehearsal."""

    def __call__(self) -> Sequence[Connection]:
        """Return every connection so far, the oldest first."""


class Connection(Protocol):
    """One connection as the server saw it."""

    @property
    def endpoint(self) -> Endpoint:
        """The address it came in at."""

    @property
    def user(self) -> str:
        """Who was let in; empty for nobody."""

    @property
    def key(self) -> str:
        """The public key that was granted, as in ``authorized_keys``; empty for none."""

    @property
    def closed(self) -> bool:
        """Whether the server's side is closed."""
