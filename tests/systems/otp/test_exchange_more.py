"""What the matching core answers to more than single orders, field by field: mass cancels, quotes, trade reports."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.messages import Entry, Kind, Message
from pytest_hkexprt.systems.otp.words import (
    BusinessRejectReason,
    ExecRestatementReason,
    MassCancelRequestType,
    MassCancelResponse,
    OrdType,
    Side,
)
from tests.systems.otp.desk import CANCELLED_BY_FIRM, COPY, FIRST, NUMBERS, TIME, Desk, last, number

# ------------------------------------------------------------------ mass cancels


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({"MassCancelRequestType": MassCancelRequestType.ALL}, 0),
        ({"MassCancelRequestType": MassCancelRequestType.ALL, "Side": Side.SELL}, 2),
        ({"MassCancelRequestType": MassCancelRequestType.SECURITY, "SecurityID": "5"}, 2),
        ({"MassCancelRequestType": MassCancelRequestType.MARKET_SEGMENT, "MarketSegmentID": "GEM"}, 3),
    ],
    ids=["all", "sellers", "security", "segment"],
)
def test_a_mass_cancel_ends_what_it_names(desk, fields, left):
    desk.order(Side.BUY)
    desk.order(Side.SELL, price="390")
    desk.order(Side.BUY, 400, "60", SecurityID="5")
    report = desk.say(Kind.MASS_CANCEL, ClOrdID=str(next(NUMBERS)), **fields)[0]
    assert report.kind is Kind.MASS_CANCEL_REPORT
    desk.orders.expect_cancel(CANCELLED_BY_FIRM)
    assert len(desk.orders.resting()) == left


def test_a_mass_cancel_is_answered_before_its_orders_end(desk):
    desk.order()
    request = number()
    wanted = MassCancelRequestType.SECURITY
    answer, report = desk.say(
        Kind.MASS_CANCEL, ClOrdID=request, MassCancelRequestType=wanted, SecurityIDSource=8, SecurityExchange="XHKG"
    )
    assert answer.with_fields(MassActionReportID=None) == Message.of(
        Kind.MASS_CANCEL_REPORT,
        ClOrdID=request,
        SubmittingBrokerID="1234",
        SecurityID="700",
        SecurityIDSource=8,
        SecurityExchange="XHKG",
        TransactTime=TIME,
        MassCancelRequestType=wanted,
        MassCancelResponse=MassCancelResponse.SECURITY,
    )
    assert answer.text("MassActionReportID").isdecimal()
    assert report["ExecRestatementReason"] is ExecRestatementReason.MASS_CANCEL_BY_BROKER


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"MassCancelRequestType": MassCancelRequestType.MARKET_SEGMENT, "MarketSegmentID": "NASD"}, 8),
        ({"MassCancelRequestType": MassCancelRequestType.ALL, "SubmittingBrokerID": "9999"}, 99),
    ],
    ids=str,
)
def test_a_mass_cancel_that_is_refused_ends_nothing(desk, fields, code):
    name = desk.order()
    desk.say(Kind.MASS_CANCEL, ClOrdID=number(), **fields)
    assert last(desk, "MassCancelResponse", "MassCancelRejectReason") == (MassCancelResponse.REJECTED, code)
    assert desk.standing(name) is Standing.OPEN


def test_a_mass_cancel_needs_a_number_of_its_own(desk):
    name = desk.order()
    desk.say(Kind.MASS_CANCEL, ClOrdID=name, MassCancelRequestType=MassCancelRequestType.ALL)
    assert last(desk, "MassCancelRejectReason") == (99,)


def test_a_mass_cancel_on_behalf_ends_the_other_brokers_orders_and_no_others(desk, other):
    theirs, mine = desk.order(), other.order()
    other.say(
        Kind.OBO_MASS_CANCEL,
        ClOrdID=number(),
        OwningBrokerID="1234",
        MassCancelRequestType=MassCancelRequestType.ALL,
    )
    assert last(other, "MassCancelResponse", "OwningBrokerID", "SubmittingBrokerID") == (
        MassCancelResponse.ALL,
        "1234",
        "1235",
    )
    assert last(desk, "ExecRestatementReason") == (ExecRestatementReason.OBO_MASS_CANCEL,)
    assert (desk.standing(theirs), other.standing(mine)) == (Standing.CANCELLED, Standing.OPEN)


def test_a_mass_cancel_of_a_segment_ends_the_orders_of_that_segment(desk):
    main, gem = desk.order(), desk.order(quantity=2000, price="0.385", SecurityID="8001")
    segment = MassCancelRequestType.MARKET_SEGMENT
    desk.say(Kind.MASS_CANCEL, ClOrdID=number(), MassCancelRequestType=segment, MarketSegmentID="GEM")
    assert (desk.standing(main), desk.standing(gem)) == (Standing.OPEN, Standing.CANCELLED)


# ------------------------------------------------------------------ quotes


def quote(desk: Desk, bid="388.4", offer="388.8", **fields) -> tuple[str, str]:
    names = str(next(NUMBERS)), str(next(NUMBERS))
    sizes = {"BidSize": Decimal(100), "OfferSize": Decimal(200)}
    prices = {"BidPx": Decimal(bid), "OfferPx": Decimal(offer)}
    desk.say(Kind.QUOTE, BidID=names[0], OfferID=names[1], **sizes, **prices, **fields)
    return names


def test_a_quote_is_two_orders(desk):
    bid, offer = quote(desk)
    assert [desk.orders.order(name).side for name in (bid, offer)] == [Side.BUY, Side.SELL]
    assert len(desk.orders.resting()) == 2


def test_a_quote_whose_bid_is_not_below_its_offer_is_rejected_whole(desk):
    quote(desk, bid="388.8")
    (status,) = desk.heard
    assert (status.kind, status["QuoteStatus"]) == (Kind.QUOTE_STATUS, 5)
    assert desk.orders.resting() == []


def test_a_quote_cancel_ends_both_its_orders_and_no_other(desk):
    quote(desk)
    name = desk.order(price="300")
    desk.say(Kind.QUOTE_CANCEL, QuoteMsgID=str(next(NUMBERS)))
    desk.orders.expect_cancel(CANCELLED_BY_FIRM)
    assert [order.cl_ord_id for order in desk.orders.resting()] == [name]


def test_a_quotes_orders_are_limit_orders_of_its_sizes_and_prices(desk):
    bid, offer = quote(desk, BCAN="1", Text="mine", Side=Side.SELL_SHORT)
    told = ("ClOrdID", "Side", "OrderQty", "Price", "OrdType", "Text", "SecurityID", "SubmittingBrokerID")
    assert [tuple(each.get(name) for name in told) for each in desk.heard] == [
        (bid, Side.BUY, 100, Decimal("388.4"), OrdType.LIMIT, "mine", "700", "1234"),
        (offer, Side.SELL_SHORT, 200, Decimal("388.8"), OrdType.LIMIT, "mine", "700", "1234"),
    ]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"SecurityID": "4711"}, "unknown security, or not a broker of this Comp ID"),
        ({"SubmittingBrokerID": "9999"}, "unknown security, or not a broker of this Comp ID"),
        ({"bid": "388.8"}, "the bid is not below the offer"),
        ({"offer": "3886"}, "more than 9 times off 388.6"),
        ({"bid": "38"}, "more than 9 times off 388.6"),
    ],
    ids=str,
)
def test_a_quote_that_is_refused_is_told_why(desk, fields, reason):
    bid, offer = quote(desk, SecurityIDSource=8, SecurityExchange="XHKG", **fields)
    assert desk.heard == [
        Message.of(
            Kind.QUOTE_STATUS,
            SubmittingBrokerID=fields.get("SubmittingBrokerID", "1234"),
            SecurityID=fields.get("SecurityID", "700"),
            SecurityIDSource=8,
            SecurityExchange="XHKG",
            BidID=bid,
            OfferID=offer,
            TransactTime=TIME,
            QuoteStatus=5,
            QuoteRejectReason=99,
            Reason=reason,
        )
    ]


@pytest.mark.parametrize("same", [True, False])
def test_a_quotes_two_numbers_are_each_used_once(desk, same):
    used = desk.order()
    names = {"BidID": "901", "OfferID": "901"} if same else {"BidID": "902", "OfferID": used}
    prices = {"BidPx": Decimal("388.4"), "OfferPx": Decimal("388.8")}
    desk.say(Kind.QUOTE, BidSize=Decimal(100), OfferSize=Decimal(100), **names, **prices)
    assert last(desk, "QuoteStatus", "Reason") == (5, "a number of the quote was used before")


def test_a_quote_cancel_ends_the_quotes_of_its_security_alone(desk, other):
    bid, _ = quote(desk)
    theirs, _ = quote(other, bid="388.2", offer="389")
    desk.say(Kind.QUOTE_CANCEL, QuoteMsgID=number(), SecurityID="5")
    assert desk.standing(bid) is Standing.OPEN
    desk.say(Kind.QUOTE_CANCEL, QuoteMsgID=number())
    assert last(desk, "ExecRestatementReason") == (ExecRestatementReason.MASS_CANCEL_BY_BROKER,)
    assert (desk.standing(bid), other.standing(theirs)) == (Standing.CANCELLED, Standing.OPEN)


# ------------------------------------------------------------------ entitlements and the rest


def test_a_throttle_is_told_in_messages_a_second(desk):
    (answer,) = desk.say(Kind.THROTTLE_REQUEST, UserRequestID="5", UserName="A")
    entry = {"ThrottleAction": 2, "ThrottleType": 0, "ThrottleNoMsgs": 100, "ThrottleTimeInterval": 1}
    assert answer == Message.of(
        Kind.THROTTLE_RESPONSE,
        UserRequestID="5",
        UserName="A",
        NoThrottles=(Entry(entry | {"ThrottleTimeUnit": 0}),),
    )


def test_a_broker_is_told_as_its_own_entitlement(desk):
    (answer,) = desk.say(Kind.PARTY_REQUEST, EntitlementsRequestID="5")
    assert answer == Message.of(
        Kind.PARTY_REPORT,
        EntitlementsReportID="1",
        EntitlementsRequestID="5",
        RequestResult=0,
        TotNoPartyList=1,
        LastFragment=True,
        PartyDetailID="1234",
    )


@pytest.mark.parametrize(
    ("comp_id", "kind", "reason"),
    [(COPY, Kind.NEW_ORDER, "a drop copy"), (FIRST, Kind.PARTY_REPORT, "not a message of this gateway")],
)
def test_what_cannot_be_served_at_all_is_told_why(all_desks, comp_id, kind, reason):
    all_desks[comp_id].say(kind, ClOrdID="1")
    unsupported = BusinessRejectReason.UNSUPPORTED_MESSAGE_TYPE
    assert last(all_desks[comp_id], "BusinessRejectReason", "Reason") == (unsupported, reason)
