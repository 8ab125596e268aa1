"""Trades off the books: two parties tell of one, the exchange matches what they say, and all accounts agree."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.deals import DealStanding, differences
from pytest_hkexprt.systems.otp.messages import Kind
from pytest_hkexprt.systems.otp.orders import Orders
from pytest_hkexprt.systems.otp.profiles import CCCG_13
from pytest_hkexprt.systems.otp.words import (
    BusinessRejectReason,
    ExecType,
    LotType,
    Side,
    TradeHandling,
    TradeReportRejectReason,
    TradeReportStatus,
    TradeReportType,
    TrdType,
)
from tests.systems.otp.desk import COPY, FIRST, NUMBERS, SECOND, TIME, Desk, desks, last

BROKER_OF_FIRST, BROKER_OF_SECOND = "1234", "1235"


@pytest.fixture
def all_desks():
    everybody = desks()
    yield everybody
    for desk in everybody.values():
        assert desk.orders.faults == []
    for comp_id in (FIRST, SECOND):
        assert differences(account(everybody[comp_id]), everybody[comp_id].exchange.deals(comp_id)) == []
    assert differences(account(everybody[FIRST]), account(everybody[COPY])) == []


@pytest.fixture
def seller(all_desks):
    return all_desks[FIRST]


@pytest.fixture
def buyer(all_desks):
    return all_desks[SECOND]


def account(desk: Desk):
    return desk.orders.deals.deals()


def tell(desk: Desk, side: Side, against: str, **fields) -> str:
    """Report a trade, and return the report's number."""
    name = str(next(NUMBERS))
    given = {
        "TradeReportID": name,
        "TradeReportType": TradeReportType.SUBMIT,
        "TradeHandlingInstr": TradeHandling.TWO_PARTY,
        "CounterpartyBrokerID": against,
        "TrdType": TrdType.PRIVATELY_NEGOTIATED,
        "Side": side,
        "LastQty": Decimal(150),
        "LastPx": Decimal("388.6"),
    }
    desk.say(Kind.TRADE_CAPTURE, **(given | fields))
    return name


def sell(desk: Desk, **fields) -> str:
    return tell(desk, Side.SELL, BROKER_OF_SECOND, **fields)


def buy(desk: Desk, **fields) -> str:
    return tell(desk, Side.BUY, BROKER_OF_FIRST, **fields)


def confirm(desk: Desk, **fields) -> str:
    (deal,) = desk.orders.deals.awaiting()
    given = {"TradeHandlingInstr": TradeHandling.CONFIRMATION, "TradeID": deal.trade_id}
    return buy(desk, **(given | fields))


def pick_off(desk: Desk, **fields) -> str:
    given = {"TrdType": TrdType.ODD_LOT, "TradeHandlingInstr": TradeHandling.ONE_PARTY, "LastQty": Decimal(10)}
    return buy(desk, **(given | fields))


def standings(*all_of_them: Desk) -> list[list[DealStanding]]:
    return [[deal.standing for deal in account(desk)] for desk in all_of_them]


def refusal(desk: Desk, name: str) -> object:
    answer = desk.orders.answer(name)
    assert answer is not None
    assert (answer.kind, answer["TrdRptStatus"]) == (Kind.TRADE_CAPTURE_ACK, TradeReportStatus.REJECTED)
    return answer["TradeReportRejectReason"]


def why(desk: Desk, name: str) -> str:
    answer = desk.orders.answer(name)
    assert answer is not None
    return answer.text("Reason")


def test_what_one_party_reports_waits_and_the_other_knows_of_it(seller, buyer):
    sell(seller)
    assert standings(seller, buyer) == [[DealStanding.REPORTED], [DealStanding.REPORTED]]
    (theirs,) = buyer.orders.deals.awaiting()
    assert (theirs.side, theirs.quantity, theirs.counterparty) == (Side.BUY, 150, BROKER_OF_FIRST)


def test_what_waits_is_no_trade_yet(seller):
    name = sell(seller)
    answer = seller.orders.answer(name)
    assert "ExecType" not in answer
    assert answer["TrdRptStatus"] is TradeReportStatus.ACCEPTED


def test_a_confirmed_trade_is_told_to_each_party_in_its_own_words(seller, buyer):
    sold = sell(seller)
    bought = confirm(buyer)
    for desk, name, side in ((seller, sold, Side.SELL), (buyer, bought, Side.BUY)):
        told = desk.heard[-1]
        assert (told["TradeReportID"], told["Side"], told["ExecType"]) == (name, side, ExecType.TRADE)
        assert told["TradeHandlingInstr"] is TradeHandling.CONFIRMATION
        assert told["TransactTime"] == TIME
    assert seller.heard[-1]["TradeID"] == buyer.heard[-1]["TradeID"]
    assert standings(seller, buyer) == [[DealStanding.CONFIRMED], [DealStanding.CONFIRMED]]


