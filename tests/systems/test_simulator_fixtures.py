"""A simulator's fixture for each gateway and each feed, in ordinary tests; docs/vendor.md shows the others."""

from __future__ import annotations

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
