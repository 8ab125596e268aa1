"""The journal: what it keeps through a kill, what it refuses to read, and what never gets into it."""

from __future__ import annotations

import itertools
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_hkexprt.errors import Unmet, UsageFault
from pytest_hkexprt.evidence import journal
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.record import Check, NoticeRecord, OutcomeRecord, StepRecord
from pytest_hkexprt.evidence.redact import MASK, Redactor
from pytest_hkexprt.model import Basis, Endpoint, Outcome, Secret, Site

ENDPOINT = Endpoint("rap", Site.SECONDARY, "127.0.0.1", 10022)
CHECK = Check(what="number of files", where="rap/secondary", expected="41 files", came="40 files", met=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "evidence.jsonl"


def written(path: Path, *notices: str, redactor: Redactor | None = None) -> list[str]:
    """Write notices and return them as they are read back."""
    with Journal(path, redactor=redactor) as open_journal:
        for text in notices:
            open_journal.notice(text)
    return [line.record.text for line in journal.read(path) if isinstance(line.record, NoticeRecord)]


def test_what_was_written_is_read_in_order(path):
    assert written(path, "one", "two", "三") == ["one", "two", "三"]


def test_lines_are_numbered_without_gaps(path):
    written(path, "one", "two", "three")
    assert [line.seq for line in journal.read(path)] == [0, 1, 2]


def test_an_older_journal_is_never_written_over(path):
    written(path, "one")
    with pytest.raises(FileExistsError):
        Journal(path)


@pytest.mark.parametrize("number", [0, 1])
def test_a_changed_line_is_refused(path, number):
    written(path, "one", "two", "three")
    lines = path.read_bytes().splitlines(keepends=True)
    lines[number] = lines[number].replace(b'"text":"', b'"text":"X')
    path.write_bytes(b"".join(lines))
    with pytest.raises(UsageFault, match=f"line {number + 2}"):
        list(journal.read(path))


@pytest.mark.parametrize("order", [(0, 2, 1), (0, 2), (1, 2), (0, 1, 1, 2)])
def test_a_moved_dropped_or_doubled_line_is_refused(path, order):
    written(path, "one", "two", "three")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[index] for index in order))
    with pytest.raises(UsageFault, match="digest of the line before"):
        list(journal.read(path))


def test_a_line_that_is_no_record_is_refused_by_its_number(path):
    path.write_bytes(b'{"seq":0,"utc":"","rehearsed":null,"prev":"","record":{"kind":"gossip"}}\n')
    with pytest.raises(UsageFault, match="line 1"):
        list(journal.read(path))


def test_a_last_line_cut_short_at_any_byte_is_left_out(path):
    written(path, "one", "two")
    whole = path.read_bytes()
    first_ends = whole.index(b"\n") + 1
    for length in range(first_ends, len(whole)):
        path.write_bytes(whole[:length])
        assert len(list(journal.read(path))) == 1, f"cut after {length} bytes"


def test_a_killed_process_leaves_every_line_it_wrote(path):
    program = (
        "import itertools, pathlib, sys\n"
        "from pytest_hkexprt.evidence.journal import Journal\n"
        "journal = Journal(pathlib.Path(sys.argv[1]))\n"
        "for number in itertools.count():\n"
        "    journal.notice(f'notice {number}')\n"
        "    print(number, flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, path], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        seen = [int(line) for line in itertools.islice(process.stdout, 50)]
        process.send_signal(signal.SIGKILL)
    texts = [line.record.text for line in journal.read(path) if isinstance(line.record, NoticeRecord)]
    assert texts[: len(seen)] == [f"notice {number}" for number in range(50)]


@pytest.mark.parametrize(
    "secret", ["hunter22", 'quo"ted\\pass', "two\nlines", "geheim•wort", "tab\there", "\x1bescape"]
)
def test_a_secret_is_taken_out_whatever_it_is_made_of(path, secret):
    assert written(path, f"before {secret} after", redactor=Redactor([Secret(secret)])) == [f"before {MASK} after"]


def test_a_secret_in_a_fact_is_taken_out(path):
    with Journal(path, redactor=Redactor([Secret("hunter22")])) as open_journal:
        open_journal.exchange(ENDPOINT, "logged in", {"banner": "hello hunter22"})
    assert b"hunter22" not in path.read_bytes()


def test_a_secret_learnt_later_is_taken_out_from_then_on(path):
    redactor = Redactor()
    redactor.learn(Secret("hunter22"))
    assert written(path, "hunter22", redactor=redactor) == [MASK]


@pytest.mark.parametrize("secret", ["record", "kind", "passed", "outcome", "step", "0123", "true", "abcd", "null"])
def test_a_secret_spelt_like_a_part_of_a_line_leaves_the_journal_readable(path, secret):
    with Journal(path, redactor=Redactor([Secret(secret)])) as open_journal:
        for index in range(40):  # enough digests for four hexadecimal digits to occur in one
            open_journal.write(StepRecord(index=index, outcome=Outcome.PASSED, duration_s=0.1))
        open_journal.write(OutcomeRecord(id="x", outcome=Outcome.PASSED, duration_s=0.1, checks=0))
    outcomes = [line.record.outcome for line in journal.read(path) if isinstance(line.record, OutcomeRecord)]
    assert outcomes == [Outcome.PASSED]


def test_a_name_that_is_not_utf_8_is_written_as_an_escape(path):
    assert written(path, b"report\xff.csv".decode(errors="surrogateescape")) == ["report\\udcff.csv"]


def test_a_secret_beside_a_byte_that_is_not_utf_8_is_still_taken_out(path):
    assert written(path, "hunter22 \udcff", redactor=Redactor([Secret("hunter22")])) == [f"{MASK} \\udcff"]


def test_an_unmet_check_is_in_the_journal_before_it_fails(path):
    with Journal(path) as open_journal, pytest.raises(Unmet, match="expected: 41 files"):
        open_journal.check(CHECK)
    assert [line.record for line in journal.read(path)] == [CHECK]


def test_in_a_rehearsal_every_check_is_simulated(path):
    with Journal(path, rehearsal=True) as open_journal, pytest.raises(Unmet):
        open_journal.check(CHECK)
    (line,) = journal.read(path)
    assert isinstance(line.record, Check) and line.record.basis is Basis.SIMULATED


def test_with_the_true_clock_no_line_has_a_rehearsed_moment(path):
    written(path, "one")
    assert json.loads(path.read_bytes())["rehearsed"] is None


def test_a_closed_journal_is_not_written_any_more(path):
    with Journal(path) as open_journal:
        open_journal.notice("one")
    open_journal.notice("two")
    assert len(list(journal.read(path))) == 1


def test_a_journal_without_a_file_still_judges(tmp_path):
    with pytest.raises(Unmet):
        Journal(None).check(CHECK)
