"""That ``verify`` proves a merged run, and that its parts are the runs they are said to be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_hkexprt.evidence import folder as folders
from pytest_hkexprt.evidence import manifest
from pytest_hkexprt.evidence.journal import FIRST
from pytest_hkexprt.evidence.merged.write import merge
from pytest_hkexprt.evidence.verify import verify
from tests.evidence.sealed import sealed
from tests.evidence.test_verify import keypair


@pytest.fixture
def made(tmp_path: Path) -> Path:
    runs = [
        sealed(tmp_path / each, each, kept=each.encode(), started=f"2026-11-21T1{number}:00:00+08:00")
        for number, each in enumerate(("Alpha", "Beta"))
    ]
    made = merge(runs, tmp_path / "whole")
    folders.finish(made)
    return made


def told(made: Path) -> list[str]:
    return [str(each) for each in verify(made).findings]


def forge(made: Path, change: Callable[[list[dict]], None]) -> None:
    """Change a merged journal's records, chain it anew, and seal the folder as if nothing had been."""
    path = made / "evidence.jsonl"
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    change(lines)
    prev, encoded = FIRST, []
    for number, line in enumerate(lines):
        text = json.dumps({**line, "seq": number, "prev": prev}, separators=(",", ":"), ensure_ascii=False).encode()
        prev = hashlib.sha256(text).hexdigest()
        encoded.append(text + b"\n")
    path.write_bytes(b"".join(encoded))
    manifest.write(made)


def test_a_merged_run_is_valid_and_says_so_of_each_part(made):
    came = verify(made)
    assert came.valid
    assert [fact for fact in came.facts if fact.startswith("part 2, ")]


def test_its_zip_file_is_valid_too(made):
    assert verify(made.with_name("whole-evidence.zip")).valid


@pytest.mark.parametrize("name", ["evidence.jsonl", "report.html", "parts/0001/manifest.json"])
def test_a_changed_file_is_told(made, name):
    (made / name).write_bytes((made / name).read_bytes() + b" ")
    assert [each for each in told(made) if name in each]


def test_a_record_changed_and_everything_sealed_anew_does_not_give_the_parts_own_digest(made):
    def change(lines: list[dict]) -> None:
        (check,) = [x["record"] for x in lines if x["record"].get("what") == "Beta's"]
        check["came"] = "2"

    forge(made, change)
    assert [each for each in told(made) if each.startswith("changed: part 2") and "its records are not those" in each]


def test_a_record_of_one_part_moved_to_another_is_told(made):
    def change(lines: list[dict]) -> None:
        kinds = [x["record"]["kind"] for x in lines]
        second = kinds.index("part", kinds.index("part") + 1)
        lines.insert(second + 1, lines.pop(second - 1))

    forge(made, change)
    assert [each for each in told(made) if "its records are not those" in each]


def test_a_part_left_out_is_told(made):
    def change(lines: list[dict]) -> None:
        kinds = [x["record"]["kind"] for x in lines]
        second = kinds.index("part", kinds.index("part") + 1)
        del lines[second : len(lines) - 1]
        lines[-1]["record"]["records"] = len(lines) - 1

    forge(made, change)
    assert "changed: evidence.jsonl: it was merged of 2 runs and holds 1" in told(made)


def test_a_parts_manifest_exchanged_is_told(made):
    (made / "parts/0001/manifest.json").write_bytes((made / "parts/0002/manifest.json").read_bytes())
    manifest.write(made)
    assert len([each for each in told(made) if "part 1" in each and "manifest.json" in each]) == 2


def test_a_parts_manifest_taken_away_is_told(made):
    (made / "parts/0001/manifest.json").unlink()
    manifest.write(made)
    assert [each for each in told(made) if each.startswith("removed: part 1")]


def test_a_kept_file_taken_away_is_told(made):
    name = f"attachments/{hashlib.sha256(b'Beta').hexdigest()}.html"
    (made / name).unlink()
    manifest.write(made)
    assert [each for each in told(made) if each.startswith("removed: part 2") and name in each]


@pytest.fixture
def signed(tmp_path: Path) -> tuple[Path, Path]:
    """A merge of a signed run, and the file of its signer."""
    key = keypair(tmp_path / "key")
    public = key.with_suffix(".pub").read_text()
    allowed = tmp_path / "allowed"
    allowed.write_text(f'alpha@example namespaces="hkexprt-evidence" {public}')
    made = merge([sealed(tmp_path / "alpha", key=key)], tmp_path / "whole", signers=allowed)
    folders.finish(made)
    return made, allowed


def test_a_parts_signature_stays_its_own(signed):
    made, _ = signed
    assert [fact for fact in verify(made).facts if fact.startswith("part 1") and "signed with SHA256:" in fact]


def test_a_parts_signature_taken_away_is_told(signed):
    made, _ = signed
    (made / "parts/0001/manifest.json.sig").unlink()
    manifest.write(made)
    assert [each for each in told(made) if each.startswith("removed: part 1") and "manifest.json.sig" in each]


def test_a_parts_signature_by_another_is_told(signed, tmp_path):
    from pytest_hkexprt.evidence import sign  # noqa: PLC0415

    made, _ = signed
    part = made / "parts/0001"
    other = sign.sign((part / "manifest.json").read_bytes(), keypair(tmp_path / "other"))
    (part / "manifest.json.sig").write_bytes(other)
    manifest.write(made)
    assert [each for each in told(made) if "of another key" in each]
