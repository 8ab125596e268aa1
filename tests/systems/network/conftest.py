from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.systems.network import settings
from pytest_hkexprt.systems.network.client import Client
from pytest_hkexprt.systems.network.simulator import Simulator
from tests.systems.network.samples import GREETINGS, loopback


@pytest.fixture
def simulate() -> Iterator[Callable[..., Simulator]]:
    """Start simulators of two addresses, with drills."""
    with ExitStack() as stack:

        def start(*drills: str, endpoints=None, **more) -> Simulator:
            wanted = endpoints or [loopback(121), loopback(122)]
            line = settings.mirror(settings.GENERATED)
            more = {"line": line, "greetings": GREETINGS, "drills": drills} | more
            return stack.enter_context(Simulator(wanted, **more))

        yield start


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """Make clients that dial a simulator, patient for half a second."""

    def make(simulator: Simulator, *, journal=None, **more) -> Client:
        more = {
            "source_address": simulator.source_address,
            "greetings": GREETINGS,
            "timeout_s": 0.5,
            "resolve": simulator.resolve,
        } | more
        return Client(simulator.endpoints, journal or Journal(None), **more)

    return make
