"""What ``hkexprt doctor`` says of the terminals, each with its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_hkexprt import circular, shipped
from pytest_hkexprt.finding import State
from pytest_hkexprt.model import Participant
from pytest_hkexprt.systems.ccass import client_doctor, pages
from tests.systems.ccass.samples import OURS, THEIRS

UPGRADE = circular.read(shipped.features_folder() / "ccass_upgrade.toml")
GOOD = {
    "user": "USER01",
    "pages": "own.toml",
    "certificates": {"primary": [OURS], "secondary": [THEIRS]},
}


@pytest.fixture
def found(tmp_path):
    (tmp_path / "own.toml").write_text((pages.SHIPPED / "standin.toml").read_text("utf-8"), "utf-8")

    def examine(**changed):
        table = {key: value for key, value in {**GOOD, **changed}.items() if value is not None}
        who = Participant("A participant", path=tmp_path / "hkexprt.toml", systems={"ccass": table})
        return {finding.subject: finding for finding in client_doctor.examine(who, UPGRADE)}

    return examine


def test_a_participant_who_could_go_live_has_no_problem(found):
    everything = found()
    assert {each.state for each in everything.values()} == {State.GOOD}
    assert "www.ccass.com:443" in everything["[ccass]"].text
    assert "Chrom" in everything["browser"].text


def test_without_the_table_there_is_one_remark():
    (only,) = client_doctor.examine(Participant("A participant", path=Path("hkexprt.toml")), UPGRADE)
    assert only.state is State.REMARK


@pytest.mark.parametrize(
    ("changed", "subject", "told"),
    [
        ({"user": None}, "[ccass]", "user: missing"),
        ({"browser": "/nowhere/chromium"}, "browser", "which cannot"),
        ({"browser": "/bin/false"}, "browser", "does not start"),
        ({"password_env": "NO_SUCH_VARIABLE"}, "password", "NO_SUCH_VARIABLE"),
        ({"code_command": ["no-such-command"]}, "two-factor code", "no-such-command"),
        ({"pages": None}, "page description", "our own simulator"),
        ({"pages": "nowhere.toml"}, "page description", "nowhere.toml"),
        ({"certificates": {"primary": [OURS]}}, "secondary site of CCASS", "nothing tells it from the other"),
    ],
)
def test_what_a_live_session_would_fail_of_is_a_problem_with_its_remedy(found, changed, subject, told):
    finding = found(**changed)[subject]
    assert finding.state is State.PROBLEM
    assert told in finding.text
    assert finding.remedy


def test_networks_tell_the_sites_apart_as_well(found):
    networks = {"primary": ["10.151.0.0/16"], "secondary": ["10.152.0.0/16"]}
    everything = found(certificates=None, networks=networks)
    assert everything["primary site of CCASS"].text == "told by 1 networks"


def test_what_is_not_installed_is_told_with_what_installs_it(found, monkeypatch):
    monkeypatch.setattr(shipped, "lacking", lambda _: 'pip install "pytest-hkexprt[terminal]"')
    told = list(
        client_doctor.examine(Participant("A participant", path=Path("x.toml"), systems={"ccass": dict(GOOD)}), UPGRADE)
    )
    assert told[0].remedy == 'pip install "pytest-hkexprt[terminal]"'
