"""The participant's side of the terminals: look who answers, log on, read a table, download a report, log out.

It has no verb that changes anything at the exchange: no instruction is entered and none is authorised. It goes to no
address whose certificate it has not verified itself, and to no other host at all. A session it leaves behind would
keep its user out, so it logs off when it ends, however it ends.

Source: the SEHK Options Clearing House on the relocation of the CCASS secondary data centre, 2021, its table; and on
the upgrade of CCASS and CCMS, 2024, its table.
"""

from __future__ import annotations

import datetime as dt
import fnmatch
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from pytest_hkexprt import deadline
from pytest_hkexprt.errors import HkexprtError, LocalProtocolError, RemoteProtocolError, UsageFault
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.record import AttachmentRecord
from pytest_hkexprt.model import Endpoint, Secret, Site
from pytest_hkexprt.systems.ccass import client_store, client_tls
from pytest_hkexprt.systems.ccass.client_browser import Browser
from pytest_hkexprt.systems.ccass.client_operator import Operator
from pytest_hkexprt.systems.ccass.client_pages import PageDriver
from pytest_hkexprt.systems.ccass.client_tls import Resolve
from pytest_hkexprt.systems.ccass.facts import (
    Answered,
    Download,
    Enquiry,
    Listed,
    Logon,
    Logout,
    Served,
    Trust,
)
from pytest_hkexprt.systems.ccass.pages import EnquiryPage, Pages, ReportPage
from pytest_hkexprt.systems.ccass.settings import TIMEOUT_S

