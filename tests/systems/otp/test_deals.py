"""The participant's own account of trades off the books: whose a report is, what is told of it, how accounts differ."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.deals import Deal, Deals, DealStanding, differences, seen_by
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.words import ExecType, Side, TradeHandling, TradeReportType, TrdType

OURS, THEIRS = "1234", "1235"
REPORT = Message.of(
    Kind.TRADE_CAPTURE,
    TradeReportID="7",
    TradeReportType=TradeReportType.SUBMIT,
    TradeHandlingInstr=TradeHandling.TWO_PARTY,
    TradeID="M1",
    SubmittingBrokerID=OURS,
    CounterpartyBrokerID=THEIRS,
    TrdType=TrdType.PRIVATELY_NEGOTIATED,
    SecurityID="700",
    Side=Side.SELL,
    LastQty=Decimal(150),
    LastPx=Decimal("388.60"),
)
DEAL = Deal("M1", "7", "700", Side.SELL, Decimal(150), Decimal("388.60"), THEIRS, DealStanding.REPORTED, 22)
WORDED = "sell 150 of 700 at 388.6"
OF_THE_OTHER = REPORT.with_fields(SubmittingBrokerID=THEIRS, CounterpartyBrokerID=OURS, TradeReportID="9")


@pytest.fixture
def account() -> Deals:
    return Deals(OURS, [])


def confirmed(report: Message = REPORT, **fields) -> Message:
    return report.with_fields(ExecType=ExecType.TRADE, **fields)


def test_a_trade_is_told_in_one_line():
    assert str(DEAL) == "M1: sell 150 of 700 at 388.6, broker 1235, reported by one party"
    assert str(replace(DEAL, quantity=Decimal("1E+2"), price=Decimal("1E+1"))).startswith("M1: sell 100 of 700 at 10,")


def test_ones_own_report_is_seen_as_it_is():
    assert seen_by(OURS, REPORT, DealStanding.REPORTED) == DEAL


@pytest.mark.parametrize(
    ("theirs", "ours"), [(Side.BUY, Side.SELL), (Side.SELL, Side.BUY), (Side.SELL_SHORT, Side.BUY), (None, None)]
)
def test_the_others_report_is_seen_from_across(theirs, ours):
    report = OF_THE_OTHER.with_fields(Side=theirs)
    found = seen_by(OURS, report, DealStanding.CONFIRMED)
    assert found == replace(DEAL, report_id="", side=ours, standing=DealStanding.CONFIRMED)


@pytest.mark.parametrize(
    "fields",
    [
        {"CounterpartyBrokerID": "9999"},
        {"TradeHandlingInstr": TradeHandling.CONFIRMATION},
        {"TrdType": TrdType.ODD_LOT},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_is_told_to_another_is_no_trade_of_ones_own(account, fields):
    report = OF_THE_OTHER.with_fields(**fields)
    assert seen_by(OURS, report, DealStanding.REPORTED) is None
    assert (account.heard(report), account.deals()) == (False, ())
    assert seen_by(OURS, REPORT.with_fields(**fields), DealStanding.REPORTED) is not None


def test_a_report_without_a_kind_or_a_side_has_none():
    found = seen_by(OURS, REPORT.with_fields(TrdType=None, Side=None), DealStanding.REPORTED)
    assert found is not None
    assert (found.kind, found.side) == (None, None)


def test_a_report_of_ours_is_answered_and_goes_its_way(account):
    account.sent(REPORT)
    assert account.heard(REPORT) is True
    assert account.deals() == (DEAL,)
    assert account.heard(confirmed()) is True
    assert account.deals() == (replace(DEAL, standing=DealStanding.CONFIRMED),)
    assert account.heard(REPORT.with_fields(ExecType=ExecType.TRADE_CANCEL)) is True
    assert account.deal("7") == replace(DEAL, standing=DealStanding.ENDED)
    assert account.faults == []


def test_what_the_other_reports_is_no_answer_and_waits_until_we_confirm_it(account):
    assert account.heard(OF_THE_OTHER) is False
    (waiting,) = account.awaiting()
    assert (waiting.report_id, waiting.side) == ("", Side.BUY)
    confirmation = confirmed(Side=Side.BUY, TradeReportID="8", TradeHandlingInstr=TradeHandling.CONFIRMATION)
    account.sent(confirmation)
    assert account.heard(confirmation) is True
    assert account.awaiting() == []
    assert account.deal("8").standing is DealStanding.CONFIRMED
    assert account.faults == []


def test_our_own_report_does_not_wait_for_us(account):
    account.heard(REPORT)
    assert account.awaiting() == []


def test_a_trade_keeps_the_number_of_its_first_report(account):
    account.heard(REPORT)
    account.heard(confirmed(TradeReportID="8"))
    assert account.deal("7").standing is DealStanding.CONFIRMED
    with pytest.raises(KeyError, match="8"):
        account.deal("8")


@pytest.mark.parametrize(
    "fields", [{"TradeReportType": TradeReportType.CANCEL}, {"ExecType": ExecType.TRADE_CANCEL}], ids=str
)
def test_a_trade_ends_by_what_is_asked_or_what_is_told(account, fields):
    account.heard(REPORT.with_fields(**fields))
    assert account.deals()[0].standing is DealStanding.ENDED


def test_a_trade_without_a_number_is_told_and_still_answers_ours(account):
    assert account.heard(REPORT.with_fields(TradeID=None)) is True
    assert account.heard(OF_THE_OTHER.with_fields(TradeID=None)) is False
    assert account.faults == ["a trade of 700 is told without a TradeID"] * 2
    assert account.deals() == ()


def test_what_is_told_twice_or_backwards_is_told(account):
    account.heard(REPORT)
    account.heard(REPORT)
    account.heard(confirmed())
    account.heard(REPORT)
    assert account.faults == [
        "trade M1 was told to be reported by one party twice",
        "trade M1 is reported by one party after it was confirmed",
    ]
    assert account.repeated == 0


@pytest.mark.parametrize("mark", ["poss_dup", "poss_resend"])
def test_what_is_marked_as_told_again_is_counted(account, mark):
    account.heard(REPORT)
    account.heard(replace(REPORT, **{mark: True}))
    assert (account.faults, account.repeated) == ([], 1)


@pytest.mark.parametrize(
    ("fields", "worded"),
    [
        ({"SecurityID": "5"}, "sell 150 of 5 at 388.6"),
        ({"Side": Side.BUY}, "buy 150 of 700 at 388.6"),
        ({"LastQty": Decimal("1E+2")}, "sell 100 of 700 at 388.6"),
        ({"LastPx": Decimal(10)}, "sell 150 of 700 at 10"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_trade_is_held_against_our_report_and_against_what_was_told_before(fields, worded):
    expected = [f"trade M1 is told as {worded}; reported was {WORDED}"]
    sent = Deals(OURS, [])
    sent.sent(REPORT)
    sent.heard(REPORT.with_fields(**fields))
    assert sent.faults == expected
    heard = Deals(OURS, [])
    heard.heard(REPORT)
    heard.heard(confirmed(**fields))
    assert heard.faults == expected


def test_a_short_sale_that_was_a_sale_from_across_is_no_other_trade(account):
    account.heard(OF_THE_OTHER.with_fields(Side=Side.BUY))
    account.heard(confirmed(Side=Side.SELL_SHORT))
    assert account.faults == []


@pytest.mark.parametrize(("reported", "told"), [(Side.SELL_SHORT, Side.SELL), (Side.SELL, Side.SELL_SHORT)])
def test_a_short_sale_in_ones_own_words_is_told_as_one(account, reported, told):
    account.heard(REPORT.with_fields(Side=reported))
    account.heard(confirmed(Side=told))
    assert account.faults == [
        f"trade M1 is told as {told} 150 of 700 at 388.6; reported was {reported} 150 of 700 at 388.6"
    ]


def test_accounts_that_agree_do_not_differ():
    assert differences([DEAL], [DEAL]) == []


def test_accounts_that_differ_are_told_trade_by_trade():
    other = replace(DEAL, quantity=Decimal(151))
    second, third = replace(DEAL, trade_id="M2"), replace(DEAL, trade_id="M3")
    assert differences([DEAL, second], [other, third]) == [
        f"ours only: trade {second}",
        f"theirs only: trade {third}",
        f"ours trade {DEAL}; theirs {other}",
    ]
