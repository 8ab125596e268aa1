"""A packet's messages told apart by their sizes, and how a packet is broken."""

from __future__ import annotations

import struct

import pytest

from pytest_hkexprt.errors import compose
from pytest_hkexprt.systems.omd.walk import CutMessage, left_over, stride, walk

HEADER = bytes(16)


def message(type_: int, size: int, *, said: int | None = None) -> bytes:
    """Return bytes of a message; its size may be said to be another."""
    return struct.pack("<HH", size if said is None else said, type_) + bytes(size - 4)


def test_messages_follow_one_another_by_their_sizes():
    assert walk(HEADER + message(20, 8) + message(300, 4) + message(22, 12), 3, 1) == [20, 300, 22]


def test_a_packet_may_hold_none():
    assert walk(HEADER, 0, 1) == []


@pytest.mark.parametrize(
    ("body", "count", "where", "expected", "came"),
    [
        (b"", 1, "message 1 of the packet of sequence 9", "a message's header", "0 bytes"),
        (b"\x08\0\0", 1, "message 1 of the packet of sequence 9", "a message's header", "3 bytes"),
        (message(20, 8), 2, "message 2 of the packet of sequence 9", "a message's header", "0 bytes"),
        (message(20, 8) + b"\0\0", 2, "message 2 of the packet of sequence 9", "a message's header", "2 bytes"),
        (
            message(20, 8, said=3),
            1,
            "message 1 of the packet of sequence 9",
            "3 bytes, as its MsgSize says",
            "8",
        ),
        (
            message(20, 8, said=9),
            1,
            "message 1 of the packet of sequence 9",
            "9 bytes, as its MsgSize says",
            "8",
        ),
        (
            message(20, 8) + message(22, 8, said=0),
            2,
            "message 2 of the packet of sequence 9",
            "0 bytes, as its MsgSize says",
            "8",
        ),
        (message(20, 8) + b"\0", 1, "the packet of sequence 9", "an end after 1 messages", "1 bytes more"),
        (message(20, 8), 0, "the packet of sequence 9", "an end after 0 messages", "8 bytes more"),
    ],
)
def test_a_packet_whose_sizes_do_not_fit_is_told_where(body, count, where, expected, came):
    with pytest.raises(CutMessage) as fault:
        walk(HEADER + body, count, 9)
    assert str(fault.value) == compose(where, expected=expected, came=came)


def test_bytes_left_over_are_an_error_of_the_packet():
    told = compose("the packet of sequence 5", expected="an end after 2 messages", came="7 bytes more")
    assert str(left_over(5, 2, 7)) == told


@pytest.mark.parametrize("size", [4, 9])
def test_headers_of_messages_of_one_size_are_unpacked_at_a_stride(size):
    assert stride(size).size == size
    assert list(stride(size).iter_unpack(message(20, size) + message(22, size))) == [(size, 20), (size, 22)]
