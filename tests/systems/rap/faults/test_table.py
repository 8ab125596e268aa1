"""What five clients do wrong and ours must not: every row of the comparison, against a real socket."""

from __future__ import annotations

import itertools
import os
import stat
import subprocess

import pytest

from pytest_hkexprt.errors import RemoteProtocolError, Unreachable
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap import store
from pytest_hkexprt.systems.rap.hostkeys import HostKeys, read_known_hosts
from pytest_hkexprt.systems.rap.keys import KeyFault, KeyMistake, load
from tests.systems.rap.faults.proxy import Fate
from tests.systems.rap.faults.rude import DENIED, EOF, FOLDER, LINK, Listener, Manners
from tests.systems.rap.samples import report

CONTENT = os.urandom(400_000)


def everything(folder):
    """Return what lies in a download folder, hidden or not; nothing where it was never made."""
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


class Shrunk(Manners):
    def listed_size(self, name):
        return len(self.files[name]) + 1000


def test_a_file_that_ends_before_its_size_names_both_sizes(serve, log_in, downloads):
    client = log_in(serve(Shrunk({b"TP001": CONTENT})).endpoint)
    with pytest.raises(RemoteProtocolError, match=r"401,000 bytes, as listed\n.*400,000 bytes: the file ended before"):
        client.download(client.listing().reports, downloads)
    assert everything(downloads) == []


class Growing(Manners):
    """Grows by some bytes after each listing, a number of times."""

    times = 1

    def answer(self, kind, number, body):
        yield from super().answer(kind, number, body)
        if kind == 11 and self.times:
            self.times -= 1
            self.files = {name: content + b"more" for name, content in self.files.items()}


def test_a_file_that_grew_is_kept_as_the_second_look_confirms_it(serve, log_in, downloads, evidence):
    client = log_in(serve(Growing({b"TP001": CONTENT})).endpoint)
    (download,) = client.download(client.listing().reports, downloads)
    assert (download.path.read_bytes(), download.report.size_bytes) == (CONTENT + b"more", 400_004)
    assert "TP001 grew and is downloaded anew" in evidence.said


class GrowingOn(Growing):
    times = 1000


def test_a_file_that_goes_on_growing_is_refused(serve, log_in, downloads):
    client = log_in(serve(GrowingOn({b"TP001": CONTENT})).endpoint)
    with pytest.raises(RemoteProtocolError, match=r"400,004 bytes, as listed\n.*longer than listed"):
        client.download(client.listing().reports, downloads)
    assert everything(downloads) == []


class EmptyRead(Manners):
    def read(self, number, name, offset, length):
        return self.data(number, b"")


def test_an_empty_read_before_the_end_is_refused(serve, log_in, downloads):
    client = log_in(serve(EmptyRead({b"TP001": CONTENT})).endpoint)
    with pytest.raises(RemoteProtocolError, match="0 bytes"):
        client.download(client.listing().reports, downloads)
    assert everything(downloads) == []


class EarlyEnd(Manners):
    """Says "end of file" in the middle once, as a server does whose file was cut while it was read."""

    def read(self, number, name, offset, length):
        return super().read(number, name, offset, length) if offset < 100_000 else self.status(number, EOF)


def test_an_end_in_the_middle_is_refused(serve, log_in, downloads):
    client = log_in(serve(EarlyEnd({b"TP001": CONTENT})).endpoint)
    with pytest.raises(RemoteProtocolError, match="400,000 bytes, as listed"):
        client.download(client.listing().reports, downloads)
    assert everything(downloads) == []


class ShortReads(Manners):
    def read(self, number, name, offset, length):
        return super().read(number, name, offset, min(length, 7001))


def test_many_short_reads_make_a_whole_file(serve, log_in, downloads):
    client = log_in(serve(ShortReads({b"TP001": CONTENT})).endpoint)
    (download,) = client.download(client.listing().reports, downloads)
    assert download.path.read_bytes() == CONTENT


