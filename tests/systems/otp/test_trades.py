"""Trades off the books: two parties tell of one, the exchange matches what they say, and all accounts agree."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.deals import DealStanding
from pytest_hkexprt.systems.otp.orders import Orders
from pytest_hkexprt.systems.otp.words import (
    ExecType,
    Side,
    TradeHandling,
    TradeReportRejectReason,
    TradeReportStatus,
    TrdType,
)
from tests.systems.otp.desk import COPY, FIRST, SECOND, TIME, desks
from tests.systems.otp.trades import (
    BROKER_OF_FIRST,
    BROKER_OF_SECOND,
    account,
    buy,
    confirm,
    refusal,
    sell,
    standings,
    tell,
    why,
)


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


def test_a_drop_copy_hears_of_a_trade_once_for_each_broker_of_the_firm(trading_desks, seller, buyer):
    sell(seller)
    confirm(buyer)
    brokers = [each["SubmittingBrokerID"] for each in trading_desks[COPY].heard]
    assert brokers == [BROKER_OF_FIRST, BROKER_OF_FIRST, BROKER_OF_SECOND]


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
