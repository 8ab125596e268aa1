from __future__ import annotations

import pytest

from pytest_hkexprt.errors import LocalProtocolError, Unreachable
from pytest_hkexprt.systems.otp.messages import Role
from pytest_hkexprt.systems.otp.session_events import (
    Ended,
    LoggedOut,
)
from pytest_hkexprt.systems.otp.words import SessionStatus
from tests.systems.otp.session.lines import (
    LOGOUT,
    MINUTE_S,
    PARTICIPANT,
    REQUEST,
    report,
)


@pytest.mark.parametrize("role", list(Role))
def test_a_logout_is_answered_and_ends_both(active, role):
    active.say(role, LOGOUT)
    assert [event.answered_ours for event in active.told(role, LoggedOut)] == [True]
    assert [event.answered_ours for event in active.told(role.other, LoggedOut)] == [False]
    for each in Role:
        (ended,) = active.told(each, Ended)
        assert ended.fault is None


def test_a_gateway_s_answer_says_that_the_logout_is_complete(active):
    active.say(PARTICIPANT, LOGOUT)
    (out,) = active.told(PARTICIPANT, LoggedOut)
    assert out.message["SessionStatus"] is SessionStatus.LOGOUT_COMPLETE


def test_reports_on_their_way_still_arrive_after_a_logout(active):
    on_its_way = active.theirs.send(report(1), 0)
    logout = active.mine.send(LOGOUT, 0)
    active.mine.receive_data(on_its_way, 0)
    active.theirs.receive_data(logout, 0)
    active.pump()
    assert active.reports() == ["1"]
    assert active.told(PARTICIPANT, LoggedOut)


def test_logouts_that_cross_end_both_in_order(active):
    data = active.theirs.send(LOGOUT, 0)
    active.theirs.receive_data(active.mine.send(LOGOUT, 0), 0)
    active.mine.receive_data(data, 0)
    active.pump()
    assert [ended.fault for role in Role for ended in active.told(role, Ended)] == [None, None]


def test_a_logout_nobody_answers_is_given_up_after_a_minute(active):
    active.lose(PARTICIPANT, LOGOUT)
    active.mine.tick(59.9)
    assert active.mine.next_event() is None
    active.mine.tick(MINUTE_S)
    ended = active.mine.next_event()
    assert isinstance(ended, Ended)
    assert isinstance(ended.fault, Unreachable)


def test_nothing_is_said_after_a_logout(active):
    active.lose(PARTICIPANT, LOGOUT)
    with pytest.raises(LocalProtocolError):
        active.mine.send(REQUEST, 0)
