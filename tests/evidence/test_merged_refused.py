"""What is not merged: evidence that is not as it was written, and runs that cannot stand on one page."""

from __future__ import annotations

import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence import folder as folders
from pytest_hkexprt.evidence import unpack
from pytest_hkexprt.evidence.chain import Change
from pytest_hkexprt.evidence.merged.write import merge
from tests.evidence.sealed import NAME, sealed, zipped
from tests.evidence.test_verify import keypair


@pytest.fixture
def alpha(tmp_path: Path) -> Path:
    return sealed(tmp_path / "alpha")


def refused(tmp_path: Path, *runs: Path, **options: object) -> str:
    """Return why runs are refused; nothing may be left behind."""
    before = sorted(tmp_path.iterdir())
    with pytest.raises(UsageFault) as fault:
        merge(runs, tmp_path / "whole", **options)  # type: ignore[arg-type]  # options by name
    assert sorted(tmp_path.iterdir()) == before, "nothing is written"
    return str(fault.value)


def test_nothing_merged_is_an_error(tmp_path):
    assert "expected: the folders or zip files of runs" in refused(tmp_path)


@pytest.mark.parametrize("source", ["missing", "empty", "text.zip"])
def test_what_is_no_run_is_refused(tmp_path, alpha, source):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.zip").write_text("no zip")
    assert source in refused(tmp_path, alpha, tmp_path / source)


def test_a_damaged_folder_is_refused_by_name_and_reason(tmp_path, alpha):
    beta = sealed(tmp_path / "beta", "Beta")
    (beta / "report.html").write_text("prettier")
    told = refused(tmp_path, alpha, beta)
    assert str(beta) in told and "changed: report.html" in told


def test_a_changed_line_is_refused(tmp_path, alpha):
    beta = sealed(tmp_path / "beta", "Beta")
    journal = beta / "evidence.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"notice of Beta", b"notice of Bets"))
    assert "evidence.jsonl" in refused(tmp_path, alpha, beta)


def test_a_run_without_its_manifest_is_refused(tmp_path, alpha):
    (alpha / "manifest.json").unlink()
    assert "manifest.json" in refused(tmp_path, alpha)


def test_a_link_in_the_place_of_a_file_is_refused(tmp_path, alpha):
    elsewhere = tmp_path / "elsewhere.html"
    shutil.move(alpha / "report.html", elsewhere)
    (alpha / "report.html").symlink_to(elsewhere)
    assert "report.html: a link" in refused(tmp_path, alpha)


def test_a_live_run_beside_a_rehearsal_is_refused(tmp_path, alpha):
    live = sealed(tmp_path / "beta", "Beta", target="live")
    assert "one kind of target" in refused(tmp_path, alpha, live)


@pytest.mark.parametrize("schema", [1, 2, 99])
def test_another_schema_is_refused(tmp_path, alpha, schema):
    if schema == 99:
        with pytest.raises(UsageFault, match="schema 99"):
            sealed(tmp_path / "beta", "Beta", schema=schema)
        return
    assert "schema 3" in refused(tmp_path, alpha, sealed(tmp_path / "beta", "Beta", schema=schema))


def test_the_same_run_twice_is_refused(tmp_path, alpha):
    assert "the same run as" in refused(tmp_path, alpha, zipped(alpha))


def test_a_scenario_that_ran_twice_is_refused_unless_asked(tmp_path, alpha):
    again = sealed(tmp_path / "again", started="2026-11-21T12:00:00+08:00")
    told = refused(tmp_path, alpha, again)
    assert "It is, Session 1" in told and "--keep last" in told
    assert merge([alpha, again], tmp_path / "whole", keep="last").is_dir()


def test_another_text_of_a_circular_is_refused(tmp_path, alpha):
    assert "the circular own" in refused(tmp_path, alpha, sealed(tmp_path / "beta", "Beta", asks="another thing"))


def test_another_text_of_a_feature_is_refused(tmp_path, alpha):
    other = (type(sealed_suite(alpha))(file="own.feature", sha256="1" * 64),)
    assert "own.feature" in refused(tmp_path, alpha, sealed(tmp_path / "beta", "Beta", suite=other))


