"""The participant's private key, from whichever format it is kept in.

The SSH library reads two of the three formats in use, and answers five different mistakes with two exceptions. Here
the key is read by ``cryptography``, which knows all three, handed on in one format, and every mistake has its name.

Source: PROTOCOL.key of OpenSSH; RFC 5208 and RFC 5958 (PKCS #8); RFC 1421 (the older PEM).
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Secret
from pytest_hkexprt.systems.rap.hostkeys import fingerprint

OTHERS_MAY = 0o077
"""Permission bits of group and others; OpenSSH refuses a key with any of them."""


class KeyMistake(StrEnum):
    """What can be wrong with a key's file."""

    MISSING = "no such file"
    UNREADABLE = "it cannot be read"
    OPEN_TO_OTHERS = "others may read it"
    NO_KEY = "it is not a private key"
    PUBLIC = "it is the public key"
    LOCKED = "it needs a passphrase"
    NOT_OPENED = "the passphrase is wrong"
    NOT_LOCKED = "it has no passphrase"
    KIND = "its kind cannot log in"


class KeyFault(UsageFault):
    """A private key cannot be used; :attr:`mistake` says why."""

    def __init__(self, path: Path, mistake: KeyMistake, *, came: str = "", next_step: str) -> None:
        super().__init__(
            f"[rap] key: {path}",
            expected="a private key",
            came=f"{mistake}{came and f' ({came})'}",
            next_step=next_step,
        )
        self.mistake = mistake


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key, ready to log in with."""

    public: str
    """Type and base64, as in ``authorized_keys``."""
    fingerprint: str
    openssh: Secret
    """The key itself, in OpenSSH's format, without a passphrase."""

    @property
    def kind(self) -> str:
        """The type, such as ``ssh-ed25519``."""
        return self.public.split()[0]


def generate() -> PrivateKey:
    """Return a fresh Ed25519 key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  15 ms, when used

    return _of(Ed25519PrivateKey.generate())


def load(path: Path, passphrase: Secret | None = None) -> PrivateKey:
    """Return the key of a file: Ed25519, ECDSA or RSA, in OpenSSH's format, PEM or PKCS #8.

    Raises:
        KeyFault: the file, its permissions, its content or the passphrase are wrong.
    """
    text = _read(path)
    if text.lstrip().startswith((b"ssh-", b"ecdsa-", b"-----BEGIN PUBLIC", b"-----BEGIN SSH2 PUBLIC", b"---- BEGIN")):
        raise KeyFault(path, KeyMistake.PUBLIC, next_step="name the private key; often the same name without .pub")
    if b"PRIVATE KEY-----" not in text:
        raise KeyFault(path, KeyMistake.NO_KEY, next_step="name the file ssh-keygen made, not a copy from elsewhere")
    return _of(_unlock(path, _parser(text), passphrase), path)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read()
    except FileNotFoundError:
        raise KeyFault(path, KeyMistake.MISSING, next_step="set [rap] key to the private key's file") from None
    except OSError as error:
        raise KeyFault(
            path, KeyMistake.UNREADABLE, came=error.strerror or "", next_step="let its owner run this"
        ) from None
    if os.name != "nt" and mode & OTHERS_MAY:
        raise KeyFault(path, KeyMistake.OPEN_TO_OTHERS, came=f"mode {mode & 0o777:04o}", next_step=f"chmod 600 {path}")
    return text


def _parser(text: bytes) -> Callable[[bytes | None], Any]:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415  15 ms, when a key is loaded

    if b"BEGIN OPENSSH PRIVATE KEY" in text:
        return lambda passphrase: serialization.load_ssh_private_key(text, passphrase)
    return lambda passphrase: serialization.load_pem_private_key(text, passphrase)


def _unlock(path: Path, parse: Callable[[bytes | None], Any], passphrase: Secret | None) -> Any:  # noqa: ANN401  cryptography has no common type of its keys
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  as above

    try:
        try:
            key = parse(None)
        except TypeError:  # it is encrypted: this is how cryptography says so
            if passphrase is None:
                raise KeyFault(
                    path,
                    KeyMistake.LOCKED,
                    next_step="set passphrase_env to the environment variable that holds it, or use agent = true",
                ) from None
            try:
                return parse(passphrase.reveal().encode())
            except ValueError:
                raise KeyFault(
                    path, KeyMistake.NOT_OPENED, next_step="look at the variable passphrase_env names"
                ) from None
    except ValueError as error:
        raise KeyFault(
            path, KeyMistake.NO_KEY, came=_first_line(error), next_step="make it anew or copy it again"
        ) from None
    except UnsupportedAlgorithm as error:
        raise KeyFault(path, KeyMistake.KIND, came=_first_line(error), next_step="use Ed25519, ECDSA or RSA") from None
    if passphrase is not None:
        raise KeyFault(path, KeyMistake.NOT_LOCKED, next_step="take passphrase_env out of the file")
    return key


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:120]


def _of(key: Any, path: Path = Path()) -> PrivateKey:  # noqa: ANN401  as above

    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415  as above
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415

    if not isinstance(key, EllipticCurvePrivateKey | Ed25519PrivateKey | RSAPrivateKey):
        raise KeyFault(path, KeyMistake.KIND, came=type(key).__name__, next_step="use Ed25519, ECDSA or RSA")
    encoding = serialization.Encoding
    try:
        public = key.public_key().public_bytes(encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()
    except (ValueError, TypeError) as error:  # a curve SSH has no name for
        raise KeyFault(path, KeyMistake.KIND, came=_first_line(error), next_step="use Ed25519, ECDSA or RSA") from None
    private = key.private_bytes(encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption())
    return PrivateKey(public, fingerprint(base64.b64decode(public.split()[1])), Secret(private.decode()))