class Generous(Manners):
    def read(self, number, name, offset, length):
        return self.data(number, self.files[name][offset : offset + length + 1])


def test_more_bytes_than_asked_for_are_refused(serve, log_in, downloads):
    client = log_in(serve(Generous({b"TP001": CONTENT})).endpoint)
    with pytest.raises(RemoteProtocolError, match=r"32,769 bytes where 32,768 were asked for"):
        client.download(client.listing().reports, downloads)
    assert everything(downloads) == []


class Sizeless(Manners):
    def listed_size(self, name):
        return None


def test_a_file_of_no_listed_size_is_downloaded_whole(serve, log_in, downloads):
    client = log_in(serve(Sizeless({b"TP001": CONTENT})).endpoint)
    (download,) = client.download(client.listing().reports, downloads)
    assert download.path.read_bytes() == CONTENT


class Absurd(Manners):
    def listed_size(self, name):
        return 2**60

    def answer(self, kind, number, body):
        assert kind not in (3, 5), "no byte of it is asked for"
        return super().answer(kind, number, body)


def test_a_size_that_no_disk_holds_is_refused_before_anything_is_asked_for(serve, log_in, downloads):
    client = log_in(serve(Absurd({b"TP001": b"small"})).endpoint)
    with pytest.raises(store.NotKept, match=r"TP001 alone is listed with 1,152,921,504,606,846,976\n.*bytes free"):
        client.download(client.listing().reports, downloads)
    assert everything(downloads) == []


@pytest.mark.parametrize("fate", [Fate.RESET, Fate.CLOSED])
def test_a_line_that_is_cut_each_time_is_given_up_after_three_tries(serve, line_to, log_in, downloads, evidence, fate):
    server = serve(Manners({b"TP001": CONTENT}))
    client = log_in(line_to(server.endpoint.port, fate, 200_000).endpoint)
    with pytest.raises(Unreachable, match=r"download of TP001\n.*an answer\n.*the connection was closed"):
        client.download(client.listing().reports, downloads)
    assert everything(downloads) == []
    assert len(server.transports) == 3
    assert evidence.said.count("download of TP001 cut off") == 2
    assert evidence.said[-1] == "download of TP001 failed"


@pytest.mark.parametrize("fate", [Fate.RESET, Fate.CLOSED])
def test_a_line_that_is_cut_once_is_dialled_again_and_says_that_it_starts_over(
    serve, line_to, log_in, downloads, evidence, fate
):
    server = serve(Manners({b"TP001": CONTENT}))
    client = log_in(line_to(server.endpoint.port, fate, 200_000, failing=1).endpoint)
    (download,) = client.download(client.listing().reports, downloads)
    assert download.path.read_bytes() == CONTENT
    (cut,) = [exchange.facts for exchange in evidence.exchanges if exchange.what == "download of TP001 cut off"]
    assert cut["then"] == "after 0 s it starts over, try 2 of 3"


def test_what_was_whole_before_the_cut_is_not_downloaded_again(serve, line_to, log_in, downloads, evidence):
    server = serve(Manners({b"TP001": CONTENT[:1000], b"TP002": CONTENT}))
    client = log_in(line_to(server.endpoint.port, Fate.RESET, 200_000, failing=1).endpoint)
    first, second = client.download(client.listing().reports, downloads)
    assert (first.path.read_bytes(), second.path.read_bytes()) == (CONTENT[:1000], CONTENT)
    assert evidence.said.count("downloaded TP001") == 1


def test_what_is_thrown_away_is_taken_from_the_progress(serve, line_to, log_in, downloads):
    server = serve(Manners({b"TP001": CONTENT}))
    client = log_in(line_to(server.endpoint.port, Fate.RESET, 200_000, failing=1).endpoint)
    told: list[int] = []
    client.download(client.listing().reports, downloads, told.append)
    assert sum(told) == len(CONTENT)
    assert min(told) < 0


