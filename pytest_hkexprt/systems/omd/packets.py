"""Packets: messages to datagrams and back, and the packets in a stream of TCP.

Reading is in two steps. ``read`` walks over the messages by their sizes, which is what arbitration needs and what tells
a broken packet; ``Packet.messages`` decodes those that are wanted. A type nobody lists is skipped by its size, counted,
and takes a sequence number like every other.

Source: HKEX OMD-C Binary Interface Specifications v1.45, sections 3.2 and 3.3; HKEX OMD-CC Interface Specification
v1.3, the same sections.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.systems.omd.codec import CODECS, Message, unknown
from pytest_hkexprt.systems.omd.fields import HEADER_BYTES
from pytest_hkexprt.systems.omd.walk import (
    PACKET_HEADER_BYTES,
    SIZE_AND_TYPE,
    SizeDiffers,
    TooShort,
    left_over,
    stride,
    walk,
)

MOST_PACKET_BYTES: Final = 1500 - 20 - 8
"""1,500 bytes are allowed with the headers of IP and UDP."""
MOST_MESSAGES: Final = 255
"""MsgCount is a Uint8."""
_HEADER = struct.Struct("<HBxIQ")
_SIZE = struct.Struct("<H")
_unpack_header = _HEADER.unpack_from
_LEAST_BYTES: Final = PACKET_HEADER_BYTES + HEADER_BYTES
_DECODERS: Final = {type_: codec.decode for type_, codec in CODECS.items()}
__all__ = ["PACKET_HEADER_BYTES"]


class Header(msgspec.Struct, frozen=True, gc=False):
    """The first 16 bytes of a packet."""

    size_bytes: int
    count: int
    """Of messages; 0 in a heartbeat."""
    sequence: int
    """Of the first message; in a heartbeat, of the message before it."""
    sent_ns: int
    """SendTime, nanoseconds since 1970 in UTC, exact to the millisecond."""


class Packet(msgspec.Struct, frozen=True, gc=False):
    """A packet whose messages were told apart, and not decoded yet."""

    data: bytes
    count: int
    sequence: int
    sent_ns: int
    kinds: Sequence[int]
    """Each message's type."""
    start: int = PACKET_HEADER_BYTES
    """Where the first message begins."""

    @property
    def heartbeat(self) -> bool:
        """Whether it has no message."""
        return not self.count

    @property
    def last(self) -> int:
        """The sequence number of the last message; of a heartbeat, of the message before it."""
        return self.sequence + self.count - 1 if self.count else self.sequence

    @property
    def types(self) -> Counter[int]:
        """How many messages there are of each type."""
        return Counter(self.kinds)

    def messages(self, first: int | None = None, last: int | None = None) -> Iterator[Message]:
        """Yield the messages, decoded; with ``first`` and ``last``, those of these sequence numbers.

        Raises:
            BadMessage: one of a known type is too short for its fields; :meth:`message` gives those after it.
        """
        data, at, sequence = self.data, self.start, self.sequence
        end = sequence + self.count - 1  # of a heartbeat, before its first
        end = end if last is None else min(end, last)
        for number in range(sequence, end + 1):
            size, type_ = SIZE_AND_TYPE.unpack_from(data, at)
            at += size
            if first is not None and number < first:
                continue
            decode = _DECODERS.get(type_)
            if decode is None:
                yield unknown(type_, number, size)
            else:
                yield decode(data, at - size, at, number)

    def message(self, index: int) -> Message:
        """Return one message, decoded.

        Raises:
            BadMessage: it is of a known type and too short for its fields.
        """
        return next(self.messages(self.sequence + index, self.sequence + index))


def header(datagram: bytes) -> Header:
    """Return a datagram's header.

    Raises:
        TooShort: there are not as many bytes.
        SizeDiffers: PktSize is not the size of the datagram.
    """
    if len(datagram) < PACKET_HEADER_BYTES:
        raise TooShort("a packet", expected=f"{PACKET_HEADER_BYTES} bytes at least", came=f"{len(datagram)}")
    found = Header(*_HEADER.unpack_from(datagram))
    if found.size_bytes != len(datagram):
        raise SizeDiffers(
            f"the packet of sequence {found.sequence}",
            expected=f"{found.size_bytes} bytes, as its PktSize says",
            came=f"a datagram of {len(datagram)}",
        )
    return found


