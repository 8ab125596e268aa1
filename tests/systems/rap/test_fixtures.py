"""RAP through pytest, as its users run it: a participant file, a live server that is not ours, ordinary tests."""

from __future__ import annotations

import itertools
import os
import subprocess

import pytest

from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.record import AttachmentRecord, Check, ExchangeRecord
from pytest_hkexprt.model import Basis, Endpoint, Site
from pytest_hkexprt.systems.rap import keys, standin
from pytest_hkexprt.systems.rap.client import Client, Credentials
from pytest_hkexprt.systems.rap.hostkeys import HostKeys
from pytest_hkexprt.systems.rap.visit import record_baseline
from tests.openssh import openssh_server
from tests.projects import records, shipped_project
from tests.systems.rap.samples import FRIDAY

LIVE = ("--target=live", "--site=secondary", "features/rap.feature", "-k", "retrieves")
REHEARSAL = ("--site=secondary", "features/rap.feature", "-k", "retrieves")


@pytest.fixture(scope="module")
def server(tmp_path_factory, key):
    """A real sshd that shows the folder of the last business date."""
    folder = tmp_path_factory.mktemp("reports")
    for it in standin.folder(FRIDAY):
        (folder / it.name).write_bytes(it.content())
        os.utime(folder / it.name, (it.modified.timestamp(),) * 2)
    with openssh_server(tmp_path_factory.mktemp("sshd"), folder, key.public) as running:
        yield running


@pytest.fixture
def project(pytester, server, key):
    shipped_project(pytester)
    pytester.path.joinpath("key").write_text(key.openssh.reveal())
    pytester.path.joinpath("key").chmod(0o600)
    participant(pytester, server)
    return pytester


def participant(pytester, server, *, host_key: str = "", addresses: str = "", more: str = "") -> None:
    """Write a participant file for the server."""
    addresses = addresses or f'secondary = ["{server.address}"]'
    pytester.path.joinpath("hkexprt.toml").write_text(
        f'participant = "A participant"\nroles = ["CP"]\n[rap]\nuser = "{server.user}"\nkey = "key"\n{more}\n'
        f'[rap.host_keys]\nsecondary = ["{host_key or server.host_key}"]\n[rap.addresses]\n{addresses}\n'
    )


@pytest.fixture
def baseline(project, server, key):
    """The baseline of the last business date, taken from the server."""
    trusted = HostKeys({Site.SECONDARY: (server.host_key,)})
    endpoint = Endpoint("rap", Site.SECONDARY, server.host, server.port)
    client = Client([endpoint], Credentials(server.user, key, trusted), Journal(None))
    return record_baseline(client, business_date=FRIDAY, data=project.path / "hkexprt-data")


def test_the_scenario_passes_against_a_real_server(project, baseline):
    project.runpytest(*LIVE).assert_outcomes(passed=1)


def test_checks_of_a_live_run_are_observed(project, baseline):
    project.runpytest(*LIVE)
    assert {check.basis for check in records(project, Check)} == {Basis.OBSERVED}


def test_a_live_run_keeps_the_reports_in_the_data_folder(project, baseline):
    project.runpytest(*LIVE)
    kept = {path.name: path.stat().st_size for path in project.path.glob("hkexprt-data/downloads/rap/**/*.csv")}
    assert kept == {it.name: it.size_bytes for it in records(project, AttachmentRecord)}


def test_a_live_run_without_a_baseline_fails_and_says_how_to_take_one(project):
    result = project.runpytest(*LIVE)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*no baseline of*2023-04-14*", "*hkexprt baseline record*"])


def test_a_live_run_with_an_edited_baseline_fails(project, baseline):
    baseline.write_bytes(baseline.read_bytes().replace(b"TP001", b"TP777"))
    result = project.runpytest(*LIVE)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*changed after it was written*"])


def test_a_live_server_with_another_host_key_fails(project, baseline, server):
    participant(project, server, host_key=keys.generate().fingerprint)
    result = project.runpytest(*LIVE)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*host key refused*", "*expected: SHA256:*", "*came: *SHA256:*"])


def test_the_other_sites_address_put_in_this_sites_place_fails(project, baseline, server):
    both = f'secondary = ["{server.address}"]\nprimary = ["{server.address}"]'
    participant(project, server, addresses=both)
    result = project.runpytest(*LIVE)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"*{server.address} is an address of the other site*"])


def test_a_rehearsal_logs_in_with_the_participants_own_key(project, server, key):
    project.runpytest(*REHEARSAL).assert_outcomes(passed=1)
    logins = [it.facts for it in records(project, ExchangeRecord) if it.what == "logged in"]
    assert {(facts["user"], facts["fingerprint"]) for facts in logins} == {(server.user, key.fingerprint)}


def test_a_locked_key_is_opened_with_the_environments_passphrase(project, server, monkeypatch):
    path = project.path / "key"
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", "correct horse", "-f", path], check=True)
    participant(project, server, more='passphrase_env = "RAP_PASSPHRASE"')
    monkeypatch.setenv("RAP_PASSPHRASE", "correct horse")
    project.runpytest(*REHEARSAL).assert_outcomes(passed=1)


def test_a_passphrase_that_is_not_in_the_environment_is_told(project, server, monkeypatch):
    participant(project, server, more='passphrase_env = "RAP_PASSPHRASE"')
    monkeypatch.delenv("RAP_PASSPHRASE", raising=False)
    project.runpytest(*REHEARSAL).stdout.fnmatch_lines(["*came: *no such variable*"])


def test_a_mistake_in_the_rap_table_is_told(project, server):
    participant(project, server, more='folderr = "x"')
    result = project.runpytest(*REHEARSAL)
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*folderr: unknown key (did you mean folder?)*"])


def test_an_ordinary_test_visits_the_folder(pytester):
    shipped_project(pytester)
    pytester.makepyfile(
        """
        def test_the_folder_is_not_empty(rap, rap_simulator):
            rap.connect()
            rap.login()
            assert rap.listing().reports
            rap.logout()
            assert all(seen.closed for seen in rap_simulator.sessions)
        """
    )
    pytester.runpytest("--site=secondary").assert_outcomes(passed=1)


def test_a_fault_of_the_simulators_own_reaches_the_test(pytester):
    shipped_project(pytester)
    pytester.makepyfile(
        """
        def test_something(rap, rap_simulator):
            rap_simulator.errors.append(ZeroDivisionError())
        """
    )
    result = pytester.runpytest("--site=secondary")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*simulator*", "*ZeroDivisionError*"])


def test_every_fixture_is_documented(pytester):
    lines = pytester.runpytest("--fixtures", "-q").outlines
    said = [below for line, below in itertools.pairwise(lines) if line.startswith("rap")]
    assert len(said) == 11 and "no docstring available" not in " ".join(said)
