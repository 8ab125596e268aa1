"""The binary protocol: header, presence map, fields, checksum.

What a message's layout is stands in :mod:`layouts`. Which fields a message has is its presence map, and for each map
that comes the codec makes a plan once: runs of fixed-size fields, read or written by one ``struct``, and between them
the texts and groups whose size the message tells.

Source: OCG-C Binary 2.2, 7.2 and 7.3, 4.8 (checksum: CRC-32C over header and body); unchanged in 3.x and CCCG 1.3.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from functools import lru_cache

import google_crc32c

from pytest_hkexprt.systems.otp.binary_plan import Cut, Fault, Layout, NotDefined
from pytest_hkexprt.systems.otp.binary_values import TYPE_NUMBERS, Empty, Unfit, is_printable
from pytest_hkexprt.systems.otp.layouts import LAYOUTS, TYPES
from pytest_hkexprt.systems.otp.messages import HIDDEN, SECRETS, Kind, Message, Role, Value
from pytest_hkexprt.systems.otp.profiles import Profile, WireProtocol
from pytest_hkexprt.systems.otp.wire import (
    LONGEST_MESSAGE,
    BadChecksum,
    BadFormat,
    BadLength,
    BadMessage,
    BadStart,
    BadValue,
    BrokenStream,
    CannotEncode,
    CutShort,
    EmptyField,
    MissingField,
    UndefinedField,
    UnknownKind,
)

STX = 0x02
HEADER = struct.Struct("<BHBIBB12s32s")
TRAILER = struct.Struct("<I")
PREFIX = 3
"""Bytes that tell how long the message is."""
SHORTEST = HEADER.size + TRAILER.size
COMP_ID_SIZE = 12
GREATEST_SEQ = 2**32 - 1


class BinaryCodec:
    """A :class:`~pytest_hkexprt.systems.otp.wire.Codec` for the binary protocol."""

    protocol = WireProtocol.BINARY

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.layouts = layouts_of(profile)

    def encode(self, message: Message, *, sender: Role, strict: bool = True) -> bytes:
        """Return a framed message's bytes."""
        layout = self.layouts[message.kind]
        fields = message.fields
        presence, bits, plan = layout.found(tuple(fields))
        if presence.bit_count() != len(fields):
            unknown = ", ".join(sorted(set(fields) - set(layout.names)))
            raise CannotEncode(_where(message), expected="fields of its layout", came=unknown)
        if strict and (missing := layout.missing(presence, sender)):
            raise CannotEncode(_where(message), expected="its mandatory fields", came=f"{', '.join(missing)} missing")
        comp_id = _comp_id(message.comp_id)
        if comp_id is None:
            raise CannotEncode(_where(message), expected="a Comp ID of at most 11 characters", came=message.comp_id)
        if not 0 <= message.seq <= GREATEST_SEQ:
            raise CannotEncode(_where(message), expected="a number of 32 bits", came=str(message.seq))
        try:
            body = plan.write(fields)
        except Fault as fault:
            raise CannotEncode(
                f"{_where(message)}, {fault.name}", expected=fault.expected, came=_shown(fault, fields)
            ) from None
        length = SHORTEST + len(body)
        if length > LONGEST_MESSAGE:
            raise CannotEncode(_where(message), expected=f"at most {LONGEST_MESSAGE} bytes", came=str(length))
        head = HEADER.pack(
            STX,
            length,
            TYPE_NUMBERS[message.kind],
            message.seq,
            message.poss_dup,
            message.poss_resend,
            comp_id,
            bits,
        )
        data = head + body
        return data + TRAILER.pack(google_crc32c.value(data))

    def decoder(self, sender: Role) -> BinaryDecoder:
        """Return a decoder of what a side sends."""
        return BinaryDecoder(self, sender)


