"""The verbs of trades off the books: report one, confirm what another party has reported, cancel, pick an odd lot off.

Source: OCG-C Binary v2.2, 7.9 and 8 (Trade Capture Report).
"""

from __future__ import annotations

from decimal import Decimal

from pytest_hkexprt.systems.otp.client_requests import Requests
from pytest_hkexprt.systems.otp.deals import Deal
from pytest_hkexprt.systems.otp.messages import Kind, Message, Value
from pytest_hkexprt.systems.otp.words import Side, TradeHandling, TradeReportType, TrdType

NEW_REPORT, CANCELLED_REPORT = 0, 1
"""TradeReportTransType, as FIX has it."""


class TradeReports(Requests):
    """A client's trade capture reports."""

    def report_trade(
        self,
        security: str,
        side: Side,
        quantity: Decimal,
        price: Decimal,
        counterparty: str,
        *,
        kind: int = TrdType.PRIVATELY_NEGOTIATED,
        handling: TradeHandling = TradeHandling.TWO_PARTY,
        **more: Value | None,
    ) -> str:
        """Report a trade made off the book with another broker; return the report's TradeReportID once answered.

        A two-party report waits for the other's; a one-party report is for both.
        """
        deal = Deal("", "", security, side, quantity, price, counterparty)
        return self._tell(deal, kind=kind, handling=handling, **more)

    def confirm_trade(self, deal: Deal, **more: Value | None) -> str:
        """Confirm a trade that the other party has reported; return the confirmation's TradeReportID."""
        return self._tell(deal, kind=deal.kind, handling=TradeHandling.CONFIRMATION, TradeID=deal.trade_id, **more)

    def cancel_trade(self, deal: Deal, **more: Value | None) -> str:
        """Withdraw a report that waits, or undo a trade that stands; return the request's TradeReportID."""
        fields: dict[str, Value | None] = {
            "TradeID": deal.trade_id,
            "TradeReportType": TradeReportType.CANCEL,
            "TradeReportTransType": CANCELLED_REPORT,
        }
        return self._tell(deal, kind=deal.kind, handling=TradeHandling.TWO_PARTY, **(fields | more))

    def pick_off(self, security: str, side: Side, quantity: Decimal, price: Decimal, order_id: str) -> str:
        """Trade with a resting odd lot by its OrderID; return the report's TradeReportID."""
        deal = Deal("", "", security, side, quantity, price)
        return self._tell(deal, kind=TrdType.ODD_LOT, handling=TradeHandling.ONE_PARTY, OrderID=order_id)

    def _tell(self, deal: Deal, *, kind: int | None, handling: TradeHandling, **more: Value | None) -> str:
        profile, name = self.client.codec.profile, self.client.kept.name()
        fields: dict[str, Value | None] = self._of_security(deal.security) | {
            "TradeReportID": name,
            "TradeReportTransType": NEW_REPORT,
            "TradeReportType": TradeReportType.SUBMIT,
            "TradeHandlingInstr": handling,
            "CounterpartyBrokerID": deal.counterparty or None,
            "Side": deal.side,
            "TrdType": kind,
            "LastQty": deal.quantity,
            "LastPx": deal.price,
            "BCAN": self.client.credentials.bcan or None if profile.bcan else None,
        }
        self.say(Message.of(Kind.TRADE_CAPTURE, **(fields | more)))
        self.answer(name, str(Kind.TRADE_CAPTURE))
        return name
