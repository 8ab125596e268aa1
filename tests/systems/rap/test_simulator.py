from __future__ import annotations

import datetime as dt
import os
import subprocess
import threading
from dataclasses import replace

import paramiko
import pytest
from paramiko import sftp as wire
from paramiko.sftp_attr import SFTPAttributes

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import LocalProtocolError, Unreachable
from pytest_hkexprt.model import Secret, Site
from pytest_hkexprt.systems import transport
from pytest_hkexprt.systems.rap import keys, standin
from pytest_hkexprt.systems.rap.client_ssh import key_of
from pytest_hkexprt.systems.rap.keys import load
from pytest_hkexprt.systems.rap.simulator import Simulator
from tests.systems.rap.samples import FRIDAY, USER, loopback

TP001 = "TP001_20230414.csv"


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208  a count, of no path


@pytest.fixture
def simulator(simulate):
    return simulate()


@pytest.fixture
def ssh(simulator):
    endpoint = simulator.endpoints[0]
    connected = paramiko.Transport((endpoint.host, endpoint.port))
    connected.start_client(timeout=10)
    yield connected
    connected.close()


@pytest.fixture
def sftp(ssh, key):
    ssh.auth_publickey(USER, key_of(key))
    return paramiko.SFTPClient.from_transport(ssh)


def start(**changes):
    return Simulator(loopback(), **{"users": {}, "business_date": lambda: FRIDAY} | changes)


def test_it_listens_at_the_addresses_mirror(simulator):
    assert [it.host for it in simulator.endpoints] == ["127.152.14.121", "127.152.14.122"]


def test_an_endpoint_says_it_is_the_simulators(simulator):
    assert {it.origin for it in simulator.endpoints} == {"simulator"}


def test_a_port_that_is_taken_is_replaced_and_told(simulator):
    with Simulator(simulator.endpoints, users={}, business_date=lambda: FRIDAY) as second:
        assert [it.host for it in second.endpoints] == [it.host for it in simulator.endpoints]
        assert all("was not to be had" in notice for notice in second.notices) and len(second.notices) == 2


def test_an_address_that_cannot_be_had_is_replaced_by_loopbacks_own():
    foreign = [replace(it, host="192.0.2.1") for it in loopback()]
    with Simulator(foreign, users={}, business_date=lambda: FRIDAY) as simulator:
        assert {it.host for it in simulator.endpoints} == {"127.0.0.1"}


def test_two_at_once_have_keys_of_their_own():
    with start() as one, start() as other:
        assert one.host_key != other.host_key


def test_nothing_is_left_when_it_stops(key, visit):
    threads, open_before = threading.active_count(), descriptors()
    with start(users={USER: key.public}) as simulator:
        for endpoint in simulator.endpoints:
            transport.connect(endpoint, Deadline.after(5)).socket.close()
    assert (threading.active_count(), descriptors()) == (threads, open_before)


def test_a_logged_in_client_does_not_keep_it_from_stopping(key, visit, trusted, site_keys):
    with start(users={USER: key.public}, host_keys=site_keys) as simulator:
        client = visit(simulator.endpoints)
        client.connect()
        client.login()
    assert all(seen.closed and not seen.ssh.is_alive() for seen in simulator.sessions)


def test_a_connection_a_drill_keeps_open_ends_with_it(simulate, visit):
    simulator = simulate("never-closes")
    client = visit(simulator.endpoints, logout_timeout_s=0.1)
    client.connect()
    client.logout()
    kept_open = [seen.closed for seen in simulator.sessions]
    simulator.stop()
    assert (kept_open, [seen.closed for seen in simulator.sessions]) == ([False, False], [True, True])


def test_its_ports_refuse_when_it_stopped():
    with start() as simulator:
        pass
    with pytest.raises(transport.Refused):
        transport.connect(simulator.endpoints[0], Deadline.after(5))


