"""``hkexprt simulate``: in the foreground for a real sftp, drills on, and gone when told to stop."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.commands import COMMAND, ENVIRONMENT, hkexprt


@contextmanager
def simulating(folder: Path, *options: str):
    """Run it until the test is over, and yield the process and what it said when it was ready."""
    command = [COMMAND, "simulate", "--json", *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, **pipes) as process:
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            yield process, json.loads(line)
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=30)


def sftp(told, endpoint, key: str) -> subprocess.CompletedProcess[str]:
    """List the folder with OpenSSH's own client."""
    options = ["-o", f"UserKnownHostsFile={told['known_hosts']}", "-o", "IdentitiesOnly=yes", "-i", key, "-b", "-"]
    command = ["sftp", *options, "-P", str(endpoint["port"]), f"{told['user']}@{endpoint['host']}"]
    return subprocess.run(command, input="ls", capture_output=True, text=True, timeout=60, check=False)


def test_both_sites_are_there_with_the_addresses_they_stand_for(tmp_path):
    with simulating(tmp_path) as (_, told):
        found = [(each["system"], each["site"], each["published"]) for each in told["endpoints"]]
    assert found == [
        ("rap", "primary", "10.151.14.121:10022"),
        ("rap", "primary", "10.151.14.122:10022"),
        ("rap", "secondary", "10.152.14.121:10022"),
        ("rap", "secondary", "10.152.14.122:10022"),
    ]


def test_a_real_sftp_lists_the_folder_with_the_key_made_for_it(tmp_path):
    with simulating(tmp_path, "--date", "2023-04-14") as (_, told):
        done = sftp(told, told["endpoints"][0], told["key"])
    assert done.returncode == 0, done.stderr
    assert "TP001_20230414.csv" in done.stdout


def test_a_key_of_ones_own_logs_in(tmp_path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "own"], check=True)
    with simulating(tmp_path, "--user", "MINE", "--key", "own.pub") as (_, told):
        done = sftp(told, told["endpoints"][0], str(tmp_path / "own"))
    assert (told["user"], told["key"]) == ("MINE", "")
    assert done.returncode == 0, done.stderr


def test_a_drill_is_switched_on(tmp_path):
    with simulating(tmp_path, "--drill", "rap.both-refused") as (_, told):
        endpoint = told["endpoints"][0]
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((endpoint["host"], endpoint["port"]), 10)


def test_a_systems_drill_starts_that_system(tmp_path):
    with simulating(tmp_path, "--drill", "network.wrong-service") as (_, told):
        published = {each["published"] for each in told["endpoints"]}
        endpoint = told["endpoints"][-1]
        assert len(told["endpoints"]) == 8
        assert len(published) == 4
        replies = []
        for each in (told["endpoints"][0], endpoint):
            with socket.create_connection((each["host"], each["port"]), 10) as asked:
                asked.settimeout(10)
                replies.append(asked.recv(64))
    assert any(reply.startswith(b"HTTP/1.1") for reply in replies)
    assert any(reply.startswith(b"SSH-2.0-") for reply in replies)


def test_the_terminals_are_there_for_a_browser_and_their_password_is_told(tmp_path):
    with simulating(tmp_path, "--circular", "ccass_upgrade") as (_, told):
        assert {(each["system"], each["published"]) for each in told["endpoints"]} == {("ccass", "www.ccass.com:443")}
        for each in told["endpoints"]:
            with socket.create_connection((each["host"], each["port"]), 10):
                pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_when_told_to(tmp_path, number):
    with simulating(tmp_path) as (process, told):
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
    endpoint = told["endpoints"][0]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((endpoint["host"], endpoint["port"]), 10)
    assert not Path(told["key"]).exists()


def told_until_ready(folder: Path, *options: str) -> list[str]:
    """Return the lines a person is shown until all is ready; it stops when told to, and says so."""
    command = [COMMAND, "simulate", *options]
    with subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        shown: list[str] = []
        while not shown or "Ctrl-C" not in shown[-1]:
            shown.append(process.stdout.readline())
            assert shown[-1], "it ended before it was ready"
        process.terminate()
        rest, _ = process.communicate(timeout=30)
    assert rest == "stopped\n"
    return shown


def test_a_person_is_shown_addresses_and_a_command_to_paste(tmp_path):
    shown = told_until_ready(tmp_path)
    assert "SIMULATOR" in shown[0]
    assert any("for 10.152.14.121:10022" in line for line in shown)
    assert any(line.strip().startswith("sftp -i ") for line in shown)


OWN = """participant = "Example Securities Limited"
roles = ["EP"]

[rap]
user = "EXAMPLE01"

[otp.otp_c]
comp_id = "CO11111111"
"""


def test_with_a_participant_its_users_and_comp_ids_are_those_that_may_log_in(tmp_path):
    (tmp_path / "hkexprt.toml").write_text(OWN)
    for name, expected in (("Example Securities Limited", "EXAMPLE01"), ("", "REHEARSAL")):
        with simulating(tmp_path, *(["--participant", name] if name else [])) as (_, told):
            assert told["user"] == expected
    with simulating(tmp_path, "--participant-file", "hkexprt.toml", "--user", "OTHER") as (_, told):
        assert told["user"] == "OTHER"
    shown = told_until_ready(tmp_path, "--participant-file", "hkexprt.toml", "--system", "otp")
    assert any("OTP-C: CO11111111 (otp_c)" in line for line in shown)


def test_a_mistake_in_the_participants_table_is_told(tmp_path):
    (tmp_path / "hkexprt.toml").write_text(OWN.replace("comp_id", "comp_di"))
    done = hkexprt(tmp_path, "simulate", "--participant-file", "hkexprt.toml", "--system", "otp")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean comp_id?" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--participant", "Nobody Limited"), "expected: a participant file, hkexprt.toml"),
        (("--system", "nosuch"), "expected: one of ccass, network, omd, otp, rap"),
        (("--drill", "rap.report-mising"), "did you mean rap.report-missing?"),
        (("--date", "2023-04-15"), "expected: a business date"),
        (("--key", "absent.pub"), "expected: a public key's file"),
        (("--circular", "rup"), "did you mean rap?"),
    ],
)
def test_wrong_use_is_told_what_would_be_right(tmp_path, options, told):
    done = hkexprt(tmp_path, "simulate", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_a_private_key_is_not_taken_for_a_public_one(tmp_path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "own"], check=True)
    done = hkexprt(tmp_path, "simulate", "--key", "own")
    assert done.returncode == 2
    assert "which is none" in done.stderr