def test_two_reports_that_say_the_same_are_one_trade(seller, buyer):
    sell(seller)
    buy(buyer)
    assert standings(seller, buyer) == [[DealStanding.CONFIRMED], [DealStanding.CONFIRMED]]


@pytest.mark.parametrize("first", ["sale", "purchase"])
def test_a_short_sale_meets_a_purchase(seller, buyer, first):
    if first == "sale":
        tell(seller, Side.SELL_SHORT, BROKER_OF_SECOND)
        buy(buyer)
    else:
        buy(buyer)
        tell(seller, Side.SELL_SHORT, BROKER_OF_SECOND)
    assert standings(seller) == [[DealStanding.CONFIRMED]]


@pytest.mark.parametrize(
    "fields",
    [
        {"LastQty": Decimal(151)},
        {"LastPx": Decimal("388.8")},
        {"SecurityID": "5", "LastPx": Decimal(60)},
        {"Side": Side.SELL},
        {"TrdType": TrdType.LATE},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_two_reports_that_differ_both_wait(seller, buyer, fields):
    sell(seller)
    buy(buyer, **fields)
    assert standings(seller) == [[DealStanding.REPORTED, DealStanding.REPORTED]]


@pytest.mark.parametrize(
    "fields",
    [{"LastQty": Decimal(151)}, {"LastPx": Decimal("388.8")}, {"Side": Side.SELL}, {"TradeID": "M4711"}],
    ids=lambda fields: next(iter(fields)),
)
def test_a_confirmation_of_another_trade_is_refused(seller, buyer, fields):
    sell(seller)
    name = confirm(buyer, **fields)
    assert refusal(buyer, name) == TradeReportRejectReason.OTHER
    unknown = "no trade that awaits this party's confirmation"
    assert why(buyer, name) == (unknown if "TradeID" in fields else "not the trade the other party has reported")
    assert standings(seller) == [[DealStanding.REPORTED]]


def test_nobody_confirms_what_he_has_reported_himself(seller):
    name = sell(seller)
    trade_id = seller.orders.deals.deal(name).trade_id
    again = sell(seller, TradeHandlingInstr=TradeHandling.CONFIRMATION, TradeID=trade_id)
    assert refusal(seller, again) == TradeReportRejectReason.OTHER


def test_a_trade_is_confirmed_once(seller, buyer):
    sell(seller)
    confirm(buyer)
    trade_id = account(buyer)[0].trade_id
    again = buy(buyer, TradeHandlingInstr=TradeHandling.CONFIRMATION, TradeID=trade_id)
    assert refusal(buyer, again) == TradeReportRejectReason.OTHER


def test_a_report_for_both_parties_stands_at_once(seller, buyer):
    sell(seller, TradeHandlingInstr=TradeHandling.ONE_PARTY)
    assert standings(seller, buyer) == [[DealStanding.CONFIRMED], [DealStanding.CONFIRMED]]
    assert account(buyer)[0].side is Side.BUY


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"TrdType": 5}, TradeReportRejectReason.INVALID_TRADE_TYPE),
        ({"LastPx": Decimal(3886)}, TradeReportRejectReason.PRICE_EXCEEDS_BAND),
        ({"SecurityID": "9999"}, TradeReportRejectReason.REFERENCE_PRICE_NOT_AVAILABLE),
        ({"LastQty": Decimal(2_000_000)}, TradeReportRejectReason.NOTIONAL_EXCEEDS_THRESHOLD),
        ({"LastQty": Decimal(0)}, TradeReportRejectReason.OTHER),
        ({"SecurityID": "4711"}, TradeReportRejectReason.OTHER),
        ({"TradeReportID": "0012"}, TradeReportRejectReason.OTHER),
        ({"SubmittingBrokerID": "9999"}, TradeReportRejectReason.OTHER),
        ({"CounterpartyBrokerID": "4711"}, TradeReportRejectReason.OTHER),
        ({"CounterpartyBrokerID": BROKER_OF_FIRST}, TradeReportRejectReason.OTHER),
        ({"SecurityID": "8001", "Side": Side.SELL_SHORT, "LastPx": Decimal("0.4")}, TradeReportRejectReason.OTHER),
    ],
    ids=lambda value: str(value).replace(" ", ""),
)
def test_a_report_that_breaks_a_rule_is_refused_with_its_code(seller, buyer, fields, code):
    name = sell(seller, **fields)
    assert refusal(seller, fields.get("TradeReportID", name)) == code
    assert standings(seller, buyer) == [[], []]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"TrdType": 5}, "unknown trade type"),
        ({"LastQty": Decimal(0)}, "the quantity is no whole number above zero"),
        ({"LastQty": Decimal("1.5")}, "the quantity is no whole number above zero"),
        ({"SecurityID": "4711"}, "unknown security, or not a broker of this Comp ID"),
        ({"TradeReportID": "0012"}, "TradeReportID is no number from 1 to 99,999,999"),
        ({"SubmittingBrokerID": "9999"}, "unknown security, or not a broker of this Comp ID"),
        ({"CounterpartyBrokerID": "4711"}, "unknown counterparty, or one's own"),
        ({"CounterpartyBrokerID": BROKER_OF_FIRST}, "unknown counterparty, or one's own"),
        ({"SecurityID": "8001", "Side": Side.SELL_SHORT, "LastPx": Decimal("0.4")}, "not to be sold short"),
    ],
    ids=lambda value: str(value).replace(" ", "")[:40],
)
def test_a_refusal_says_why(seller, fields, told):
    name = sell(seller, **fields)
    assert why(seller, fields.get("TradeReportID", name)) == told


