from __future__ import annotations

import hashlib

import pytest

from pytest_hkexprt.systems.rap import store


def failing():
    yield b"first block"
    raise ConnectionError("cut")


def test_what_is_kept_is_what_came(tmp_path):
    path, size_bytes, sha256 = store.keep(tmp_path / "new", "TP001", iter([b"ab", b"c"]))
    assert (path.read_bytes(), size_bytes, sha256) == (b"abc", 3, hashlib.sha256(b"abc").hexdigest())


def test_an_empty_file_is_kept(tmp_path):
    assert store.keep(tmp_path, "TP003", iter([]))[0].read_bytes() == b""


def test_what_is_kept_is_its_owners_alone(tmp_path):
    assert store.keep(tmp_path, "TP001", iter([b"x"]))[0].stat().st_mode & 0o777 == 0o600


def test_a_download_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(ConnectionError):
        store.keep(tmp_path, "TP001", failing())
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_fails_leaves_yesterdays_copy(tmp_path):
    (tmp_path / "TP001").write_bytes(b"yesterday")
    with pytest.raises(ConnectionError):
        store.keep(tmp_path, "TP001", failing())
    assert (tmp_path / "TP001").read_bytes() == b"yesterday"


def test_a_link_of_the_final_name_is_replaced_and_not_followed(tmp_path):
    (tmp_path / "elsewhere").write_bytes(b"mine")
    (tmp_path / "TP001").symlink_to(tmp_path / "elsewhere")
    store.keep(tmp_path, "TP001", iter([b"x"]))
    assert (tmp_path / "elsewhere").read_bytes() == b"mine"
