"""What the binary codec says of a message it cannot write, whole: which field, what was expected, what came."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt.errors import compose
from pytest_hkexprt.systems.otp.binary import BinaryCodec, layouts_of
from pytest_hkexprt.systems.otp.messages import Entry, Kind, Message
from pytest_hkexprt.systems.otp.profiles import CCCG_13, OCG_3, OCG_22
from pytest_hkexprt.systems.otp.wire import CannotEncode
from tests.systems.otp.samples import COMP_ID, named
from tests.systems.otp.test_binary import GATEWAY, ORDER, PARTICIPANT, decoded, encoded

THROTTLE = Message.of(
    Kind.THROTTLE_RESPONSE,
    UserRequestID="1",
    UserName="A",
    NoThrottles=(Entry({"ThrottleAction": 2, "ThrottleType": 0}), Entry({"ThrottleAction": 1, "ThrottleType": 0})),
)


def refusal(message: Message, **framing) -> str:
    """Try to write a message, and return what is said."""
    given = {"comp_id": COMP_ID, "seq": 7} | framing
    with pytest.raises(CannotEncode) as fault:
        BinaryCodec(OCG_3).encode(replace(message, **given), sender=PARTICIPANT)
    return str(fault.value)


@pytest.mark.parametrize(
    ("fields", "expected", "came"),
    [
        ({"ClOrdID": "1" * 21}, "text of 1 to 20 printable ASCII characters", repr("1" * 21)),
        ({"ClOrdID": ""}, "text of 1 to 20 printable ASCII characters", "''"),
        ({"ClOrdID": "ö"}, "text of 1 to 20 printable ASCII characters", "'ö'"),
        ({"ClOrdID": "a\tb"}, "text of 1 to 20 printable ASCII characters", r"'a\tb'"),
        ({"ClOrdID": 1}, "text of 1 to 20 printable ASCII characters", "1"),
        ({"Text": "x" * 50}, "text of 1 to 49 printable ASCII characters", repr("x" * 50)),
        ({"Price": 388.6}, "a decimal number", "388.6"),
        ({"Price": Decimal("NaN")}, "a decimal number", "Decimal('NaN')"),
        ({"Price": Decimal("0.000000001")}, "at most 8 decimal places", "Decimal('1E-9')"),
        ({"Price": Decimal("1." + "1" * 50)}, "at most 8 decimal places", f"Decimal('1.{'1' * 50}')"),
        ({"Price": Decimal(10) ** 12}, "at most 19 digits in all", "Decimal('1000000000000')"),
        ({"Price": Decimal("1E+20")}, "at most 19 digits in all", "Decimal('1E+20')"),
        ({"Price": Decimal(2**63) / 10**8}, "at most 19 digits in all", "Decimal('92233720368.54775808')"),
        ({"Price": Decimal(-(2**63) - 1) / 10**8}, "at most 19 digits in all", "Decimal('-92233720368.54775809')"),
        ({"Side": 1}, "a Side", "1"),
        ({"DisclosureInstructions": 65536}, "a whole number from 0 to 65535", "65536"),
        ({"DisclosureInstructions": -1}, "a whole number from 0 to 65535", "-1"),
        ({"DisclosureInstructions": True}, "a whole number from 0 to 65535", "True"),
        ({"DisclosureInstructions": "1"}, "a whole number from 0 to 65535", "'1'"),
        ({"SecurityIDSource": 256}, "a whole number from 0 to 255", "256"),
    ],
)
def test_a_value_its_field_has_no_room_for(fields, expected, came):
    assert refusal(ORDER.with_fields(**fields)) == compose(
        f"New Order 7, {next(iter(fields))}", expected=expected, came=came
    )


@pytest.mark.parametrize(
    ("message", "expected", "came"),
    [
        (Message.of(Kind.TEST_REQUEST, TestReqID="07"), "text that is a whole number from 0 to 65535", "'07'"),
        (Message.of(Kind.TEST_REQUEST, TestReqID="x"), "text that is a whole number from 0 to 65535", "'x'"),
        (Message.of(Kind.TEST_REQUEST, TestReqID=7), "text that is a whole number from 0 to 65535", "7"),
        (Message.of(Kind.TEST_REQUEST, TestReqID="65536"), "a whole number from 0 to 65535", "'65536'"),
        (Message.of(Kind.SEQUENCE_RESET, GapFillFlag=1, NewSeqNo=9), "a flag", "1"),
        (Message.of(Kind.REJECT, SessionRejectReason=0, RefSeqNum=-1), "a whole number from 0 to 4294967295", "-1"),
        (
            Message.of(Kind.REJECT, SessionRejectReason=0, RefSeqNum=1, RefMsgType="x"),
            "text that is a whole number from 0 to 255",
            "'x'",
        ),
        (THROTTLE.with_fields(NoThrottles=()), "1 to 1000 entries", "()"),
        (THROTTLE.with_fields(NoThrottles="x"), "1 to 1000 entries", "'x'"),
    ],
    ids=str,
)
def test_a_value_of_another_kind_of_field(message, expected, came):
    told = refusal(message).splitlines()[1:]
    assert told == [f"  expected: {expected}", f"  came:     {came}"]


@pytest.mark.parametrize(
    "entries",
    [
        (Entry({"ThrottleAction": 2}), Entry({"ThrottleType": 0})),
        (Entry({"ThrottleAction": 2, "Side": 0}),),
        (Entry({"ThrottleAction": 2, "Side": 0}), Entry({"ThrottleAction": 2})),
    ],
    ids=len,
)
def test_entries_that_have_different_fields(entries):
    told = refusal(THROTTLE.with_fields(NoThrottles=entries)).splitlines()
    assert told[:2] == [
        "Throttle Entitlement Response 7, NoThrottles",
        "  expected: entries that all have the same fields of its layout",
    ]


def test_a_thousand_entries_are_written_and_one_more_is_not():
    entry = Entry({"ThrottleAction": 2})
    whole = encoded(THROTTLE.with_fields(NoThrottles=(entry,) * 1000), sender=GATEWAY)
    assert len(decoded(whole, sender=GATEWAY)["NoThrottles"]) == 1000
    assert "expected: 1 to 1000 entries" in refusal(THROTTLE.with_fields(NoThrottles=(entry,) * 1001))


def test_fields_the_message_does_not_have():
    assert refusal(ORDER.with_fields(QuoteMsgID="1", BidID="2")) == compose(
        "New Order 7", expected="fields of its layout", came="BidID, QuoteMsgID"
    )


def test_mandatory_fields_that_are_not_there():
    assert refusal(ORDER.with_fields(Side=None, OrderQty=None)) == compose(
        "New Order 7", expected="its mandatory fields", came="Side, OrderQty missing"
    )


@pytest.mark.parametrize("comp_id", ["A" * 12, "A\nB", "ö"])
def test_a_comp_id_that_is_none(comp_id):
    assert refusal(ORDER, comp_id=comp_id) == compose(
        "New Order 7", expected="a Comp ID of at most 11 characters", came=comp_id
    )


def test_a_comp_id_of_eleven_characters_is_written():
    assert b"A" * 11 in BinaryCodec(OCG_3).encode(replace(ORDER, comp_id="A" * 11), sender=PARTICIPANT)


@pytest.mark.parametrize("seq", [-1, 2**32])
def test_a_number_that_has_no_room(seq):
    assert refusal(ORDER, seq=seq) == compose(f"New Order {seq}", expected="a number of 32 bits", came=str(seq))


@pytest.mark.parametrize("seq", [0, 2**32 - 1])
def test_a_number_that_has_just_room(seq):
    assert decoded(BinaryCodec(OCG_3).encode(replace(ORDER, comp_id=COMP_ID, seq=seq), sender=PARTICIPANT)).seq == seq


def test_a_message_that_is_longer_than_its_length_can_say():
    scope = Entry({"InstrumentScopeSecurityID": "700", "InstrumentScopeSecurityExchange": "XHKG"})
    entry = Entry({"EntitlementID": "1", "NoInstrumentScopes": (scope, scope)})
    size = 58 + 21 + 4 + 1000 * (21 + 4 + 2 * (21 + 5))
    report = Message.of(Kind.PARTY_REPORT, EntitlementsReportID="1", NoEntitlements=(entry,) * 1000)
    with pytest.raises(CannotEncode) as fault:
        encoded(replace(report, seq=7), sender=GATEWAY, strict=False)
    assert str(fault.value) == compose(f"{report.kind} 7", expected="at most 65535 bytes", came=str(size))


def test_a_password_is_shown_as_dots():
    told = refusal(Message.of(Kind.LOGON, NextExpectedMsgSeqNum=1, EncryptedPassword="QUJD" * 200))
    assert told == compose(
        "Logon 7, EncryptedPassword", expected="text of 1 to 449 printable ASCII characters", came="•••"
    )


@pytest.mark.parametrize(
    ("profile", "kind", "asked"),
    [
        (OCG_22, Kind.NEW_ORDER, set()),
        (OCG_3, Kind.NEW_ORDER, {"BCAN"}),
        (OCG_3, Kind.QUOTE, {"BCAN"}),
        (OCG_3, Kind.AMEND, set()),
        (CCCG_13, Kind.NEW_ORDER, {"BCAN", "MaxPriceLevels"}),
    ],
    ids=named,
)
def test_a_profile_makes_fields_mandatory(profile, kind, asked):
    missing = layouts_of(profile)[kind].missing(0, PARTICIPANT)
    assert {"BCAN", "MaxPriceLevels"} & set(missing) == asked
