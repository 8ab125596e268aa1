"""A gateway's password: what it may be, and how it crosses the wire.

Source: OCG-C Binary 2.2 and FIX 2.2, 3.4 (policy, RSA-2048, base64); OCG-C Binary 3.x, 3.5 (PKCS#1 or OAEP).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pytest_hkexprt.systems.otp.profiles import Profile, WireProtocol


class Password:
    """A secret that is shown as dots; :meth:`reveal` is the one way to its text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return it."""
        return self._text


def mistakes(new: Password, last: Sequence[Password], profile: Profile) -> list[str]:
    """Return why a new password does not comply; empty where it does."""
    raise NotImplementedError


def encrypted(
    password: Password, public_key_pem: bytes, profile: Profile, protocol: WireProtocol, utc: dt.datetime
) -> str:
    """Return what EncryptedPassword says: the password, after the time where the protocol wants it, for one reader.

    Raises:
        UsageFault: the key is not a public RSA key of 2048 bits.
    """
    raise NotImplementedError


def decrypted(
    text: str, private_key_pem: bytes, profile: Profile, protocol: WireProtocol, utc: dt.datetime
) -> Password | None:
    """Return the password inside; None where it does not open, or its time is too far from the gateway's."""
    raise NotImplementedError
