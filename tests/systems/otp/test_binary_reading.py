"""What the binary codec says of bytes it cannot read, whole: which field, what was expected, what came."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import google_crc32c
import pytest

from pytest_hkexprt.errors import compose
from pytest_hkexprt.systems.otp.binary import BinaryCodec
from pytest_hkexprt.systems.otp.messages import Entry, Kind, Message
from pytest_hkexprt.systems.otp.profiles import OCG_3
from pytest_hkexprt.systems.otp.wire import BadMessage, BrokenStream, UnknownKind
from pytest_hkexprt.systems.otp.words import ExecType
from tests.systems.otp.samples import COMP_ID
from tests.systems.otp.test_binary import GATEWAY, ORDER, PARTICIPANT, changed, decoded, encoded, with_checksum

THROTTLE = Message.of(
    Kind.THROTTLE_RESPONSE,
    UserRequestID="1",
    UserName="A",
    NoThrottles=(Entry({"ThrottleAction": 2, "ThrottleType": 0}), Entry({"ThrottleAction": 1, "ThrottleType": 0})),
)
GROUP = 54 + 70
"""Where the throttles' group begins."""
LOGOUT = Message.of(Kind.LOGOUT, Text="goodbye")
REPORT = Message.of(Kind.EXECUTION_REPORT, ExecID="1", ExecType=ExecType.NEW, CumQty=Decimal(0), LeavesQty=Decimal(1))


# ------------------------------------------------------------------ what breaks the stream


def broken(data: bytes, *, ends: bool = False) -> str:
    """Read bytes that are no messages, and return what is said."""
    decoder = BinaryCodec(OCG_3).decoder(PARTICIPANT)
    decoder.receive_data(data)
    if ends:
        decoder.receive_data(b"")
    with pytest.raises(BrokenStream) as fault:
        while decoder.next_message():
            pass
    return str(fault.value)


@pytest.mark.parametrize("data", [b"GET", b"G"])
def test_another_byte_than_a_messages_first(data):
    assert broken(data) == compose("binary from initiator", expected="a message, byte 0x02", came="byte 0x47")


@pytest.mark.parametrize("length", [0, 57])
def test_a_length_below_a_header_and_a_checksum(length):
    data = b"\x02" + length.to_bytes(2, "little")
    assert broken(data) == compose("binary from initiator", expected="a length of 58 bytes or more", came=str(length))


def test_a_length_of_a_header_and_a_checksum_is_a_message():
    assert decoded(encoded(Message(Kind.HEARTBEAT)))


def test_a_checksum_that_is_another():
    data = encoded(Message(Kind.HEARTBEAT))
    right = google_crc32c.value(data[:-4])
    came = right ^ 1
    assert broken(data[:-4] + came.to_bytes(4, "little")) == compose(
        "binary from initiator", expected=f"CRC-32C {right:08x}", came=f"{came:08x}"
    )


@pytest.mark.parametrize(("size", "expected"), [(1, 58), (2, 58), (3, 184), (183, 184)])
def test_an_end_within_a_message(size, expected):
    assert broken(encoded(ORDER)[:size], ends=True) == compose(
        "binary from initiator", expected=f"{expected} bytes or more", came=f"the end after {size}"
    )


def test_a_stream_that_broke_stays_broken_though_good_bytes_follow():
    decoder = BinaryCodec(OCG_3).decoder(PARTICIPANT)
    decoder.receive_data(b"GET")
    told = []
    for _ in range(2):
        with pytest.raises(BrokenStream) as fault:
            decoder.next_message()
        told.append(fault.value)
        decoder.receive_data(encoded(ORDER))
    assert told[0] is told[1]


# ------------------------------------------------------------------ what breaks its layout


def bad(data: bytes, sender=PARTICIPANT) -> BadMessage:
    """Read a whole message that breaks its layout, and return the fault."""
    with pytest.raises(BadMessage) as fault:
        decoded(data, sender=sender)
    return fault.value


