"""What the exchange makes of trade capture reports: odd lots picked off, trades told by one party or by both.

A trade told by both stands when the two have said the same: the second either confirms the first's by its TradeID, or
tells of it in its own words, and the exchange finds that they match. Until then the first's waits, and the other party
knows of it. A trade told by one for both stands at once.

Source: OCG-C Binary v2.2, 2.4 (TradeReportID), 7.9 and 8 (Trade Capture Report, its Ack and reject codes); FIX 5.0 SP2
for what the codes mean. Which report follows which was not to be had: see docs/trading-gateway.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_hkexprt.systems.otp import rules
from pytest_hkexprt.systems.otp.book import Order
from pytest_hkexprt.systems.otp.deals import DealStanding, seen_by, terms
from pytest_hkexprt.systems.otp.floor_trades import Reported
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.reports import business_reject
from pytest_hkexprt.systems.otp.words import (
    BusinessRejectReason,
    OrdRejReason,
    Side,
    TradeHandling,
    TradeReportRejectReason,
    TradeReportStatus,
    TradeReportType,
    TrdType,
)

if TYPE_CHECKING:
    from pytest_hkexprt.systems.otp.exchange import Exchange

CODES = {
    OrdRejReason.PRICE_EXCEEDS_BAND: TradeReportRejectReason.PRICE_EXCEEDS_BAND,
    OrdRejReason.REFERENCE_PRICE_NOT_AVAILABLE: TradeReportRejectReason.REFERENCE_PRICE_NOT_AVAILABLE,
    OrdRejReason.NOTIONAL_EXCEEDS_THRESHOLD: TradeReportRejectReason.NOTIONAL_EXCEEDS_THRESHOLD,
}
"""What an order would be rejected with to what a trade report is."""
OTHER = TradeReportRejectReason.OTHER


def serve(exchange: Exchange, comp_id: str, report: Message) -> None:
    """Take a trade capture report, or refuse it with a documented code."""
    two_party = report.get("TradeHandlingInstr") is TradeHandling.TWO_PARTY
    if two_party and "CounterpartyBrokerID" not in report:
        missing = BusinessRejectReason.CONDITIONAL_FIELD_MISSING
        exchange.tell(comp_id, business_reject(report, missing, "CounterpartyBrokerID of a two-party report"))
    elif refusal := _refusal(exchange, comp_id, report):
        _refused(exchange, comp_id, report, refusal)
    elif report.get("TradeReportType") is TradeReportType.CANCEL:
        _cancel(exchange, comp_id, report)
    elif report.get("TrdType") is TrdType.ODD_LOT:
        _pick_off(exchange, comp_id, report)
    elif report.get("TradeHandlingInstr") is TradeHandling.CONFIRMATION:
        _confirm(exchange, comp_id, report)
    else:
        _report(exchange, comp_id, report)


def _refusal(exchange: Exchange, comp_id: str, report: Message) -> rules.Refusal | None:
    broker, security = report.text("SubmittingBrokerID"), exchange.securities.get(report.text("SecurityID"))
    if broker != exchange.members[comp_id].broker or security is None:
        return rules.Refusal(OTHER, "unknown security, or not a broker of this Comp ID")
    if not rules.CL_ORD_ID.fullmatch(report.text("TradeReportID")):
        return rules.Refusal(OTHER, "TradeReportID is no number from 1 to 99,999,999")
    if refusal := _of_terms(report, security):
        return refusal
    if not exchange.use(broker, f"trade report {report.text('TradeReportID')}"):
        return rules.Refusal(OTHER, "TradeReportID was used before")
    return None


def _of_terms(report: Message, security: rules.Security) -> rules.Refusal | None:
    quantity = report.amount("LastQty")
    if report.get("TrdType") not in (None, *TrdType):
        return rules.Refusal(TradeReportRejectReason.INVALID_TRADE_TYPE, "unknown trade type")
    if report.get("Side") is Side.SELL_SHORT and not security.shortable:
        return rules.Refusal(OTHER, "not to be sold short")
    if quantity <= 0 or quantity != quantity.to_integral_value():
        return rules.Refusal(OTHER, "the quantity is no whole number above zero")
    found = rules.of_price(report.with_fields(Price=report.amount("LastPx"), OrderQty=quantity), security)
    return rules.Refusal(CODES[OrdRejReason(found.code)], found.reason) if found else None


def _report(exchange: Exchange, comp_id: str, report: Message) -> None:
    """Take a party's report of a new trade; what the other has told already is matched with it."""
    other = report.text("CounterpartyBrokerID")
    parties = exchange.trading_for(other)
    one_party = report.get("TradeHandlingInstr") is TradeHandling.ONE_PARTY
    if not parties or (other == report.text("SubmittingBrokerID") and not one_party):
        _refused(exchange, comp_id, report, rules.Refusal(OTHER, "unknown counterparty, or one's own"))
        return
    if not one_party and (waiting := _matching(exchange, report)) is not None:
        exchange.trades.confirmed(waiting, comp_id, report)
        return
    standing = DealStanding.CONFIRMED if one_party else DealStanding.REPORTED
    exchange.trades.reported(Reported(exchange.numbers.trade_id(), standing, comp_id, report), parties)


