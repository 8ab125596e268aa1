from __future__ import annotations

import hashlib
import os
import subprocess
from dataclasses import replace

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.rap import backup, baseline
from tests.systems.rap.samples import FRIDAY, USER, listing, report


@pytest.fixture
def kept(tmp_path):
    """A complete back-up of two reports, with its baseline, below ``tmp_path``."""
    folder = backup.folder_of(tmp_path, USER, FRIDAY)
    folder.mkdir(parents=True)
    reports = [report("A.csv", 3), report("B.csv", 5)]
    digests = {}
    for it in reports:
        content = it.name[:1].encode() * it.size_bytes
        folder.joinpath(it.local_name).write_bytes(content)
        backup.stamp(folder / it.local_name, it)
        digests[it.local_name] = hashlib.sha256(content).hexdigest()
    backup.write_list(folder, digests)
    taken = baseline.of(listing(*reports), user=USER, business_date=FRIDAY, host_key="", tool_version="1")
    baseline.save(taken, tmp_path)
    return folder


def problems(data) -> str:
    return "; ".join(backup.examine(data, USER, FRIDAY).problems)


def test_a_whole_back_up_is_complete(kept, tmp_path):
    state = backup.examine(tmp_path, USER, FRIDAY)
    assert (state.complete, state.files, str(state)) == (True, 2, "2023-04-14: 2 files")


def test_the_list_is_read_by_the_real_sha256sum(kept):
    path = backup.list_of(kept)
    asked = subprocess.run(
        ["sha256sum", "-c", path.name], cwd=path.parent, capture_output=True, text=True, env={"LC_ALL": "C"}, check=True
    )
    assert asked.stdout == "2023-04-14/A.csv: OK\n2023-04-14/B.csv: OK\n"


def test_no_back_up_is_told(tmp_path):
    assert problems(tmp_path) == "no back-up"


def test_one_without_its_list_was_not_finished(kept, tmp_path):
    backup.list_of(kept).unlink()
    assert problems(tmp_path) == "a back-up was begun and not finished"


def test_a_file_that_was_changed_is_told(kept, tmp_path):
    kept.joinpath("B.csv").write_bytes(b"bbbbb")
    assert problems(tmp_path) == "B.csv was changed"


def test_a_file_that_is_gone_is_told(kept, tmp_path):
    kept.joinpath("A.csv").unlink()
    assert problems(tmp_path) == "A.csv is gone"


def test_a_link_in_a_files_place_is_not_the_file(kept, tmp_path):
    kept.joinpath("A.csv").rename(tmp_path / "elsewhere")
    kept.joinpath("A.csv").symlink_to(tmp_path / "elsewhere")
    assert problems(tmp_path) == "A.csv is gone"


def test_a_report_of_the_baseline_that_was_left_out_is_told(kept, tmp_path):
    digests = backup.read_list(kept)
    del digests["B.csv"]
    backup.write_list(kept, digests)
    assert problems(tmp_path) == "B.csv is not in it"


def test_a_back_up_without_a_baseline_proves_nothing(kept, tmp_path):
    baseline.path_of(tmp_path, USER, FRIDAY.isoformat()).unlink()
    assert problems(tmp_path) == "no baseline of that date to hold it against"


def test_an_edited_baseline_is_told(kept, tmp_path):
    path = baseline.path_of(tmp_path, USER, FRIDAY.isoformat())
    path.write_bytes(path.read_bytes().replace(b"A.csv", b"C.csv"))
    assert "changed after it was written" in problems(tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        "no digest  2023-04-14/A.csv",
        "0" * 64 + " 2023-04-14/A.csv",
        "0" * 64 + "  2023-04-13/A.csv",
        "0" * 64 + "  2023-04-14/../A.csv",
        "0" * 64 + "  2023-04-14/..",
        "0" * 64 + "  /etc/passwd",
    ],
)
def test_a_list_with_a_line_of_anothers_is_refused(kept, line):
    backup.list_of(kept).write_text(line + "\n")
    with pytest.raises(UsageFault, match="line 1"):
        backup.read_list(kept)


def test_a_user_id_cannot_lead_out_of_the_data_folder(tmp_path):
    assert tmp_path in backup.folder_of(tmp_path, "../../x", FRIDAY).resolve().parents


def test_what_is_listed_as_it_was_is_proven(kept):
    found = backup.proven(kept, [report("A.csv", 3), report("B.csv", 5)], backup.read_list(kept))
    assert set(found) == {"A.csv", "B.csv"}


@pytest.mark.parametrize(
    "now",
    [
        report("A.csv", 4),
        report("A.csv", 3, day=15),
        report("A.csv", None),
        report("C.csv", 3),
    ],
    ids=["larger", "later", "no size", "another name"],
)
def test_what_is_listed_otherwise_is_not_proven(kept, now):
    assert backup.proven(kept, [now], backup.read_list(kept)) == {}


def test_what_was_changed_here_is_not_proven_although_size_and_time_are_right(kept):
    path = kept / "A.csv"
    before = path.stat()
    path.write_bytes(b"xyz")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert backup.proven(kept, [report("A.csv", 3)], backup.read_list(kept)) == {}


def test_names_that_fall_together_on_a_disk_blind_to_case_are_brought_again_together(kept):
    assert backup.proven(kept, [report("A.csv", 3), report("a.CSV", 3)], backup.read_list(kept)) == {}


def test_a_list_that_cannot_be_read_is_told_by_line(kept, tmp_path):
    path = backup.list_of(kept)
    path.write_text("no line\n")
    assert problems(tmp_path) == f"{path}, line 1: 'no line'"


def test_an_empty_folder_is_no_back_up_begun(tmp_path):
    backup.folder_of(tmp_path, USER, FRIDAY).mkdir(parents=True)
    assert problems(tmp_path) == "no back-up"


def test_a_folder_in_a_files_place_is_not_the_file(kept, tmp_path):
    kept.joinpath("A.csv").unlink()
    kept.joinpath("A.csv").mkdir()
    assert problems(tmp_path) == "A.csv is gone"


def test_a_report_kept_under_a_name_apart_is_in_the_back_up(kept, tmp_path):
    apart = report("B.csv", 5).local_name_apart
    kept.joinpath("B.csv").rename(kept / apart)
    digests = backup.read_list(kept)
    digests[apart] = digests.pop("B.csv")
    backup.write_list(kept, digests)
    assert problems(tmp_path) == ""


@pytest.mark.parametrize("there", ["a link", "a folder", "nothing"])
def test_what_is_no_file_is_not_proven(kept, tmp_path, there):
    path = kept / "A.csv"
    digests = backup.read_list(kept)
    path.rename(tmp_path / "elsewhere")
    if there == "a link":
        path.symlink_to(tmp_path / "elsewhere")
    elif there == "a folder":
        path.mkdir()
    assert backup.proven(kept, [report("A.csv", 3)], digests) == {}


def test_a_report_without_a_time_is_not_proven(kept):
    timeless = replace(report("A.csv", 3), modified=None)
    assert backup.proven(kept, [timeless], backup.read_list(kept)) == {}