@pytest.mark.parametrize(
    ("at", "new", "field", "expected", "came"),
    [
        (54, b"\0", "ClOrdID", "a value", repr(b"\0" * 21)),
        (54, b"\xf6", "ClOrdID", "printable ASCII characters", repr(b"\xf6" + b"\0" * 20)),
        (54, b"\t", "ClOrdID", "printable ASCII characters", repr(b"\t" + b"\0" * 20)),
        (54, b"1" * 21, "ClOrdID", "text that ends with NUL", repr(b"1" * 21)),
        (54 + 85, b"\x09", "Side", "a published code", "9"),
    ],
)
def test_a_value_that_is_none(at, new, field, expected, came):
    fault = bad(changed(encoded(replace(ORDER, seq=5)), at, new))
    assert str(fault) == compose(f"New Order, {field}", expected=expected, came=came)
    assert (fault.field, fault.ref_type, fault.seq, fault.message) == (
        field,
        "11",
        5,
        Message(Kind.NEW_ORDER, {}, COMP_ID, 5),
    )


@pytest.mark.parametrize(
    ("at", "new", "field", "expected", "came"),
    [
        (8, b"\x02\0", "PossDup", "0 or 1", "2, 0"),
        (8, b"\0\x02", "PossDup", "0 or 1", "0, 2"),
        (10, b"A" * 12, "CompID", "at most 11 printable characters", repr(b"A" * 12)),
        (10, b"\xff", "CompID", "at most 11 printable characters", repr(b"\xffO99999901\0\0")),
        (10, b"A\tB", "CompID", "at most 11 printable characters", repr(b"A\tB9999901\0\0")),
    ],
)
def test_a_header_that_is_none(at, new, field, expected, came):
    fault = bad(changed(encoded(ORDER), at, new))
    assert str(fault) == compose(f"New Order, {field}", expected=expected, came=came)
    assert fault.ref_type == "11"


def test_a_comp_id_may_end_with_any_letter():
    data = BinaryCodec(OCG_3).encode(replace(ORDER, comp_id="FIX"), sender=PARTICIPANT)
    assert decoded(data).comp_id == "FIX"


@pytest.mark.parametrize(("at", "flags"), [(8, (True, False)), (9, (False, True))])
def test_each_flag_of_the_header_is_its_own(at, flags):
    found = decoded(changed(encoded(ORDER), at, b"\x01"))
    assert (found.poss_dup, found.poss_resend) == flags


def test_what_could_be_read_of_a_header_is_told_with_its_flags():
    data = changed(changed(encoded(replace(ORDER, seq=5)), 8, b"\x01\x01"), 54, b"\0")
    assert bad(data).message == Message(Kind.NEW_ORDER, {}, COMP_ID, 5, poss_dup=True, poss_resend=True)


def test_a_type_nobody_gave_out():
    fault = bad(changed(encoded(replace(ORDER, seq=5)), 3, b"\x63"))
    assert isinstance(fault, UnknownKind)
    assert str(fault) == compose("message of type 99", expected="a type of the gateway's table", came="99")
    assert (fault.seq, fault.comp_id, fault.ref_type, fault.message) == (5, COMP_ID, "99", None)


def test_a_bit_the_layout_does_not_have():
    data = encoded(ORDER)
    presence = int.from_bytes(data[22:54], "big") | 1
    fault = bad(changed(data, 22 + 31, bytes([data[22 + 31] | 1])))
    assert str(fault) == compose("New Order", expected="bits of its layout", came=f"presence map {presence:#x}")
    assert fault.ref_type == "11"


def test_a_mandatory_field_that_is_not_there():
    fault = bad(encoded(ORDER.with_fields(Side=None), strict=False))
    assert str(fault) == compose("New Order, Side", expected="its mandatory fields", came="none")
    assert fault.ref_type == "11"


def test_bytes_after_the_last_field():
    data = encoded(ORDER)
    fault = bad(with_checksum(data[:-4] + b"\0\0" + data[-4:]))
    assert str(fault) == compose("New Order", expected="no bytes after its fields", came="2")
    assert fault.ref_type == "11"


def test_a_body_that_ends_within_its_fields():
    data = encoded(ORDER)
    fault = bad(with_checksum(data[:-4][:-1] + data[-4:]))
    assert str(fault) == compose("New Order, ClOrdID", expected="126 bytes", came="125")


