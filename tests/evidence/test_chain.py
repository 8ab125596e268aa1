"""The journal's chain: every way to touch a line is told for what it is."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path

import pytest

from pytest_hkexprt.evidence import chain
from pytest_hkexprt.evidence.chain import Change
from pytest_hkexprt.evidence.journal import Journal


@pytest.fixture
def lines(tmp_path: Path) -> list[bytes]:
    path = tmp_path / "evidence.jsonl"
    with Journal(path) as journal:
        for number in range(7):
            journal.notice(f"notice {number}")
    return path.read_bytes().splitlines()


def told(lines: list[bytes], original: list[bytes]) -> list[str]:
    """Return the findings of touched lines, as the manifest of the original would have them."""
    head = hashlib.sha256(original[-1]).hexdigest()
    return [str(each) for each in chain.findings(lines, head=head, count=len(original))]


def test_whole_lines_give_no_finding(lines):
    assert told(lines, lines) == []
    assert chain.findings(lines) == []


@pytest.mark.parametrize("place", range(7))
def test_an_edited_line_is_named_and_no_other(lines, place):
    touched = [*lines]
    touched[place] = touched[place].replace(b"notice", b"gossip")
    (finding,) = told(touched, lines)
    assert finding.startswith(f"changed: line {place + 1}, record {place}:")


@pytest.mark.parametrize("place", range(7))
def test_a_dropped_line_is_named_and_no_other(lines, place):
    touched = lines[:place] + lines[place + 1 :]
    assert told(touched, lines) == [f"removed: record {place} of 7 (numbered from 0)"]


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(range(7), 2)))
def test_swapped_lines_are_reordered_and_nothing_else(lines, one, other):
    touched = [*lines]
    touched[one], touched[other] = touched[other], touched[one]
    (finding,) = told(touched, lines)
    assert finding.startswith(f"reordered: lines {one + 1} to {other + 1}: they hold records {other}")


@pytest.mark.parametrize("place", range(8))
def test_an_added_line_is_named_and_no_other(lines, place):
    touched = [*lines[:place], b'{"seq":3,"prev":"","record":{}}', *lines[place:]]
    assert told(touched, lines) == [f"added: line {place + 1}: no record of the chain"]


def test_a_line_doubled_is_added(lines):
    assert told([*lines, lines[2]], lines) == ["added: line 8: no record of the chain"]


def test_a_line_that_is_no_record_is_added_and_the_one_it_took_the_place_of_removed(lines):
    touched = [*lines[:2], b"nothing of ours", *lines[3:]]
    assert [each.partition(":")[0] for each in told(touched, lines)] == ["removed", "added"]


def test_an_edited_digest_puts_the_line_before_it_in_doubt_and_says_so(lines):
    touched = [*lines]
    touched[3] = touched[3].replace(b'"prev":"', b'"prev":"0')
    findings = told(touched, lines)
    assert findings[0].startswith("changed: line 4, record 3:")
    assert "or record 3 was changed in that very place" in findings[1]
    assert len(findings) == 2


def test_a_chain_made_anew_does_not_fit_the_manifest(lines, tmp_path):
    with Journal(tmp_path / "forged.jsonl") as journal:
        for number in range(7):
            journal.notice(f"forged {number}")
    forged = (tmp_path / "forged.jsonl").read_bytes().splitlines()
    assert told(forged, lines)[0].startswith("changed: line 7, record 6:")


def test_without_a_manifest_a_cut_end_cannot_be_told_but_an_edit_can(lines):
    assert chain.findings(lines[:5]) == []
    touched = [*lines]
    touched[1] = touched[1].replace(b"notice", b"gossip")
    assert [each.change for each in chain.findings(touched)] == [Change.CHANGED]


@pytest.mark.parametrize(
    "garbage", [b"", b"[]", b"null", b"\xff", b"[" * 5000, b'{"seq":"x"}', b'{"seq":-1,"prev":""}']
)
def test_garbage_is_a_finding_and_never_an_error(garbage, lines):
    assert [each.change for each in chain.findings([*lines, garbage])] == [Change.ADDED]
