"""Requests of many orders at once, and the rules of a single one that the documents state beside price and lot."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.book import RESTING, Standing
from pytest_hkexprt.systems.otp.lines import differences
from pytest_hkexprt.systems.otp.messages import Kind
from pytest_hkexprt.systems.otp.profiles import CCCG_13
from pytest_hkexprt.systems.otp.words import (
    BusinessRejectReason,
    CxlRejReason,
    ExecRestatementReason,
    ExecType,
    LotType,
    MassCancelRequestType,
    MassCancelResponse,
    OrdRejReason,
    OrdType,
    PositionEffect,
    Side,
    TimeInForce,
)
from tests.systems.otp.desk import CANCELLED_BY_FIRM, FIRST, NUMBERS, SECOND, Desk, desks


@pytest.fixture
def all_desks():
    return desks()


@pytest.fixture
def desk(all_desks):
    return all_desks[FIRST]


def quote(desk: Desk, **fields) -> tuple[str, str]:
    names = str(next(NUMBERS)), str(next(NUMBERS))
    given = {"BidID": names[0], "OfferID": names[1], "BidSize": Decimal(100), "OfferSize": Decimal(200)}
    prices = {"BidPx": Decimal("388.4"), "OfferPx": Decimal("388.8")}
    desk.say(Kind.QUOTE, **(given | prices | fields))
    return names


def test_a_rejected_quote_uses_up_neither_number(desk):
    used = desk.order(price="300")
    free, _ = quote(desk, OfferID=used)
    assert desk.heard[-1].kind is Kind.QUOTE_STATUS
    assert desk.standing(desk.order(price="300", ClOrdID=free)) is Standing.OPEN


def test_a_cancel_of_quotes_where_there_are_none_is_told_by_its_number(desk):
    name = str(next(NUMBERS))
    (status,) = desk.say(Kind.QUOTE_CANCEL, QuoteMsgID=name, QuoteCancelType=1)
    assert (status.kind, status["QuoteStatus"]) == (Kind.QUOTE_STATUS, 5)
    assert desk.orders.answer(name) == status


def test_a_cancel_of_all_quotes_names_no_security(desk):
    quote(desk)
    desk.say(Kind.QUOTE_CANCEL, QuoteMsgID=str(next(NUMBERS)), QuoteCancelType=1, SecurityID=None)
    assert desk.orders.resting() == []


def test_a_short_quote_of_what_is_not_to_be_sold_short_is_rejected_whole(desk):
    prices = {"BidPx": Decimal("0.38"), "OfferPx": Decimal("0.39")}
    sizes = {"BidSize": Decimal(2000), "OfferSize": Decimal(2000)}
    quote(desk, SecurityID="8001", Side=Side.SELL_SHORT, **prices, **sizes)
    assert desk.heard[-1].kind is Kind.QUOTE_STATUS


def test_nobody_cancels_another_brokers_orders_as_if_they_were_his(all_desks, desk):
    name = desk.order()
    every = MassCancelRequestType.ALL
    cancel = str(next(NUMBERS))
    (report,) = all_desks[SECOND].say(
        Kind.MASS_CANCEL, ClOrdID=cancel, SubmittingBrokerID="1234", MassCancelRequestType=every
    )
    assert report["MassCancelResponse"] is MassCancelResponse.REJECTED
    assert desk.standing(name) is Standing.OPEN


def on_behalf(desk: Desk, owner: str) -> list:
    every, name = MassCancelRequestType.ALL, str(next(NUMBERS))
    return desk.say(Kind.OBO_MASS_CANCEL, ClOrdID=name, OwningBrokerID=owner, MassCancelRequestType=every)


def test_another_session_of_the_firm_cancels_all_on_behalf_and_the_owner_is_told_why(all_desks, desk):
    name = desk.order()
    (report,) = on_behalf(all_desks[SECOND], "1234")
    assert (report["MassCancelResponse"], report["OwningBrokerID"]) == (MassCancelResponse.ALL, "1234")
    told = desk.orders.expect_cancel([ExecRestatementReason.OBO_MASS_CANCEL])
    assert [each.cl_ord_id for each in told] == [name]


@pytest.mark.parametrize(("comp_id", "owner"), [("CO9", "1234"), (FIRST, "1234")], ids=["stranger", "himself"])
def test_who_cancels_on_behalf_is_another_of_the_firm(all_desks, desk, comp_id, owner):
    name = desk.order()
    assert on_behalf(all_desks[comp_id], owner)[0]["MassCancelResponse"] is MassCancelResponse.REJECTED
    assert desk.standing(name) is Standing.OPEN


def test_a_mass_cancel_of_an_unknown_segment_has_a_code_of_its_own(desk):
    fields = {"MassCancelRequestType": MassCancelRequestType.MARKET_SEGMENT, "MarketSegmentID": "NOWHERE"}
    (report,) = desk.say(Kind.MASS_CANCEL, ClOrdID=str(next(NUMBERS)), **fields)
    assert report["MassCancelRejectReason"] == 8


def test_a_mass_cancel_of_a_security_that_names_none_misses_a_field(desk):
    name, security = str(next(NUMBERS)), MassCancelRequestType.SECURITY
    desk.say(Kind.MASS_CANCEL, ClOrdID=name, SecurityID=None, MassCancelRequestType=security)
    assert desk.orders.answer(name)["BusinessRejectReason"] == BusinessRejectReason.CONDITIONAL_FIELD_MISSING


@pytest.mark.parametrize(
    ("comp_id", "kind", "fields"),
    [
        (FIRST, Kind.OBO_CANCEL, {"OwningBrokerID": "1234"}),
        (SECOND, Kind.CANCEL, {"SubmittingBrokerID": "1234"}),
        (SECOND, Kind.CANCEL, {}),
    ],
    ids=["his own on behalf", "another's as if his", "another's"],
)
def test_an_order_is_cancelled_by_its_owner_or_on_behalf_of_it(all_desks, desk, comp_id, kind, fields):
    name = desk.order()
    order_id, cancel = desk.orders.order(name).order_id, str(next(NUMBERS))
    given = {"ClOrdID": cancel, "OrigClOrdID": name, "OrderID": order_id, "Side": Side.BUY}
    (answer,) = all_desks[comp_id].say(kind, **(given | fields))
    assert (answer["ExecType"], answer["CxlRejReason"]) == (ExecType.CANCEL_REJECT, CxlRejReason.UNKNOWN_ORDER)
    assert desk.standing(name) is Standing.OPEN


SHORT = {"side": Side.SELL_SHORT, "OrderRestrictions": "5"}


@pytest.mark.parametrize(
    "fields",
    [
        {"side": Side.SELL, "OrderRestrictions": "5"},
        SHORT | {"OrderRestrictions": "7"},
        {"side": Side.SELL, "PositionEffect": PositionEffect.CLOSE},
        {"DisclosureInstructions": 2},
        {"MaxPriceLevels": 2},
        {"SecurityIDSource": 4},
    ],
    ids=lambda fields: " ".join(map(str, fields)),
)
def test_what_an_order_may_not_say_is_rejected(desk, fields):
    desk.order(**fields)
    assert (desk.heard[-1]["ExecType"], desk.heard[-1]["OrdRejReason"]) == (ExecType.REJECT, OrdRejReason.OTHER)


@pytest.mark.parametrize(
    "fields",
    [SHORT, {"side": Side.BUY, "PositionEffect": PositionEffect.CLOSE}, {"DisclosureInstructions": 1}],
    ids=["short sale", "its cover", "disclosure"],
)
def test_what_an_order_may_say_is_accepted(desk, fields):
    assert desk.standing(desk.order(**fields)) is Standing.OPEN


def test_an_order_fills_whole_or_expires_whole(desk):
    desk.order(Side.SELL, 100)
    name = desk.order(Side.BUY, 200, TimeInForce=TimeInForce.FOK)
    assert (desk.standing(name), desk.orders.order(name).traded) == (Standing.EXPIRED, 0)
    name = desk.order(Side.BUY, 100, TimeInForce=TimeInForce.FOK)
    assert desk.standing(name) is Standing.FILLED


def test_what_an_immediate_order_cannot_trade_expires(desk):
    desk.order(Side.SELL, 100)
    name = desk.order(Side.BUY, 300, TimeInForce=TimeInForce.IOC)
    assert (desk.standing(name), desk.orders.order(name).traded) == (Standing.EXPIRED, 100)


def test_both_orders_of_a_quote_can_be_cancelled_in_bulk(desk):
    quote(desk)
    desk.say(Kind.MASS_CANCEL, ClOrdID=str(next(NUMBERS)), MassCancelRequestType=MassCancelRequestType.ALL)
    assert len(desk.orders.expect_cancel(CANCELLED_BY_FIRM)) == 2


class Untouchable(list):
    """What nobody may look through."""

    def __iter__(self):
        raise AssertionError("every order of the day was looked at")


class Unlisted(dict):
    """What nobody may look through."""

    def values(self):
        raise AssertionError("every order of the day was looked at")


def test_what_rests_is_found_without_a_look_at_every_order_of_the_day(all_desks, desk):
    name = desk.order()
    exchange = desk.exchange
    desk.orders._orders = Untouchable()
    exchange._by_id = Unlisted(exchange._by_id)
    assert [each.cl_ord_id for each in desk.orders.resting()] == [name]
    assert [each.cl_ord_id for each in exchange.resting()] == [name]


def test_whatever_happens_both_sides_know_what_rests(desk):
    chance = random.Random(7)
    exchange, orders = desk.exchange, desk.orders
    for _ in range(400):
        names = [each.cl_ord_id for each in orders.resting()]
        what = chance.choice(("order", "order", "order", "amend", "cancel", "quote", "all", "bust", "fail over"))
        if what == "order":
            force = chance.choice((None, None, TimeInForce.IOC, TimeInForce.FOK))
            price, quantity = chance.choice(("388.4", "388.6", "388.8")), chance.choice((100, 300))
            desk.order(chance.choice((Side.BUY, Side.SELL)), quantity, price, TimeInForce=force)
        elif what == "amend" and names:
            desk.amend(chance.choice(names), quantity=chance.choice((100, 200, 500)))
        elif what == "cancel" and names:
            desk.cancel(chance.choice(names))
        elif what == "quote":
            quote(desk)
        elif what == "all" and chance.random() < 0.2:
            every = MassCancelRequestType.ALL
            desk.say(Kind.MASS_CANCEL, ClOrdID=str(next(NUMBERS)), MassCancelRequestType=every)
        elif what == "bust" and orders.executions and chance.random() < 0.2:
            desk.deliver(exchange.bust(chance.choice(list(orders.executions))))
        elif what == "fail over" and chance.random() < 0.1:
            desk.deliver(exchange.fail_over(recovered=chance.random() < 0.5))
        ours = sorted(each.cl_ord_id for each in orders._orders if each.accepted and each.standing in RESTING)
        assert sorted(each.cl_ord_id for each in orders.resting()) == ours
        assert sorted(each.cl_ord_id for each in exchange.resting()) == ours
    assert orders.faults == []
    assert differences(orders.lines(), exchange.lines(FIRST)) == []


@pytest.mark.parametrize(
    "fields",
    [{"TimeInForce": TimeInForce.IOC}, {"OrdType": OrdType.MARKET, "TimeInForce": TimeInForce.AT_CROSSING}],
    ids=["immediate", "market"],
)
def test_an_odd_lot_is_a_limit_order_of_the_day(desk, fields):
    desk.order(quantity=10, LotType=LotType.ODD, **fields)
    assert (desk.heard[-1]["ExecType"], desk.heard[-1]["OrdRejReason"]) == (ExecType.REJECT, OrdRejReason.OTHER)


def amend_code(desk: Desk, name: str) -> object:
    answer = desk.orders.answer(name)
    assert answer["ExecType"] is ExecType.AMEND_REJECT
    return answer["AmendRejReason"]


def test_an_order_is_not_amended_to_what_it_has_traded_already(desk):
    desk.order(Side.SELL, 100)
    name = desk.order(Side.BUY, 300)
    assert amend_code(desk, desk.amend(name, quantity=100)) == CxlRejReason.OTHER
    assert desk.standing(desk.amend(name, quantity=200)) is Standing.OPEN


@pytest.mark.parametrize("fields", [{"quantity": 150}, {"price": "0"}, {"price": "38860"}], ids=str)
def test_an_amend_breaks_no_rule_of_an_order(desk, fields):
    assert amend_code(desk, desk.amend(desk.order(quantity=300), **fields)) == CxlRejReason.OTHER


def test_an_order_that_ended_is_not_amended(desk):
    name = desk.order()
    desk.cancel(name)
    assert amend_code(desk, desk.amend(name)) == CxlRejReason.TOO_LATE


def test_an_amends_number_was_not_used_before(desk):
    used, name = desk.order(), desk.order(quantity=300)
    desk.amend(name, ClOrdID=used)
    assert desk.heard[-1]["AmendRejReason"] == CxlRejReason.DUPLICATE_CLORDID


def test_a_cancels_number_was_not_used_before(desk):
    used, name = desk.order(), desk.order()
    desk.say(Kind.CANCEL, ClOrdID=used, OrigClOrdID=name, Side=Side.BUY)
    assert desk.heard[-1]["CxlRejReason"] == CxlRejReason.DUPLICATE_CLORDID
    assert desk.standing(name) is Standing.OPEN


def test_china_connect_cancels_nothing_with_the_connection():
    desk = desks(CCCG_13)[FIRST]  # a member for whom OTP-C does
    name = desk.order(SecurityID="600000", price="8.5", BCAN="1234.1", MaxPriceLevels=1)
    assert desk.exchange.disconnected(FIRST) == []
    assert desk.standing(name) is Standing.OPEN
