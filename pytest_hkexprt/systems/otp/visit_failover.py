"""A failover as the steps tell it: an order rests, the site dies, the backup answers, and nothing is lost."""

from __future__ import annotations

from pytest_hkexprt import clock
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.otp import checks
from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.facts import Logon
from pytest_hkexprt.systems.otp.lines import Tracked
from pytest_hkexprt.systems.otp.pace import REPLY_S
from pytest_hkexprt.systems.otp.visit_trades import TradesVisit
from pytest_hkexprt.systems.otp.words import ExecRestatementReason

BY_THE_SYSTEM = (
    ExecRestatementReason.SYSTEM_CANCEL,
    ExecRestatementReason.MARKET_OPERATION,
    ExecRestatementReason.HOME_MARKET_CANCEL,
)
"""Why an order ends that a failover cancels."""


class FailoverVisit(TradesVisit):
    """A visit whose gateway moves to the other site."""

    _resting: Tracked | None = None
    _numbers_before: tuple[int, int] = (0, 0)
    _line: tuple[str, ...] = ()
    """The time line: what happened when."""
    _again: Logon | None = None

    def begin(self) -> None:
        """Find the gateway, log on, and leave an order resting where the session may trade."""
        self.look_up()
        self.logon()
        self._note("logged on at the first site")
        try:
            plan = self.plan
            self._resting = self.client.orders.order(self._buy(3))
        except UsageFault as fault:
            self.around.journal.notice(f"{self.where}: no order rests at the failover: {fault.expected}: {fault.came}")
            return
        self.check_resting()
        self._note(f"an order rests: {plan.lots(3):f} of {plan.security}")

    def check_resting(self) -> None:
        """Check that the order rests."""
        order = self.needed(self._resting, "resting order")
        self.client.wait_for(lambda: order.standing is not Standing.PENDING, REPLY_S)
        self._check_order("order before the failover", Standing.OPEN, order.cl_ord_id)

    def fail_over(self) -> None:
        """Have the site die in a rehearsal; live, wait until it does, as long as the session lasts."""
        day = self.client.kept.day
        self._numbers_before = (day.next_out, day.next_in)
        if self.around.fail_over is not None:
            self.around.fail_over()
        wait_s = REPLY_S if self.around.fail_over is not None else self.around.session_left_s()
        if self.client.await_loss(wait_s):
            self._note("the connection was lost")

    def check_lost(self) -> None:
        """Check that the connection to the first site is lost."""
        ended = self.client.ended
        self.check(
            checks.told(
                "connection at the failover",
                self.where,
                expected=f"a connection to the {self.client.site} site that is lost",
                came=ended.reason if ended else "it stands",
                met=ended is not None,
            )
        )

    def find_again(self) -> None:
        """Reconnect by the documented path: gateway, mirror, then the lookup services of both sites in turn."""
        self._again = self.client.reconnect()
        self._note(f"logged on again at {self._again.endpoint.address}, after {len(self._again.tries)} tries")
        self.check(checks.logged_on(self._again, self.where))

    def check_site(self) -> None:
        """Check that the gateway is the backup site's."""
        at, other = self.client.endpoint, self.client.site.other
        self.check(checks.served_by(at, at.site, other, self._known(other), self.where))

    def check_nothing_lost(self) -> None:
        """Check that orders are cancelled or recovered as expected, and that no execution was lost or doubled."""
        if self._resting is not None:
            self._settle(self._resting)
        day = self.client.kept.day
        self.check(
            checks.told(
                "failover",
                self.where,
                expected="numbers that go on, and a session that is open",
                came=f"our next number {day.next_out}, theirs {day.next_in}",
                met=day.next_out > self._numbers_before[0] and self.client.connected,
                details=self._line,
            )
        )
        self._check_sound()
        if self.around.their_book is not None:
            theirs = self.around.their_book(self.client.credentials.comp_id)
            self.check(checks.books_agree(self.client.orders.lines(), theirs, "the exchange", self.where))
        self.logout()
        self.check_closed()

    def _settle(self, order: Tracked) -> None:
        """See what became of the resting order; one that was recovered is cancelled, which tells all it traded."""
        recovered = self.around.failover == "recovered"
        if recovered:
            self.trader.cancel(order)
        else:
            self.client.wait_for(lambda: order.standing is not Standing.OPEN, REPLY_S)
        cancelled = self.client.orders.expect_cancel(BY_THE_SYSTEM)
        fits = order.standing is Standing.CANCELLED and (bool(cancelled) is not recovered)
        self._note(f"the resting order was {'recovered, and then cancelled by us' if recovered else order.standing}")
        self.check(
            checks.told(
                "order resting at the failover",
                self.where,
                expected="recovered, and cancelled when asked" if recovered else "cancelled by the failover",
                came=str(order.line),
                met=fits,
                details=[f"reason {each.reason} {each.remark}" for each in cancelled],
            )
        )

    def _note(self, what: str) -> None:
        self._line += (f"{clock.now():%H:%M:%S.%f} {what}",)
