from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.fix import FixCodec
from pytest_hkexprt.systems.otp.messages import Kind, Message, Role
from pytest_hkexprt.systems.otp.profiles import CCCG_13, OCG_3, OCG_22, Profile
from pytest_hkexprt.systems.otp.wire import (
    BadChecksum,
    BadFormat,
    BadLength,
    BadStart,
    BadValue,
    CannotEncode,
    EmptyField,
    MissingField,
    RepeatedField,
    UndefinedField,
    UnknownKind,
)
from pytest_hkexprt.systems.otp.words import (
    ExecType,
    OrdStatus,
    TimeInForce,
)
from tests.systems.otp import golden
from tests.systems.otp.golden import GATEWAY, PARTICIPANT
from tests.systems.otp.samples import COMP_ID, SENT

ORDER = golden.ORDER.with_fields(TransactTime=SENT, TimeInForce=TimeInForce.DAY, BCAN=None)


def decoded(data: bytes, profile: Profile = OCG_22, sender: Role = PARTICIPANT) -> Message | None:
    decoder = FixCodec(profile).decoder(sender)
    decoder.receive_data(data)
    return decoder.next_message()


def encoded(message: Message, profile: Profile = OCG_22, sender: Role = PARTICIPANT, *, strict: bool = True) -> bytes:
    framed = replace(message, comp_id=COMP_ID, seq=message.seq or 2, sent=SENT)
    return FixCodec(profile).encode(framed, sender=sender, strict=strict)


def frame(body: str) -> bytes:
    """Return a message of a body's tags, | for SOH, with length and checksum right."""
    tags = body.replace("|", "\x01").encode("latin-1")
    data = b"8=FIXT.1.1\x019=%d\x01" % len(tags) + tags
    return data + b"10=%03d\x01" % (sum(data) % 256)


def order(*more: str, leave: tuple[str, ...] = ()) -> bytes:
    """Return an order's frame with more tags, and some left out."""
    body = encoded(ORDER).split(b"\x01")[2:-2]
    tags = [tag.decode() for tag in body if tag.decode() not in leave]
    return frame("|".join([*tags, *more, ""]))


def test_a_logon_says_its_constants_and_the_password_with_its_length():
    logon = Message.of(Kind.LOGON, NextExpectedMsgSeqNum=1, EncryptedPassword="QUJD" * 86)
    assert b"|98=0|108=20|1137=9|789=1|1400=101|1401=344|1402=QUJD" in encoded(logon).replace(b"\x01", b"|")
    assert decoded(encoded(logon)) == replace(logon, comp_id=COMP_ID, seq=2, sent=SENT)


@pytest.mark.parametrize(("profile", "target"), [(OCG_22, b"HKEXCO"), (CCCG_13, b"HKEXCCCO")])
def test_each_gateway_has_its_own_name(profile, target):
    heartbeat = Message(Kind.HEARTBEAT)
    assert b"\x0156=" + target in encoded(heartbeat, profile)
    assert b"\x0149=" + target in encoded(heartbeat, profile, GATEWAY)


def test_another_gateway_s_name_is_told():
    with pytest.raises(BadValue, match="CompID"):
        decoded(encoded(Message(Kind.HEARTBEAT), CCCG_13), OCG_22)


def test_a_client_and_an_investor_are_parties_in_otp_csc():
    data = encoded(ORDER.with_fields(BCAN="1.2", SPSAID="9", MaxPriceLevels=1), CCCG_13)
    assert b"448=1.2|447=D|452=3|448=9|447=D|452=5|" in data.replace(b"\x01", b"|")


@pytest.mark.parametrize("damage", [b"X", b"8=FIX.4.4\x01", b"8=FIXT.1.1\x0135=0\x01"])
def test_what_is_no_message_breaks_the_stream(damage):
    with pytest.raises(BadStart):
        decoded(damage)


