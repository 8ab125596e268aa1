"""What is said of a packet that cannot be read or made, whole; and the parts of one."""

from __future__ import annotations

import pytest

from pytest_hkexprt.errors import HkexprtError, LocalProtocolError, compose
from pytest_hkexprt.systems.omd import packets
from pytest_hkexprt.systems.omd.codec import BadMessage, build
from pytest_hkexprt.systems.omd.layouts import Type
from tests.systems.omd.golden import GOLDEN, raw
from tests.systems.omd.test_packets import HEARTBEAT, LOGON, TWO


@pytest.mark.parametrize(
    ("datagram", "where", "expected", "came"),
    [
        (b"", "a packet", "16 bytes at least", "0"),
        (HEARTBEAT[:15], "a packet", "16 bytes at least", "15"),
        (TWO + b"\0", "the packet of sequence 500", "36 bytes, as its PktSize says", "a datagram of 37"),
        (TWO[:-1], "the packet of sequence 500", "36 bytes, as its PktSize says", "a datagram of 35"),
        (
            raw("11 00 00 00") + HEARTBEAT[4:] + b"\0",
            "the packet of sequence 501",
            "an end after 0 messages",
            "1 bytes more",
        ),
        (
            raw("13 00 01 00") + HEARTBEAT[4:] + bytes(3),
            "message 1 of the packet of sequence 501",
            "a message's header",
            "3 bytes",
        ),
    ],
)
def test_a_datagram_that_is_no_packet_is_told_by_its_sequence(datagram, where, expected, came):
    with pytest.raises(HkexprtError) as fault:
        packets.read(datagram)
    assert str(fault.value) == compose(where, expected=expected, came=came)


def test_a_header_alone_is_a_heartbeat():
    found = packets.read(HEARTBEAT)
    assert (found.heartbeat, found.last, found.sequence, list(found.kinds), list(found.messages())) == (
        True,
        501,
        501,
        [],
        [],
    )


def test_a_heartbeat_is_decoded_as_a_header_without_a_message():
    assert packets.decode(HEARTBEAT) == (packets.Header(16, 0, 501, 1_709_341_200_000_000_000), ())


def test_a_packet_knows_its_last_number_and_its_types():
    found = packets.read(TWO)
    assert (found.heartbeat, found.last, dict(found.types)) == (False, 501, {51: 1, 105: 1})
    assert found.sent_ns == 1_709_341_200_000_000_000


@pytest.mark.parametrize(
    ("first", "last", "numbers"),
    [
        (None, None, [1, 2, 3, 4]),
        (2, None, [2, 3, 4]),
        (None, 3, [1, 2, 3]),
        (2, 3, [2, 3]),
        (0, 9, [1, 2, 3, 4]),
        (5, 9, []),
        (3, 2, []),
    ],
)
def test_messages_are_given_from_one_number_to_another(first, last, numbers):
    encoded = [build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=number) for number in range(1, 5)]
    found = packets.read(packets.encode(1, encoded)).messages(first, last)
    assert [(each.sequence, each["TradeID"]) for each in found] == [(number, number) for number in numbers]


def test_a_part_of_a_packet_is_one_with_numbers_of_its_own():
    mixed = [build(Type.ADD_ORDER, OrderId=1), build(Type.TRADE, TradeID=2), build(Type.DELETE_ORDER, OrderId=3)]
    whole = packets.read(packets.encode(10, mixed, 7))
    found = packets.part(whole, 1, 3, 90)
    assert (found.count, found.sequence, found.last, found.sent_ns, list(found.kinds)) == (2, 90, 91, 7, [50, 32])
    assert [(each.sequence, each.type) for each in found.messages()] == [(90, 50), (91, 32)]
    assert packets.part(found, 1, 2, 5).message(0)["OrderId"] == 3


def test_a_part_may_be_none():
    assert packets.part(packets.read(TWO), 0, 0, 1).count == 0


def test_a_message_too_short_for_its_fields_does_not_hide_the_one_after_it():
    # a Trade of 8 bytes, then a DR Signal
    datagram = raw("20 00 02 00 01 00 00 00") + bytes(8) + raw("08 00 32 00 05 00 00 00  08 00 69 00 01 00 00 00")
    found = packets.read(datagram)
    with pytest.raises(BadMessage):
        found.message(0)
    assert found.message(1)["DRStatus"] == 1


# ------------------------------------------------------------------ making


@pytest.mark.parametrize(
    ("encoded", "what"),
    [([bytes(1457)], "1 messages and 1,473 bytes"), ([GOLDEN[100][0]] * 256, "256 messages and 1,296 bytes")],
)
def test_a_packet_that_would_be_too_long_is_told_in_messages_and_bytes(encoded, what):
    encoded = [each[:5] for each in encoded] if len(encoded) > 1 else encoded
    with pytest.raises(LocalProtocolError) as fault:
        packets.packet(1, encoded)
    assert str(fault.value) == compose(f"a packet of {what}", expected="at most 255 and 1,472")


@pytest.mark.parametrize("encoded", [[bytes(1456)], [bytes(5)] * 255])
def test_a_packet_of_just_the_greatest_size_is_made(encoded):
    assert packets.packet(1, encoded)[:3] == (16 + len(b"".join(encoded))).to_bytes(2, "little") + bytes([len(encoded)])


def test_packets_are_filled_to_their_last_byte():
    framed = list(packets.frames(1, [bytes(728)] * 4))
    assert [len(each) for each in framed] == [1472, 1472]
    framed = list(packets.frames(1, [bytes(729)] * 2))
    assert [len(each) for each in framed] == [745, 745]


def test_packets_of_several_have_their_time_and_their_numbers():
    framed = [packets.header(each) for each in packets.frames(5, [GOLDEN[51][0]] * 3, 9, most=2)]
    assert [(each.sequence, each.count, each.sent_ns) for each in framed] == [(5, 2, 9), (7, 1, 9)]


def test_no_messages_need_no_packet():
    assert list(packets.frames(1, [])) == []


def test_a_time_that_nobody_says_is_nought():
    told = [build(Type.DR_SIGNAL, DRStatus=1)]
    encoded = [packets.message_bytes(each) for each in told]
    made = [packets.encode(1, told), packets.packet(1, encoded), packets.heartbeat(1), *packets.frames(1, encoded)]
    assert [packets.header(each).sent_ns for each in made] == [0] * 4


# ------------------------------------------------------------------ a stream


def test_a_stream_gives_a_packet_as_soon_as_it_is_whole():
    stream = packets.Stream()
    assert list(stream.feed(LOGON[:1])) == []
    assert list(stream.feed(LOGON[1:-1])) == []
    assert stream.held_bytes == len(LOGON) - 1
    assert list(stream.feed(LOGON[-1:] + HEARTBEAT + TWO[:5])) == [LOGON, HEARTBEAT]
    assert stream.held_bytes == 5


@pytest.mark.parametrize("size", [0, 15])
def test_a_stream_that_cannot_be_told_apart_is_told_by_its_size(size):
    with pytest.raises(HkexprtError) as fault:
        list(packets.Stream().feed(size.to_bytes(2, "little")))
    assert str(fault.value) == compose("a packet's PktSize", expected="16 at least", came=str(size))


def test_a_stream_may_bring_a_header_alone():
    assert list(packets.Stream().feed(HEARTBEAT)) == [HEARTBEAT]
