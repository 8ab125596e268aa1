"""What the matching core serves besides single orders: mass cancels, quotes, entitlements.

Source: OCG-C Binary v2.2, 6.7 (an accepted quote is two orders), 7.5 (mass cancel), 7.8 (quotes), 7.10 and 7.11
(throttle and party entitlements).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pytest_hkexprt.systems.otp import exchange_trades, rules
from pytest_hkexprt.systems.otp.book import Order
from pytest_hkexprt.systems.otp.messages import Entry, Kind, Message
from pytest_hkexprt.systems.otp.reports import business_reject
from pytest_hkexprt.systems.otp.words import (
    BusinessRejectReason,
    ExecRestatementReason,
    MassCancelRequestType,
    MassCancelResponse,
    OrdType,
    Side,
)

if TYPE_CHECKING:
    from pytest_hkexprt.systems.otp.exchange import Exchange

UNKNOWN_MARKET_SEGMENT, OTHER = 8, 99
"""Why a mass cancel was rejected."""
QUOTE_REJECTED = 5
THROTTLE_INTERVAL_S = 1


def serve(exchange: Exchange, comp_id: str, request: Message) -> None:
    """Serve a request; one this gateway does not know is answered with a Business Message Reject."""
    served: dict[Kind, Callable[[Exchange, str, Message], None]] = {
        Kind.MASS_CANCEL: _mass_cancel,
        Kind.OBO_MASS_CANCEL: _mass_cancel,
        Kind.QUOTE: _quote,
        Kind.QUOTE_CANCEL: _quote_cancel,
        Kind.TRADE_CAPTURE: exchange_trades.serve,
        Kind.THROTTLE_REQUEST: _throttle,
        Kind.PARTY_REQUEST: _parties,
    }
    if request.kind not in exchange.profile.from_participant or request.kind not in served:
        unknown = BusinessRejectReason.UNSUPPORTED_MESSAGE_TYPE
        exchange.tell(comp_id, business_reject(request, unknown, "not a message of this gateway"))
    else:
        served[request.kind](exchange, comp_id, request)


def _mass_cancel(exchange: Exchange, comp_id: str, request: Message) -> None:
    obo, wanted = request.kind is Kind.OBO_MASS_CANCEL, request["MassCancelRequestType"]
    broker = request.text("OwningBrokerID") if obo else request.text("SubmittingBrokerID")
    if wanted is MassCancelRequestType.SECURITY and "SecurityID" not in request:
        missing = BusinessRejectReason.CONDITIONAL_FIELD_MISSING
        exchange.tell(comp_id, business_reject(request, missing, "SecurityID of a mass cancel of one security"))
        return
    code = _mass_cancel_refusal(exchange, comp_id, broker, request)
    report = Message.of(
        Kind.MASS_CANCEL_REPORT,
        ClOrdID=request.text("ClOrdID"),
        SubmittingBrokerID=request.text("SubmittingBrokerID"),
        SecurityID=request.get("SecurityID"),
        SecurityIDSource=request.get("SecurityIDSource"),
        SecurityExchange=request.get("SecurityExchange"),
        TransactTime=exchange.report().time,
        MassCancelRequestType=wanted,
        OwningBrokerID=broker if obo else None,
        MassActionReportID=exchange.numbers.order_id(),
        MassCancelResponse=MassCancelResponse.REJECTED if code is not None else MassCancelResponse(str(wanted)),
        MassCancelRejectReason=code,
    )
    exchange.tell(comp_id, report)
    if code is None:
        why = ExecRestatementReason.OBO_MASS_CANCEL if obo else ExecRestatementReason.MASS_CANCEL_BY_BROKER
        for order in exchange.resting(broker=broker):
            if _wanted(exchange, order, request):
                exchange.cancel_unasked(order, why)


def _mass_cancel_refusal(exchange: Exchange, comp_id: str, broker: str, request: Message) -> int | None:
    """Return why a mass cancel is refused: it is for one's own broker, or on behalf of another of the firm."""
    own, firm = exchange.members[comp_id].broker, exchange.members[comp_id].firm
    others = {member.broker for member in exchange.members.values() if member.firm == firm} - {own}
    obo = request.kind is Kind.OBO_MASS_CANCEL
    if request.text("SubmittingBrokerID") != own or (obo and broker not in others):
        return OTHER
    segments = {security.segment for security in exchange.securities.values()}
    if (
        request["MassCancelRequestType"] is MassCancelRequestType.MARKET_SEGMENT
        and request.text("MarketSegmentID") not in segments
    ):
        return UNKNOWN_MARKET_SEGMENT
    if not exchange.use(request.text("SubmittingBrokerID"), request.text("ClOrdID")):
        return OTHER
    return None


def _wanted(exchange: Exchange, order: Order, request: Message) -> bool:
    kind, side = request["MassCancelRequestType"], request.get("Side")
    if side is not None and order.side is not side:
        return False
    if kind is MassCancelRequestType.SECURITY:
        return order.security == request.text("SecurityID")
    if kind is MassCancelRequestType.MARKET_SEGMENT:
        return exchange.securities[order.security].segment == request.text("MarketSegmentID")
    return True


