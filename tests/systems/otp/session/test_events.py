"""What a session tells its user, event by event: each message as it came, once, and nothing after the end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.profiles import WireProtocol
from pytest_hkexprt.systems.otp.session_events import (
    Arrived,
    Duplicate,
    Ended,
    Gap,
    LoggedOut,
    LogonRequested,
    Refused,
    Rejected,
    Resent,
    SessionEvent,
)
from pytest_hkexprt.systems.otp.session_table import State
from pytest_hkexprt.systems.otp.words import LookupStatus, SessionRejectReason, SessionStatus
from tests.systems.otp.session.lines import (
    GATEWAY,
    HEARTBEAT,
    LOGON,
    LOGOUT,
    PARTICIPANT,
    REQUEST,
    Line,
    report,
)

OTHER = SessionRejectReason.OTHER
BROKEN = Message(Kind.THROTTLE_REQUEST, {"UserRequestID": "1", "UserName": "A"}, seq=2)
"""Without its type of request."""


def names(line: Line, role=PARTICIPANT) -> list[str]:
    """Return what one side was told, each as the event's name and the kind and number of its message."""
    return [name(event) for event in line.events[role]]


def name(event: SessionEvent) -> str:
    message = getattr(event, "message", None)
    of = f" {message.kind} {message.seq}" if message is not None else ""
    return f"{type(event).__name__}{of}"


def asked(line: Line) -> list[Message]:
    """Return the participant's resend requests."""
    return [message for who, message in line.heard if (who, message.kind) == (PARTICIPANT, Kind.RESEND_REQUEST)]


# ------------------------------------------------------------------ each message is told


def test_from_logon_to_logout_each_message_is_told_once(line):
    line.say(PARTICIPANT, LOGON)
    line.say(GATEWAY, HEARTBEAT)
    line.say(GATEWAY, report(1))
    line.say(GATEWAY, Message.of(Kind.SEQUENCE_RESET, GapFillFlag=True, NewSeqNo=5))
    line.say(PARTICIPANT, LOGOUT)
    assert names(line) == [
        "LoggedOn Logon 1",
        "Arrived Heartbeat 2",
        "Arrived Execution Report 3",
        "Arrived Sequence Reset 4",
        "LoggedOut Logout 5",
        "Ended",
    ]
    assert names(line, GATEWAY) == ["LogonRequested Logon 1", "LoggedOut Logout 2", "Ended"]


def test_a_test_request_is_told_though_the_session_answers_it(active):
    active.say(GATEWAY, Message.of(Kind.TEST_REQUEST, TestReqID="7"))
    assert names(active)[-1] == "Arrived Test Request 2"


def test_a_request_for_numbers_is_told_though_the_session_answers_it(active):
    active.say(GATEWAY, Message.of(Kind.RESEND_REQUEST, BeginSeqNo=1, EndSeqNo=1))
    assert names(active)[1:] == ["Arrived Resend Request 2", "Resent"]


def test_both_ends_are_told_of_a_lookup():
    line = Line(WireProtocol.BINARY)
    line.say(PARTICIPANT, Message.of(Kind.LOOKUP_REQUEST, TypeOfService=1, ProtocolType=1))
    line.say(GATEWAY, Message.of(Kind.LOOKUP_RESPONSE, LookupStatus=LookupStatus.ACCEPTED))
    assert names(line, GATEWAY) == ["Arrived Lookup Request 1"]
    assert names(line) == ["Arrived Lookup Response 1"]


@pytest.mark.parametrize("refusal", [LOGOUT, Message.of(Kind.REJECT, SessionRejectReason=OTHER, RefSeqNum=1)], ids=str)
def test_a_refusal_is_told_with_its_message(line, refusal):
    line.lets_in = False
    line.say(PARTICIPANT, LOGON)
    line.say(GATEWAY, refusal)
    assert names(line) == [f"Refused {refusal.kind} 1", "Ended"]


def test_a_participants_answer_to_a_logout_has_no_status(active):
    active.say(GATEWAY, LOGOUT)
    (answer,) = active.told(GATEWAY, LoggedOut)
    assert "SessionStatus" not in answer.message


# ------------------------------------------------------------------ gaps


def test_a_gap_at_a_logon_is_told_by_its_numbers(active):
    active.lose(GATEWAY, report(1))
    active.drop()
    active.dial()
    active.say(PARTICIPANT, LOGON)
    assert active.told(PARTICIPANT, Gap) == [Gap(expected=2, came=3)]


def test_a_logout_that_shows_a_gap_is_answered_and_nothing_is_asked_for(active):
    active.lose(GATEWAY, report(1))
    active.say(GATEWAY, LOGOUT)
    assert names(active)[1:] == ["Gap", "LoggedOut Logout 3", "Ended"]
    assert not asked(active)


def test_all_that_was_received_is_taken_in_though_some_of_it_tells_nothing(active):
    late = active.theirs.send(report(1), 0)
    early = active.theirs.send(report(2), 0) + active.theirs.send(report(3), 0)
    active.mine.receive_data(early + late, 0)
    events = [name(event) for event in iter(active.mine.next_event, None)]
    assert events == ["Gap", "Arrived Execution Report 2"]


def test_nothing_more_is_asked_for_until_the_last_missing_number_is_here(active):
    first, second, third = (active.theirs.send(report(number), 0) for number in (1, 2, 3))
    active.mine.receive_data(second + first + third, 0)
    while active.mine.next_event() is not None:
        pass
    assert [message["BeginSeqNo"] for message in asked(active)] == [2]


