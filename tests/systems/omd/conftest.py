from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.systems.omd import settings
from pytest_hkexprt.systems.omd.channels import Feed
from pytest_hkexprt.systems.omd.client import Client
from pytest_hkexprt.systems.omd.frames import Writer
from pytest_hkexprt.systems.omd.settings import Timing
from pytest_hkexprt.systems.omd.simulator import Simulator
from pytest_hkexprt.systems.omd.simulator_lines import QUIET
from tests.systems.omd.captures import MONDAY_NS, MS, SOURCE
from tests.systems.omd.market import Publisher
from tests.systems.omd.rehearsal import USER, until


@pytest.fixture
def publish() -> Iterator[Callable[..., Simulator]]:
    """Start publishers of OMD-C, without noise unless asked for."""
    with ExitStack() as stack:

        def start(feed: Feed = Feed.OMD_C, **more) -> Simulator:
            chosen = settings.defaults(USER).feeds[feed]
            more = {"users": (USER,), "timing": Timing(settings.REHEARSAL_FACTOR), "noise": QUIET, **more}
            return stack.enter_context(Simulator(chosen, **more))

        yield start


@pytest.fixture
def receive() -> Iterator[Callable[..., Client]]:
    """Join receivers to a publisher, and wait until they follow every channel."""
    with ExitStack() as stack:

        def join(simulator: Simulator, *, servers=None, journal=None, follow=True, **more) -> Client:
            found = [each for each in simulator.endpoints if each.host.startswith("127.")]
            client = Client(
                simulator.feed,
                found if servers is None else servers,
                journal or Journal(None),
                **{"interface": "127.0.0.1", "timeout_s": 3.0, "timing": simulator.timing, **more},
            )
            stack.enter_context(client)
            client.join()
            if follow:
                until(client, lambda: not any(each.arbiter.holding for each in client.receptions.values()))
            return client

        yield join


@pytest.fixture
def publisher():
    return Publisher(1, 100)


@pytest.fixture
def written(tmp_path):
    """Return a function that writes (address, packet, millisecond) into a capture."""

    def write(*sent, name="a.pcap", began_ns=MONDAY_NS):
        path = tmp_path / name
        with Writer(path, SOURCE) as writer:
            for address, packet, at_ms in sorted(sent, key=lambda each: each[2]):
                writer.write(address, packet, began_ns + int(at_ms * MS))
        return path

    return write
