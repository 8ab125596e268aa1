"""The other side of a rehearsal: one feed of market data at two sites, on loopback, with its retransmission servers.

One thread publishes, serves retransmission, and goes through a failover between the sites as the documents prescribe:
silence, the DR signal, the backup site's refreshes, and requests taken at the backup addresses alone.

Source: HKEX OMD-C Binary Interface Specifications v1.45, section 3.4.3; HKEX OMD-C Developers Guide 1.11, 5.3.1.
"""

from __future__ import annotations

import queue
import socket
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import TypeVar

from pytest_hkexprt import clock
from pytest_hkexprt.deadline import true_ns
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.omd.channels import Address, Channel, Content, Line
from pytest_hkexprt.systems.omd.drills import Drill
from pytest_hkexprt.systems.omd.market_feed import Market
from pytest_hkexprt.systems.omd.settings import LIVE, FeedSettings, Timing
from pytest_hkexprt.systems.omd.simulator_course import Course, Settled
from pytest_hkexprt.systems.omd.simulator_groups import Claim, Sender
from pytest_hkexprt.systems.omd.simulator_history import Store
from pytest_hkexprt.systems.omd.simulator_lines import AS_IN_LIFE, Noise, Outlet
from pytest_hkexprt.systems.omd.simulator_publisher import Publisher
from pytest_hkexprt.systems.omd.simulator_rts import RetransmissionServers
from pytest_hkexprt.systems.omd.simulator_sites import Sites, endpoints
from pytest_hkexprt.systems.serving import Serving

RATE = 600.0
"""Messages a second, over all channels of a feed."""
ANSWER_S = 10.0
"""How long the thread may take to do what it was asked; long, as the machine may be busy."""
MS_NS = 1_000_000

T = TypeVar("T")


