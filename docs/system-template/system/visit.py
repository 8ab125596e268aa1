"""A visit as the steps tell it: a verb, then a check."""

from __future__ import annotations

from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.systems.NAME import checks
from pytest_hkexprt.systems.NAME.client import Client


class Visit:
    """What one scenario does with the service.

    Args:
        client: not connected yet.
        journal: where the evidence goes.
    """

    def __init__(self, client: Client, journal: Journal) -> None:
        self._client = client
        self._journal = journal
        self._came = ""

    def ask(self, word: str) -> None:
        """Connect and ask."""
        self._client.connect()
        self._came = self._client.ask(word)

    def check_answer(self, expected: str) -> None:
        """Compare the answer.

        Raises:
            Unmet: it is another.
        """
        self._journal.check(checks.answered(str(self._client.endpoints[0]), expected, self._came))
