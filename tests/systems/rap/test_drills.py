"""Every drill, at the level of client and checks: what the suite must catch, and by which words."""

from __future__ import annotations

import pytest

from pytest_hkexprt.errors import RemoteProtocolError, Unreachable
from pytest_hkexprt.systems.rap import baseline, checks
from pytest_hkexprt.systems.rap.drills import DRILLS, Drill
from pytest_hkexprt.systems.rap.hostkeys import HostKeyRefused
from tests.systems.rap.samples import FRIDAY, USER, loopback


@pytest.fixture
def before(simulate, visit):
    """The baseline, taken from a simulator without faults."""
    client = visit(simulate().endpoints)
    client.connect()
    client.login()
    listing = client.listing()
    return baseline.of(listing, user=USER, business_date=FRIDAY, host_key="", tool_version="1")


def test_every_drill_is_described():
    assert set(DRILLS) == set(Drill)


def test_a_missing_report_is_caught(before, logged_in):
    check = checks.unchanged(before, logged_in("report-missing").listing())
    assert (check.met, check.came, check.details) == (False, "40 files", ("missing FX005_20230414.csv",))


def test_a_report_too_many_is_caught(before, logged_in):
    check = checks.unchanged(before, logged_in("report-extra").listing())
    assert (check.met, check.came, check.details) == (False, "42 files", ("new XX001_20230414.csv",))


def test_a_renamed_report_is_caught(before, logged_in):
    check = checks.unchanged(before, logged_in("report-renamed").listing())
    assert (check.met, check.came) == (False, "41 files, but not the same ones")


def test_tp002_is_absent_before_the_session_too(simulate):
    simulator = simulate("tp002-absent")
    simulator.disarm()
    assert "tp002-absent" in simulator.drills


def test_an_absent_tp002_is_caught(logged_in):
    check = checks.present(logged_in("tp002-absent").listing(), "TP002", "*TP002*")
    assert (check.met, check.came) == (False, "none among 40 files")


def test_a_download_cut_short_is_caught(logged_in, downloads):
    client = logged_in("download-cut")
    with pytest.raises(RemoteProtocolError, match=r"184,320 bytes, as listed\n.*92,160 bytes"):
        client.download([checks.chosen(client.listing(), "*TP001*")], downloads)
    assert list(downloads.iterdir()) == []


def test_a_wrong_host_key_is_caught(simulate, visit, site_keys):
    simulator = simulate("wrong-host-key")
    with pytest.raises(HostKeyRefused, match=r"expected: ssh-ed25519 SHA256:.*\n.*came: .*SHA256:"):
        visit(simulator.endpoints).connect()


def test_after_a_wrong_host_key_no_other_address_is_tried(simulate, visit):
    simulator = simulate("wrong-host-key")
    with pytest.raises(HostKeyRefused):
        visit(simulator.endpoints).connect()
    assert len(simulator.sessions) == 1


@pytest.mark.parametrize("drill", ["unknown-user", "wrong-key"])
def test_a_refused_login_is_caught(simulate, visit, key, drill):
    client = visit(simulate(drill).endpoints)
    client.connect()
    with pytest.raises(RemoteProtocolError, match=f"user {USER} logged in with the key ssh-ed25519 SHA256:"):
        client.login()


def test_a_first_address_that_refuses_passes_and_is_told(simulate, visit):
    simulator = simulate("first-address-refused")
    dialled = visit(simulator.endpoints).connect()
    check = checks.addresses(dialled, simulator.endpoints, [])
    assert check.met and any("did not answer: connection refused" in line for line in check.details)


def test_both_addresses_refusing_are_caught(simulate, visit):
    simulator = simulate("both-refused")
    with pytest.raises(Unreachable) as caught:
        visit(simulator.endpoints).connect()
    assert all(f"{it.address}: connection refused" in caught.value.came for it in simulator.endpoints)


def test_a_denied_folder_is_caught(logged_in):
    with pytest.raises(RemoteProtocolError, match=r"listing the folder \.(.|\n)*Permission denied"):
        logged_in("folder-denied").listing()


def test_the_other_sites_server_is_caught(simulate, visit):
    with pytest.raises(HostKeyRefused, match="the key pinned for the primary site, whose server answers here"):
        visit(simulate("other-site-answers").endpoints).connect()


def test_a_connection_that_is_not_closed_is_caught(logged_in):
    check = checks.closed_on_both_sides(logged_in("never-closes", logout_timeout_s=0.3).logout())
    assert not check.met and "the server still kept its side open" in check.came


def test_a_drill_ends_when_it_is_disarmed(simulate, visit):
    simulator = simulate("both-refused")
    simulator.disarm()
    assert all(dial.peer for dial in visit(simulator.endpoints).connect())


def test_the_simulator_stands_for_published_addresses(simulate):
    assert [it.published for it in simulate().endpoints] == [it.published for it in loopback()]