def test_a_cut_listing_is_asked_for_again(serve, line_to, log_in, evidence):
    server = serve(Manners({f"TP{number:05}".encode(): b"" for number in range(5000)}))
    client = log_in(line_to(server.endpoint.port, Fate.RESET, 60_000, failing=1).endpoint)
    assert len(client.listing().reports) == 5000
    assert "listing the folder . cut off" in evidence.said


def test_a_line_that_falls_silent_in_the_middle_is_given_up(serve, line_to, log_in, downloads, evidence):
    server = serve(Manners({b"TP001": CONTENT}))
    client = log_in(line_to(server.endpoint.port, Fate.SILENT, 200_000).endpoint, timeout_s=0.5)
    with pytest.raises(Unreachable, match=r"download of TP001\n.*an answer\n.*silence for 0.5 s"):
        client.download(client.listing().reports, downloads)
    assert everything(downloads) == []
    assert (len(server.transports), evidence.said[-1]) == (1, "download of TP001 failed")


def test_tcp_accepted_and_nothing_spoken_is_given_up(dial, evidence):
    with Listener() as silent, pytest.raises(Unreachable, match=r"no whole greeting within 0.3 s"):
        dial(silent.endpoint, timeout_s=0.3).connect()
    assert evidence.said == ["no connection"]


class Refusing(Manners):
    def read(self, number, name, offset, length):
        return super().read(number, name, offset, length) if offset < 100_000 else self.status(number, DENIED)


def test_a_read_refused_in_the_middle_leaves_nothing(serve, log_in, downloads, evidence):
    client = log_in(serve(Refusing({b"TP001": CONTENT})).endpoint)
    with pytest.raises(RemoteProtocolError, match=r"download of TP001\n.*\n.*refused: Permission denied"):
        client.download(client.listing().reports, downloads)
    assert everything(downloads) == []
    assert evidence.said[-1] == "download of TP001 failed"


@pytest.mark.parametrize("name", [b"../../x", b"/tmp/x", b"a/b", b"a\0b", b"..\0"])
def test_a_name_that_leads_elsewhere_is_listed_and_not_downloaded(serve, log_in, downloads, evidence, name):
    client = log_in(serve(Manners({name: b"x"})).endpoint)
    (listed,) = client.listing().reports
    with pytest.raises(RemoteProtocolError, match="leads out of it"):
        client.download([listed], downloads)
    assert everything(downloads) == []
    assert "\0" not in evidence.said[-1]


@pytest.mark.parametrize("name", [b"not\xffutf8", b"line\nfeed", b"\x1b[31mred", "\u202eevil".encode()])
def test_a_name_of_odd_bytes_is_downloaded_and_shown_safely(serve, log_in, downloads, evidence, name):
    client = log_in(serve(Manners({name: b"odd"})).endpoint)
    (download,) = client.download(client.listing().reports, downloads)
    assert download.path.read_bytes() == b"odd"
    shown = download.report.name + download.path.name + "".join(evidence.said)
    assert shown.isprintable()


def test_endless_folders_and_looping_links_are_not_followed(serve, log_in):
    client = log_in(serve(Manners({b"deeper": b"", b"loop": b""}, modes={b"deeper": FOLDER, b"loop": LINK})).endpoint)
    listing = client.listing()
    assert (listing.reports, listing.others) == ((), ("deeper", "loop"))


def test_a_disk_without_room_is_told_before_anything_is_asked_for(serve, log_in, downloads, monkeypatch):
    monkeypatch.setattr(store, "room_bytes", lambda _: 1000)
    client = log_in(serve(Manners({b"TP001": CONTENT})).endpoint)
    with pytest.raises(store.NotKept, match=r"400,000\n.*1,000 bytes free"):
        client.download(client.listing().reports, downloads)
    assert everything(downloads) == []


