"""The participant file: what it gives, and how its mistakes are told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pytest_hkexprt import participant
from pytest_hkexprt.errors import UsageFault

EXAMPLE = Path(__file__).parent.parent / "docs" / "hkexprt.example.toml"


def written(folder: Path, text: str) -> Path:
    path = folder / participant.FILE_NAME
    path.write_text(text, "utf-8")
    return path


def mistakes(folder: Path, text: str) -> str:
    with pytest.raises(UsageFault) as caught:
        participant.read(written(folder, text))
    return str(caught.value)


def test_the_documented_example_loads():
    who, dates = participant.read(EXAMPLE)
    assert who.name == "Example Clearing Limited"
    assert who.roles == ("CP",)
    assert who.line == "SDNET"
    assert who.source_address == "192.0.2.10"
    assert who.systems["rap"]["user"] == "EXAMPLE01"
    assert dt.date(2026, 7, 1) not in dates


def test_the_lines_shown_to_who_has_no_file_make_one(tmp_path):
    who, _ = participant.read(written(tmp_path, participant.LINES_TO_WRITE))
    assert who.systems["rap"]["user"] == "YOURUSERID"


def test_the_data_folder_stands_beside_the_file(tmp_path):
    who, _ = participant.read(written(tmp_path, participant.LINES_TO_WRITE))
    assert who.data_folder == tmp_path / "hkexprt-data"


def test_all_mistakes_are_told_at_once(tmp_path):
    text = """
        participnt = "X"
        roles = ["CP", "KP"]
        [line]
        name = "SDNET2"
        source_address = "10.1.1"
        [calendar]
        closed = ["2026-07-01"]
    """
    told = mistakes(tmp_path, text)
    assert "participant: missing" in told
    assert "participnt: unknown key (did you mean participant?)" in told
    assert "'KP' is not one of CP, EP, CCEP, HSN" in told
    assert "[line] name: 'SDNET2' is not one of HSN, SDNET" in told
    assert "[line] source_address: '10.1.1' is not an IP address" in told
    assert "[calendar] closed: expected a list of dates" in told


def test_a_given_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageFault, match=r"other\.toml: no such file"):
        participant.find("other.toml", tmp_path, tmp_path)


def test_the_file_where_one_works_wins_over_the_root_directorys(tmp_path):
    here = tmp_path / "here"
    here.mkdir()
    at_root = written(tmp_path, participant.LINES_TO_WRITE)
    assert participant.find("", here, tmp_path) == at_root
    assert participant.find("", here, tmp_path) != written(here, participant.LINES_TO_WRITE)


def test_a_generated_participant_says_that_it_is_one():
    who = participant.generated()
    assert who.generated
    assert "generated" in who.name


def test_the_contact_is_who_answers_the_circular(tmp_path):
    who, _ = participant.read(written(tmp_path, f'{participant.LINES_TO_WRITE}\n[contact]\nname = "Chan Tai Man"\n'))
    assert who.contact == {"name": "Chan Tai Man"}


def test_a_contact_key_that_is_misspelt_is_told(tmp_path):
    text = 'participant = "X"\nroles = ["CP"]\n[contact]\ne_mail = "x@example.com"\n'
    assert "[contact] e_mail: unknown key (did you mean email?)" in mistakes(tmp_path, text)
