"""The exchange's answers, whole: one message for each kind of execution report and rejection."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.book import Fill, Order, Standing
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.reports import Numbers, Reporter, business_reject, status
from pytest_hkexprt.systems.otp.words import (
    ExecRestatementReason,
    ExecType,
    LotType,
    MatchType,
    OrdStatus,
    OrdType,
    Side,
    TimeInForce,
)

NOW = dt.datetime(2024, 1, 6, 1, 0, tzinfo=dt.UTC)
TIME = "20240106-01:00:00.000"
KEPT = {
    "SecurityIDSource": 8,
    "SecurityExchange": "XHKG",
    "BrokerLocationID": "7",
    "OrdType": OrdType.LIMIT,
    "TimeInForce": TimeInForce.DAY,
    "PositionEffect": "C",
    "OrderRestrictions": "r",
    "MaxPriceLevels": 1,
    "OrderCapacity": "A",
    "Text": "t",
    "SMPID": "s",
    "SPSAID": "p",
}


def order(**changed) -> Order:
    """Return a broker's order of 300 of which 100 traded."""
    given = {"owner": "CO1", "broker": "1234", "cl_ord_id": "1", "order_id": "7", "security": "700", "side": Side.BUY}
    given |= {"quantity": Decimal(300), "price": Decimal(10), "traded": Decimal(100)}
    return Order(**(given | changed))


@pytest.fixture
def reporter():
    return Reporter(Numbers(), NOW, 3)


STOOD = {
    "ClOrdID": "1",
    "SubmittingBrokerID": "1234",
    "SecurityID": "700",
    "TransactTime": TIME,
    "Side": Side.BUY,
    "OrderID": "7",
    "Price": Decimal(10),
    "OrderQty": Decimal(300),
    "ExecID": "1",
    "OrdStatus": OrdStatus.PARTIALLY_FILLED,
    "CumQty": Decimal(100),
    "LeavesQty": Decimal(200),
}
REQUEST = Message(
    Kind.NEW_ORDER,
    {
        "ClOrdID": "1",
        "SubmittingBrokerID": "1234",
        "SecurityID": "700",
        "Side": Side.BUY,
        "Price": Decimal(10),
        "OrderQty": Decimal(300),
        "BCAN": "1",
        **KEPT,
    },
    seq=9,
)


def report(**fields) -> Message:
    return Message.of(Kind.EXECUTION_REPORT, **fields)


def test_a_report_says_how_an_order_stands(reporter):
    assert reporter.of(order(), ExecType.NEW) == report(**STOOD, ExecType=ExecType.NEW)


def test_a_report_repeats_what_the_order_carried_and_nothing_else(reporter):
    told = reporter.of(order(carried={**KEPT, "BCAN": "1"}), ExecType.NEW)
    assert told == report(**STOOD, ExecType=ExecType.NEW, **KEPT)


def test_a_report_on_an_odd_lot_says_so(reporter):
    assert reporter.of(order(odd=True), ExecType.NEW)["LotType"] is LotType.ODD


def test_a_report_may_say_more_or_otherwise(reporter):
    told = reporter.of(order(), ExecType.NEW, CumQty=Decimal(5), ExecRefID="3")
    assert told == report(**(STOOD | {"CumQty": Decimal(5)}), ExecType=ExecType.NEW, ExecRefID="3")


def test_each_report_has_a_number_of_its_own(reporter):
    assert [reporter.of(order(), ExecType.NEW)["ExecID"] for _ in range(3)] == ["1", "2", "3"]


def test_a_reporter_at_another_moment_counts_on(reporter):
    reporter.of(order(), ExecType.NEW)
    later = reporter.at(NOW + dt.timedelta(seconds=1.5))
    assert later.time == "20240106-01:00:01.500"
    assert later.of(order(), ExecType.NEW)["ExecID"] == "2"


def fill(taker: Order, maker: Order) -> Fill:
    return Fill(taker, maker, Decimal(100), Decimal(11), (Decimal(300), Decimal(100)))


TRADED = {"MatchType": MatchType.AUTO_MATCH, "LastQty": Decimal(100), "LastPx": Decimal(11), "TrdMatchID": "M1"}


def test_a_trade_is_told_as_each_side_stood_after_it(reporter):
    taker, maker = order(), order(broker="1235", cl_ord_id="5", order_id="8", side=Side.SELL)
    made = fill(taker, maker)
    assert reporter.trade(taker, made, "M1", maker) == report(
        **(STOOD | {"OrdStatus": OrdStatus.FILLED, "CumQty": Decimal(300), "LeavesQty": Decimal(0)}),
        ExecType=ExecType.TRADE,
        CounterpartyBrokerID="1235",
        **TRADED,
    )
    theirs = {"ClOrdID": "5", "OrderID": "8", "SubmittingBrokerID": "1235", "Side": Side.SELL, "ExecID": "2"}
    assert reporter.trade(maker, made, "M1", taker) == report(
        **(STOOD | theirs), ExecType=ExecType.TRADE, CounterpartyBrokerID="1234", **TRADED
    )


