from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.errors import LocalProtocolError, RemoteProtocolError, Unreachable
from pytest_hkexprt.systems.otp.messages import Kind, Message, Role
from pytest_hkexprt.systems.otp.profiles import WireProtocol
from pytest_hkexprt.systems.otp.session_events import (
    Ended,
    Gap,
    LoggedOn,
    LogonRequested,
    Refused,
)
from pytest_hkexprt.systems.otp.session_table import State
from pytest_hkexprt.systems.otp.wire import MissingField
from pytest_hkexprt.systems.otp.words import LookupStatus, SessionStatus
from tests.systems.otp.samples import COMP_ID
from tests.systems.otp.session.lines import (
    GATEWAY,
    HEARTBEAT,
    LOGON,
    LOGOUT,
    MINUTE_S,
    PARTICIPANT,
    REQUEST,
    Line,
    report,
)


def test_a_logon_that_is_answered_makes_both_active(line):
    line.say(PARTICIPANT, LOGON)
    assert line.told(PARTICIPANT, LoggedOn)
    assert line.told(GATEWAY, LogonRequested)
    assert line.mine.state is line.theirs.state is State.ACTIVE


def test_a_logon_says_which_number_it_expects(active):
    said = [message.number("NextExpectedMsgSeqNum") for _, message in active.heard]
    assert said == [1, 2]


def test_a_refusal_ends_the_session_and_says_why(line):
    line.lets_in = False
    line.say(PARTICIPANT, LOGON)
    line.say(GATEWAY, Message.of(Kind.LOGOUT, SessionStatus=SessionStatus.INVALID_USER_OR_PASSWORD))
    (refused,) = line.told(PARTICIPANT, Refused)
    assert refused.message["SessionStatus"] is SessionStatus.INVALID_USER_OR_PASSWORD
    assert line.mine.state is line.theirs.state is State.ENDED
    assert all(line.told(role, Ended) for role in Role)


def test_a_refusal_counts_on_both_sides_so_that_the_next_logon_fits(line):
    line.lets_in = False
    line.say(PARTICIPANT, LOGON)
    line.say(GATEWAY, Message.of(Kind.LOGOUT, SessionStatus=SessionStatus.PASSWORD_EXPIRED))
    line.lets_in = True
    line.dial()
    line.say(PARTICIPANT, LOGON)
    assert line.mine.state is State.ACTIVE
    assert not line.told(PARTICIPANT, Gap)


def test_an_unknown_comp_id_is_left_without_a_word(line):
    line.mine.comp_id = "STRANGER"
    line.say(PARTICIPANT, LOGON)
    (ended,) = line.told(GATEWAY, Ended)
    assert "STRANGER" in str(ended.fault)
    assert line.theirs.data_to_send() == b""


def test_the_day_s_first_logon_above_one_is_left_without_a_word(line):
    line.days[PARTICIPANT].next_out = 5
    line.say(PARTICIPANT, LOGON)
    (ended,) = line.told(GATEWAY, Ended)
    assert isinstance(ended.fault, RemoteProtocolError)
    assert not line.told(PARTICIPANT, Refused)


def test_a_logon_nobody_answered_is_number_one_again(line):
    line.days[PARTICIPANT].next_out = 1
    line.lose(PARTICIPANT, LOGON)
    line.drop()
    assert line.days[PARTICIPANT].next_out == 1


def test_a_lower_number_is_answered_by_logout(line):
    line.days[GATEWAY].next_in = 9
    line.say(PARTICIPANT, LOGON)
    (refused,) = line.told(PARTICIPANT, Refused)
    assert "lower" in refused.message.text("Text")


def test_who_expects_more_than_was_said_is_answered_by_logout(line):
    line.days[PARTICIPANT].next_in = 9
    line.say(PARTICIPANT, LOGON)
    (refused,) = line.told(PARTICIPANT, Refused)
    assert "NextExpectedMsgSeqNum" in refused.message.text("Text")