def test_a_fault_of_its_own_reaches_the_test(key, visit, site_keys):
    def broken() -> dt.date:
        raise ZeroDivisionError

    with (
        pytest.raises(LocalProtocolError, match="ZeroDivisionError"),
        start(users={USER: key.public}, host_keys=site_keys, business_date=broken) as simulator,
    ):
        client = visit(simulator.endpoints)
        client.connect()
        client.login()
        with pytest.raises(Exception, match="Failure"):
            client.listing()


def test_a_client_that_hangs_up_is_no_fault(simulator):
    transport.connect(simulator.endpoints[0], Deadline.after(5)).socket.close()
    simulator.raise_errors()


@pytest.mark.parametrize("user", ["CP0002", "root", ""])
def test_another_user_is_refused(ssh, key, user):
    with pytest.raises(paramiko.AuthenticationException):
        ssh.auth_publickey(user, key_of(key))


def test_another_key_is_refused(ssh):
    with pytest.raises(paramiko.AuthenticationException):
        ssh.auth_publickey(USER, key_of(keys.generate()))


def test_a_password_is_refused(ssh):
    with pytest.raises(paramiko.BadAuthenticationType) as caught:
        ssh.auth_password(USER, "secret", fallback=False)
    assert caught.value.allowed_types == ["publickey"]


def test_questions_and_answers_are_refused(ssh):
    with pytest.raises(paramiko.BadAuthenticationType):
        ssh.auth_interactive(USER, lambda *_: [])


def test_no_proof_at_all_is_refused(ssh):
    with pytest.raises(paramiko.BadAuthenticationType):
        ssh.auth_none(USER)


@pytest.mark.parametrize("request_", ["exec_command", "invoke_shell", "get_pty", "invoke_subsystem"])
def test_anything_but_sftp_is_refused(sftp, ssh, request_):
    arguments = {"exec_command": ["ls"], "invoke_subsystem": ["netconf"]}.get(request_, [])
    channel = ssh.open_session(timeout=10)
    with pytest.raises(paramiko.SSHException):
        getattr(channel, request_)(*arguments)


def test_a_tunnel_is_refused(sftp, ssh):
    with pytest.raises(paramiko.ChannelException):
        ssh.open_channel("direct-tcpip", ("127.0.0.1", 22), ("127.0.0.1", 22), timeout=10)


def test_a_tunnel_backwards_is_refused(sftp, ssh):
    with pytest.raises(paramiko.SSHException):
        ssh.request_port_forward("127.0.0.1", 0)


def test_an_agent_is_not_forwarded(sftp, simulator):
    # The request has no answer on the wire, so the server's own is looked at.
    assert not simulator.sessions[0].gate.check_channel_forward_agent_request(None)


def test_a_screen_is_not_forwarded(sftp, ssh):
    with pytest.raises(paramiko.SSHException):
        ssh.open_session(timeout=10).request_x11()


def write_into_an_open_report(sftp):
    with sftp.open(TP001) as file:
        sftp._request(wire.CMD_WRITE, file.handle, wire.int64(0), b"x")


WRITING = {
    "put": lambda it: it.open("new", "w"),
    "append": lambda it: it.open(TP001, "a"),
    "update": lambda it: it.open(TP001, "r+"),
    "create": lambda it: it.open("new", "x"),
    "remove": lambda it: it.remove(TP001),
    "rename": lambda it: it.rename(TP001, "new"),
    "posix rename": lambda it: it.posix_rename(TP001, "new"),
    "mkdir": lambda it: it.mkdir("new"),
    "rmdir": lambda it: it.rmdir("new"),
    "setstat": lambda it: it.chmod(TP001, 0o600),
    "truncate": lambda it: it.truncate(TP001, 0),
    "symlink": lambda it: it.symlink(TP001, "new"),
    "fsetstat": lambda it: it.open(TP001).chmod(0o600),
    "write": write_into_an_open_report,
    "open flags": lambda it: it._request(wire.CMD_OPEN, TP001, wire.SFTP_FLAG_TRUNC, SFTPAttributes()),
}


@pytest.mark.parametrize("verb", WRITING)
def test_whatever_writes_is_denied(sftp, verb):
    with pytest.raises(PermissionError):
        WRITING[verb](sftp)


