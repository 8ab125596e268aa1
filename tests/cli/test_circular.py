"""``hkexprt circular draft`` and ``hkexprt circulars`` as their users run them."""

from __future__ import annotations

import json

import pytest

from tests.commands import hkexprt
from tests.draft.variations import TAB_TABLE


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "A notice.txt"
    path.write_text(TAB_TABLE.text, "utf-8")
    return path


def test_both_files_are_written_and_told(tmp_path, text):
    done = hkexprt(tmp_path, "circular", "draft", text.name)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:2] == ["features/a_notice.toml", "features/a_notice.feature"]
    assert "sessions: 2" in done.stdout


def test_the_draft_is_known_as_the_projects_own(tmp_path, text):
    hkexprt(tmp_path, "circular", "draft", text.name)
    listed = json.loads(hkexprt(tmp_path, "circulars", "--json").stdout)
    assert [each["origin"] for each in listed if each["name"] == "a_notice"] == ["yours"]


def test_a_file_that_is_there_is_not_written_over(tmp_path, text):
    hkexprt(tmp_path, "circular", "draft", text.name)
    data = tmp_path / "features" / "a_notice.toml"
    data.write_text("mine")
    done = hkexprt(tmp_path, "circular", "draft", text.name)
    assert (done.returncode, data.read_text()) == (2, "mine")
    assert "choose another --name" in done.stderr


def test_a_draft_that_does_not_load_is_written_and_said(tmp_path):
    (tmp_path / "empty.txt").write_text("nothing of a circular")
    done = hkexprt(tmp_path, "circular", "draft", "empty.txt")
    assert done.returncode == 1 and (tmp_path / "features" / "empty.toml").exists()
    assert "the draft does not load yet" in done.stderr and "at least one [[session]]" in done.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"%PDF-1.7", "export it first: pdftotext -layout"), ("香港".encode("big5"), "save it as UTF-8")],
)
def test_a_file_that_is_no_text_is_refused_with_its_remedy(tmp_path, content, told):
    (tmp_path / "file").write_bytes(content)
    done = hkexprt(tmp_path, "circular", "draft", "file")
    assert done.returncode == 2 and told in done.stderr
    assert not (tmp_path / "features").exists()


def test_a_file_that_is_not_there_is_told(tmp_path):
    done = hkexprt(tmp_path, "circular", "draft", "none.txt")
    assert done.returncode == 2 and "No such file" in done.stderr


def test_the_circulars_that_ship_are_listed_with_their_sessions(tmp_path):
    done = hkexprt(tmp_path, "circulars")
    assert (done.returncode, done.stderr) == (0, "")
    assert "rap (ships) CD/OEC/SEOCH/073/2023" in done.stdout
    assert "2023-04-15 14:30 to 15:30  Session 1, secondary" in done.stdout


def test_a_circular_with_mistakes_does_not_hide_the_others(tmp_path):
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "broken.toml").write_text("issuer = 1")
    done = hkexprt(tmp_path, "circulars")
    assert done.returncode == 1 and "rap (ships)" in done.stdout
    assert "issuer: expected a text in quotes" in done.stderr


def test_an_address_that_another_circular_has_at_the_other_site_is_pointed_out(tmp_path):
    text = TAB_TABLE.text.replace("10.9.2.1 port 10022", "10.151.14.121 port 10022")
    (tmp_path / "notice.txt").write_text(text, "utf-8")
    done = hkexprt(tmp_path, "circular", "draft", "notice.txt")
    assert "drafted as the secondary site's" in done.stderr and "has it as the primary site's" in done.stderr


def test_the_draft_is_told_to_a_script_with_what_was_not_placed(tmp_path, text):
    done = hkexprt(tmp_path, "circular", "draft", text.name, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["data"], told["sessions"]) == (0, "features/a_notice.toml", 2)
    assert all(each["line"] and each["what"] for each in told["not placed"])
