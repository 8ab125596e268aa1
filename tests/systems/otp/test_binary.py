from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import google_crc32c
import pytest

from pytest_hkexprt.systems.otp.binary import BinaryCodec
from pytest_hkexprt.systems.otp.messages import Entry, Kind, Message, Role
from pytest_hkexprt.systems.otp.profiles import CCCG_13, OCG_3, OCG_22, Profile
from pytest_hkexprt.systems.otp.wire import (
    BadChecksum,
    BadFormat,
    BadLength,
    BadMessage,
    BadStart,
    BadValue,
    BrokenStream,
    CannotEncode,
    CutShort,
    EmptyField,
    MissingField,
    UndefinedField,
    UnknownKind,
)
from pytest_hkexprt.systems.otp.words import (
    LookupStatus,
    SessionRejectReason,
    TimeInForce,
)
from tests.systems.otp.golden import GATEWAY, ORDER, PARTICIPANT
from tests.systems.otp.samples import COMP_ID


def decoded(data: bytes, profile: Profile = OCG_3, sender: Role = PARTICIPANT) -> Message | None:
    decoder = BinaryCodec(profile).decoder(sender)
    decoder.receive_data(data)
    return decoder.next_message()


def encoded(message: Message, profile: Profile = OCG_3, sender: Role = PARTICIPANT, *, strict: bool = True) -> bytes:
    return BinaryCodec(profile).encode(replace(message, comp_id=COMP_ID), sender=sender, strict=strict)


def with_checksum(data: bytes) -> bytes:
    """Return bytes whose length and checksum are right again."""
    data = data[:1] + len(data).to_bytes(2, "little") + data[3:-4]
    return data + google_crc32c.value(data).to_bytes(4, "little")


def changed(data: bytes, at: int, new: bytes) -> bytes:
    """Return a message with other bytes in one place, length and checksum right."""
    return with_checksum(data[:at] + new + data[at + len(new) :])


def test_the_checksum_is_crc_32c():
    assert google_crc32c.value(b"123456789") == 0xE3069283


def test_what_is_no_message_breaks_the_stream():
    with pytest.raises(BadStart):
        decoded(b"GET / HTTP/1.1\r\n")


def test_a_length_below_a_header_breaks_the_stream():
    with pytest.raises(BadLength):
        decoded(bytes.fromhex("02390000"))


def test_a_damaged_message_breaks_the_stream_for_good():
    data = bytearray(encoded(ORDER))
    data[60] ^= 1
    decoder = BinaryCodec(OCG_3).decoder(PARTICIPANT)
    decoder.receive_data(bytes(data) + encoded(ORDER))
    for _ in range(2):
        with pytest.raises(BadChecksum):
            decoder.next_message()


def test_a_line_that_ends_between_messages_is_no_fault():
    decoder = BinaryCodec(OCG_3).decoder(PARTICIPANT)
    decoder.receive_data(encoded(ORDER))
    decoder.receive_data(b"")
    assert decoder.next_message()
    assert decoder.next_message() is None


@pytest.mark.parametrize("number", [19, 20, 29, 255])
def test_a_type_nobody_gave_out_is_told_with_its_number(number):
    with pytest.raises(UnknownKind) as told:
        decoded(changed(encoded(replace(ORDER, seq=5)), 3, bytes([number])))
    assert (told.value.seq, told.value.reason) == (5, SessionRejectReason.INVALID_MESSAGE_TYPE)


def test_what_only_a_gateway_says_is_not_taken_from_a_participant():
    report = Message.of(Kind.LOOKUP_RESPONSE, LookupStatus=LookupStatus.ACCEPTED)
    with pytest.raises(UnknownKind):
        decoded(encoded(report, sender=GATEWAY), sender=PARTICIPANT)


