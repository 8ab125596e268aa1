"""The daily back-up: everything the folder shows for a business date, brought home whole and proven by its digests.

The command and the stabilisation period's scenarios do the same thing through here. What a day's earlier run brought is
not brought again when the folder lists it unchanged and the disk still holds it unchanged; nothing is ever removed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from pytest_hkexprt.errors import LocalProtocolError, RemoteProtocolError, Unreachable
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.progress import Progress
from pytest_hkexprt.systems.rap import backup, baseline
from pytest_hkexprt.systems.rap.client import Client
from pytest_hkexprt.systems.rap.report import Listing
from pytest_hkexprt.systems.rap.visit import keep_baseline


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What one run of a back-up did."""

    date: dt.date
    """The business date."""
    folder: Path
    listing: Listing
    transferred: tuple[str, ...]
    """Names of the reports that were downloaded."""
    transferred_bytes: int
    proven: tuple[str, ...]
    """Names of those an earlier run of the day had brought, and whose digest was found unchanged."""
    gone: tuple[str, ...]
    """Names of those that were backed up and are no longer in the folder; they are kept."""


def back_up(client: Client, *, business_date: dt.date, data: Path, progress: Progress) -> BackedUp:
    """Download every report of a business date into its dated folder, write the SHA-256 list, and keep the baseline.

    Args:
        client: not connected yet.
        business_date: the date whose reports the folder shows now.
        data: the participant's data folder.
        progress: what shows how far it is.

    Raises:
        Unreachable: no address answered, or the connection was lost.
        RemoteProtocolError: something was refused, cut short, or the folder shows no reports of that date yet.
        UsageFault: the list of an earlier run, or an earlier baseline, was changed.
        OSError: the disk cannot take it.
    """
    user = client.credentials.user
    folder = backup.folder_of(data, user, business_date)
    digests = backup.read_list(folder)
    with client:
        client.connect()
        login = client.login()
        listing = client.listing()
        _must_be_of(business_date, listing, user, data)
        proven = backup.proven(folder, listing.reports, digests)
        changed = [report for report in listing.reports if report.local_name not in proven]
        total_bytes = sum(report.size_bytes or 0 for report in changed)
        with progress.transfer(f"backing up {business_date}", total_bytes) as told:
            downloads = client.download(changed, folder, told)
        client.logout()
    for download in downloads:
        backup.stamp(download.path, download.report)
    fresh = {download.path.name: download.sha256 for download in downloads}
    backup.write_list(folder, {**digests, **fresh})
    keep_baseline(client, login, listing, business_date=business_date, data=data)
    return BackedUp(
        date=business_date,
        folder=folder,
        listing=listing,
        transferred=tuple(download.report.name for download in downloads),
        transferred_bytes=sum(download.size_bytes for download in downloads),
        proven=tuple(sorted(proven)),
        gone=tuple(sorted(digests.keys() - proven.keys() - fresh.keys())),
    )


class DailyBackups:
    """The back-ups of a period: one a business date, as a scheduler would run them, and what they leave.

    Args:
        client: makes a client that is not connected yet.
        journal: where the evidence goes.
        data: the participant's data folder.
        user: the User ID.
        dates: the period's business dates.
        evenings: the moments a rehearsal runs at; empty with a live target, which runs now.
        at: puts the clock to such a moment, and back.
        now: the moment by which the dates before must be backed up.
        shown: the business date the folder shows now.
        omit: ends the scenario with the reason why there is nothing to check.
    """

    def __init__(
        self,
        client: Callable[[], Client],
        journal: Journal,
        *,
        data: Path,
        user: str,
        dates: Sequence[dt.date],
        evenings: Sequence[dt.datetime],
        at: Callable[[dt.datetime], AbstractContextManager[None]],
        now: Callable[[], dt.datetime],
        shown: Callable[[], dt.date],
        progress: Progress,
        omit: Callable[[str], object],
    ) -> None:
        self._client = client
        self._journal = journal
        self._data = data
        self._user = user
        self._dates = tuple(dates)
        self._evenings = tuple(evenings)
        self._at = at
        self._now = now
        self._shown = shown
        self._progress = progress
        self._omit = omit
        self._runs: list[BackedUp] = []
        self._failed: dict[dt.date, str] = {}

    def every_day(self) -> None:
        """Back up now; in a rehearsal on each evening, where a day that fails does not keep the next from its turn.

        Raises:
            HkexprtError: with a live target, see :func:`back_up`.
        """
        if not self._evenings:
            self.once()
        for evening in self._evenings:
            with self._at(evening):
                try:
                    self._back_up()
                except (Unreachable, RemoteProtocolError) as error:
                    self._failed[evening.date()] = error.came.replace("\n", " ")
                    self._journal.notice(f"{evening.date()}: no back-up: {self._failed[evening.date()]}")

    def once(self) -> None:
        """Back up now; in a rehearsal on the period's first evening.

        Raises:
            HkexprtError: see :func:`back_up`.
        """
        if not self._evenings:
            self._back_up()
            return
        with self._at(self._evenings[0]):
            self._back_up()

    def check_complete(self) -> None:
        """Check that each business date of the period so far has its back-up; one of today may still be due."""
        today = self._now().date()
        states = [backup.examine(self._data, self._user, date) for date in self._dates if date <= today]
        due = [state for state in states if state.date < today or state.complete]
        if not due:
            self._omit("no business date of the stabilisation period is over yet")
        remark = f"{today}: still due today" if len(due) < len(states) else ""
        self._journal.check(backup.check(due, self._user, self._failed, remark))

    def check_second_run(self) -> None:
        """Check that the last run transferred what the folder listed anew since the run before, and nothing else.

        Raises:
            LocalProtocolError: there were no two runs.
        """
        if len(self._runs) < 2:  # noqa: PLR2004  the second is compared with the first
            raise LocalProtocolError(
                "rap: check of the second back-up", expected="two back-ups before it", came="fewer"
            )
        first, second = self._runs[-2:]
        before = set(first.listing.reports)
        anew = sorted(report.name for report in second.listing.reports if report not in before)
        self._journal.check(
            Check(
                what="second back-up of the day",
                where=str(second.listing.endpoint),
                expected=f"{len(anew)} transferred, as listed anew; the others proven by their digests",
                came=f"{len(second.transferred)} transferred, {len(second.proven)} proven by their digests",
                met=sorted(second.transferred) == anew
                and len(second.transferred) + len(second.proven) == len(second.listing.reports),
                next_step="look whether something else writes into the back-up folder",
                details=tuple(f"transferred: {name}" for name in second.transferred),
            )
        )

    def _back_up(self) -> None:
        date = self._shown()
        done = back_up(self._client(), business_date=date, data=self._data, progress=self._progress)
        self._runs.append(done)
        self._journal.notice(
            f"{date}: {len(done.transferred)} reports backed up, {len(done.proven)} proven by their digests"
        )


def _must_be_of(business_date: dt.date, listing: Listing, user: str, data: Path) -> None:
    """Refuse a folder that is empty, or shows what it showed on an earlier date: that would be no back-up."""
    earlier = next((date for date in baseline.dates(data, user) if date < business_date), None)
    stale = earlier is not None and baseline.shows(baseline.load(data, user, earlier), listing)
    if stale or not listing.reports:
        raise RemoteProtocolError(
            f"{listing.endpoint}: back-up of {business_date}",
            expected="the reports of that date",
            came=f"what the folder showed on {earlier}, times included" if stale else "an empty folder",
            next_step="run it again when the reports have come, on the same date",
        )
