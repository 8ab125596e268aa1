"""A visit to the terminals as the steps tell it: each verb does one thing with the client, each ``check_`` compares.

Steps may not know a system's insides, and the client knows no checks. Between them stands this. Whatever goes wrong in
it leaves the browser's own trace in the evidence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from pytest_hkexprt import deadline
from pytest_hkexprt.errors import HkexprtError, LocalProtocolError
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.ccass import checks, checks_failover, client_failover, report
from pytest_hkexprt.systems.ccass.client import Client
from pytest_hkexprt.systems.ccass.facts import Answered, Download, Enquiry, Logon, Logout
from pytest_hkexprt.systems.ccass.settings import FAILOVER_TIMEOUT_S

T = TypeVar("T")


class Stage(Protocol):
    """What a rehearsal can do to its world; live, the exchange does it."""

    def begin(self, site: Site) -> None:
        """Have both sites serve, and the name lead to one of them."""

    def close(self, terminal: str) -> None:
        """Close a terminal for business."""

    def fail_over(self) -> None:
        """Let the site that serves go away."""


class CcassVisit:
    """One visit to the terminals, with the evidence of it.

    Args:
        client: has not looked yet.
        journal: where the checks go.
        published: the circular's addresses of the terminals.
        business_date: whose data the terminals should show.
        owner: whose data they should be; empty where the terminals do not say.
        pins: the sites' certificates.
        networks: the networks the sites' addresses lie in.
        downloads: where reports go.
        stage: the world of a rehearsal; None where the exchange is.
        failover_timeout_s: how long a failover may take.
    """

    def __init__(
        self,
        client: Client,
        journal: Journal,
        *,
        published: Sequence[Endpoint],
        business_date: dt.date,
        owner: str,
        pins: Mapping[Site, Sequence[str]],
        networks: Mapping[Site, Sequence[str]],
        downloads: Path,
        stage: Stage | None = None,
        failover_timeout_s: float = FAILOVER_TIMEOUT_S,
    ) -> None:
        self._client = client
        self._journal = journal
        self._published = tuple(published)
        self._business_date = business_date
        self._owner = owner
        self._pins = pins
        self._networks = networks
        self._folder = downloads
        self._stage = stage
        self._failover_timeout_s = failover_timeout_s
        self._answered: Answered | None = None
        self._logons: dict[str, Logon] = {}
        self._logouts: dict[str, Logout] = {}
        self._enquiries: dict[str, list[Enquiry]] = {}
        self._downloads: dict[str, list[Download]] = {}
        self._gone_s = 0.0

    def close_for_business(self, terminal: str) -> None:
        """Take it that a terminal is closed, as its circular says; a rehearsal closes it."""
        if self._stage is not None:
            self._stage.close(terminal)
        self._journal.notice(f"{terminal} is taken to be closed for business, as the circular says")

    def point_to(self, terminal: str) -> None:
        """Look who answers under the name, and check name and certificate; see :meth:`Client.look`."""
        with self._traced():
            self._client.pages.of(terminal)
            self._answered = self._client.look()
            self._journal.check(checks.address(self._answered, self._published))
            self._journal.check(checks.certificate(self._answered, self._pins))

    def logon(self, terminal: str) -> Logon:
        """Log on, and check that it was granted; see :meth:`Client.logon`."""
        with self._traced():
            self._logons[terminal] = self._client.logon(terminal)
            self._journal.check(checks.logged_on(self._logons[terminal]))
        return self._logons[terminal]

    def logged_on_to(self, terminal: str) -> None:
        """Look who answers, log on, and check that the terminal is open and its site the session's."""
        self.point_to(terminal)
        self.logon(terminal)
        self.check_open(terminal)
        self.check_site(terminal)

    def check_notice(self, terminal: str, text: str) -> None:
        """Check that the terminal says what the circular announces, and lets nobody in."""
        with self._traced():
            self._journal.check(checks.notice(self._logon(terminal), text))

    def check_open(self, terminal: str) -> None:
        """Check that the terminal shows its functions."""
        with self._traced():
            self._journal.check(checks.terminal_open(self._logon(terminal)))

    def check_site(self, terminal: str) -> None:
        """Check that the browser was served by the session's site."""
        with self._traced():
            self._logon(terminal)
            assert self._answered is not None, "a logon comes after a look"
            served = self._client.served(terminal)
            self._journal.check(checks.served_by(self._answered, served, self._pins, self._networks))

    def enquire(self, terminal: str) -> Enquiry:
        """Look at the terminal's table of production data; see :meth:`Client.enquire`."""
        with self._traced():
            found = self._client.enquire(terminal)
        self._enquiries.setdefault(terminal, []).append(found)
        return found

    def check_enquiry(self, terminal: str) -> None:
        """Check that the table is the participant's own, of the last business date, and has rows."""
        with self._traced():
            found = self._last(self._enquiries, terminal, "an enquiry")
            self._journal.check(checks.enquiry(found, self._business_date, self._owner))

    def download(self, terminal: str) -> Download:
        """Check that the list has the report wanted, and download it; see :meth:`Client.download`."""
        with self._traced():
            listed = self._client.reports(terminal)
            wanted = self._client.wanted(terminal, listed)
            page = self._client.pages.of(terminal).report
            where, pattern = f"{self._client.endpoint} {terminal}", page.wanted if page else ""
            self._journal.check(checks.listed(listed, wanted, pattern, where))
            assert wanted is not None, "the check would have raised"
            done = self._client.download(terminal, wanted, self._folder / self._client.endpoint.site)
        self._downloads.setdefault(terminal, []).append(done)
        return done

    def check_report(self, terminal: str) -> None:
        """Check that the download is the report listed, and whole by the form reports have."""
        with self._traced():
            done = self._last(self._downloads, terminal, "a download")
            page = self._client.pages.of(terminal).report
            form = page.form if page else None
            faults: tuple[str, ...] = ()
            if form is not None:
                with done.path.open("rb") as lines:
                    faults = report.faults(form, lines)
            self._journal.check(checks.complete(done, faults, form is not None))

    def logout(self, terminal: str) -> Logout:
        """Log off; see :meth:`Client.logout`."""
        with self._traced():
            self._logouts[terminal] = self._client.logout(terminal)
        return self._logouts[terminal]

    def check_closed(self, terminal: str) -> None:
        """Check that the session is over on both sides."""
        with self._traced():
            if terminal not in self._logouts:
                raise LocalProtocolError(f"ccass: {terminal}", expected="a logout before this check", came="none")
            self._journal.check(checks.closed(self._logouts[terminal]))

    def logged_on_before(self, terminal: str) -> None:
        """Log on at the other site, before it fails over to the session's."""
        other = self._client.endpoint.site.other
        self._client.at(other)
        if self._stage is not None:
            self._stage.begin(other)
        self.logged_on_to(terminal)

    def found_before(self, terminal: str) -> None:
        """Look at production data and download a report, each checked, for the comparison after the failover."""
        self.enquire(terminal)
        self.check_enquiry(terminal)
        self.download(terminal)
        self.check_report(terminal)

    def fail_over(self, terminal: str) -> None:
        """Wait until the site that served is gone and the name leads to the session's; a rehearsal brings it about."""
        with self._traced():
            self._logon(terminal)
            assert self._answered is not None, "a logon comes after a look"
            before, to = self._answered, self._client.endpoint.site.other
            self._client.at(to)
            self._gone_s = deadline.monotonic_s()
            if self._stage is not None:
                self._stage.fail_over()
            else:
                self._journal.notice(
                    f"{terminal}: the failover is waited for, {self._failover_timeout_s:.0f} s at most"
                )
            failover = client_failover.await_change(
                self._client, before, lambda found: self._is(found, to), self._failover_timeout_s
            )
            self._journal.check(checks_failover.failed_over(failover, to))
            self._answered = failover.after

    def logon_again(self, terminal: str) -> None:
        """Log on at the site one was moved to, and tell how much time was lost."""
        self.logon(terminal)
        lost_s = deadline.monotonic_s() - self._gone_s
        self._journal.exchange(
            self._client.endpoint, f"{terminal}: logged on again", {"time lost": f"{lost_s:.1f} s since the other site"}
        )
        self.check_open(terminal)

    def check_same(self, terminal: str) -> None:
        """Look at data and report once more, and check that they are those found before the failover, by digest."""
        self.enquire(terminal)
        self.download(terminal)
        with self._traced():
            before, after = self._both(self._enquiries, terminal, "an enquiry")
            self._journal.check(checks_failover.same_data(before, after))
            first, second = self._both(self._downloads, terminal, "a download")
            self._journal.check(checks_failover.same_report(first, second))

    def _is(self, found: Answered, site: Site) -> bool:
        """Return whether who answers is a site: by its certificate, or by its address."""
        by_certificate = found.certificate is not None and found.certificate.sha256 in self._pins.get(site, ())
        return by_certificate or any(checks.within(found.peer, each) for each in self._networks.get(site, ()))

    def _logon(self, terminal: str) -> Logon:
        if terminal not in self._logons:
            raise LocalProtocolError(f"ccass: {terminal}", expected="a logon before this", came="none")
        return self._logons[terminal]

    def _last(self, found: Mapping[str, Sequence[T]], terminal: str, what: str) -> T:
        if not found.get(terminal):
            raise LocalProtocolError(f"ccass: {terminal}", expected=f"{what} before this check", came="none")
        return found[terminal][-1]

    def _both(self, found: Mapping[str, Sequence[T]], terminal: str, what: str) -> tuple[T, T]:
        if len(found.get(terminal, ())) < 2:  # noqa: PLR2004  before and after
            raise LocalProtocolError(f"ccass: {terminal}", expected=f"{what} before and after", came="fewer")
        return found[terminal][-2], found[terminal][-1]

    @contextmanager
    def _traced(self) -> Iterator[None]:
        try:
            yield
        except HkexprtError:
            self._client.driver.keep_failure()
            raise
