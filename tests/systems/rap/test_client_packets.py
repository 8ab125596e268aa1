from __future__ import annotations

import hashlib
import os
import threading
from itertools import accumulate

import paramiko
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paramiko.buffered_pipe import PipeTimeout

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap import client_ssh
from pytest_hkexprt.systems.rap.client_packets import PacketQueue, Pieces, keep_whole
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
    assert b"".join(channel.recv(100)) == b"packet"


def test_what_has_come_already_is_not_lost():
    channel = paramiko.Channel(0)
    channel.in_buffer.feed(b"early")
    keep_whole(channel)
    assert b"".join(channel.recv(100)) == b"early"


def test_a_buffer_that_is_not_known_is_left_alone():
    channel = paramiko.Channel(0)
    channel.in_buffer = other = object()
    assert not keep_whole(channel)
    assert channel.in_buffer is other


def test_a_channel_without_a_buffer_is_left_alone():
    assert not keep_whole(object())


def test_pieces_are_read_as_they_came():
    made = queue(first := b"one", Pieces([memoryview(b"two"), memoryview(b"three")]))
    assert len(made) == 11
    found = made.read(100)
    assert (len(found), [bytes(piece) for piece in found]) == (11, [b"one", b"two", b"three"])
    assert next(iter(found)) is first


def test_a_packet_too_long_is_read_in_parts():
    made = queue(b"abcdef", b"g")
    assert [b"".join(made.read(size)) for size in (4, 3)] == [b"abcd", b"efg"]


def test_nothing_within_the_time_is_a_timeout():
    with pytest.raises(PipeTimeout):
        PacketQueue().read(1, 0.001)


def test_an_end_is_read_after_what_came_before_it():
    made = queue(b"last")
    made.close()
    assert [b"".join(made.read(9)) for _ in range(2)] == [b"last", b""]
    assert not made.read(9), "an end"


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


@given(sizes=st.lists(st.integers(5, 60), max_size=9), cuts=st.lists(st.integers(1, 40), max_size=30))
def test_what_is_missing_of_a_packet_is_told_however_the_stream_is_cut(sizes, cuts):
    stream = b"".join(size.to_bytes(4, "big") + bytes(size) for size in sizes)
    ends = list(accumulate(4 + size for size in sizes))
    told = []
    made, at = PacketQueue(told.append), 0
    for cut in cuts:
        made.feed(Pieces([stream[at : at + cut // 2], stream[at + cut // 2 : at + cut]]))
        at = min(at + cut, len(stream))
        begun = max((end for end in [0, *ends] if end <= at), default=0)
        whole = next((end for end in ends if end > at), at)
        assert told[-1] == (whole - at if at - begun >= 4 else 0)


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