def test_a_private_key_that_all_may_read_is_refused_and_the_mending_told(tmp_path):
    path = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True, timeout=30)
    path.chmod(0o644)
    with pytest.raises(KeyFault, match="chmod 600") as refused:
        load(path)
    assert refused.value.mistake is KeyMistake.OPEN_TO_OTHERS
    assert stat.S_IMODE(path.stat().st_mode) == 0o644, "it is told, not done"


def test_a_known_hosts_line_without_the_port_is_accepted_and_named(serve, dial, site_keys, tmp_path, evidence):
    known = tmp_path / "known_hosts"
    known.write_text(f"# a comment\n127.0.0.1 {site_keys[Site.SECONDARY].public}\n")
    server = serve(Manners({}))
    dial(server.endpoint, host_keys=HostKeys(known=read_known_hosts(known))).connect()
    (exchange,) = evidence.exchanges
    assert exchange.facts["pinned by"] == "known_hosts:2, a line for the host without its port"


class EndlessFolder(Manners):
    names_at_once = 500

    def answer(self, kind, number, body):
        if kind == 11:
            self.counter = itertools.count()
            return iter([self.handle(number, b"folder")])
        if kind == 12:
            self.pending = [(f"{next(self.counter):09}".encode(), 1) for _ in range(self.names_at_once)]
        return super().answer(kind, number, body)


def test_a_folder_that_does_not_end_is_given_up(serve, log_in, monkeypatch, evidence):
    monkeypatch.setattr("pytest_hkexprt.systems.rap.client.MOST_ENTRIES", 20_000)
    client = log_in(serve(EndlessFolder({})).endpoint)
    with pytest.raises(RemoteProtocolError, match="does not end: more than 20,000 entries"):
        client.listing()
    assert evidence.said[-1] == "listing the folder . failed"


def test_after_a_listing_that_was_given_up_the_connection_still_serves(serve, log_in, downloads, monkeypatch):
    monkeypatch.setattr("pytest_hkexprt.systems.rap.client.MOST_ENTRIES", 2000)
    client = log_in(serve(EndlessFolder({b"TP001": CONTENT})).endpoint)
    with pytest.raises(RemoteProtocolError, match="does not end"):
        client.listing()
    (download,) = client.download([report("TP001", len(CONTENT))], downloads)
    assert download.path.read_bytes() == CONTENT


class OnlyItself(Manners):
    def names(self, number):
        self.pending = [(b".", 0), (b"..", 0)]
        return super().names(number)


def test_a_folder_that_names_only_itself_without_end_is_given_up(serve, log_in):
    client = log_in(serve(OnlyItself({})).endpoint)
    with pytest.raises(RemoteProtocolError, match="without end"):
        client.listing()


def test_a_folder_of_a_hundred_thousand_entries_is_listed(serve, log_in):
    manners = Manners({f"TP{number:06}".encode(): b"" for number in range(100_000)})
    manners.names_at_once = 1000
    assert len(log_in(serve(manners).endpoint, timeout_s=20.0).listing().reports) == 100_000


def test_a_report_that_is_gone_since_it_was_listed_is_told(serve, log_in, downloads):
    client = log_in(serve(Manners({b"TP001": CONTENT})).endpoint)
    with pytest.raises(RemoteProtocolError, match=r"download of TP002\n.*\n.*No such file"):
        client.download([report("TP002")], downloads)
    assert everything(downloads) == []


def test_nobody_at_either_address_is_told_with_both(dial, evidence):
    with Listener() as one, Listener() as two:
        endpoints: list[Endpoint] = [one.endpoint, two.endpoint]
    with pytest.raises(Unreachable, match="dialled 3 times") as failed:
        dial(*endpoints).connect()
    assert all(endpoint.address in str(failed.value) for endpoint in endpoints)
    assert evidence.said == ["no connection", "no connection", "dialling again"] * 2 + ["no connection"] * 2
