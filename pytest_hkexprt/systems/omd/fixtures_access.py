"""Whom a fixture's receiver listens to and asks: what the participant has, or in a rehearsal its simulator.

Apart from the fixtures, because these are loaded with every pytest and what is imported here is not light.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from pytest_hkexprt import adapter
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint, Run, Session, Site
from pytest_hkexprt.systems.omd.channels import Address, Feed
from pytest_hkexprt.systems.omd.client import Client
from pytest_hkexprt.systems.omd.client_program import ProgramClient
from pytest_hkexprt.systems.omd.frames import Writer
from pytest_hkexprt.systems.omd.seam import FeedHandler
from pytest_hkexprt.systems.omd.settings import REHEARSAL_USER, FeedSettings, OmdSettings
from pytest_hkexprt.systems.omd.simulator import Simulator
from pytest_hkexprt.systems.omd.visit import Opened

SYSTEM = "omd"
LOOPBACK = "127.0.0.1"
CAPTURED_FROM = 9
"""The port that frames of a capture bear as their sender's: discard (RFC 863)."""


class Feeds:
    """Both feeds, each started when it is first asked for and ended with the test.

    Args:
        run: what the command line asked for.
        session: where it begins.
        journal: where notices and exchanges go.
        settings: the participant's.
    """

    def __init__(self, run: Run, session: Session, journal: Journal, settings: OmdSettings) -> None:
        self._run = run
        self._session = session
        self._journal = journal
        self._settings = settings
        self._stack = ExitStack()
        self._simulators: dict[Feed, Simulator] = {}
        self._clients: dict[Feed, FeedHandler] = {}

    def __enter__(self) -> Feeds:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def open(self, feed: Feed) -> Opened:
        """Return a feed's receiver and, in a rehearsal, its publisher."""
        return Opened(self.client(feed), self._simulators.get(feed))

    def simulator(self, name: str) -> Simulator:
        """Return the running publisher of a feed; where its groups had to be moved, the evidence says so."""
        feed = Feed(name)
        if feed not in self._simulators:
            own = self._settings.feeds[feed]
            capture = self._capture(feed) if self._settings.capture else None
            simulator = Simulator(
                own,
                users=(own.user or REHEARSAL_USER,),
                timing=self._settings.timing,
                drills=[drill.partition(".")[2] for drill in self._run.drills if drill.startswith(f"{SYSTEM}.")],
                capture=capture.write if capture else None,
            )
            self._simulators[feed] = self._stack.enter_context(simulator)
            for notice in simulator.notices:
                self._journal.notice(notice)
        return self._simulators[feed]

    def _capture(self, feed: Feed) -> Writer:
        """Return a file that takes what is sent; it is kept in the evidence once the publisher has stopped."""
        path = Path(self._stack.enter_context(TemporaryDirectory(prefix="hkexprt-"))) / f"{feed}.pcap"
        self._stack.callback(lambda: self._journal.keep(path.name, path.read_bytes()))
        return self._stack.enter_context(Writer(path, Address(LOOPBACK, CAPTURED_FROM)))

    def client(self, name: str) -> FeedHandler:
        """Return a feed's receiver, ours or what is in its place, not joined yet, or joined by who asked before."""
        feed = Feed(name)
        if feed not in self._clients:
            self._clients[feed] = self._rehearsed(feed) if self._run.rehearsal else self._live(feed)
            self._stack.callback(self._clients[feed].leave)
        return self._clients[feed]

    @property
    def _make(self) -> Callable[..., FeedHandler]:
        if self._settings.program is not None:
            return partial(ProgramClient, command=self._settings.program)
        if not self._settings.adapter:
            return Client
        made: Callable[..., FeedHandler] = adapter.maker(SYSTEM, self._settings.adapter, FeedHandler, self._journal)
        return made

    def _rehearsed(self, feed: Feed) -> FeedHandler:
        simulator = self.simulator(feed)
        servers = [each for each in simulator.endpoints if each.host.startswith("127.")]
        published = {each.address: each.published for each in simulator.endpoints}
        return self._make(
            simulator.feed,
            servers,
            self._journal,
            interface=LOOPBACK,
            buffer_bytes=self._settings.buffer_bytes,
            timeout_s=self._settings.timing.waited_s(self._settings.timeout_s),
            timing=self._settings.timing,
            published=published,
        )

    def _live(self, feed: Feed) -> FeedHandler:
        own = self._settings.feeds[feed]
        if not own.user:
            raise UsageFault(
                f"[omd.{feed}] user",
                expected="the user who may ask for retransmission",
                came="none",
                next_step=f'write [omd.{feed}] user = "…" into hkexprt.toml',
            )
        line = self._run.participant.source_address
        self._journal.notice(_addresses(own))
        return self._make(
            own,
            [each for site in Site for each in servers_of(own, site)],
            self._journal,
            interface=self._settings.interface or line,
            source_address=line,
            buffer_bytes=self._settings.buffer_bytes,
            timeout_s=self._settings.timeout_s,
        )


def servers_of(feed: FeedSettings, site: Site) -> list[Endpoint]:
    """Return a feed's retransmission servers at a site."""
    origin = "participant file" if site in feed.servers_replaced else "guide of 2018"
    return [Endpoint(SYSTEM, site, each.host, each.port, origin=origin) for each in feed.retransmission[site]]


def _addresses(feed: FeedSettings) -> str:
    """Return where a feed's addresses are from, for the evidence."""
    own = sorted(feed.replaced & {each.number for each in feed.all_channels})
    if not own:
        whose = "the circular publishes no group; all are the guides' of 2017 and 2018, none the participant's own"
        return f"{feed.feed}: {whose}"
    numbers = ", ".join(map(str, own))
    whose = " are the participant's, any other the guides' of 2018"
    return f"{feed.feed}: the circular publishes no group; those of channels {numbers}{whose}"
