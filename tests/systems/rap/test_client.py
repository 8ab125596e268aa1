from __future__ import annotations

import hashlib
import inspect
import socket
import threading

import paramiko
import pytest

from pytest_hkexprt.errors import LocalProtocolError, RemoteProtocolError, Unreachable
from pytest_hkexprt.evidence.journal import Journal, read
from pytest_hkexprt.evidence.record import AttachmentRecord, ExchangeRecord
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap import checks, keys, packets, standin
from pytest_hkexprt.systems.rap.client import Client
from pytest_hkexprt.systems.rap.hostkeys import HostKeys
from pytest_hkexprt.systems.rap.simulator_server import Handle
from pytest_hkexprt.systems.rap.store import NotKept
from pytest_hkexprt.systems.rap.visit import record_baseline
from tests.systems.rap.samples import FRIDAY, USER, report


def test_every_address_is_dialled(simulate, visit):
    simulator = simulate()
    assert [dial.peer for dial in visit(simulator.endpoints).connect()] == [it.address for it in simulator.endpoints]


def test_one_connection_is_kept_and_the_others_are_closed(simulate, visit):
    simulator = simulate()
    visit(simulator.endpoints).connect()
    simulator.sessions[1].ssh.join(5.0)  # the server's thread sees the end a moment later
    assert [seen.closed for seen in simulator.sessions] == [False, True]


def test_the_listing_has_names_sizes_and_times(logged_in):
    listed = {it.name: (it.size_bytes, it.modified) for it in logged_in().listing().reports}
    assert listed == {it.name: (it.size_bytes, it.modified) for it in standin.folder(FRIDAY)}


def test_a_download_is_the_servers_file(logged_in, downloads):
    client = logged_in()
    (download,) = client.download([checks.chosen(client.listing(), "*SR001*")], downloads)
    content = next(it for it in standin.folder(FRIDAY) if "SR001" in it.name).content()
    assert hashlib.sha256(download.path.read_bytes()).digest() == hashlib.sha256(content).digest()


def test_an_empty_report_is_downloaded(logged_in, downloads):
    client = logged_in()
    (download,) = client.download([checks.chosen(client.listing(), "*TP003*")], downloads)
    assert (download.size_bytes, download.path.read_bytes()) == (0, b"")


def test_a_report_that_is_longer_than_listed_is_kept_as_a_second_listing_has_it(logged_in, downloads):
    client = logged_in()
    (download,) = client.download([report("TP001_20230414.csv", 100)], downloads)
    assert download.size_bytes == download.report.size_bytes == standin.SIZES_BYTES["TP001"]


def test_a_report_of_no_listed_size_is_downloaded_whole(logged_in, downloads):
    (download,) = logged_in().download([report("TP001_20230414.csv", None)], downloads)
    assert download.size_bytes == standin.SIZES_BYTES["TP001"]


def test_a_report_that_claims_an_absurd_size_is_refused(logged_in, downloads):
    with pytest.raises(
        NotKept, match=r"TP002_20230414.csv alone is listed with 1,152,921,504,606,846,976\n.*bytes free"
    ):
        logged_in().download([report("TP002_20230414.csv", 2**60)], downloads)


def test_a_report_that_is_gone_is_told(logged_in, downloads):
    with pytest.raises(RemoteProtocolError, match="No such file"):
        logged_in().download([report("TP999.csv")], downloads)


@pytest.mark.parametrize("name", [b"../TP001", b"/etc/passwd", b".."])
def test_a_report_whose_name_leads_out_of_the_folder_is_not_asked_for(logged_in, downloads, name):
    with pytest.raises(RemoteProtocolError, match="leads out of it"):
        logged_in().download([report(name)], downloads)


def test_a_block_longer_than_asked_for_is_refused(logged_in, downloads, monkeypatch):
    monkeypatch.setattr(Handle, "read", lambda self, offset, length: bytes(length + 1))
    with pytest.raises(RemoteProtocolError, match="32,769 bytes where 32,768 were asked for"):
        logged_in().download([report("TP001_20230414.csv", 2**20)], downloads)


def test_short_blocks_are_asked_for_again(logged_in, downloads, monkeypatch):
    whole = Handle.read
    monkeypatch.setattr(Handle, "read", lambda self, offset, length: whole(self, offset, min(length, 1000)))
    (download,) = logged_in().download([report("TP002_20230414.csv", standin.SIZES_BYTES["TP002"])], downloads)
    assert download.size_bytes == standin.SIZES_BYTES["TP002"]


def test_another_folder_than_the_servers_is_told(logged_in):
    with pytest.raises(RemoteProtocolError, match="listing the folder inbox"):
        logged_in(folder="inbox").listing()


def test_logout_closes_both_sides(simulate, visit):
    simulator = simulate()
    client = visit(simulator.endpoints)
    client.connect()
    client.login()
    logout = client.logout()
    assert (logout.closed_here, logout.closed_there, [seen.closed for seen in simulator.sessions]) == (
        True,
        True,
        [True, True],
    )


def test_a_server_that_stops_in_the_middle_is_unreachable(simulate, visit):
    simulator = simulate()
    client = visit(simulator.endpoints)
    client.connect()
    client.login()
    simulator.stop()
    with pytest.raises(Unreachable, match="the connection was closed"):
        client.listing()


