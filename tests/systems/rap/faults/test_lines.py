"""Lines that fail, hosts that are not who they should be, and packets that are none."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import subprocess
import threading
from pathlib import Path

import pytest

from pytest_hkexprt.errors import HkexprtError, RemoteProtocolError, Unreachable
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap import keys
from pytest_hkexprt.systems.rap.hostkeys import HostKeyRefused, HostKeys
from tests.openssh import openssh_server
from tests.systems.rap.faults.proxy import Fate
from tests.systems.rap.faults.rude import DATA, DENIED, FAILURE, HANDLE, NAME, OPEN, OPENDIR, READ, Listener, Manners
from tests.systems.rap.samples import USER, report

CONTENT = os.urandom(3_000_000)


def everything(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
def sshd(tmp_path, key):
    """A real OpenSSH server with one report."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "TP001").write_bytes(CONTENT * 16)  # more than is in flight at once
    with contextlib.ExitStack() as stack:

        def start(extra: str = ""):
            work = tmp_path / f"sshd{len(list(tmp_path.iterdir()))}"
            work.mkdir()
            return stack.enter_context(openssh_server(work, folder, key.public, extra=extra))

        yield start


def at(server, log_in, **more):
    """Log in to a real sshd."""
    endpoint = Endpoint("rap", Site.SECONDARY, server.host, server.port)
    host_keys = HostKeys({Site.SECONDARY: (server.host_key,)})
    return log_in(endpoint, user=server.user, host_keys=host_keys, **more)


def test_a_server_killed_in_the_middle_is_told(sshd, log_in, downloads, evidence):
    server = sshd()
    client = at(server, log_in)
    reports = client.listing().reports
    killed = threading.Event()

    def kill(_: int) -> None:
        if not killed.is_set():
            killed.set()
            _kill_all(server)

    with pytest.raises(Unreachable, match=r"download of TP001\n.*\n.*closed(.*)then no connection again: "):
        client.download(reports, downloads, kill)
    assert everything(downloads) == []
    assert evidence.said[-1] == "download of TP001 failed"


def _kill_all(server) -> None:
    """Kill a server and every session it has forked."""
    asked = ["ps", "-ww", "-eo", "pid=,ppid=,args="]
    listing = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=10).stdout
    rows = [line.split(maxsplit=2) for line in listing.splitlines()]
    mine = {int(pid) for pid, _, what in rows if str(server.log) in what}
    while more := {int(pid) for pid, parent, _ in rows if int(parent) in mine} - mine:
        mine |= more
    for pid in sorted(mine):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_the_second_address_is_dialled_where_the_first_has_nobody(serve, log_in, evidence):
    with Listener() as gone:
        nobody = gone.endpoint
    server = serve(Manners({}))
    assert log_in(nobody, server.endpoint).endpoint == server.endpoint
    assert [(it.what, it.endpoint) for it in evidence.exchanges[:2]] == [
        ("no connection", str(nobody)),
        ("connected, host key verified", str(server.endpoint)),
    ]


def test_after_a_cut_the_second_address_serves_where_the_first_has_gone(serve, line_to, log_in, downloads):
    server = serve(Manners({b"TP001": CONTENT}))
    line = line_to(server.endpoint.port, Fate.RESET, 200_000)
    client = log_in(line.endpoint, server.endpoint)
    reports = client.listing().reports
    (download,) = client.download(reports, downloads, lambda came: line.stop() if came < 0 else None)
    assert (download.path.read_bytes(), client.endpoint) == (CONTENT, server.endpoint)


class Drip(Listener):
    """Sends its banner one byte at a time, for ever a second short of the next."""

    def __init__(self) -> None:
        self.over = threading.Event()
        super().__init__()

    def serve(self, connection):
        with contextlib.suppress(OSError):
            for byte in b"SSH-2.0-very_slow_indeed":
                connection.sendall(bytes([byte]))
                if self.over.wait(1.0):
                    return

    def stop(self):
        self.over.set()
        super().stop()