class Simulator(Serving):
    """One feed at both sites.

    Args:
        feed: its channels and servers as published; they are sent to and served on loopback.
        users: who may ask for retransmission.
        timing: the published times, scaled.
        rate: messages a second.
        noise: what befalls each line's packets.
        seed: of the market.
        drills: faults.
        capture: is handed where every datagram went, the datagram, and when, in ns since the epoch.
    """

    def __init__(
        self,
        feed: FeedSettings,
        *,
        users: Collection[str],
        timing: Timing = LIVE,
        rate: float = RATE,
        noise: Mapping[Line, Noise] = AS_IN_LIFE,
        seed: int = 1,
        drills: Collection[str] = (),
        capture: Callable[[Address, bytes, int], None] | None = None,
    ) -> None:
        super().__init__(f"omd {feed.feed}")
        self.published = feed
        """As it was asked for."""
        self.feed = feed
        """As it is sent and served."""
        self.drills = frozenset(drills)
        self.timing = timing
        self._users, self._rate, self._noise, self._seed = users, rate, noise, seed
        self._capture = capture
        self._claim: Claim | None = None
        self._sender: Sender | None = None
        self._publisher: Publisher | None = None
        self._course_: Course | None = None
        self._sites = Sites(self._selector, self._open)
        self._ahead_ns = 0
        self._asked: queue.SimpleQueue[tuple[Callable[[], object], Future[object]]] = queue.SimpleQueue()

    def __enter__(self) -> Simulator:
        try:
            self._ahead_ns = int(clock.now().timestamp() * 1e9) - true_ns()
            self._move_groups()
            self._sites.open(self.published.retransmission)
            self.feed = replace(self.feed, retransmission=self._sites.addresses)
            self._publisher = self._made()
            histories = {number: each.history for number, each in self._publisher.channels.items()}
            store = Store(histories, self.drills)
            self._sites.begin(self._served(store), Site.PRIMARY)
            self._course_ = Course(self._publisher, self._sites, store, timing=self.timing, drills=self.drills)
            self._publisher.open()
            self._begin()
        except BaseException:
            self.stop()
            raise
        return self

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where it serves retransmission, then where it sends to, each with what is published."""
        servers = endpoints(self.feed.retransmission, self.published.retransmission)
        pairs = zip(self.feed.all_channels, self.published.all_channels, strict=True)
        groups = [
            Endpoint("omd", Site.PRIMARY, at.host, at.port, published=str(published), origin="simulator")
            for channel, own in pairs
            for at, published in zip(_groups(channel), _groups(own), strict=True)
        ]
        return (*servers, *groups)

    def stop(self) -> None:
        """Close every group, connection and port, and wait for the thread."""
        self._end()
        self._sites.close()
        for each in (self._sender, self._claim):
            if each is not None:
                each.close()

    def fail_over(self) -> None:
        """Fail over to the backup site: silence, the signal, and the backup site; returns as it begins."""
        self._do(self._course.fail_over)

    def restart(self, silent_s: float = 60.0) -> None:
        """Go away and come back within the day, after so long before scaling; no Sequence Reset tells of it."""
        self._do(lambda: self._course.restart(silent_s))

    def hiccup(self, content: Content, lines: Iterable[Line], seconds: float = 3.0) -> None:
        """Let a component fail over: channels of one content say nothing on some lines for a while, before scaling."""
        self._do(lambda: self._course.hiccup(content, tuple(lines), seconds))

    def stop_line(self, channel: int, line: Line) -> None:
        """Send nothing more on one line of a channel."""
        self._do(lambda: setattr(self._outlet(channel, line), "stopped", True))

    def lose(self, channel: int, lines: Iterable[Line], packets: int) -> None:
        """Lose the next packets of lines, from the same message on."""

        def lost() -> None:
            for line in lines:
                self._outlet(channel, line).lose(packets)

        self._do(lost)

    def delay(self, channel: int, line: Line, packets: int, seconds: float) -> None:
        """Send a line's next packets later."""
        self._do(lambda: self._outlet(channel, line).delay(packets, seconds))

    def forget(self) -> None:
        """Have nothing left that could be sent again, as after a restart of the retransmission servers."""
        self._do(self._course.forget)

    def settle(self) -> Settled:
        """Let nothing new happen, and return the picture of who missed nothing; :meth:`resume` goes on."""
        return self._do(self._course.settle)

    def resume(self) -> None:
        """Let the market go on."""
        self._do(lambda: setattr(self._running, "paused", False))

    def _outlet(self, channel: int, line: Line) -> Outlet:
        return self._running.channels[channel].outlets[line]

    @property
    def _running(self) -> Publisher:
        assert self._publisher is not None, "the simulator was entered"
        return self._publisher

    @property
    def _course(self) -> Course:
        assert self._course_ is not None, "the simulator was entered"
        return self._course_

    def _do(self, what: Callable[[], T]) -> T:
        """Have the thread do something, and return what it returns."""
        answer: Future[object] = Future()
        self._asked.put((what, answer))
        self._nudge()
        return answer.result(ANSWER_S)  # type: ignore[return-value]  # what() gives a T

    def _sent_ns(self) -> int:
        now_ns = true_ns() + self._ahead_ns
        return now_ns - now_ns % MS_NS

    def _move_groups(self) -> None:
        wanted = [address for channel in self.published.all_channels for address in _groups(channel)]
        self._claim = Claim((each.host, each.port) for each in wanted)
        shift = self._claim.shift

        def moved(channel: Channel) -> Channel:
            def to(address: Address) -> Address:
                return Address(shift.group(address.host), shift.port(address.port))

            lines = (to(channel.lines[0]), to(channel.lines[1]))
            refresh = channel.refresh_lines and (to(channel.refresh_lines[0]), to(channel.refresh_lines[1]))
            return replace(channel, lines=lines, refresh_lines=refresh)

        dr = moved(self.published.dr) if self.published.dr else None
        self.feed = replace(self.published, channels=tuple(map(moved, self.published.channels)), dr=dr)
        if shift.moves:
            first = self.feed.all_channels[0].lines[0]
            self.notices.append(f"{wanted[0]} was not to be had; the rehearsal's groups are {first} and so on")

    def _made(self) -> Publisher:
        market = Market(self.feed.channels, seed=self._seed)
        if Drill.DEFINITION_MISSING in self.drills:
            market = Market(self.feed.channels, seed=self._seed, omitted=market.codes[-1])
        sender = self._sender = Sender()

        def send(datagram: bytes, address: Address) -> None:
            sender.send(datagram, address.host, address.port)
            if self._capture is not None:
                self._capture(address, datagram, true_ns() + self._ahead_ns)

        return Publisher(
            self.feed.all_channels,
            market,
            send=send,
            timing=self.timing,
            sent_ns=self._sent_ns,
            rate=self._rate,
            noise=self._noise,
            drills=self.drills,
        )

    def _served(self, store: Store) -> dict[Site, RetransmissionServers]:
        """Return both sites' servers: they know the same messages, and a user is connected once."""
        connected: set[str] = set()
        return {
            site: RetransmissionServers(
                f"{self._where}: retransmission at the {site} site",
                users=self._users,
                store=store,
                connected=connected,
                timing=self.timing,
                sent_ns=self._sent_ns,
                drills=self.drills,
                errors=self.errors,
            )
            for site in Site
        }

    def _ready(self, ready: socket.socket, data: object, events: int) -> None:
        assert isinstance(data, Site)
        self._sites.ready(ready, data, events)

    def _patience_s(self) -> float:
        return self._running.patience_s

    def _tick(self) -> None:
        while not self._asked.empty():
            what, answer = self._asked.get_nowait()
            try:
                answer.set_result(what())
            except Exception as error:  # it is whoever asked that has to know
                answer.set_exception(error)
        self._course.tick()
        self._running.tick()
        self._sites.tick()


def _groups(channel: Channel) -> tuple[Address, ...]:
    return channel.lines + (channel.refresh_lines or ())