def read(datagram: bytes) -> Packet:
    """Return a datagram's messages, told apart.

    Raises:
        BadPacket: they cannot be; which of its kinds says why.
    """
    size = len(datagram)
    if size < PACKET_HEADER_BYTES:
        header(datagram)
    said, count, sequence, sent_ns = _unpack_header(datagram)
    if said != size:
        header(datagram)
    if not count:
        if size > PACKET_HEADER_BYTES:
            raise left_over(sequence, 0, size - PACKET_HEADER_BYTES)
        return Packet(datagram, 0, sequence, sent_ns, ())
    first, _ = SIZE_AND_TYPE.unpack_from(datagram, PACKET_HEADER_BYTES) if size >= _LEAST_BYTES else (0, 0)
    if first * count == size - PACKET_HEADER_BYTES and first >= HEADER_BYTES:  # all of one size, perhaps
        pairs = stride(first).iter_unpack(datagram[PACKET_HEADER_BYTES:])
        kinds = [type_ for each, type_ in pairs if each == first]
        if len(kinds) == count:
            return Packet(datagram, count, sequence, sent_ns, kinds)
    return Packet(datagram, count, sequence, sent_ns, walk(datagram, count, sequence))


def part(packet_: Packet, begin: int, end: int, sequence: int) -> Packet:
    """Return the messages of a packet from index ``begin`` to before ``end``, numbered from ``sequence``."""
    start = packet_.start
    for _ in range(begin):
        start += SIZE_AND_TYPE.unpack_from(packet_.data, start)[0]
    return Packet(packet_.data, end - begin, sequence, packet_.sent_ns, packet_.kinds[begin:end], start)


def decode(datagram: bytes) -> tuple[Header, tuple[Message, ...]]:
    """Return a datagram's header and its messages, decoded.

    Raises:
        BadPacket: the messages cannot be told apart.
        BadMessage: one is too short for its fields.
    """
    return header(datagram), tuple(read(datagram).messages())


def message_bytes(message: Message) -> bytes:
    """Return one message's bytes, header included.

    Raises:
        LocalProtocolError: a value does not fit in its field.
    """
    return CODECS[message.type].encode(message)


def encode(sequence: int, messages: Iterable[Message], sent_ns: int = 0) -> bytes:
    """Return one packet.

    Args:
        sequence: of the first message.
        messages: what it carries; their own numbers are not looked at.
        sent_ns: SendTime.

    Raises:
        LocalProtocolError: it would be too long, or hold too many messages.
    """
    return packet(sequence, [message_bytes(message) for message in messages], sent_ns)


def packet(sequence: int, encoded: Sequence[bytes], sent_ns: int = 0) -> bytes:
    """Return one packet of messages that are bytes already; of none, a heartbeat.

    Raises:
        LocalProtocolError: it would be too long, or hold too many messages.
    """
    body = b"".join(encoded)
    size = PACKET_HEADER_BYTES + len(body)
    if size > MOST_PACKET_BYTES or len(encoded) > MOST_MESSAGES:
        raise LocalProtocolError(
            f"a packet of {len(encoded)} messages and {size:,} bytes",
            expected=f"at most {MOST_MESSAGES} and {MOST_PACKET_BYTES:,}",
        )
    return _HEADER.pack(size, len(encoded), sequence, sent_ns) + body


def heartbeat(last: int, sent_ns: int = 0) -> bytes:
    """Return a heartbeat that names the last message sent."""
    return packet(last, [], sent_ns)


def frames(sequence: int, encoded: Iterable[bytes], sent_ns: int = 0, *, most: int = MOST_MESSAGES) -> Iterator[bytes]:
    """Yield as many packets as messages that are bytes already need, each with ``most`` of them at most.

    Raises:
        LocalProtocolError: one message alone is too long for a packet.
    """
    held: list[bytes] = []
    held_bytes = PACKET_HEADER_BYTES
    for each in encoded:
        if held and (len(held) >= most or held_bytes + len(each) > MOST_PACKET_BYTES):
            yield packet(sequence, held, sent_ns)
            sequence += len(held)
            held, held_bytes = [], PACKET_HEADER_BYTES
        held.append(each)
        held_bytes += len(each)
    if held:
        yield packet(sequence, held, sent_ns)


class Stream:
    """The packets in a stream of bytes, as a retransmission server's connection is."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the packets that are whole now.

        Raises:
            TooShort: a PktSize is smaller than a header; nothing after it can be told apart.
        """
        self._held += chunk
        while len(self._held) >= _SIZE.size:
            (size,) = _SIZE.unpack_from(self._held)
            if size < PACKET_HEADER_BYTES:
                raise TooShort("a packet's PktSize", expected=f"{PACKET_HEADER_BYTES} at least", came=str(size))
            if len(self._held) < size:
                return
            whole = bytes(self._held[:size])
            del self._held[:size]
            yield whole

    @property
    def held_bytes(self) -> int:
        """How many bytes of a packet have come that is not whole yet."""
        return len(self._held)
