from __future__ import annotations

import errno
import threading

import pytest

from pytest_hkexprt.errors import RemoteProtocolError
from pytest_hkexprt.evidence.journal import Journal, read
from pytest_hkexprt.evidence.record import AttachmentRecord
from pytest_hkexprt.systems.rap import client_download, store
from pytest_hkexprt.systems.rap.store import NotKept
from tests.systems.rap.samples import report


@pytest.mark.parametrize("together", [1, 3, 64])
def test_what_is_whole_is_kept_whatever_became_of_another(logged_in, downloads, tmp_path, monkeypatch, together):
    monkeypatch.setattr(client_download, "SETTLED_TOGETHER", together)
    evidence = tmp_path / "evidence.jsonl"
    with Journal(evidence) as journal:
        client = logged_in(journal=journal)
        *others, last = sorted(client.listing().reports, key=lambda each: each.size_bytes)
        longer = report(last.name, last.size_bytes + 1)
        with pytest.raises(RemoteProtocolError, match="ended before its size"):
            client.download([*others, longer], downloads)
    names = sorted(each.name for each in others)
    assert sorted(path.name for path in downloads.iterdir()) == names
    kept = [line.record.name for line in read(evidence) if isinstance(line.record, AttachmentRecord)]
    assert sorted(kept) == names


def test_what_the_disk_did_not_take_is_not_asked_for_again(logged_in, downloads, monkeypatch):
    asked = []

    def full(descriptor):
        asked.append(descriptor)
        raise OSError(errno.ENOSPC, "No space left on device")

    client = logged_in()
    listed = client.listing().reports[:3]
    monkeypatch.setattr(store.os, "fsync", full)
    with monkeypatch.context() as disk:
        disk.setattr(store, "sync", lambda folder: None)
        with pytest.raises(NotKept, match="No space left"):
            client.download(listed, downloads)
    assert len(asked) == len(set(asked)) <= 3
    assert list(downloads.iterdir()) == []


def test_no_thread_that_waited_for_the_disk_is_left(logged_in, downloads):
    client = logged_in()
    reports = client.listing().reports
    before = threading.active_count()
    assert len(client.download(reports, downloads)) == len(reports)
    assert threading.active_count() == before
