"""What ``hkexprt doctor`` says of market data."""

from __future__ import annotations

import pytest

from pytest_hkexprt import circular
from pytest_hkexprt.finding import Finding, State
from pytest_hkexprt.model import Participant
from pytest_hkexprt.systems.omd import client_doctor

CIRCULAR = circular.find("backbone_ps2")


def examined(table: dict[str, object] | None) -> dict[str, Finding]:
    systems = {} if table is None else {"omd": table}
    return {each.subject: each for each in client_doctor.examine(Participant("P", systems=systems), CIRCULAR)}


def test_no_table_is_a_remark():
    assert examined(None)["[omd]"].state is State.REMARK


def test_a_mistake_in_the_table_is_a_problem():
    found = examined({"interfase": "127.0.0.1"})["[omd]"]
    assert found.state is State.PROBLEM
    assert "did you mean interface?" in found.text


def test_a_feed_without_a_user_is_a_remark_and_one_with_a_user_is_good():
    found = examined({"OMD-C": {"user": "ME"}, "OMD-CC": {}, "interface": "127.0.0.1"})
    assert found["[omd.OMD-C]"].state is State.GOOD
    assert found["[omd.OMD-CC]"].state is State.REMARK


def test_a_feed_that_is_not_received_is_not_spoken_of():
    assert "[omd.OMD-CC]" not in examined({"OMD-C": {"user": "ME"}, "interface": "127.0.0.1"})


def test_groups_of_the_old_guides_are_to_be_compared():
    assert "guides of 2017 and 2018: channels 1, 2" in examined({"interface": "127.0.0.1"})["groups of OMD-C"].text


def test_an_interface_that_can_join_is_good_and_one_that_is_not_this_machines_a_problem():
    assert examined({"interface": "127.0.0.1"})["interface"].state is State.GOOD
    assert examined({"interface": "192.0.2.1"})["interface"].state is State.PROBLEM


@pytest.mark.parametrize(("asked", "state"), [(4096, State.GOOD), (2**40, State.REMARK)])
def test_a_receive_buffer_that_is_not_granted_is_a_remark(asked, state):
    found = examined({"interface": "127.0.0.1", "buffer_bytes": min(asked, 2**30)})["receive buffer"]
    assert found.state is state
