"""Secrets taken out of whatever is about to be written, at the one sink.

A secret is a type (:class:`~pytest_hkexprt.model.Secret`), so that it does not print by accident; this is the second
line of defence, for the day it comes back inside a library's message. Two kinds are taken out: those that were learnt,
wherever they stand and however they are quoted, and what can be told by its shape, learnt or not.

Source: FIX 5.0 SP2 for the tags of passwords; RFC 7468 for the armour of private keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from pytest_hkexprt.model import Secret

MASK = "•••"
SHORTEST = 4
"""Characters below which a secret is not searched for: it would blacken ordinary text, and guards nothing."""
SHORTEST_LINE = 16
"""The same for one line of a secret of several, such as a private key."""
SHORTEST_GUESSED = 8
"""The same for the value of an environment variable that is only named like a secret."""

_SECRET_NAME = re.compile(r"PASSW|PASSPHRASE|SECRET|TOKEN|API_?KEY|CREDENTIAL", re.IGNORECASE)
_SHAPES = (
    re.compile(r"(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(?=-----END |\Z)", re.DOTALL),
    # Password, NewPassword, EncryptedPassword, EncryptedNewPassword of FIX, with any separator a log may show, written
    # out as an escape too, as the representation of a message has it.
    re.compile(
        r"((?:^|[\x01|^;]|\\x01|\\u0001)(?:554|925|1402|1404)=)(?:(?!\\+(?:x01|u0001))[^\x01|^;\s])+", re.MULTILINE
    ),
    re.compile(r"(://[^/\s:@]+:)[^/\s@]+(?=@)"),
    re.compile(r"(\b(?:basic|bearer)\s+)[\w.~+/=-]{8,}", re.IGNORECASE),
    re.compile(r"((?:password|passwd|passphrase|secret|token)=\\*[\"']?)[^\s\"'&,;)\\]{4,}", re.IGNORECASE),
    re.compile(r"([\"'](?:password|passwd|passphrase|secret|\w*token)\\*[\"']:\s*\\*[\"'])[^\"'\\]+", re.IGNORECASE),
)
"""What a secret looks like: the first group stays, the rest goes."""
_HINTS = (
    *(b"private key-----", b"554=", b"925=", b"1402=", b"1404=", b"://", b"basic ", b"bearer "),
    *(b"passw", b"passphrase", b"secret", b"token"),
)
"""What encoded JSON holds, in small letters, if one of the shapes may be in it; looked for first, as it costs little.

Twelve searches for a constant take a quarter of the time of one regular expression of twelve branches.
"""


class Redactor:
    """Replaces secrets in text, and finds them in JSON."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._plain: list[str] = []
        self._forms: list[bytes] = []
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: Secret) -> None:
        """Remember one more secret; empty and very short ones are left."""
        value = secret.reveal()
        lines = value.splitlines() if "\n" in value else []
        whole = [value] if len(value) >= SHORTEST else []
        for part in (*whole, *(line for line in lines if len(line) >= SHORTEST_LINE and not line.startswith("-----"))):
            for spelt in (part, repr(part)[1:-1], quote(part, safe="", errors="replace")):
                self._remember(spelt)

    def learn_environment(self, environment: Mapping[str, str], named: Iterable[str] = ()) -> None:
        """Remember the variables named, and those named like a secret."""
        for name in named:
            self.learn(Secret(environment.get(name, "")))
        for name, value in environment.items():
            if len(value) >= SHORTEST_GUESSED and _SECRET_NAME.search(name):
                self.learn(Secret(value))

    def text(self, text: str) -> str:
        """Return the text without the secrets."""
        for value in self._plain:
            text = text.replace(value, MASK)
        for shape in _SHAPES:
            text = shape.sub(rf"\g<1>{MASK}", text)
        return text

    def found_in(self, encoded: bytes) -> bool:
        """Return whether encoded JSON may hold a secret, in one of the forms an encoder may give it."""
        return any(map(encoded.lower().__contains__, _HINTS)) or any(map(encoded.__contains__, self._forms))

    def _remember(self, value: str) -> None:
        if value in self._plain:
            return
        self._plain.append(value)
        self._plain.sort(key=len, reverse=True)
        for form in {json.dumps(value, ensure_ascii=False)[1:-1], json.dumps(value)[1:-1]}:
            self._forms.append(form.encode("utf-8", "backslashreplace"))
