"""A visit as the steps tell it: each verb does one thing with the client, each ``check_`` makes one comparison.

Steps may not know a system's insides, and the client knows no checks. Between them stands this: what one step found is
kept for the next, and every comparison goes through the journal, which writes it before it judges.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from pathlib import Path

import pytest_hkexprt
from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.progress import Progress
from pytest_hkexprt.systems.rap import baseline, checks
from pytest_hkexprt.systems.rap.baseline import Baseline
from pytest_hkexprt.systems.rap.client import Client
from pytest_hkexprt.systems.rap.facts import Download, Login, Logout
from pytest_hkexprt.systems.rap.report import Listing
from pytest_hkexprt.systems.rap.seam import Retriever
from pytest_hkexprt.systems.rap.settings import RapSettings


class RapVisit:
    """One visit to the report folder, with the evidence of it.

    Args:
        client: not connected yet; ours, or what takes its place.
        journal: where the checks go.
        settings: the reports' patterns.
        other_site: the addresses that must not be in use.
        downloads: where the reports go.
        progress: what shows how far a download is.
        listings: where what each site's folder held is kept for the run.
    """

    def __init__(
        self,
        client: Retriever,
        journal: Journal,
        *,
        settings: RapSettings,
        other_site: Sequence[Endpoint],
        downloads: Path,
        progress: Progress,
        listings: MutableMapping[Site, Listing],
    ) -> None:
        self._client = client
        self._journal = journal
        self._settings = settings
        self._other_site = tuple(other_site)
        self._folder = downloads
        self._progress = progress
        self._listings = listings
        self._listing: Listing | None = None
        self._login: Login | None = None
        self._logout: Logout | None = None
        self.downloads: tuple[Download, ...] = ()
        """What was downloaded so far."""

    def connect(self) -> None:
        """Dial every address of the site; see :meth:`Client.connect`."""
        self._client.connect()

    def check_addresses(self) -> None:
        """Check that the sockets' far ends are the site's addresses, and none the other site's."""
        self._journal.check(checks.addresses(self._client.dialled, self._client.endpoints, self._other_site))

    def login(self) -> Login:
        """Log in with User ID and key, and check that it was granted; see :meth:`Client.login`."""
        self._login = self._client.login()
        self._journal.check(checks.logged_in(self._login))
        return self._login

    def check_key(self, before: Baseline) -> None:
        """Check that the key that logged in is the one that took the baseline.

        Raises:
            LocalProtocolError: there was no login.
        """
        if self._login is None:
            raise LocalProtocolError("rap: check of the key", expected="a login before it", came="none")
        self._journal.check(checks.key_kept(before, self._login))

    def listing(self) -> Listing:
        """Return what the folder holds, looked at once; see :meth:`Client.listing`."""
        if self._listing is None:
            self._listing = self._client.listing()
            self._listings[self._client.endpoint.site] = self._listing
        return self._listing

    def check_unchanged(self, before: Baseline) -> None:
        """Check that the folder holds what it held when the baseline was taken."""
        self._journal.check(checks.unchanged(before, self.listing()))

    def check_available(self) -> None:
        """Check that the folder shows reports."""
        self._journal.check(checks.available(self.listing()))

    def download(self, reports: str) -> None:
        """Check that reports named in a sentence (``TP001 and TP002``) are there, and download them."""
        listing = self.listing()
        wanted = []
        for report in filter(None, re.split(r"\s*[,、及]\s*|\s+and\s+", reports)):
            pattern = self._settings.pattern(report)
            self._journal.check(checks.present(listing, report, pattern))
            if found := checks.chosen(listing, pattern):
                wanted.append(found)
        total_bytes = sum(report.size_bytes or 0 for report in wanted)
        with self._progress.transfer(f"downloading {reports}", total_bytes) as told:
            self.downloads += self._client.download(wanted, self._folder, told)

    def check_downloads(self) -> None:
        """Check that every download has the size its listing gave.

        Raises:
            LocalProtocolError: nothing was downloaded.
        """
        if not self.downloads:
            raise LocalProtocolError("rap: check of the downloads", expected="a download before it", came="none")
        for download in self.downloads:
            self._journal.check(checks.download_matches(download, self._client.endpoint))

    def logout(self) -> Logout:
        """End the connection; see :meth:`Client.logout`."""
        self._logout = self._client.logout()
        return self._logout

    def check_closed(self) -> None:
        """Check that the connection is closed on both sides.

        Raises:
            LocalProtocolError: there was no logout.
        """
        if self._logout is None:
            raise LocalProtocolError("rap: check of the logout", expected="a logout before it", came="none")
        self._journal.check(checks.closed_on_both_sides(self._logout))


class Comparison:
    """The two data centres side by side, as this run found them.

    Args:
        listings: what each site's folder held.
        journal: where the check goes.
        last: the site of the last session.
        omit: ends the scenario with the reason why there is nothing to compare.
    """

    def __init__(
        self, listings: Mapping[Site, Listing], journal: Journal, *, last: Site, omit: Callable[[str], object]
    ) -> None:
        self._listings = listings
        self._journal = journal
        self._last = last
        self._omit = omit

    def check_same(self) -> None:
        """Check that the last session's folder holds what the other site's held; with one of them, say so and end."""
        first, second = self._listings.get(self._last.other), self._listings.get(self._last)
        if first is None or second is None:
            seen = " and ".join(self._listings) or "neither"
            self._omit(f"nothing to compare: this process looked at {seen} of the sites; run it with --site=all")
        else:
            self._journal.check(checks.same_at_both(first, second))


def record_baseline(client: Client, *, business_date: dt.date, data: Path) -> Path:
    """Visit the folder, keep what it holds as the baseline of a business date, and return the baseline's file.

    Args:
        client: not connected yet.
        business_date: the date whose reports the folder shows now.
        data: the participant's data folder.

    Raises:
        Unreachable: no address answered, or the connection was lost.
        RemoteProtocolError: a host key, the login or the folder was refused.
        OSError: the file cannot be written.
    """
    with client:
        client.connect()
        login = client.login()
        listing = client.listing()
        client.logout()
    return keep_baseline(client, login, listing, business_date=business_date, data=data)


def keep_baseline(client: Client, login: Login, listing: Listing, *, business_date: dt.date, data: Path) -> Path:
    """Keep what a visit found as the baseline of a business date, and return the baseline's file.

    Raises:
        OSError: the file cannot be written.
    """
    taken = baseline.of(
        listing,
        user=login.user,
        business_date=business_date,
        host_key=next(dial.host_key for dial in client.dialled if dial.endpoint == listing.endpoint),
        tool_version=pytest_hkexprt.__version__,
        key=login.key_fingerprint,
    )
    return baseline.save(taken, data)
