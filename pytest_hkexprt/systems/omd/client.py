"""A receiver of one feed: both lines of chosen channels, what is missed asked for again, a failover gone through.

One thread waits for everything: the groups, the retransmission server's connection, and the time at which a gap is
asked for. Verbs are called from outside it; what it finds is read under a lock.

Source: HKEX OMD-C Developers Guide 1.11, sections 5.2, 5.3, 9.6 to 9.8; HKEX OMD-C Binary Interface Specifications
v1.45, section 3.4.3.
"""

from __future__ import annotations

import contextlib
import queue
import selectors
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType

from pytest_hkexprt import clock
from pytest_hkexprt.deadline import Deadline, monotonic_s, true_ns
from pytest_hkexprt.errors import LocalProtocolError, Unreachable
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.omd.book import Picture
from pytest_hkexprt.systems.omd.channels import Channel, Line
from pytest_hkexprt.systems.omd.client_channel import LINES, Reception
from pytest_hkexprt.systems.omd.client_loop import Loop
from pytest_hkexprt.systems.omd.client_recovery import Recovery
from pytest_hkexprt.systems.omd.client_sockets import GroupSocket
from pytest_hkexprt.systems.omd.facts import Answer, ChannelFacts, FailoverFacts
from pytest_hkexprt.systems.omd.settings import BUFFER_BYTES, LIVE, FeedSettings, Timing

MOST_AT_ONCE = 256
"""Datagrams taken from one group before the others have their turn."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A group that was joined, for a selector."""

    reception: Reception
    line: Line
    socket: GroupSocket
    refresh: bool


