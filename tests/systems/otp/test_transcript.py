"""A message as evidence shows it: in order, readable, its secrets hidden."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.messages import Entry, Kind, Message, Role
from pytest_hkexprt.systems.otp.transcript import Line, business, numbers, readable, shown
from pytest_hkexprt.systems.otp.words import ExecType, OrdRejReason, OrdStatus, Side
from tests.systems.otp.samples import COMP_ID, SPOKEN, full, named

REPORT = Message(
    Kind.EXECUTION_REPORT,
    {
        "CumQty": Decimal("1E+2"),
        "LeavesQty": Decimal(0),
        "ExecType": ExecType.TRADE,
        "OrdStatus": OrdStatus.FILLED,
        "Side": Side.SELL_SHORT,
        "ExecID": "5",
        "OrdRejReason": 4711,
    },
    COMP_ID,
    7,
    poss_dup=True,
)


def test_a_message_is_shown_in_the_order_of_its_layout_with_words():
    assert Line(Role.ACCEPTOR, REPORT, "2023-11-25T02:00:00Z").text == (
        "2023-11-25T02:00:00Z ← Execution Report: MsgType=Execution Report CompID=CO99999901 MsgSeqNum=7 "
        "PossDupFlag=Y Side=sell short ExecID=5 OrdStatus=filled ExecType=trade CumQty=100 LeavesQty=0 "
        "OrdRejReason=4711"
    )


def test_a_message_that_was_said_again_shows_both_times_and_why():
    heartbeat = Message.of(Kind.HEARTBEAT, TestReqID="3")
    again = replace(
        heartbeat,
        comp_id=COMP_ID,
        seq=9,
        poss_resend=True,
        sent="20231125-02:00:01.000",
        originally_sent="20231125-02:00:00.000",
    )
    assert Line(Role.INITIATOR, again).text == (
        "→ Heartbeat: MsgType=Heartbeat CompID=CO99999901 MsgSeqNum=9 PossResend=Y SendingTime=20231125-02:00:01.000 "
        "OrigSendingTime=20231125-02:00:00.000 TestReqID=3"
    )
    assert Line(Role.INITIATOR, again).facts == dict(shown(again))


def test_a_name_the_layout_does_not_have_comes_last():
    message = Message.of(Kind.HEARTBEAT, Zeta="1", TestReqID="3")
    assert [name for name, _ in shown(message)][-2:] == ["TestReqID", "Zeta"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (False, "no"),
        (OrdRejReason.SHORT_SELL_NOT_PERMITTED, "22 (short sell not permitted)"),
        (Decimal("1E+2"), "100"),
        ((Entry({"A": True, "B": Decimal("0.10")}), Entry({"A": "x"})), "A yes, B 0.10; A x"),
        (7, "7"),
    ],
)
def test_a_value_is_shown_as_a_person_reads_it(value, text):
    assert readable(value) == text


def test_a_code_stands_beside_what_it_means():
    reject = Message.of(Kind.BUSINESS_REJECT, BusinessRejectReason=8)
    assert dict(shown(reject))["BusinessRejectReason"] == "8"
    reject = full(Kind.BUSINESS_REJECT, *_binary())
    assert dict(shown(reject))["BusinessRejectReason"] == "0 (other)"


def _binary():
    profile, protocol, _ = SPOKEN[0]
    return profile, protocol, Role.ACCEPTOR


def test_entries_are_shown_by_name():
    answer = Message.of(Kind.THROTTLE_RESPONSE, NoThrottles=(Entry({"ThrottleNoMsgs": 8, "ThrottleTimeInterval": 1}),))
    assert dict(shown(answer))["NoThrottles"] == "ThrottleNoMsgs 8, ThrottleTimeInterval 1"


def test_passwords_are_dots():
    logon = Message.of(Kind.LOGON, EncryptedPassword="QUJD", EncryptedNewPassword="REVG")
    text = Line(Role.INITIATOR, logon).text
    assert "EncryptedPassword=••• EncryptedNewPassword=•••" in text
    assert "QUJD" not in text
    assert "REVG" not in text


@pytest.mark.parametrize(("profile", "protocol", "sender"), SPOKEN, ids=named)
def test_every_field_of_every_message_is_shown(profile, protocol, sender):
    for kind in profile.kinds(sender) - {Kind.LOOKUP_REQUEST, Kind.LOOKUP_RESPONSE}:
        message = full(kind, profile, protocol, sender)
        assert set(message.fields) <= {name for name, _ in shown(message)}


def test_business_is_what_a_login_test_may_not_hold():
    lines = [Line(Role.INITIATOR, Message(kind)) for kind in Kind]
    kinds = {line.message.kind for line in business(lines)}
    assert kinds == {kind for kind in Kind if not kind.is_session}
    assert Kind.NEW_ORDER in kinds
    assert Kind.LOGON not in kinds


def test_numbers_of_a_side_leave_lookups_out():
    said = [Message(Kind.LOOKUP_REQUEST, seq=1), Message(Kind.LOGON, seq=1), Message(Kind.NEW_ORDER, seq=2)]
    heard = [Message(Kind.LOOKUP_RESPONSE, seq=1), Message(Kind.LOGON, seq=3)]
    lines = [Line(Role.INITIATOR, each) for each in said] + [Line(Role.ACCEPTOR, each) for each in heard]
    assert numbers(lines, Role.INITIATOR) == [1, 2]
    assert numbers(lines, Role.ACCEPTOR) == [3]