@pytest.mark.parametrize("kind", [Kind.AMEND, Kind.MASS_CANCEL, Kind.QUOTE, Kind.TRADE_CAPTURE, Kind.OBO_CANCEL])
def test_otp_csc_has_no_amend_mass_cancel_quote_or_trade_capture(kind):
    data = changed(encoded(Message(kind), OCG_3, strict=False), 3, b"")
    with pytest.raises(UnknownKind):
        decoded(data, CCCG_13)


def test_a_missing_mandatory_field_is_named():
    with pytest.raises(MissingField, match="Side") as told:
        decoded(encoded(ORDER.with_fields(Side=None), strict=False))
    assert told.value.field == "Side"


def test_a_bcan_is_mandatory_where_the_profile_says_so():
    with pytest.raises(MissingField, match="BCAN"):
        decoded(encoded(ORDER.with_fields(BCAN=None), strict=False))
    assert decoded(encoded(ORDER.with_fields(BCAN=None), OCG_22), OCG_22)


def test_a_password_is_mandatory_from_the_participant_alone():
    logon = Message.of(Kind.LOGON, NextExpectedMsgSeqNum=1)
    with pytest.raises(MissingField, match="EncryptedPassword"):
        decoded(encoded(logon, strict=False))
    assert decoded(encoded(logon, sender=GATEWAY), sender=GATEWAY)


def test_a_bit_the_layout_does_not_have_is_told():
    data = encoded(ORDER)
    with pytest.raises(UndefinedField):
        decoded(changed(data, 22 + 31, bytes([data[22 + 31] | 1])))


def test_a_code_no_vocabulary_has_is_told():
    with pytest.raises(BadValue, match="Side") as told:
        decoded(changed(encoded(ORDER), 54 + 85, b"\x09"))
    assert (told.value.field, told.value.reason) == ("Side", SessionRejectReason.VALUE_INCORRECT)


def test_text_without_its_nul_is_told():
    with pytest.raises(BadFormat, match="ClOrdID"):
        decoded(changed(encoded(ORDER), 54, b"1" * 21))


def test_a_field_without_a_value_is_told():
    with pytest.raises(EmptyField, match="ClOrdID"):
        decoded(changed(encoded(ORDER), 54, b"\0"))


@pytest.mark.parametrize("cut", [1, 21, 60])
def test_a_body_that_ends_too_soon_is_told(cut):
    data = encoded(ORDER)
    with pytest.raises(BadFormat):
        decoded(with_checksum(data[: -4 - cut] + data[-4:]))


def test_bytes_after_the_last_field_are_told():
    data = encoded(ORDER)
    with pytest.raises(BadFormat, match="no bytes"):
        decoded(with_checksum(data[:-4] + b"\0" + data[-4:]))


@pytest.mark.parametrize("length", [b"\0\0", b"\xff\xff", b"\x4c\0"])
def test_a_text_longer_than_its_field_or_its_message_is_told(length):
    data = encoded(Message.of(Kind.LOGOUT, Text="goodbye"))
    with pytest.raises(BadFormat, match="Text"):
        decoded(changed(data, 54, length))


def test_a_bad_message_does_not_end_the_stream():
    decoder = BinaryCodec(OCG_3).decoder(PARTICIPANT)
    decoder.receive_data(changed(encoded(ORDER), 54, b"\0") + encoded(ORDER))
    with pytest.raises(BadMessage):
        decoder.next_message()
    assert decoder.next_message() == replace(ORDER, comp_id=COMP_ID)


def test_a_reason_nobody_published_stays_a_number():
    reject = Message.of(Kind.REJECT, SessionRejectReason=4711, RefSeqNum=3)
    assert decoded(encoded(reject)) == replace(reject, comp_id=COMP_ID)


