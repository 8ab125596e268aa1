"""The SHA-256 list of a back-up, and what its check tells of a period, word for word."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.rap import backup
from tests.systems.rap.samples import FRIDAY, USER, report
from tests.systems.told import told

NEXT = "next back up while the folder still shows that date: hkexprt backup"


def test_a_period_is_told_whole():
    assert told(backup.check(states(True, True), USER, {}, "the last date is not over")) == "\n".join(
        [
            "rap: back-ups of CP0001: daily back-ups: met",
            "expected a complete back-up of each of 2 business dates, 2023-04-17 to 2023-04-18",
            "came 2 complete",
            "  2023-04-17: 2 files",
            "  2023-04-18: 2 files",
            "  the last date is not over",
            NEXT,
        ]
    )


def test_a_period_without_a_date_is_told_whole():
    assert told(backup.check([], USER, {})) == "\n".join(
        [
            "rap: back-ups of CP0001: daily back-ups: not met",
            "expected a complete back-up of each of 0 business dates, none",
            "came 0 complete",
            NEXT,
        ]
    )


@pytest.mark.parametrize(("number", "rest"), [(5, ""), (6, "; and 1 more")], ids=["as many as are shown", "one more"])
def test_the_first_five_problems_of_a_date_are_told_and_the_others_counted(number, rest):
    state = backup.State(FRIDAY, 0, tuple(f"p{each}" for each in range(number)))
    assert str(state) == f"2023-04-14: p0; p1; p2; p3; p4{rest}"


def test_the_folder_of_a_date_is_below_its_user(tmp_path):
    assert backup.folder_of(tmp_path, USER, FRIDAY) == tmp_path / "backups" / "rap" / "CP0001" / "2023-04-14"


def test_the_list_is_written_in_the_order_of_names_and_leaves_nothing_else(tmp_path):
    folder = tmp_path / "2023-04-14"
    path = backup.write_list(folder, {"b": "1" * 64, "a": "0" * 64, "é": "2" * 64})
    lines = [f"{digit * 64}  2023-04-14/{name}\n" for digit, name in (("0", "a"), ("1", "b"), ("2", "é"))]
    assert path.read_bytes() == "".join(lines).encode()
    assert [each.name for each in tmp_path.iterdir()] == ["2023-04-14.sha256"]


def test_a_list_that_cannot_be_put_in_place_leaves_nothing(tmp_path):
    folder = tmp_path / "2023-04-14"
    backup.list_of(folder).mkdir()
    with pytest.raises(OSError, match=r"\.sha256"):
        backup.write_list(folder, {"a": "0" * 64})
    assert [each.name for each in tmp_path.iterdir()] == ["2023-04-14.sha256"]


def test_a_list_that_is_not_there_is_empty(tmp_path):
    assert backup.read_list(tmp_path / "2023-04-14") == {}


def test_a_line_of_anothers_is_told_whole(tmp_path):
    folder = tmp_path / "2023-04-14"
    path = backup.write_list(folder, {"a": "0" * 64, "b": "1" * 64})
    path.write_bytes(path.read_bytes() + b"\xff" + b"x" * 200)
    with pytest.raises(UsageFault) as caught:
        backup.read_list(folder)
    assert str(caught.value) == "\n".join(
        [
            f"{path}, line 3",
            "  expected: a digest, two blanks, 2023-04-14/ and a name",
            "  came:     '\ufffd" + "x" * 119 + "'",
            "  next:     the file was changed after it was written; remove it and back up again",
        ]
    )


@pytest.mark.parametrize(
    "name", ["TP001.csv", "a/b", "é" * 200, "CON", " x.", "x" * 99 + ".y", "x" * 95 + "/" + "y" * 9]
)
def test_a_list_is_read_as_it_was_written_whatever_the_reports_are_called(tmp_path, name):
    folder, found = tmp_path / "2023-04-14", report(name)
    digests = {found.local_name: "0" * 64, found.local_name_apart: "1" * 64}
    backup.write_list(folder, digests)
    assert backup.read_list(folder) == digests


def states(*complete: bool) -> list[backup.State]:
    first = dt.date(2023, 4, 17)
    return [
        backup.State(first + dt.timedelta(number), 2, () if each else ("no back-up",))
        for number, each in enumerate(complete)
    ]


def test_a_gap_in_a_period_is_named():
    check = backup.check(states(True, False, True), USER, {})
    assert (check.met, check.came, check.details) == (False, "2 complete, 1 not", ("2023-04-18: no back-up",))


def test_a_gap_whose_reason_is_known_is_told_with_it():
    check = backup.check(states(True, False), USER, {dt.date(2023, 4, 18): "nobody answered"})
    assert check.details == ("2023-04-18: no back-up: nobody answered",)


def test_a_period_without_a_gap_is_met():
    check = backup.check(states(True, True), USER, {})
    assert (check.met, check.expected) == (
        True,
        "a complete back-up of each of 2 business dates, 2023-04-17 to 2023-04-18",
    )


def test_of_no_date_nothing_is_met():
    assert not backup.check([], USER, {}).met


def test_a_report_without_a_time_leaves_the_files_own(tmp_path):
    path = tmp_path / "A.csv"
    path.write_bytes(b"")
    before = path.stat().st_mtime_ns
    backup.stamp(path, replace(report("A.csv"), modified=None))
    assert path.stat().st_mtime_ns == before


def test_a_downloaded_file_has_the_listed_time(tmp_path):
    path = tmp_path / "A.csv"
    path.write_bytes(b"")
    backup.stamp(path, report("A.csv"))
    assert path.stat().st_mtime == path.stat().st_atime == report("A.csv").modified.timestamp()
