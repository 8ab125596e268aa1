"""Which orders a day is made of, out of the participant's own list."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt.errors import UsageFault, compose
from pytest_hkexprt.systems.otp.plan import Plan, plan
from pytest_hkexprt.systems.otp.profiles import Gateway
from pytest_hkexprt.systems.otp.settings import Allowed
from pytest_hkexprt.systems.otp.words import Side

BUY = Allowed("700", Side.BUY, Decimal(300), Decimal("388.6"), lot=Decimal(100), tick=Decimal("0.2"))
SELL = replace(BUY, side=Side.SELL)
HONG_KONG = Plan("700", Decimal("388.6"), Decimal(100), Decimal("0.2"))
CHINA_BUY, CHINA_SELL = (replace(each, security="600000") for each in (BUY, SELL))


def test_the_first_security_that_may_be_bought_and_sold_is_traded():
    assert plan([replace(BUY, security="5"), BUY, SELL, replace(SELL, security="388")], Gateway.OTP_C) == HONG_KONG


def test_a_plan_counts_in_board_lots():
    assert HONG_KONG.lots(3) == 300


def test_the_buying_price_may_be_above_the_selling_price_and_is_traded_at():
    assert plan([BUY, replace(SELL, price=Decimal(380))], Gateway.OTP_C).price == Decimal("388.6")


@pytest.mark.parametrize(("gateway", "security"), [(Gateway.OTP_C, "700"), (Gateway.OTP_CSC, "600000")])
def test_each_gateway_trades_its_own_securities(gateway, security):
    assert plan([CHINA_BUY, CHINA_SELL, BUY, SELL], gateway).security == security


@pytest.mark.parametrize(
    ("orders", "came"),
    [
        ([], "none"),
        ([BUY], "buy 700"),
        ([SELL], "sell 700"),
        ([BUY, replace(SELL, security="5")], "buy 700, sell 5"),
        ([BUY, replace(SELL, price=Decimal("388.8"))], "buy 700, sell 700"),
        ([BUY, replace(SELL, quantity=Decimal(299))], "buy 700, sell 700"),
        ([replace(BUY, quantity=Decimal(299)), SELL], "buy 700, sell 700"),
        ([CHINA_BUY, CHINA_SELL], "none"),
    ],
)
def test_a_list_that_is_too_small_for_a_day_is_told(orders, came):
    with pytest.raises(UsageFault) as fault:
        plan(orders, Gateway.OTP_C)
    assert str(fault.value) == compose(
        "[[otp.orders]]",
        expected="a security of OTP-C that may be bought and sold, 3 board lots or more, the buying price not below "
        "the selling price",
        came=came,
        next_step="write two entries of one security, side buy and side sell, into hkexprt.toml",
    )