def sealed_suite(folder: Path):
    from pytest_hkexprt.evidence.journal import read  # noqa: PLC0415

    return next(read(folder / "evidence.jsonl")).record.suite[0]  # type: ignore[union-attr]  # a run


def test_a_participant_of_other_roles_is_refused(tmp_path, alpha):
    other = sealed(tmp_path / "other", outcomes={}, roles=("EP",), exit_status=5)
    assert "Alpha, CP" in refused(tmp_path, alpha, other)


def test_two_names_that_share_a_file_name_are_refused(tmp_path, alpha):
    assert "one name" in refused(tmp_path, alpha, sealed(tmp_path / "other", "ALPHA!"))


def test_a_merge_of_a_merge_is_refused(tmp_path, alpha):
    made = merge([alpha], tmp_path / "first")
    folders.finish(made)
    assert "name its parts" in refused(tmp_path, made)


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path, alpha):
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole" / "mine").write_text("mine")
    assert "something is there already" in refused(tmp_path, alpha)


def test_an_unsigned_run_is_refused_where_signers_are_named(tmp_path, alpha):
    signers = tmp_path / "allowed"
    signers.write_text("")
    assert "a signature" in refused(tmp_path, alpha, signers=signers)


def test_a_strangers_signature_is_refused(tmp_path):
    ours, theirs = keypair(tmp_path / "ours"), keypair(tmp_path / "theirs")
    signers = tmp_path / "allowed"
    signers.write_text(f'us namespaces="hkexprt-evidence" {ours.with_suffix(".pub").read_text()}')
    run = sealed(tmp_path / "alpha", key=theirs)
    assert "none of those" in refused(tmp_path, run, signers=signers)


# Zip files that somebody else made.


def hostile(path: Path, alpha: Path, **more: str | zipfile.ZipInfo) -> Path:
    """Return a zip file of a sound run with something more in it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for each in sorted(alpha.rglob("*")):
            if each.is_file():
                bundle.write(each, f"{NAME}/{each.relative_to(alpha)}")
        bundle.writestr(more.get("entry", "x"), str(more.get("content", "")))
    return path


@pytest.mark.parametrize(
    "name", [f"{NAME}/../../outside", "/etc/outside", f"{NAME}/..\\outside", f"{NAME}/evidence.jsonl", f"{NAME}/more"]
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_a_name_of_its_own_is_refused(tmp_path, alpha, name):
    path = hostile(tmp_path / "evil.zip", alpha, entry=name, content="x")
    assert "evil.zip" in refused(tmp_path, path)
    assert not list(tmp_path.rglob("outside"))


def test_a_link_in_a_zip_is_refused(tmp_path, alpha):
    link = zipfile.ZipInfo(f"{NAME}/link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    path = hostile(tmp_path / "evil.zip", alpha, entry=link, content="/etc/passwd")
    assert "added: link" in refused(tmp_path, path)


def test_a_zip_that_swells_is_stopped_at_a_bound(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("run/evidence.jsonl", b"\0" * 5_000_000)
    (found,) = unpack.unpack(path, tmp_path / "into", most_bytes=1_000_000)
    assert found.change is Change.CHANGED and "1,000,000 bytes" in found.what
    assert sum(each.stat().st_size for each in (tmp_path / "into").rglob("*") if each.is_file()) <= 1_000_000


def test_a_zip_of_too_many_files_is_not_unpacked(tmp_path):
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as bundle:
        for number in range(11):
            bundle.writestr(f"run/{number}", "")
    (found,) = unpack.unpack(path, tmp_path / "into", most_files=10)
    assert "11 files" in found.what and not (tmp_path / "into").exists()


def test_a_zip_cut_in_half_is_refused(tmp_path, alpha):
    path = tmp_path / "half.zip"
    whole = zipped(alpha).read_bytes()
    path.write_bytes(whole[len(whole) // 2 :])
    assert "half.zip" in refused(tmp_path, path)
