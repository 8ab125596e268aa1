"""The business verbs: order, amend, cancel, mass cancel, quote, trade report, and what one is entitled to.

A verb sends one request and waits for its answer; what the answer means is for the book and the checks.

Source: OCG-C Binary v2.2, 7.5 to 7.11; CCCG Binary v1.3, 7.5.
"""

from __future__ import annotations

from decimal import Decimal

from pytest_hkexprt.systems.otp.book import RESTING
from pytest_hkexprt.systems.otp.client_trades import TradeReports
from pytest_hkexprt.systems.otp.lines import Tracked
from pytest_hkexprt.systems.otp.messages import Kind, Message, Value
from pytest_hkexprt.systems.otp.profiles import Gateway
from pytest_hkexprt.systems.otp.words import (
    LotType,
    MassCancelRequestType,
    OrdType,
    Side,
    TimeInForce,
)

THROTTLE_OF_USER = 5
"""UserRequestType of a throttle entitlement request."""
CANCEL_OF_SECURITY = 1
"""QuoteCancelType."""


class Trader(TradeReports):
    """A client's business with the exchange."""

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

    def mass_cancel(self, security: str = "", side: Side | None = None, *, segment: str = "") -> str:
        """Cancel all orders, or those of a security or market segment, and return the request's ClOrdID."""
        return self._ask(Message.of(Kind.MASS_CANCEL, **self._of_many(security, side, segment)))

    def mass_cancel_for(self, owner: str, security: str = "", side: Side | None = None, *, segment: str = "") -> str:
        """Cancel likewise on behalf of another broker of the firm, and return the request's ClOrdID."""
        fields = self._of_many(security, side, segment) | {"OwningBrokerID": owner}
        return self._ask(Message.of(Kind.OBO_MASS_CANCEL, **fields))

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

    def cancel_quotes(self, security: str) -> str:
        """Cancel the quotes of a security; wait until they are gone or that is refused; return the QuoteMsgID."""
        name, orders = self.client.kept.name(), self.client.orders
        quoted = [each for each in orders.resting() if each.quoted and each.security == security]
        fields: dict[str, Value | None] = self._of_security(security) | {
            "TransactTime": None,  # the one request that has none
            "QuoteMsgID": name,
            "QuoteCancelType": CANCEL_OF_SECURITY,
        }
        self.say(Message.of(Kind.QUOTE_CANCEL, **fields))

        def gone() -> bool:
            return bool(quoted) and not any(each.standing in RESTING for each in quoted)

        self._await(lambda: gone() or orders.answer(name) is not None, f"{Kind.QUOTE_CANCEL} {name}")
        return name

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

    def _of_many(self, security: str, side: Side | None, segment: str) -> dict[str, Value | None]:
        kind = MassCancelRequestType.SECURITY if security else MassCancelRequestType.ALL
        return {
            **(self._of_security(security) if security else self._of_broker()),
            "ClOrdID": self.client.kept.name(),
            "Side": side,
            "MassCancelRequestType": MassCancelRequestType.MARKET_SEGMENT if segment else kind,
            "MarketSegmentID": segment or None,
        }
