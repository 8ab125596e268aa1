"""Page descriptions: those that ship, and mistakes in one's own."""

from __future__ import annotations

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.ccass import pages


@pytest.mark.parametrize("name", ["standin", "standin-card"])
def test_a_description_that_ships_is_found_by_its_name(name, tmp_path):
    found = pages.find(name, tmp_path)
    assert found.shipped
    assert set(found.terminals) == {"CCASS", "CCMS"}


def test_a_smartcard_needs_a_person(tmp_path):
    assert {name: pages.find(name, tmp_path).by_person for name in pages.shipped()} == {
        "standin": False,
        "standin-card": True,
    }


def test_ones_own_file_is_found_beside_the_participant_file(tmp_path):
    text = (pages.SHIPPED / "standin.toml").read_text("utf-8")
    (tmp_path / "own.toml").write_text(text, "utf-8")
    assert not pages.find("own.toml", tmp_path).shipped


def test_all_mistakes_are_told_at_once(tmp_path):
    (tmp_path / "own.toml").write_text(
        """
name = "own"
[CCMS]
form = "#f"
steps = [{ fill = "#u", with = "usr" }, { operator = "card" }, { clik = "#x" }]
inside = "#in"
open = "#o"
notice = "#n"
refused = "#r"
[CCMS.report]
list = "#l"
rows = "tr"
name = ".n"
link = "a"
form.header = "HDR"
form.trailer = "TRL"
form.count = [3]
form.checksum = [3, 8]
form.sum = "md5"
""",
        "utf-8",
    )
    with pytest.raises(UsageFault) as caught:
        pages.find("own.toml", tmp_path)
    for told in (
        "expected one of user, password, code, came 'usr'",
        "until: missing",
        "fill, click or operator: expected one of them",
        "count: expected where it starts",
        "'md5' is not one of bytes, crc32",
        "[CCMS] logout: missing",
    ):
        assert told in str(caught.value)


def test_a_file_without_a_terminal_is_told(tmp_path):
    (tmp_path / "own.toml").write_text('name = "own"\n', "utf-8")
    with pytest.raises(UsageFault, match=r"\[CCASS\] or \[CCMS\]"):
        pages.find("own.toml", tmp_path)


def test_a_terminal_that_is_not_described_is_told(tmp_path):
    text = (pages.SHIPPED / "standin.toml").read_text("utf-8")
    (tmp_path / "own.toml").write_text(text[: text.index("[CCMS]")], "utf-8")
    with pytest.raises(UsageFault, match=r"a table \[CCMS\]"):
        pages.find("own.toml", tmp_path).of("CCMS")
