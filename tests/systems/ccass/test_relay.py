"""The relay that stands for a name: it leads where the name leads, and cuts what was connected when that changes."""

from __future__ import annotations

import contextlib
import socket
import threading

import pytest

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.ccass.simulator_names import Relay

NAME = Endpoint("ccass", Site.PRIMARY, "127.0.0.1", 0)
MUCH = b"0123456789abcdef" * 65536


class Echo:
    """A server that says its own name and then whatever it is told."""

    def __init__(self, name: bytes) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._name = name
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self.endpoint = Endpoint("ccass", Site.PRIMARY, "127.0.0.1", self._socket.getsockname()[1])

    def _serve(self) -> None:
        while True:
            try:
                accepted, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._echo, args=(accepted,), daemon=True).start()

    def _echo(self, accepted: socket.socket) -> None:
        with accepted, contextlib.suppress(ConnectionError):  # who was led elsewhere hangs up as it likes
            accepted.sendall(self._name)
            while block := accepted.recv(65536):
                accepted.sendall(block)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@pytest.fixture
def echoes():
    both = Echo(b"one"), Echo(b"two")
    yield both
    for each in both:
        each.close()


@pytest.fixture
def relay():
    with Relay(NAME) as running:
        yield running
    assert running.errors == []


def dialled(relay: Relay) -> socket.socket:
    return socket.create_connection((relay.endpoint.host, relay.endpoint.port), 20)


def test_it_leads_where_it_is_told(relay, echoes):
    for echo, name in zip(echoes, (b"one", b"two"), strict=True):
        relay.lead(echo.endpoint)
        with dialled(relay) as connection:
            assert connection.recv(3) == name


def test_every_byte_comes_through_both_ways(relay, echoes):
    relay.lead(echoes[0].endpoint)
    with dialled(relay) as connection:
        assert connection.recv(3) == b"one"
        sender = threading.Thread(target=connection.sendall, args=(MUCH,))
        sender.start()
        came = b""
        while len(came) < len(MUCH):
            came += connection.recv(65536)
        sender.join(20)
    assert came == MUCH


def test_moving_the_name_cuts_what_was_connected(relay, echoes):
    relay.lead(echoes[0].endpoint)
    with dialled(relay) as connection:
        assert connection.recv(3) == b"one"
        relay.lead(echoes[1].endpoint)
        assert connection.recv(1) == b""


def test_a_name_that_leads_to_a_closed_port_hangs_up(relay):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        relay.lead(Endpoint("ccass", Site.PRIMARY, *bound.getsockname()))
        with dialled(relay) as connection:
            assert connection.recv(1) == b""


def test_a_name_that_leads_nowhere_yet_hangs_up(relay):
    with dialled(relay) as connection:
        assert connection.recv(1) == b""
