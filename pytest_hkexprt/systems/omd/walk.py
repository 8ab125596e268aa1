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


def walk(datagram: bytes, count: int, sequence: int) -> tuple[list[int], list[int]]:
    """Return where messages begin, and their types, going from size to size."""
    starts, kinds, at = [PACKET_HEADER_BYTES], list[int](), PACKET_HEADER_BYTES
    add_start, add_type, unpack = starts.append, kinds.append, SIZE_AND_TYPE.unpack_from
    try:
        for _ in range(count):
            each, type_ = unpack(datagram, at)
            at += each
            if each < HEADER_BYTES:
                break
            add_start(at)
            add_type(type_)
    except struct.error:  # no room for a header
        pass
    size = len(datagram)
    if len(kinds) < count or starts[-1] > size:
        index = next((index for index, end in enumerate(starts) if end > size), len(kinds) + 1) - 1
        at = starts[index]
        expected = f"{unpack(datagram, at)[0]} bytes" if at + HEADER_BYTES <= size else "a message's header"
        raise CutMessage(_which(sequence, index), expected=expected, came=f"{size - at} bytes")
    if at != size:
        raise left_over(sequence, count, size - at)
    return starts, kinds


@functools.cache
def stride(size_bytes: int) -> struct.Struct:
    """Return what unpacks the headers of messages of one size."""
    return struct.Struct(f"<HH{size_bytes - HEADER_BYTES}x")


def _which(sequence: int, index: int) -> str:
    return f"message {index + 1} of the packet of sequence {sequence}"


def left_over(sequence: int, count: int, left_bytes: int) -> CutMessage:
    """Return the error of bytes behind the last message."""
    return CutMessage(
        f"the packet of sequence {sequence}", expected=f"an end after {count} messages", came=f"{left_bytes} bytes more"
    )
