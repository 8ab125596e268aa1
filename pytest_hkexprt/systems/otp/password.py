"""A gateway's password: what it may be, and how it crosses the wire.

It is encrypted for one reader, HKEX, whose public key every participant has; in the binary protocol the time stands
before it, so that what was recorded cannot be sent again. No password is in a repr, a log or an exception, and neither
is what an encrypted one opened to.

Source: OCG-C Binary 2.2 and FIX 2.2, 3.4 (RSA of 2048 bits, big-endian, base64; eight letters and digits, not one of
the last five, one change a day, locked after three bad tries, expired after 90 days); OCG-C Binary 3.x, 3.5 (PKCS#1 or
OAEP). Which digests OAEP uses is not published: SHA-1 for both, as its standard has it, is a guess.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hmac
from collections.abc import Sequence

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.padding import AsymmetricPadding
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.otp.messages import HIDDEN
from pytest_hkexprt.systems.otp.profiles import Padding, Profile, WireProtocol

KEY_BITS = 2048
REMEMBERED = 5
"""Passwords that may not come again."""
MOST_BAD_TRIES = 3
LIFE_DAYS = 90
PREFIX = "%Y%m%d%H%M%S"
PREFIX_SIZE = 14
NEXT_KEY = "name the public key (PEM, RSA of 2048 bits) that the exchange has given out"


class Password:
    """A secret that is shown as dots; :meth:`reveal` is the one way to its text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Password) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Password, self._text))

    def __reduce__(self) -> str:
        raise TypeError("a password is not written anywhere")

    def reveal(self) -> str:
        """Return its text."""
        return self._text


def mistakes(new: Password, last: Sequence[Password], profile: Profile) -> list[str]:
    """Return why a new password does not comply, without showing it; empty where it does.

    Args:
        new: the password.
        last: those before it, the newest last; the last five may not come again.
        profile: says how long it is.
    """
    text, found = new.reveal(), []
    if len(text) != profile.password_length:
        found.append(f"expected {profile.password_length} characters, came {len(text)}")
    if not (text.isascii() and text.isalnum()):
        found.append("expected letters and digits only")
    elif not (any(map(str.isalpha, text)) and any(map(str.isdigit, text))):
        found.append("expected letters and digits, both")
    if new in last[-REMEMBERED:]:
        found.append(f"expected none of the last {REMEMBERED}")
    return found


def encrypted(
    password: Password, public_key_pem: bytes, profile: Profile, protocol: WireProtocol, utc: dt.datetime
) -> str:
    """Return what EncryptedPassword says: the password, after the time where the protocol wants it, for one reader.

    Raises:
        UsageFault: the key is not a public RSA key of 2048 bits.
    """
    try:
        key = load_pem_public_key(public_key_pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageFault(
            "gateway's public key", expected="a public key in PEM", came=type(error).__name__, next_step=NEXT_KEY
        ) from None
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size != KEY_BITS:
        size = getattr(key, "key_size", "?")
        raise UsageFault(
            "gateway's public key",
            expected=f"RSA of {KEY_BITS} bits",
            came=f"{type(key).__name__} of {size} bits",
            next_step=NEXT_KEY,
        )
    prefix = utc.astimezone(dt.UTC).strftime(PREFIX) if protocol in profile.password_time_prefix else ""
    plain = (prefix + password.reveal()).encode("utf-8")
    return base64.b64encode(key.encrypt(plain, _padding(profile.password_paddings[0]))).decode("ascii")


def decrypted(
    text: str, private_key_pem: bytes, profile: Profile, protocol: WireProtocol, utc: dt.datetime
) -> Password | None:
    """Return the password inside; None where it does not open, or its time is too far from the gateway's."""
    key = load_pem_private_key(private_key_pem, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    try:
        sealed = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    # OAEP notices what is not its own; PKCS#1 gives out noise for it, so that nobody can learn from the difference.
    for each in sorted(profile.password_paddings, key=lambda each: each is not Padding.OAEP):
        try:
            plain = key.decrypt(sealed, _padding(each)).decode("ascii")
        except ValueError:
            continue
        if not plain.isprintable() or not plain:
            continue
        if protocol not in profile.password_time_prefix:
            return Password(plain)
        if len(plain) > PREFIX_SIZE and _is_near(plain[:PREFIX_SIZE], utc, profile.password_tolerance_s):
            return Password(plain[PREFIX_SIZE:])
    return None


def _is_near(prefix: str, utc: dt.datetime, tolerance_s: float) -> bool:
    """Return whether a prefix is a time close to now."""
    if not prefix.isdecimal():
        return False
    try:
        said = dt.datetime.strptime(prefix, PREFIX).replace(tzinfo=dt.UTC)
    except ValueError:
        return False
    return abs((said - utc).total_seconds()) <= tolerance_s


def _padding(which: Padding) -> AsymmetricPadding:
    if which is Padding.PKCS1:
        return padding.PKCS1v15()
    return padding.OAEP(padding.MGF1(SHA1()), SHA1(), None)  # noqa: S303  OAEP needs no collision-free digest
