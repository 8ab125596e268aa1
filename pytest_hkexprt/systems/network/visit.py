"""A look at the line as the steps tell it: one verb dials, each ``check_`` makes one comparison.

Steps may not know a system's insides, and the client knows no checks. Between them stands this.
"""

from __future__ import annotations

from collections.abc import Sequence

from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.network import checks
from pytest_hkexprt.systems.network.client import Client
from pytest_hkexprt.systems.network.facts import ParticipantLine, Probe


class NetworkVisit:
    """One look at a site's addresses over the participant's line, with the evidence of it.

    Args:
        client: has not dialled yet.
        journal: where the checks go.
        line: as the participant declares it.
        other_site: the addresses no name may lead to.
        slowest_connect_ms: what the median connect may take; 0 for no limit.
    """

    def __init__(
        self,
        client: Client,
        journal: Journal,
        *,
        line: ParticipantLine,
        other_site: Sequence[Endpoint],
        slowest_connect_ms: float = 0.0,
    ) -> None:
        self._client = client
        self._journal = journal
        self._line = line
        self._other_site = tuple(other_site)
        self._slowest_connect_ms = slowest_connect_ms
        self._where = f"network/{client.endpoints[0].site}"

    def dial(self) -> None:
        """Dial every address of the site; see :meth:`Client.dial`."""
        self._client.dial()

    def check_line(self) -> None:
        """Check that the participant declares its line; nothing on the wire names it."""
        self._journal.check(checks.line_named(self._line, self._where))

    def check_local_addresses(self) -> None:
        """Check that the addresses dialled from are of the line's own subnet."""
        self._journal.check(checks.local_addresses(self._line, self._probes("local addresses"), self._where))

    def check_names(self) -> None:
        """Check that no name leads to the other site, and that none is unknown."""
        others = {address for endpoint in self._other_site for address in self._client.resolve(endpoint.host)}
        self._journal.check(checks.names(self._probes("names"), others, self._where))

    def check_reachable(self) -> None:
        """Check that every address accepts connections."""
        self._journal.check(checks.reachable(self._probes("answers"), self._where))

    def check_services(self) -> None:
        """Check that every address is answered by the service that should be there."""
        self._journal.check(checks.services(self._probes("services"), self._where))

    def check_steady(self) -> None:
        """Check that every connect stood; its times and packet sizes are recorded."""
        self._journal.check(checks.steady(self._probes("times"), self._slowest_connect_ms, self._where))

    def _probes(self, what: str) -> tuple[Probe, ...]:
        if not self._client.probes:
            raise LocalProtocolError(f"network: check of the {what}", expected="dialling before it", came="none")
        return self._client.probes
