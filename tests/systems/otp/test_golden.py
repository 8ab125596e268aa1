"""Both codecs against the published tables: the same bytes are written, and what they mean is read."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.otp.codecs import codec_of
from pytest_hkexprt.systems.otp.messages import Message, Role
from pytest_hkexprt.systems.otp.profiles import Profile, WireProtocol
from pytest_hkexprt.systems.otp.wire import CutShort
from tests.systems.otp.golden import BINARY, FIX

WRITTEN = [
    *((WireProtocol.BINARY, *vector[:3], bytes.fromhex(vector[3])) for vector in BINARY.values()),
    *((WireProtocol.FIX, *vector[:3], vector[3].replace("|", "\x01").encode()) for vector in FIX.values()),
]
NAMES = [*(f"binary {name}" for name in BINARY), *(f"FIX {name}" for name in FIX)]


@pytest.mark.parametrize(("protocol", "profile", "sender", "message", "data"), WRITTEN, ids=NAMES)
def test_a_published_layout_is_written_byte_for_byte(
    protocol: WireProtocol, profile: Profile, sender: Role, message: Message, data: bytes
):
    assert codec_of(profile, protocol).encode(message, sender=sender) == data


@pytest.mark.parametrize(("protocol", "profile", "sender", "message", "data"), WRITTEN, ids=NAMES)
def test_a_published_layout_is_read(
    protocol: WireProtocol, profile: Profile, sender: Role, message: Message, data: bytes
):
    decoder = codec_of(profile, protocol).decoder(sender)
    decoder.receive_data(data)
    assert decoder.next_message() == message
    assert decoder.next_message() is None


@pytest.mark.parametrize(("protocol", "profile", "sender", "message", "data"), WRITTEN, ids=NAMES)
def test_a_line_that_ends_within_a_message_is_told(
    protocol: WireProtocol, profile: Profile, sender: Role, message: Message, data: bytes
):
    decoder = codec_of(profile, protocol).decoder(sender)
    decoder.receive_data(data[:-1])
    assert decoder.next_message() is None
    decoder.receive_data(b"")
    with pytest.raises(CutShort):
        decoder.next_message()
