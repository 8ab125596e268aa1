"""``hkexprt verify``: every way to touch a run's evidence, told for what it is; and what stock programs say of it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from pytest_hkexprt.cli import group
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence import bundle, folder, manifest, sign
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.record import EndRecord, RunRecord
from pytest_hkexprt.evidence.verify import verify

NAME = "20230415T143000-rap-secondary"


def keypair(path: Path) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", path], check=True)
    return path


@pytest.fixture(scope="session")
def keys(tmp_path_factory) -> Path:
    """Return a folder with two keys and a file of allowed signers that names the first."""
    place = tmp_path_factory.mktemp("keys")
    public = keypair(place / "ours").with_suffix(".pub").read_text().split()
    keypair(place / "theirs")
    (place / "allowed").write_text(f'participant@example namespaces="hkexprt-evidence" {public[0]} {public[1]}\n')
    return place


def run_folder(where: Path, key: Path | None = None) -> Path:
    """Make the folder of a small run, finished."""
    place = where / NAME
    place.mkdir(parents=True)
    run = RunRecord(
        run_id=NAME,
        target="simulator",
        sites=("secondary",),
        participant="A participant",
        command="pytest",
        started="2026-11-21T10:00:00+08:00",
        versions={"pytest-hkexprt": "1"},
        platform="Linux",
        signing_key=sign.fingerprint(key) if key else "",
    )
    with Journal(place / "evidence.jsonl") as journal:
        journal.write_at(run, utc="2026-11-21T02:00:00.000000Z", rehearsed=None)
        for number in range(4):
            journal.notice(f"notice {number}")
        journal.keep("page.html", b"<p>kept</p>")
        journal.write(EndRecord(records=6, outcomes={"passed": 1}, exit_status=0, ended="2026-11-21T10:01:00+08:00"))
    folder.finish(place, key)
    return place


@pytest.fixture
def evidence(tmp_path) -> Path:
    return run_folder(tmp_path)


@pytest.fixture
def signed(tmp_path, keys) -> Path:
    return run_folder(tmp_path, keys / "ours")


def told(path: Path, signers: Path | None = None) -> list[str]:
    return [str(each) for each in verify(path, signers).findings]


def edit(path: Path, before: bytes, after: bytes) -> None:
    content = path.read_bytes()
    assert before in content
    path.write_bytes(content.replace(before, after, 1))


def of_lines(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Path], None]:
    """Return what changes the journal's lines."""

    def touch(place: Path) -> None:
        path = place / "evidence.jsonl"
        path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))

    return touch


JOURNAL_CHANGED = "changed: evidence.jsonl"
TOUCHES: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "a line edited": (
        lambda place: edit(place / "evidence.jsonl", b"notice 1", b"notice 9"),
        [JOURNAL_CHANGED, "changed: line 3, record 2:"],
    ),
    "a line dropped": (of_lines(lambda x: x[:3] + x[4:]), [JOURNAL_CHANGED, "removed: record 3 of 7"]),
    "the last line dropped": (of_lines(lambda x: x[:-1]), [JOURNAL_CHANGED, "removed: record 6 of 7"]),
    "lines swapped": (
        of_lines(lambda x: [*x[:2], x[3], x[2], *x[4:]]),
        [JOURNAL_CHANGED, "reordered: lines 3 to 4: they hold records 3, 2"],
    ),
    "a line added": (of_lines(lambda x: [*x, x[-1]]), [JOURNAL_CHANGED, "added: line 8:"]),
    "half a line added": (of_lines(lambda x: [*x, b"half"]), [JOURNAL_CHANGED, "added: evidence.jsonl: 4 bytes"]),
    "the report edited": (
        lambda place: edit(place / "report.html", b"A participant", b"B participant"),
        ["changed: report.html"],
    ),
    "an attachment touched": (
        lambda place: edit(next(place.glob("attachments/*")), b"kept", b"lost"),
        ["changed: attachments/"],
    ),
    "a file removed": (lambda place: (place / "report.html").unlink(), ["removed: report.html"]),
    "the journal removed": (lambda place: (place / "evidence.jsonl").unlink(), ["removed: evidence.jsonl"]),
    "a file added": (lambda place: (place / "note.txt").touch(), ["added: note.txt"]),
    "the sums edited": (lambda place: edit(place / "SHA256SUMS", b"report", b"rapport"), ["changed: SHA256SUMS"]),
    "the manifest removed": (lambda place: (place / "manifest.json").unlink(), ["removed: manifest.json"]),
    "the manifest spoilt": (lambda place: edit(place / "manifest.json", b"{", b"["), ["changed: manifest.json"]),
    "a version in the manifest edited": (
        lambda place: edit(place / "manifest.json", b'"pytest-hkexprt": "1"', b'"pytest-hkexprt": "2"'),
        ["changed: manifest.json"],
    ),
    "a space in the manifest": (lambda place: edit(place / "manifest.json", b": ", b":  "), ["changed: manifest.json"]),
}
"""What is done to a folder, and how each finding begins."""