def test_a_price_that_is_refused_is_refused_in_the_words_of_an_orders(seller):
    refused = seller.order(Side.SELL, 100, "3886")
    assert why(seller, sell(seller, LastPx=Decimal(3886))) == why(seller, refused) != ""


def test_a_refusal_bears_what_the_report_said(seller):
    given = {"TradeReportTransType": 0, "BrokerLocationID": "1", "SecurityIDSource": 8, "SecurityExchange": "XHKG"}
    name = sell(seller, LastQty=Decimal(0), TradeID="M1", **given)
    assert seller.orders.answer(name).fields == given | {
        "TradeReportID": name,
        "TradeReportType": TradeReportType.SUBMIT,
        "TradeHandlingInstr": TradeHandling.TWO_PARTY,
        "SubmittingBrokerID": BROKER_OF_FIRST,
        "CounterpartyBrokerID": BROKER_OF_SECOND,
        "SecurityID": "700",
        "Side": Side.SELL,
        "TradeID": "M1",
        "TransactTime": TIME,
        "TrdRptStatus": TradeReportStatus.REJECTED,
        "TradeReportRejectReason": TradeReportRejectReason.OTHER,
        "Reason": "the quantity is no whole number above zero",
    }


def test_one_share_is_a_trade(seller):
    sell(seller, LastQty=Decimal(1))
    assert standings(seller) == [[DealStanding.REPORTED]]


def test_a_report_may_ask_to_be_excused_from_the_price_check(seller):
    sell(seller, LastPx=Decimal(3886), ExecInst="0")
    assert standings(seller) == [[DealStanding.REPORTED]]


def test_a_reports_number_is_used_once(seller):
    name = sell(seller)
    sell(seller, TradeReportID=name)
    assert last(seller, "TradeReportRejectReason", "Reason") == (
        TradeReportRejectReason.OTHER,
        "TradeReportID was used before",
    )


def test_another_broker_may_use_the_same_number(seller, buyer):
    buy(buyer, TradeReportID=sell(seller))
    assert standings(seller, buyer) == [[DealStanding.CONFIRMED], [DealStanding.CONFIRMED]]


def test_a_two_party_report_without_the_other_party_misses_a_field(seller):
    name = sell(seller, CounterpartyBrokerID=None)
    answer = seller.orders.answer(name)
    assert answer["BusinessRejectReason"] == BusinessRejectReason.CONDITIONAL_FIELD_MISSING
    assert answer["Reason"] == "CounterpartyBrokerID of a two-party report"


def cancel(desk: Desk, against: str, side: Side, **fields) -> str:
    (deal,) = account(desk)
    return tell(desk, side, against, TradeReportType=TradeReportType.CANCEL, TradeID=deal.trade_id, **fields)


def test_a_report_that_waits_is_withdrawn_by_who_made_it(seller, buyer):
    sell(seller)
    cancel(seller, BROKER_OF_SECOND, Side.SELL)
    assert standings(seller, buyer) == [[DealStanding.ENDED], [DealStanding.ENDED]]
    assert "ExecType" not in seller.heard[-1]


def test_a_report_that_waits_is_not_withdrawn_by_the_other_party(seller, buyer):
    sell(seller)
    assert refusal(buyer, cancel(buyer, BROKER_OF_FIRST, Side.BUY)) == TradeReportRejectReason.OTHER


