"""The state table, held against what the documents say."""

from __future__ import annotations

import itertools

import pytest

from pytest_hkexprt.systems.otp.messages import Kind, Role
from pytest_hkexprt.systems.otp.session_table import TABLE, State, What, after, what

PARTICIPANT, GATEWAY = Role.INITIATOR, Role.ACCEPTOR


@pytest.mark.parametrize("state", [State.ENDED, State.LOOKED_UP])
def test_nothing_follows_an_end(state):
    assert not [key for key in TABLE if key[0] is state]


@pytest.mark.parametrize("state", [State.CONNECTED, State.LOGGING_ON, State.LOOKING_UP])
@pytest.mark.parametrize("who", list(Role))
def test_no_business_before_a_logon_is_answered(state, who):
    assert after(state, who, What.BUSINESS) is None


@pytest.mark.parametrize("said", list(What))
def test_a_gateway_never_speaks_first(said):
    assert after(State.CONNECTED, GATEWAY, said) is None


def test_a_participant_says_nothing_until_its_logon_is_answered():
    assert not [said for said in What if after(State.LOGGING_ON, PARTICIPANT, said)]


def test_only_a_gateway_makes_a_session_active():
    entries = [key for key, following in TABLE.items() if following is State.ACTIVE and key[0] is not State.ACTIVE]
    assert entries == [(State.LOGGING_ON, GATEWAY, What.LOGON)]


@pytest.mark.parametrize(("first", "state"), [(PARTICIPANT, State.LEAVING), (GATEWAY, State.DISMISSED)])
def test_a_logout_is_answered_by_a_logout(first, state):
    assert after(State.ACTIVE, first, What.LOGOUT) is state
    assert after(state, first.other, What.LOGOUT) is State.ENDED
    assert after(state, first, What.BUSINESS) is None


def test_every_state_but_the_ends_can_be_left():
    left = {state for (state, _, _), following in TABLE.items() if following is not state}
    assert left == set(State) - {State.ENDED, State.LOOKED_UP}


def test_every_state_can_be_reached():
    assert {State.CONNECTED, *TABLE.values()} == set(State)


def test_every_kind_has_its_place_in_the_table():
    assert {what(kind) for kind in Kind} == set(What)
    assert all((what(kind) is What.BUSINESS) == (not kind.is_session) for kind in Kind)


def test_from_every_state_there_is_a_way_to_an_end():
    ends = {State.ENDED, State.LOOKED_UP}
    for _, (state, who, said) in itertools.product(State, TABLE):
        if TABLE[state, who, said] in ends:
            ends.add(state)
    assert ends == set(State)
