"""The matching core: requests in, reports out, for whoever is concerned.

It knows no session and no protocol: a request has passed the gateway when it comes here. An order is checked, named
and matched; what is wrong with it is answered with a documented code (:mod:`rules`).

Source: OCG-C Binary v2.2, 6.4 to 6.12 and 7.5 to 7.10; OTP-C reason code list, 7119 (odd lots cannot be amended); CCCG
Binary v1.3 for China Connect's reduced set.
"""

from __future__ import annotations

from pytest_hkexprt.systems.otp import exchange_more, rules
from pytest_hkexprt.systems.otp.book import ENHANCED_LEVELS, RESTING, Order
from pytest_hkexprt.systems.otp.floor import Floor, Told
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.reports import KEPT, business_reject
from pytest_hkexprt.systems.otp.words import (
    BusinessRejectReason,
    CxlRejReason,
    ExecRestatementReason,
    ExecType,
    LotType,
    OrdRejReason,
    Side,
    TimeInForce,
)

SITE_FAILOVER = "cancelled by the failover to the other site"


class Exchange(Floor):
    """A floor that serves requests."""

    def receive(self, comp_id: str, request: Message) -> list[Told]:
        """Serve a request, and return who is told what."""
        served = {
            Kind.NEW_ORDER: self._new,
            Kind.AMEND: self._amend,
            Kind.CANCEL: self._cancel,
            Kind.OBO_CANCEL: self._cancel,
        }
        member = self.members[comp_id]
        if member.drop_copy:
            self.tell(comp_id, business_reject(request, BusinessRejectReason.UNSUPPORTED_MESSAGE_TYPE, "a drop copy"))
        elif request.kind in served and request.kind in self.profile.from_participant:
            served[request.kind](comp_id, request)
        else:
            exchange_more.serve(self, comp_id, request)
        return self.take_told()

    def disconnected(self, comp_id: str) -> list[Told]:
        """Cancel a Comp ID's orders where it is agreed that they end with its connection; return who is told."""
        if self.members[comp_id].cancel_on_disconnect and self.profile.cancel_on_disconnect:
            for order in self.resting(owner=comp_id):
                self.cancel_unasked(order, ExecRestatementReason.CANCEL_ON_DISCONNECT)
        return self.take_told()

    def fail_over(self, *, recovered: bool) -> list[Told]:
        """Go on at the other site: resting orders are there again, or are cancelled and their owners told."""
        if not recovered:
            for order in self.resting():
                self.cancel_unasked(order, ExecRestatementReason.SYSTEM_CANCEL, SITE_FAILOVER)
        return self.take_told()

    def _new(self, comp_id: str, request: Message) -> None:
        refusal = self._refusal(comp_id, request)
        if refusal:
            self.tell(comp_id, self.report().rejected(request, refusal.code, refusal.reason))
        else:
            self.enter(self.order_of(comp_id, request))

    def _refusal(self, comp_id: str, request: Message) -> rules.Refusal | None:
        broker, security = request.text("SubmittingBrokerID"), self.securities.get(request.text("SecurityID"))
        if broker != self.members[comp_id].broker:
            return rules.Refusal(OrdRejReason.OTHER, "not a broker of this Comp ID")
        if security is None:
            return rules.Refusal(OrdRejReason.OTHER, "unknown security")
        refusal = rules.of_order(request, security, china=self.china) or self.beyond_one_level(request)
        if refusal is None and not self.use(broker, request.text("ClOrdID")):
            return rules.Refusal(OrdRejReason.DUPLICATE_ORDER, "ClOrdID was used before")
        return refusal

    def beyond_one_level(self, request: Message) -> rules.Refusal | None:
        """Return why an order of one price level is refused, looking at the book; None where it is not."""
        if request.number("MaxPriceLevels") != 1 or "Price" not in request:
            return None
        buys = request.get("Side") is Side.BUY
        best = self.book(request.text("SecurityID")).best(buys=not buys)
        return rules.of_levels(request.amount("Price"), best, buys=buys)

    def order_of(self, comp_id: str, request: Message) -> Order:
        """Return the order a request describes, with an OrderID."""
        side, force = request["Side"], request.get("TimeInForce") or TimeInForce.DAY
        assert isinstance(side, Side), "the codec gives a side"
        assert isinstance(force, TimeInForce), "the codec gives a time in force"
        return Order(
            owner=comp_id,
            broker=request.text("SubmittingBrokerID"),
            cl_ord_id=request.text("ClOrdID"),
            order_id=self.numbers.order_id(),
            security=request.text("SecurityID"),
            side=side,
            quantity=request.amount("OrderQty"),
            price=request.amount("Price") if "Price" in request else None,
            force=force,
            levels=request.number("MaxPriceLevels", ENHANCED_LEVELS),
            odd=request.get("LotType") is LotType.ODD,
            carried={name: request[name] for name in KEPT if name in request},
        )

    def _amend(self, comp_id: str, request: Message) -> None:
        broker = request.text("SubmittingBrokerID")
        order = self.named(broker, request.text("OrigClOrdID"), request.text("OrderID"))
        refusal = self._amend_refusal(comp_id, broker, request, order)
        if refusal or order is None:
            assert refusal is not None, "an unknown order is refused"
            self.tell(comp_id, self.report().refused(request, order, refusal.code, refusal.reason))
            return
        price, quantity = request.amount("Price"), request.amount("OrderQty")
        replaced = price != order.price or quantity > order.quantity
        before, book = order.cl_ord_id, self.book(order.security)
        if replaced:
            book.remove(order)
        order.price, order.quantity = price, quantity
        self.renamed(order, request.text("ClOrdID"), new_id=replaced)
        self.tell(order.owner, self.report().of(order, ExecType.AMEND, OrigClOrdID=before))
        if replaced:
            self.match(order)

    def _amend_refusal(self, comp_id: str, broker: str, request: Message, order: Order | None) -> rules.Refusal | None:
        if order is None or order.owner != comp_id:
            return rules.Refusal(CxlRejReason.UNKNOWN_ORDER, "no such order")
        if order.standing not in RESTING:
            return rules.Refusal(CxlRejReason.TOO_LATE, f"the order is {order.standing}")
        if order.odd or request.amount("OrderQty") <= order.traded:
            return rules.Refusal(CxlRejReason.OTHER, "an odd lot, or not more than was traded already")
        security = self.securities[order.security]
        refusal = rules.of_quantity(request.amount("OrderQty"), security, odd=False)
        if refusal := refusal or rules.of_price(request, security):
            return rules.Refusal(CxlRejReason.OTHER, refusal.reason)
        if not self.use(broker, request.text("ClOrdID")):
            return rules.Refusal(CxlRejReason.DUPLICATE_CLORDID, "ClOrdID was used before")
        return None

    def _cancel(self, comp_id: str, request: Message) -> None:
        """Serve a cancel by the owner or, from another broker of the firm, on behalf of it."""
        member, obo = self.members[comp_id], request.kind is Kind.OBO_CANCEL
        submitter = request.text("SubmittingBrokerID")
        broker = request.text("OwningBrokerID") if obo else submitter
        order = self.named(broker, "" if obo else request.text("OrigClOrdID"), request.text("OrderID"))
        if order is not None and (self.members[order.owner].firm != member.firm or obo == (order.owner == comp_id)):
            order = None
        refusal = None
        if order is None:
            refusal = rules.Refusal(CxlRejReason.UNKNOWN_ORDER, "no such order")
        elif order.standing not in RESTING:
            refusal = rules.Refusal(CxlRejReason.TOO_LATE, f"the order is {order.standing}")
        elif not self.use(submitter, request.text("ClOrdID")):
            refusal = rules.Refusal(CxlRejReason.DUPLICATE_CLORDID, "ClOrdID was used before")
        if refusal or order is None:
            assert refusal is not None, "an unknown order is refused"
            self.tell(comp_id, self.report().refused(request, order, refusal.code, refusal.reason))
        elif obo:
            self._cancelled_for(comp_id, request, order)
        else:
            self._cancelled(comp_id, request, order)

    def _cancelled(self, comp_id: str, request: Message, order: Order) -> None:
        before = order.cl_ord_id
        if self.china:
            pending = self.report().of(order, ExecType.PENDING_CANCEL, OrigClOrdID=before)
            self.tell(comp_id, pending.with_fields(ClOrdID=request.text("ClOrdID")))
        self.take_out(order)
        self.renamed(order, request.text("ClOrdID"), new_id=False)
        self.tell(comp_id, self.report().of(order, ExecType.CANCEL, OrigClOrdID=before))

    def _cancelled_for(self, comp_id: str, request: Message, order: Order) -> None:
        """Cancel on behalf: the owner is told that it was not asked, the submitter that it is done."""
        before = order.cl_ord_id
        self.cancel_unasked(order, ExecRestatementReason.OBO_SINGLE_CANCEL)
        done = self.report().of(order, ExecType.CANCEL, OrigClOrdID=before, OwningBrokerID=order.broker)
        self.tell(
            comp_id,
            done.with_fields(ClOrdID=request.text("ClOrdID"), SubmittingBrokerID=request.text("SubmittingBrokerID")),
        )
