"""What becomes of what a quote or a mass cancel says besides: carried to its orders, kept in a refusal, or missed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.words import (
    BusinessRejectReason,
    MassCancelRequestType,
    MassCancelResponse,
    OrdType,
    PositionEffect,
    Side,
)
from tests.systems.otp.desk import CANCELLED_BY_FIRM, TIME, Desk, last, number

ALL, SECURITY = MassCancelRequestType.ALL, MassCancelRequestType.SECURITY


def quote(desk: Desk, **fields) -> tuple[str, str]:
    """Quote 100 at 388.4 to 200 at 388.8, and return the two numbers."""
    given = {"BidSize": Decimal(100), "BidPx": Decimal("388.4"), "OfferSize": Decimal(200), "OfferPx": Decimal("388.8")}
    bid, offer = number(), number()
    desk.say(Kind.QUOTE, **({"BidID": bid, "OfferID": offer} | given | fields))
    return bid, offer


def told_of(desk: Desk, name: str) -> Message:
    """Return what was told of an order first."""
    return next(each for each in desk.heard if each.get("ClOrdID") == name)


def test_both_orders_of_a_quote_bear_what_it_said_of_them(desk):
    kept = {"BrokerLocationID": "7", "SecurityIDSource": 8, "SecurityExchange": "XHKG", "Text": "mine"}
    for name, side in zip(quote(desk, **kept), (Side.BUY, Side.SELL), strict=True):
        told = told_of(desk, name)
        assert {field: told.get(field) for field in kept} == kept
        assert (told["Side"], told["OrdType"], told["SubmittingBrokerID"]) == (side, OrdType.LIMIT, "1234")


def test_a_quote_that_covers_does_so_with_its_bid_alone(desk):
    bid, offer = quote(desk, PositionEffect=PositionEffect.CLOSE)
    assert told_of(desk, bid)["PositionEffect"] is PositionEffect.CLOSE
    assert "PositionEffect" not in told_of(desk, offer)


def test_a_quote_that_sells_short_does_so_with_its_offer_alone(desk):
    bid, offer = quote(desk, Side=Side.SELL_SHORT, OrderRestrictions="5")
    assert (told_of(desk, bid)["Side"], told_of(desk, offer)["Side"]) == (Side.BUY, Side.SELL_SHORT)
    assert (told_of(desk, bid).get("OrderRestrictions"), told_of(desk, offer)["OrderRestrictions"]) == (None, "5")


def test_restrictions_of_a_quote_that_does_not_sell_short_are_refused(desk):
    names = quote(desk, OrderRestrictions="5")
    assert {desk.standing(name) for name in names} == {Standing.REJECTED}
    assert last(desk, "QuoteStatus", "Reason") == (5, "OrderRestrictions are for a short sale")


def test_a_quote_may_ask_to_be_excused_from_the_price_check(desk):
    quote(desk, BidPx=Decimal(38), ExecInst="0")
    assert len(desk.orders.resting()) == 2


def test_a_quotes_number_that_was_used_is_refused_with_its_code(desk):
    quote(desk, BidID=desk.order())
    assert last(desk, "QuoteRejectReason", "Reason") == (99, "a number of the quote was used before")


def test_a_quote_cancel_of_every_security_ends_ones_own_quotes_and_no_others(desk, other):
    another = {"SecurityID": "5", "BidSize": Decimal(400), "OfferSize": Decimal(400)}
    prices = {"BidPx": Decimal(59), "OfferPx": Decimal(60)}
    mine, theirs = [*quote(desk), *quote(desk, **another, **prices)], quote(other)
    desk.say(Kind.QUOTE_CANCEL, QuoteMsgID=number(), SecurityID=None)
    desk.orders.expect_cancel(CANCELLED_BY_FIRM)
    assert {desk.standing(name) for name in mine} == {Standing.CANCELLED}
    assert {other.standing(name) for name in theirs} == {Standing.OPEN}


def test_a_quote_cancel_that_finds_none_is_refused_in_its_own_words(desk):
    desk.order()
    name = number()
    desk.say(Kind.QUOTE_CANCEL, QuoteMsgID=name, QuoteCancelType=1, SecurityIDSource=8, SecurityExchange="XHKG")
    assert desk.heard[-1] == Message.of(
        Kind.QUOTE_STATUS,
        SubmittingBrokerID="1234",
        SecurityID="700",
        SecurityIDSource=8,
        SecurityExchange="XHKG",
        QuoteMsgID=name,
        QuoteCancelType=1,
        TransactTime=TIME,
        QuoteStatus=5,
        QuoteRejectReason=99,
        Reason="no quote of this broker",
    )


def test_a_quote_cancel_that_finds_some_is_refused_nothing(desk):
    quote(desk)
    desk.say(Kind.QUOTE_CANCEL, QuoteMsgID=number())
    desk.orders.expect_cancel(CANCELLED_BY_FIRM)
    assert not [each for each in desk.heard if each.kind is Kind.QUOTE_STATUS]


def test_a_mass_cancel_of_one_security_that_names_none_misses_a_field(desk):
    name = desk.order()
    told = desk.say(Kind.MASS_CANCEL, ClOrdID=number(), MassCancelRequestType=SECURITY, SecurityID=None)
    assert [each.kind for each in told] == [Kind.BUSINESS_REJECT]
    assert last(desk, "BusinessRejectReason", "Reason") == (
        BusinessRejectReason.CONDITIONAL_FIELD_MISSING,
        "SecurityID of a mass cancel of one security",
    )
    assert desk.standing(name) is Standing.OPEN


def test_a_mass_cancel_of_all_needs_no_security(desk):
    name = desk.order()
    desk.say(Kind.MASS_CANCEL, ClOrdID=number(), MassCancelRequestType=ALL, SecurityID=None)
    desk.orders.expect_cancel(CANCELLED_BY_FIRM)
    assert desk.standing(name) is Standing.CANCELLED


@pytest.mark.parametrize("owner", ["1234", "9999", "4711"], ids=["oneself", "another firm", "nobody"])
def test_a_mass_cancel_is_on_behalf_of_another_broker_of_the_firm(desk, owner):
    name = desk.order()
    desk.say(Kind.OBO_MASS_CANCEL, ClOrdID=number(), OwningBrokerID=owner, MassCancelRequestType=ALL)
    assert last(desk, "MassCancelResponse", "MassCancelRejectReason", "OwningBrokerID") == (
        MassCancelResponse.REJECTED,
        99,
        owner,
    )
    assert desk.standing(name) is Standing.OPEN