P = TypeVar("P", EnquiryPage, ReportPage)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who logs on."""

    user: str
    password: Secret
    code: Callable[[str], Secret]
    """Gives the two-factor code of a terminal when it is asked for."""


class Client:
    """A visit to the terminals under one name.

    Args:
        endpoint: host name and port.
        credentials: who logs on.
        journal: where the evidence goes.
        browser: which is driven.
        pages: what the terminals' pages look like.
        operator: who does what no program can.
        timeout_s: how long a page may take.
        resolve: finds the addresses of the name.
        authority: the one authority to trust, PEM; None for the system's.
        behind: what a browser's peer stands for, where it is a rehearsal's relay.
        source_address: the line's own address; the browser cannot be told to use it.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        credentials: Credentials,
        journal: Journal,
        *,
        browser: Browser,
        pages: Pages,
        operator: Operator,
        timeout_s: float = TIMEOUT_S,
        resolve: Resolve = client_tls.system_resolver,
        authority: bytes | None = None,
        behind: Callable[[str], str] = lambda _: "",
        source_address: str = "",
    ) -> None:
        self.endpoint = endpoint
        self.pages = pages
        self.credentials = credentials
        self.inside: set[str] = set()
        """The terminals one is logged on to."""
        self._journal = journal
        self._timeout_s = timeout_s
        self._resolve = resolve
        self._authority = authority
        self._behind = behind
        self._source_address = source_address
        self._verified = False
        self.driver = PageDriver(
            endpoint, journal, browser=browser, pages=pages, operator=operator, timeout_s=timeout_s
        )
        """What does things on a page, and keeps what was seen."""

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for terminal in sorted(self.inside):
            with suppress(HkexprtError):
                _, said = self._log_off(terminal)
                what = f"{terminal}: logged off at the end, as no step did"
                self._journal.exchange(self.endpoint, what, {"said": said})
        self.driver.close()

    def at(self, site: Site) -> None:
        """Take the same name for another site's, from now on."""
        self.endpoint = self.driver.endpoint = replace(self.endpoint, site=site)

    def look(self) -> Answered:
        """Return who answers under the name; one whose certificate is not to be trusted is a result.

        Raises:
            Unreachable: the name is unknown, no address answers, or what answers speaks no TLS.
        """
        answered = client_tls.look(
            self.endpoint,
            timeout_s=self._timeout_s,
            resolve=self._resolve,
            authority=self._authority,
            source_address=self._source_address,
        )
        self._verified = answered.trust is Trust.TRUSTED
        shown = answered.certificate
        facts = {"addresses": ", ".join(answered.addresses), "peer": answered.peer, "certificate": answered.trust}
        if shown is not None:
            facts |= {"subject": shown.subject, "issuer": shown.issuer, "names": ", ".join(shown.names)}
            facts |= {"valid": f"{shown.begins} to {shown.ends}", "host key": f"certificate, SHA-256 {shown.sha256}"}
        self._journal.exchange(self.endpoint, f"{self.endpoint.host} answers", facts)
        return answered

    def logon(self, terminal: str) -> Logon:
        """Log on to a terminal, with whatever its pages ask for.

        Raises:
            LocalProtocolError: nobody has looked who answers, or its certificate is not to be trusted.
            RemoteProtocolError: the terminal refuses, or another page came than its own.
            Unreachable: its page does not come.
        """
        if not self._verified:
            raise LocalProtocolError(
                f"{self.endpoint} {terminal}", expected="a verified certificate before a logon", came="none"
            )
        began_s, pages = deadline.monotonic_s(), self.pages.of(terminal)
        by_person = self.driver.logon(pages, self.credentials.user, self.credentials.password, self.credentials.code)
        self.inside.add(terminal)
        is_open, notice = self.driver.opening(pages)
        took_s = deadline.monotonic_s() - began_s
        facts = {"user": self.credentials.user, "took": f"{took_s:.2f} s", "functions": "there" if is_open else "none"}
        facts |= {"notice": notice or "none", "done by": by_person or "this program"}
        self.driver.keep(pages, "logged on", facts)
        return Logon(self.endpoint, terminal, self.credentials.user, is_open, notice, took_s, by_person)

    def served(self, terminal: str) -> Served:
        """Return who served the page the browser shows, as the browser itself has it."""
        found = self.driver.served(self._behind)
        self._journal.exchange(
            self.endpoint,
            f"{terminal}: the browser's own connection",
            {"peer": f"{found.peer} → {found.via}" if found.via else found.peer, "SHA-256": found.sha256},
        )
        return found

    def enquire(self, terminal: str) -> Enquiry:
        """Return the table of an enquiry about production data.

        Raises:
            UsageFault: the page description has no enquiry.
            RemoteProtocolError: another page came, the session is lost, or the terminal refuses.
        """
        pages = self.pages.of(terminal)
        page = _described(pages.enquiry, self.pages, terminal, "enquiry")
        self._went_inside(terminal, lambda: self.driver.walk(pages, page.steps, page.table))
        columns, rows, texts = self.driver.table(page.table, [page.as_of, *([page.owner] if page.owner else [])])
        as_of_text, owner = texts[0], "".join(texts[1:])
        found = Enquiry(
            self.endpoint,
            terminal,
            columns,
            rows,
            as_of=_date(as_of_text, page),
            as_of_text=as_of_text,
            owner=owner,
        )
        facts = {"rows": str(len(rows)), "columns": ", ".join(columns), "as of": as_of_text, "SHA-256": found.sha256}
        self.driver.keep(pages, "enquiry", facts)
        return found

    def reports(self, terminal: str) -> tuple[Listed, ...]:
        """Return the reports a terminal lists.

        Raises:
            UsageFault: the page description has no reports.
            RemoteProtocolError: another page came, the session is lost, or the terminal refuses.
        """
        pages = self.pages.of(terminal)
        page = _described(pages.report, self.pages, terminal, "report")
        self._went_inside(terminal, lambda: self.driver.walk(pages, page.steps, page.list))
        listed = self.driver.rows(page.rows, page.name, page.size)
        found = tuple(Listed(row, name, _number(size)) for row, (name, size) in enumerate(listed))
        self.driver.keep(pages, f"{len(found)} reports listed", {"reports": ", ".join(each.name for each in found)})
        return found

    def wanted(self, terminal: str, listed: tuple[Listed, ...]) -> Listed | None:
        """Return the report the page description wants downloaded; of several the last by name."""
        page = _described(self.pages.of(terminal).report, self.pages, terminal, "report")
        fitting = [each for each in listed if fnmatch.fnmatchcase(each.name, page.wanted)]
        return max(fitting, key=lambda each: each.name, default=None)

    def download(self, terminal: str, report: Listed, folder: Path) -> Download:
        """Download one of the listed reports into a folder; only its facts are evidence.

        Raises:
            RemoteProtocolError: nothing came, or it was cut.
            UsageFault: the disk does not take it.
        """
        pages = self.pages.of(terminal)
        page = _described(pages.report, self.pages, terminal, "report")
        suggested, came, why = self.driver.download(page.rows, report.row, page.link)
        if came is None:
            raise RemoteProtocolError(
                f"{self.endpoint} {terminal}: download of {report.name}",
                expected="a whole report",
                came=why,
                next_step="log on and download it again; if it fails again, tell the hotline of the circular",
            )
        path, size_bytes, sha256 = client_store.keep(came, folder, report.name)
        came.unlink(missing_ok=True)
        self._journal.attachment(AttachmentRecord(name=report.name, size_bytes=size_bytes, sha256=sha256))
        self._journal.exchange(self.endpoint, f"{terminal}: downloaded {report.name}", {"named there": suggested})
        return Download(self.endpoint, terminal, report.name, report.size_bytes, suggested, path, size_bytes, sha256)

    def logout(self, terminal: str) -> Logout:
        """Log off, and see whether the terminal then wants a logon.

        Raises:
            LocalProtocolError: one is not logged on.
            Unreachable: no page came.
        """
        if terminal not in self.inside:
            raise LocalProtocolError(f"{self.endpoint} {terminal}: logout", expected="a logon before it", came="none")
        pages = self.pages.of(terminal)
        ended, said = self._log_off(terminal)
        self.driver.keep(pages, "logged off", {"said": said})
        asks_again = self.driver.asks_for_logon(pages)
        return Logout(self.endpoint, terminal, said, ended, asks_again)

    def _log_off(self, terminal: str) -> tuple[bool, str]:
        """Log off, and return whether the terminal says that it is so, and what it says."""
        self.inside.discard(terminal)
        return self.driver.log_off(self.pages.of(terminal))

    def _went_inside(self, terminal: str, walk: Callable[[], None]) -> None:
        if terminal not in self.inside:
            raise LocalProtocolError(f"{self.endpoint} {terminal}", expected="a logon before it", came="none")
        walk()


def _described(page: P | None, pages: Pages, terminal: str, what: str) -> P:
    if page is None:
        raise UsageFault(
            str(pages.path), expected=f"a table [{terminal}.{what}]", came="none", next_step="describe that page"
        )
    return page


def _date(text: str, page: EnquiryPage) -> dt.date | None:
    try:
        return dt.datetime.strptime(text, page.as_of_format).date()
    except ValueError:
        return None


def _number(text: str) -> int | None:
    digits = text.replace(",", "").replace(" ", "")
    return int(digits) if digits.isascii() and digits.isdigit() else None
