"""What the matching core answers, field by field: why it refuses, what it cancels, whom it tells what."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.messages import Kind
from pytest_hkexprt.systems.otp.words import (
    CxlRejReason,
    ExecRestatementReason,
    ExecType,
    OrdRejReason,
    OrdStatus,
    OrdType,
    Side,
)
from tests.systems.otp.desk import last, number

# ------------------------------------------------------------------ orders


@pytest.mark.parametrize(
    ("fields", "code", "reason"),
    [
        ({"SubmittingBrokerID": "9999"}, OrdRejReason.OTHER, "not a broker of this Comp ID"),
        ({"SecurityID": "4711"}, OrdRejReason.OTHER, "unknown security"),
        ({"SecurityID": "600000"}, OrdRejReason.OTHER, "unknown security"),
        ({"quantity": 150}, OrdRejReason.INCORRECT_QUANTITY, "no multiple of the board lot, 100"),
    ],
    ids=str,
)
def test_an_order_that_is_refused_is_told_why(desk, fields, code, reason):
    desk.order(**fields)
    assert last(desk, "ExecType", "OrdRejReason", "Reason") == (ExecType.REJECT, code, reason)


def test_a_number_that_was_used_before_is_told(desk):
    desk.order(ClOrdID="77")
    desk.order(ClOrdID="77")
    assert last(desk, "OrdRejReason", "Reason") == (OrdRejReason.DUPLICATE_ORDER, "ClOrdID was used before")


def test_a_number_that_was_refused_may_be_used_again(desk):
    desk.order(ClOrdID="77", quantity=150)
    desk.order(ClOrdID="77")
    assert desk.heard[-1]["ExecType"] is ExecType.NEW


@pytest.mark.parametrize(
    ("side", "price", "taken"),
    [(Side.BUY, "388.6", True), (Side.BUY, "388.8", False), (Side.SELL, "388.4", True), (Side.SELL, "388.2", False)],
)
def test_an_order_of_one_price_level_goes_to_the_best_price_and_no_further(desk, other, side, price, taken):
    other.order(Side.SELL, price="388.6")
    other.order(Side.BUY, price="388.4")
    desk.order(side, price=price, MaxPriceLevels=1)
    assert (desk.heard[-1]["ExecType"] is ExecType.TRADE) is taken


def test_there_is_no_order_of_two_price_levels(desk):
    desk.order(Side.BUY, 200, price="388.8", MaxPriceLevels=2)
    assert last(desk, "OrdStatus", "Reason") == (OrdStatus.REJECTED, "MaxPriceLevels is 1")


def test_an_order_carries_what_its_reports_repeat(desk):
    desk.order(Text="mine", BrokerLocationID="7", OrderCapacity="A")
    assert last(desk, "Text", "BrokerLocationID", "OrderCapacity", "OrdType") == ("mine", "7", "A", OrdType.LIMIT)


# ------------------------------------------------------------------ amends


def test_an_amend_names_the_order_before_it(desk):
    name = desk.order(quantity=300)
    new = desk.amend(name, quantity=200, price="388.6")
    assert last(desk, "ExecType", "ClOrdID", "OrigClOrdID", "OrderQty", "Price") == (
        ExecType.AMEND,
        new,
        name,
        200,
        Decimal("388.6"),
    )


def test_an_amended_order_trades_at_its_new_price_with_what_it_then_meets(desk, other):
    other.order(Side.SELL, price="390")
    name = desk.order(quantity=100)
    desk.amend(name, price="390")
    assert [each["ExecType"] for each in desk.heard][1:] == [ExecType.AMEND, ExecType.TRADE]
    assert other.orders.executions


def test_an_order_amended_down_keeps_its_place(desk, other):
    first = desk.order(quantity=200)
    second = other.order(Side.BUY, 100)
    desk.amend(first, quantity=100)
    other.order(Side.SELL, 100)
    assert desk.heard[-1]["ExecType"] is ExecType.TRADE
    assert other.standing(second) is Standing.OPEN


def test_an_order_amended_up_loses_its_place(desk, other):
    first = desk.order(quantity=100)
    second = other.order(Side.BUY, 100)
    desk.amend(first, quantity=200)
    other.order(Side.SELL, 100)
    assert other.standing(second) is Standing.FILLED
    assert desk.heard[-1]["ExecType"] is ExecType.AMEND


@pytest.mark.parametrize(
    ("given", "code", "reason"),
    [
        ({"quantity": 150}, CxlRejReason.OTHER, "no multiple of the board lot, 100"),
        ({"price": "3886"}, CxlRejReason.OTHER, "more than 9 times off 388.6"),
        ({"quantity": 100}, CxlRejReason.OTHER, "an odd lot, or not more than was traded already"),
    ],
    ids=str,
)
def test_an_amend_that_breaks_a_rule_is_refused_and_the_order_stands(desk, other, given, code, reason):
    name = desk.order(quantity=300)
    other.order(Side.SELL, 100)
    desk.amend(name, **({"quantity": 300} | given))
    assert last(desk, "ExecType", "AmendRejReason", "Reason") == (ExecType.AMEND_REJECT, code, reason)
    assert last(desk, "OrdStatus", "CumQty", "LeavesQty") == (OrdStatus.PARTIALLY_FILLED, 100, 200)
    assert desk.orders.order(name).quantity == 300


def test_an_amend_to_just_more_than_was_traded_is_taken(desk, other):
    name = desk.order(quantity=300)
    other.order(Side.SELL, 100)
    desk.amend(name, quantity=200)
    assert last(desk, "ExecType", "LeavesQty") == (ExecType.AMEND, 100)


def test_an_order_that_ended_cannot_be_amended(desk):
    name = desk.order()
    desk.cancel(name)
    desk.amend(name)
    assert last(desk, "AmendRejReason", "Reason") == (CxlRejReason.TOO_LATE, "the order is cancelled")


def test_an_order_nobody_has_cannot_be_amended(desk):
    desk.amend("4711")
    assert last(desk, "AmendRejReason", "Reason", "OrdStatus") == (
        CxlRejReason.UNKNOWN_ORDER,
        "no such order",
        OrdStatus.REJECTED,
    )


def test_an_amend_needs_a_number_of_its_own(desk):
    name = desk.order(quantity=300)
    desk.say(
        Kind.AMEND,
        ClOrdID=name,
        OrigClOrdID=name,
        Side=Side.BUY,
        OrdType=OrdType.LIMIT,
        OrderQty=Decimal(200),
        Price=Decimal("388.6"),
    )
    assert last(desk, "AmendRejReason", "Reason") == (CxlRejReason.DUPLICATE_CLORDID, "ClOrdID was used before")


def test_an_order_is_amended_by_its_order_id_as_well(desk):
    name = desk.order(quantity=300)
    order_id = desk.orders.order(name).order_id
    desk.amend("4711", quantity=200, OrderID=order_id)
    assert last(desk, "ExecType", "OrigClOrdID") == (ExecType.AMEND, name)


# ------------------------------------------------------------------ cancels


def test_a_cancel_names_the_order_before_it(desk):
    name = desk.order()
    new = desk.cancel(name)
    assert last(desk, "ExecType", "ClOrdID", "OrigClOrdID", "LeavesQty") == (ExecType.CANCEL, new, name, 0)


@pytest.mark.parametrize(
    ("again", "code", "reason"),
    [
        (True, CxlRejReason.TOO_LATE, "the order is cancelled"),
        (False, CxlRejReason.UNKNOWN_ORDER, "no such order"),
    ],
)
def test_a_cancel_that_is_refused_is_told_why(desk, again, code, reason):
    name = desk.order()
    if again:
        desk.cancel(name)
    desk.cancel(name if again else "4711")
    assert last(desk, "ExecType", "CxlRejReason", "Reason") == (ExecType.CANCEL_REJECT, code, reason)


def test_a_cancel_needs_a_number_of_its_own(desk):
    name = desk.order()
    desk.say(Kind.CANCEL, ClOrdID=name, OrigClOrdID=name, Side=Side.BUY)
    assert last(desk, "CxlRejReason", "Reason") == (CxlRejReason.DUPLICATE_CLORDID, "ClOrdID was used before")


def test_a_cancel_on_behalf_is_told_to_the_owner_as_unasked_and_to_the_submitter_as_done(desk, other):
    name, request = desk.order(), number()
    order_id = desk.orders.order(name).order_id
    other.say(Kind.OBO_CANCEL, ClOrdID=request, OrderID=order_id, OwningBrokerID="1234", Side=Side.BUY)
    told = ("ExecType", "ClOrdID", "SubmittingBrokerID", "OwningBrokerID", "ExecRestatementReason")
    why = ExecRestatementReason.OBO_SINGLE_CANCEL
    assert last(desk, *told) == (ExecType.CANCEL, name, "1234", None, why)
    assert last(other, *told, "OrigClOrdID") == (ExecType.CANCEL, request, "1235", "1234", None, name)


def test_nobody_cancels_on_behalf_of_oneself(desk):
    order_id = desk.orders.order(desk.order()).order_id
    desk.say(Kind.OBO_CANCEL, ClOrdID=number(), OrderID=order_id, OwningBrokerID="1234", Side=Side.BUY)
    assert last(desk, "CxlRejReason") == (CxlRejReason.UNKNOWN_ORDER,)


def test_nobody_cancels_anothers_order_as_ones_own(desk, other):
    order_id = desk.orders.order(desk.order()).order_id
    other.cancel("4711", OrderID=order_id, SubmittingBrokerID="1234")
    assert last(other, "CxlRejReason") == (CxlRejReason.UNKNOWN_ORDER,)


def test_a_failover_tells_why_it_cancels(desk):
    desk.order()
    desk.deliver(desk.exchange.fail_over(recovered=False))
    assert last(desk, "ExecRestatementReason", "Reason") == (
        ExecRestatementReason.SYSTEM_CANCEL,
        "cancelled by the failover to the other site",
    )
