"""Host keys that are pinned, and the judgement of one that is offered.

Nothing is ever learnt here: a key is pinned by the participant file or by a ``known_hosts`` file that a person wrote,
or the connection fails with both fingerprints to compare.

Source: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT" (patterns, ``[host]:port``, hashed names, markers); ssh(1) accepts a key
found for the bare host when a server on another port has no line of its own.
"""

from __future__ import annotations

import base64
import binascii
import fnmatch
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_hkexprt.errors import RemoteProtocolError, UsageFault
from pytest_hkexprt.model import Endpoint, Site

SSH_PORT = 22
FIELDS = 3
"""Of a line: names, kind, key."""
REVOKED = "@revoked"
NONE_PINNED = "a pinned host key; none is pinned for this address"


class HostKeyRefused(RemoteProtocolError):
    """The server showed a host key that is not pinned for it."""


def fingerprint(blob: bytes) -> str:
    """Return a key's fingerprint as OpenSSH prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def kind(blob: bytes) -> str:
    """Return a public key's type, such as ``ssh-ed25519``."""
    length = int.from_bytes(blob[:4])
    return blob[4 : 4 + length].decode("ascii", "replace")


@dataclass(frozen=True, slots=True)
class KnownLine:
    """One line of a ``known_hosts`` file."""

    source: str
    """File and line."""
    names: str
    blob: bytes
    marker: str = ""
    """``@revoked`` or ``@cert-authority``, or empty."""

    def is_for(self, host: str) -> bool:
        """Return whether the line's names take in ``host``, written ``[host]:port`` for other ports than 22."""
        if self.names.startswith("|1|"):
            return _hashed(self.names, host)
        patterns = self.names.lower().split(",")
        # "[" is no character class in these patterns; only * and ? are special.
        plain = [pattern.replace("[", "[[]") for pattern in patterns]
        if any(fnmatch.fnmatchcase(host.lower(), pattern[1:]) for pattern in plain if pattern.startswith("!")):
            return False
        return any(fnmatch.fnmatchcase(host.lower(), pattern) for pattern in plain)  # no host begins with "!"


def _hashed(names: str, host: str) -> bool:
    try:
        _, _, salt, digest = names.split("|")
        expected = hmac.new(base64.b64decode(salt), host.encode(), hashlib.sha1).digest()
        return hmac.compare_digest(expected, base64.b64decode(digest))
    except (ValueError, binascii.Error):
        return False


