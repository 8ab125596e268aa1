"""The participant's side of the line: resolve, dial, listen for a greeting, hang up.

It sends no data at all. What the kernel knows of a connection (its own address, the path's MTU) is asked of the socket
and not of a configuration, because only that is what happened.

Source: ip(7), IP_MTU, and tcp(7), TCP_MAXSEG, of the Linux manual; RFC 4253, 4.2, for lines before SSH's greeting.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import TracebackType

from pytest_hkexprt import deadline
from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import Unreachable
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems import transport
from pytest_hkexprt.systems.network import checks
from pytest_hkexprt.systems.network.facts import Answer, Probe, Service
from pytest_hkexprt.systems.network.settings import CONNECTS, TIMEOUT_S

ANSWERS: tuple[tuple[type[Unreachable], Answer], ...] = (
    (transport.Refused, Answer.REFUSED),
    (transport.NoAnswer, Answer.NO_ANSWER),
    (transport.NoRoute, Answer.NO_ROUTE),
    (transport.NameUnknown, Answer.NAME_UNKNOWN),
)
IP_MTU, IPV6_MTU = 14, 24
"""Linux's numbers; Python 3.11 does not name them."""
LONGEST_GREETING_BYTES = 8192
SHOWN_BYTES = 80
"""Of a greeting, in evidence."""