def test_a_logon_without_a_password_is_rejected_and_ended(line):
    line.raw(
        PARTICIPANT, replace(LOGON.with_fields(EncryptedPassword=None, NextExpectedMsgSeqNum=1), seq=1), strict=False
    )
    (ended,) = line.told(GATEWAY, Ended)
    assert isinstance(ended.fault, MissingField)


@pytest.mark.parametrize("message", [REQUEST, HEARTBEAT, LOGOUT])
def test_nothing_may_be_said_before_the_logon_reply(line, message):
    line.lets_in = False
    line.say(PARTICIPANT, LOGON)
    with pytest.raises(LocalProtocolError):
        line.mine.send(message, 0)


@pytest.mark.parametrize("message", [REQUEST, HEARTBEAT])
def test_what_comes_before_the_logon_reply_ends_the_line_without_a_word(line, message):
    line.lets_in = False
    line.say(PARTICIPANT, LOGON)
    line.raw(PARTICIPANT, replace(message, seq=2))
    (ended,) = line.told(GATEWAY, Ended)
    assert isinstance(ended.fault, RemoteProtocolError)
    assert [who for who, _ in line.overheard] == [PARTICIPANT] * 2


def test_a_gateway_that_speaks_before_its_logon_reply_is_left(line):
    line.lets_in = False
    line.say(PARTICIPANT, LOGON)
    line.raw(GATEWAY, replace(report(1), seq=1))
    (ended,) = line.told(PARTICIPANT, Ended)
    assert isinstance(ended.fault, RemoteProtocolError)


def test_a_second_logon_is_out_of_place(active):
    with pytest.raises(LocalProtocolError):
        active.mine.send(LOGON, 0)


def test_no_logon_reply_within_a_minute_is_given_up(line):
    line.lets_in = False
    line.say(PARTICIPANT, LOGON)
    line.later(MINUTE_S - 1)
    assert not line.told(PARTICIPANT, Ended)
    line.later(1)
    (ended,) = line.told(PARTICIPANT, Ended)
    assert isinstance(ended.fault, Unreachable)


def test_a_lookup_is_number_one_and_counts_for_no_day():
    line = Line(WireProtocol.BINARY)
    line.say(PARTICIPANT, Message.of(Kind.LOOKUP_REQUEST, TypeOfService=1, ProtocolType=1))
    assert line.days[PARTICIPANT].next_out == 1
    assert line.theirs.state is State.LOOKING_UP


def test_a_lookup_and_its_answer_are_number_one_and_carry_the_asking_comp_id():
    line = Line(WireProtocol.BINARY)
    line.say(PARTICIPANT, Message.of(Kind.LOOKUP_REQUEST, TypeOfService=1, ProtocolType=1))
    line.say(GATEWAY, Message.of(Kind.LOOKUP_RESPONSE, LookupStatus=LookupStatus.ACCEPTED))
    assert [(message.seq, message.comp_id) for _, message in line.heard] == [(1, COMP_ID)] * 2


def test_a_logon_that_says_itself_which_number_it_expects_is_left_as_it_is(line):
    line.days[PARTICIPANT].next_in = 9
    line.say(PARTICIPANT, LOGON.with_fields(NextExpectedMsgSeqNum=1))
    assert line.heard[0][1].number("NextExpectedMsgSeqNum") == 1


def test_fix_says_when_and_the_binary_protocol_does_not(active):
    said = {message.sent for _, message in active.heard}
    assert said == {"20231125-02:00:00.000" if active.protocol is WireProtocol.FIX else ""}


def test_a_logon_nobody_can_take_apart_is_left_without_a_word(line):
    line.theirs.day_of = lambda _: line.days[GATEWAY]
    data = line.mine.send(LOGON, 0)
    if line.protocol is WireProtocol.FIX:
        body = data[data.index(b"35=") : -7] + b"no tag\x01"
        data = b"8=FIXT.1.1\x019=%d\x01" % len(body) + body
        data += b"10=%03d\x01" % (sum(data) % 256)
    else:
        data = b"GET /"
    line.theirs.receive_data(data, 0)
    line.pump()
    assert len(line.told(GATEWAY, Ended)) == 1
    assert line.theirs.data_to_send() == b""
