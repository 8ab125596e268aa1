"""A simulator's fixture for each gateway and each feed, in ordinary tests; docs/vendor.md shows the others."""

from __future__ import annotations

import subprocess

import pytest

from tests.projects import shipped_project

TEST = """
import socket

def test_the_gateway_of_china_connect_answers(otp_csc_simulator):
    assert otp_csc_simulator.profile.gateway == "OTP-CSC"
    at = otp_csc_simulator.endpoints[0]
    socket.create_connection((at.host, at.port), timeout=30).close()

def test_both_feeds_are_sent(omd_simulator, omd_cc_simulator):
    assert [each.feed.feed for each in (omd_simulator, omd_cc_simulator)] == ["OMD-C", "OMD-CC"]
"""


@pytest.fixture
def project(pytester):
    shipped_project(pytester, "backbone_prt")
    pytester.makepyfile(test_own=TEST)
    return pytester


def test_each_gateway_and_each_feed_has_a_fixture_of_its_own(project):
    project.runpytest("--circular=backbone_prt", "--site=primary", "test_own.py").assert_outcomes(passed=2)


def test_with_a_live_target_there_is_none_and_it_is_said(project):
    project.path.joinpath("hkexprt.toml").write_text('participant = "A vendor"\nroles = ["EP", "CCEP"]\n')
    result = project.runpytest("--circular=backbone_prt", "--site=primary", "--target=live", "test_own.py")
    assert result.ret != pytest.ExitCode.OK
    for each in ("otp_csc_simulator", "omd_simulator"):
        result.stdout.fnmatch_lines([f"*{each}: with --target=live there is no simulator*"])


EVERY = """
import socket

import pytest

def dial(at):
    socket.create_connection((at.host, int(at.port)), timeout=30).close()

def hear(simulator):
    group = simulator.feed.dr.lines[0]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(30)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        line.bind((group.host, group.port))
        here = socket.inet_aton(group.host) + socket.inet_aton("127.0.0.1")
        line.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, here)
        assert len(line.recv(2048)) >= 16

def test_rap(rap_simulator): dial(rap_simulator.endpoints[0])
def test_network(hkex_network_simulator): dial(hkex_network_simulator.endpoints[0])
def test_otp(otp_simulator): dial(otp_simulator.endpoints[0])
def test_otp_csc(otp_csc_simulator): dial(otp_csc_simulator.endpoints[0])
def test_ccass(ccass_simulator, hkex_site): dial(ccass_simulator.addresses[hkex_site])
def test_omd(omd_simulator): hear(omd_simulator)
def test_omd_cc(omd_cc_simulator): hear(omd_cc_simulator)
"""


def test_each_simulator_serves_an_ordinary_test_of_an_empty_project(python, tmp_path):
    tmp_path.joinpath("test_ours.py").write_text(EVERY, "utf-8")
    command = [python, "-m", "pytest", "test_ours.py", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 passed" in done.stdout
    assert {each.name for each in tmp_path.iterdir()} - {"__pycache__"} == {"test_ours.py", "reports"}


def test_a_simulator_nobody_asks_for_costs_no_import(python, tmp_path):
    test = "import sys\ndef test_ours():\n    print('\\nloaded:', *sys.modules)\n"
    tmp_path.joinpath("test_ours.py").write_text(test, "utf-8")
    command = [python, "-m", "pytest", "-q", "-s", "test_ours.py", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("loaded:")]
    ours = {each for each in line.split() if each.startswith("pytest_hkexprt.systems.")}
    assert {each.rpartition(".")[2] for each in ours if each.count(".") == 3} == {"fixtures"}


def test_a_circular_without_report_servers_is_told_with_what_to_do(project):
    project.makepyfile(test_own="def test_ours(request):\n    request.getfixturevalue('rap_simulator')\n")
    result = project.runpytest("--circular=backbone_prt", "--site=primary", "test_own.py")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*expected: *a circular with report servers*", "*came: *backbone_prt*", "*argument*"])
