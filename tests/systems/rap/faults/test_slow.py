"""Servers that are too slow, and keys that are made anew in the middle of a download."""

from __future__ import annotations

import os
import threading

import pytest

from pytest_hkexprt.errors import Unreachable
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap import client_ssh
from pytest_hkexprt.systems.rap.client_packetizer import Packetizer
from pytest_hkexprt.systems.rap.hostkeys import HostKeys
from pytest_hkexprt.systems.rap.pace import Pace
from tests.openssh import openssh_server
from tests.systems.rap.faults.rude import READ, READDIR, Manners, string

CONTENT = os.urandom(3_000_000)
PAUSE_S = 0.02
"""Between two bytes of a server that drips: never a silence."""


class Dripping(Manners):
    """Answers requests of one kind byte by byte."""

    def __init__(self, asked):
        super().__init__({b"TP001": CONTENT})
        self.asked, self.over = asked, threading.Event()

    def hello(self):
        return string(super().hello())

    def answer(self, kind, number, body):
        for answer in super().answer(kind, number, body):
            packet = string(answer)
            if kind != self.asked:
                yield packet
                continue
            for at in range(len(packet)):
                yield packet[at : at + 1]
                if self.over.wait(PAUSE_S):
                    return

    def wire(self, packet):
        return packet


@pytest.mark.parametrize(("asked", "what"), [(READ, "download of TP001"), (READDIR, "listing the folder .")])
@pytest.mark.parametrize("plain", [False, True])
def test_a_server_that_drips_is_given_up_although_it_never_falls_silent(
    serve, log_in, downloads, evidence, monkeypatch, asked, what, plain
):
    monkeypatch.setattr(client_ssh, "CARRIES", ("nothing has this",) if plain else client_ssh.CARRIES)
    server = serve(manners := Dripping(asked))
    client = log_in(server.endpoint, timeout_s=2.0, pace=Pace(bytes_per_s=1000.0, over_s=0.5))
    try:
        with pytest.raises(Unreachable, match="fewer than 1000 a second"):
            client.download(client.listing().reports, downloads)
    finally:
        manners.over.set()
    assert not downloads.exists() or not list(downloads.iterdir())
    assert (len(server.transports), evidence.said[-1]) == (1, f"{what} failed")
    assert "dialling again" not in evidence.said


@pytest.mark.parametrize("whole", [True, False])
def test_keys_that_we_make_anew_in_the_middle_change_nothing(key, log_in, downloads, tmp_path, monkeypatch, whole):
    asked = []
    trigger = Packetizer._trigger_rekey
    monkeypatch.setattr(Packetizer, "REKEY_BYTES", 10_000_000)
    monkeypatch.setattr(Packetizer, "_trigger_rekey", lambda self: asked.append(1) or trigger(self))
    monkeypatch.setattr(client_ssh, "keep_whole", client_ssh.keep_whole if whole else lambda channel: False)
    (folder := tmp_path / "reports").mkdir()
    (folder / "TP001").write_bytes(CONTENT * 16)
    (tmp_path / "sshd").mkdir()
    with openssh_server(tmp_path / "sshd", folder, key.public) as server:
        endpoint = Endpoint("rap", Site.SECONDARY, server.host, server.port)
        client = log_in(endpoint, user=server.user, host_keys=HostKeys({Site.SECONDARY: (server.host_key,)}))
        (download,) = client.download(client.listing().reports, downloads)
        client.close()
    assert download.path.read_bytes() == CONTENT * 16
    assert len(asked) >= 3


def test_a_file_that_is_cut_on_the_server_in_the_middle_is_refused(key, log_in, downloads, tmp_path, evidence):
    (folder := tmp_path / "reports").mkdir()
    with (folder / "TP001").open("wb") as file:
        file.truncate(2**26)
    (tmp_path / "sshd").mkdir()
    with openssh_server(tmp_path / "sshd", folder, key.public) as server:
        endpoint = Endpoint("rap", Site.SECONDARY, server.host, server.port)
        client = log_in(endpoint, user=server.user, host_keys=HostKeys({Site.SECONDARY: (server.host_key,)}))
        with pytest.raises(Exception, match="67,108,864 bytes, as listed"):
            client.download(client.listing().reports, downloads, lambda _: os.truncate(folder / "TP001", 1_000_000))
        client.close()
    assert list(downloads.iterdir()) == []
    assert evidence.said[-1] == "download of TP001 failed"


def test_a_file_that_is_removed_on_the_server_in_the_middle_is_read_to_its_end(key, log_in, downloads, tmp_path):
    (folder := tmp_path / "reports").mkdir()
    (folder / "TP001").write_bytes(CONTENT * 16)
    (tmp_path / "sshd").mkdir()
    with openssh_server(tmp_path / "sshd", folder, key.public) as server:
        endpoint = Endpoint("rap", Site.SECONDARY, server.host, server.port)
        client = log_in(endpoint, user=server.user, host_keys=HostKeys({Site.SECONDARY: (server.host_key,)}))
        reports = client.listing().reports
        (download,) = client.download(reports, downloads, lambda _: (folder / "TP001").unlink(missing_ok=True))
        client.close()
    assert download.path.read_bytes() == CONTENT * 16
