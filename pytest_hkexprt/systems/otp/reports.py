"""The exchange's answers as messages: one function for each kind of execution report and rejection.

What a report carries depends on what it tells; the fields here are those the binary tables name for each kind.

Source: OCG-C Binary v2.2, 7.6 (Execution Report, by kind), 7.8 (Quote Status Report), 7.9 (trade capture).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

from pytest_hkexprt.systems.otp.book import Fill, Order, Standing
from pytest_hkexprt.systems.otp.messages import Kind, Message, Value, stamp
from pytest_hkexprt.systems.otp.words import ExecRestatementReason, ExecType, LotType, MatchType, OrdStatus, OrdType

KEPT = (
    *("SecurityIDSource", "SecurityExchange", "BrokerLocationID", "OrdType", "TimeInForce", "PositionEffect"),
    *("OrderRestrictions", "MaxPriceLevels", "OrderCapacity", "Text", "SMPID", "SPSAID"),
)
"""Fields of a request that its reports repeat."""
NAMES = ("ClOrdID", "BidID", "QuoteMsgID", "TradeReportID", "UserRequestID", "EntitlementsRequestID")
"""By what a request is known to its sender: the first of these it has."""
AUTO_MATCH = MatchType.AUTO_MATCH
ZERO = Decimal(0)
REJECTION = {
    Kind.AMEND: ("AmendRejReason", ExecType.AMEND_REJECT),
    Kind.CANCEL: ("CxlRejReason", ExecType.CANCEL_REJECT),
    Kind.OBO_CANCEL: ("CxlRejReason", ExecType.CANCEL_REJECT),
}


@dataclass(slots=True)
class Numbers:
    """The exchange's own numbers, each given once."""

    order: Iterator[int] = field(default_factory=lambda: count(1))
    execution: Iterator[int] = field(default_factory=lambda: count(1))
    match: Iterator[int] = field(default_factory=lambda: count(1))

    def order_id(self) -> str:
        """Return the next OrderID."""
        return str(next(self.order))

    def exec_id(self) -> str:
        """Return the next ExecID."""
        return str(next(self.execution))

    def trade_id(self) -> str:
        """Return the next number that both sides of a trade have in common."""
        return f"M{next(self.match)}"


class Reporter:
    """Makes the exchange's messages.

    Args:
        numbers: where ExecIDs are from.
        now: tells the time for TransactTime.
        time_digits: after its point.
    """

    def __init__(self, numbers: Numbers, now: dt.datetime, time_digits: int) -> None:
        self._numbers = numbers
        self._time = stamp(now, time_digits)
        self._digits = time_digits

    def at(self, now: dt.datetime) -> Reporter:
        """Return it at another moment."""
        return Reporter(self._numbers, now, self._digits)

    @property
    def time(self) -> str:
        """The moment as a TransactTime."""
        return self._time

    def of(self, order: Order, exec_type: ExecType, **more: Value | None) -> Message:
        """Return a report on an order as it stands."""
        fields: dict[str, Value | None] = {
            "ClOrdID": order.cl_ord_id,
            "SubmittingBrokerID": order.broker,
            "SecurityID": order.security,
            "TransactTime": self._time,
            "Side": order.side,
            "OrderID": order.order_id,
            "Price": order.price,
            "OrderQty": order.quantity,
            "ExecID": self._numbers.exec_id(),
            "OrdStatus": status(order),
            "ExecType": exec_type,
            "CumQty": order.traded,
            "LeavesQty": order.leaves,
            "LotType": LotType.ODD if order.odd else None,
        }
        fields |= {name: order.carried[name] for name in KEPT if name in order.carried}
        return Message.of(Kind.EXECUTION_REPORT, **(fields | more))

    def trade(self, order: Order, fill: Fill, match: str, against: Order) -> Message:
        """Return one side's report of a trade, as that side stood after it."""
        traded = fill.traded_by(order)
        left = order.quantity - traded
        return self.of(
            order,
            ExecType.TRADE,
            OrdStatus=OrdStatus.PARTIALLY_FILLED if left else OrdStatus.FILLED,
            CumQty=traded,
            LeavesQty=left,
            MatchType=AUTO_MATCH,
            CounterpartyBrokerID=against.broker,
            LastQty=fill.quantity,
            LastPx=fill.price,
            OrderCategory=1 if against.broker == order.broker else None,
            TrdMatchID=match,
        )

    def unasked(self, order: Order, why: ExecRestatementReason, remark: str = "") -> Message:
        """Return the report of a cancel its owner did not ask for."""
        return self.of(order, ExecType.CANCEL, ExecRestatementReason=why, Reason=remark or None)

    def rejected(self, request: Message, code: int, reason: str) -> Message:
        """Return the report that an order was rejected."""
        kept = {name: request[name] for name in KEPT if name in request}
        return Message.of(
            Kind.EXECUTION_REPORT,
            **(kept | self._named(request)),
            Price=request.get("Price"),
            OrderQty=request.get("OrderQty"),
            OrderID=self._numbers.order_id(),
            Reason=reason,
            ExecID=self._numbers.exec_id(),
            OrdStatus=OrdStatus.REJECTED,
            ExecType=ExecType.REJECT,
            CumQty=ZERO,
            LeavesQty=ZERO,
            OrdRejReason=code,
            LotType=request.get("LotType"),
        )

    def refused(self, request: Message, order: Order | None, code: int, reason: str) -> Message:
        """Return the report that an amend or a cancel was rejected; the order, if there is one, stands as it stood."""
        name, exec_type = REJECTION[request.kind]
        return Message.of(
            Kind.EXECUTION_REPORT,
            **self._named(request),
            OrigClOrdID=request.get("OrigClOrdID"),
            OrderID=order.order_id if order else request.get("OrderID"),
            OwningBrokerID=request.get("OwningBrokerID"),
            OrdType=request.get("OrdType") or (OrdType.LIMIT if order and order.price is not None else None),
            Reason=reason,
            ExecID=self._numbers.exec_id(),
            OrdStatus=status(order) if order else OrdStatus.REJECTED,
            ExecType=exec_type,
            CumQty=order.traded if order else ZERO,
            LeavesQty=order.leaves if order else ZERO,
            **{name: code},
        )

    def _named(self, request: Message) -> dict[str, Value | None]:
        same = ("ClOrdID", "SubmittingBrokerID", "SecurityID", "SecurityIDSource", "SecurityExchange", "Side")
        return {name: request.get(name) for name in same} | {"TransactTime": self._time}


def status(order: Order) -> OrdStatus:
    """Return an order's status as reports say it."""
    if order.standing is Standing.OPEN:
        return OrdStatus.PARTIALLY_FILLED if order.traded else OrdStatus.NEW
    return {
        Standing.PENDING: OrdStatus.PENDING_NEW,
        Standing.FILLED: OrdStatus.FILLED,
        Standing.CANCELLED: OrdStatus.CANCELLED,
        Standing.EXPIRED: OrdStatus.EXPIRED,
        Standing.REJECTED: OrdStatus.REJECTED,
    }[order.standing]


def business_reject(request: Message, code: int, reason: str) -> Message:
    """Return the answer to a message that cannot be served at all."""
    return Message.of(
        Kind.BUSINESS_REJECT,
        BusinessRejectReason=code,
        Reason=reason,
        RefMsgType=request.kind,
        RefSeqNum=request.seq,
        BusinessRejectRefID=next((request.text(name) for name in NAMES if name in request), None),
    )