@pytest.mark.parametrize(
    ("size", "expected", "came"),
    [
        (0, "2 bytes of length", "0"),
        (1, "2 bytes of length", "1"),
        (2, "a length of at most 0", "8"),
        (9, "a length of at most 7", "8"),
    ],
)
def test_a_text_that_is_cut(size, expected, came):
    data = encoded(LOGOUT)
    fault = bad(with_checksum(data[: 54 + size] + data[-4:]))
    assert str(fault) == compose("Logout, Text", expected=expected, came=came)


@pytest.mark.parametrize(
    ("new", "expected", "came"),
    [
        (b"\x4c\0", "a length of at most 8", "76"),
        (b"\x08\0good\0ye\0", "text that ends with its one NUL", repr(b"good\0ye\0")),
        (b"\x08\0goodbye!", "text that ends with its one NUL", repr(b"goodbye!")),
        (b"\x08\0good\tye\0", "printable ASCII characters", repr(b"good\tye\0")),
    ],
)
def test_a_text_that_is_none(new, expected, came):
    assert str(bad(changed(encoded(LOGOUT), 54, new))) == compose("Logout, Text", expected=expected, came=came)


def test_a_text_longer_than_its_field_though_the_message_has_room():
    text = b"x" * 75 + b"\0"
    data = encoded(LOGOUT)
    fault = bad(with_checksum(data[:54] + len(text).to_bytes(2, "little") + text + data[-4:]))
    assert str(fault) == compose("Logout, Text", expected="a length of at most 75", came="76")


def test_a_text_that_just_fits_its_field_is_read():
    assert decoded(encoded(Message.of(Kind.LOGOUT, Text="x" * 74)))["Text"] == "x" * 74


@pytest.mark.parametrize(
    ("new", "expected", "came"),
    [
        (b"\0\0", "1 to 1000 entries", "0"),
        (b"\xe9\x03", "1 to 1000 entries", "1001"),
        (b"\x02\0\0\0", "entries with fields", "an empty presence map"),
    ],
)
def test_a_group_that_is_none(new, expected, came):
    fault = bad(changed(encoded(THROTTLE, sender=GATEWAY), GROUP, new), GATEWAY)
    assert str(fault) == compose("Throttle Entitlement Response, NoThrottles", expected=expected, came=came)


@pytest.mark.parametrize("size", [0, 3])
def test_a_group_that_is_cut(size):
    data = encoded(THROTTLE, sender=GATEWAY)
    fault = bad(with_checksum(data[: GROUP + size] + data[-4:]), GATEWAY)
    assert str(fault) == compose(
        "Throttle Entitlement Response, NoThrottles", expected="a count and a presence map", came=f"{size} bytes"
    )


def test_a_group_with_a_bit_no_entry_has():
    fault = bad(changed(encoded(THROTTLE, sender=GATEWAY), GROUP + 2, b"\xc0\x01"), GATEWAY)
    assert str(fault) == compose(
        "Throttle Entitlement Response", expected="bits of its layout", came="presence map 0xc001"
    )


def test_a_letter_that_is_none():
    data = encoded(REPORT, sender=GATEWAY, strict=False)
    at = data.index(b"0", 54 + 21)
    fault = bad(changed(data, at, b"Z"), GATEWAY)
    assert str(fault) == compose("Execution Report, ExecType", expected="a published code", came="90")


@pytest.mark.parametrize(
    "price", [Decimal(2**63 - 1) / 10**8, Decimal(-(2**63)) / 10**8, Decimal("0.00000001")], ids=str
)
def test_the_greatest_and_smallest_prices_survive(price):
    assert decoded(encoded(ORDER.with_fields(Price=price)))["Price"] == price


def test_a_type_nobody_gave_out_is_told_in_a_reject_by_its_number():
    reject = Message.of(Kind.REJECT, SessionRejectReason=11, RefSeqNum=3, RefMsgType="99")
    assert decoded(encoded(reject))["RefMsgType"] == "99"
