"""Packets against bytes written by hand, and every way a packet can be broken."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_hkexprt.errors import HkexprtError, LocalProtocolError
from pytest_hkexprt.systems.omd import packets
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.layouts import LAYOUTS, Type
from pytest_hkexprt.systems.omd.walk import BadPacket, CutMessage, SizeDiffers, TooShort
from tests.systems.omd.golden import GOLDEN, le, raw

SENT = le(1_709_341_200_000_000_000, 8)
# PktSize 36 (24), two messages, filler, first is 500 (01F4), SendTime; Trade Cancel of trade 77 (12 bytes), then a
# DR Signal of status 1 (8 bytes)
TWO = raw("24 00 02 00  f4 01 00 00") + SENT + raw("0c 00 33 00  05 00 00 00  4d 00 00 00  08 00 69 00  01 00 00 00")
# PktSize 16 (10), no message: the last one sent was 501
HEARTBEAT = raw("10 00 00 00  f5 01 00 00") + SENT
# PktSize 32, one message, number and SendTime 0: a logon, as sent over TCP
LOGON = raw("20 00 01 00  00 00 00 00  00 00 00 00 00 00 00 00") + GOLDEN[101][0]


def test_a_packet_is_read_as_published():
    header, messages = packets.decode(TWO)
    assert (header.size_bytes, header.count, header.sequence) == (36, 2, 500)
    assert header.sent_ns == 1_709_341_200_000_000_000
    assert [(each.type, each.sequence) for each in messages] == [(51, 500), (105, 501)]
    assert (messages[0]["TradeID"], messages[1]["DRStatus"]) == (77, 1)


def test_a_packet_is_written_as_published():
    told = [build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=77), build(Type.DR_SIGNAL, DRStatus=1)]
    assert packets.encode(500, told, 1_709_341_200_000_000_000) == TWO


def test_a_heartbeat_is_a_header_that_names_the_message_before_it():
    assert packets.heartbeat(501, 1_709_341_200_000_000_000) == HEARTBEAT
    found = packets.read(HEARTBEAT)
    assert found.heartbeat
    assert (found.count, found.last) == (0, 501)


def test_a_logon_is_written_as_published():
    assert packets.encode(0, [build(Type.LOGON, Username="EXAMPLE")]) == LOGON


def test_a_type_nobody_lists_is_passed_over_by_its_size_and_takes_a_number():
    # PktSize 36, two messages: 12 bytes of type 999 (03E7), then a DR Signal
    datagram = raw("24 00 02 00  f4 01 00 00") + SENT + raw("0c 00 e7 03") + bytes(8) + raw("08 00 69 00  01 00 00 00")
    strange, known = packets.read(datagram).messages()
    assert (strange.known, strange.type, strange.sequence, strange.layout.size_bytes) == (False, 999, 500, 12)
    assert (known.type, known.sequence) == (105, 501)
    assert strange.fields() == {}


BROKEN = {
    "a byte is missing from the header": (HEARTBEAT[:15], TooShort, "16 bytes at least"),
    "nothing came": (b"", TooShort, "16 bytes at least"),
    "the datagram is longer than PktSize": (TWO + b"\0", SizeDiffers, "a datagram of 37"),
    "the datagram is shorter than PktSize": (TWO[:-1], SizeDiffers, "a datagram of 35"),
    "a message is cut": (
        raw("22 00 02 00") + TWO[4:34],
        CutMessage,
        "message 2 .*\n.*8 bytes, as its MsgSize says\n.*6",
    ),
    "the first message is cut": (
        raw("18 00 01 00") + TWO[4:24],
        CutMessage,
        "message 1 .*\n.*12 bytes, as its MsgSize says\n.*8",
    ),
    "a message has no room for its header": (raw("1e 00 02 00") + TWO[4:30], CutMessage, "message 2 .*\n.*header"),
    "there are fewer messages than MsgCount": (raw("24 00 03 00") + TWO[4:], CutMessage, "message 3"),
    "bytes are left over": (raw("24 00 01 00") + TWO[4:], CutMessage, "8 bytes more"),
    "bytes follow a heartbeat": (raw("24 00 00 00") + TWO[4:], CutMessage, "20 bytes more"),
    "a message says it has no bytes": (raw("14 00 01 00") + TWO[4:16] + bytes(4), CutMessage, "message 1"),
    # message 1 says 2 bytes, so that message 2 begins within its header; together they fill the packet
    "a message is shorter than its header": (
        raw("1c 00 02 00") + TWO[4:16] + raw("02 00 0a 00 33 00") + bytes(6),
        CutMessage,
        "message 1 .*\n.*2 bytes",
    ),
    "two messages say they have no bytes": (raw("18 00 02 00") + TWO[4:16] + bytes(8), CutMessage, "message 1"),
    "a message is as long as the two there are": (
        raw("20 00 02 00") + TWO[4:16] + raw("10 00 33 00") + bytes(12),
        CutMessage,
        "message 2",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_packet_is_refused_and_told(what):
    datagram, kind, told = BROKEN[what]
    with pytest.raises(kind, match=told):
        packets.read(datagram)


def test_messages_of_one_size_and_of_several_are_told_apart_alike():
    mixed = [build(Type.ADD_ORDER, OrderId=1), build(Type.TRADE, TradeID=2), build(Type.DELETE_ORDER, OrderId=3)]
    found = packets.read(packets.encode(1, [*mixed, *mixed]))
    even = packets.read(packets.encode(1, mixed[:2] * 3))
    assert list(found.kinds) == [30, 50, 32] * 2
    assert list(even.kinds) == [30, 50] * 3
    assert [each.sequence for each in even.messages()] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("most", [1, 2, 255])
def test_messages_are_framed_in_as_many_packets_as_they_need(most):
    encoded = [GOLDEN[type_][0] for type_ in sorted(GOLDEN)] * 3
    framed = [packets.read(each) for each in packets.frames(7, encoded, 5, most=most)]
    assert [each.sequence for each in framed] == [
        7 + sum(one.count for one in framed[:at]) for at in range(len(framed))
    ]
    assert sum(each.count for each in framed) == len(encoded)
    assert max(each.count for each in framed) <= most
    assert all(len(each.data) <= 1472 for each in framed)
    assert b"".join(each.data[16:] for each in framed) == b"".join(encoded)


def test_a_packet_that_would_be_too_long_is_not_made():
    with pytest.raises(LocalProtocolError, match="1,472"):
        packets.packet(1, [bytes(1457)])
    with pytest.raises(LocalProtocolError, match="255"):
        packets.packet(1, [GOLDEN[100][0]] * 256)


@settings(deadline=None)
@given(st.data())
def test_a_stream_cut_anywhere_gives_the_packets_that_were_sent(data):
    sent = [LOGON, HEARTBEAT, TWO, HEARTBEAT] * 3
    whole, stream, came = b"".join(sent), packets.Stream(), []
    at = 0
    while at < len(whole):
        size = data.draw(st.integers(1, 40))
        came += stream.feed(whole[at : at + size])
        at += size
    assert came == sent
    assert not stream.held_bytes


def test_a_stream_whose_packet_is_shorter_than_its_header_is_refused():
    with pytest.raises(TooShort, match="PktSize"):
        list(packets.Stream().feed(raw("0f 00 00 00")))


MESSAGES = st.sampled_from(sorted(GOLDEN)).map(lambda type_: GOLDEN[type_][0])


@settings(deadline=None)
@given(st.binary(max_size=1500) | st.lists(MESSAGES, max_size=20).map(lambda each: next(packets.frames(1, each), b"")))
def test_any_bytes_are_read_or_refused(datagram):
    try:
        found = packets.read(datagram)
        for message in found.messages():
            message.fields()
    except HkexprtError:
        return
    assert sum(found.types.values()) == found.count


def _starts(datagram: bytes, count: int):
    """Yield where messages begin, without the code under test."""
    at = 16
    for _ in range(count):
        yield at
        at += int.from_bytes(datagram[at : at + 2], "little")


@settings(deadline=None)
@given(st.data(), st.lists(MESSAGES, min_size=1, max_size=20))
def test_a_damaged_packet_is_read_or_refused_and_never_beyond_its_end(data, encoded):
    whole = bytearray(next(packets.frames(1, encoded)))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    whole[0:2] = len(whole).to_bytes(2, "little")
    try:
        found = packets.read(bytes(whole))
    except BadPacket:
        return
    sizes = [int.from_bytes(whole[at : at + 2], "little") for at in _starts(bytes(whole), found.count)]
    assert 16 + sum(sizes) == len(whole)
    assert not sizes or min(sizes) >= 4
    for index in range(found.count):
        try:
            message = found.message(index)
        except HkexprtError:
            continue
        assert message.known == (message.type in LAYOUTS)
