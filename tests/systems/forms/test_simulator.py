"""The rehearsal's ledger against the reader and the checks, without a fault and with each."""

from __future__ import annotations

import pytest

from pytest_hkexprt import circular as circulars
from pytest_hkexprt import shipped
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.systems.forms import checks
from pytest_hkexprt.systems.forms.client import Client
from pytest_hkexprt.systems.forms.drills import DRILLS, Drill
from pytest_hkexprt.systems.forms.simulator import Simulator

RAP = circulars.read(shipped.features_folder() / "rap.toml")


def check(folder, *drills: str):
    with Simulator(folder, RAP, "We", drills):
        return checks.registered(Client(folder, Journal(None)).entries(), RAP, "We")


def test_without_a_fault_the_registration_is_in_time(tmp_path):
    assert check(tmp_path).met


def test_every_drill_is_described():
    assert set(DRILLS) == set(Drill)


@pytest.mark.parametrize(
    ("drill", "came"),
    [
        ("not-registered", "no entry in the ledger"),
        ("registered-late", "on 2023-04-06 19:00, as the rehearsal declares"),
        ("other-circular", "no entry for this circular and participant, only for ANOTHER/CIRCULAR of We"),
    ],
)
def test_a_drill_is_caught(tmp_path, drill, came):
    caught = check(tmp_path, drill)
    assert (caught.met, caught.came) == (False, came)


def test_nothing_is_left_behind(tmp_path):
    check(tmp_path)
    assert list(tmp_path.iterdir()) == []
