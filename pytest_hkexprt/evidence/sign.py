"""Signatures over a manifest, by and for stock OpenSSH.

A participant already has an SSH key and ``ssh-keygen``; whoever is handed the evidence has the latter at least. So the
signature is OpenSSH's own, and nothing of ours is needed to check it. The namespace keeps it from being taken for a
signature of anything else.

Source: ssh-keygen(1), ``-Y``; PROTOCOL.sshsig of OpenSSH.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from pytest_hkexprt.errors import UsageFault

PROGRAM = "ssh-keygen"
NAMESPACE = "hkexprt-evidence"
TIMEOUT_S = 120.0
"""A person may have to type a passphrase or touch a token."""

_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose key a good signature was made with."""

    fingerprint: str
    identity: str = ""
    """As the file of allowed signers names it; empty where the key was compared with nobody's."""


def fingerprint(key: Path) -> str:
    """Return the fingerprint of an OpenSSH key file, private or public.

    Raises:
        UsageFault: there is no such key, or no ``ssh-keygen``.
    """
    done = _run("-l", "-f", str(key), where=f"--sign-with {key}")
    found = _FINGERPRINT.search(done.stdout.decode(errors="replace"))
    if done.returncode or not found:
        raise UsageFault(
            f"--sign-with {key}",
            expected="an OpenSSH key: the private key, or the public half of one that ssh-agent holds",
            came=_told(done),
            next_step="ssh-keygen -t ed25519 -f KEY makes one",
        )
    return found[0]


def sign(content: bytes, key: Path) -> bytes:
    """Return the signature of content, as the text of a ``.sig`` file.

    Raises:
        UsageFault: it could not be made.
    """
    done = _run("-Y", "sign", "-q", "-n", NAMESPACE, "-f", str(key), content=content, where=f"--sign-with {key}")
    if done.returncode or not done.stdout.startswith(b"-----BEGIN SSH SIGNATURE-----"):
        raise UsageFault(
            f"--sign-with {key}",
            expected="a signature",
            came=_told(done),
            next_step="sign the finished folder: hkexprt report FOLDER --sign-with KEY",
        )
    return done.stdout


def check(content: bytes, signature: Path, signers: Path | None = None) -> Signer | str:
    """Return who signed the content, or why the signature is not good.

    Args:
        content: what was signed.
        signature: the ``.sig`` file.
        signers: OpenSSH's file of allowed signers; without it the key is compared with nobody's.

    Raises:
        UsageFault: there is no ``ssh-keygen``, or the file of allowed signers cannot be read.
    """
    common = ("-n", NAMESPACE, "-s", str(signature))
    done = _run("-Y", "check-novalidate", *common, content=content)
    found = _FINGERPRINT.search(done.stdout.decode(errors="replace"))
    if done.returncode or not found:
        return _told(done)
    if signers is None:
        return Signer(found[0])
    if not signers.is_file():
        raise UsageFault(str(signers), expected="a file of allowed signers, see ssh-keygen(1)", came="no such file")
    named = _run("-Y", "find-principals", "-f", str(signers), "-s", str(signature))
    for identity in named.stdout.decode(errors="replace").split():
        if not _run("-Y", "verify", "-f", str(signers), "-I", identity, *common, content=content).returncode:
            return Signer(found[0], identity)
    return f"its key, {found[0]}, is none of those in {signers.name} that may sign evidence"


def _run(*arguments: str, content: bytes = b"", where: str = "the signature") -> subprocess.CompletedProcess[bytes]:
    try:
        # The program is looked up on the user's own path; a list of arguments, no shell.
        return subprocess.run([PROGRAM, *arguments], input=content, capture_output=True, timeout=TIMEOUT_S, check=False)  # noqa: S603
    except FileNotFoundError as error:
        raise UsageFault(
            where,
            expected=f"{PROGRAM}, of OpenSSH 8.1 or newer",
            came="no such program",
            next_step="install the OpenSSH client (Debian: openssh-client)",
        ) from error
    except subprocess.TimeoutExpired as error:
        raise UsageFault(where, expected=f"{PROGRAM} to end within {TIMEOUT_S:.0f} s", came="it is waiting") from error


def _told(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return what the program said, in one line of printable text."""
    said = (done.stderr or done.stdout).decode(errors="replace")
    return " ".join(part for part in said.split() if part.isprintable()) or f"exit status {done.returncode}"