@pytest.mark.parametrize("handling", [TradeHandling.TWO_PARTY, TradeHandling.ONE_PARTY], ids=str)
def test_a_trade_that_stands_is_undone_by_either_party_and_both_are_told(seller, buyer, handling):
    sell(seller, TradeHandlingInstr=handling)
    if handling is TradeHandling.TWO_PARTY:
        confirm(buyer)
    cancel(buyer, BROKER_OF_FIRST, Side.BUY)
    assert standings(seller, buyer) == [[DealStanding.ENDED], [DealStanding.ENDED]]
    assert [desk.heard[-1]["ExecType"] for desk in (seller, buyer)] == [ExecType.TRADE_CANCEL] * 2


def test_who_ends_a_trade_is_answered_by_its_request_and_the_other_by_its_report(seller, buyer):
    sold = sell(seller)
    confirm(buyer)
    asked = cancel(buyer, BROKER_OF_FIRST, Side.BUY)
    assert last(buyer, "TradeReportID", "TradeReportType", "Side") == (asked, TradeReportType.CANCEL, Side.BUY)
    assert last(seller, "TradeReportID", "TradeReportType", "Side") == (sold, TradeReportType.CANCEL, Side.SELL)


def test_a_report_that_was_withdrawn_meets_no_other(seller, buyer):
    sell(seller)
    cancel(seller, BROKER_OF_SECOND, Side.SELL)
    buy(buyer)
    assert standings(seller) == [[DealStanding.ENDED, DealStanding.REPORTED]]


def test_a_drop_copy_hears_of_a_trade_once_for_each_broker_of_the_firm(all_desks, seller, buyer):
    sell(seller)
    confirm(buyer)
    brokers = [each["SubmittingBrokerID"] for each in all_desks[COPY].heard]
    assert brokers == [BROKER_OF_FIRST, BROKER_OF_FIRST, BROKER_OF_SECOND]


def test_a_trade_is_cancelled_once(seller):
    sell(seller)
    cancel(seller, BROKER_OF_SECOND, Side.SELL)
    again = cancel(seller, BROKER_OF_SECOND, Side.SELL)
    assert refusal(seller, again) == TradeReportRejectReason.OTHER
    assert why(seller, again) == "no trade of this party that could be cancelled"


@pytest.mark.parametrize("fields", [{"LastQty": Decimal(151)}, {"LastPx": Decimal("388.8")}], ids=str)
def test_a_trade_is_cancelled_by_its_own_terms_or_not_at_all(seller, buyer, fields):
    sell(seller)
    confirm(buyer)
    name = cancel(buyer, BROKER_OF_FIRST, Side.BUY, **fields)
    assert refusal(buyer, name) == TradeReportRejectReason.OTHER
    assert why(buyer, name) == "the trade has other terms"
    assert standings(seller, buyer) == [[DealStanding.CONFIRMED], [DealStanding.CONFIRMED]]


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


def test_china_connect_takes_no_trade_report():
    desk = desks(CCCG_13)[FIRST]
    sell(desk, SecurityID="600000")
    assert desk.heard[-1]["BusinessRejectReason"] == BusinessRejectReason.UNSUPPORTED_MESSAGE_TYPE


@pytest.mark.parametrize("mark", ["poss_dup", "poss_resend"])
def test_what_is_marked_as_told_again_counts_once_and_takes_nothing_back(seller, buyer, mark):
    sell(seller)
    confirm(buyer)
    for each in seller.heard[:]:
        seller.orders.heard(replace(each, **{mark: True}))
    assert standings(seller) == [[DealStanding.CONFIRMED]]
    assert seller.orders.deals.repeated == 2


@pytest.mark.parametrize(("which", "told"), [(-1, "confirmed twice"), (0, "reported by one party after it was")])
def test_what_is_told_again_without_a_mark_is_found(which, told):
    everybody = desks()
    seller, buyer = everybody[FIRST], everybody[SECOND]
    sell(seller)
    confirm(buyer)
    seller.orders.heard(seller.heard[which])
    (fault,) = seller.orders.faults
    assert told in fault


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"LastQty": Decimal(1)}, "sell 1 of 700"),
        ({"LastPx": Decimal(1)}, "at 1;"),
        ({"Side": Side.BUY}, "told as buy"),
        ({"SecurityID": "5"}, "of 5 at"),
        ({"TradeID": None}, "without a TradeID"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_trade_that_is_told_otherwise_than_it_was_reported_is_found(fields, told):
    everybody = desks()
    seller, buyer = everybody[FIRST], everybody[SECOND]
    sell(seller)
    seller.heard.clear()
    confirm(buyer)
    fresh = Orders(seller.broker)
    fresh.sent(next(iter(seller.orders.deals._asked.values())))
    fresh.heard(seller.heard[0].with_fields(**fields))
    (fault,) = fresh.faults
    assert told in fault
