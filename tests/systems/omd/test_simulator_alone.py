"""Both feeds on their own, for a feed handler that is not ours."""

from __future__ import annotations

import socket
import struct

import pytest

from pytest_hkexprt.systems.omd import simulator_alone
from tests.systems.alone import alone
from tests.systems.omd.rehearsal import LONGEST_S


@pytest.fixture
def feeds():
    """Both feeds, served to the user LONGUSERNAME, whose name the field cuts."""
    with simulator_alone.serve(alone(user="LONGUSERNAMEX")) as running:
        yield running


def test_both_feeds_are_published_with_the_published_times(feeds):
    assert [each.published.feed for each in feeds] == ["OMD-C", "OMD-CC"]
    assert {each.timing.factor for each in feeds} == {1.0}


def test_a_receiver_that_knows_only_sockets_hears_them(feeds):
    for each in feeds:
        address = each.feed.channels[-1].lines[1]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
            receiver.settimeout(LONGEST_S)
            receiver.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            receiver.bind((address.host, address.port))
            joined = socket.inet_aton(address.host) + socket.inet_aton("127.0.0.1")
            receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
            datagram = receiver.recv(2048)
        assert struct.unpack_from("<H", datagram)[0] == len(datagram)


def test_the_user_of_the_command_line_may_log_on(feeds):
    server = feeds[0].endpoints[0]
    with socket.create_connection((server.host, server.port), LONGEST_S) as caller:
        caller.sendall(struct.pack("<HBxIQHH12s", 32, 1, 0, 0, 16, 101, b"LONGUSERNAME"))
        answer = caller.recv(64)
    assert struct.unpack_from("<HHB", answer, 16) == (8, 102, 0)
