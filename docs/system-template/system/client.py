"""The participant's side: connect, ask, hang up; each exchange goes into the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems import transport
from pytest_hkexprt.systems.NAME import protocol

TIMEOUT_S = 5.0


class Client:
    """A connection to the service at one site.

    Args:
        endpoints: its addresses, the first tried first.
        journal: where the evidence goes.
        timeout_s: how long any one answer may take.
    """

    def __init__(self, endpoints: Sequence[Endpoint], journal: Journal, *, timeout_s: float = TIMEOUT_S) -> None:
        self.endpoints = tuple(endpoints)
        self._journal = journal
        self._timeout_s = timeout_s
        self._line: transport.Line | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._line is not None:
            self._line.socket.close()

    def connect(self) -> None:
        """Connect to the service.

        Raises:
            Unreachable: no connection could be made.
        """
        endpoint = self.endpoints[0]
        self._line = transport.connect(endpoint, Deadline.after(self._timeout_s))
        self._journal.exchange(endpoint, "connected", {"from": self._line.local})

    def ask(self, word: str) -> str:
        """Ask, and return what the service answered; empty where it said nothing in time.

        Raises:
            RemoteProtocolError: what it said is no answer.
        """
        assert self._line is not None, "connect first"
        self._line.socket.settimeout(self._timeout_s)
        self._line.socket.sendall(protocol.request(word))
        try:
            came = protocol.answer(self._line.socket.recv(4096))
        except TimeoutError:
            came = ""
        self._journal.exchange(self.endpoints[0], "asked", {"request": word, "answer": came})
        return came