def read_known_hosts(path: Path) -> tuple[KnownLine, ...]:
    """Return the lines of a ``known_hosts`` file; lines it cannot read, as OpenSSH does, it passes over.

    Raises:
        UsageFault: the file cannot be read.
    """
    try:
        text = path.read_text("utf-8", "replace")
    except OSError as error:
        raise UsageFault(
            f"[rap] known_hosts: {path}", expected="a readable file", came=error.strerror or str(error)
        ) from error
    lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        marker = words.pop(0) if words and words[0].startswith("@") else ""
        if len(words) < FIELDS or words[0].startswith("#"):
            continue
        try:
            blob = base64.b64decode(words[2], validate=True)
        except binascii.Error:
            continue
        lines.append(KnownLine(f"{path.name}:{number}", words[0], blob, marker))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class HostKeys:
    """Every host key the participant trusts."""

    pinned: Mapping[Site, tuple[str, ...]] = field(default_factory=dict)
    """Fingerprints or public keys, site by site."""
    known: tuple[KnownLine, ...] = ()
    pinned_in: str = "the participant file"
    """Where ``pinned`` is from, for messages and evidence."""

    def kinds(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Return the types of key that are pinned for an endpoint, to ask for first: a server shows one of several."""
        pinned = [text.split()[0] for text in self.pinned.get(endpoint.site, ()) if " " in text]
        known = [kind(line.blob) for line in self._lines(endpoint)[0] if not line.marker]
        return tuple(dict.fromkeys([*pinned, *known]))

    def verify(self, endpoint: Endpoint, blob: bytes) -> str:
        """Return where the offered key is pinned.

        Raises:
            HostKeyRefused: it is pinned nowhere, another key is, it is revoked, or it is the other site's.
        """
        offered = f"{kind(blob)} {fingerprint(blob)}"
        revoked = self._revoked(endpoint, blob)
        if revoked:
            raise _refused(
                endpoint, "a key in use", f"{offered}, revoked in {revoked.source}", "ask whom it belongs to"
            )
        if any(_same(text, blob) for text in self.pinned.get(endpoint.site, ())):
            return f"{self.pinned_in}, for the {endpoint.site} site"
        lines, bare = self._lines(endpoint)
        for line in lines:
            if not line.marker and line.blob == blob:
                return f"{line.source}, a line for the host without its port" if bare else line.source
        raise self._refusal(endpoint, blob, offered, lines)

    def _refusal(self, endpoint: Endpoint, blob: bytes, offered: str, lines: list[KnownLine]) -> HostKeyRefused:
        expected = self._expected(endpoint, lines)
        if any(_same(text, blob) for text in self.pinned.get(endpoint.site.other, ())):
            return _refused(
                endpoint,
                expected or NONE_PINNED,
                f"{offered}: the key pinned for the {endpoint.site.other} site, whose server answers here",
                "check where this address leads; nothing was sent to that server",
            )
        authorities = [line.source for line in lines if line.marker]
        if authorities and not expected:
            return _refused(
                endpoint,
                "a host key",
                f"only a certificate authority ({', '.join(authorities)}), and {offered}",
                "host certificates are not supported: pin the host key itself",
            )
        if not expected:
            return _refused(
                endpoint,
                NONE_PINNED,
                offered,
                "compare the fingerprint with the one you were given, then pin it in hkexprt.toml [rap.host_keys] "
                f"{endpoint.site}; nothing is learnt by itself",
            )
        return _refused(
            endpoint,
            expected,
            offered,
            "if the server was renewed, get the new fingerprint from its owner; if not, somebody else answers. "
            "A server may have several keys, and a fingerprint pins one of them",
        )

    def _expected(self, endpoint: Endpoint, lines: Iterable[KnownLine]) -> str:
        pinned = [f"{_shown(text)} (in {self.pinned_in})" for text in self.pinned.get(endpoint.site, ())]
        known = [f"{kind(line.blob)} {fingerprint(line.blob)} ({line.source})" for line in lines if not line.marker]
        return " or ".join([*pinned, *known])

    def _lines(self, endpoint: Endpoint) -> tuple[list[KnownLine], bool]:
        """Return the lines for an endpoint but the revoked, and whether its keys are those of its bare host."""
        lines = [line for line in self.known if line.marker != REVOKED]
        own = [line for line in lines if line.is_for(_named(endpoint))]
        # A line for every host, such as an authority's, is no line of the server's own.
        if endpoint.port == SSH_PORT or not all(line.marker for line in own):
            return own, False
        return [line for line in lines if line in own or line.is_for(endpoint.host)], True

    def _revoked(self, endpoint: Endpoint, blob: bytes) -> KnownLine | None:
        """Return the line that revokes a key for an endpoint, or for its bare host, which ssh(1) may not ask for."""
        lines = (line for line in self.known if line.marker == REVOKED and line.blob == blob)
        return next((line for line in lines if line.is_for(_named(endpoint)) or line.is_for(endpoint.host)), None)


def _named(endpoint: Endpoint) -> str:
    return endpoint.host if endpoint.port == SSH_PORT else f"[{endpoint.host}]:{endpoint.port}"


def _refused(endpoint: Endpoint, expected: str, came: str, next_step: str) -> HostKeyRefused:
    return HostKeyRefused(f"{endpoint}: host key refused", expected=expected, came=came, next_step=next_step)


def _same(text: str, blob: bytes) -> bool:
    return text == fingerprint(blob) if text.startswith("SHA256:") else base64.b64decode(text.split()[1]) == blob


def _shown(text: str) -> str:
    if text.startswith("SHA256:"):
        return text
    named, encoded, *_ = text.split()
    return f"{named} {fingerprint(base64.b64decode(encoded))}"
