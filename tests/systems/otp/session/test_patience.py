from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.errors import Unreachable
from pytest_hkexprt.systems.otp.messages import Kind, Message, Role
from pytest_hkexprt.systems.otp.profiles import Waits
from pytest_hkexprt.systems.otp.session import GREATEST_TEST_ID
from pytest_hkexprt.systems.otp.session_events import (
    Arrived,
    Ended,
    Silence,
)
from pytest_hkexprt.systems.otp.session_table import State
from pytest_hkexprt.systems.otp.session_watch import Due, Watch
from tests.systems.otp.session.lines import (
    GATEWAY,
    HEARTBEAT,
    PARTICIPANT,
    REQUEST,
    report,
)


def test_a_heartbeat_is_said_after_twenty_silent_seconds_and_not_before(active):
    active.later(19.9)
    assert len(active.heard) == 2
    active.later(0.1)
    assert [message.kind for _, message in active.heard[2:]] == [Kind.HEARTBEAT] * 2


def test_the_time_of_the_next_duty_is_known(active):
    assert active.mine.due_s() == 20


def test_before_a_logon_there_is_no_duty(line):
    assert line.mine.due_s() == float("inf")


def test_a_test_request_is_heartbeat_enough(active):
    active.mine.tick(60)
    assert [message.kind for _, message in active.heard[2:]] == [Kind.TEST_REQUEST]


def test_test_requests_are_counted_from_one(active):
    for now_s in (60, 121):
        active.now_s = now_s
        active.mine.tick(now_s)
        active.pump()  # the gateway answers
    asked = [message for who, message in active.heard if message.kind is Kind.TEST_REQUEST]
    assert [message["TestReqID"] for message in asked] == ["1", "2"]


def test_the_number_of_a_test_request_fits_its_field_for_ever(active):
    active.mine._tests = GREATEST_TEST_ID
    active.mine.tick(60)
    assert active.heard[-1][1]["TestReqID"] == "1"


def test_silence_is_told_in_seconds_since_something_was_heard(active):
    active.now_s = 5
    active.say(GATEWAY, report(1))
    active.mine.tick(66)
    active.pump()
    assert active.told(PARTICIPANT, Silence) == [Silence(61)]


def test_whoever_said_something_needs_no_heartbeat(active):
    active.now_s = 15
    active.say(PARTICIPANT, REQUEST)
    active.later(5)
    assert [who for who, message in active.heard if message.kind is Kind.HEARTBEAT] == [GATEWAY]


def test_three_silent_intervals_bring_a_test_request_and_three_more_the_end(active):
    mine = active.mine
    for now_s in (20, 40, 59.9):
        mine.tick(now_s)
    assert mine.next_event() is None
    mine.tick(60)
    assert isinstance(mine.next_event(), Silence)
    mine.data_to_send()
    mine.tick(119.9)
    assert mine.next_event() is None
    mine.tick(120)
    ended = mine.next_event()
    assert isinstance(ended, Ended)
    assert isinstance(ended.fault, Unreachable)


def test_an_end_of_patience_is_said_as_a_logout(active):
    active.mine.tick(60)
    active.mine.tick(120)
    assert [message.kind for who, message in active.heard if who is PARTICIPANT][-1] is Kind.LOGOUT


def test_a_test_request_is_answered_with_its_number(active):
    active.say(GATEWAY, Message.of(Kind.TEST_REQUEST, TestReqID="7"))
    answers = [event.message for event in active.told(GATEWAY, Arrived)]
    assert [(answer.kind, answer["TestReqID"]) for answer in answers] == [(Kind.HEARTBEAT, "7")]


def test_an_answer_to_the_test_request_restores_patience(active):
    active.mine.tick(60)
    assert active.mine.data_to_send()
    active.now_s = 61
    active.raw(GATEWAY, replace(HEARTBEAT, seq=2))
    active.mine.tick(120)
    assert not active.told(PARTICIPANT, Ended)
    assert active.mine.state is State.ACTIVE


@pytest.mark.parametrize(
    ("role", "state", "at_s"),
    [
        (Role.INITIATOR, State.LOOKING_UP, 107),
        (Role.INITIATOR, State.LOGGING_ON, 107),
        (Role.INITIATOR, State.LEAVING, 109),
        (Role.ACCEPTOR, State.DISMISSED, 109),
    ],
)
def test_a_logon_and_a_logout_have_a_patience_each(role, state, at_s):
    watch = Watch(Waits(logon_reply_s=7, logout_reply_s=9), role, said_s=100, heard_s=100, asked_s=100)
    assert watch.times(state) == {Due.GIVE_UP_REPLY: at_s}


@pytest.mark.parametrize(("tested_s", "first"), [(None, Due.TEST), (30, Due.GIVE_UP_SILENT)])
def test_what_silence_asks_for_comes_before_a_heartbeat(tested_s, first):
    watch = Watch(Waits(), Role.INITIATOR, said_s=0, heard_s=0, tested_s=tested_s)
    assert watch.due(State.ACTIVE, 999) == [first, Due.HEARTBEAT]