class BinaryDecoder:
    """A :class:`~pytest_hkexprt.systems.otp.wire.Decoder` for the binary protocol."""

    def __init__(self, codec: BinaryCodec, sender: Role) -> None:
        self._codec, self._sender = codec, sender
        self._buffer = bytearray()
        self._ended = False
        self._broken: BrokenStream | None = None
        self._where = f"binary from {sender}"

    def receive_data(self, data: bytes) -> None:
        """Take what was received; nothing received means the end."""
        self._buffer += data
        self._ended = self._ended or not data

    def next_message(self) -> Message | None:
        """Return the next whole message; None while more bytes are needed."""
        if self._broken is None:
            try:
                frame = self._frame()
            except BrokenStream as fault:
                self._broken = fault
                self._buffer.clear()
                raise
            return None if frame is None else self._read(frame)
        raise self._broken

    def _frame(self) -> bytes | None:
        """Cut off the next whole message, its checksum right."""
        buffer = self._buffer
        if buffer and buffer[0] != STX:
            raise BadStart(self._where, expected=f"a message, byte {STX:#04x}", came=f"byte {buffer[0]:#04x}")
        known = len(buffer) >= PREFIX
        length = int.from_bytes(buffer[1:PREFIX], "little") if known else SHORTEST
        if length < SHORTEST:
            raise BadLength(self._where, expected=f"a length of {SHORTEST} bytes or more", came=str(length))
        if len(buffer) < length:
            if self._ended and buffer:
                raise CutShort(self._where, expected=f"{length} bytes or more", came=f"the end after {len(buffer)}")
            return None
        frame = bytes(buffer[:length])
        del buffer[:length]
        (said,) = TRAILER.unpack_from(frame, length - TRAILER.size)
        if (right := google_crc32c.value(frame[: -TRAILER.size])) != said:
            raise BadChecksum(self._where, expected=f"CRC-32C {right:08x}", came=f"{said:08x}")
        return frame

    def _read(self, frame: bytes) -> Message:
        """Return a frame's message."""
        _, length, number, seq, dup, resend, comp, bits = HEADER.unpack_from(frame)
        kind = TYPES.get(number)
        text = comp.rstrip(b"\0").decode("ascii", "replace")
        if kind is None or kind not in self._codec.profile.kinds(self._sender):
            raise UnknownKind(seq=seq, comp_id=text, ref_type=str(number))
        so_far = Message(kind, {}, text, seq, bool(dup), bool(resend))
        if not is_printable(text) or len(text) >= COMP_ID_SIZE:
            raise _bad(BadFormat, so_far, number, Fault("CompID", "at most 11 printable characters"), repr(comp))
        if dup > 1 or resend > 1:
            raise _bad(BadValue, so_far, number, Fault("PossDup", "0 or 1"), f"{dup}, {resend}")
        layout = self._codec.layouts[kind]
        presence = int.from_bytes(bits, "big")
        try:
            fields = layout.plan(presence).read(frame, HEADER.size, length - TRAILER.size)
        except NotDefined as fault:
            raise _bad(UndefinedField, so_far, number, fault, fault.came) from None
        except Cut as fault:
            raise _bad(BadFormat, so_far, number, fault, fault.came) from None
        except Fault as fault:
            raise _bad(_KINDS.get(fault.because, BadValue), so_far, number, fault, fault.came) from None
        if missing := layout.missing(presence, self._sender):
            raise _bad(MissingField, so_far, number, Fault(missing[0], "its mandatory fields"), "none")
        return Message(kind, fields, text, seq, bool(dup), bool(resend))


@lru_cache(maxsize=64)
def _comp_id(text: str) -> bytes | None:
    """Return a Comp ID's bytes; None where it is none."""
    return text.encode("ascii") if is_printable(text) and len(text) < COMP_ID_SIZE else None


def _where(message: Message) -> str:
    return f"{message.kind} {message.seq}"


_KINDS: dict[type[Exception], type[BadMessage]] = {Empty: EmptyField, Unfit: BadFormat, KeyError: BadValue}


def _bad(how: type[BadMessage], message: Message, number: int, fault: Fault, came: str) -> BadMessage:
    came = HIDDEN if fault.name in SECRETS else came
    return how(message, field=fault.name, ref_type=str(number), expected=fault.expected, came=came)


def _shown(fault: Fault, fields: Mapping[str, Value]) -> str:
    return HIDDEN if fault.name in SECRETS else repr(fields.get(fault.name))


@lru_cache(maxsize=16)
def _layouts(name: str, extra: frozenset[tuple[Kind, str]]) -> dict[Kind, Layout]:
    return {
        kind: Layout(rows, frozenset(field for of, field in extra if of is kind))
        for kind, rows in LAYOUTS[name].items()
    }


def layouts_of(profile: Profile) -> dict[Kind, Layout]:
    """Return the layouts of a profile, with what it makes mandatory."""
    extra = set()
    if profile.bcan:
        extra |= {(Kind.NEW_ORDER, "BCAN"), (Kind.QUOTE, "BCAN")}
    if profile.max_price_levels:
        extra.add((Kind.NEW_ORDER, "MaxPriceLevels"))
    return _layouts(profile.layout, frozenset(extra))
