from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.ccass import pages
from pytest_hkexprt.systems.ccass.client import Client, Credentials
from pytest_hkexprt.systems.ccass.client_browser import Browser
from pytest_hkexprt.systems.ccass.client_operator import Rehearsed
from pytest_hkexprt.systems.ccass.simulator import Simulator
from tests.systems.ccass.samples import FRIDAY


@pytest.fixture
def simulate() -> Iterator[Callable[..., Simulator]]:
    """Start both data centres, with drills."""
    with ExitStack() as stack:

        def start(*drills: str, **more) -> Simulator:
            return stack.enter_context(Simulator(business_date=lambda: FRIDAY, drills=drills, **more))

        yield start


@pytest.fixture(scope="module")
def standing() -> Iterator[Simulator]:
    """Both data centres without a fault, for the tests of one module."""
    with Simulator(business_date=lambda: FRIDAY) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def browser(standing, tmp_path_factory) -> Iterator[Browser]:
    """One browser for the tests of one module, to which the name is that of the data centres that stand."""
    with browser_of(standing, tmp_path_factory.mktemp("downloads")) as launched:
        yield launched


def browser_of(simulator: Simulator, folder: Path, **more) -> Browser:
    mapped = {f"{simulator.name}:{simulator.port}": simulator.relay.endpoint.address}
    more = {"trusted_keys": simulator.certificates.keys, "mapped": mapped} | more
    return Browser(folder=folder, **more)


@pytest.fixture
def visit(standing, browser, tmp_path) -> Iterator[Callable[..., Client]]:
    """Make clients of the data centres that stand; whatever is still open is closed at the end."""
    with ExitStack() as stack:
        standing.begin(Site.PRIMARY)

        def make(*, described: str = "standin", journal=None, site: Site = Site.PRIMARY, **more) -> Client:
            more = {"timeout_s": 15.0, "operator": Rehearsed(15.0)} | more
            client = Client(
                Endpoint("ccass", site, standing.name, standing.port),
                Credentials(standing.user, standing.password, standing.code),
                journal or Journal(None),
                browser=browser,
                pages=pages.find(described, Path()),
                resolve=standing.resolve,
                authority=standing.certificates.authority_pem,
                behind=standing.behind,
                **more,
            )
            return stack.enter_context(client)

        yield make
