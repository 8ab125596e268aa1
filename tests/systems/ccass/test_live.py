"""Live runs against terminals that are the test's own: the browser trusts their authority as it trusts any other.

The authority stands in a certificate store of the test's own, as it would in the machine's; no key is excepted, nothing
is mapped. So the browser verifies chain and name itself, and what a rehearsal spares it is shown here.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from pytest_hkexprt.evidence.record import Check, ExchangeRecord, NoticeRecord
from pytest_hkexprt.model import Basis, Site
from pytest_hkexprt.systems.ccass import client_failover, pages, simulator_sessions
from pytest_hkexprt.systems.ccass.simulator import Simulator
from tests.projects import records, shipped_project
from tests.systems.ccass.samples import FRIDAY

CODE = "777777"
PRIMARY = (
    "--target=live",
    "--site=primary",
    "features/ccass_upgrade.feature",
    "-k",
    "primary-2 and (answers or Production)",
)


@pytest.fixture
def terminals(tmp_path, monkeypatch) -> Iterator[Simulator]:
    monkeypatch.setattr(simulator_sessions.secrets, "choice", lambda _: CODE[0])
    with Simulator("USER01", business_date=lambda: FRIDAY, name=("localhost", 443)) as simulator:
        authority = tmp_path / "authority.pem"
        authority.write_bytes(simulator.certificates.authority_pem)
        store = tmp_path / ".pki" / "nssdb"
        store.mkdir(parents=True)
        for command in (("-N", "--empty-password"), ("-A", "-t", "C,,", "-n", "rehearsal", "-i", authority)):
            subprocess.run(["certutil", *command, "-d", f"sql:{store}"], check=True, timeout=60)
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        monkeypatch.setenv("CCASS_PASSWORD", simulator.password.reveal())
        yield simulator


@pytest.fixture
def project(pytester, terminals):
    shipped_project(pytester, "ccass_upgrade")
    pytester.path.joinpath("own.toml").write_text((pages.SHIPPED / "standin.toml").read_text("utf-8"), "utf-8")
    participant(pytester, terminals)
    return pytester


def participant(pytester, terminals, *, certificates=None, more: str = "") -> None:
    pins = certificates or terminals.certificates.fingerprints
    port = terminals.relay.endpoint.port
    pytester.path.joinpath("hkexprt.toml").write_text(
        'participant = "A participant"\nroles = ["CP"]\n[ccass]\nuser = "USER01"\npages = "own.toml"\n'
        f'password_env = "CCASS_PASSWORD"\ncode_command = ["{sys.executable}", "-c", "print({CODE})"]\n'
        f'owner = "SIM00001"\nfailover_timeout_s = 60\n{more}\n'
        f'[ccass.addresses]\nprimary = ["localhost:{port}"]\nsecondary = ["localhost:{port}"]\n'
        f'[ccass.certificates]\nprimary = ["{pins[Site.PRIMARY]}"]\nsecondary = ["{pins[Site.SECONDARY]}"]\n'
    )


def test_a_live_session_passes_and_what_was_seen_is_observed(project):
    project.runpytest(*PRIMARY).assert_outcomes(passed=2)
    assert {check.basis for check in records(project, Check)} == {Basis.OBSERVED}


def test_the_session_of_the_failover_waits_for_the_exchange(project, terminals, monkeypatch):
    pause = client_failover.deadline.pause

    def once(seconds: float) -> None:
        monkeypatch.setattr(client_failover.deadline, "pause", pause)
        terminals.fail_over()

    monkeypatch.setattr(client_failover.deadline, "pause", once)
    options = ("--target=live", "features/ccass_upgrade.feature", "-k", "fails and failover-2")
    result = project.runpytest(*options)
    result.assert_outcomes(passed=1)
    assert any("time lost" in exchange.facts for exchange in records(project, ExchangeRecord))
    assert any("is waited for" in notice.text for notice in records(project, NoticeRecord))


def test_the_other_sites_certificate_is_the_other_site(project, terminals):
    terminals.begin(Site.SECONDARY)
    result = project.runpytest(*PRIMARY, "--maxfail=1")
    result.stdout.fnmatch_lines(["*site that served*", "*expected: the primary site*", "*came: *the secondary site*"])


def test_an_authority_this_machine_does_not_know_is_told(project, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    result = project.runpytest(*PRIMARY, "--maxfail=1")
    result.stdout.fnmatch_lines(["*certificate*", "*came: *of an unknown issuer*"])


def test_an_authority_the_browser_alone_does_not_know_is_told(project, tmp_path, monkeypatch):
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("HOME", str(empty))
    result = project.runpytest(*PRIMARY, "--maxfail=1")
    result.stdout.fnmatch_lines(["*came: *a certificate the browser refuses: ERR_CERT_AUTHORITY_INVALID*"])


def test_without_pins_or_networks_the_site_is_not_proven(project, terminals):
    path = project.path / "hkexprt.toml"
    path.write_text(path.read_text().partition("[ccass.certificates]")[0])
    result = project.runpytest(*PRIMARY, "--maxfail=1")
    result.stdout.fnmatch_lines(["*site that served*", "*nothing tells*", "*ccass.networks*"])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('pages = "own.toml"', "", "*describes the pages of our own simulator*"),
        ('"CCASS_PASSWORD"', '"NO_SUCH_VARIABLE"', "*environment variable NO_SUCH_VARIABLE*"),
        ('pages = "own.toml"', 'pages = "nowhere.toml"', "*nowhere.toml*"),
        ('user = "USER01"', "", "*user: missing*"),
        ('pages = "own.toml"', 'pages = "own.toml"\nbrowser = "/nowhere/chromium"', "*which cannot*"),
    ],
)
def test_what_is_missing_from_the_participant_file_is_one_clear_message(project, old, new, told):
    path = project.path / "hkexprt.toml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    result = project.runpytest(*PRIMARY, "--maxfail=1")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([told])
    assert "Traceback" not in result.stdout.str()
