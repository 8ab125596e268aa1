"""The messages of a packet told apart, by going from size to size, and how a packet can be broken.

Source: HKEX OMD-C Binary Interface Specifications v1.45, sections 3.2 and 3.3.
"""

from __future__ import annotations

import functools
import struct
from typing import Final

from pytest_hkexprt.errors import RemoteProtocolError
from pytest_hkexprt.systems.omd.fields import HEADER_BYTES

PACKET_HEADER_BYTES: Final = 16
SIZE_AND_TYPE: Final = struct.Struct("<HH")


class BadPacket(RemoteProtocolError):
    """A packet whose messages cannot be told apart."""


class TooShort(BadPacket):
    """Fewer bytes than a header."""


class SizeDiffers(BadPacket):
    """PktSize is not the size of the datagram."""


class CutMessage(BadPacket):
    """A message ends beyond its packet, has no room for its own header, or bytes are left after the last one."""


def walk(datagram: bytes, count: int, sequence: int) -> list[int]:
    """Return the types of a packet's messages, going from size to size.

    Raises:
        CutMessage: a message has no room for itself or its header, or bytes are left after the last one.
    """
    kinds: list[int] = []
    add, unpack, at = kinds.append, SIZE_AND_TYPE.unpack_from, PACKET_HEADER_BYTES
    try:
        for _ in range(count):
            size, type_ = unpack(datagram, at)
            if size < HEADER_BYTES:
                break
            add(type_)
            at += size
    except struct.error:  # no room for a header
        pass
    if len(kinds) < count or at != len(datagram):
        raise _broken(datagram, count, sequence)
    return kinds


def _broken(datagram: bytes, count: int, sequence: int) -> CutMessage:
    """Return what is wrong with a packet, walking again and slowly."""
    at, end = PACKET_HEADER_BYTES, len(datagram)
    for index in range(count):
        where = f"message {index + 1} of the packet of sequence {sequence}"
        if at + HEADER_BYTES > end:
            return CutMessage(where, expected="a message's header", came=f"{end - at} bytes")
        size, _ = SIZE_AND_TYPE.unpack_from(datagram, at)
        if size < HEADER_BYTES or at + size > end:
            return CutMessage(where, expected=f"{size} bytes, as its MsgSize says", came=f"{end - at}")
        at += size
    return left_over(sequence, count, end - at)


@functools.cache
def stride(size_bytes: int) -> struct.Struct:
    """Return what unpacks the headers of messages of one size."""
    return struct.Struct(f"<HH{size_bytes - HEADER_BYTES}x")


def left_over(sequence: int, count: int, left_bytes: int) -> CutMessage:
    """Return the error of bytes behind the last message."""
    return CutMessage(
        f"the packet of sequence {sequence}", expected=f"an end after {count} messages", came=f"{left_bytes} bytes more"
    )