def begins(found: list[str], expected: list[str]) -> bool:
    return len(found) == len(expected) and all(map(str.startswith, found, expected))


@pytest.mark.parametrize("touch", TOUCHES)
def test_a_touched_folder_is_told_for_what_was_done_to_it(evidence, touch):
    change, expected = TOUCHES[touch]
    change(evidence)
    found = told(evidence)
    assert begins(found, expected), found


@pytest.mark.parametrize("touch", TOUCHES)
def test_a_zip_file_of_a_touched_folder_is_told_the_same(evidence, touch, tmp_path):
    change, expected = TOUCHES[touch]
    change(evidence)
    zipped = shutil.make_archive(str(tmp_path / "again"), "zip", evidence.parent, evidence.name)
    found = told(Path(zipped))
    assert begins(found, expected), found


def test_an_untouched_folder_and_its_zip_file_are_valid(evidence):
    assert told(evidence) == told(evidence.with_name(f"{NAME}-evidence.zip")) == []


def test_every_single_byte_of_a_signed_folder_counts(signed):
    for name in ("manifest.json", "SHA256SUMS", "evidence.jsonl"):
        content = (signed / name).read_bytes()
        for place in range(0, len(content), 97):
            touched = bytearray(content)
            touched[place] ^= 1
            (signed / name).write_bytes(touched)
            assert told(signed), f"{name}, byte {place}"
        (signed / name).write_bytes(content)
    assert told(signed) == []


def test_a_zip_file_with_a_flipped_byte_is_never_valid_and_never_an_error(evidence):
    path = evidence.with_name(f"{NAME}-evidence.zip")
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :])
    assert told(path)


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", f"{NAME}/../../outside.txt"])
def test_a_zip_entry_that_would_leave_its_folder_is_a_finding_and_writes_nothing(evidence, name, tmp_path):
    path = evidence.with_name(f"{NAME}-evidence.zip")
    with zipfile.ZipFile(path, "a") as zipped:
        zipped.writestr(name, "x")
    assert any(each.startswith("added:") for each in told(path))
    assert not list(tmp_path.parent.rglob("outside.txt"))


def test_a_good_signature_names_key_and_signer(signed, keys):
    came = verify(signed, keys / "allowed")
    assert came.valid
    assert f"signed by participant@example with {sign.fingerprint(keys / 'ours')}" in came.facts


def test_the_signature_of_another_key_is_refused(signed, keys):
    (signed / "manifest.json.sig").write_bytes(sign.sign((signed / "manifest.json").read_bytes(), keys / "theirs"))
    (finding,) = told(signed)
    assert finding.startswith("changed: manifest.json.sig: of another key: expected SHA256:")


def test_a_signer_who_is_not_allowed_is_refused(tmp_path, keys):
    place = run_folder(tmp_path, keys / "theirs")
    (finding,) = told(place, keys / "allowed")
    assert "none of those in allowed" in finding


def test_a_signature_of_another_namespace_is_refused(signed, keys):
    content = (signed / "manifest.json").read_bytes()
    command = ["ssh-keygen", "-q", "-Y", "sign", "-n", "file", "-f", keys / "ours"]
    made = subprocess.run(command, input=content, capture_output=True, check=True)
    (signed / "manifest.json.sig").write_bytes(made.stdout)
    (finding,) = told(signed)
    assert "the signature is not good" in finding


def test_a_signature_that_is_missing_is_told(signed):
    (signed / "manifest.json.sig").unlink()
    (finding,) = told(signed)
    assert finding.startswith("removed: manifest.json.sig")


