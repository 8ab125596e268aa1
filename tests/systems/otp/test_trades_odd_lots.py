"""Odd lots picked off: as they rest or not at all, and known to both sides."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.deals import DealStanding
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.words import (
    ExecType,
    LotType,
    Side,
    TradeReportRejectReason,
    TradeReportType,
    TrdType,
)
from tests.systems.otp.desk import TIME, Desk, last
from tests.systems.otp.trades import (
    BROKER_OF_FIRST,
    account,
    cancel,
    pick_off,
    refusal,
    standings,
    why,
)


def test_a_trade_by_picking_an_odd_lot_off_is_not_cancelled_here(seller, buyer):
    order = seller.order(Side.SELL, 10, LotType=LotType.ODD)
    pick_off(buyer, OrderID=seller.orders.order(order).order_id)
    name = cancel(buyer, BROKER_OF_FIRST, Side.BUY, LastQty=Decimal(10))
    assert refusal(buyer, name) == TradeReportRejectReason.OTHER
    assert why(buyer, name) == "an odd lot's trade is in the order book"
    assert standings(buyer) == [[DealStanding.CONFIRMED]]


def test_an_odd_lot_that_is_picked_off_is_a_trade_of_who_picks_it(seller, buyer):
    name = seller.order(Side.SELL, 10, LotType=LotType.ODD)
    order_id = seller.orders.order(name).order_id
    picked = pick_off(buyer, OrderID=order_id, CounterpartyBrokerID=None)
    deal = buyer.orders.deals.deal(picked)
    assert (deal.standing, deal.counterparty, deal.quantity) == (DealStanding.CONFIRMED, BROKER_OF_FIRST, 10)
    (execution,) = seller.orders.executions.values()
    assert execution.match == deal.trade_id


@pytest.mark.parametrize(
    "fields",
    [{"LastQty": Decimal(11)}, {"LastPx": Decimal("388.8")}, {"Side": Side.SELL}, {"OrderID": "4711"}],
    ids=lambda fields: next(iter(fields)),
)
def test_an_odd_lot_is_picked_off_as_it_rests_or_not_at_all(seller, buyer, fields):
    name = seller.order(Side.SELL, 10, LotType=LotType.ODD)
    picked = pick_off(buyer, **({"OrderID": seller.orders.order(name).order_id} | fields))
    assert refusal(buyer, picked) == TradeReportRejectReason.OTHER
    other = "the odd lot is of another security or price"
    assert why(buyer, picked) == (other if "LastPx" in fields else "no such odd lot, or not so much of it")
    assert seller.orders.order(name).traded == 0


def test_one_share_of_an_odd_lot_is_picked_off_and_the_rest_rests(seller, buyer):
    name = seller.order(Side.SELL, 10, LotType=LotType.ODD)
    order_id = seller.orders.order(name).order_id
    for quantity in (1, 9):
        pick_off(buyer, OrderID=order_id, LastQty=Decimal(quantity))
    assert [deal.quantity for deal in account(buyer)] == [1, 9]
    assert seller.orders.order(name).traded == 10


def picked(desk: Desk, order_id: str, side=Side.BUY, quantity: str = "10") -> list[Message]:
    return desk.say(
        Kind.TRADE_CAPTURE,
        TradeReportID="1",
        TradeReportType=TradeReportType.SUBMIT,
        TrdType=TrdType.ODD_LOT,
        OrderID=order_id,
        Side=side,
        LastQty=Decimal(quantity),
        LastPx=Decimal("388.6"),
    )


def test_who_picks_an_odd_lot_off_and_whose_it_was_have_one_match_number(seller, buyer):
    name = seller.order(Side.SELL, 10, LotType=LotType.ODD)
    (report,) = picked(buyer, seller.orders.order(name).order_id, quantity="4")
    assert (report["ExecType"], report["TradeID"], report["TradeReportID"]) == (ExecType.TRADE, "M1", "1")
    assert last(seller, "ExecType", "TrdMatchID", "LastQty", "LeavesQty", "CounterpartyBrokerID", "LotType") == (
        ExecType.TRADE,
        "M1",
        4,
        6,
        "1235",
        LotType.ODD,
    )


@pytest.mark.parametrize(
    ("side", "quantity", "odd"),
    [(Side.SELL, "10", True), (Side.BUY, "11", True), (Side.BUY, "10", False)],
)
def test_what_is_no_odd_lot_is_not_picked_off(seller, buyer, side, quantity, odd):
    name = seller.order(Side.SELL, 10 if odd else 100, **({"LotType": LotType.ODD} if odd else {}))
    (ack,) = picked(buyer, seller.orders.order(name).order_id, side, quantity)
    assert ack == Message.of(
        Kind.TRADE_CAPTURE_ACK,
        TradeReportID="1",
        TradeReportType=TradeReportType.SUBMIT,
        SubmittingBrokerID="1235",
        SecurityID="700",
        Side=side,
        TransactTime=TIME,
        TrdRptStatus=1,
        TradeReportRejectReason=99,
        Reason="no such odd lot, or not so much of it",
    )
