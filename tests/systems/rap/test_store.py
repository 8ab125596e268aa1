from __future__ import annotations

import hashlib

from pytest_hkexprt.systems.rap import store


def kept(folder, name, *blocks):
    part = store.Part(folder, name)
    for block in blocks:
        part.write(block)
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