def _quote(exchange: Exchange, comp_id: str, quote: Message) -> None:
    """Take a quote as two independent orders, or reject it whole."""
    buying = _half(quote, Side.BUY, "Bid").with_fields(PositionEffect=quote.get("PositionEffect"))
    selling = _half(quote, _selling(quote), "Offer").with_fields(OrderRestrictions=quote.get("OrderRestrictions"))
    halves = [buying, selling]
    if refusal := _quote_refusal(exchange, comp_id, quote, halves):
        _quote_refused(exchange, comp_id, quote, refusal)
        return
    for half in halves:
        order = exchange.order_of(comp_id, half)
        order.quoted = True
        exchange.enter(order)


def _quote_refusal(exchange: Exchange, comp_id: str, quote: Message, halves: list[Message]) -> rules.Refusal | None:
    security = exchange.securities.get(quote.text("SecurityID"))
    if security is None or quote.text("SubmittingBrokerID") != exchange.members[comp_id].broker:
        return rules.Refusal(OTHER, "unknown security, or not a broker of this Comp ID")
    if quote.amount("BidPx") >= quote.amount("OfferPx"):
        return rules.Refusal(OTHER, "the bid is not below the offer")
    for half in halves:
        if refusal := rules.of_order(half, security):
            return rules.Refusal(OTHER, refusal.reason)
    names = {(half.text("SubmittingBrokerID"), half.text("ClOrdID")) for half in halves}
    if len(names) < len(halves) or any(map(exchange.is_used, names)):
        return rules.Refusal(OTHER, "a number of the quote was used before")
    for name in names:
        exchange.use(*name)
    return None


def _selling(quote: Message) -> Side:
    return Side.SELL_SHORT if quote.get("Side") is Side.SELL_SHORT else Side.SELL


def _half(quote: Message, side: Side, which: str) -> Message:
    kept = ("SubmittingBrokerID", "BrokerLocationID", "SecurityID", "SecurityIDSource", "SecurityExchange")
    return Message.of(
        Kind.NEW_ORDER,
        **{name: quote.get(name) for name in (*kept, "Text", "ExecInst", "BCAN")},
        ClOrdID=quote.text(f"{which}ID"),
        Side=side,
        OrdType=OrdType.LIMIT,
        Price=quote.amount(f"{which}Px"),
        OrderQty=quote.amount(f"{which}Size"),
    )


def _quote_cancel(exchange: Exchange, comp_id: str, request: Message) -> None:
    """End the quotes of a security, or all of them; one who has none is told so."""
    security, broker = request.text("SecurityID"), request.text("SubmittingBrokerID")
    wanted = {"security": security} if security else {}
    quoted = list(exchange.resting(owner=comp_id, broker=broker, quoted=True, **wanted))
    if not quoted:
        _quote_refused(exchange, comp_id, request, rules.Refusal(OTHER, "no quote of this broker"))
    for order in quoted:
        exchange.cancel_unasked(order, ExecRestatementReason.MASS_CANCEL_BY_BROKER)


def _quote_refused(exchange: Exchange, comp_id: str, request: Message, refusal: rules.Refusal) -> None:
    kept = ("SubmittingBrokerID", "SecurityID", "SecurityIDSource", "SecurityExchange", "BidID", "OfferID")
    report = Message.of(
        Kind.QUOTE_STATUS,
        **{name: request.get(name) for name in (*kept, "QuoteMsgID", "QuoteCancelType")},
        TransactTime=exchange.report().time,
        QuoteStatus=QUOTE_REJECTED,
        QuoteRejectReason=refusal.code,
        Reason=refusal.reason,
    )
    exchange.tell(comp_id, report)


def _throttle(exchange: Exchange, comp_id: str, request: Message) -> None:
    entry = Entry(
        {
            "ThrottleAction": 2,
            "ThrottleType": 0,
            "ThrottleNoMsgs": exchange.members[comp_id].throttle,
            "ThrottleTimeInterval": THROTTLE_INTERVAL_S,
            "ThrottleTimeUnit": 0,
        }
    )
    exchange.tell(
        comp_id,
        Message.of(
            Kind.THROTTLE_RESPONSE,
            UserRequestID=request.text("UserRequestID"),
            UserName=request.get("UserName"),
            NoThrottles=(entry,),
        ),
    )


def _parties(exchange: Exchange, comp_id: str, request: Message) -> None:
    exchange.tell(
        comp_id,
        Message.of(
            Kind.PARTY_REPORT,
            EntitlementsReportID=exchange.numbers.order_id(),
            EntitlementsRequestID=request.text("EntitlementsRequestID"),
            RequestResult=0,
            TotNoPartyList=1,
            LastFragment=True,
            PartyDetailID=exchange.members[comp_id].broker,
        ),
    )
