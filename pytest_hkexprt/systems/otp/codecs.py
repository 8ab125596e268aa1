"""Which codec speaks which protocol."""

from __future__ import annotations

from pytest_hkexprt.systems.otp.binary import BinaryCodec
from pytest_hkexprt.systems.otp.fix import FixCodec
from pytest_hkexprt.systems.otp.profiles import Profile, WireProtocol
from pytest_hkexprt.systems.otp.wire import Codec


def codec_of(profile: Profile, protocol: WireProtocol) -> Codec:
    """Return the codec of a protocol, as a profile has it."""
    return BinaryCodec(profile) if protocol is WireProtocol.BINARY else FixCodec(profile)