def test_a_server_that_cannot_take_several_requests_is_asked_one_at_a_time_in_the_end(
    simulate, visit, downloads, tmp_path, monkeypatch
):
    process = paramiko.SFTPServer._process

    def overwhelmed(self, *request):
        if self.sock.recv_ready():  # the next request is here before this one is answered
            self.sock.get_transport().close()
        process(self, *request)

    evidence = tmp_path / "evidence.jsonl"
    with Journal(evidence) as journal:
        client = visit(simulate().endpoints, journal=journal, pauses_s=(0.0, 0.0))
        client.connect()
        client.login()
        reports = client.listing().reports[:10]
        monkeypatch.setattr(paramiko.SFTPServer, "_process", overwhelmed)
        assert [each.size_bytes for each in client.download(reports, downloads)] == [
            each.size_bytes for each in reports
        ]
    logins = [line.record for line in read(evidence) if getattr(line.record, "what", "") == "logged in"]
    assert [login.facts.get("requests") for login in logins] == [None, None, "one at a time"]


def test_a_server_that_says_nothing_is_given_up(visit):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = Endpoint("rap", Site.SECONDARY, *silent.getsockname())
        with pytest.raises(Unreachable, match="no whole greeting within"):
            visit([endpoint], timeout_s=0.3).connect()


def test_a_reading_that_falls_silent_is_given_up(simulate, visit, monkeypatch):
    over = threading.Event()
    client = visit(simulate().endpoints, timeout_s=0.3)
    client.connect()
    client.login()
    monkeypatch.setattr(standin, "folder", lambda *_: [over.wait(10.0)][:0])
    try:
        with pytest.raises(Unreachable, match="silence for"):
            client.listing()
    finally:
        over.set()


@pytest.mark.parametrize("verb", ["login", "listing", "logout"])
def test_a_verb_before_connecting_is_our_mistake(visit, verb):
    with pytest.raises(LocalProtocolError, match=verb):
        getattr(visit([Endpoint("rap", Site.PRIMARY, "127.0.0.1", 1)]), verb)()


def test_connecting_twice_is_our_mistake(simulate, visit):
    client = visit(simulate().endpoints)
    client.connect()
    with pytest.raises(LocalProtocolError, match="connect"):
        client.connect()


def test_a_server_whose_host_key_is_unknown_gets_no_login(simulate, visit):
    simulator = simulate()
    with pytest.raises(RemoteProtocolError, match="none is pinned"):
        visit(simulator.endpoints, host_keys=HostKeys()).connect()
    assert [seen.gate.tried for seen in simulator.sessions] == [[]]


def test_every_verb_is_in_the_evidence(simulate, visit, tmp_path):
    path = tmp_path / "evidence.jsonl"
    with Journal(path) as journal:
        client = visit(simulate().endpoints, journal=journal)
        client.connect()
        client.login()
        client.download([checks.chosen(client.listing(), "*TP002*")], tmp_path / "down")
        client.logout()
    said = [line.record.what for line in read(path) if isinstance(line.record, ExchangeRecord)]
    assert said == [
        "connected, host key verified",
        "connected, host key verified",
        "logged in",
        "listed 41 files",
        "downloaded TP002_20230414.csv",
        "logged out",
    ]


def test_a_reports_content_is_not_in_the_evidence(simulate, visit, tmp_path):
    path = tmp_path / "evidence.jsonl"
    with Journal(path) as journal:
        client = visit(simulate().endpoints, journal=journal)
        client.connect()
        client.login()
        (download,) = client.download([checks.chosen(client.listing(), "*TP002*")], tmp_path / "down")
    (attachment,) = [line.record for line in read(path) if isinstance(line.record, AttachmentRecord)]
    assert (attachment.stored, attachment.sha256) == ("", download.sha256)


def test_a_baseline_is_taken_by_the_ordinary_verbs(simulate, visit, tmp_path):
    client = visit(simulate().endpoints)
    path = record_baseline(client, business_date=FRIDAY, data=tmp_path)
    assert path == tmp_path / "baselines" / "rap" / USER / "2023-04-14.json"


def test_the_client_has_no_verb_that_writes():
    verbs = {name for name, _ in inspect.getmembers(Client, inspect.isfunction) if not name.startswith("_")}
    assert verbs == {"connect", "login", "listing", "download", "logout", "close"}


def test_the_clients_side_knows_no_packet_that_writes():
    asked = {kind.name for kind in packets.Kind if kind < packets.Kind.STATUS}
    assert asked == {"INIT", "VERSION", "OPEN", "CLOSE", "READ", "OPENDIR", "READDIR", "STAT"}
    assert packets.to_open(b"x") == b"\0\0\0\1x" + b"\0\0\0\1" + bytes(4), "to read, with no attributes"


def test_another_key_than_the_registered_one_is_refused(simulate, visit):
    client = visit(simulate().endpoints, private=keys.generate())
    client.connect()
    with pytest.raises(RemoteProtocolError, match=r"logging in\n(.*\n)*.*refused: "):
        client.login()
