"""A session with a gateway as the steps tell it: each verb does one thing, each ``check_`` makes one comparison.

Steps may not know a system's insides, and the client knows no checks. Between them stands this: what one step found is
kept for the next, and every comparison goes through the journal, which writes it before it judges.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TypeVar

from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.otp import checks
from pytest_hkexprt.systems.otp.client_orders import Trader
from pytest_hkexprt.systems.otp.deals import Deal
from pytest_hkexprt.systems.otp.facts import Logon, Logout
from pytest_hkexprt.systems.otp.lines import Line
from pytest_hkexprt.systems.otp.plan import Plan
from pytest_hkexprt.systems.otp.seam import OrderEntry
from pytest_hkexprt.systems.otp.session_day import Day

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a visit knows beside its client."""

    journal: Journal
    plan: Callable[[], Plan]
    """Which orders the session is made of; asked for when the first is to be sent."""
    known: dict[Site, tuple[str, ...]] = field(default_factory=dict)
    """The gateways' addresses, site by site, as far as the participant knows them."""
    second: Callable[[], OrderEntry] | None = None
    """Another trading session of the firm; None where the participant has none."""
    drop_copy: Callable[[], OrderEntry] | None = None
    """The firm's drop copy; None where the participant has none."""
    their_book: Callable[[str], tuple[Line, ...]] | None = None
    """A rehearsal's own: what the exchange's book has of a Comp ID."""
    their_deals: Callable[[str], tuple[Deal, ...]] | None = None
    """A rehearsal's own: which trades off the books the exchange has of a Comp ID."""
    their_day: Callable[[str], Day] | None = None
    """A rehearsal's own: the gateway's numbers."""
    fail_over: Callable[[], None] | None = None
    """A rehearsal's own: has the site in charge die."""
    failover: str = "cancelled"
    """What becomes of resting orders at a failover."""
    cancel_on_disconnect: bool = False
    """Whether the exchange was asked to end orders with the connection."""
    session_left_s: Callable[[], float] = lambda: 0.0
    """How long the circular's session still lasts."""
    stray_order: Callable[[Trader], object] | None = None
    """A drill's: sends an order where none may be sent."""