@pytest.mark.parametrize("length", ["0", "x", "-1", "000123", "99999", "123456"])
def test_a_length_no_message_has_breaks_the_stream(length):
    with pytest.raises(BadLength):
        decoded(f"8=FIXT.1.1\x019={length}\x0135=0\x01".encode())


def test_a_length_that_leads_past_the_checksum_breaks_the_stream():
    data = encoded(Message(Kind.HEARTBEAT))
    with pytest.raises(BadLength):
        decoded(data.replace(b"\x019=59\x01", b"\x019=58\x01"))


def test_a_wrong_checksum_breaks_the_stream_for_good():
    data = encoded(ORDER)
    decoder = FixCodec(OCG_22).decoder(PARTICIPANT)
    decoder.receive_data(data.replace(b"44=388.6", b"44=388.7") + data)
    for _ in range(2):
        with pytest.raises(BadChecksum):
            decoder.next_message()


def test_two_bytes_that_make_up_for_each_other_go_unnoticed_as_fix_has_it():
    found = decoded(encoded(ORDER).replace(b"44=388.6", b"44=388.7").replace(b"38=100", b"38=000"))
    assert found is not None
    assert found["Price"] == Decimal("388.7")


def test_a_type_nobody_knows_is_told_with_its_number():
    with pytest.raises(UnknownKind) as told:
        decoded(frame(f"35=XX|49={COMP_ID}|56=HKEXCO|34=7|52={SENT}|"))
    assert (told.value.seq, told.value.ref_type) == (7, "XX")


def test_otp_csc_takes_no_amend():
    with pytest.raises(UnknownKind):
        decoded(frame(f"35=G|49={COMP_ID}|56=HKEXCCCO|34=7|52={SENT}|"), CCCG_13)


@pytest.mark.parametrize(("left", "named"), [("54=1", "Side"), ("11=1", "ClOrdID"), (f"52={SENT}", "SendingTime")])
def test_a_missing_mandatory_field_is_named(left, named):
    with pytest.raises(MissingField, match=named):
        decoded(order(leave=(left,)))


@pytest.mark.parametrize("tag", ["9999=1", "55=ABC", "1409=0"])
def test_a_tag_the_message_does_not_have_is_told(tag):
    with pytest.raises(UndefinedField):
        decoded(order(tag))


def test_a_tag_that_comes_twice_is_told():
    with pytest.raises(RepeatedField, match="Side"):
        decoded(order("54=2"))


@pytest.mark.parametrize(
    ("leave", "tag"),
    [("54=1", "54=7"), ("40=2", "40=P"), ("40=2", "40=9"), ("59=0", "59=1")],
)
def test_a_code_no_vocabulary_has_is_told(leave, tag):
    with pytest.raises(BadValue):
        decoded(order(tag, leave=(leave,)))


@pytest.mark.parametrize("price", ["44=1e3", "44=x", "44=1.2.3", "44=--1", "44=" + "1" * 40, "44=\xb2"])
def test_a_price_that_is_no_number_is_told(price):
    with pytest.raises(BadFormat):
        decoded(order(price, leave=("44=388.6",)))


def test_a_tag_without_a_value_is_told():
    with pytest.raises(EmptyField):
        decoded(order("58="))


@pytest.mark.parametrize("tags", ["x=1", "=1", "no tag at all", "58=caf\xe9"])
def test_tags_that_are_none_are_told(tags):
    with pytest.raises(BadFormat):
        decoded(order(tags))


@pytest.mark.parametrize("count", ["453=2", "453=0", "453=99999", "453=x"])
def test_a_group_that_has_other_entries_than_it_says_is_told(count):
    with pytest.raises(BadFormat):
        decoded(regrouped(count))


def regrouped(count: str) -> bytes:
    """Return an order whose group of parties says another number of entries."""
    body = encoded(ORDER).split(b"\x01")[2:-2]
    return frame("|".join([count if tag == b"453=1" else tag.decode() for tag in body]) + "|")


