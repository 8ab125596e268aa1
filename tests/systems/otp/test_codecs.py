"""What holds of every message of every profile in both protocols."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_hkexprt.systems.otp.codecs import codec_of
from pytest_hkexprt.systems.otp.fix_messages import TYPES
from pytest_hkexprt.systems.otp.messages import Kind, Message, Role
from pytest_hkexprt.systems.otp.profiles import CCCG_13, Profile, WireProtocol
from pytest_hkexprt.systems.otp.wire import BadMessage, BrokenStream
from tests.systems.otp.samples import PROFILES, SPOKEN, full, messages, named

spoken = pytest.mark.parametrize(("profile", "protocol", "sender"), SPOKEN, ids=named)
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
EVERY = [
    (profile, protocol, sender, kind)
    for profile, protocol, sender in SPOKEN
    for kind in sorted(profile.kinds(sender))
    if protocol is WireProtocol.BINARY or kind in TYPES
]


def read(profile: Profile, protocol: WireProtocol, sender: Role, *parts: bytes) -> list[Message]:
    """Return all that can be read of bytes given in parts."""
    decoder, found = codec_of(profile, protocol).decoder(sender), []
    for part in parts:
        decoder.receive_data(part)
        while (message := decoder.next_message()) is not None:
            found.append(message)
    return found


@spoken
@few
@given(data=st.data())
def test_any_message_survives_writing_and_reading(profile, protocol, sender, data):
    message = data.draw(messages(profile, protocol, sender))
    written = codec_of(profile, protocol).encode(message, sender=sender)
    assert read(profile, protocol, sender, written) == [message]


@pytest.mark.parametrize(("profile", "protocol", "sender", "kind"), EVERY, ids=named)
def test_a_message_with_everything_survives(profile, protocol, sender, kind):
    message = full(kind, profile, protocol, sender)
    written = codec_of(profile, protocol).encode(message, sender=sender)
    assert read(profile, protocol, sender, written) == [message]


@spoken
@few
@given(data=st.data())
def test_any_split_of_the_stream_reads_the_same(profile, protocol, sender, data):
    said = data.draw(st.lists(messages(profile, protocol, sender), min_size=1, max_size=4))
    stream = b"".join(codec_of(profile, protocol).encode(each, sender=sender) for each in said)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    parts = [stream[at:to] for at, to in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert read(profile, protocol, sender, *filter(None, parts)) == said


@spoken
def test_byte_by_byte_reads_the_same(profile, protocol, sender):
    said = [full(Kind.LOGON, profile, protocol, sender), full(Kind.HEARTBEAT, profile, protocol, sender)]
    stream = b"".join(codec_of(profile, protocol).encode(each, sender=sender) for each in said)
    assert read(profile, protocol, sender, *(bytes([each]) for each in stream)) == said


@spoken
@few
@given(data=st.data())
def test_a_flipped_bit_never_reads(profile, protocol, sender, data):
    message = data.draw(messages(profile, protocol, sender))
    written = bytearray(codec_of(profile, protocol).encode(message, sender=sender))
    at = data.draw(st.integers(0, len(written) * 8 - 1))
    written[at // 8] ^= 1 << at % 8
    try:
        assert not read(profile, protocol, sender, bytes(written))
    except BrokenStream:
        return


@pytest.mark.parametrize("protocol", WireProtocol)
def test_no_flipped_bit_of_an_order_reads(protocol):
    profile = PROFILES[1]
    written = codec_of(profile, protocol).encode(
        full(Kind.NEW_ORDER, profile, protocol, Role.INITIATOR), sender=Role.INITIATOR
    )
    for at in range(len(written) * 8):
        damaged = bytearray(written)
        damaged[at // 8] ^= 1 << at % 8
        try:
            assert not read(profile, protocol, Role.INITIATOR, bytes(damaged)), f"bit {at} went unnoticed"
        except BrokenStream:
            continue


@spoken
@few
@given(noise=st.binary(min_size=1, max_size=200))
def test_noise_never_reads(profile, protocol, sender, noise):
    try:
        assert not read(profile, protocol, sender, noise)
    except (BrokenStream, BadMessage):
        return


def test_otp_c_says_every_kind_there_is():
    assert PROFILES[0].from_participant | PROFILES[0].from_gateway == set(Kind)


def test_otp_csc_takes_orders_cancels_and_requests_alone():
    business = {kind for kind in CCCG_13.from_participant if not kind.is_session}
    assert business == {Kind.NEW_ORDER, Kind.CANCEL, Kind.THROTTLE_REQUEST, Kind.PARTY_REQUEST}
