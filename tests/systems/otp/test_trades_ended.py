"""Trades off the books that end again: withdrawn by who reported them, undone by either party."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.deals import DealStanding
from pytest_hkexprt.systems.otp.words import (
    ExecType,
    Side,
    TradeHandling,
    TradeReportRejectReason,
    TradeReportType,
)
from tests.systems.otp.desk import last
from tests.systems.otp.trades import (
    BROKER_OF_FIRST,
    BROKER_OF_SECOND,
    buy,
    cancel,
    confirm,
    refusal,
    sell,
    standings,
    why,
)


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
