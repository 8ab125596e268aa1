"""What may leave for a live gateway: each condition alone refuses, and says which one it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt.errors import UsageFault, compose
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


def refusal(permission: Permission, message: Message, now: dt.datetime = STARTS) -> str:
    """Ask for a message that may not be sent, and return what is said."""
    with pytest.raises(UsageFault) as fault:
        permission.require(message, now)
    return str(fault.value)


@pytest.mark.parametrize(
    ("changed", "expected", "came", "next_step"),
    [
        (
            {"allow_orders": False},
            "the option --allow-orders",
            "New Order without it",
            "give --allow-orders if you mean it",
        ),
        ({"login_only": True}, "the login, heartbeats and the logout alone", "New Order", "leave the order out"),
        ({"roles": ("CCEP", "CP")}, "a participant that is EP", "CCEP, CP", "this role does not trade here"),
        ({"roles": ()}, "a participant that is EP", "no role", "this role does not trade here"),
        (
            {"roles": (), "trades_as": ("EP", "CP")},
            "a participant that is EP or CP",
            "no role",
            "this role does not trade here",
        ),
        (
            {"orders": ()},
            "an order list in hkexprt.toml",
            "none",
            "write [[otp.orders]] with security, side, quantity and price into hkexprt.toml",
        ),
        ({"starts": None}, "the session's window, no window", "2024-01-06 09:00:00", "wait for the session"),
        ({"ends": None}, "the session's window, no window", "2024-01-06 09:00:00", "wait for the session"),
    ],
)
def test_without_one_of_the_conditions_nothing_is_sent(changed, expected, came, next_step):
    told = compose("otp/OTP-C: nothing was sent", expected=expected, came=came, next_step=next_step)
    assert refusal(replace(LIVE, **changed), order()) == told


@pytest.mark.parametrize("moment", [STARTS - dt.timedelta(seconds=1), ENDS + dt.timedelta(seconds=1)])
def test_outside_the_window_nothing_is_sent(moment):
    assert refusal(LIVE, order(), moment) == compose(
        "otp/OTP-C: nothing was sent",
        expected="the session's window, 2024-01-06 09:00 to 12:10",
        came=f"{moment:%Y-%m-%d %H:%M:%S}",
        next_step="wait for the session",
    )


@pytest.mark.parametrize("moment", [STARTS, ENDS])
def test_the_window_s_first_and_last_moment_are_inside(moment):
    LIVE.require(order(), moment)


def beyond(came: str) -> str:
    return compose(
        "otp/OTP-C: nothing was sent",
        expected="an order within the list: buy 300 of 700 at 388.6; sell 300 of 700 at 388.6",
        came=came,
        next_step="look at [[otp.orders]] in hkexprt.toml",
    )


@pytest.mark.parametrize(
    ("fields", "came"),
    [
        ({"SecurityID": "5"}, "buy 300 of 5 at 388.6"),
        ({"Side": Side.SELL_SHORT}, "sell short 300 of 700 at 388.6"),
        ({"OrderQty": Decimal(301)}, "buy 301 of 700 at 388.6"),
        ({"Price": Decimal("388.8")}, "buy 300 of 700 at 388.8"),
        ({"Side": Side.SELL, "Price": Decimal("388.4")}, "sell 300 of 700 at 388.4"),
        ({"Price": None}, "buy 300 of 700 at any price"),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", [Kind.NEW_ORDER, Kind.AMEND])
def test_an_order_beyond_the_list_is_refused(kind, fields, came):
    assert refusal(LIVE, Message.of(kind, **(WITHIN | fields))) == beyond(came)


@pytest.mark.parametrize(
    "fields",
    [
        {"OrderQty": Decimal(1)},
        {"Price": Decimal("388.4")},
        {"Side": Side.SELL},
        {"Side": Side.SELL, "Price": Decimal(999)},
    ],
    ids=str,
)
def test_an_order_that_asks_for_less_than_the_list_is_within_it(fields):
    LIVE.require(order(**fields), STARTS)


QUOTE = Message.of(
    Kind.QUOTE,
    SecurityID="700",
    BidSize=Decimal(300),
    BidPx=Decimal(388),
    OfferSize=Decimal(300),
    OfferPx=Decimal(390),
)


def test_a_quote_within_the_list_may_leave():
    LIVE.require(QUOTE, STARTS)


@pytest.mark.parametrize(
    ("fields", "came"),
    [
        ({"OfferSize": Decimal(400)}, "sell 400 of 700 at 390"),
        ({"BidSize": Decimal(400)}, "buy 400 of 700 at 388"),
        ({"BidPx": Decimal(389)}, "buy 300 of 700 at 389"),
        ({"OfferPx": Decimal(388)}, "sell 300 of 700 at 388"),
        ({"Side": Side.SELL_SHORT}, "sell short 300 of 700 at 390"),
    ],
    ids=str,
)
def test_both_sides_of_a_quote_must_be_within_the_list(fields, came):
    assert refusal(LIVE, QUOTE.with_fields(**fields)) == beyond(came)


TRADE = Message.of(Kind.TRADE_CAPTURE, SecurityID="700", Side=Side.SELL, LastQty=Decimal(300), LastPx=Decimal("388.6"))


def test_a_trade_to_be_reported_within_the_list_may_leave():
    LIVE.require(TRADE, STARTS)


@pytest.mark.parametrize(
    ("fields", "came"),
    [
        ({"Side": Side.SELL_SHORT}, "sell short 300 of 700 at 388.6"),
        ({"LastQty": Decimal(301)}, "sell 301 of 700 at 388.6"),
        ({"LastPx": Decimal(388)}, "sell 300 of 700 at 388"),
    ],
    ids=str,
)
def test_a_trade_to_be_reported_must_be_within_the_list(fields, came):
    assert refusal(LIVE, TRADE.with_fields(**fields)) == beyond(came)


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
    assert "otp/OTP-CSC: nothing was sent" in refusal(Permission("otp/OTP-CSC", live=False, login_only=True), order())
