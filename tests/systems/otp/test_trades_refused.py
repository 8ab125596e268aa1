"""Trade reports that break a rule: refused with a code, in words, and with what they said."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.deals import DealStanding
from pytest_hkexprt.systems.otp.profiles import CCCG_13
from pytest_hkexprt.systems.otp.words import (
    BusinessRejectReason,
    Side,
    TradeHandling,
    TradeReportRejectReason,
    TradeReportStatus,
    TradeReportType,
)
from tests.systems.otp.desk import FIRST, TIME, desks, last
from tests.systems.otp.trades import (
    BROKER_OF_FIRST,
    BROKER_OF_SECOND,
    buy,
    refusal,
    sell,
    standings,
    why,
)


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


def test_china_connect_takes_no_trade_report():
    desk = desks(CCCG_13)[FIRST]
    sell(desk, SecurityID="600000")
    assert desk.heard[-1]["BusinessRejectReason"] == BusinessRejectReason.UNSUPPORTED_MESSAGE_TYPE
