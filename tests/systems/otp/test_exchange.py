"""The matching core with its reports, and the participant's own book, against each other; no wire between them."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.lines import differences
from pytest_hkexprt.systems.otp.messages import Kind
from pytest_hkexprt.systems.otp.words import (
    CxlRejReason,
    ExecRestatementReason,
    ExecType,
    LotType,
    OrdRejReason,
    OrdStatus,
    OrdType,
    Side,
    TimeInForce,
)
from tests.systems.otp.desk import CANCELLED_BY_FIRM, COPY, FIRST, NUMBERS, SECOND, desks


@pytest.fixture
def all_desks():
    everybody = desks()
    yield everybody
    for desk in everybody.values():
        assert desk.orders.faults == []
        assert desk.orders.unasked == []


@pytest.fixture
def desk(all_desks):
    desk = all_desks[FIRST]
    yield desk
    assert differences(desk.orders.lines(), desk.exchange.lines(FIRST)) == []
    assert differences(desk.orders.lines(), all_desks[COPY].orders.lines()) == []


def test_a_limit_order_is_accepted(desk):
    name = desk.order()
    (report,) = desk.heard
    assert (report["ExecType"], report["OrdStatus"], report["LeavesQty"]) == (ExecType.NEW, OrdStatus.NEW, 100)
    assert desk.standing(name) is Standing.OPEN


def test_an_order_amended_down_keeps_its_order_id(desk):
    name = desk.order(quantity=300)
    before = desk.orders.order(name).order_id
    assert desk.orders.order(desk.amend(name, quantity=200)).order_id == before


@pytest.mark.parametrize(("quantity", "price"), [(400, "388.6"), (300, "388.4")])
def test_an_order_amended_up_or_in_price_gets_another_order_id(desk, quantity, price):
    name = desk.order(quantity=300)
    before = desk.orders.order(name).order_id
    assert desk.orders.order(desk.amend(name, quantity=quantity, price=price)).order_id != before


def test_an_amended_order_is_cancelled_by_its_last_name(desk):
    name = desk.amend(desk.order(quantity=300), quantity=200)
    desk.cancel(name)
    assert desk.standing(name) is Standing.CANCELLED


def test_an_odd_lot_cannot_be_amended(desk):
    name = desk.amend(desk.order(quantity=10, LotType=LotType.ODD), quantity=5)
    answer = desk.orders.answer(name)
    assert (answer["ExecType"], answer["AmendRejReason"]) == (ExecType.AMEND_REJECT, CxlRejReason.OTHER)


def test_two_orders_that_cross_are_told_to_both_sides_with_one_match_number(desk):
    desk.order(Side.SELL, 200)
    desk.order(Side.BUY, 200)
    sold, bought = desk.orders.executions.values()
    assert (sold.quantity, sold.match) == (bought.quantity, bought.match)


def test_an_order_that_meets_several_is_told_of_each_trade_as_it_stood_after_it(desk):
    for _ in range(3):
        desk.order(Side.SELL, 100)
    name = desk.order(Side.BUY, 300)
    mine = [each for each in desk.heard if each["ClOrdID"] == name and each["ExecType"] is ExecType.TRADE]
    assert [(each["CumQty"], each["LeavesQty"]) for each in mine] == [(100, 200), (200, 100), (300, 0)]
    assert [each["OrdStatus"] for each in mine][-2:] == [OrdStatus.PARTIALLY_FILLED, OrdStatus.FILLED]


def test_an_order_that_meets_a_part_is_partly_filled(desk):
    desk.order(Side.SELL, 100)
    name = desk.order(Side.BUY, 300)
    assert desk.heard[-1]["OrdStatus"] is OrdStatus.PARTIALLY_FILLED
    assert desk.orders.order(name).traded == 100


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"quantity": 150}, OrdRejReason.INCORRECT_QUANTITY),
        ({"quantity": 100, "LotType": LotType.ODD}, OrdRejReason.INCORRECT_QUANTITY),
        ({"quantity": 300_100}, OrdRejReason.ORDER_EXCEEDS_LIMIT),
        ({"price": "3886"}, OrdRejReason.PRICE_EXCEEDS_BAND),
        ({"price": "20000", "quantity": 100_000, "ExecInst": "0"}, OrdRejReason.NOTIONAL_EXCEEDS_THRESHOLD),
        ({"SecurityID": "9999"}, OrdRejReason.REFERENCE_PRICE_NOT_AVAILABLE),
        ({"SecurityID": "4711"}, OrdRejReason.OTHER),
        ({"SecurityID": "8001", "side": Side.SELL_SHORT, "price": "0.4", "quantity": 2000}, OrdRejReason.OTHER),
        ({"SubmittingBrokerID": "9999"}, OrdRejReason.OTHER),
        ({"OrdType": OrdType.MARKET}, OrdRejReason.OTHER),
        ({"ClOrdID": "0012"}, OrdRejReason.OTHER),
    ],
    ids=lambda value: str(value).replace(" ", ""),
)
def test_an_order_that_breaks_a_rule_is_rejected_with_its_code(desk, fields, code):
    name = desk.order(**fields)
    report = desk.heard[-1] if desk.heard else None
    assert report is not None
    assert (report["ExecType"], report["OrdRejReason"]) == (ExecType.REJECT, code)
    assert name not in [line.cl_ord_id for line in desk.exchange.lines()]


def test_a_number_used_before_is_a_duplicate(desk):
    name = desk.order()
    answer = desk.exchange.receive(FIRST, desk.orders._asked[name])[0].message
    assert answer["OrdRejReason"] == OrdRejReason.DUPLICATE_ORDER


def test_an_order_may_ask_to_be_excused_from_the_price_check(desk):
    assert desk.standing(desk.order(price="3886", ExecInst="0")) is Standing.OPEN


def test_an_order_of_one_price_level_may_not_go_beyond_the_best_price(desk):
    desk.order(Side.SELL, price="388.6")
    desk.order(Side.BUY, price="388.8", MaxPriceLevels=1)
    assert desk.heard[-1]["OrdRejReason"] == OrdRejReason.PRICE_EXCEEDS_BAND


def test_a_market_order_waits_for_the_crossing(desk):
    name = desk.order(OrdType=OrdType.MARKET, TimeInForce=TimeInForce.AT_CROSSING)
    assert desk.standing(name) is Standing.OPEN


def test_an_immediate_order_that_meets_nothing_expires(desk):
    name = desk.order(TimeInForce=TimeInForce.IOC)
    assert [report["ExecType"] for report in desk.heard] == [ExecType.NEW, ExecType.EXPIRE]
    assert desk.standing(name) is Standing.EXPIRED


@pytest.mark.parametrize(("ended", "code"), [(True, CxlRejReason.TOO_LATE), (False, CxlRejReason.UNKNOWN_ORDER)])
def test_what_cannot_be_cancelled_is_refused_with_its_code(desk, ended, code):
    name = desk.order()
    if ended:
        desk.cancel(name)
    answer = desk.orders.answer(desk.cancel(name if ended else "4711"))
    assert (answer["ExecType"], answer["CxlRejReason"]) == (ExecType.CANCEL_REJECT, code)


def test_nobody_cancels_for_another_firm(desk, all_desks):
    name = desk.order()
    stranger = all_desks["CO9"]
    order_id = desk.orders.order(name).order_id
    (answer,) = stranger.say(
        Kind.OBO_CANCEL, ClOrdID=str(next(NUMBERS)), OrderID=order_id, OwningBrokerID="1234", Side=Side.BUY
    )
    assert answer["CxlRejReason"] == CxlRejReason.UNKNOWN_ORDER


def test_another_session_of_the_firm_cancels_on_behalf_and_both_are_told(desk, all_desks):
    name = desk.order()
    order_id, request = desk.orders.order(name).order_id, str(next(NUMBERS))
    all_desks[SECOND].say(Kind.OBO_CANCEL, ClOrdID=request, OrderID=order_id, OwningBrokerID="1234", Side=Side.BUY)
    assert [each.cl_ord_id for each in desk.orders.expect_cancel(CANCELLED_BY_FIRM)] == [name]
    assert all_desks[SECOND].orders.answer(request)["ExecType"] is ExecType.CANCEL


def test_the_connections_end_cancels_where_that_was_agreed(desk):
    name = desk.order()
    desk.deliver(desk.exchange.disconnected(FIRST))
    assert [each.cl_ord_id for each in desk.orders.expect_cancel([ExecRestatementReason.CANCEL_ON_DISCONNECT])] == [
        name
    ]


def test_the_connections_end_leaves_orders_alone_where_that_was_not_agreed(all_desks):
    name = all_desks[SECOND].order()
    assert all_desks[SECOND].exchange.disconnected(SECOND) == []
    assert all_desks[SECOND].standing(name) is Standing.OPEN


@pytest.mark.parametrize("recovered", [True, False])
def test_a_failover_cancels_or_recovers_what_rests(desk, recovered):
    name = desk.order()
    desk.deliver(desk.exchange.fail_over(recovered=recovered))
    desk.orders.expect_cancel([ExecRestatementReason.SYSTEM_CANCEL])
    assert desk.standing(name) is (Standing.OPEN if recovered else Standing.CANCELLED)


def test_a_trade_is_undone_on_both_sides(desk):
    desk.order(Side.SELL, 200)
    name = desk.order(Side.BUY, 200)
    desk.deliver(desk.exchange.bust(next(iter(desk.orders.executions))))
    assert desk.orders.order(name).traded == 0
    assert desk.orders.executions == {}


def test_a_drop_copy_does_nothing_itself(all_desks):
    (answer,) = all_desks[COPY].say(Kind.NEW_ORDER, ClOrdID="1")
    assert answer.kind is Kind.BUSINESS_REJECT
