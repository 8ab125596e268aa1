"""Registrations and forms as the steps tell them: read the ledger, compare, leave the check as evidence."""

from __future__ import annotations

from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Circular
from pytest_hkexprt.systems.forms import checks
from pytest_hkexprt.systems.forms.client import Client


class Returns:
    """What one participant declares to have sent for one circular.

    Args:
        client: the ledger.
        journal: where the checks go.
        circular: what asks for it.
        participant: whose ledger it is.
    """

    def __init__(self, client: Client, journal: Journal, circular: Circular, participant: str) -> None:
        self._client = client
        self._journal = journal
        self._circular = circular
        self._participant = participant

    def check_registered(self) -> None:
        """Check that the participant registered for the circular in time.

        Raises:
            Unmet: it did not, or too late, or for another circular.
        """
        self._journal.check(checks.registered(self._client.entries(), self._circular, self._participant))

    def check_returned(self, form: str) -> None:
        """Check that a form was returned in time.

        Raises:
            Unmet: it was not, or too late, or for another circular.
        """
        self._journal.check(checks.returned(self._client.entries(), self._circular, self._participant, form))