def test_a_trade_within_one_broker_says_so(reporter):
    taker, maker = order(), order(order_id="8")
    assert reporter.trade(taker, fill(taker, maker), "M1", maker)["OrderCategory"] == 1


@pytest.mark.parametrize(("remark", "more"), [("", {}), ("closing", {"Reason": "closing"})])
def test_a_cancel_nobody_asked_for_says_why(reporter, remark, more):
    why = ExecRestatementReason.SYSTEM_CANCEL
    cancelled = order(standing=Standing.CANCELLED)
    assert reporter.unasked(cancelled, why, remark) == report(
        **(STOOD | {"OrdStatus": OrdStatus.CANCELLED, "LeavesQty": Decimal(0)}),
        ExecType=ExecType.CANCEL,
        ExecRestatementReason=why,
        **more,
    )


def test_an_order_that_was_rejected_is_repeated_with_the_reason(reporter):
    assert reporter.rejected(REQUEST.with_fields(LotType=LotType.ODD), 99, "because") == report(
        **{name: value for name, value in REQUEST.fields.items() if name != "BCAN"},
        TransactTime=TIME,
        OrderID="1",
        Reason="because",
        ExecID="1",
        OrdStatus=OrdStatus.REJECTED,
        ExecType=ExecType.REJECT,
        CumQty=Decimal(0),
        LeavesQty=Decimal(0),
        OrdRejReason=99,
        LotType=LotType.ODD,
    )


CANCEL = Message.of(
    Kind.CANCEL,
    ClOrdID="2",
    OrigClOrdID="1",
    OrderID="7",
    SubmittingBrokerID="1234",
    OwningBrokerID="1235",
    SecurityID="700",
    SecurityIDSource=8,
    SecurityExchange="XHKG",
    Side=Side.BUY,
)


@pytest.mark.parametrize(
    ("kind", "named", "exec_type"),
    [
        (Kind.CANCEL, "CxlRejReason", ExecType.CANCEL_REJECT),
        (Kind.OBO_CANCEL, "CxlRejReason", ExecType.CANCEL_REJECT),
        (Kind.AMEND, "AmendRejReason", ExecType.AMEND_REJECT),
    ],
)
def test_a_refused_request_on_no_order_is_told_as_it_was(reporter, kind, named, exec_type):
    assert reporter.refused(replace(CANCEL, kind=kind), None, 1, "because") == report(
        **CANCEL.fields,
        **{named: 1},
        TransactTime=TIME,
        Reason="because",
        ExecID="1",
        OrdStatus=OrdStatus.REJECTED,
        ExecType=exec_type,
        CumQty=Decimal(0),
        LeavesQty=Decimal(0),
    )


def test_a_refused_request_on_an_order_says_how_that_stands(reporter):
    assert reporter.refused(CANCEL, order(order_id="8"), 1, "because") == report(
        **(CANCEL.fields | {"OrderID": "8"}),
        CxlRejReason=1,
        OrdType=OrdType.LIMIT,
        TransactTime=TIME,
        Reason="because",
        ExecID="1",
        OrdStatus=OrdStatus.PARTIALLY_FILLED,
        ExecType=ExecType.CANCEL_REJECT,
        CumQty=Decimal(100),
        LeavesQty=Decimal(200),
    )


@pytest.mark.parametrize(
    ("asked", "price", "told"),
    [(None, None, None), (OrdType.MARKET, Decimal(10), OrdType.MARKET), (None, Decimal(10), OrdType.LIMIT)],
)
def test_a_refused_request_says_the_type_it_asked_for_or_the_orders(reporter, asked, price, told):
    assert reporter.refused(CANCEL.with_fields(OrdType=asked), order(price=price), 1, "x").get("OrdType") is told


@pytest.mark.parametrize(
    ("standing", "traded", "told"),
    [
        (Standing.OPEN, 0, OrdStatus.NEW),
        (Standing.OPEN, 100, OrdStatus.PARTIALLY_FILLED),
        (Standing.PENDING, 0, OrdStatus.PENDING_NEW),
        (Standing.FILLED, 300, OrdStatus.FILLED),
        (Standing.CANCELLED, 100, OrdStatus.CANCELLED),
        (Standing.EXPIRED, 0, OrdStatus.EXPIRED),
        (Standing.REJECTED, 0, OrdStatus.REJECTED),
    ],
)
def test_each_standing_has_its_status(standing, traded, told):
    assert status(order(standing=standing, traded=Decimal(traded))) is told


@pytest.mark.parametrize(("name", "more"), [("1", {"BusinessRejectRefID": "1"}), (None, {})])
def test_a_message_that_cannot_be_served_is_answered_by_its_number(name, more):
    assert business_reject(REQUEST.with_fields(ClOrdID=name), 3, "because") == Message.of(
        Kind.BUSINESS_REJECT,
        BusinessRejectReason=3,
        Reason="because",
        RefMsgType=Kind.NEW_ORDER,
        RefSeqNum=9,
        **more,
    )
