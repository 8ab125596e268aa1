"""The exchange's register of trades off the book, and who is told what of them.

Until a trade stands, both parties know it in the words of the one who reported it; from then on each is told in its
own. A firm's drop copy hears what its brokers are told, once.

Source: OCG-C Binary v2.2, 7.9; see docs/trading-gateway.md for what is a stand-in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_hkexprt.systems.otp.deals import Deal, DealStanding, seen_by
from pytest_hkexprt.systems.otp.messages import Message
from pytest_hkexprt.systems.otp.words import ExecType, TradeHandling, TradeReportStatus, TradeReportType

if TYPE_CHECKING:
    from pytest_hkexprt.systems.otp.floor import Floor


@dataclass(slots=True, eq=False)
class Reported:
    """A trade as the exchange keeps it; it changes as parties confirm or cancel it."""

    trade_id: str
    standing: DealStanding
    comp_id: str
    """Who reported it first."""
    report: Message
    """In that one's words."""
    told: dict[str, Message] = field(default_factory=dict)
    """Comp ID to the words in which it knows the trade."""


class Trades:
    """The register.

    Args:
        floor: whose; it does the telling.
    """

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._all: dict[str, Reported] = {}
        self._waiting: dict[str, Reported] = {}

    def named(self, trade_id: str) -> Reported | None:
        """Return the trade of a TradeID; None where there is none."""
        return self._all.get(trade_id)

    def waiting(self) -> Iterable[Reported]:
        """Return the trades that one party has reported and the other has not, the oldest first."""
        return list(self._waiting.values())

    def reported(self, trade: Reported, parties: Iterable[str]) -> None:
        """Take a trade in, and tell both parties of it in the words of the one who reported it."""
        self._all[trade.trade_id] = trade
        trade.told = dict.fromkeys((trade.comp_id, *parties), trade.report)
        if trade.standing is DealStanding.REPORTED:
            self._waiting[trade.trade_id] = trade
        self._tell(trade)

    def confirmed(self, trade: Reported, comp_id: str, report: Message) -> None:
        """Have a trade stand, and tell each of both parties in its own words."""
        del self._waiting[trade.trade_id]
        trade.standing = DealStanding.CONFIRMED
        confirmation = TradeHandling.CONFIRMATION
        trade.told = {
            trade.comp_id: trade.report.with_fields(TradeHandlingInstr=confirmation),
            comp_id: report.with_fields(TradeHandlingInstr=confirmation),
        }
        self._tell(trade)

    def ended(self, trade: Reported, comp_id: str, request: Message) -> None:
        """Cancel a trade, and tell everybody who knows it."""
        stood = trade.standing is DealStanding.CONFIRMED
        self._waiting.pop(trade.trade_id, None)
        trade.standing = DealStanding.ENDED
        if trade.told[comp_id].text("SubmittingBrokerID") != request.text("SubmittingBrokerID"):
            # It knew the trade in the other's words alone.
            trade.told[comp_id] = request.with_fields(TradeHandlingInstr=TradeHandling.CONFIRMATION)
        self._tell(trade, of_it=ExecType.TRADE_CANCEL if stood else None, asked={comp_id: request})

    def deals(self, comp_id: str) -> tuple[Deal, ...]:
        """Return every trade a Comp ID knows, as it has it."""
        broker = self._floor.members[comp_id].broker
        found = (
            seen_by(broker, each.told[comp_id].with_fields(TradeID=each.trade_id), each.standing)
            for each in self._all.values()
            if comp_id in each.told
        )
        return tuple(deal for deal in found if deal is not None)

    def _tell(self, trade: Reported, *, of_it: ExecType | None = None, asked: dict[str, Message] | None = None) -> None:
        ended, stands = trade.standing is DealStanding.ENDED, trade.standing is DealStanding.CONFIRMED
        copies: dict[tuple[str, str], Message] = {}
        for comp_id, words in trade.told.items():
            request = (asked or {}).get(comp_id)
            message = words.with_fields(
                TradeReportID=(request or words).text("TradeReportID"),
                TradeReportType=TradeReportType.CANCEL if ended else TradeReportType.SUBMIT,
                TradeID=trade.trade_id,
                TransactTime=self._floor.report().time,
                ExecType=ExecType.TRADE if stands else of_it,
                TrdRptStatus=TradeReportStatus.ACCEPTED,
            )
            self._floor.tell(comp_id, message)
            for copy in self._floor.copies_of(comp_id):
                copies.setdefault((copy, message.text("SubmittingBrokerID")), message)
        for (copy, _), message in copies.items():
            self._floor.tell(copy, message)
