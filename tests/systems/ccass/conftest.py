from __future__ import annotations

import http.server
import threading
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
from pytest_hkexprt.systems.ccass.client_tab import Tab
from pytest_hkexprt.systems.ccass.simulator import Simulator
from tests.systems.ccass.samples import FRIDAY
from tests.systems.ccass.served import HOST, PAGES, Handler


@pytest.fixture
def simulate() -> Iterator[Callable[..., Simulator]]:
    """Start both data centres, with drills."""
    with ExitStack() as stack:

        def start(*drills: str, **more) -> Simulator:
            return stack.enter_context(Simulator(business_date=lambda: FRIDAY, drills=drills, **more))

        yield start


@pytest.fixture(scope="session")
def standing() -> Iterator[Simulator]:
    """Both data centres without a fault."""
    with Simulator(business_date=lambda: FRIDAY) as simulator:
        yield simulator


@pytest.fixture(scope="session")
def browser(standing, tmp_path_factory) -> Iterator[Browser]:
    """One browser, to which the name is that of the data centres that stand."""
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


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """Where the tests' own pages are served."""
    with http.server.ThreadingHTTPServer((HOST, 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://{HOST}:{server.server_address[1]}"
        server.shutdown()
        thread.join(10)


@pytest.fixture(scope="session")
def launched(tmp_path_factory) -> Iterator[Browser]:
    """One browser, which reaches what the tests serve."""
    with Browser(hosts=[HOST], folder=tmp_path_factory.mktemp("downloads")) as browser:
        yield browser


@pytest.fixture
def on(launched, url):
    """Open a page of this HTML and do something there, in the browser's thread."""

    def run(html: str, work, *, mask=(), **headers):
        PAGES["/page"] = (html.encode(), {name.replace("_", "-"): value for name, value in headers.items()})
        tabs = []

        def inside():
            tab = Tab(launched.fresh(), host=HOST, hosts=(), mask=mask)
            tabs.append(tab)
            try:
                tab.open(f"{url}/page", 20)
                return work(tab)
            finally:
                tab.close()

        result = launched.do(inside, 60)
        return result, tabs[0]

    return run
