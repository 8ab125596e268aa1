"""What the matching core refuses: with which code, in which words, and what it still lets pass."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.rules import SECURITIES, Refusal, of_levels, of_order, of_price, of_quantity
from pytest_hkexprt.systems.otp.words import LotType, OrdRejReason, OrdType, Side, TimeInForce

TENCENT, SHANGHAI, SHENZHEN, GEM = (SECURITIES[code] for code in ("700", "600000", "1234", "8001"))
ORDER = {
    "ClOrdID": "1",
    "Side": Side.BUY,
    "OrdType": OrdType.LIMIT,
    "Price": Decimal("388.6"),
    "OrderQty": Decimal(100),
}
CHINA = {**ORDER, "Price": Decimal("8.5"), "MaxPriceLevels": 1, "BCAN": "1"}


def refused(security=TENCENT, *, china: bool = False, **fields) -> Refusal | None:
    given = CHINA if china else ORDER
    return of_order(Message.of(Kind.NEW_ORDER, **(given | fields)), security, china=china)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"ClOrdID": "99999999"},
        {"OrderQty": Decimal(300_000)},
        {"OrderQty": Decimal(99), "LotType": LotType.ODD},
        {"LotType": LotType.ODD, "OrderQty": Decimal(1), "TimeInForce": TimeInForce.DAY},
        {"OrdType": OrdType.MARKET, "TimeInForce": TimeInForce.AT_CROSSING, "Price": None},
        {"TimeInForce": TimeInForce.IOC},
        {"Side": Side.SELL_SHORT},
        {"Price": Decimal("388.601")},
        {"Price": Decimal("388.6") * 9},
        {"Price": Decimal("43.178")},
        {"Price": Decimal("9999"), "ExecInst": "0"},
        {"Price": Decimal("2000"), "OrderQty": Decimal(250_000)},
        {"Price": Decimal("2000"), "OrderQty": Decimal(250_100), "ExecInst": "1"},
    ],
    ids=str,
)
def test_what_keeps_to_the_rules_is_taken(fields):
    assert refused(**fields) is None


@pytest.mark.parametrize(
    ("fields", "code", "reason"),
    [
        ({"ClOrdID": "0"}, OrdRejReason.OTHER, "ClOrdID is no number from 1 to 99,999,999"),
        ({"ClOrdID": "100000000"}, OrdRejReason.OTHER, "ClOrdID is no number from 1 to 99,999,999"),
        ({"ClOrdID": None}, OrdRejReason.OTHER, "ClOrdID is no number from 1 to 99,999,999"),
        ({"OrdType": OrdType.MARKET}, OrdRejReason.OTHER, "a market order is for the crossing only"),
        (
            {"LotType": LotType.ODD, "TimeInForce": TimeInForce.IOC},
            OrdRejReason.OTHER,
            "an odd lot is a limit order of the day",
        ),
        (
            {"LotType": LotType.ODD, "OrdType": OrdType.MARKET, "TimeInForce": TimeInForce.AT_CROSSING},
            OrdRejReason.OTHER,
            "an odd lot is a limit order of the day",
        ),
        ({"OrderQty": Decimal(0)}, OrdRejReason.INCORRECT_QUANTITY, "the quantity is no whole number above zero"),
        ({"OrderQty": Decimal("0.5")}, OrdRejReason.INCORRECT_QUANTITY, "the quantity is no whole number above zero"),
        ({"OrderQty": Decimal(150)}, OrdRejReason.INCORRECT_QUANTITY, "no multiple of the board lot, 100"),
        (
            {"OrderQty": Decimal(100), "LotType": LotType.ODD},
            OrdRejReason.INCORRECT_QUANTITY,
            "an odd lot is less than the board lot, 100",
        ),
        ({"OrderQty": Decimal(300_100)}, OrdRejReason.ORDER_EXCEEDS_LIMIT, "more than 3,000 board lots"),
        ({"Price": Decimal(0)}, OrdRejReason.PRICE_EXCEEDS_BAND, "the price is not above zero, or too fine"),
        ({"Price": None}, OrdRejReason.PRICE_EXCEEDS_BAND, "the price is not above zero, or too fine"),
        ({"Price": Decimal("388.6001")}, OrdRejReason.PRICE_EXCEEDS_BAND, "the price is not above zero, or too fine"),
        ({"Price": Decimal("3497.401")}, OrdRejReason.PRICE_EXCEEDS_BAND, "more than 9 times off 388.6"),
        ({"Price": Decimal("43.177")}, OrdRejReason.PRICE_EXCEEDS_BAND, "more than 9 times off 388.6"),
        ({"Price": Decimal(9999), "ExecInst": "1"}, OrdRejReason.PRICE_EXCEEDS_BAND, "more than 9 times off 388.6"),
        (
            {"Price": Decimal("2000"), "OrderQty": Decimal(250_100)},
            OrdRejReason.NOTIONAL_EXCEEDS_THRESHOLD,
            "more than 500,000,000 in all",
        ),
        (
            {"Price": Decimal("2000"), "OrderQty": Decimal(250_100), "ExecInst": "0"},
            OrdRejReason.NOTIONAL_EXCEEDS_THRESHOLD,
            "more than 500,000,000 in all",
        ),
    ],
    ids=str,
)
def test_what_breaks_a_rule_is_refused_with_its_code(fields, code, reason):
    assert refused(**fields) == Refusal(code, reason)


def test_an_order_may_be_excused_from_both_checks():
    assert refused(Price=Decimal(9999), OrderQty=Decimal(250_100), ExecInst="0 1") is None


def test_a_security_without_a_reference_price_takes_no_limit_order():
    told = refused(SECURITIES["9999"], Price=Decimal(10))
    assert told == Refusal(OrdRejReason.REFERENCE_PRICE_NOT_AVAILABLE, "no reference price to compare with")


def test_a_price_that_must_be_fine_enough_comes_before_the_reference():
    told = of_price(Message.of(Kind.NEW_ORDER, **{**ORDER, "Price": Decimal(-1)}), SECURITIES["9999"])
    assert told == Refusal(OrdRejReason.PRICE_EXCEEDS_BAND, "the price is not above zero, or too fine")


# ------------------------------------------------------------------ short selling


def test_a_security_that_is_not_to_be_sold_short():
    assert refused(GEM, Side=Side.SELL_SHORT, OrderQty=Decimal(2000), Price=Decimal("0.385")) == Refusal(
        OrdRejReason.OTHER, "not to be sold short"
    )


def test_a_security_of_china_connect_that_is_not_to_be_sold_short_has_a_code_of_its_own():
    assert refused(SHENZHEN, china=True, Side=Side.SELL_SHORT, Price=Decimal("12.4")) == Refusal(
        OrdRejReason.SHORT_SELL_NOT_PERMITTED, "not to be sold short"
    )


def test_a_security_that_is_not_to_be_sold_short_may_be_sold():
    assert refused(GEM, Side=Side.SELL, OrderQty=Decimal(2000), Price=Decimal("0.385")) is None


# ------------------------------------------------------------------ China Connect


@pytest.mark.parametrize("fields", [{}, {"TimeInForce": TimeInForce.DAY}], ids=str)
def test_china_connect_takes_limit_orders_of_the_day(fields):
    assert refused(SHANGHAI, china=True, **fields) is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"TimeInForce": TimeInForce.IOC}, "only limit orders of the day"),
        ({"OrdType": OrdType.MARKET, "TimeInForce": TimeInForce.AT_CROSSING}, "only limit orders of the day"),
        ({"OrdType": OrdType.MARKET}, "only limit orders of the day"),
        ({"MaxPriceLevels": 2}, "MaxPriceLevels is 1"),
        ({"MaxPriceLevels": None}, "MaxPriceLevels must be 1"),
        ({"BCAN": None}, "no BCAN"),
    ],
    ids=str,
)
def test_china_connect_takes_nothing_else(fields, reason):
    assert refused(SHANGHAI, china=True, **fields) == Refusal(OrdRejReason.OTHER, reason)


# ------------------------------------------------------------------ one price level


@pytest.mark.parametrize(
    ("limit", "best", "buys"), [("10", "10", True), ("9", "10", True), ("10", "10", False), ("11", "10", False)]
)
def test_an_order_of_one_price_level_may_meet_the_best_price(limit, best, buys):
    assert of_levels(Decimal(limit), Decimal(best), buys=buys) is None


@pytest.mark.parametrize("buys", [True, False])
def test_where_nobody_is_on_the_other_side_there_is_no_best_price(buys):
    assert of_levels(Decimal(10), None, buys=buys) is None


@pytest.mark.parametrize(("limit", "buys"), [("10.1", True), ("9.9", False)])
def test_an_order_of_one_price_level_may_not_go_beyond_the_best_price(limit, buys):
    told = "beyond 10, the best of the other side, with one price level"
    assert of_levels(Decimal(limit), Decimal(10), buys=buys) == Refusal(OrdRejReason.PRICE_EXCEEDS_BAND, told)


def test_a_quantity_of_just_the_lot_is_no_odd_lot():
    assert of_quantity(Decimal(100), TENCENT, odd=False) is None
    assert of_quantity(Decimal(99), TENCENT, odd=True) is None