class OtpVisit:
    """One session of one Comp ID, with the evidence of it.

    Args:
        client: not connected yet.
        around: what else there is.
    """

    def __init__(self, client: OrderEntry, around: Surroundings) -> None:
        self.client = client
        self.trader = Trader(client)
        self.around = around
        self.where = f"{client.codec.profile.gateway}/{client.site}"
        self.copy: OrderEntry | None = None
        """The drop copy's client, once it is logged on."""
        self._logon: Logon | None = None
        self._logouts: list[Logout] = []
        self._plan: Plan | None = None

    @property
    def plan(self) -> Plan:
        """Which orders the session is made of.

        Raises:
            UsageFault: the participant's list is too small.
        """
        if self._plan is None:
            self._plan = self.around.plan()
        return self._plan

    def check(self, check: Check) -> None:
        """Write a check, then raise if it is not met."""
        self.around.journal.check(check)

    def look_up(self) -> None:
        """Ask the lookup services, or take the pool; see :meth:`OrderEntry.look_up`. Check whose gateways they are."""
        found = self.client.look_up()
        known, other = self._known(self.client.site), self._known(self.client.site.other)
        self.check(checks.gateways_found(found, self.client.site, known, other, self.where))

    def logon(self) -> Logon:
        """Log on, and check that it was granted; see :meth:`OrderEntry.logon`. A drill sends its order."""
        self._logon = self.client.logon()
        self.check(checks.logged_on(self._logon, self.where))
        if self.around.stray_order is not None:
            self.around.stray_order(self.trader)
        return self._logon

    def listen(self) -> None:
        """Log the drop copy on, where the participant has one and it is not logged on yet."""
        if self.copy is None and self.around.drop_copy is not None:
            self.copy = self.around.drop_copy()
            self.check(checks.logged_on(self.copy.logon(), f"{self.where}, drop copy"))

    def check_active(self) -> None:
        """Check that the gateway said that the session is active."""
        logon = self.needed(self._logon, "logon")
        test = {None: "the gateway does not say whether it is a test", True: "a test", False: "production"}[logon.test]
        self.check(
            checks.told(
                "session status",
                self.where,
                expected="active, on the gateway that was found",
                came=f"{logon.told}, at {self.client.endpoint.address}",
                met=logon.granted and self.client.connected,
                details=[test],
            )
        )

    def logout(self) -> None:
        """Log out, the drop copy too; see :meth:`OrderEntry.logout`. The order table is kept beside the evidence."""
        for client in filter(None, (self.client, *self._others())):
            if client.connected:
                self._logouts.append(client.logout())
        comp_id, orders = self.client.credentials.comp_id, self.client.orders
        rows = [f"{line.cl_ord_id}\t{line}\n" for line in orders.lines()]
        if rows:
            self.around.journal.keep(f"orders-{comp_id}.txt", "".join(rows).encode())
        trades = [f"{deal.report_id}\t{deal}\n" for deal in orders.deals.deals()]
        if trades:
            self.around.journal.keep(f"trades-{comp_id}.txt", "".join(trades).encode())

    def check_closed(self) -> None:
        """Check that every session that logged out was answered, and is closed on both sides."""
        self.needed(self._logouts or None, "logout")
        for logout in self._logouts:
            self.check(checks.closed(logout, self.where))
        if self.around.their_day is not None:
            theirs = self.around.their_day(self.client.credentials.comp_id)
            self.check(checks.numbers_agree(self.client.kept.day, theirs, self.where))

    def check_login_only(self) -> None:
        """Check that nothing but session messages was said on the whole connection, by either side."""
        self.check(checks.login_only(self.client.transcript, self.where))

    def check_books(self) -> None:
        """Check that both sides' books agree: the exchange's in a rehearsal, the drop copy's where there is one.

        Raises:
            LocalProtocolError: there is no other book to compare with.
        """
        ours, comp_id = self.client.orders.lines(), self.client.credentials.comp_id
        self.check(checks.reports_sound(self.client.orders, self.where))
        if self.around.their_book is not None:
            self.check(checks.books_agree(ours, self.around.their_book(comp_id), "the exchange", self.where))
        if self.copy is not None:
            self.check(checks.books_agree(ours, self.copy.orders.lines(), "the drop copy", self.where))
        self._check_trades()
        if self.around.their_book is None and self.copy is None:
            raise LocalProtocolError(
                f"{self.where}: comparison of the books",
                expected="another side's book",
                came="none",
                next_step="write [otp.drop_copy] into hkexprt.toml: live, only the drop copy has it",
            )

    def _check_trades(self) -> None:
        """Check the trades off the books likewise, where there are any."""
        theirs = self.around.their_deals
        for client in filter(None, (self.client, *self._others())):
            ours, comp_id = client.orders.deals.deals(), client.credentials.comp_id
            if theirs is not None and client is not self.copy and (ours or theirs(comp_id)):
                self.check(checks.trades_agree(ours, theirs(comp_id), "the exchange", f"{self.where}, {comp_id}"))
        mine = self.client.orders.deals.deals()
        if self.copy is not None and mine:
            self.check(checks.trades_agree(mine, self.copy.orders.deals.deals(), "the drop copy", self.where))

    def _others(self) -> Collection[OrderEntry | None]:
        return (self.copy,)

    def _known(self, site: Site) -> tuple[str, ...]:
        return self.around.known.get(site, ())

    def needed(self, found: T | None, what: str) -> T:
        """Return what an earlier step found.

        Raises:
            LocalProtocolError: no earlier step did.
        """
        if found is None:
            raise LocalProtocolError(f"{self.where}: check", expected=f"a {what} before it", came="none")
        return found
