"""Two brokers' desks that tell the exchange of trades off the books, and what is then asked of their accounts."""

from __future__ import annotations

from decimal import Decimal

from pytest_hkexprt.systems.otp.deals import DealStanding
from pytest_hkexprt.systems.otp.messages import Kind
from pytest_hkexprt.systems.otp.words import (
    Side,
    TradeHandling,
    TradeReportStatus,
    TradeReportType,
    TrdType,
)
from tests.systems.otp.desk import NUMBERS, Desk

BROKER_OF_FIRST, BROKER_OF_SECOND = "1234", "1235"


def account(desk: Desk):
    return desk.orders.deals.deals()


def tell(desk: Desk, side: Side, against: str, **fields) -> str:
    """Report a trade, and return the report's number."""
    name = str(next(NUMBERS))
    given = {
        "TradeReportID": name,
        "TradeReportType": TradeReportType.SUBMIT,
        "TradeHandlingInstr": TradeHandling.TWO_PARTY,
        "CounterpartyBrokerID": against,
        "TrdType": TrdType.PRIVATELY_NEGOTIATED,
        "Side": side,
        "LastQty": Decimal(150),
        "LastPx": Decimal("388.6"),
    }
    desk.say(Kind.TRADE_CAPTURE, **(given | fields))
    return name


def sell(desk: Desk, **fields) -> str:
    return tell(desk, Side.SELL, BROKER_OF_SECOND, **fields)


def buy(desk: Desk, **fields) -> str:
    return tell(desk, Side.BUY, BROKER_OF_FIRST, **fields)


def confirm(desk: Desk, **fields) -> str:
    (deal,) = desk.orders.deals.awaiting()
    given = {"TradeHandlingInstr": TradeHandling.CONFIRMATION, "TradeID": deal.trade_id}
    return buy(desk, **(given | fields))


def pick_off(desk: Desk, **fields) -> str:
    given = {"TrdType": TrdType.ODD_LOT, "TradeHandlingInstr": TradeHandling.ONE_PARTY, "LastQty": Decimal(10)}
    return buy(desk, **(given | fields))


def standings(*all_of_them: Desk) -> list[list[DealStanding]]:
    return [[deal.standing for deal in account(desk)] for desk in all_of_them]


def refusal(desk: Desk, name: str) -> object:
    answer = desk.orders.answer(name)
    assert answer is not None
    assert (answer.kind, answer["TrdRptStatus"]) == (Kind.TRADE_CAPTURE_ACK, TradeReportStatus.REJECTED)
    return answer["TradeReportRejectReason"]


def why(desk: Desk, name: str) -> str:
    answer = desk.orders.answer(name)
    assert answer is not None
    return answer.text("Reason")


def cancel(desk: Desk, against: str, side: Side, **fields) -> str:
    (deal,) = account(desk)
    return tell(desk, side, against, TradeReportType=TradeReportType.CANCEL, TradeID=deal.trade_id, **fields)
