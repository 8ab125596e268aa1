"""What a codec is, and what can be wrong with bytes.

Two families, since the answers differ. After a :class:`BrokenStream` nothing that follows can be trusted: the line is
dropped without a word, as the documents ask. A :class:`BadMessage` came whole and with its checksum right; its number
counts, it is answered by a Reject, and the stream goes on.

Source: OCG-C Binary 2.2, 4.8 (bad checksum) and 8 (Reject codes); FIXT 1.1.
"""

from __future__ import annotations

from typing import Protocol

from pytest_hkexprt.errors import LocalProtocolError, RemoteProtocolError
from pytest_hkexprt.systems.otp.messages import Message, Role
from pytest_hkexprt.systems.otp.profiles import Profile, WireProtocol
from pytest_hkexprt.systems.otp.words import SessionRejectReason

LONGEST_MESSAGE = 65_535
"""Bytes; what the binary protocol's length field can say, and far above any message of either protocol."""


class CannotEncode(LocalProtocolError):
    """A message of ours that its layout has no room for."""


class BrokenStream(RemoteProtocolError):
    """Bytes that no message can be cut from: the line must be dropped."""


class BadStart(BrokenStream):
    """What comes is no beginning of a message."""


class BadLength(BrokenStream):
    """A length no message can have, or that leads past the message's end."""


class BadChecksum(BrokenStream):
    """A message was damaged on its way."""


class CutShort(BrokenStream):
    """The line ended within a message."""


class BadMessage(RemoteProtocolError):
    """A whole message that breaks its layout.

    Args:
        message: what of it could be read: its kind and number at least.
        field: which field, by name; empty where none can be named.
        ref_type: the message's type as it is on the wire.
        expected: what should have been.
        came: what was.
    """

    reason = SessionRejectReason.OTHER
    """What a Reject says of it."""

    def __init__(self, message: Message | None, *, field: str = "", ref_type: str, expected: str, came: str) -> None:
        what = message.kind if message else f"message of type {ref_type}"
        super().__init__(f"{what}{f', {field}' if field else ''}", expected=expected, came=came)
        self.message, self.field, self.ref_type = message, field, ref_type
        self.seq = message.seq if message else 0


class UnknownKind(BadMessage):
    """A type that is not in the table, or not for this side to say."""

    reason = SessionRejectReason.INVALID_MESSAGE_TYPE

    def __init__(self, *, seq: int, comp_id: str, ref_type: str) -> None:
        super().__init__(None, ref_type=ref_type, expected="a type of the gateway's table", came=ref_type)
        self.seq, self.comp_id = seq, comp_id


class MissingField(BadMessage):
    """A mandatory field is not there."""

    reason = SessionRejectReason.REQUIRED_FIELD_MISSING


class UndefinedField(BadMessage):
    """A field the message does not have."""

    reason = SessionRejectReason.FIELD_NOT_DEFINED_FOR_MESSAGE


class RepeatedField(BadMessage):
    """A field is there twice."""

    reason = SessionRejectReason.FIELD_REPEATED


class EmptyField(BadMessage):
    """A field is there without a value."""

    reason = SessionRejectReason.FIELD_WITHOUT_VALUE


class BadValue(BadMessage):
    """A code no vocabulary has, or a value that may not be."""

    reason = SessionRejectReason.VALUE_INCORRECT


class BadFormat(BadMessage):
    """Bytes that are no value of the field's type: no number, no text, no end."""

    reason = SessionRejectReason.INCORRECT_FORMAT


class Decoder(Protocol):
    """Bytes as they come, cut into messages."""

    def receive_data(self, data: bytes) -> None:
        """Take what was received; any split of a stream gives the same messages. Nothing received means the end."""

    def next_message(self) -> Message | None:
        """Return the next whole message; None while more bytes are needed.

        Raises:
            BadMessage: the next message breaks its layout; the call after goes on behind it.
            BrokenStream: nothing can be read any more, now or later.
        """


class Codec(Protocol):
    """One protocol of one profile, as one side speaks it."""

    protocol: WireProtocol
    profile: Profile

    def encode(self, message: Message, *, sender: Role, strict: bool = True) -> bytes:
        """Return a framed message's bytes; what is not strict may lack what is mandatory (for deliberate faults).

        Raises:
            CannotEncode: its layout has no room for it.
        """

    def decoder(self, sender: Role) -> Decoder:
        """Return a decoder of what a side sends."""
