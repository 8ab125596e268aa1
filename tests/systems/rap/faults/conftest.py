from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.evidence.journal import Journal, read
from pytest_hkexprt.evidence.record import ExchangeRecord
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.rap.client import Client
from tests.systems.rap.faults.proxy import Line
from tests.systems.rap.faults.rude import Manners, RudeServer

GONE_WITHIN_S = 2.0
"""Less than any time-out here: what only a time-out ends is left over."""


def sockets() -> set[str]:
    """Return the open sockets of this process."""
    found = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found.add(str(descriptor.readlink()))
        except FileNotFoundError:  # the one the folder was read with
            continue
    return {name for name in found if name.startswith("socket:")}


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Hold that a test ends with the threads and sockets it began with."""
    threads, open_sockets = set(threading.enumerate()), sockets()
    yield
    deadline = Deadline.after(GONE_WITHIN_S)
    for thread in set(threading.enumerate()) - threads:
        thread.join(deadline.left_s())
    assert set(threading.enumerate()) - threads == set()
    assert sockets() - open_sockets == set()


@pytest.fixture
def serve(site_keys, key) -> Iterator[Callable[..., RudeServer]]:
    """Start servers of given manners."""
    with ExitStack() as stack:

        def start(manners: Manners, **more) -> RudeServer:
            host_key = more.pop("host_key", site_keys[Site.SECONDARY])
            return stack.enter_context(RudeServer(manners, host_key, more.pop("user_key", key.public), **more))

        yield start


@pytest.fixture
def line_to() -> Iterator[Callable[..., Line]]:
    """Lay lines to servers, that fail."""
    with ExitStack() as stack:
        yield lambda port, fate, after_bytes, failing=1000: stack.enter_context(Line(port, fate, after_bytes, failing))


class Evidence:
    """A journal, and what was said in it."""

    def __init__(self, path: Path) -> None:
        self.journal = Journal(path)

    @property
    def exchanges(self) -> list[ExchangeRecord]:
        return [line.record for line in read(self.journal.path) if isinstance(line.record, ExchangeRecord)]

    @property
    def said(self) -> list[str]:
        return [exchange.what for exchange in self.exchanges]


@pytest.fixture
def evidence(tmp_path) -> Iterator[Evidence]:
    kept = Evidence(tmp_path / "evidence.jsonl")
    yield kept
    kept.journal.close()


@pytest.fixture
def dial(visit, evidence) -> Callable[..., Client]:
    """Make clients that try again at once, whose evidence is kept."""

    def make(*endpoints, **more) -> Client:
        more = {"timeout_s": 5.0, "logout_timeout_s": 1.0, "pauses_s": (0.0, 0.0)} | more
        return visit(endpoints, journal=evidence.journal, **more)

    return make


@pytest.fixture
def log_in(dial) -> Callable[..., Client]:
    """Make clients that are logged in."""

    def make(*endpoints, **more) -> Client:
        client = dial(*endpoints, **more)
        client.connect()
        client.login()
        return client

    return make
