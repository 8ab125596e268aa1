"""The participant's own book: what it asked for, what it was told, and whether the two fit together.

Every request and every report passes here. Out of them come each order's state, the answer to each request, and what
no honest gateway does: an execution told twice or never, reports that change places, an OrderID of another order, a
code no document has. An order's cancel that nobody asked for is told apart from these: it may be right, and then the
one who knows why expects it.

Source: OCG-C Binary v2.2, 6.4 to 6.7 and 7.6 (execution reports by kind), 6.6.3.4 (which amend gives a new OrderID).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum

from pytest_hkexprt.systems.otp.book import RESTING, Standing
from pytest_hkexprt.systems.otp.deals import Deals
from pytest_hkexprt.systems.otp.lines import Execution, Line, Tracked, Unasked
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.words import (
    BusinessRejectReason,
    CxlRejReason,
    ExecRestatementReason,
    ExecType,
    OrdRejReason,
    Side,
    TradeReportRejectReason,
)

CODES: Mapping[str, frozenset[int]] = {
    "OrdRejReason": frozenset(OrdRejReason),
    "CxlRejReason": frozenset(CxlRejReason),
    "AmendRejReason": frozenset(CxlRejReason) | {8, 100, 101, 102, 103},
    "ExecRestatementReason": frozenset(ExecRestatementReason),
    "BusinessRejectReason": frozenset(BusinessRejectReason),
    "TradeReportRejectReason": frozenset(TradeReportRejectReason),
}
"""The codes the documents have."""
PENDING = (ExecType.PENDING_NEW, ExecType.PENDING_CANCEL, ExecType.PENDING_AMEND)
ENDS = {ExecType.CANCEL: Standing.CANCELLED, ExecType.EXPIRE: Standing.EXPIRED, ExecType.REJECT: Standing.REJECTED}
BY_ID: Mapping[Kind, tuple[str, ...]] = {
    Kind.MASS_CANCEL_REPORT: ("ClOrdID",),
    Kind.BUSINESS_REJECT: ("BusinessRejectRefID",),
    Kind.REJECT: ("ClOrdID",),
    Kind.THROTTLE_RESPONSE: ("UserRequestID",),
    Kind.PARTY_REPORT: ("EntitlementsRequestID",),
    Kind.QUOTE_STATUS: ("BidID", "QuoteMsgID"),
    Kind.TRADE_CAPTURE_ACK: ("TradeReportID",),
}
"""Kind of an answer to the fields of which the first that is there names its request."""


@dataclass(slots=True)
class Orders:
    """The book.

    Args:
        broker: where it only listens, whose reports count; those on other brokers' orders are left out.
        listening: whether it only listens, as a drop copy does: orders become known by their reports.
    """

    broker: str = ""
    listening: bool = False
    faults: list[str] = field(default_factory=list)
    """What no honest gateway does, in words."""
    unasked: list[Unasked] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Requests the gateway would not serve at all, in words."""
    executions: dict[str, Execution] = field(default_factory=dict)
    """By ExecID."""
    repeated: int = 0
    """Reports that came again, marked as such."""
    reports: int = 0
    deals: Deals = field(init=False)
    """Its trades off the book."""
    _orders: list[Tracked] = field(default_factory=list)
    _resting: dict[Tracked, None] = field(default_factory=dict)
    """Those that are in the market, in the order they were accepted: a day has too many to look through them all."""
    _by_name: dict[str, Tracked] = field(default_factory=dict)
    _by_id: dict[str, Tracked] = field(default_factory=dict)
    _answers: dict[str, Message] = field(default_factory=dict)
    _asked: dict[str, Message] = field(default_factory=dict)
    _heard: set[str] = field(default_factory=set)
    _offers: dict[str, str] = field(default_factory=dict)  # of our quotes, by BidID

    def __post_init__(self) -> None:
        self.deals = Deals(self.broker, self.faults)

    def sent(self, request: Message) -> None:
        """Note a request of ours."""
        name = request.text("ClOrdID")
        if name:
            self._asked[name] = request
        if request.kind is Kind.NEW_ORDER:
            self._track(name, request, request.get("Side"), request.amount("OrderQty"), request.get("Price"))
        elif request.kind is Kind.QUOTE:
            selling = Side.SELL_SHORT if request.get("Side") is Side.SELL_SHORT else Side.SELL
            bid, offer = request.text("BidID"), request.text("OfferID")
            bought = self._track(bid, request, Side.BUY, request.amount("BidSize"), request.get("BidPx"))
            sold = self._track(offer, request, selling, request.amount("OfferSize"), request.get("OfferPx"))
            bought.quoted = sold.quoted = True
            self._offers[bid] = offer
        elif request.kind is Kind.CANCEL and (order := self._by_name.get(request.text("OrigClOrdID"))):
            order.asked_to_end = True
        elif request.kind is Kind.TRADE_CAPTURE:
            self.deals.sent(request)

    def heard(self, message: Message) -> None:
        """Take in what the gateway says; what is no answer to anybody's request is left alone."""
        if message.kind is Kind.EXECUTION_REPORT:
            if not self.listening or message.text("SubmittingBrokerID") in ("", self.broker):
                self._report(message)
        elif message.kind is Kind.TRADE_CAPTURE:
            if self.deals.heard(message):
                self._answers.setdefault(message.text("TradeReportID"), message)
        elif name := next(filter(None, map(message.text, BY_ID.get(message.kind, ()))), ""):
            self._answers[name] = message
            self._code(message, "BusinessRejectReason")
            self._code(message, "TradeReportRejectReason")
            if message.kind in (Kind.BUSINESS_REJECT, Kind.REJECT):
                self.refused.append(_refusal(message, name))
            if message.kind is not Kind.MASS_CANCEL_REPORT:
                for order in filter(None, map(self._by_name.get, (name, self._offers.get(name, "")))):
                    if not order.accepted:
                        self._stands(order, Standing.REJECTED)

    def answer(self, name: str) -> Message | None:
        """Return what answered a request, by its ClOrdID or other number; None while nothing did."""
        return self._answers.get(name)

    def order(self, cl_ord_id: str) -> Tracked:
        """Return an order by any ClOrdID it ever had.

        Raises:
            KeyError: there is none.
        """
        return self._by_name[cl_ord_id]

    def lines(self) -> tuple[Line, ...]:
        """Return every order the exchange ever had, in the order they became known."""
        return tuple(order.line for order in self._orders if order.accepted)

    def resting(self) -> list[Tracked]:
        """Return the orders that are in the market."""
        return list(self._resting)

    def expect_cancel(self, reasons: Iterable[int], cl_ord_ids: Iterable[str] = ()) -> list[Unasked]:
        """Take the cancels that were not asked for and have such a reason as expected, and return them."""
        wanted, names = frozenset(reasons), frozenset(cl_ord_ids)
        expected: list[Unasked] = []
        left: list[Unasked] = []
        for each in self.unasked:
            (expected if each.reason in wanted and (not names or each.cl_ord_id in names) else left).append(each)
        self.unasked = left
        return expected

    def _track(self, name: str, request: Message, side: object, quantity: Decimal, price: object) -> Tracked:
        order = Tracked(
            name,
            request.text("SecurityID"),
            side if isinstance(side, Side) else None,
            quantity,
            price if isinstance(price, Decimal) else None,
        )
        self._orders.append(order)
        self._by_name[name] = order
        return order

    def _stands(self, order: Tracked, standing: Standing) -> None:
        order.standing = standing
        if order.accepted and standing in RESTING:
            self._resting[order] = None
        else:
            self._resting.pop(order, None)

    def _report(self, report: Message) -> None:
        name, exec_type = report.text("ClOrdID"), report.get("ExecType")
        exec_id = report.text("ExecID") or f"({exec_type} of {name})"  # FIX's cancel reject has none
        if exec_id in self._heard:
            if report.poss_dup or report.poss_resend:
                self.repeated += 1
            else:
                self.faults.append(f"execution report {exec_id} on {name} came twice")
            return
        self._heard.add(exec_id)
        self.reports += 1
        for code in CODES:
            self._code(report, code)
        order = self._of(report)
        if exec_type not in PENDING and (name not in self._answers):
            self._answers[name] = report
        if order is None:
            if name not in self._asked:
                self.faults.append(f"execution report {exec_id} is on {name}, an order that is not ours")
            return
        if exec_type in (ExecType.CANCEL_REJECT, ExecType.AMEND_REJECT):
            return
        self._identity(order, report)
        self._progress(order, report)
        if isinstance(exec_type, ExecType) and exec_type in ENDS:
            self._ended(order, report, ENDS[exec_type])

    def _of(self, report: Message) -> Tracked | None:
        """Return the order a report is on."""
        name, before = report.text("ClOrdID"), report.text("OrigClOrdID")
        order = self._by_name.get(name) or self._by_name.get(before) or self._by_id.get(report.text("OrderID"))
        if order is None and self.listening:
            order = self._track(name, report, report.get("Side"), report.amount("OrderQty"), report.get("Price"))
        if order is not None and name not in self._by_name and report.text("OwningBrokerID") == "":
            self._by_name[name] = order
        return order

    def _identity(self, order: Tracked, report: Message) -> None:
        """Follow an order's names, and see that its OrderID changes with an amend alone."""
        name, order_id, exec_type = report.text("ClOrdID"), report.text("OrderID"), report.get("ExecType")
        known = self._by_id.get(order_id)
        changed = bool(order.order_id) and order_id != order.order_id
        if (changed and exec_type is not ExecType.AMEND) or (known is not None and known is not order):
            expected = order.order_id or "a new one"
            self.faults.append(f"the report on {name} carries OrderID {order_id}; expected {expected}")
        else:
            order.order_id = order_id
            self._by_id[order_id] = order
        if exec_type in (ExecType.AMEND, ExecType.CANCEL) and report.text("OrigClOrdID"):
            order.cl_ord_id = name

    def _progress(self, order: Tracked, report: Message) -> None:
        exec_type, name = report.get("ExecType"), report.text("ClOrdID")
        cum = report.amount("CumQty")
        if exec_type is ExecType.NEW and (order.traded or order.standing not in RESTING):
            self.faults.append(f"{name} was accepted after it was {order.standing}: reports changed places")
        if exec_type in (ExecType.NEW, ExecType.PENDING_NEW):
            order.accepted = True
            self._stands(order, _kept(order.standing) if exec_type is ExecType.NEW else order.standing)
        elif exec_type is ExecType.AMEND:
            order.quantity, price = report.amount("OrderQty"), report.get("Price")
            order.price = price if isinstance(price, Decimal) else order.price
        elif exec_type is ExecType.TRADE:
            self._traded(order, report)
            return
        elif exec_type is ExecType.TRADE_CANCEL:
            self._busted(order, report)
            return
        if cum != order.traded and exec_type is not ExecType.REJECT:
            self._missing(name, cum, order.traded)
            order.traded = cum

    def _traded(self, order: Tracked, report: Message) -> None:
        name, quantity, price = report.text("ClOrdID"), report.amount("LastQty"), report.amount("LastPx")
        if not order.accepted:
            self.faults.append(f"{name} traded before it was accepted: reports changed places")
        expected = order.traded + quantity
        if report.amount("CumQty") != expected:
            self._missing(name, report.amount("CumQty"), expected)
        order.traded, order.value = report.amount("CumQty"), order.value + quantity * price
        if report.amount("LeavesQty") == 0:
            self._stands(order, Standing.FILLED)
        exec_id = report.text("ExecID")
        self.executions[exec_id] = Execution(exec_id, name, quantity, price, report.text("TrdMatchID"))

    def _busted(self, order: Tracked, report: Message) -> None:
        undone = self.executions.pop(report.text("ExecRefID"), None)
        if undone is None:
            self.faults.append(f"a trade of {report.text('ClOrdID')} was undone that was never told")
            return
        order.traded -= undone.quantity
        order.value -= undone.quantity * undone.price

    def _missing(self, name: str, cum: Decimal, expected: Decimal) -> None:
        self.faults.append(
            f"{name}: CumQty is {cum:f}, and its reports come to {expected:f}: one is missing or out of order"
        )

    def _ended(self, order: Tracked, report: Message, standing: Standing) -> None:
        if order.standing not in RESTING and standing is not order.standing:
            self.faults.append(f"{report.text('ClOrdID')} is {standing} after it was {order.standing}")
        self._stands(order, standing)
        reason = report.get("ExecRestatementReason")
        if standing is Standing.CANCELLED and not self.listening and (reason is not None or not order.asked_to_end):
            code = reason if isinstance(reason, int) else 0
            self.unasked.append(Unasked(order.cl_ord_id, code, report.text("Reason")))

    def _code(self, message: Message, name: str) -> None:
        value = message.get(name)
        if isinstance(value, int) and value not in CODES[name]:
            told = message.text("ClOrdID") or message.text("BusinessRejectRefID")
            self.faults.append(f"the answer to {told} has {name} {int(value)}, which no document has")


def _kept(standing: Standing) -> Standing:
    return Standing.OPEN if standing is Standing.PENDING else standing


def _refusal(message: Message, name: str) -> str:
    reason = message.get("BusinessRejectReason" if message.kind is Kind.BUSINESS_REJECT else "SessionRejectReason")
    told = reason.name.lower().replace("_", " ") if isinstance(reason, IntEnum) else str(reason)
    left = f", {message.text('Reason')}" if message.text("Reason") else ""
    return f"{message.text('RefMsgType')} {name} was refused: {told}{left}"
