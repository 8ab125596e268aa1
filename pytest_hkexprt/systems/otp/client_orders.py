"""The business verbs: order, amend, cancel, mass cancel, quote, trade report, and what one is entitled to.

A verb sends one request and waits for its answer; what the answer means is for the book and the checks.

Source: OCG-C Binary v2.2, 7.5 to 7.11; CCCG Binary v1.3, 7.5.
"""

from __future__ import annotations

from decimal import Decimal

from pytest_hkexprt import clock
from pytest_hkexprt.errors import RemoteProtocolError
from pytest_hkexprt.systems.otp.client_link import utc_now
from pytest_hkexprt.systems.otp.deals import Deal
from pytest_hkexprt.systems.otp.lines import Tracked
from pytest_hkexprt.systems.otp.messages import Kind, Message, Value, stamp
from pytest_hkexprt.systems.otp.pace import REPLY_S
from pytest_hkexprt.systems.otp.profiles import Gateway
from pytest_hkexprt.systems.otp.seam import OrderEntry
from pytest_hkexprt.systems.otp.words import (
    LotType,
    MassCancelRequestType,
    OrdType,
    Side,
    TimeInForce,
    TradeHandling,
    TradeReportType,
    TrdType,
)

EXCHANGE_SYMBOL = 8
"""SecurityIDSource: the exchange's own code."""
THROTTLE_OF_USER = 5
"""UserRequestType of a throttle entitlement request."""
NEW_REPORT, CANCELLED_REPORT = 0, 1
"""TradeReportTransType, as FIX has it."""