def test_a_banner_of_one_byte_a_second_is_given_up(dial):
    with Drip() as dripping, pytest.raises(Unreachable, match="no whole greeting within"):
        dial(dripping.endpoint, timeout_s=1.5).connect()


class Shouting(Listener):
    def serve(self, connection):
        with contextlib.suppress(OSError):
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.close()


def test_something_else_than_ssh_is_told(dial):
    with Shouting() as web, pytest.raises(Unreachable, match=r"connected, then "):
        dial(web.endpoint).connect()


@pytest.mark.parametrize("after_bytes", [0, 10, 700])
def test_a_cut_during_the_greeting_is_tried_again(serve, line_to, log_in, evidence, after_bytes):
    server = serve(Manners({}))
    client = log_in(line_to(server.endpoint.port, Fate.RESET, after_bytes, failing=2).endpoint)
    assert client.listing().reports == ()
    assert evidence.said[:5] == ["no connection", "dialling again"] * 2 + ["connected, host key verified"]


def test_a_cut_during_the_login_is_no_refused_key(serve, dial, evidence):
    server = serve(Manners({}))
    client = dial(server.endpoint)
    client.connect()
    server.doors[0].check_auth_publickey = lambda *_: server.accepted[0].shutdown(socket.SHUT_RDWR)
    with pytest.raises(Unreachable, match=r"logging in\n.*an answer\n.*closed"):
        client.login()
    assert evidence.said[-1] == "login failed"


def test_a_login_that_falls_silent_is_given_up(serve, dial, evidence):
    silence = threading.Event()
    server = serve(Manners({}))
    client = dial(server.endpoint, timeout_s=0.5)
    client.connect()
    server.doors[0].check_auth_publickey = lambda *_: silence.wait(5.0)
    try:
        with pytest.raises(Unreachable, match=r"logging in\n.*\n.*silence for 0.5 s"):
            client.login()
    finally:
        silence.set()
    assert evidence.said[-1] == "login failed"


class Mute(Manners):
    """Opens the channel and never greets on it."""

    def wire(self, packet):
        return b""


def test_an_sftp_that_says_nothing_is_given_up(serve, dial, evidence):
    client = dial(serve(Mute({})).endpoint, timeout_s=0.5)
    client.connect()
    with pytest.raises(Unreachable, match=r"opening SFTP\n.*\n.*silence for 0.5 s"):
        client.login()
    assert evidence.said[-1] == "login failed"


def test_a_changed_host_key_is_refused_once_and_for_all(serve, dial, evidence):
    server, second = serve(Manners({}), host_key=keys.generate()), serve(Manners({}))
    with pytest.raises(HostKeyRefused, match="host key refused"):
        dial(server.endpoint, second.endpoint).connect()
    assert (len(server.transports), len(second.transports), server.doors[0].tried) == (1, 0, 0)
    assert evidence.said == ["ended without a login"]


def test_the_other_sites_host_key_is_named_as_such(serve, dial, site_keys):
    server = serve(Manners({}), host_key=site_keys[Site.PRIMARY])
    with pytest.raises(HostKeyRefused, match="the key pinned for the primary site"):
        dial(server.endpoint).connect()


def test_a_host_key_of_another_kind_than_the_pinned_one_is_refused_with_both(tmp_path, key, dial):
    pinned = keys.generate()
    with openssh_server(tmp_path, tmp_path, key.public, host_key_type="ecdsa") as server:
        host_keys = HostKeys({Site.SECONDARY: (pinned.public,)})
        client = dial(Endpoint("rap", Site.SECONDARY, server.host, server.port), host_keys=host_keys)
        with pytest.raises(HostKeyRefused, match=r"ssh-ed25519 SHA256:.*\n.*ecdsa-sha2-nistp256 SHA256:") as refused:
            client.connect()
    assert pinned.fingerprint in refused.value.expected


