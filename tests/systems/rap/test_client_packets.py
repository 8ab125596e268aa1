from __future__ import annotations

import hashlib
import os
import threading

import paramiko
import pytest
from paramiko.buffered_pipe import PipeTimeout

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap import client_ssh
from pytest_hkexprt.systems.rap.client_packets import PacketQueue, keep_whole
from pytest_hkexprt.systems.rap.client_ssh import Connection, key_of
from pytest_hkexprt.systems.rap.hostkeys import HostKeys
from pytest_hkexprt.systems.rap.pace import Pace
from pytest_hkexprt.systems.rap.pipeline import Wanted
from tests.openssh import openssh_server

FILES = {f"report {number}": os.urandom(size) for number, size in enumerate((0, 1, 300_000, 5_000_000))}


def queue(*packets):
    made = PacketQueue()
    for packet in packets:
        made.feed(packet)
    return made


def test_paramikos_channel_is_still_the_one_that_is_known():
    """When this fails, paramiko has changed: look at its channel's buffer before ``KNOWN`` is mended."""
    channel = paramiko.Channel(0)
    assert keep_whole(channel)
    assert isinstance(channel.in_buffer, PacketQueue)
    assert not channel.recv_ready()
    channel.in_buffer.feed(b"packet")
    assert channel.recv(100) == b"packet"


def test_what_has_come_already_is_not_lost():
    channel = paramiko.Channel(0)
    channel.in_buffer.feed(b"early")
    keep_whole(channel)
    assert channel.recv(100) == b"early"


def test_a_buffer_that_is_not_known_is_left_alone():
    channel = paramiko.Channel(0)
    channel.in_buffer = other = object()
    assert not keep_whole(channel)
    assert channel.in_buffer is other


def test_a_channel_without_a_buffer_is_left_alone():
    assert not keep_whole(object())


def test_a_packet_is_read_as_it_came():
    assert [queue(first := b"one", b"two").read(100) is first, len(queue(b"one", b"two"))] == [True, 6]


def test_a_packet_too_long_is_read_in_parts():
    made = queue(b"abcdef", b"g")
    assert [made.read(4), made.read(4), made.read(4)] == [b"abcd", b"ef", b"g"]


def test_nothing_within_the_time_is_a_timeout():
    with pytest.raises(PipeTimeout):
        PacketQueue().read(1, 0.001)


def test_an_end_is_read_after_what_came_before_it():
    made = queue(b"last")
    made.close()
    assert [made.read(9), made.read(9)] == [b"last", b""]


def test_an_event_follows_what_there_is():
    made, event = PacketQueue(), threading.Event()
    made.set_event(event)
    seen = [event.is_set()]
    made.feed(b"x")
    seen.append(event.is_set())
    assert made.empty() == b"x"
    seen.append(event.is_set())
    made.close()
    assert [*seen, event.is_set()] == [False, True, False, True]


@pytest.fixture(scope="module")
def server(tmp_path_factory, key):
    folder = tmp_path_factory.mktemp("reports")
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    with openssh_server(tmp_path_factory.mktemp("sshd"), folder, key.public) as running:
        yield running


@pytest.mark.parametrize("whole", [True, False])
def test_files_are_the_same_with_whole_packets_and_with_paramikos_buffer(server, key, whole, monkeypatch):
    kept = []
    monkeypatch.setattr(client_ssh, "keep_whole", lambda channel: kept.append(whole and keep_whole(channel)))
    endpoint = Endpoint("rap", Site.PRIMARY, server.host, server.port)
    pins = HostKeys({Site.PRIMARY: (server.host_key,)})
    connection = Connection(endpoint, pins, source_address="", timeout_s=20)
    try:
        connection.login(server.user, key_of(key))
        reader = connection.open_sftp(Pace())
        digests = [hashlib.sha256() for _ in FILES]
        for index, block in reader.files([Wanted(name.encode(), len(content)) for name, content in FILES.items()]):
            digests[index].update(block or b"")
    finally:
        connection.drop()
    assert kept == [whole]
    assert [digest.digest() for digest in digests] == [hashlib.sha256(content).digest() for content in FILES.values()]
