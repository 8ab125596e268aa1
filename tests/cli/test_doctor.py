"""``hkexprt doctor``: each finding, and its remedy."""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
from contextlib import contextmanager

import pytest

from pytest_hkexprt import clock, doctor
from pytest_hkexprt.systems.rap import keys
from tests.commands import hkexprt

FINGERPRINT = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
def project(tmp_path):
    """A participant who could go live."""
    tmp_path.joinpath("key").write_text(keys.generate().openssh.reveal())
    tmp_path.joinpath("key").chmod(0o600)
    tmp_path.joinpath("hkexprt.toml").write_text(
        'participant = "A participant"\nroles = ["CP"]\n[line]\nname = "SDNET"\nsource_address = "127.0.0.1"\n'
        'subnet = "127.0.0.0/8"\n[rap]\nuser = "USER01"\nkey = "key"\n'
        f'[rap.host_keys]\nprimary = ["{FINGERPRINT}"]\nsecondary = ["{FINGERPRINT}"]\n'
    )
    return tmp_path


def change(project, old: str, new: str) -> None:
    path = project / "hkexprt.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def found(folder, *options, status=0) -> dict[str, dict[str, str]]:
    done = hkexprt(folder, "doctor", "--json", *options)
    assert done.returncode == status, done.stdout + done.stderr
    return {finding["subject"]: finding for finding in json.loads(done.stdout)}