class Trader:
    """A client's requests, and their answers.

    Whoever the client is, a request that may not be sent never reaches it.

    Args:
        client: logged on.
        patience_s: for an answer, in documented seconds.
    """

    def __init__(self, client: OrderEntry, patience_s: float = REPLY_S) -> None:
        self.client = client
        self._patience_s = patience_s

    def order(
        self,
        security: str,
        side: Side,
        quantity: Decimal,
        price: Decimal | None,
        *,
        odd: bool = False,
        force: TimeInForce | None = None,
        **more: Value | None,
    ) -> str:
        """Enter an order, wait until it is answered, and return its ClOrdID."""
        return self._ask(self.new_order(security, side, quantity, price, odd=odd, force=force, **more))

    def new_order(
        self,
        security: str,
        side: Side,
        quantity: Decimal,
        price: Decimal | None,
        *,
        odd: bool = False,
        force: TimeInForce | None = None,
        **more: Value | None,
    ) -> Message:
        """Return an order that was not sent, for whoever sends many before it waits."""
        profile = self.client.codec.profile
        china = profile.gateway is Gateway.OTP_CSC
        fields: dict[str, Value | None] = self._of_security(security) | {
            "ClOrdID": self.client.kept.name(),
            "Side": side,
            "OrdType": OrdType.MARKET if price is None else OrdType.LIMIT,
            "Price": price,
            "OrderQty": quantity,
            "TimeInForce": force,
            "MaxPriceLevels": 1 if china else None,
            "DisclosureInstructions": 1,
            "LotType": LotType.ODD if odd else None,
            "BCAN": self.client.credentials.bcan or None if profile.bcan else None,
        }
        return Message.of(Kind.NEW_ORDER, **(fields | more))

    def amend(self, order: Tracked, *, quantity: Decimal | None = None, price: Decimal | None = None) -> str:
        """Amend an order's quantity or price, wait for the answer, and return the request's ClOrdID."""
        fields = self._of_order(order) | {
            "OrigClOrdID": order.cl_ord_id,
            "OrderID": order.order_id,
            "OrdType": OrdType.LIMIT,
            "Price": order.price if price is None else price,
            "OrderQty": order.quantity if quantity is None else quantity,
            "DisclosureInstructions": 1,
        }
        return self._ask(Message.of(Kind.AMEND, **fields))

    def cancel(self, order: Tracked) -> str:
        """Cancel an order, wait for the answer, and return the request's ClOrdID."""
        fields = self._of_order(order) | {"OrigClOrdID": order.cl_ord_id, "OrderID": order.order_id}
        return self._ask(Message.of(Kind.CANCEL, **fields))

    def cancel_for(self, owner: str, order: Tracked) -> str:
        """Cancel an order on behalf of another broker of the firm, and return the request's ClOrdID."""
        fields = self._of_order(order) | {"OrderID": order.order_id, "OwningBrokerID": owner}
        return self._ask(Message.of(Kind.OBO_CANCEL, **fields))

    def mass_cancel(self, security: str = "", side: Side | None = None) -> str:
        """Cancel all orders, or those of a security, and return the request's ClOrdID."""
        kind = MassCancelRequestType.SECURITY if security else MassCancelRequestType.ALL
        fields: dict[str, Value | None] = {
            **(self._of_security(security) if security else self._of_broker()),
            "ClOrdID": self.client.kept.name(),
            "Side": side,
            "MassCancelRequestType": kind,
        }
        return self._ask(Message.of(Kind.MASS_CANCEL, **fields))

    def quote(self, security: str, bid: tuple[Decimal, Decimal], offer: tuple[Decimal, Decimal]) -> tuple[str, str]:
        """Quote both sides, each a quantity and a price; wait for the answers, and return the two orders' ClOrdIDs."""
        names = (self.client.kept.name(), self.client.kept.name())
        fields: dict[str, Value | None] = self._of_security(security) | {
            "BidID": names[0],
            "OfferID": names[1],
            "QuoteType": 1,
            "BidSize": bid[0],
            "BidPx": bid[1],
            "OfferSize": offer[0],
            "OfferPx": offer[1],
            "BCAN": self.client.credentials.bcan or None if self.client.codec.profile.bcan else None,
        }
        self.say(Message.of(Kind.QUOTE, **fields))
        for name in names:
            self.answer(name, str(Kind.QUOTE))
            if self.client.orders.order(name).standing.value == "rejected":
                break
        return names

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

    def throttle(self) -> Message:
        """Return what the gateway says of the participant's throttle."""
        name = self.client.kept.name()
        request = Message.of(
            Kind.THROTTLE_REQUEST,
            UserRequestID=name,
            UserRequestType=THROTTLE_OF_USER,
            UserName=self.client.credentials.comp_id,
        )
        self.say(request)
        return self.answer(name, str(request.kind))

    def entitlement(self) -> Message:
        """Return what the gateway says of the participant's brokers."""
        name = self.client.kept.name()
        self.say(Message.of(Kind.PARTY_REQUEST, EntitlementsRequestID=name))
        return self.answer(name, str(Kind.PARTY_REQUEST))

    def say(self, request: Message) -> None:
        """Send a request, if it may be sent, and wait for nothing.

        Raises:
            UsageFault: it may not; nothing was sent.
        """
        self.client.permission.require(request, clock.now())
        self.client.say(request)

    def answer(self, name: str, what: str) -> Message:
        """Wait for the answer to a request, and return it.

        Raises:
            RemoteProtocolError: none came.
        """
        orders = self.client.orders
        if not self.client.wait_for(lambda: orders.answer(name) is not None, self._patience_s):
            raise RemoteProtocolError(
                f"{self.client.where}: {what} {name}",
                expected="an answer",
                came=f"none in {self._patience_s:g} s as the documents count them",
                next_step="ask whether the gateway took the request; do not send it again blindly",
            )
        found = orders.answer(name)
        assert found is not None, "waited for just now"
        return found

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

    def _ask(self, request: Message) -> str:
        self.say(request)
        self.answer(request.text("ClOrdID"), str(request.kind))
        return request.text("ClOrdID")

    def _of_order(self, order: Tracked) -> dict[str, Value | None]:
        return self._of_security(order.security) | {"ClOrdID": self.client.kept.name(), "Side": order.side}

    def _of_security(self, security: str) -> dict[str, Value | None]:
        return self._of_broker() | {
            "SecurityID": security,
            "SecurityIDSource": EXCHANGE_SYMBOL,
            "SecurityExchange": self._exchange(security),
        }

    def _of_broker(self) -> dict[str, Value | None]:
        return {
            "SubmittingBrokerID": self.client.credentials.broker,
            "TransactTime": stamp(utc_now(), self.client.codec.profile.time_digits),
        }

    def _exchange(self, security: str) -> str:
        """Return where a security is traded: in China Connect, Shanghai's codes begin with a 6."""
        exchanges = self.client.codec.profile.exchanges
        if len(exchanges) == 1 or security.startswith("6"):
            return exchanges[0]
        return exchanges[1]