class Client:
    """A receiver of one feed.

    Args:
        feed: its channels, with the groups to join, and whom to ask for retransmission.
        servers: the retransmission servers, in the order to try: the primary site's first.
        journal: where exchanges go.
        interface: this machine's address on whose interface groups are joined; empty for the system's choice.
        source_address: what retransmission is asked for from; empty for the system's choice.
        buffer_bytes: of each socket, asked for.
        timeout_s: what a retransmission server's answer may take.
        timing: by what a rehearsal's times are scaled.
        published: how a group is published that is joined elsewhere: ``group:port`` to ``group:port``.
    """

    def __init__(
        self,
        feed: FeedSettings,
        servers: Collection[Endpoint],
        journal: Journal,
        *,
        interface: str = "",
        source_address: str = "",
        buffer_bytes: int = BUFFER_BYTES,
        timeout_s: float = 15.0,
        timing: Timing = LIVE,
        published: Mapping[str, str] | None = None,
    ) -> None:
        self.feed = feed
        self.servers = tuple(servers)
        self.joined_s = 0.0
        """When it joined, on the monotonic clock."""
        self._journal = journal
        self._interface = interface
        self._buffer_bytes = buffer_bytes
        self._published = dict(published or {})
        self._receptions: dict[int, Reception] = {}
        self._groups: list[GroupSocket] = []
        self._said: queue.SimpleQueue[tuple[Endpoint, str, dict[str, str]]] = queue.SimpleQueue()
        self._ahead_ns = 0
        self._loop = Loop(f"omd {feed.feed}: receiver", self._serve, self._tick)
        self._recovery = Recovery(
            self.servers,
            feed.user,
            lambda at, what, facts: self._said.put((at, what, facts)),
            timeout_s=timeout_s,
            timing=timing,
            source_address=source_address,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def join(self) -> None:
        """Join both lines of every channel and of its refreshes, and begin to receive.

        Raises:
            UsageFault: a group cannot be joined on the interface.
            LocalProtocolError: it was joined before.
        """
        if self._receptions:
            raise LocalProtocolError(f"omd {self.feed.feed}: join", expected="a client that has not joined", came="one")
        self.joined_s = monotonic_s()
        # Where wall time is rehearsed, so are the SendTimes of what is rehearsed.
        self._ahead_ns = int(clock.now().timestamp() * 1e9) - true_ns()
        for channel in self.feed.all_channels:
            self._receptions[channel.number] = self._join(channel)
        self._recovery.begin(self._receptions, self.joined_s)
        self._loop.start()
        granted = min(each.buffer_bytes for each in self._groups)
        self._journal.exchange(
            self._endpoint(self.feed.all_channels[0]),
            f"joined {len(self.feed.all_channels)} channels of {self.feed.feed}",
            {
                "interface": self._interface or "the system's choice",
                "receive buffer": f"{granted:,} bytes granted of {self._buffer_bytes:,}",
            },
        )

    def wait_for(self, holds: Callable[[], bool], deadline: Deadline) -> bool:
        """Wait until something holds of what was received, asked anew whenever something came; return whether it does.

        Raises:
            LocalProtocolError: the receiver itself broke down.
        """
        held = self._loop.wait_for(holds, deadline)
        self._write_said()
        return held

    def snapshot(self) -> tuple[ChannelFacts, ...]:
        """Return what was received so far, channel by channel."""
        self._write_said()
        with self._loop.locked():
            now_s = monotonic_s()
            return tuple(each.facts(now_s) for each in self._receptions.values())

    @property
    def failover(self) -> FailoverFacts:
        """What was received of a failover."""
        return self._recovery.failover.facts

    @property
    def receptions(self) -> Mapping[int, Reception]:
        """The channels; for :meth:`wait_for`, which holds the lock while it asks."""
        return self._receptions

    def pictures(self) -> Mapping[int, Picture]:
        """Return the pictures of the channels, the DR channel's left out; read them while nothing new comes."""
        return {number: each.picture for number, each in self._receptions.items() if not each.channel.dr}

    def leave_out(self, channel: int, lines: Collection[Line], packets: int) -> None:
        """Pass over the next packets of lines, as if they had been lost on the way."""

        def passed_over() -> None:
            for line in lines:
                self._receptions[channel].lines[line].leave_out += packets

        self._loop.do(passed_over)
        told = {"channel": str(channel), "lines": " and ".join(lines), "packets": str(packets)}
        self._journal.exchange(self._endpoint(self.feed.all_channels[0]), "passed over by the receiver", told)

    def ask_again(self, channel: int, first: int, last: int) -> Future[Answer]:
        """Ask a retransmission server for messages, whether they came before or not; return what comes of it."""
        return self._loop.do(lambda: self._recovery.ask(channel, first, last))

    def answer(self, asked: Future[Answer], deadline: Deadline) -> Answer:
        """Return the answer to a request.

        Raises:
            Unreachable: none came.
        """
        self.wait_for(asked.done, deadline)
        self._write_said()
        if not asked.done():
            raise Unreachable(
                f"omd {self.feed.feed}: retransmission", expected="an answer", came="none before the deadline"
            )
        return asked.result()

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Every answer of a retransmission server, to whatever was asked."""
        return tuple(self._recovery.answers)

    @property
    def tried(self) -> tuple[str, ...]:
        """What became of retransmission servers that did not serve, in words."""
        return tuple(self._recovery.session.tried)

    def leave(self) -> None:
        """Leave every group and end every connection; a second call does nothing."""
        self._loop.close()
        self._recovery.session.close()
        for each in self._groups:
            each.close()
        self._write_said()

    def _join(self, channel: Channel) -> Reception:
        sockets = {line: self._open(channel.address(line).host, channel.address(line).port) for line in LINES}
        published = {line: self._published.get(str(channel.address(line)), "") for line in LINES}
        reception = Reception(channel, sockets, published, self.joined_s, self._recovery.requests)
        for line, opened in sockets.items():
            self._loop.register(opened, Joined(reception, line, opened, refresh=False))
        for line in LINES:
            if address := channel.refresh_address(line):
                opened = self._open(address.host, address.port)
                self._loop.register(opened, Joined(reception, line, opened, refresh=True))
        return reception

    def _open(self, group: str, port: int) -> GroupSocket:
        opened = GroupSocket(group, port, self._interface, self._buffer_bytes)
        self._groups.append(opened)
        return opened

    def _endpoint(self, channel: Channel) -> Endpoint:
        address, site = channel.lines[0], self.servers[0].site if self.servers else None
        assert site is not None, "a feed has servers"
        return Endpoint("omd", site, address.host, address.port, published=self._published.get(str(address), ""))

    def _write_said(self) -> None:
        """Write what the thread said; the journal is the caller's thread's."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._journal.exchange(*self._said.get_nowait())

    def _serve(self, data: object, events: int, now_s: float) -> None:
        if isinstance(data, Joined):
            for datagram, stamped_ns in _waiting(data.socket):
                arrived_ns = stamped_ns + self._ahead_ns if stamped_ns else 0
                self._recovery.receive(data.reception, data.line, datagram, now_s, arrived_ns, data.refresh)
        else:
            self._recovery.connection_ready(now_s, readable=bool(events & selectors.EVENT_READ))

    def _tick(self, now_s: float) -> None:
        self._recovery.tick(now_s)
        session = self._recovery.session
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if session.wants_to_write else 0)
        self._loop.watch(session.socket, events, session)


def _waiting(group: GroupSocket) -> Iterator[tuple[bytes, int]]:
    """Yield the datagrams that wait, up to :data:`MOST_AT_ONCE`."""
    with contextlib.suppress(BlockingIOError):
        for _ in range(MOST_AT_ONCE):
            yield group.receive()
