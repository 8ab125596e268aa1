from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.rap import keys
from pytest_hkexprt.systems.rap.client import Client, Credentials
from pytest_hkexprt.systems.rap.hostkeys import HostKeys
from pytest_hkexprt.systems.rap.keys import PrivateKey
from pytest_hkexprt.systems.rap.simulator import Simulator
from tests.systems.rap.samples import FRIDAY, USER, loopback


@pytest.fixture(scope="session")
def key() -> PrivateKey:
    return keys.generate()


@pytest.fixture(scope="session")
def site_keys() -> dict[Site, PrivateKey]:
    return {site: keys.generate() for site in Site}


@pytest.fixture
def simulate(key, site_keys) -> Iterator[Callable[..., Simulator]]:
    """Start simulators, with drills armed."""
    with ExitStack() as stack:

        def start(*drills: str, site: Site = Site.SECONDARY) -> Simulator:
            simulator = stack.enter_context(
                Simulator(
                    loopback(site),
                    users={USER: key.public},
                    business_date=lambda: FRIDAY,
                    host_keys=site_keys,
                    drills=drills,
                )
            )
            simulator.arm()
            return simulator

        yield start


@pytest.fixture
def trusted(site_keys) -> HostKeys:
    return HostKeys({site: (key.public,) for site, key in site_keys.items()})


@pytest.fixture
def visit(key, trusted) -> Iterator[Callable[..., Client]]:
    """Make clients of endpoints; whatever connection they still have is dropped at the end."""
    with ExitStack() as stack:

        def make(endpoints, *, user=USER, private=key, host_keys=trusted, journal=None, **more) -> Client:
            more = {"timeout_s": 10.0, "logout_timeout_s": 5.0} | more
            credentials = Credentials(user, private, host_keys)
            return stack.enter_context(Client(endpoints, credentials, journal or Journal(None), **more))

        yield make


@pytest.fixture
def logged_in(simulate, visit) -> Callable[..., Client]:
    """Make clients that are logged in to a fresh simulator."""

    def make(*drills: str, **more) -> Client:
        client = visit(simulate(*drills).endpoints, **more)
        client.connect()
        client.login()
        return client

    return make


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    return tmp_path / "downloads"
