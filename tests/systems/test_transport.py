from __future__ import annotations

import errno
import socket

import pytest

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import Unreachable, UsageFault
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems import transport


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield Endpoint("rap", Site.PRIMARY, *server.getsockname())


def dial(endpoint, source="", within_s=5.0):
    return transport.connect(endpoint, Deadline.after(within_s), source)


def test_a_connection_knows_its_peer(listening):
    line = dial(listening)
    line.socket.close()
    assert line.peer == listening.address


def test_a_connection_does_not_wait_to_fill_its_packets(listening):
    with dial(listening).socket as connected:
        assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_connection_is_made_from_the_lines_own_address(listening):
    line = dial(listening, source="127.0.0.5")
    line.socket.close()
    assert line.local.startswith("127.0.0.5:")


def test_a_source_address_of_another_machine_is_the_users_mistake(listening):
    with pytest.raises(UsageFault, match="source_address"):
        dial(listening, source="192.0.2.1")


@pytest.mark.parametrize(("at_once", "mode"), [(True, 1), (False, 0)])
def test_a_prompt_socket_acknowledges_at_once_until_it_is_told_not_to(at_once, mode):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as near:
        far, _ = server.accept()
        with far, transport.Prompt.of(near) as prompt:
            prompt.at_once = at_once
            prompt.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
            far.sendall(b"small")
            assert prompt.recv(100) == b"small"
            assert prompt.getsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK) == mode


def test_a_prompt_socket_is_one_where_the_system_has_no_such_option(monkeypatch):
    monkeypatch.setattr(transport, "QUICKACK", None)
    near, far = socket.socketpair()
    with near, far, transport.Prompt.of(near) as prompt:
        far.sendall(b"small")
        assert prompt.recv(100) == b"small"


def test_a_closed_port_refuses():
    with socket.create_server(("127.0.0.1", 0)) as server:
        endpoint = Endpoint("rap", Site.PRIMARY, *server.getsockname())
    with pytest.raises(transport.Refused, match="connection refused"):
        dial(endpoint)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimeoutError("timed out"), transport.NoAnswer),
        (OSError(errno.EHOSTUNREACH, "No route to host"), transport.NoRoute),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), transport.NoRoute),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), transport.NameUnknown),
        (OSError(errno.ENOBUFS, "No buffer space available"), Unreachable),
    ],
)
def test_the_ways_to_fail_are_told_apart(monkeypatch, listening, error, kind):
    def fail(*_):
        raise error

    monkeypatch.setattr(socket, "create_connection", fail)
    with pytest.raises(Unreachable) as caught:
        dial(listening)
    assert type(caught.value) is kind
