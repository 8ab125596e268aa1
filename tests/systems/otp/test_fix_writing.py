"""What the FIX codec says of a message it cannot write, whole: which field, what was expected, what came."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt.errors import compose
from pytest_hkexprt.systems.otp.fix import FixCodec
from pytest_hkexprt.systems.otp.messages import Entry, Kind, Message
from pytest_hkexprt.systems.otp.profiles import OCG_22
from pytest_hkexprt.systems.otp.wire import CannotEncode
from tests.systems.otp.samples import COMP_ID, SENT
from tests.systems.otp.test_fix import GATEWAY, ORDER, PARTICIPANT, encoded

LOGON = Message.of(Kind.LOGON, NextExpectedMsgSeqNum=1, EncryptedPassword="QUJD")


def refusal(message: Message, **framing) -> str:
    """Try to write a message, and return what is said."""
    given = {"comp_id": COMP_ID, "seq": 7, "sent": SENT} | framing
    with pytest.raises(CannotEncode) as fault:
        FixCodec(OCG_22).encode(replace(message, **given), sender=PARTICIPANT)
    return str(fault.value)


@pytest.mark.parametrize(
    ("fields", "expected", "came"),
    [
        ({"ClOrdID": "1\x0144=1"}, "printable ASCII text", r"'1\x0144=1'"),
        ({"ClOrdID": ""}, "printable ASCII text", "''"),
        ({"ClOrdID": 1}, "printable ASCII text", "1"),
        ({"Side": 1}, "a Side", "1"),
        ({"Price": Decimal("NaN")}, "a decimal number", "Decimal('NaN')"),
        ({"Price": 1.5}, "a decimal number", "1.5"),
        ({"Price": Decimal("1E30")}, "a decimal number of at most 24 characters", "Decimal('1E+30')"),
        ({"SecurityIDSource": True}, "a whole number of 32 bits", "True"),
        ({"SecurityIDSource": 2**32}, "a whole number of 32 bits", str(2**32)),
        ({"SecurityIDSource": -1}, "a whole number of 32 bits", "-1"),
        ({"SecurityIDSource": "8"}, "a whole number of 32 bits", "'8'"),
        ({"BeginSeqNo": 1}, "fields of its layout", "1"),
    ],
)
def test_a_value_that_has_no_text(fields, expected, came):
    told = compose(f"New Order 7, {next(iter(fields))}", expected=expected, came=came)
    assert refusal(ORDER.with_fields(**fields)) == told


@pytest.mark.parametrize(
    ("message", "expected", "came"),
    [
        (Message.of(Kind.SEQUENCE_RESET, GapFillFlag=1, NewSeqNo=9), "a flag", "1"),
        (
            Message.of(Kind.REJECT, SessionRejectReason=0, RefSeqNum=1, RefFieldName="Nothing"),
            "a field FIX has a tag for",
            "'Nothing'",
        ),
    ],
    ids=str,
)
def test_a_value_of_another_kind_of_field(message, expected, came):
    assert refusal(message).splitlines()[1:] == [f"  expected: {expected}", f"  came:     {came}"]


def test_a_kind_that_is_none_of_fixs():
    assert refusal(Message.of(Kind.LOOKUP_REQUEST, TypeOfService=1, ProtocolType=1)) == compose(
        "Lookup Request 7", expected="a kind that FIX has", came="Lookup Request"
    )


@pytest.mark.parametrize("framing", [{"comp_id": ""}, {"comp_id": "A\x01B"}, {"sent": ""}, {"sent": "\x01"}], ids=str)
def test_a_frame_without_a_name_or_a_time(framing):
    told = compose("New Order 7", expected="a Comp ID and a SendingTime", came="none")
    assert refusal(ORDER, **framing) == told


def test_a_time_may_lack_where_a_fault_is_meant():
    assert b"\x0152=" not in FixCodec(OCG_22).encode(replace(ORDER, comp_id="A"), sender=PARTICIPANT, strict=False)


def test_mandatory_fields_that_are_not_there():
    told = compose("New Order 7", expected="its mandatory fields", came="OrderQty, Side missing")
    assert refusal(ORDER.with_fields(Side=None, OrderQty=None)) == told


def test_a_password_is_shown_as_dots():
    told = compose("Logon 7, EncryptedPassword", expected="printable ASCII text", came="•••")
    assert refusal(LOGON.with_fields(EncryptedPassword="QUJD\x01QUJD")) == told


# ------------------------------------------------------------------ groups


THROTTLES = Message.of(
    Kind.THROTTLE_RESPONSE,
    UserRequestID="1",
    UserName="A",
    NoThrottles=(Entry({"ThrottleAction": 2, "ThrottleType": 0}),),
)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((), "entries that begin with ThrottleAction"),
        ("x", "entries that begin with ThrottleAction"),
        ((Entry({"ThrottleType": 0}),), "entries that begin with ThrottleAction"),
        ((Entry({"ThrottleAction": 2, "Side": 0, "Price": 1}),), "no Price, Side"),
    ],
    ids=str,
)
def test_entries_that_are_none(entries, expected):
    with pytest.raises(CannotEncode) as fault:
        encoded(THROTTLES.with_fields(NoThrottles=entries), sender=GATEWAY)
    assert str(fault.value) == compose(
        "Throttle Entitlement Response 2, NoThrottles", expected=expected, came=repr(entries)
    )