def system_resolver(name: str) -> tuple[str, ...]:
    """Return the addresses the system finds for a name, each once, in its order.

    Raises:
        OSError: there are none.
    """
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class Client:
    """A look at the addresses of one site over one line.

    Args:
        endpoints: every address to dial.
        journal: where the evidence goes.
        source_address: the line's own address.
        greetings: system to how its greeting begins; none for one that waits to be spoken to.
        connects: how often each address is dialled.
        timeout_s: how long one connect, or a greeting, may take.
        resolve: finds the addresses of a name.
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        journal: Journal,
        *,
        source_address: str = "",
        greetings: Mapping[str, str] | None = None,
        connects: int = CONNECTS,
        timeout_s: float = TIMEOUT_S,
        resolve: Callable[[str], Sequence[str]] = system_resolver,
    ) -> None:
        self.endpoints = tuple(endpoints)
        self.probes: tuple[Probe, ...] = ()
        """What the last :meth:`dial` found."""
        self._journal = journal
        self._source_address = source_address
        self._greetings = dict(greetings or {})
        self._connects = connects
        self._timeout_s = timeout_s
        self._resolve = resolve

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to end: no connection outlives the verb that made it."""

    def dial(self) -> tuple[Probe, ...]:
        """Dial every address, those behind names too, and return what came of each; nobody answering is a result.

        Raises:
            UsageFault: the source address is not this machine's.
        """
        self.probes = tuple(probe for endpoint in self.endpoints for probe in self._endpoint(endpoint))
        return self.probes

    def resolve(self, name: str) -> tuple[str, ...]:
        """Return the addresses of a name; none where it is unknown."""
        try:
            return tuple(self._resolve(name))
        except OSError:
            return ()

    def _endpoint(self, endpoint: Endpoint) -> list[Probe]:
        try:
            hosts = list(self._resolve(endpoint.host))
        except OSError as error:
            unknown = Probe(
                endpoint,
                address="",
                answer=Answer.NAME_UNKNOWN,
                told=f"no such host: {error.strerror or error}",
                next_step="look at the name, and at the name server",
            )
            return [self._kept(unknown)]
        if hosts != [endpoint.host]:
            self._journal.exchange(endpoint, "name resolved", {"name": endpoint.host, "addresses": ", ".join(hosts)})
        return [self._kept(self._probe(endpoint, host)) for host in hosts]

    def _probe(self, endpoint: Endpoint, host: str) -> Probe:
        dialled = replace(endpoint, host=host)
        expects = self._greetings.get(endpoint.system, "")
        try:
            took_s, line = self._connect(dialled)
        except Unreachable as error:
            return Probe(
                endpoint,
                dialled.address,
                answer=next((answer for kind, answer in ANSWERS if isinstance(error, kind)), Answer.FAILED),
                told=error.came,
                next_step=error.next_step,
                local=_would_use(host, endpoint.port, self._source_address),
                expects=expects,
            )
        with line.socket as connection:
            mtu_bytes, mss_bytes = _packets(connection)
            local = str(connection.getsockname()[0])
            service, said = self._greeting(connection, expects) if expects else (Service.UNASKED, "")
        times_s, later = [took_s], ""
        for _ in range(self._connects - 1):
            try:
                took_s, line = self._connect(dialled)
            except Unreachable as error:
                later = error.came
                continue
            line.socket.close()
            times_s.append(took_s)
        return Probe(
            endpoint,
            dialled.address,
            answer=Answer.OPEN,
            local=local,
            times_s=tuple(times_s),
            attempts=self._connects,
            later=later,
            service=service,
            expects=expects,
            said=said,
            mtu_bytes=mtu_bytes,
            mss_bytes=mss_bytes,
        )

    def _connect(self, endpoint: Endpoint) -> tuple[float, transport.Line]:
        began_s = deadline.monotonic_s()
        line = transport.connect(endpoint, Deadline.after(self._timeout_s), self._source_address)
        return deadline.monotonic_s() - began_s, line

    def _greeting(self, connection: socket.socket, expects: str) -> tuple[Service, str]:
        """Return who it is, and what it said: whole lines until one fits, or whatever came before it fell silent."""
        until, heard = Deadline.after(self._timeout_s), b""
        with suppress(OSError):  # what came until then is judged
            while len(heard) < LONGEST_GREETING_BYTES and not _fitting(heard, expects):
                connection.settimeout(max(until.left_s(), 0.001))
                more = connection.recv(LONGEST_GREETING_BYTES - len(heard))
                if not more:
                    break
                heard += more
        line = _fitting(heard, expects)
        said = _visible(line or heard)
        return (Service.FITS if line else Service.OTHER if heard else Service.MUTE), said

    def _kept(self, probe: Probe) -> Probe:
        facts = {"answer": f"{probe.answer}{probe.told and f', {probe.told}'}"}
        if probe.address:
            facts["dialled"] = probe.address
        if probe.local:
            facts["from"] = probe.local
        if probe.times_s:
            facts["connects"] = f"{len(probe.times_s)} of {probe.attempts}{probe.later and f', {probe.later}'}"
            facts["least / median / greatest"] = probe.latency
            facts["packets"] = checks.packets(probe)
        if probe.said or probe.expects:
            facts["greeting"] = f"{probe.service}{probe.said and f': {probe.said}'}"
        self._journal.exchange(probe.endpoint, f"dialled over the line: {probe.answer}", facts)
        return probe


def _would_use(host: str, port: int, source_address: str) -> str:
    """Return the address the system would dial from; UDP asks the routes and sends nothing."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asked:
        if source_address:
            asked.bind((source_address, 0))
        asked.connect((host, port))
        return str(asked.getsockname()[0])
    return ""


def _packets(connection: socket.socket) -> tuple[int | None, int | None]:
    if sys.platform != "linux":
        return None, None
    level, option = (socket.IPPROTO_IP, IP_MTU)
    if connection.family == socket.AF_INET6:
        level, option = (socket.IPPROTO_IPV6, IPV6_MTU)
    try:
        mtu_bytes = connection.getsockopt(level, option)
        return mtu_bytes, connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG)
    except OSError:  # the other side hung up at once
        return None, None


def _fitting(heard: bytes, expects: str) -> bytes:
    """Return the line that begins as expected; empty where none has come."""
    return next((line for line in heard.splitlines() if line.startswith(expects.encode())), b"")


def _visible(heard: bytes) -> str:
    text = heard[:SHOWN_BYTES].strip().decode("utf-8", "backslashreplace")
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)