def _matching(exchange: Exchange, report: Message) -> Reported | None:
    """Return the other party's report that a party's own fits: the same trade, seen from across."""
    broker, other = report.text("SubmittingBrokerID"), report.text("CounterpartyBrokerID")
    for each in exchange.trades.waiting():
        between = each.report.text("SubmittingBrokerID") == other
        alike = each.report.get("TrdType") == report.get("TrdType")
        if between and alike and _same(broker, report, each.report):
            return each
    return None


def _confirm(exchange: Exchange, comp_id: str, report: Message) -> None:
    """Take a party's confirmation of a trade by its TradeID."""
    waiting = exchange.trades.named(report.text("TradeID"))
    awaits = waiting is not None and waiting.standing is DealStanding.REPORTED and comp_id in waiting.told
    if waiting is None or not awaits or comp_id == waiting.comp_id:
        _refused(exchange, comp_id, report, rules.Refusal(OTHER, "no trade that awaits this party's confirmation"))
    elif not _same(report.text("SubmittingBrokerID"), report, waiting.report):
        _refused(exchange, comp_id, report, rules.Refusal(OTHER, "not the trade the other party has reported"))
    else:
        exchange.trades.confirmed(waiting, comp_id, report)


def _cancel(exchange: Exchange, comp_id: str, report: Message) -> None:
    """Withdraw a party's own report that waits, or undo a trade that stands."""
    found = exchange.trades.named(report.text("TradeID"))
    ended = found is None or found.standing is DealStanding.ENDED
    stands = found is not None and found.standing is DealStanding.CONFIRMED
    if found is None or ended or comp_id not in (found.told if stands else (found.comp_id,)):
        _refused(exchange, comp_id, report, rules.Refusal(OTHER, "no trade of this party that could be cancelled"))
    elif found.report.get("TrdType") is TrdType.ODD_LOT:
        _refused(exchange, comp_id, report, rules.Refusal(OTHER, "an odd lot's trade is in the order book"))
    elif not _same(report.text("SubmittingBrokerID"), report, found.told[comp_id]):
        _refused(exchange, comp_id, report, rules.Refusal(OTHER, "the trade has other terms"))
    else:
        exchange.trades.ended(found, comp_id, report)


def _pick_off(exchange: Exchange, comp_id: str, report: Message) -> None:
    odd = next((each for each in exchange.resting(order_id=report.text("OrderID")) if each.odd), None)
    side, quantity = report["Side"], report.amount("LastQty")
    assert isinstance(side, Side), "the codec gives a side"
    if odd is None or odd.buys is (side is Side.BUY) or not 0 < quantity <= odd.leaves:
        _refused(exchange, comp_id, report, rules.Refusal(OTHER, "no such odd lot, or not so much of it"))
        return
    if (odd.security, odd.price) != (report.text("SecurityID"), report.amount("LastPx")):
        _refused(exchange, comp_id, report, rules.Refusal(OTHER, "the odd lot is of another security or price"))
        return
    taker = Order(
        owner=comp_id,
        broker=report.text("SubmittingBrokerID"),
        cl_ord_id=report.text("TradeReportID"),
        order_id=exchange.numbers.order_id(),
        security=odd.security,
        side=side,
        quantity=quantity,
        price=odd.price,
        odd=True,
    )
    fill = exchange.book(odd.security).pick_off(odd, quantity, taker)
    match = exchange.numbers.trade_id()
    exchange.tell(odd.owner, exchange.report().trade(odd, fill, match, taker))
    told = report.with_fields(CounterpartyBrokerID=odd.broker)
    exchange.trades.reported(Reported(match, DealStanding.CONFIRMED, comp_id, told), ())


def _refused(exchange: Exchange, comp_id: str, report: Message, refusal: rules.Refusal) -> None:
    kept = (
        *("TradeReportID", "TradeReportTransType", "TradeReportType", "TradeHandlingInstr", "SubmittingBrokerID"),
        *("CounterpartyBrokerID", "BrokerLocationID", "SecurityID", "SecurityIDSource", "SecurityExchange", "Side"),
        "TradeID",
    )
    ack = Message.of(
        Kind.TRADE_CAPTURE_ACK,
        **{name: report.get(name) for name in kept},
        TransactTime=exchange.report().time,
        TrdRptStatus=TradeReportStatus.REJECTED,
        TradeReportRejectReason=refusal.code,
        Reason=refusal.reason,
    )
    exchange.tell(comp_id, ack)


def _same(broker: str, one: Message, other: Message) -> bool:
    """Return whether a broker has the same trade in two parties' words."""
    mine, theirs = (seen_by(broker, each, DealStanding.REPORTED) for each in (one, other))
    return mine is not None and theirs is not None and terms(mine) == terms(theirs)
