"""The matching core as China Connect has it: pending first, limit orders of the day alone, no amends."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.lines import differences
from pytest_hkexprt.systems.otp.profiles import CCCG_13
from pytest_hkexprt.systems.otp.words import (
    BusinessRejectReason,
    ExecType,
    OrdRejReason,
    OrdType,
    Side,
    TimeInForce,
)
from tests.systems.otp.desk import FIRST, Desk, desks

CHINA = {"SecurityID": "600000", "price": "8.5", "BCAN": "1234.1", "MaxPriceLevels": 1}


@pytest.fixture
def china():
    desk = desks(CCCG_13)[FIRST]
    yield desk
    assert desk.orders.faults == []
    assert differences(desk.orders.lines(), desk.exchange.lines(FIRST)) == []


def kinds(desk: Desk) -> list[object]:
    return [report["ExecType"] for report in desk.heard]


def test_china_connect_says_pending_new_and_then_new(china):
    china.order(**CHINA)
    assert kinds(china) == [ExecType.PENDING_NEW, ExecType.NEW]


def test_before_the_home_market_opens_an_order_stays_pending(china):
    china.exchange.home_open = False
    name = china.order(**CHINA)
    assert kinds(china) == [ExecType.PENDING_NEW]
    china.deliver(china.exchange.open_home())
    assert china.standing(name) is Standing.OPEN


def test_china_connect_says_pending_cancel_and_then_cancelled(china):
    china.cancel(china.order(**CHINA), SecurityID="600000")
    assert kinds(china)[2:] == [ExecType.PENDING_CANCEL, ExecType.CANCEL]


@pytest.mark.parametrize(
    "fields",
    [{"BCAN": None}, {"MaxPriceLevels": None}, {"TimeInForce": TimeInForce.IOC}, {"OrdType": OrdType.MARKET}],
    ids=str,
)
def test_china_connect_takes_limit_orders_of_the_day_with_a_client_number(china, fields):
    china.order(**(CHINA | fields))
    assert kinds(china) == [ExecType.REJECT]


def test_china_connect_has_a_code_of_its_own_for_short_selling(china):
    fields = CHINA | {"SecurityID": "1234", "price": "12.4"}
    china.order(Side.SELL_SHORT, **fields)
    assert china.heard[-1]["OrdRejReason"] == OrdRejReason.SHORT_SELL_NOT_PERMITTED


def test_china_connect_has_no_amend(china):
    name = china.order(**CHINA)
    china.amend(name, SecurityID="600000")
    assert china.heard[-1]["BusinessRejectReason"] == BusinessRejectReason.UNSUPPORTED_MESSAGE_TYPE


def test_china_connect_cancels_nothing_when_a_connection_ends():
    china = desks(CCCG_13)[FIRST]
    china.order(**CHINA)
    assert china.exchange.disconnected(FIRST) == []


def test_china_connect_says_first_that_a_cancel_is_on_its_way():
    china = desks(CCCG_13)[FIRST]
    name = china.order(**CHINA)
    new = china.cancel(name, SecurityID="600000")
    told = [tuple(each.get(key) for key in ("ExecType", "ClOrdID", "OrigClOrdID")) for each in china.heard[2:]]
    assert told == [(ExecType.PENDING_CANCEL, new, name), (ExecType.CANCEL, new, name)]
