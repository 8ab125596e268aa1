"""The way back to paramiko's own SFTP client, taken where a channel is no longer what ours is known to need."""

from __future__ import annotations

import os
from pathlib import Path

import paramiko
import pytest

from pytest_hkexprt.errors import RemoteProtocolError
from pytest_hkexprt.evidence.journal import Journal, read
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap import checks, client_ssh
from pytest_hkexprt.systems.rap.client_sftp import CARRIES
from pytest_hkexprt.systems.rap.simulator_server import Handle
from pytest_hkexprt.systems.transport import Lost, NoAnswer
from tests.openssh import openssh_server
from tests.systems.rap.samples import report

CONTENTS = {b"TP001.csv": os.urandom(100_000), b"empty": b"", b"with\nline and \x1b[31m": b"hostile"}


@pytest.fixture(autouse=True)
def _no_longer_known(monkeypatch):
    monkeypatch.setattr(client_ssh, "CARRIES", (*CARRIES, "what_a_channel_once_had"))


@pytest.fixture(scope="module")
def server(tmp_path_factory, key):
    folder = tmp_path_factory.mktemp("reports")
    for name, content in CONTENTS.items():
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(content)
    (folder / "inbox").mkdir()
    (folder / "linked").symlink_to("TP001.csv")
    (folder / "dangling").symlink_to("nothing")
    with openssh_server(tmp_path_factory.mktemp("sshd"), folder, key.public) as running:
        yield running


@pytest.fixture
def openssh(server, visit, trusted):
    def make(**more):
        endpoint = Endpoint("rap", Site.PRIMARY, server.host, server.port)
        pins = type(trusted)({Site.PRIMARY: (server.host_key,)})
        client = visit([endpoint], user=server.user, host_keys=pins, **more)
        client.connect()
        client.login()
        return client

    return make


def test_the_evidence_says_so(openssh, tmp_path):
    evidence = tmp_path / "evidence.jsonl"
    with Journal(evidence) as journal:
        openssh(journal=journal)
    (login,) = [line.record for line in read(evidence) if getattr(line.record, "what", "") == "logged in"]
    assert login.facts["SFTP"].startswith("paramiko's own client, one request at a time")


def test_files_are_listed_with_their_sizes_and_what_is_none_is_kept_apart(openssh):
    listing = openssh().listing()
    sizes = {each.raw_name: each.size_bytes for each in listing.reports}
    assert sizes == {name: len(content) for name, content in CONTENTS.items()} | {b"linked": 100_000}
    assert listing.others == ("dangling", "inbox")


def test_every_file_is_downloaded_whole(openssh, downloads):
    client = openssh()
    kept = {
        each.report.raw_name: each.path.read_bytes() for each in client.download(client.listing().reports, downloads)
    }
    assert kept == CONTENTS | {b"linked": CONTENTS[b"TP001.csv"]}


def test_a_report_of_no_listed_size_is_downloaded_whole(openssh, downloads):
    (download,) = openssh().download([report("TP001.csv", None)], downloads)
    assert download.path.read_bytes() == CONTENTS[b"TP001.csv"]


def test_a_name_that_is_not_utf8_is_told_and_not_left_out(openssh, server, tmp_path, key, visit, trusted):
    (folder := tmp_path / "reports").mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/not\xffutf8")).write_bytes(b"x")
    (tmp_path / "sshd").mkdir()
    with openssh_server(tmp_path / "sshd", folder, key.public) as other:
        pins = type(trusted)({Site.PRIMARY: (other.host_key,)})
        client = visit([Endpoint("rap", Site.PRIMARY, other.host, other.port)], user=other.user, host_keys=pins)
        client.connect()
        client.login()
        with pytest.raises(RemoteProtocolError, match="a name that is not UTF-8"):
            client.listing()


def test_a_file_that_ends_before_its_size_is_refused(logged_in, downloads):
    client = logged_in("download-cut")
    with pytest.raises(RemoteProtocolError, match=r"184,320 bytes, as listed\n.*92,160 bytes"):
        client.download([checks.chosen(client.listing(), "*TP001*")], downloads)
    assert list(downloads.iterdir()) == []


def test_a_file_that_is_longer_than_listed_is_kept_as_a_second_listing_has_it(openssh, downloads):
    (download,) = openssh().download([report("TP001.csv", 99_999)], downloads)
    assert download.size_bytes == download.report.size_bytes == 100_000


@pytest.mark.parametrize(("name", "told"), [("gone.csv", "No such file"), ("inbox", "Failure|directory")])
def test_a_file_that_is_refused_is_told(openssh, downloads, name, told):
    with pytest.raises(RemoteProtocolError, match=told):
        openssh().download([report(name)], downloads)


def test_another_folder_than_the_servers_is_told(logged_in):
    with pytest.raises(RemoteProtocolError, match="listing the folder inbox"):
        logged_in(folder="inbox").listing()


def test_a_connection_cut_in_the_middle_is_no_end_of_a_file(simulate, visit, downloads, monkeypatch):
    simulator = simulate()
    client = visit(simulator.endpoints, pauses_s=())
    client.connect()
    client.login()
    reports = [each for each in client.listing().reports if each.size_bytes]
    monkeypatch.setattr(Handle, "read", lambda *_: [session.ssh.close() for session in simulator.sessions] and b"")
    with pytest.raises(Lost):
        client.download(reports[:1], downloads)
    assert not downloads.exists()


def test_silence_is_given_up(logged_in, downloads, monkeypatch):
    client = logged_in(timeout_s=0.5)
    reports = client.listing().reports
    monkeypatch.setattr(paramiko.SFTPServer, "_process", lambda *_: None)
    with pytest.raises(NoAnswer, match=r"silence for 0\.5 s"):
        client.download(reports[:1], downloads)