@contextmanager
def time_server(ahead_s: float, answer: bytes | None = None):
    """A time server of the test's own, for one question, whose clock is ahead."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(30)

        def serve() -> None:
            asked, whom = server.recvfrom(256)
            assert len(asked) == 48
            assert asked[0] == 0b00_100_011
            theirs_s = clock.now().timestamp() + ahead_s + doctor.NTP_EPOCH_S
            stamp = struct.pack("!II", int(theirs_s), int(theirs_s % 1 * 2**32))
            # Leap 0, version 4, mode 4 (server); stratum 1; the transmit timestamp is the last eight bytes.
            server.sendto(b"\x24\x01" + bytes(38) + stamp if answer is None else answer, whom)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join(30)


def test_a_participant_who_could_go_live_has_no_problem(project):
    states = {subject: finding["state"] for subject, finding in found(project).items()}
    assert "problem" not in states.values()
    for subject in ("participant file", "[rap]", "SSH key", "host keys, primary site", "[line]", "source address"):
        assert states[subject] == "good"


def test_every_finding_that_is_not_good_has_a_remedy(tmp_path):
    for finding in found(tmp_path).values():
        assert bool(finding["remedy"]) == (finding["state"] != "good")


def test_without_a_participant_file_rehearsals_work_and_it_says_so(tmp_path):
    finding = found(tmp_path)["participant file"]
    assert finding["state"] == "remark"
    assert "hkexprt init" in finding["remedy"]


def test_mistakes_in_the_participant_file_are_a_problem(project):
    change(project, "roles", "rolls")
    assert "unknown key" in found(project, status=1)["participant file"]["text"]


def test_a_key_others_may_read_is_a_problem(project):
    project.joinpath("key").chmod(0o644)
    finding = found(project, status=1)["SSH key"]
    assert "others may read it" in finding["text"]
    assert "chmod 600" in finding["remedy"]


def test_a_key_that_is_not_there_is_a_problem(project):
    project.joinpath("key").unlink()
    assert "no such file" in found(project, status=1)["SSH key"]["text"]


def test_a_passphrase_that_is_not_in_the_environment_is_a_problem(project):
    change(project, 'key = "key"', 'key = "key"\npassphrase_env = "NO_SUCH_PASSPHRASE"')
    assert found(project, status=1)["SSH key"]["remedy"] == "set NO_SUCH_PASSPHRASE"


def test_a_site_without_a_pinned_host_key_is_a_problem(project):
    change(project, f'secondary = ["{FINGERPRINT}"]\n', "")
    findings = found(project, status=1)
    assert findings["host keys, primary site"]["state"] == "good"
    assert "10.152.14.121:10022" in findings["host keys, secondary site"]["text"]


def test_host_keys_in_known_hosts_are_enough(project):
    pair = keys.generate()
    lines = [f"[10.15{site}.14.12{last}]:10022 {pair.public}\n" for site in (1, 2) for last in (1, 2)]
    project.joinpath("known").write_text("".join(lines))
    text = project.joinpath("hkexprt.toml").read_text().partition("[rap.host_keys]")[0]
    project.joinpath("hkexprt.toml").write_text(text + 'known_hosts = "known"\n')
    findings = found(project)
    assert {findings[f"host keys, {site} site"]["state"] for site in ("primary", "secondary")} == {"good"}


def test_a_source_address_of_another_machine_is_a_problem(project):
    change(project, '"127.0.0.1"\nsubnet = "127.0.0.0/8"', '"192.0.2.10"\nsubnet = "192.0.2.0/24"')
    assert "192.0.2.10" in found(project, status=1)["source address"]["text"]


def test_a_line_without_a_subnet_is_remarked(project):
    change(project, 'subnet = "127.0.0.0/8"\n', "")
    assert found(project)["[line]"]["state"] == "remark"


def test_a_data_folder_that_is_a_file_is_a_problem(project):
    project.joinpath("hkexprt-data").write_text("")
    assert found(project, status=1)["data folder"]["state"] == "problem"


def test_a_clock_that_agrees_with_the_time_server_is_good(tmp_path):
    with time_server(0.0) as server:
        assert found(tmp_path, "--ntp", server)["clock"]["state"] == "good"


@pytest.mark.parametrize("ahead_s", [90.0, -90.0])
def test_a_clock_that_is_off_is_a_problem_and_told_by_how_much(tmp_path, ahead_s):
    with time_server(ahead_s) as server:
        finding = found(tmp_path, "--ntp", server, status=1)["clock"]
    offset_s = float(finding["text"].split()[0])
    assert abs(offset_s - ahead_s) < 5
    assert "NTP" in finding["remedy"]


@pytest.mark.parametrize("answer", [b"short", bytes(48)])
def test_an_answer_that_is_no_time_is_a_problem(tmp_path, answer):
    with time_server(0.0, answer) as server:
        assert "gave no time" in found(tmp_path, "--ntp", server, status=1)["clock"]["text"]


def test_a_time_server_nobody_runs_is_a_problem(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
    assert found(tmp_path, "--ntp", f"127.0.0.1:{port}", status=1)["clock"]["state"] == "problem"


def test_ports_that_are_taken_are_remarked(tmp_path):
    lowest = f"99.{os.getpid() >> 8 & 255}.{os.getpid() & 255}"  # another address for every process at once
    tmp_path.joinpath("features").mkdir()
    tmp_path.joinpath("features", "own.toml").write_text(
        f'issuer = "I"\nsubject = "S"\nroles = ["CP"]\n[addresses.rap]\nprimary = ["10.{lowest}:10022"]\n'
        '[[session]]\nname = "Only"\nsite = "primary"\nsystems = ["rap"]\n'
        "starts = 2023-04-15T14:30:00+08:00\nends = 2023-04-15T15:30:00+08:00\n"
    )
    with socket.socket() as taken:
        taken.bind((f"127.{lowest}", 10022))
        taken.listen()
        assert f"127.{lowest}:10022" in found(tmp_path, "--circular", "own")["ports"]["text"]
    assert found(tmp_path, "--circular", "own")["ports"]["state"] == "good"


def test_a_person_is_told_signs_remedies_and_the_count_within_80_columns(project):
    project.joinpath("key").chmod(0o644)
    done = hkexprt(project, "doctor")
    assert (done.returncode, done.stderr) == (1, "")
    assert "!!  SSH key: " in done.stdout
    assert "    remedy: " in done.stdout
    assert done.stdout.endswith("\n1 problem\n")


def test_a_participant_file_that_is_not_there_is_a_problem(tmp_path):
    assert "no such file" in found(tmp_path, "--participant-file", "absent.toml", status=1)["participant file"]["text"]


def test_an_unknown_circular_is_wrong_use(tmp_path):
    done = hkexprt(tmp_path, "doctor", "--circular", "rup")
    assert (done.returncode, done.stdout) == (2, "")