@pytest.mark.parametrize("path", ["/etc/passwd", "../../etc/passwd", "inbox/TP001", TP001 + "/x"])
def test_outside_the_folder_there_is_nothing(sftp, path):
    with pytest.raises(FileNotFoundError):
        sftp.open(path)


def test_steps_upwards_end_at_the_folder(sftp):
    assert sftp.normalize("../../..") == "/"


def test_the_folder_is_the_same_for_the_same_date():
    assert standin.folder(FRIDAY) == standin.folder(FRIDAY)


def test_the_folder_follows_the_business_date():
    assert standin.folder(FRIDAY)[0].name != standin.folder(dt.date(2023, 4, 13))[0].name


def test_every_report_that_has_content_says_it_is_a_stand_in():
    contents = [it.content() for it in standin.folder(FRIDAY) if it.size_bytes]
    assert all(content.startswith(b"SIMULATOR stand-in data, not an exchange report") for content in contents)


def test_every_report_has_the_size_it_is_listed_with():
    assert all(len(it.content()) == it.size_bytes for it in standin.folder(FRIDAY))


def test_sizes_go_from_nothing_to_megabytes():
    sizes = [it.size_bytes for it in standin.folder(FRIDAY)]
    assert (len(sizes), min(sizes), max(sizes)) == (41, 0, 4_194_304)


@pytest.fixture
def openssh_sftp(tmp_path, simulator, key):
    """Run OpenSSH's sftp against the simulator, with commands."""
    endpoint = simulator.endpoints[0]
    (tmp_path / "key").write_text(key.openssh.reveal())
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "known_hosts").write_text(f"[{endpoint.host}]:{endpoint.port} {simulator.host_key}\n")

    def run(*commands: str, user: str = USER, private=tmp_path / "key") -> subprocess.CompletedProcess[str]:
        options = {
            "StrictHostKeyChecking": "yes",
            "UserKnownHostsFile": tmp_path / "known_hosts",
            "IdentitiesOnly": "yes",
            "BatchMode": "yes",
        }
        flags = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        command = ["sftp", "-F", "none", *flags, "-i", private, "-P", str(endpoint.port), "-b", "-"]
        return subprocess.run(
            [*command, f"{user}@{endpoint.host}"],
            input="\n".join(commands) + "\n",
            capture_output=True,
            text=True,
            timeout=30,
            cwd=tmp_path,
            check=False,
        )

    return run


def test_openssh_lists_the_folder(openssh_sftp):
    assert openssh_sftp("ls -1").stdout.split()[3:] == [it.name for it in standin.folder(FRIDAY)]


def test_openssh_downloads_a_report(openssh_sftp, tmp_path):
    openssh_sftp("get SR001_20230414.csv")
    content = next(it for it in standin.folder(FRIDAY) if "SR001" in it.name).content()
    assert (tmp_path / "SR001_20230414.csv").read_bytes() == content


def test_openssh_cannot_upload(openssh_sftp, tmp_path):
    (tmp_path / "mine").write_text("x")
    assert "Permission denied" in openssh_sftp("put mine").stderr


def test_openssh_is_refused_as_another_user(openssh_sftp):
    assert "Permission denied (publickey)" in openssh_sftp("ls", user="CP0002").stderr


def test_the_simulator_serves_an_rsa_login(simulate, visit, site_keys, tmp_path):
    path = tmp_path / "rsa"
    subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "secret", "-f", path], check=True)
    private = load(path, Secret("secret"))
    with start(users={USER: private.public}, host_keys=site_keys) as simulator:
        client = visit(simulator.endpoints, private=private)
        client.connect()
        assert client.login().key_kind == "ssh-rsa"


def test_the_other_sites_simulator_has_the_other_sites_key(simulate, site_keys):
    assert simulate(site=Site.PRIMARY).host_key == site_keys[Site.PRIMARY].public


def test_a_visit_during_the_stop_is_unreachable(simulator, visit):
    simulator.stop()
    with pytest.raises(Unreachable):
        visit(simulator.endpoints).connect()
