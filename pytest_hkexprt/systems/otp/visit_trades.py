"""A trade off the books as the steps tell it: one session of the firm reports it, another confirms it."""

from __future__ import annotations

from pytest_hkexprt.systems.otp import checks
from pytest_hkexprt.systems.otp.client_orders import Trader
from pytest_hkexprt.systems.otp.deals import Deal, Deals, DealStanding
from pytest_hkexprt.systems.otp.pace import REPLY_S
from pytest_hkexprt.systems.otp.visit_recovery import RecoveryVisit
from pytest_hkexprt.systems.otp.words import Side


class TradesVisit(RecoveryVisit):
    """A visit that reports a trade off the books."""

    _report_id = ""

    def report_trade(self) -> None:
        """Report the sale of a board lot to the other session's broker."""
        self.listen()
        second, plan = self.needed(self._second, "second logon"), self.plan
        broker = second.credentials.broker
        self._report_id = self.trader.report_trade(plan.security, Side.SELL, plan.lots(1), plan.price, broker)

    def check_reported(self) -> None:
        """Check that the trade waits, and that the other session knows of it."""
        second = self.needed(self._second, "second logon")
        theirs = second.orders.deals
        self.client.wait_for(lambda: bool(theirs.awaiting()), REPLY_S)
        ours, awaiting = self._deal(), theirs.awaiting()
        known = ours is not None and [each.trade_id for each in awaiting] == [ours.trade_id]
        self.check(
            checks.told(
                "trade reported",
                self.where,
                expected=f"a trade {DealStanding.REPORTED}, known to both sessions",
                came=f"{ours or 'nothing'}; the other session awaits {len(awaiting)}",
                met=known and ours is not None and ours.standing is DealStanding.REPORTED,
                details=[str(each) for each in awaiting],
            )
        )

    def confirm_trade(self) -> None:
        """Have the other session confirm what was reported to it."""
        second = self.needed(self._second, "second logon")
        trader = Trader(second)
        for deal in second.orders.deals.awaiting():
            trader.confirm_trade(deal)

    def check_dealt(self) -> None:
        """Check that the trade stands, and that each session was told of it with the same TradeID and terms."""
        second = self.needed(self._second, "second logon")
        accounts = (self.client.orders.deals, second.orders.deals)
        self.client.wait_for(lambda: all(map(_stands, accounts)), REPLY_S)
        ours, theirs = self._deal(), second.orders.deals.deals()
        met = ours is not None and [each.trade_id for each in theirs] == [ours.trade_id] and all(map(_stands, accounts))
        self.check(
            checks.told(
                "trade confirmed",
                self.where,
                expected=f"one trade, {DealStanding.CONFIRMED}, told to both sessions",
                came="; ".join(map(str, (ours, *theirs))),
                met=met,
            )
        )
        self._check_sound()
        self.check(checks.reports_sound(second.orders, f"{self.where}, second session"))

    def _deal(self) -> Deal | None:
        return next((each for each in self.client.orders.deals.deals() if each.report_id == self._report_id), None)


def _stands(deals: Deals) -> bool:
    found = deals.deals()
    return bool(found) and found[-1].standing is DealStanding.CONFIRMED
