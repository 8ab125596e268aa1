from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pytest_hkexprt.systems.rap import store
from tests.systems.rap.samples import report


def kept(folder, name, *blocks):
    part = store.Part(folder, name)
    for block in blocks:
        part.write(block)
    store.flush([part])
    return part.final, part.size_bytes, part.keep()


def dropped(folder, name):
    part = store.Part(folder, name)
    part.write(b"first block")
    part.drop()


def test_what_is_kept_is_what_came(tmp_path):
    path, size_bytes, sha256 = kept(tmp_path / "new", "TP001", b"ab", b"c")
    assert (path.read_bytes(), size_bytes, sha256) == (b"abc", 3, hashlib.sha256(b"abc").hexdigest())


def test_an_empty_file_is_kept(tmp_path):
    assert kept(tmp_path, "TP003")[0].read_bytes() == b""


def test_what_is_kept_is_its_owners_alone(tmp_path):
    assert kept(tmp_path, "TP001", b"x")[0].stat().st_mode & 0o777 == 0o600


def test_a_download_that_fails_leaves_nothing(tmp_path):
    dropped(tmp_path, "TP001")
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_fails_leaves_yesterdays_copy(tmp_path):
    (tmp_path / "TP001").write_bytes(b"yesterday")
    dropped(tmp_path, "TP001")
    assert (tmp_path / "TP001").read_bytes() == b"yesterday"


def test_a_link_of_the_final_name_is_replaced_and_not_followed(tmp_path):
    (tmp_path / "elsewhere").write_bytes(b"mine")
    (tmp_path / "TP001").symlink_to(tmp_path / "elsewhere")
    kept(tmp_path, "TP001", b"x")
    assert (tmp_path / "elsewhere").read_bytes() == b"mine"


def test_a_stale_part_is_swept_with_its_size_told(tmp_path):
    (tmp_path / ".TP001.0123abcd.part").write_bytes(b"half")
    assert (store.sweep(tmp_path, ["TP001"]), list(tmp_path.iterdir())) == ({"TP001": 4}, [])


def test_another_files_part_is_not_swept(tmp_path):
    part = tmp_path / ".TP002.0123abcd.part"
    part.write_bytes(b"half")
    store.sweep(tmp_path, ["TP001"])
    assert part.exists()


def test_a_held_part_is_not_swept(tmp_path):
    part = store.Part(tmp_path, "TP001")
    assert store.sweep(tmp_path, ["TP001"]) == {}
    part.drop()


def test_nothing_is_swept_where_there_is_no_folder(tmp_path):
    assert store.sweep(tmp_path / "none", ["TP001"]) == {}


@given(st.lists(st.binary(min_size=1, max_size=300).filter(lambda name: not {0, 47} & set(name)), unique=True))
def test_no_two_names_fall_together_and_none_leads_elsewhere(raw_names):
    with tempfile.TemporaryDirectory() as folder:
        names = store.Names(Path(folder))
        given_names = [names.give(report(raw)) for raw in raw_names]
    assert len({name.casefold() for name in given_names}) == len(raw_names)
    assert all(name == Path(name).name and name not in ("", ".", "..") for name in given_names)
    assert all(len(f".{name}.01234567.part".encode()) <= 255 for name in given_names)