def test_a_role_nobody_published_is_told():
    body = encoded(ORDER).replace(b"\x01452=1\x01", b"\x01452=8\x01").split(b"\x01")[2:-2]
    with pytest.raises(BadValue, match="NoPartyIDs"):
        decoded(frame(b"|".join(body).decode() + "|"))


@pytest.mark.parametrize(("tag", "other"), [("98=0", "98=1"), ("108=20", "108=30"), ("1137=9", "1137=7")])
def test_a_logon_with_other_constants_is_told(tag, other):
    logon = Message.of(Kind.LOGON, NextExpectedMsgSeqNum=1, EncryptedPassword="QUJD")
    body = [part.decode() for part in encoded(logon).split(b"\x01")[2:-2]]
    with pytest.raises(BadValue):
        decoded(frame("|".join(other if part == tag else part for part in body) + "|"))


def test_a_bad_message_does_not_end_the_stream():
    decoder = FixCodec(OCG_22).decoder(PARTICIPANT)
    decoder.receive_data(order("54=2") + encoded(ORDER))
    with pytest.raises(RepeatedField) as told:
        decoder.next_message()
    assert told.value.seq == 2
    assert decoder.next_message() == replace(ORDER, comp_id=COMP_ID, seq=2, sent=SENT)


@pytest.mark.parametrize(
    "fields",
    [
        {"BCAN": "1"},
        {"ClOrdID": "1\x0144=1"},
        {"ClOrdID": ""},
        {"Side": 1},
        {"Price": Decimal("NaN")},
        {"Price": 1.5},
        {"Side": None},
        {"BeginSeqNo": 1},
    ],
)
def test_a_message_its_table_has_no_room_for_is_not_written(fields):
    with pytest.raises(CannotEncode):
        encoded(ORDER.with_fields(**fields))


@pytest.mark.parametrize("comp_id", ["", "A\x01B"])
def test_a_message_without_a_name_is_not_written(comp_id):
    with pytest.raises(CannotEncode):
        FixCodec(OCG_22).encode(replace(ORDER, comp_id=comp_id, sent=SENT), sender=PARTICIPANT)


def test_there_is_no_lookup_in_fix():
    with pytest.raises(CannotEncode, match="FIX has"):
        encoded(Message.of(Kind.LOOKUP_REQUEST, TypeOfService=1, ProtocolType=1))


def test_a_password_is_in_no_message_about_it():
    logon = Message.of(Kind.LOGON, NextExpectedMsgSeqNum=1, EncryptedPassword="QUJD\x01QUJD")
    with pytest.raises(CannotEncode) as told:
        encoded(logon)
    assert "QUJD" not in str(told.value)


def test_what_came_of_a_password_is_in_no_message_about_it():
    logon = Message.of(Kind.LOGON, NextExpectedMsgSeqNum=1, EncryptedPassword="QUJD")
    body = [part.decode() for part in encoded(logon).split(b"\x01")[2:-2]]
    with pytest.raises(BadFormat) as told:
        decoded(frame("|".join("1401=9" if part == "1401=4" else part for part in body) + "|"))
    assert "QUJD" not in str(told.value)


def test_aggressor_and_smp_are_version_3_alone():
    report = Message.of(
        Kind.EXECUTION_REPORT,
        ExecID="1",
        OrdStatus=OrdStatus.FILLED,
        ExecType=ExecType.TRADE,
        CumQty=Decimal(1),
        LeavesQty=Decimal(0),
        AggressorIndicator=True,
    )
    assert b"\x011057=Y\x01" in encoded(report, OCG_3, GATEWAY)
    with pytest.raises(CannotEncode, match="AggressorIndicator"):
        encoded(report, OCG_22, GATEWAY)


def test_length_and_checksum_are_as_counted_by_hand():
    body = encoded(ORDER).split(b"\x01")[2:-2]
    assert encoded(ORDER) == frame(b"|".join(body).decode() + "|")