def test_a_forger_who_makes_everything_fit_still_has_no_signature(signed):
    edit(signed / "report.html", b"A participant", b"B participant")
    manifest.write(signed)
    (finding,) = told(signed)
    assert "the signature is not good" in finding


def test_stock_programs_verify_it_with_the_two_lines_of_the_documentation(signed, keys):
    text = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text("utf-8")
    (block,) = re.findall(r"^```sh verify\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    shutil.copy(keys / "allowed", signed / "allowed_signers")
    script = block.replace("you@example.com", "participant@example")
    assert len(script.splitlines()) == 2
    subprocess.run(["sh", "-e", "-c", script], cwd=signed, check=True, capture_output=True)
    for name in ("report.html", "SHA256SUMS", "manifest.json"):
        content = (signed / name).read_bytes()
        (signed / name).write_bytes(content + b" ")
        done = subprocess.run(["sh", "-e", "-c", script], cwd=signed, check=False, capture_output=True)
        assert done.returncode, f"{name} was changed and not noticed"
        (signed / name).write_bytes(content)


def test_sha256sum_reads_the_sums(evidence):
    done = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=evidence, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_the_same_folder_gives_the_same_zip_bytes(evidence):
    path = evidence.with_name(f"{NAME}-evidence.zip")
    before = path.read_bytes()
    for file in evidence.rglob("*"):
        file.touch()
    assert bundle.write(evidence).read_bytes() == before


def test_the_manifest_lists_every_file_with_its_digest(evidence):
    listed = manifest.listed(json.loads((evidence / "manifest.json").read_bytes())["sha256sums"])
    there = {path.relative_to(evidence).as_posix(): path for path in evidence.rglob("*") if path.is_file()}
    del there["manifest.json"]
    assert listed == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items()}


def test_drawing_again_gives_the_same_bytes(signed):
    before = {path: path.read_bytes() for path in signed.parent.rglob("*") if path.is_file()}
    folder.again(signed)
    assert {path: path.read_bytes() for path in signed.parent.rglob("*") if path.is_file()} == before


def test_drawing_a_signed_folder_that_would_change_is_refused_and_changes_nothing(signed):
    edit(signed / "report.html", b"A participant", b"B participant")  # as an older version may have drawn it
    manifest.write(signed)
    before = {path: path.read_bytes() for path in signed.rglob("*") if path.is_file()}
    with pytest.raises(UsageFault, match=r"report\.html"):
        folder.again(signed)
    assert {path: path.read_bytes() for path in signed.rglob("*") if path.is_file()} == before


def test_a_run_that_was_killed_is_sealed_by_drawing_it(evidence):
    of_lines(lambda lines: [*lines[:3], lines[3][:20]])(evidence)
    for name in ("manifest.json", "SHA256SUMS", "report.html"):
        (evidence / name).unlink()
    folder.again(evidence)
    came = verify(evidence)
    assert came.valid
    assert re.fullmatch(r"3 records, \d+ files; the run was cut short, the journal has no end", came.facts[0])


def test_the_pointer_to_the_latest_run_will_do_for_its_folder(evidence):
    done = CliRunner().invoke(group, ["verify", str(evidence.parent / "latest")])
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, f"valid: {NAME}")


def test_the_command_says_what_was_changed_and_ends_with_1(evidence):
    edit(evidence / "report.html", b"A participant", b"B participant")
    command = [sys.executable, "-c", "from pytest_hkexprt.cli import main; main()", "verify", evidence]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.startswith(f"NOT VALID: {NAME}\n") and "changed: report.html" in done.stdout
    assert done.stderr == ""


def test_something_that_is_no_evidence_is_refused(tmp_path):
    with pytest.raises(UsageFault, match=r"evidence\.jsonl"):
        verify(tmp_path)


def test_a_key_that_is_none_is_refused_with_how_to_make_one(tmp_path):
    (tmp_path / "key").write_text("nothing of the kind")
    with pytest.raises(UsageFault, match="ssh-keygen -t ed25519"):
        sign.fingerprint(tmp_path / "key")


def test_a_missing_ssh_keygen_is_told(tmp_path, monkeypatch, keys):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageFault, match="no such program"):
        sign.fingerprint(keys / "ours")
