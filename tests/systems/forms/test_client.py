"""The ledger's reader and writer: entries are added, checked, and read again as they were."""

from __future__ import annotations

import hashlib

import freezegun
import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.journal import Journal, read
from pytest_hkexprt.evidence.record import AttachmentRecord
from pytest_hkexprt.systems.forms.client import Client

FACTS = {"circular": "C/1", "what": "registration", "participant": "We", "by": "A. Person"}


@pytest.fixture
def client(tmp_path):
    with freezegun.freeze_time("2023-04-06T10:00:00Z"), Client(tmp_path / "data", Journal(None)) as opened:
        yield opened


def test_a_ledger_that_is_not_there_has_no_entries(client):
    assert client.entries() == ()


def test_what_was_added_is_read_again(client):
    added = [client.add(on="2023-04-05", **FACTS), client.add(on="2023-04-06T17:30", **FACTS)]
    assert client.entries() == tuple(added)


def test_the_moment_of_entering_is_hong_kongs(client):
    assert client.add(on="2023-04-05", **FACTS).entered == "2023-04-06T18:00:00+08:00"


def test_the_proofs_digest_is_kept(client, tmp_path):
    (tmp_path / "proof.pdf").write_bytes(b"confirmed")
    added = client.add(on="2023-04-05", proof=tmp_path / "proof.pdf", **FACTS)
    assert (added.proof, added.proof_sha256) == ("proof.pdf", hashlib.sha256(b"confirmed").hexdigest())


@pytest.mark.parametrize("on", ["2023-04-07", "2023-04-06T18:01"])
def test_what_is_yet_to_come_is_refused(client, on):
    with pytest.raises(UsageFault, match="a time that is past"):
        client.add(on=on, **FACTS)


def test_a_minute_of_today_that_is_past_is_taken(client):
    assert client.add(on="2023-04-06 18:00", **FACTS).on == "2023-04-06T18:00"


@pytest.mark.parametrize("on", ["2023-02-30", "5 April", "20230405", "2023-04-05T10:00:00+09:00"])
def test_what_is_no_day_is_refused_and_nothing_entered(client, on):
    with pytest.raises(UsageFault, match="--on"):
        client.add(on=on, **FACTS)
    assert not client.path.exists()


def test_a_proof_that_cannot_be_read_is_refused_and_nothing_entered(client, tmp_path):
    with pytest.raises(UsageFault, match="expected: a readable file"):
        client.add(on="2023-04-05", proof=tmp_path / "none.pdf", **FACTS)
    assert not client.path.exists()


@pytest.mark.parametrize("line", [b"{}", b"not json", b'{"circular": 1}'])
def test_a_line_that_is_no_entry_is_told_with_its_number(client, line):
    client.add(on="2023-04-05", **FACTS)
    with client.path.open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(UsageFault, match="line 2"):
        client.entries()


def test_the_ledger_is_its_owners_alone(client):
    client.add(on="2023-04-05", **FACTS)
    assert client.path.stat().st_mode & 0o077 == 0


def test_reading_leaves_the_proof_as_evidence(client, tmp_path):
    (tmp_path / "proof.pdf").write_bytes(b"confirmed")
    client.add(on="2023-04-05", proof=tmp_path / "proof.pdf", **FACTS)
    with Journal(tmp_path / "evidence.jsonl") as journal:
        Client(tmp_path / "data", journal).entries()
    kept = [line.record for line in read(tmp_path / "evidence.jsonl") if isinstance(line.record, AttachmentRecord)]
    assert [(record.name, record.size_bytes) for record in kept] == [("proof.pdf", 9)]
