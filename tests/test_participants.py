"""Several participants in one file: how they are read, told apart and chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_hkexprt import participant, participants
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Participant, Run, Site, Target

SEVERAL = """
data_folder = "kept"
roles = ["CP"]

[calendar]
closed = [2026-07-01]

[contact]
company = "A Vendor Limited"
telephone = "+852 5550 0000"

[rap]
key = "id_ed25519"
[rap.host_keys]
primary = ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]

[[participant]]
name = "Alpha Clearing Limited"
[participant.rap]
user = "ALPHA01"

[[participant]]
name = "Beta Securities (HK)"
roles = ["EP", "HSN"]
data_folder = "elsewhere/beta"
contact = { telephone = "+852 5551 1111" }
line = { name = "HSN" }
[participant.rap]
user = "BETA01"
key = "beta"
"""


def written(folder: Path, text: str = SEVERAL) -> Path:
    path = folder / participant.FILE_NAME
    path.write_text(text, "utf-8")
    return path


def mistakes(folder: Path, text: str) -> str:
    with pytest.raises(UsageFault) as caught:
        participant.read_all(written(folder, text))
    return str(caught.value)


def chosen(folder: Path, *names: str) -> list[str]:
    known, _ = participant.read_all(written(folder))
    return [who.name for who in participants.choose(known, names)]


def test_each_has_a_table_of_its_own(tmp_path):
    known, _ = participant.read_all(written(tmp_path))
    assert [(who.name, who.roles, who.line) for who in known] == [
        ("Alpha Clearing Limited", ("CP",), ""),
        ("Beta Securities (HK)", ("EP", "HSN"), "HSN"),
    ]


def test_what_stands_at_the_top_is_everybodys_unless_ones_own_table_says_otherwise(tmp_path):
    (alpha, beta), _ = participant.read_all(written(tmp_path))
    assert (alpha.systems["rap"]["user"], alpha.systems["rap"]["key"]) == ("ALPHA01", "id_ed25519")
    assert (beta.systems["rap"]["user"], beta.systems["rap"]["key"]) == ("BETA01", "beta")
    assert alpha.systems["rap"]["host_keys"] == beta.systems["rap"]["host_keys"]
    assert alpha.contact == {"company": "A Vendor Limited", "telephone": "+852 5550 0000"}
    assert beta.contact == {"company": "A Vendor Limited", "telephone": "+852 5551 1111"}


def test_each_has_a_data_folder_of_its_own(tmp_path):
    known, _ = participant.read_all(written(tmp_path))
    assert [who.data_folder for who in known] == [
        tmp_path / "kept" / "alpha-clearing-limited",
        tmp_path / "elsewhere" / "beta",
    ]


def test_the_calendar_is_everybodys(tmp_path):
    _, dates = participant.read_all(written(tmp_path))
    assert [str(date) for date in dates.closed] == ["2026-07-01"]


def test_a_file_of_one_participant_is_read_as_before(tmp_path):
    (who,), _ = participant.read_all(written(tmp_path, participant.LINES_TO_WRITE))
    assert who.data_folder == tmp_path / "hkexprt-data"
    assert participant.read(tmp_path / participant.FILE_NAME)[0] == who


def test_all_mistakes_of_all_participants_are_told_at_once(tmp_path):
    text = """
        name = "Nobody's"
        colour = "red"
        [[participant]]
        roles = ["KP"]
        [[participant]]
        name = "Beta"
        roles = ["EP"]
        [participant.line]
        name = "SDNET2"
        [[participant]]
        name = "beta"
        roles = ["EP"]
        [[participant]]
        name = "all"
        roles = ["EP"]
        [[participant]]
        name = "Gamma"
        roles = ["EP"]
        data_folder = "hkexprt-data/beta"
    """
    told = mistakes(tmp_path, text)
    assert "name: belongs to each [[participant]] of its own" in told
    assert "colour: unknown key" in told
    assert "[participant 1] name: missing" in told
    assert "[participant 1] roles: 'KP' is not one of" in told
    assert "[participant 2.line] name: 'SDNET2' is not one of HSN, SDNET" in told
    assert "[participant 3] name: 'beta' is 'Beta' again" in told
    assert "[participant 4] name: 'all' is no name that can be chosen" in told
    assert "[participant 5] data_folder: is that of Beta; each has its own" in told


def test_no_participant_is_a_mistake(tmp_path):
    assert "expected at least one [[participant]]" in mistakes(tmp_path, "participant = []")


def test_the_file_is_about_one_where_one_is_asked_for(tmp_path):
    with pytest.raises(UsageFault, match="expected: one participant"):
        participant.read(written(tmp_path))


@pytest.mark.parametrize("names", [(), ("all",), ("ALL", "Alpha Clearing Limited")])
def test_all_are_chosen_by_all_or_by_none_named(tmp_path, names):
    assert chosen(tmp_path, *names) == ["Alpha Clearing Limited", "Beta Securities (HK)"]


@pytest.mark.parametrize("name", ["Beta Securities (HK)", "beta securities hk", "beta-securities-hk"])
def test_one_is_chosen_by_its_name_or_its_short_name(tmp_path, name):
    assert chosen(tmp_path, name) == ["Beta Securities (HK)"]


@pytest.mark.parametrize("name", ["Beta", "Beta Securites HK", "beta-securties-hk"])
def test_a_name_that_is_none_is_told_the_nearest(tmp_path, name):
    with pytest.raises(UsageFault, match=r"did you mean Beta Securities \(HK\)\?"):
        chosen(tmp_path, name)


def test_a_name_that_is_none_is_told_all_there_are(tmp_path):
    with pytest.raises(UsageFault, match="expected: Alpha Clearing Limited, Beta Securities \\(HK\\), all"):
        chosen(tmp_path, "Zeta")


def test_a_command_about_one_wants_it_named(tmp_path):
    known, _ = participant.read_all(written(tmp_path))
    with pytest.raises(UsageFault, match="none was named, and the participant file has several"):
        participants.only(known, "")
    with pytest.raises(UsageFault, match="expected: the name of one"):
        participants.only(known, "all")
    assert participants.only(known, "Alpha Clearing Limited") is known[0]


def test_a_run_has_the_participant_whose_turn_it_is(tmp_path):
    known, _ = participant.read_all(written(tmp_path))
    run = Run(tuple(Site), Target.SIMULATOR, known[0], participants=known)
    assert participants.turn(run, "beta-securities-hk").participant is known[1]
    assert participants.everyone(run) == known


def test_a_run_of_one_has_that_one():
    run = Run(tuple(Site), Target.SIMULATOR, Participant("Only"))
    assert participants.everyone(run) == (run.participant,)
    assert participants.turn(run, "").participant is run.participant


def test_a_chinese_name_names_a_folder_too():
    assert participants.slug("香港證券（有限公司）") == "香港證券-有限公司"