def test_entries_of_a_group_have_one_presence_map():
    entries = (
        Entry({"ThrottleAction": 2, "ThrottleType": 0, "ThrottleNoMsgs": 8, "ThrottleTimeInterval": 1}),
        Entry({"ThrottleAction": 2, "ThrottleType": 0, "ThrottleNoMsgs": 4, "ThrottleTimeInterval": 1}),
    )
    answer = Message.of(Kind.THROTTLE_RESPONSE, UserRequestID="1", UserName="A", NoThrottles=entries)
    data = encoded(answer, sender=GATEWAY)
    assert data[54 + 70 : -4].hex() == "0200" + "f000" + "0200080000000100" + "0200040000000100"
    assert decoded(data, sender=GATEWAY) == replace(answer, comp_id=COMP_ID)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"ClOrdID": "1" * 21}, "ClOrdID"),
        ({"ClOrdID": ""}, "ClOrdID"),
        ({"ClOrdID": "ö"}, "ClOrdID"),
        ({"ClOrdID": 1}, "ClOrdID"),
        ({"Price": Decimal("0.000000001")}, "Price"),
        ({"Price": Decimal("0." + "1" * 50)}, "Price"),
        ({"Price": Decimal(10) ** 12}, "Price"),
        ({"Price": Decimal("1E+999999")}, "Price"),
        ({"Price": Decimal("1E-999999")}, "Price"),
        ({"Price": Decimal("NaN")}, "Price"),
        ({"Price": 388.6}, "Price"),
        ({"Side": 1}, "Side"),
        ({"DisclosureInstructions": 65536}, "DisclosureInstructions"),
        ({"DisclosureInstructions": True}, "DisclosureInstructions"),
        ({"QuoteMsgID": "1"}, "QuoteMsgID"),
        ({"Side": None}, "Side"),
    ],
)
def test_a_message_its_layout_has_no_room_for_is_not_written(fields, named):
    with pytest.raises(CannotEncode, match=named):
        encoded(ORDER.with_fields(**fields))


def test_a_password_is_in_no_message_about_it():
    logon = Message.of(Kind.LOGON, NextExpectedMsgSeqNum=1, EncryptedPassword="QUJD" * 200)
    with pytest.raises(CannotEncode) as told:
        encoded(logon)
    assert "QUJD" not in str(told.value)
    assert "QUJD" not in repr(logon)


def test_what_came_of_a_password_is_in_no_message_about_it():
    data = encoded(Message.of(Kind.LOGON, NextExpectedMsgSeqNum=1, EncryptedPassword="QUJD" * 86))
    with pytest.raises(BadFormat, match="EncryptedPassword") as told:
        decoded(changed(data, 54, b"QUJD" * 112 + b"QU"))
    assert "QUJD" not in str(told.value)


def test_an_absent_time_in_force_stays_absent():
    found = decoded(encoded(ORDER))
    assert found is not None
    assert found.get("TimeInForce") is None
    assert decoded(encoded(ORDER.with_fields(TimeInForce=TimeInForce.DAY)))["TimeInForce"] is TimeInForce.DAY  # type: ignore[index]


def test_every_fault_of_the_bytes_is_one_of_two_families():
    assert {BadStart, BadLength, BadChecksum, CutShort} == set(BrokenStream.__subclasses__())
    assert set(BadMessage.__subclasses__()) >= {UnknownKind, MissingField, UndefinedField, BadValue, BadFormat}


@pytest.mark.parametrize("price", [388, "388", True, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")], ids=repr)
def test_what_is_no_decimal_is_not_written_even_after_an_equal_one_was(price):
    encoded(ORDER.with_fields(Price=Decimal(388)))
    encoded(ORDER.with_fields(Price=Decimal(1)))
    with pytest.raises(CannotEncode, match="a decimal number"):
        encoded(ORDER.with_fields(Price=price))


@pytest.mark.parametrize("price", ["1e-9", "1e20", "92233720368.54775808", "1e400"])
def test_a_decimal_the_wire_has_no_room_for_is_refused_every_time(price):
    for _ in range(2):
        with pytest.raises(CannotEncode, match="Price"):
            encoded(ORDER.with_fields(Price=Decimal(price)))
