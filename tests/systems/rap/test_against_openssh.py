"""Our client against a server that is not ours."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from pytest_hkexprt.errors import RemoteProtocolError
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint, Secret, Site
from pytest_hkexprt.systems.rap import keys
from pytest_hkexprt.systems.rap.client import Client, Credentials
from pytest_hkexprt.systems.rap.hostkeys import HostKeyRefused, HostKeys
from pytest_hkexprt.systems.rap.keys import load
from tests.openssh import openssh_server

CONTENT = os.urandom(100_000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with an ordinary report, an empty one, hostile names, a link and a folder."""
    path = tmp_path_factory.mktemp("reports")
    (path / "TP001.csv").write_bytes(CONTENT)
    (path / "TP002.csv").write_bytes(b"")
    (path / "inbox").mkdir()
    (path / "linked").symlink_to("TP001.csv")
    for name in (b"not\xffutf8", b"with\nline and \x1b[31m"):
        Path(os.fsdecode(os.fsencode(path) + b"/" + name)).write_bytes(b"hostile")
    return path


@pytest.fixture(scope="module")
def server(folder, tmp_path_factory, key):
    with openssh_server(tmp_path_factory.mktemp("sshd"), folder, key.public) as running:
        yield running


def client_of(server, private, **pins) -> Client:
    endpoint = Endpoint("rap", Site.SECONDARY, server.host, server.port)
    host_keys = HostKeys({Site.SECONDARY: (server.host_key,)} | pins.pop("pinned", {}))
    credentials = Credentials(server.user, private, host_keys, **pins)
    return Client([endpoint], credentials, Journal(None), timeout_s=20)


@pytest.fixture
def client(server, key):
    with client_of(server, key) as visiting:
        visiting.connect()
        visiting.login()
        yield visiting


def test_files_are_listed_and_folders_kept_apart(client):
    listing = client.listing()
    assert (len(listing.reports), listing.others) == (5, ("inbox",))


def test_a_link_is_listed_with_what_it_leads_to(client):
    assert {it.name: it.size_bytes for it in client.listing().reports}["linked"] == len(CONTENT)


def test_hostile_names_are_listed_and_made_visible(client):
    names = {it.name for it in client.listing().reports}
    assert {"not\\xffutf8", "with\\u000aline and \\u001b[31m"} < names


def test_every_file_is_downloaded_whole(client, downloads):
    stored = client.download(client.listing().reports, downloads)
    assert [it.size_bytes for it in stored] == [it.report.size_bytes for it in stored]


def test_a_download_has_the_files_content(client, downloads):
    (download,) = client.download([it for it in client.listing().reports if it.name == "TP001.csv"], downloads)
    assert download.path.read_bytes() == CONTENT


def test_the_logout_is_seen_on_both_sides(client):
    logout = client.logout()
    assert (logout.closed_here, logout.closed_there) == (True, True)


def test_a_wrong_host_key_is_refused(server, key):
    pinned = {Site.SECONDARY: (keys.generate().public,)}
    with client_of(server, key, pinned=pinned) as client, pytest.raises(HostKeyRefused):
        client.connect()


def test_a_wrong_key_is_refused(server):
    with client_of(server, keys.generate()) as client:
        client.connect()
        with pytest.raises(RemoteProtocolError, match=r"logging in\n(.*\n)*.*refused: "):
            client.login()


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_a_locked_key_of_each_older_kind_logs_in(folder, tmp_path, kind):
    path = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "secret", "-f", path], check=True)
    private = load(path, Secret("secret"))
    (tmp_path / "sshd").mkdir()
    with openssh_server(tmp_path / "sshd", folder, private.public) as server, client_of(server, private) as client:
        client.connect()
        assert client.login().key_fingerprint == private.fingerprint


def test_the_pinned_one_of_several_host_keys_is_asked_for(folder, tmp_path, key):
    second = tmp_path / "second"
    subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-N", "", "-f", second], check=True)
    (tmp_path / "sshd").mkdir()
    pinned = {Site.SECONDARY: ((tmp_path / "second.pub").read_text().strip(),)}
    with (
        openssh_server(tmp_path / "sshd", folder, key.public, extra=f"HostKey {second}") as server,
        client_of(server, key, pinned=pinned) as client,
    ):
        assert client.connect()[0].host_key


def test_a_server_that_knows_only_sha1_is_refused_with_a_word_about_it(folder, tmp_path, key):
    old = "KexAlgorithms diffie-hellman-group14-sha1"
    with (
        openssh_server(tmp_path, folder, key.public, extra=old) as server,
        client_of(server, key) as client,
        pytest.raises(RemoteProtocolError, match="SHA-1"),
    ):
        client.connect()


def test_a_login_without_sftp_is_told(folder, tmp_path, key):
    with (
        openssh_server(tmp_path, folder, key.public, extra="ForceCommand /bin/false") as server,
        client_of(server, key) as client,
    ):
        client.connect()
        with pytest.raises(Exception, match="opening SFTP"):
            client.login()


@pytest.fixture
def ssh_agent(tmp_path, monkeypatch):
    socket_path = tmp_path / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", socket_path], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()  # it tells its socket when that is there
    monkeypatch.setenv("SSH_AUTH_SOCK", str(socket_path))

    def add(private) -> None:
        subprocess.run(["ssh-add", "-q", "-"], input=private.openssh.reveal(), text=True, check=True, timeout=10)

    yield add
    process.terminate()
    process.wait(10)
    process.stdout.close()


def test_a_key_in_the_agent_logs_in(server, key, ssh_agent):
    ssh_agent(key)
    with client_of(server, None) as client:
        client.connect()
        assert client.login().key_fingerprint == key.fingerprint


def test_of_several_keys_in_the_agent_the_named_one_logs_in(server, key, ssh_agent, tmp_path):
    for private in (keys.generate(), key, keys.generate()):
        ssh_agent(private)
    (tmp_path / "key.pub").write_text(key.public)
    with client_of(server, None, agent_key=tmp_path / "key.pub") as client:
        client.connect()
        assert client.login().key_fingerprint == key.fingerprint


def test_several_keys_in_the_agent_and_none_named_are_not_all_tried(server, ssh_agent):
    for _ in range(2):
        ssh_agent(keys.generate())
    with client_of(server, None) as client:
        client.connect()
        with pytest.raises(Exception, match="name the public key's file"):
            client.login()


def test_no_agent_is_told(server, monkeypatch):
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    with client_of(server, None) as client:
        client.connect()
        with pytest.raises(Exception, match="a running ssh-agent"):
            client.login()
