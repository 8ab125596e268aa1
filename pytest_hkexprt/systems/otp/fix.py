"""FIX: FIXT.1.1 with FIX.5.0SP2."""

from __future__ import annotations

from pytest_hkexprt.systems.otp.messages import Message, Role
from pytest_hkexprt.systems.otp.profiles import Profile, WireProtocol
from pytest_hkexprt.systems.otp.wire import Decoder


class FixCodec:
    """A :class:`~pytest_hkexprt.systems.otp.wire.Codec` for FIX."""

    protocol = WireProtocol.FIX

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def encode(self, message: Message, *, sender: Role, strict: bool = True) -> bytes:
        """Return a framed message's bytes."""
        raise NotImplementedError

    def decoder(self, sender: Role) -> Decoder:
        """Return a decoder of what a side sends."""
        raise NotImplementedError
