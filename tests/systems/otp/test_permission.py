"""What may leave for a live gateway: each condition alone refuses, and says which one it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.permission import Permission
from pytest_hkexprt.systems.otp.settings import Allowed
from pytest_hkexprt.systems.otp.words import Side

HK = dt.timezone(dt.timedelta(hours=8))
STARTS, ENDS = dt.datetime(2024, 1, 6, 9, 0, tzinfo=HK), dt.datetime(2024, 1, 6, 12, 10, tzinfo=HK)
LIVE = Permission(
    "otp/OTP-C",
    live=True,
    allow_orders=True,
    starts=STARTS,
    ends=ENDS,
    trades_as=("EP",),
    roles=("EP",),
    orders=(
        Allowed("700", Side.BUY, Decimal(300), Decimal("388.6")),
        Allowed("700", Side.SELL, Decimal(300), Decimal("388.6")),
    ),
)
WITHIN = {"SecurityID": "700", "Side": Side.BUY, "OrderQty": Decimal(300), "Price": Decimal("388.6")}


def order(**fields) -> Message:
    return Message.of(Kind.NEW_ORDER, **(WITHIN | fields))


def test_an_order_within_the_list_may_leave_in_the_window():
    LIVE.require(order(), STARTS)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"allow_orders": False}, "expected: the option --allow-orders"),
        ({"login_only": True}, "expected: the login, heartbeats and the logout alone"),
        ({"roles": ("CCEP",)}, "expected: a participant that is EP\n.*came: .*CCEP"),
        ({"roles": ()}, "came: .*no role"),
        ({"orders": ()}, "expected: an order list in hkexprt.toml"),
        ({"starts": None}, "expected: the session's window, no window"),
    ],
)
def test_without_one_of_the_conditions_nothing_is_sent(changed, told):
    with pytest.raises(UsageFault, match=f"nothing was sent\n(.|\n)*{told}"):
        replace(LIVE, **changed).require(order(), STARTS)


@pytest.mark.parametrize("moment", [STARTS - dt.timedelta(seconds=1), ENDS + dt.timedelta(seconds=1)])
def test_outside_the_window_nothing_is_sent(moment):
    with pytest.raises(UsageFault, match=r"the session's window, 2024-01-06 09:00 to 12:10"):
        LIVE.require(order(), moment)


@pytest.mark.parametrize(
    "fields",
    [
        {"SecurityID": "5"},
        {"Side": Side.SELL_SHORT},
        {"OrderQty": Decimal(301)},
        {"Price": Decimal("388.8")},
        {"Side": Side.SELL, "Price": Decimal("388.4")},
        {"Price": None},
    ],
    ids="-".join,
)
def test_an_order_beyond_the_list_is_refused(fields):
    with pytest.raises(UsageFault, match=r"expected: an order within the list: buy 300 of 700 at 388.6; sell"):
        LIVE.require(order(**fields), STARTS)


def test_both_sides_of_a_quote_must_be_within_the_list():
    quote = {"SecurityID": "700", "BidSize": Decimal(100), "OfferSize": Decimal(400), "BidPx": Decimal(388)}
    with pytest.raises(UsageFault, match=r"came: .*sell 400 of 700"):
        LIVE.require(Message.of(Kind.QUOTE, OfferPx=Decimal(390), **quote), STARTS)


def test_a_cancel_needs_no_entry_of_the_list():
    LIVE.require(Message.of(Kind.CANCEL, SecurityID="5", Side=Side.BUY), STARTS)


def test_a_question_needs_the_option_as_well():
    with pytest.raises(UsageFault, match="--allow-orders"):
        replace(LIVE, allow_orders=False).require(Message.of(Kind.PARTY_REQUEST), STARTS)


@pytest.mark.parametrize("kind", [Kind.LOGON, Kind.HEARTBEAT, Kind.LOGOUT, Kind.LOOKUP_REQUEST, Kind.RESEND_REQUEST])
def test_the_session_itself_needs_no_permission(kind):
    Permission("otp/OTP-C", live=True, login_only=True).require(Message(kind), STARTS)


def test_a_rehearsal_may_trade_at_any_time():
    Permission("otp/OTP-C", live=False).require(order(), STARTS)


def test_a_rehearsal_that_is_for_the_login_only_may_not_trade_either():
    with pytest.raises(UsageFault, match="nothing was sent"):
        Permission("otp/OTP-CSC", live=False, login_only=True).require(order(), STARTS)
