"""The journal over time: full disks, old journals, and what is kept beside it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence import journal
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.record import SCHEMA_VERSION, AttachmentRecord, Check, Line, NoticeRecord, RunRecord
from pytest_hkexprt.evidence.redact import MASK, Redactor
from pytest_hkexprt.model import Secret

ROOT = Path(__file__).parents[2]
OLD = sorted(Path(__file__).parent.joinpath("journals").glob("*.jsonl"))

FULL_DISK = """
import pathlib, resource, sys
from pytest_hkexprt.evidence.journal import EvidenceLost, Journal
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
journal = Journal(pathlib.Path(sys.argv[1]))
try:
    for number in range(100):
        journal.notice(f"notice {number}")
except EvidenceLost as lost:
    print(journal.lines, lost)
journal.notice("dropped")
journal.close()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "evidence.jsonl"


def fill(path: Path) -> str:
    """Write into a file that may not grow beyond 2,000 bytes, and return what the writer said."""
    done = subprocess.run([sys.executable, "-c", FULL_DISK, path], check=True, capture_output=True, text=True)
    return done.stdout


def test_a_full_disk_leaves_whole_lines_and_as_many_as_were_counted(path):
    said = fill(path)
    assert path.read_bytes().endswith(b"\n")
    assert len(list(journal.read(path))) == int(said.split()[0]) > 0


def test_a_full_disk_is_told_with_what_to_do(path):
    said = fill(path)
    assert "came:     File too large" in said
    assert "next:     make room" in said


def test_what_is_kept_lies_under_its_digest(path):
    with Journal(path) as open_journal:
        record = open_journal.keep("page ../../x.HTML", b"\x89content")
    assert record.stored == f"attachments/{hashlib.sha256(bytes([0x89]) + b'content').hexdigest()}.html"
    assert (path.parent / record.stored).read_bytes() == b"\x89content"
    (line,) = journal.read(path)
    assert isinstance(line.record, AttachmentRecord) and line.record.name == "page ../../x.HTML"


def test_text_that_is_kept_is_kept_without_secrets(path):
    with Journal(path, redactor=Redactor([Secret("hunter22")])) as open_journal:
        record = open_journal.keep("page.html", "Kenwört hunter22".encode())
    assert (path.parent / record.stored).read_text("utf-8") == f"Kenwört {MASK}"


@pytest.mark.parametrize("name", ["x", "x.", "x.a/b", "x.toolongending", "../..", "x\n.html\n"])
def test_a_name_that_is_no_ending_becomes_none(path, name):
    with Journal(path) as open_journal:
        assert "." not in open_journal.keep(name, b"x").stored


@pytest.mark.parametrize("path", OLD, ids=lambda path: path.name)
def test_an_old_journal_is_still_read_to_its_end(path):
    lines = list(journal.read(path))
    assert [line.seq for line in lines] == list(range(len(path.read_bytes().splitlines())))


def test_there_is_an_old_journal():
    assert OLD


def test_a_newer_schema_is_refused_by_its_number(path):
    with Journal(path) as open_journal:
        run = dict.fromkeys(("target", "participant", "command", "started", "platform", "run_id"), "")
        open_journal.write(RunRecord(schema=SCHEMA_VERSION + 1, sites=(), versions={}, **run))
    with pytest.raises(UsageFault, match=f"schema {SCHEMA_VERSION + 1}"):
        list(journal.read(path))


def test_a_field_of_a_later_version_is_passed_over(path):
    record = b'{"kind":"notice","text":"x","colour":"red"}'
    path.write_bytes(
        b'{"seq":0,"utc":"","rehearsed":null,"prev":"%s","record":%s}\n' % (journal.FIRST.encode(), record)
    )
    assert [line.record for line in journal.read(path)] == [NoticeRecord(text="x")]


def test_the_published_schema_is_the_records_own():
    published = msgspec.json.decode((ROOT / "docs" / "evidence.schema.json").read_bytes())
    assert published == msgspec.json.decode(msgspec.json.encode(msgspec.json.schema(Line)))


def test_the_newest_lines_are_on_the_disk_after_an_unmet_check(path, monkeypatch):
    synchronised: list[int] = []
    with Journal(path) as open_journal:
        open_journal.notice("first")
        monkeypatch.setattr(journal.os, "fsync", lambda number: synchronised.append(open_journal.lines))
        monkeypatch.setattr(journal, "SYNCHRONISED_EVERY_S", 3600.0)
        open_journal.notice("second")
        open_journal.write(Check(what="x", where="x", expected="1", came="2", met=False))
        monkeypatch.undo()
    assert len(synchronised) == 1
