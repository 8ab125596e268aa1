"""What the disk refuses is told word for word, and what killed runs left is found by its name alone."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from types import SimpleNamespace

import pytest

from pytest_hkexprt.systems.rap import store
from tests.systems.rap.samples import report

ROOM = "make room, or choose another data folder ([participant] data_folder) that may be written"


def told(path, came: str) -> str:
    return f"{path}\n  expected: a disk that takes the download\n  came:     {came}\n  next:     {ROOM}"


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def part(tmp_path):
    made = store.Part(tmp_path / "new", "TP001")
    yield made
    made.drop()


def test_a_folder_that_cannot_be_made_is_told_whole(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(store.NotKept) as caught:
        store.Part(tmp_path / "file", "TP001")
    assert str(caught.value) == told(tmp_path / "file" / "TP001", "File exists")


def test_a_full_disk_is_told_whole(part, monkeypatch):
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(store.NotKept) as caught:
        part.write(b"x")
    assert str(caught.value) == told(part.final, "No space left on device")


def test_a_disk_that_is_full_only_when_it_writes_down_is_told_whole(part, monkeypatch):
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(store.NotKept) as caught:
        store.flush([part])
    assert str(caught.value) == told(part.final, "No space left on device")


def test_an_error_without_words_is_told_by_its_own(part, monkeypatch):
    def broken(*_):
        raise OSError("the disk is gone")

    monkeypatch.setattr(os, "write", broken)
    with pytest.raises(store.NotKept) as caught:
        part.write(b"x")
    assert str(caught.value) == told(part.final, "the disk is gone")


def test_a_folder_of_the_final_name_is_told_whole_and_nothing_is_left(part):
    part.final.mkdir()
    with pytest.raises(store.NotKept) as caught:
        part.keep()
    assert str(caught.value) == told(part.final, "Is a directory")
    assert list(part.final.parent.iterdir()) == [part.final]


def test_a_block_the_disk_takes_bit_by_bit_is_written_whole(part, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, block: write(file, block[:2]))
    part.write(b"abcde")
    part.write(memoryview(b"fg"))
    assert part.keep() == hashlib.sha256(b"abcdefg").hexdigest()
    assert (part.final.read_bytes(), part.size_bytes) == (b"abcdefg", 7)


def test_a_part_is_hidden_beside_its_final_name_and_its_owners_alone(part):
    (path,) = part.final.parent.iterdir()
    assert (
        path.name.startswith(".TP001.")
        and path.name.endswith(".part")
        and len(path.name) == len(".TP001.01234567.part")
    )
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_part_may_lie_in_a_folder_that_is_there(part):
    store.Part(part.final.parent, "TP002").drop()
    assert len(list(part.final.parent.iterdir())) == 1


def test_what_is_dropped_twice_is_dropped(tmp_path):
    part = store.Part(tmp_path, "TP001")
    part.drop()
    part.drop()
    assert list(tmp_path.iterdir()) == []


def test_what_is_kept_is_held_by_nobody_any_more(tmp_path, part):
    part.keep()
    part.final.rename(tmp_path / ".TP001.01234567.part")
    assert store.sweep(tmp_path, ["TP001"]) == {"TP001": 0}


def test_a_folder_is_synchronised(tmp_path, monkeypatch):
    found = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: found.append(os.fstat(descriptor).st_ino))
    store.sync(tmp_path)
    assert found == [tmp_path.stat().st_ino]


def test_a_folder_that_cannot_be_synchronised_is_told_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(store.NotKept) as caught:
        store.sync(tmp_path)
    assert str(caught.value) == told(tmp_path, "No space left on device")


def test_a_folder_that_is_not_there_needs_no_synchronising(tmp_path):
    store.sync(tmp_path / "none")


def test_the_room_is_that_of_the_nearest_folder_there_is(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(shutil, "disk_usage", lambda path: asked.append(path) or SimpleNamespace(free=1))
    assert (store.room_bytes(tmp_path), store.room_bytes(tmp_path / "a" / "b")) == (1, 1)
    assert asked == [tmp_path, tmp_path]


def test_room_that_cannot_be_looked_at_is_told_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", full)
    with pytest.raises(store.NotKept) as caught:
        store.room_bytes(tmp_path)
    assert str(caught.value) == told(tmp_path, "No space left on device")


def test_the_parts_of_one_file_are_swept_together_with_their_sizes(tmp_path):
    for name, size_bytes in ((".a.csv.0123abcd.part", 3), (".a.csv.4567cdef.part", 4), (".b.0123abcd.part", 5)):
        (tmp_path / name).write_bytes(bytes(size_bytes))
    assert store.sweep(tmp_path, ["b", "a.csv"]) == {"a.csv": 7, "b": 5}


@pytest.mark.parametrize(
    "name", ["a.0123abcd.part", ".a.part", ".a.0123abcd", ".a.0123abcde.part", ".xa.0123abcd.part"]
)
def test_what_is_no_part_of_the_file_is_left(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    assert store.sweep(tmp_path, ["a"]) == {}
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_link_in_a_parts_place_is_removed_and_not_what_it_leads_to(tmp_path):
    (tmp_path / "mine").write_bytes(b"x")
    (tmp_path / ".a.0123abcd.part").symlink_to(tmp_path / "mine")
    store.sweep(tmp_path, ["a"])
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_pipe_in_a_parts_place_is_removed_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / ".a.0123abcd.part")
    assert store.sweep(tmp_path, ["a"]) == {"a": 0}


def test_a_part_that_cannot_be_removed_is_told_whole(tmp_path):
    (tmp_path / ".a.0123abcd.part").mkdir()
    with pytest.raises(store.NotKept) as caught:
        store.sweep(tmp_path, ["a"])
    assert str(caught.value) == told(tmp_path, "Is a directory")


def test_a_report_keeps_the_name_it_has_on_the_disk(tmp_path):
    (tmp_path / "TP001").write_text("")
    assert store.Names(tmp_path).give(report("TP001")) == "TP001"


def test_a_report_whose_name_another_has_but_for_case_gets_one_apart(tmp_path):
    (tmp_path / "tp001").write_text("")
    assert store.Names(tmp_path).give(report("TP001")) == report("TP001").local_name_apart


def test_of_two_reports_alike_but_for_case_the_second_gets_a_name_apart(tmp_path):
    names = store.Names(tmp_path / "none")
    assert [names.give(report(name)) for name in ("TP001", "tp001", "TP001")] == [
        "TP001",
        report("tp001").local_name_apart,
        "TP001",
    ]


def test_a_folder_that_cannot_be_looked_at_is_told_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "listdir", full)
    with pytest.raises(store.NotKept) as caught:
        store.Names(tmp_path)
    assert str(caught.value) == told(tmp_path, "No space left on device")
