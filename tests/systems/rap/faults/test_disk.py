"""The local side of a download: disks that do not take it, runs that are ended, names that fall together."""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.systems.rap.store import NotKept, Part
from tests.systems.rap.faults.proxy import Fate
from tests.systems.rap.faults.rude import Manners
from tests.systems.rap.samples import USER, report

ROOT = Path(__file__).parents[4]
CONTENT = os.urandom(1_000_000)
WITHIN_S = 30.0
NOBODY = 65534
RUN = """
import sys
from pathlib import Path
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint, Secret, Site
from pytest_hkexprt.systems.rap import keys
from pytest_hkexprt.systems.rap.client import Client, Credentials
from pytest_hkexprt.systems.rap.hostkeys import HostKeys

port, host_key, user, work = int(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4])
credentials = Credentials(user, keys.load(work / "key"), HostKeys({Site.SECONDARY: (host_key,)}))
with Journal(work / "run.jsonl") as journal:
    with Client([Endpoint("rap", Site.SECONDARY, "127.0.0.1", port)], credentials, journal, timeout_s=20.0) as client:
        client.connect()
        client.login()
        client.download(client.listing().reports, work / "downloads")
"""
"""A run of its own, to be ended from outside."""


def everything(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@contextlib.contextmanager
def a_run(line, key, server, work: Path) -> Iterator[subprocess.Popen]:
    """Start a run that downloads over a line which falls silent, and wait until its part lies in the folder."""
    (work / "key").write_text(key.openssh.reveal())
    (work / "key").chmod(0o600)
    arguments = [str(line.endpoint.port), server.host_key, USER, str(work)]
    run = subprocess.Popen([sys.executable, "-c", RUN, *arguments], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        deadline, grown = Deadline.after(WITHIN_S), False
        while not grown and run.poll() is None and not deadline.passed:
            with contextlib.suppress(subprocess.TimeoutExpired):
                run.wait(0.02)
            grown = any(path.stat().st_size for path in work.glob("downloads/.*.part"))
        assert grown, run.stderr.read() if run.poll() is not None else "no part within its time"
        yield run
    finally:
        run.kill()
        run.communicate()


@pytest.fixture
def stalled(serve, line_to, key, tmp_path):
    """A run of its own in the middle of a download that does not go on, and the server it downloads from."""
    server = serve(Manners({b"TP001": CONTENT}))
    server.host_key = server._host_key.public
    with a_run(line_to(server.endpoint.port, Fate.SILENT, 300_000), key, server, tmp_path) as run:
        yield run, server


def test_ctrl_c_in_a_download_leaves_no_part_and_is_in_the_evidence(stalled, tmp_path):
    run, _ = stalled
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=WITHIN_S)
    assert told.endswith("KeyboardInterrupt\n")
    assert everything(tmp_path / "downloads") == []
    assert "download of TP001 interrupted" in (tmp_path / "run.jsonl").read_text()


def test_after_a_killed_run_the_next_starts_over_and_says_so(stalled, log_in, tmp_path, evidence):
    run, server = stalled
    run.kill()
    run.communicate(timeout=WITHIN_S)
    (part,) = everything(tmp_path / "downloads")
    size_bytes = (tmp_path / "downloads" / part).stat().st_size
    client = log_in(server.endpoint)
    (download,) = client.download(client.listing().reports, tmp_path / "downloads")
    assert (download.path.read_bytes(), everything(tmp_path / "downloads")) == (CONTENT, ["TP001"])
    (over,) = [exchange for exchange in evidence.exchanges if exchange.what == "download of TP001 starts over"]
    assert over.facts == {"left by a run that was killed": f"{size_bytes:,} bytes that nothing proves, removed"}


def test_the_part_of_a_run_that_still_lives_is_left_alone(stalled, log_in, tmp_path):
    _, server = stalled
    (part,) = everything(tmp_path / "downloads")
    client = log_in(server.endpoint)
    client.download(client.listing().reports, tmp_path / "downloads")
    assert everything(tmp_path / "downloads") == [part, "TP001"]


@pytest.fixture
def a_small_disk():
    """No file may be longer than 200,000 bytes: a full disk for who writes a longer one."""
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, ignored)


def test_a_disk_that_is_full_is_told_and_nothing_is_left(serve, log_in, downloads, evidence, a_small_disk):
    client = log_in(serve(Manners({b"TP001": CONTENT})).endpoint)
    with pytest.raises(NotKept, match=r"downloads/TP001\n.*a disk that takes the download\n.*File too large"):
        client.download(client.listing().reports, downloads)
    assert (everything(downloads), evidence.said[-1]) == ([], "download of TP001 failed")