def test_a_host_key_that_changes_between_two_tries_ends_it(serve, line_to, log_in, downloads, evidence):
    server, stranger = serve(Manners({b"TP001": CONTENT})), serve(Manners({}), host_key=keys.generate())
    line = line_to(server.endpoint.port, Fate.RESET, 200_000, failing=1)
    client = log_in(line.endpoint)
    reports = client.listing().reports
    line._port = stranger.endpoint.port
    with pytest.raises(HostKeyRefused):
        client.download(reports, downloads)
    assert (len(stranger.transports), everything(downloads)) == (1, [])
    assert evidence.said[-2:] == ["ended without a login", "download of TP001 failed"]


def test_a_refused_key_is_shown_to_the_server_once(serve, dial, evidence):
    server = serve(Manners({}), user_key=keys.generate().public)
    client = dial(server.endpoint)
    client.connect()
    with pytest.raises(RemoteProtocolError, match=r"logging in\n.*\n.*refused: "):
        client.login()
    assert (len(server.transports), server.doors[0].tried) == (1, 1)
    assert evidence.said[-1] == "login failed"


class OutOfOrder(Manners):
    """Answers reads in pairs, the later one first."""

    def __init__(self, files):
        super().__init__(files)
        self.held: list[bytes] = []

    def answer(self, kind, number, body):
        answers = list(super().answer(kind, number, body))
        if kind != READ:
            yield from [*self.held, *answers]
            self.held = []
            return
        self.held += answers
        if len(self.held) == 2 or b"TP001" not in body or self._last(body):
            yield from reversed(self.held)
            self.held = []

    def _last(self, body):
        name = self._string(body)
        (offset,) = struct.unpack_from(">Q", body, 4 + len(name))
        return offset >= len(self.files[name]) - 32768


def test_answers_out_of_order_are_put_in_order(serve, log_in, downloads):
    client = log_in(serve(OutOfOrder({b"TP001": CONTENT})).endpoint)
    (download,) = client.download(client.listing().reports, downloads)
    assert download.path.read_bytes() == CONTENT


class Broken(Manners):
    """Answers requests of one kind with bytes of the test's own."""

    def __init__(self, asked, packet):
        super().__init__({b"TP001": CONTENT})
        self.asked, self.packet = asked, packet

    def answer(self, kind, number, body):
        if kind == self.asked:
            return iter([self.packet.replace(b"ID!!", struct.pack(">I", number))])
        return super().answer(kind, number, body)


class Oversized(Broken):
    def wire(self, packet):
        return struct.pack(">I", 0x7FFFFFFF) + packet if packet[0] == DATA else super().wire(packet)


BROKEN = {
    "data longer than it says": Broken(READ, bytes([DATA]) + b"ID!!" + struct.pack(">I", 5) + b"more than five"),
    "data shorter than it says": Broken(READ, bytes([DATA]) + b"ID!!" + struct.pack(">I", 500) + b"few"),
    "data without a length": Broken(READ, bytes([DATA]) + b"ID!!"),
    "a handle where data should be": Broken(READ, bytes([HANDLE]) + b"ID!!" + struct.pack(">I", 1) + b"h"),
    "an unknown kind of packet": Broken(READ, bytes([250]) + b"ID!!"),
    "an answer to no request": Broken(READ, bytes([DATA]) + b"\xff\xff\xff\xff" + struct.pack(">I", 1) + b"x"),
    "a packet of two gigabytes": Oversized(READ, bytes([DATA]) + b"ID!!" + struct.pack(">I", 1) + b"x"),
    "an endless handle": Broken(OPEN, bytes([HANDLE]) + b"ID!!" + struct.pack(">I", 0xFFFFFFFF)),
    "a status that all is well": Broken(OPEN, bytes([101]) + b"ID!!" + struct.pack(">IIxxxx", 0, 0)[:12]),
    "no text to a status": Broken(OPEN, bytes([101]) + b"ID!!" + struct.pack(">I", FAILURE)),
}


