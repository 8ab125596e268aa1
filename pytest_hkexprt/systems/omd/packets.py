"""Packets: messages to datagrams and back, and the packets in a stream of TCP.

Reading is in two steps. ``read`` walks over the messages by their sizes, which is what arbitration needs and what tells
a broken packet; ``Packet.messages`` decodes those that are wanted. A type nobody lists is skipped by its size, counted,
and takes a sequence number like every other.

Source: HKEX OMD-C Binary Interface Specifications v1.45, sections 3.2 and 3.3; HKEX OMD-CC Interface Specification
v1.3, the same sections.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from pytest_hkexprt.errors import LocalProtocolError, RemoteProtocolError
from pytest_hkexprt.systems.omd.codec import CODECS, Message, unknown
from pytest_hkexprt.systems.omd.fields import HEADER_BYTES

PACKET_HEADER_BYTES: Final = 16
MOST_PACKET_BYTES: Final = 1500 - 20 - 8
"""1,500 bytes are allowed with the headers of IP and UDP."""
MOST_MESSAGES: Final = 255
"""MsgCount is a Uint8."""
_HEADER = struct.Struct("<HBxIQ")
_SIZE_AND_TYPE = struct.Struct("<HH")
_SIZE = struct.Struct("<H")


class BadPacket(RemoteProtocolError):
    """A packet whose messages cannot be told apart."""


class TooShort(BadPacket):
    """Fewer bytes than a header."""


class SizeDiffers(BadPacket):
    """PktSize is not the size of the datagram."""


class CutMessage(BadPacket):
    """A message ends beyond its packet, has no room for its own header, or bytes are left after the last one."""


class Header(NamedTuple):
    """The first 16 bytes of a packet."""

    size_bytes: int
    message_count: int
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
    starts: Sequence[int]
    """Where each message begins."""
    types: dict[int, int]
    """How many messages of each type."""

    @property
    def heartbeat(self) -> bool:
        """Whether it has no message."""
        return not self.count

    @property
    def last(self) -> int:
        """The sequence number of the last message; of a heartbeat, of the message before it."""
        return self.sequence + self.count - 1 if self.count else self.sequence

    @property
    def unknown(self) -> int:
        """How many messages are of a type nobody lists."""
        return sum(count for type_, count in self.types.items() if type_ not in CODECS)

    def messages(self, first: int | None = None, last: int | None = None) -> Iterator[Message]:
        """Yield the messages, decoded; with ``first`` and ``last``, those of these sequence numbers.

        Raises:
            BadMessage: one of a known type is too short for its fields.
        """
        begin = 0 if first is None else max(0, first - self.sequence)
        end = self.count if last is None else min(self.count, last - self.sequence + 1)
        for index in range(begin, end):
            yield self.message(index)

    def message(self, index: int) -> Message:
        """Return one message, decoded.

        Raises:
            BadMessage: it is of a known type and too short for its fields.
        """
        start = self.starts[index]
        size, type_ = _SIZE_AND_TYPE.unpack_from(self.data, start)
        codec = CODECS.get(type_)
        if codec is None:
            return unknown(type_, self.sequence + index, size)
        return codec.decode(self.data, start, start + size, self.sequence + index)


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
    _, count, sequence, sent_ns = header(datagram)
    size, body_bytes = len(datagram), len(datagram) - PACKET_HEADER_BYTES
    if not count:
        if body_bytes:
            raise _left_over(sequence, 0, body_bytes)
        return Packet(datagram, 0, sequence, sent_ns, (), {})
    starts: list[int] = []
    types: dict[int, int] = {}
    at = PACKET_HEADER_BYTES
    for index in range(count):
        if at + HEADER_BYTES > size:
            raise CutMessage(_which(sequence, index), expected="a message's header", came=f"{size - at} bytes")
        message_bytes, type_ = _SIZE_AND_TYPE.unpack_from(datagram, at)
        if message_bytes < HEADER_BYTES or at + message_bytes > size:
            raise CutMessage(_which(sequence, index), expected=f"{message_bytes} bytes", came=f"{size - at}")
        starts.append(at)
        types[type_] = types.get(type_, 0) + 1
        at += message_bytes
    if at != size:
        raise _left_over(sequence, count, size - at)
    return Packet(datagram, count, sequence, sent_ns, starts, types)


def part(packet_: Packet, begin: int, end: int, sequence: int) -> Packet:
    """Return the messages of a packet from index ``begin`` to before ``end``, numbered from ``sequence``."""
    starts, types = packet_.starts[begin:end], dict[int, int]()
    for start in starts:
        _, type_ = _SIZE_AND_TYPE.unpack_from(packet_.data, start)
        types[type_] = types.get(type_, 0) + 1
    return Packet(packet_.data, len(starts), sequence, packet_.sent_ns, starts, types)


def index_of(packet_: Packet, type_: int) -> int:
    """Return the index of a packet's first message of a type.

    Raises:
        ValueError: there is none.
    """
    found = (
        index
        for index, start in enumerate(packet_.starts)
        if _SIZE_AND_TYPE.unpack_from(packet_.data, start)[1] == type_
    )
    for index in found:
        return index
    raise ValueError(f"no message of type {type_}")


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


def _which(sequence: int, index: int) -> str:
    return f"message {index + 1} of the packet of sequence {sequence}"


def _left_over(sequence: int, count: int, left_bytes: int) -> CutMessage:
    return CutMessage(
        f"the packet of sequence {sequence}", expected=f"an end after {count} messages", came=f"{left_bytes} bytes more"
    )
