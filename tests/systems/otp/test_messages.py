"""A message's fields as they are asked for, and times as the gateways write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.messages import Kind, Message, moment, stamp
from pytest_hkexprt.systems.otp.words import Side

ORDER = Message.of(Kind.NEW_ORDER, ClOrdID="1", Side=Side.BUY, OrderQty=Decimal(100), MaxPriceLevels=3, Price=None)
UTC = dt.datetime(2023, 11, 25, 2, 3, 4, 567_890, tzinfo=dt.UTC)


def test_a_field_that_is_none_is_not_said():
    assert "Price" not in ORDER
    assert "ClOrdID" in ORDER
    assert ORDER.get("Price") is None


def test_a_message_is_made_of_a_kind_and_its_fields():
    assert Message.of(Kind.REJECT, RefSeqNum=1, Reason=None) == Message(Kind.REJECT, {"RefSeqNum": 1})


def test_a_field_is_asked_for_as_text():
    assert (ORDER.text("ClOrdID"), ORDER.text("MaxPriceLevels"), ORDER.text("Price")) == ("1", "3", "")


def test_a_field_is_asked_for_as_a_number():
    assert (ORDER.number("MaxPriceLevels"), ORDER.number("ClOrdID"), ORDER.number("Price")) == (3, 0, 0)


def test_a_field_is_asked_for_as_an_amount():
    assert (ORDER.amount("OrderQty"), ORDER.amount("ClOrdID"), ORDER.amount("Price")) == (100, 0, 0)


def test_a_message_with_other_fields_leaves_the_first_as_it_was():
    other = ORDER.with_fields(ClOrdID="2", Side=None)
    assert (other.get("ClOrdID"), "Side" in other) == ("2", False)
    assert (ORDER["ClOrdID"], ORDER["Side"]) == ("1", Side.BUY)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (Message(Kind.HEARTBEAT, {"TestReqID": "7"}, "CO1", 5), "<Heartbeat CO1 5: TestReqID=7>"),
        (Message(Kind.HEARTBEAT, {}, "CO1", 5, poss_dup=True), "<Heartbeat CO1 5 PossDup: >"),
        (Message(Kind.HEARTBEAT, {}, "CO1", 5, poss_resend=True), "<Heartbeat CO1 5 PossResend: >"),
        (
            Message(Kind.LOGON, {"EncryptedPassword": "x", "NextExpectedMsgSeqNum": 1}, "CO1", 1),
            "<Logon CO1 1: EncryptedPassword=•••, NextExpectedMsgSeqNum=1>",
        ),
    ],
    ids=str,
)
def test_a_message_is_shown_without_its_secrets(message, shown):
    assert repr(message) == shown


@pytest.mark.parametrize(
    ("digits", "text"),
    [(0, "20231125-02:03:04"), (3, "20231125-02:03:04.567"), (6, "20231125-02:03:04.567890")],
)
def test_a_time_is_written_in_utc_with_its_digits_and_read_again(digits, text):
    hong_kong = UTC.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert stamp(hong_kong, digits) == text
    assert stamp(moment(text), digits) == text
    assert moment(text).tzinfo is dt.UTC


def test_what_is_no_time_names_none():
    with pytest.raises(ValueError, match="does not match"):
        moment("yesterday")