def test_a_full_disk_leaves_yesterdays_copy(serve, log_in, downloads, a_small_disk):
    downloads.mkdir()
    (downloads / "TP001").write_bytes(b"yesterday")
    client = log_in(serve(Manners({b"TP001": CONTENT})).endpoint)
    with pytest.raises(NotKept):
        client.download(client.listing().reports, downloads)
    assert (downloads / "TP001").read_bytes() == b"yesterday"


@contextlib.contextmanager
def unprivileged():
    """Somebody whom permissions bind."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_may_not_be_written_is_told(serve, log_in, evidence):
    client = log_in(serve(Manners({b"TP001": b"x"})).endpoint)
    with unprivileged(), pytest.raises(NotKept, match="Permission denied"):
        client.download(client.listing().reports, Path("/usr/downloads"))
    assert evidence.said[-1] == "download of TP001 failed"


def test_a_file_where_the_folder_should_be_is_told(serve, log_in, downloads):
    downloads.write_bytes(b"a file")
    client = log_in(serve(Manners({b"TP001": b"x"})).endpoint)
    with pytest.raises(NotKept, match="a disk that takes the download"):
        client.download(client.listing().reports, downloads)


def test_a_folder_of_the_reports_name_is_told_and_left(serve, log_in, downloads):
    (downloads / "TP001").mkdir(parents=True)
    client = log_in(serve(Manners({b"TP001": b"x"})).endpoint)
    with pytest.raises(NotKept, match="Is a directory"):
        client.download(client.listing().reports, downloads)
    assert everything(downloads) == ["TP001"]


def test_two_names_that_a_case_blind_disk_takes_for_one_are_kept_apart(serve, log_in, downloads):
    client = log_in(serve(Manners({b"TP001.csv": b"large", b"tp001.CSV": b"small"})).endpoint)
    client.download(client.listing().reports, downloads)
    kept = {name.casefold(): (downloads / name).read_bytes() for name in everything(downloads)}
    assert sorted(kept.values()) == [b"large", b"small"]


def test_a_name_that_falls_together_with_yesterdays_is_kept_apart(serve, log_in, downloads, evidence):
    downloads.mkdir()
    (downloads / "TP001.csv").write_bytes(b"yesterday")
    client = log_in(serve(Manners({b"tp001.csv": b"today"})).endpoint)
    (download,) = client.download(client.listing().reports, downloads)
    assert (downloads / "TP001.csv").read_bytes() == b"yesterday"
    assert evidence.exchanges[-1].facts["kept as"] == download.path.name


def test_two_names_made_safe_alike_are_kept_apart(serve, log_in, downloads):
    client = log_in(serve(Manners({b"a\nb": b"one", b"a\tb": b"two"})).endpoint)
    one, two = client.download(client.listing().reports, downloads)
    assert {one.path.read_bytes(), two.path.read_bytes()} == {b"one", b"two"}


@pytest.mark.parametrize("length", [255, 256, 5000])
def test_a_name_longer_than_disks_take_is_kept_under_a_shorter_one(serve, log_in, downloads, length):
    client = log_in(serve(Manners({b"x" * length: b"long"})).endpoint)
    (download,) = client.download(client.listing().reports, downloads)
    assert (download.path.read_bytes(), len(download.path.name) < 255) == (b"long", True)


def test_the_same_report_asked_for_twice_is_downloaded_once(serve, log_in, downloads, evidence):
    client = log_in(serve(Manners({b"TP001": b"x"})).endpoint)
    (listed,) = client.listing().reports
    assert len(client.download([listed, listed], downloads)) == 2
    assert evidence.said.count("downloaded TP001") == 1


def test_no_report_at_all_is_no_fault(serve, log_in, downloads):
    assert log_in(serve(Manners({})).endpoint).download([], downloads) == ()


def test_a_link_in_the_part_s_place_is_not_followed(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "urandom", lambda count: b"\0" * count)
    (tmp_path / ".TP001.00000000.part").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotKept, match="File exists"):
        Part(tmp_path, "TP001")
    assert not (tmp_path / "elsewhere").exists()


def test_a_part_is_held_while_it_is_written(tmp_path):
    part = Part(tmp_path, "TP001")
    with (tmp_path / everything(tmp_path)[0]).open("rb") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    part.drop()


def test_a_part_kept_by_name_alone_is_swept(serve, log_in, downloads, evidence):
    downloads.mkdir()
    (downloads / ".TP001.0123abcd.part").symlink_to("/etc/passwd")
    log_in(serve(Manners({b"TP001": b"x"})).endpoint).download([report("TP001", 1)], downloads)
    assert everything(downloads) == ["TP001"]
