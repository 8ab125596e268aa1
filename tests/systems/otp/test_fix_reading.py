"""What the FIX codec says of bytes it cannot read, whole: which field, what was expected, what came."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.errors import compose
from pytest_hkexprt.systems.otp.fix import FixCodec
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.profiles import OCG_22
from pytest_hkexprt.systems.otp.wire import BadMessage, BrokenStream
from tests.systems.otp.samples import COMP_ID, SENT
from tests.systems.otp.test_fix import GATEWAY, ORDER, PARTICIPANT, decoded, encoded, frame, order

LOGON = Message.of(Kind.LOGON, NextExpectedMsgSeqNum=1, EncryptedPassword="QUJD")
HEAD = f"35=0|49={COMP_ID}|56=HKEXCO|34=7|52={SENT}|"


def instead(data: bytes, tag: str, other: str) -> bytes:
    """Return a message with other tags in the place of one."""
    body = [part.decode() for part in data.split(b"\x01")[2:-2]]
    assert tag in body
    return frame("|".join(other if part == tag else part for part in body if other or part != tag) + "|")


# ------------------------------------------------------------------ the frame


@pytest.mark.parametrize(("tag", "mark"), [(b"43=Y", "poss_dup"), (b"97=Y", "poss_resend")])
def test_what_is_sent_again_is_marked(tag, mark):
    again = replace(ORDER, comp_id=COMP_ID, seq=2, sent=SENT, originally_sent=SENT, **{mark: True})
    data = FixCodec(OCG_22).encode(again, sender=PARTICIPANT)
    assert b"|34=2|" + tag + b"|52=" + SENT.encode() + b"|122=" + SENT.encode() + b"|" in data.replace(b"\x01", b"|")
    assert decoded(data) == again


def test_application_version_is_taken_and_not_kept():
    assert decoded(frame(f"{HEAD}1128=9|")) == Message(Kind.HEARTBEAT, {}, COMP_ID, 7, sent=SENT)


# ------------------------------------------------------------------ what breaks the stream


def broken(data: bytes, *, ends: bool = False) -> str:
    """Read bytes that are no messages, and return what is said."""
    decoder = FixCodec(OCG_22).decoder(PARTICIPANT)
    decoder.receive_data(data)
    if ends:
        decoder.receive_data(b"")
    with pytest.raises(BrokenStream) as fault:
        while decoder.next_message():
            pass
    return str(fault.value)


START = rb"b'8=FIXT.1.1\x019='"


@pytest.mark.parametrize(
    ("data", "came"),
    [
        (b"X", "b'X'"),
        (b"8=FIX.4.4\x01", r"b'8=FIX.4.4\x01'"),
        (b"8=FIXT.1.1\x0135=0\x0149=somebody\x01", r"b'8=FIXT.1.1\x0135=0\x0149=someb'"),
    ],
)
def test_another_beginning_than_fixs(data, came):
    told = compose("FIX from initiator", expected=f"a message, {START.decode()}", came=came)
    assert broken(data) == told


@pytest.mark.parametrize(
    ("length", "came"),
    [
        ("0\x01", r"b'0\x0135=0'"),
        ("x", "b'x35=0\\x01'"),
        ("-1\x01", r"b'-1\x0135='"),
        ("000123\x01", "b'000123'"),
        ("123456\x01", "b'123456'"),
        ("12\x0a\x01", r"b'12\n\x0135'"),
    ],
)
def test_a_length_that_is_none(length, came):
    told = compose("FIX from initiator", expected="a BodyLength of one to five digits", came=came)
    assert broken(f"8=FIXT.1.1\x019={length}35=0\x01".encode()) == told


@pytest.mark.parametrize("digits", ["", "1", "12345"])
def test_a_length_that_is_still_coming_is_waited_for(digits):
    decoder = FixCodec(OCG_22).decoder(PARTICIPANT)
    decoder.receive_data(f"8=FIXT.1.1\x019={digits}".encode())
    assert decoder.next_message() is None


@pytest.mark.parametrize(("length", "size"), [(65510, 65536), (99999, 100025)])
def test_a_message_that_is_too_long(length, size):
    told = compose("FIX from initiator", expected="a message of at most 65535 bytes", came=str(size))
    assert broken(f"8=FIXT.1.1\x019={length}\x01".encode()) == told


def test_a_message_of_just_the_greatest_length_is_waited_for():
    decoder = FixCodec(OCG_22).decoder(PARTICIPANT)
    decoder.receive_data(b"8=FIXT.1.1\x019=65509\x01")
    assert decoder.next_message() is None


@pytest.mark.parametrize("by", [-1, 1])
def test_a_length_that_leads_elsewhere_than_to_the_checksum(by):
    data = encoded(Message(Kind.HEARTBEAT))
    told = broken(data.replace(b"\x019=59\x01", b"\x019=%d\x01" % (59 + by)) + b"8")
    assert told.startswith(
        "FIX from initiator\n  expected: MsgType first and CheckSum where BodyLength says\n  came:     b'"
    )


def test_a_type_that_does_not_come_first():
    told = broken(frame(f"49={COMP_ID}|35=0|"))
    assert told.splitlines()[1] == "  expected: MsgType first and CheckSum where BodyLength says"


def test_a_checksum_of_other_than_three_digits():
    data = encoded(ORDER)
    assert broken(data[:-4] + b"9x8\x01").splitlines()[1].endswith("CheckSum where BodyLength says")


def test_a_checksum_that_is_another():
    told = compose("FIX from initiator", expected="CheckSum 098", came="099")
    assert broken(encoded(ORDER)[:-4] + b"099\x01") == told


@pytest.mark.parametrize("size", [1, 14, 20])
def test_an_end_within_a_message(size):
    told = compose("FIX from initiator", expected="a whole message", came=f"the end after {size} bytes")
    assert broken(encoded(ORDER)[:size], ends=True) == told


# ------------------------------------------------------------------ what breaks its layout


def bad(data: bytes, sender=PARTICIPANT) -> BadMessage:
    """Read a whole message that breaks its layout, and return the fault."""
    with pytest.raises(BadMessage) as fault:
        decoded(data, sender=sender)
    return fault.value


@pytest.mark.parametrize(
    ("tag", "other", "field", "expected", "came"),
    [
        ("54=1", "54=7", "Side", "a published code", "b'7'"),
        ("44=388.6", "44=1e3", "Price", "a decimal number", "b'1e3'"),
        ("44=388.6", "44=.5", "Price", "a decimal number", "b'.5'"),
        ("44=388.6", "44=-", "Price", "a decimal number", "b'-'"),
        ("22=8", "22=x", "SecurityIDSource", "a whole number", "b'x'"),
        ("22=8", "22=12345678901", "SecurityIDSource", "a whole number", "b'12345678901'"),
        ("11=1", "11=caf\xe9", "ClOrdID", "printable ASCII text", r"b'caf\xe9'"),
        ("11=1", "11=a\tb", "ClOrdID", "printable ASCII text", r"b'a\tb'"),
        ("11=1", "11=", "ClOrdID", "a value", "none"),
        ("54=1", "", "Side", "its mandatory fields", "none"),
        ("54=1", "54=1|54=1", "Side", "it once", "it again"),
        ("54=1", "54=1|1409=0", "SessionStatus", "fields of its layout", "SessionStatus"),
        ("54=1", "54=1|9999=0", "9999", "fields of its layout", "9999"),
        ("54=1", "54=1|9999=", "9999", "a value", "none"),
        ("54=1", "54=1|9999=1|9999=1", "9999", "it once", "it again"),
        ("49=CO99999901", "49=caf\xe9", "CompID", "HKEXCO", "'HKEXCO'"),
        ("49=CO99999901", "49=A\tB", "CompID", "HKEXCO", "'HKEXCO'"),
        ("56=HKEXCO", "56=HKEXCCCO", "CompID", "HKEXCO", "'HKEXCCCO'"),
        ("34=2", "34=x", "MsgSeqNum", "a number, of FIX.5.0SP2", "x"),
        ("34=2", "34=12345678901", "MsgSeqNum", "a number, of FIX.5.0SP2", "12345678901"),
        ("34=2", "34=2|1128=8", "MsgSeqNum", "a number, of FIX.5.0SP2", "2"),
        ("34=2", "34=2|43=X", "PossDup", "Y or N", "['X', None]"),
        ("34=2", "34=2|97=y", "PossDup", "Y or N", "[None, 'y']"),
        ("34=2", "34=2|122=\t", "PossDup", "Y or N", "[None, None]"),
        ("34=2", "", "MsgSeqNum", "the header's fields", "none"),
        ("49=CO99999901", "", "CompID", "the header's fields", "none"),
        (f"52={SENT}", "", "SendingTime", "the header's fields", "none"),
        ("56=HKEXCO", "", "56", "the header's fields", "none"),
    ],
)
def test_a_field_that_is_none_of_its_message(tag, other, field, expected, came):
    fault = bad(instead(encoded(ORDER), tag, other))
    assert str(fault) == compose(f"New Order, {field}", expected=expected, came=came)
    assert (fault.field, fault.ref_type) == (field, "D")


@pytest.mark.parametrize(
    ("tag", "came"),
    [("x=1", "b'x'"), ("=1", "b''"), ("058=1", "b'058'"), ("1234567=1", "b'1234567'")],
)
def test_a_tag_that_is_no_number(tag, came):
    told = compose("New Order", expected="tags that are numbers, and values", came=came)
    assert str(bad(order(tag))) == told


def test_a_tag_of_six_digits_is_one():
    assert bad(order("123456=1")).field == "123456"


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        ("453=2", "2 entries of 453, each beginning with 448"),
        ("453=0", "1 to 1000 entries of 453"),
        ("453=1001", "1 to 1000 entries of 453"),
        ("453=x", "a whole number"),
    ],
)
def test_a_group_that_has_other_entries_than_it_says(count, expected):
    told = compose("New Order", expected=expected, came="others")
    assert str(bad(instead(encoded(ORDER), "453=1", count))) == told


@pytest.mark.parametrize(
    ("tag", "other", "field", "expected", "came"),
    [
        ("98=0", "98=1", "98", "0", "b'1'"),
        ("108=20", "108=30", "108", "20", "b'30'"),
        ("1137=9", "1137=7", "1137", "9", "b'7'"),
        ("98=0", "", "98", "0", "None"),
    ],
)
def test_a_logon_with_other_constants(tag, other, field, expected, came):
    told = compose(f"Logon, {field}", expected=expected, came=came)
    assert str(bad(instead(encoded(LOGON), tag, other))) == told


def test_a_type_nobody_knows():
    fault = bad(frame(f"35=XX|49={COMP_ID}|56=HKEXCO|34=7|52={SENT}|"))
    assert str(fault) == compose("message of type XX", expected="a type of the gateway's table", came="XX")
    assert (fault.seq, fault.comp_id, fault.ref_type) == (7, "", "XX")


def test_a_type_that_is_none():
    fault = bad(frame(f"35=!|49={COMP_ID}|56=HKEXCO|52={SENT}|"))
    assert (fault.ref_type, fault.seq) == ("none", 0)


def test_what_could_be_read_is_told_with_the_fault():
    data = instead(instead(encoded(replace(ORDER, seq=5)), "54=1", "54=7"), "34=5", f"34=5|43=Y|122={SENT}")
    fault = bad(data)
    assert (fault.seq, fault.message) == (
        5,
        Message(Kind.NEW_ORDER, {}, COMP_ID, 5, poss_dup=True, sent=SENT, originally_sent=SENT),
    )


def test_what_cannot_be_taken_apart_is_told_by_kind_and_number():
    assert bad(order("=1")).message == Message(Kind.NEW_ORDER, seq=2)


def test_a_password_that_came_is_shown_as_dots():
    fault = bad(instead(encoded(LOGON), "1401=4", "1401=9"))
    assert (fault.field, fault.came) == ("EncryptedPassword", "•••")


def test_a_gateways_name_stands_on_its_own_side():
    data = encoded(Message(Kind.HEARTBEAT), sender=GATEWAY)
    assert decoded(data, sender=GATEWAY).comp_id == COMP_ID
    assert bad(data).field == "CompID"
