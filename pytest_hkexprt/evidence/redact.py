"""Secrets taken out of whatever is about to be written, at the one sink.

A secret is a type (:class:`~pytest_hkexprt.model.Secret`), so that it does not print by accident; this is the second
line of defence, for the day it comes back inside a library's message.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from pytest_hkexprt.model import Secret

MASK = "•••"
SHORTEST = 4
"""Characters below which a secret is not searched for: it would blacken ordinary text, and guards nothing."""


class Redactor:
    """Replaces known secrets in text, and finds them in JSON."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._plain: list[str] = []
        self._forms: list[bytes] = []
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: Secret) -> None:
        """Remember one more secret; empty and very short ones are left."""
        value = secret.reveal()
        if len(value) >= SHORTEST and value not in self._plain:
            self._plain.append(value)
            self._plain.sort(key=len, reverse=True)
            for form in {json.dumps(value, ensure_ascii=False)[1:-1], json.dumps(value)[1:-1]}:
                self._forms.append(form.encode("utf-8", "backslashreplace"))

    def text(self, text: str) -> str:
        """Return the text without the secrets."""
        for value in self._plain:
            text = text.replace(value, MASK)
        return text

    def found_in(self, encoded: bytes) -> bool:
        """Return whether encoded JSON holds a secret, in one of the forms an encoder may give it."""
        return any(form in encoded for form in self._forms)