def test_a_new_gap_is_asked_for_when_the_one_before_is_filled(active):
    for lost, came in ((1, 2), (3, 4)):
        active.lose(GATEWAY, report(lost))
        active.say(GATEWAY, report(came))
    assert [message["BeginSeqNo"] for message in asked(active)] == [2, 4]
    assert active.reports() == ["1", "2", "3", "4"]


@pytest.mark.parametrize(("begin", "end", "again"), [(1, 0, (1, 3)), (3, 3, (3, 3)), (1, 1, (1, 1)), (2, 99, (2, 3))])
def test_numbers_from_the_first_to_the_last_can_be_asked_for(active, begin, end, again):
    active.say(GATEWAY, report(1))
    active.say(GATEWAY, report(2))
    active.say(PARTICIPANT, Message.of(Kind.RESEND_REQUEST, BeginSeqNo=begin, EndSeqNo=end))
    (resent,) = active.told(GATEWAY, Resent)
    assert (resent.begin, resent.end) == again


def test_a_gap_of_one_number_can_be_filled(active):
    active.say(GATEWAY, Message.of(Kind.SEQUENCE_RESET, GapFillFlag=True, NewSeqNo=3))
    assert active.mine.day.next_in == 3
    assert not [message for who, message in active.heard if message.kind is Kind.REJECT]


def test_a_gateway_may_reset_to_number_one(active):
    active.raw(GATEWAY, Message(Kind.SEQUENCE_RESET, {"NewSeqNo": 1}, seq=2))
    assert active.mine.day.next_in == 1


def test_a_reset_to_nothing_is_rejected(active):
    active.raw(GATEWAY, Message(Kind.SEQUENCE_RESET, {"NewSeqNo": 0}, seq=2))
    assert active.mine.day.next_in == 2


# ------------------------------------------------------------------ numbers that came before


def test_a_duplicate_is_told_with_its_message(active):
    active.say(GATEWAY, report(1))
    active.raw(GATEWAY, replace(report(1), seq=2, poss_dup=True))
    (duplicate,) = active.told(PARTICIPANT, Duplicate)
    assert duplicate.message.text("ExecID") == "1"


def test_a_logout_with_a_number_that_came_before_ends_a_session_like_any_message(active):
    active.say(GATEWAY, report(1))
    active.raw(GATEWAY, replace(LOGOUT, seq=2))
    assert names(active)[2:] == ["Ended"]
    assert active.mine.state is State.ENDED


def test_a_refusal_with_a_number_that_came_before_is_a_refusal_all_the_same(line):
    line.days[PARTICIPANT].next_in = 5
    line.say(PARTICIPANT, LOGON.with_fields(NextExpectedMsgSeqNum=1))
    assert not line.told(PARTICIPANT, Refused)
    line.dial()
    line.lets_in = False
    line.say(PARTICIPANT, LOGON.with_fields(NextExpectedMsgSeqNum=1))
    line.say(GATEWAY, Message.of(Kind.LOGOUT, SessionStatus=SessionStatus.PASSWORD_EXPIRED))
    assert names(line) == ["Refused Logout 2", "Ended"]


def test_a_grant_with_a_number_that_came_before_is_none(line):
    line.days[PARTICIPANT].next_in = 5
    line.say(PARTICIPANT, LOGON.with_fields(NextExpectedMsgSeqNum=1))
    assert names(line) == ["Ended"]
    assert line.mine.state is State.ENDED


def test_who_begins_the_day_above_one_is_not_asked_in(line):
    line.days[PARTICIPANT].next_out = 5
    line.say(PARTICIPANT, LOGON)
    assert not line.told(GATEWAY, LogonRequested)
    assert line.theirs.state is State.ENDED


# ------------------------------------------------------------------ broken messages


def test_a_message_that_breaks_its_layout_is_told_with_its_number_and_kept_for_the_transcript(active):
    active.raw(PARTICIPANT, BROKEN, strict=False)
    (rejected,) = active.told(GATEWAY, Rejected)
    assert (rejected.seq, rejected.fault.field) == (2, "UserRequestType")
    assert (PARTICIPANT, BROKEN.kind) in [(who, message.kind) for who, message in active.overheard]


def test_a_broken_message_that_comes_again_is_a_duplicate(active):
    active.say(PARTICIPANT, REQUEST)
    active.raw(PARTICIPANT, replace(BROKEN, poss_dup=True), strict=False)
    assert names(active, GATEWAY)[2:] == ["Duplicate Reject 2"]


def test_a_broken_message_with_a_number_that_came_before_ends_the_session(active):
    active.say(PARTICIPANT, REQUEST)
    active.raw(PARTICIPANT, BROKEN, strict=False)
    assert names(active, GATEWAY)[2:] == ["Ended"]


def test_a_broken_message_behind_a_gap_waits_for_its_turn(active):
    active.raw(PARTICIPANT, replace(BROKEN, seq=9), strict=False)
    assert not active.told(GATEWAY, Rejected)
    assert active.told(GATEWAY, Gap) == [Gap(expected=2, came=9)]


def test_a_logon_that_breaks_its_layout_is_rejected_by_name(line):
    line.raw(PARTICIPANT, Message(Kind.LOGON, {"NextExpectedMsgSeqNum": 1}, seq=1), strict=False)
    (reject,) = [message for who, message in line.overheard if who is GATEWAY]
    about = reject["RefMsgType"], reject["RefFieldName"], reject["RefSeqNum"]
    assert about == (Kind.LOGON, "EncryptedPassword", 1)


def test_nothing_arrives_after_the_end(active):
    active.say(PARTICIPANT, LOGOUT)
    assert isinstance(active.events[GATEWAY][-1], Ended)
    assert not active.told(PARTICIPANT, Arrived)
