"""Trades made off the order book, as the participant's own account of them: reported, confirmed, undone.

Two parties agree on a trade and tell the exchange by trade capture reports; an odd lot is picked off by one. The
account follows each by its TradeID, and holds what the exchange tells against what was reported.

Source: OCG-C Binary v2.2, 7.9 and 8 (Trade Capture Report, its Ack). Which report follows which when two parties tell
of one trade was not to be had: see docs/trading-gateway.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from pytest_hkexprt.systems.otp.messages import Message
from pytest_hkexprt.systems.otp.words import ExecType, Side, TradeHandling, TradeReportType, TrdType


class DealStanding(StrEnum):
    """What became of a trade off the book."""

    REPORTED = "reported by one party"
    CONFIRMED = "confirmed"
    ENDED = "cancelled"


ORDER = tuple(DealStanding)
"""In which a trade goes through them; it never goes back."""


@dataclass(frozen=True, slots=True)
class Deal:
    """One trade off the book, as one party has it."""

    trade_id: str
    report_id: str
    """The TradeReportID of the party's own first report; empty while only the other has reported."""
    security: str
    side: Side | None
    """The party's own."""
    quantity: Decimal
    price: Decimal
    counterparty: str = ""
    """The other's broker."""
    standing: DealStanding = DealStanding.REPORTED
    kind: int | None = None
    """What kind of trade."""

    def __str__(self) -> str:
        return (
            f"{self.trade_id}: {self.side} {self.quantity:f} of {self.security} at {self.price.normalize():f}, "
            f"broker {self.counterparty}, {self.standing}"
        )


OPPOSITE = {Side.BUY: Side.SELL, Side.SELL: Side.BUY, Side.SELL_SHORT: Side.BUY}


def seen_by(broker: str, report: Message, standing: DealStanding) -> Deal | None:
    """Return the trade a report tells of, as a broker has it; None where it is none of that broker's.

    A confirmation is told to each party in its own words, so that the other's is not one's own; and whose odd lot was
    picked off knows that as an execution of his order.
    """
    side, own = report.get("Side"), report.text("SubmittingBrokerID") == broker
    mine = side if isinstance(side, Side) else None
    against = report.text("CounterpartyBrokerID")
    if not own:
        confirmation = report.get("TradeHandlingInstr") is TradeHandling.CONFIRMATION
        if against != broker or confirmation or report.get("TrdType") is TrdType.ODD_LOT:
            return None
        mine, against = OPPOSITE[mine] if mine else None, report.text("SubmittingBrokerID")
    return Deal(
        trade_id=report.text("TradeID"),
        report_id=report.text("TradeReportID") if own else "",
        security=report.text("SecurityID"),
        side=mine,
        quantity=report.amount("LastQty"),
        price=report.amount("LastPx"),
        counterparty=against,
        standing=standing,
        kind=report.number("TrdType") if "TrdType" in report else None,
    )


@dataclass(slots=True)
class Deals:
    """The account.

    Args:
        broker: whose.
        faults: where it says what no honest gateway does.
    """

    broker: str
    faults: list[str]
    repeated: int = 0
    _asked: dict[str, Message] = field(default_factory=dict)
    """Our reports, by TradeReportID."""
    _deals: dict[str, Deal] = field(default_factory=dict)
    """By TradeID."""

    def sent(self, report: Message) -> None:
        """Note a report of ours."""
        self._asked[report.text("TradeReportID")] = report

    def heard(self, report: Message) -> bool:
        """Take in what the exchange tells of a trade; return whether it is the answer to a report of ours."""
        told = seen_by(self.broker, report, _standing(report))
        if told is None:
            return False
        if not told.trade_id:
            self.faults.append(f"a trade of {told.security} is told without a TradeID")
            return bool(told.report_id)
        before = self._deals.get(told.trade_id)
        if before is not None and ORDER.index(told.standing) <= ORDER.index(before.standing):
            self._again(told, before, report)
        else:
            self._compare(told, before)
            first = before.report_id if before else ""
            self._deals[told.trade_id] = replace(told, report_id=first or told.report_id)
        return bool(told.report_id)

    def deals(self) -> tuple[Deal, ...]:
        """Return every trade there ever was, in the order they became known."""
        return tuple(self._deals.values())

    def deal(self, report_id: str) -> Deal:
        """Return the trade of a report of ours.

        Raises:
            KeyError: there is none.
        """
        for each in self._deals.values():
            if each.report_id == report_id:
                return each
        raise KeyError(report_id)

    def awaiting(self) -> list[Deal]:
        """Return what another party has reported, and we have not confirmed."""
        return [each for each in self._deals.values() if each.standing is DealStanding.REPORTED and not each.report_id]

    def _again(self, told: Deal, before: Deal, report: Message) -> None:
        if report.poss_dup or report.poss_resend:
            self.repeated += 1
        elif told.standing is before.standing:
            self.faults.append(f"trade {told.trade_id} was told to be {told.standing} twice")
        else:
            self.faults.append(f"trade {told.trade_id} is {told.standing} after it was {before.standing}")

    def _compare(self, told: Deal, before: Deal | None) -> None:
        """Hold what is told against what we reported, and against what was told before."""
        asked = self._asked.get(told.report_id)
        reported = seen_by(self.broker, asked, told.standing) if asked is not None else before
        if reported is None:
            return
        in_own_words = bool(reported.report_id)  # the other party cannot tell a short sale from a sale
        if terms(told) != terms(reported) or (in_own_words and told.side is not reported.side):
            self.faults.append(f"trade {told.trade_id} is told as {_worded(told)}; reported was {_worded(reported)}")


def terms(deal: Deal) -> tuple[str, Side | None, Decimal, Decimal]:
    """Return what both parties' reports of a trade must have in common, as one of them has it.

    A short sale is a sale like another to whom buys.
    """
    side = Side.SELL if deal.side is Side.SELL_SHORT else deal.side
    return deal.security, side, deal.quantity, deal.price


def differences(ours: Iterable[Deal], theirs: Iterable[Deal]) -> list[str]:
    """Return how two accounts differ, trade by trade; empty where they agree."""
    mine, other = ({deal.trade_id: deal for deal in deals} for deals in (ours, theirs))
    told = [f"ours only: trade {mine[key]}" for key in mine if key not in other]
    told += [f"theirs only: trade {other[key]}" for key in other if key not in mine]
    return told + [
        f"ours trade {mine[key]}; theirs {other[key]}" for key in mine if key in other and mine[key] != other[key]
    ]


def _standing(report: Message) -> DealStanding:
    if report.get("TradeReportType") is TradeReportType.CANCEL or report.get("ExecType") is ExecType.TRADE_CANCEL:
        return DealStanding.ENDED
    return DealStanding.CONFIRMED if report.get("ExecType") is ExecType.TRADE else DealStanding.REPORTED


def _worded(deal: Deal) -> str:
    return f"{deal.side} {deal.quantity:f} of {deal.security} at {deal.price.normalize():f}"