@pytest.mark.parametrize("manners", BROKEN.values(), ids=BROKEN)
def test_a_packet_that_is_none_ends_the_download(serve, log_in, downloads, evidence, manners):
    client = log_in(serve(manners).endpoint, timeout_s=2.0)
    with pytest.raises(HkexprtError, match="download of TP001") as failed:
        client.download([report("TP001", len(CONTENT))], downloads)
    assert isinstance(failed.value, RemoteProtocolError)
    assert everything(downloads) == []
    assert evidence.said[-1] == "download of TP001 failed"


BROKEN_NAMES = {
    "fewer names than announced": struct.pack(">I", 5),
    "four thousand million names": struct.pack(">I", 0xFFFFFFFF) + b"\0" * 64,
    "a name longer than its packet": struct.pack(">II", 1, 5000) + b"TP001",
    "more than was announced": struct.pack(">I", 0) + b"rest",
}


@pytest.mark.parametrize("names", BROKEN_NAMES.values(), ids=BROKEN_NAMES)
def test_names_that_are_none_end_the_listing(serve, log_in, evidence, names):
    client = log_in(serve(Broken(12, bytes([NAME]) + b"ID!!" + names)).endpoint, timeout_s=2.0)
    with pytest.raises(RemoteProtocolError, match=r"listing the folder \."):
        client.listing()
    assert evidence.said[-1] == "listing the folder . failed"


def test_the_servers_new_keys_in_the_middle_change_nothing(serve, log_in, downloads):
    def soon(ssh):
        ssh.packetizer.REKEY_BYTES = 200_000

    server = serve(Manners({b"TP001": CONTENT}), prepare=soon)
    client = log_in(server.endpoint)
    (download,) = client.download(client.listing().reports, downloads)
    assert download.path.read_bytes() == CONTENT


def test_openssh_s_new_keys_in_the_middle_change_nothing(sshd, log_in, downloads):
    server = sshd("RekeyLimit 4M none")
    client = at(server, log_in)
    (download,) = client.download(client.listing().reports, downloads)
    assert download.path.read_bytes() == CONTENT * 16


class Denied(Manners):
    """Denies the folder, or its files."""

    def __init__(self, what):
        super().__init__({b"TP001": CONTENT})
        self.what = what

    def answer(self, kind, number, body):
        return iter([self.status(number, DENIED)]) if kind == self.what else super().answer(kind, number, body)


def test_a_denied_folder_is_told(serve, log_in, evidence):
    client = log_in(serve(Denied(OPENDIR)).endpoint)
    with pytest.raises(RemoteProtocolError, match=r"listing the folder \.\n.*\n.*refused: Permission denied"):
        client.listing()
    assert evidence.said[-1] == "listing the folder . failed"


def test_a_denied_file_is_told(serve, log_in, downloads, evidence):
    client = log_in(serve(Denied(OPEN)).endpoint)
    with pytest.raises(RemoteProtocolError, match=r"download of TP001\n.*\n.*refused: Permission denied"):
        client.download(client.listing().reports, downloads)
    assert (everything(downloads), evidence.said[-1]) == ([], "download of TP001 failed")


def test_after_a_failed_download_the_connection_still_serves(serve, log_in, downloads):
    client = log_in(serve(Denied(OPEN)).endpoint)
    with pytest.raises(RemoteProtocolError):
        client.download(client.listing().reports, downloads)
    assert len(client.listing().reports) == 1
    assert client.logout().closed_here


def test_who_logged_in_before_a_cut_is_logged_in_after_it(serve, line_to, log_in, downloads, evidence):
    server = serve(Manners({b"TP001": CONTENT}))
    client = log_in(line_to(server.endpoint.port, Fate.CLOSED, 200_000, failing=1).endpoint)
    client.download(client.listing().reports, downloads)
    logins = [exchange.facts["user"] for exchange in evidence.exchanges if exchange.what == "logged in"]
    assert logins == [USER, USER]
