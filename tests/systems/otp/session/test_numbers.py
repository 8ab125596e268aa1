from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.session_day import Day
from pytest_hkexprt.systems.otp.session_events import (
    Arrived,
    Duplicate,
    Ended,
    Gap,
    LoggedOut,
    Resent,
)
from pytest_hkexprt.systems.otp.words import SessionRejectReason
from tests.systems.otp.session.lines import (
    COMP_ID,
    GATEWAY,
    HEARTBEAT,
    LOGON,
    PARTICIPANT,
    REQUEST,
    report,
)

SENT = "20231125-02:00:00.000"


def test_a_lost_report_is_asked_for_and_comes_in_order(active):
    active.lose(GATEWAY, report(1))
    active.say(GATEWAY, report(2))
    active.say(GATEWAY, report(3))
    assert active.reports() == ["1", "2", "3"]
    assert [(gap.expected, gap.came) for gap in active.told(PARTICIPANT, Gap)] == [(2, 3)]


def test_what_is_said_again_is_marked_and_keeps_its_number(active):
    active.lose(GATEWAY, report(1))
    active.say(GATEWAY, report(2))
    again = [message for who, message in active.heard if who is GATEWAY and message.poss_dup]
    assert [message.seq for message in again] == [2, 3]


def test_session_messages_are_filled_over_and_never_said_again(active):
    active.lose(GATEWAY, HEARTBEAT)
    active.lose(GATEWAY, report(1))
    active.say(GATEWAY, HEARTBEAT)
    again = [(message.kind, message.seq) for who, message in active.heard if who is GATEWAY and message.poss_dup]
    assert again == [(Kind.SEQUENCE_RESET, 2), (Kind.EXECUTION_REPORT, 3), (Kind.SEQUENCE_RESET, 4)]
    assert active.mine.day.next_in == active.theirs.day.next_out


def test_who_says_again_is_told_which_numbers_and_how_many_of_them_were_messages(active):
    active.lose(GATEWAY, HEARTBEAT)
    active.lose(GATEWAY, report(1))
    active.lose(GATEWAY, report(2))
    active.lose(GATEWAY, report(3))
    active.say(GATEWAY, HEARTBEAT)
    assert active.told(GATEWAY, Resent) == [Resent(begin=2, end=6, messages=3)]


def test_one_gap_brings_one_resend_request(active):
    active.lose(GATEWAY, report(1))
    active.lose(GATEWAY, report(2))
    data = active.theirs.send(report(3), 0) + active.theirs.send(report(4), 0)
    active.mine.receive_data(data, 0)
    active.pump()
    asked = [message for who, message in active.heard if message.kind is Kind.RESEND_REQUEST]
    assert len(asked) == 1
    assert active.reports() == ["1", "2", "3", "4"]


def test_a_second_resend_request_is_not_said_while_the_first_is_open(active):
    active.lose(GATEWAY, report(1))
    active.mine.receive_data(active.theirs.send(report(2), 0), 0)
    while active.mine.next_event() is not None:
        pass
    with pytest.raises(LocalProtocolError, match="resend"):
        active.mine.send(Message.of(Kind.RESEND_REQUEST, BeginSeqNo=1, EndSeqNo=0), 0)


def asked_again(active, seq: int) -> bytes:
    request = Message(Kind.RESEND_REQUEST, {"BeginSeqNo": 2, "EndSeqNo": 0}, COMP_ID, seq, sent=SENT)
    return active.codec.encode(request, sender=PARTICIPANT)


def test_a_second_resend_request_while_the_first_is_answered_ends_the_line_without_a_word(active):
    active.say(GATEWAY, report(1))
    active.theirs.receive_data(asked_again(active, 2) + asked_again(active, 3), 0)
    active.pump()
    (end,) = active.told(GATEWAY, Ended)
    assert "second resend request" in end.reason
    assert [message.kind for who, message in active.heard if who is GATEWAY].count(Kind.LOGOUT) == 0
    assert len(active.told(GATEWAY, Resent)) == 1


def test_the_same_numbers_may_be_asked_for_again_once_the_answer_is_on_its_way(active):
    active.say(GATEWAY, report(1))
    for seq in (2, 3):
        active.theirs.receive_data(asked_again(active, seq), 0)
        active.pump()
    assert len(active.told(GATEWAY, Resent)) == 2
    assert not active.told(GATEWAY, Ended)


def test_a_report_that_comes_twice_is_told_as_a_duplicate(active):
    active.say(GATEWAY, report(1))
    active.raw(GATEWAY, replace(report(1), seq=2, poss_dup=True))
    assert active.reports() == ["1"]
    assert len(active.told(PARTICIPANT, Duplicate)) == 1


def test_a_number_that_comes_twice_without_a_mark_ends_the_session(active):
    active.say(GATEWAY, report(1))
    active.raw(GATEWAY, replace(report(1), seq=2))
    (ended,) = active.told(PARTICIPANT, Ended)
    assert "expected: number 3" in str(ended.fault)
    assert active.told(GATEWAY, LoggedOut)


def test_missed_reports_come_after_a_reconnect(active):
    active.lose(GATEWAY, report(1))
    active.drop()
    active.dial()
    active.say(PARTICIPANT, LOGON)
    assert active.reports() == ["1"]
    assert not [message for _, message in active.heard if message.kind is Kind.RESEND_REQUEST]


def test_a_gateway_s_gap_is_filled_after_a_reconnect_by_what_its_logon_says(active):
    active.lose(PARTICIPANT, REQUEST)
    active.drop()
    active.dial()
    active.say(PARTICIPANT, LOGON)
    arrived = [event.message.kind for event in active.told(GATEWAY, Arrived)]
    assert arrived == [Kind.PARTY_REQUEST, Kind.SEQUENCE_RESET]
    assert active.theirs.day.next_in == active.mine.day.next_out


def test_what_may_not_be_said_again_is_filled_over(active):
    active.lose(PARTICIPANT, REQUEST)
    active.drop()
    active.dial(may_resend=lambda message: message.kind is not Kind.PARTY_REQUEST)
    active.say(PARTICIPANT, LOGON)
    assert [event.message.kind for event in active.told(GATEWAY, Arrived)] == [Kind.SEQUENCE_RESET]


def test_numbers_go_on_over_a_reconnect(active):
    active.say(GATEWAY, report(1))
    active.drop()
    active.dial()
    active.say(PARTICIPANT, LOGON)
    assert [message.seq for who, message in active.heard if message.kind is Kind.LOGON] == [1, 1, 2, 3]
    assert not active.told(GATEWAY, Resent)


def test_numbers_nobody_said_cannot_be_asked_for(active):
    active.say(PARTICIPANT, Message.of(Kind.RESEND_REQUEST, BeginSeqNo=50, EndSeqNo=0))
    rejects = [event.message for event in active.told(PARTICIPANT, Arrived) if event.message.kind is Kind.REJECT]
    assert [reject["SessionRejectReason"] for reject in rejects] == [SessionRejectReason.VALUE_INCORRECT]


def test_a_participant_may_not_reset_numbers(active):
    with pytest.raises(LocalProtocolError, match="help desk"):
        active.mine.send(Message.of(Kind.SEQUENCE_RESET, NewSeqNo=9), 0)


def test_a_participant_may_fill_a_gap(active):
    active.say(PARTICIPANT, Message.of(Kind.SEQUENCE_RESET, GapFillFlag=True, NewSeqNo=9))
    assert active.theirs.day.next_in == 9


def test_a_gateway_may_reset_numbers(active):
    active.say(GATEWAY, Message.of(Kind.SEQUENCE_RESET, NewSeqNo=9))
    assert active.mine.day.next_in == 9


def test_a_participant_s_reset_is_rejected(active):
    active.raw(PARTICIPANT, Message(Kind.SEQUENCE_RESET, {"NewSeqNo": 9}, seq=2))
    assert active.theirs.day.next_in == 2
    assert [event.message.kind for event in active.told(PARTICIPANT, Arrived)] == [Kind.REJECT]


def test_a_gateway_s_reset_is_followed(active):
    active.raw(GATEWAY, Message(Kind.SEQUENCE_RESET, {"NewSeqNo": 9}, seq=2))
    active.raw(GATEWAY, replace(report(1), seq=9))
    assert active.reports() == ["1"]


def test_a_gap_fill_that_goes_back_is_rejected(active):
    active.say(GATEWAY, report(1))
    active.raw(GATEWAY, Message(Kind.SEQUENCE_RESET, {"GapFillFlag": True, "NewSeqNo": 2}, seq=3))
    assert active.mine.day.next_in == 4
    assert [event.message.kind for event in active.told(GATEWAY, Arrived)] == [Kind.REJECT]


def test_a_day_keeps_no_more_than_it_may():
    day = Day(most_kept=2)
    for number in range(1, 5):
        day.keep(replace(report(number), seq=number))
    assert [message.seq for message in day.again(1, 4, lambda _: True)] == [1, 3, 4]


def day_of(*numbers: int) -> Day:
    """Return a day that has said reports of these numbers."""
    day = Day()
    for number in numbers:
        day.keep(replace(report(number), seq=number, sent=f"time {number}"))
    return day


@pytest.mark.parametrize(
    ("begin", "end", "again"),
    [
        (2, 3, [(2, None), (3, None)]),
        (1, 3, [(1, 2), (2, None), (3, None)]),
        (3, 6, [(3, None), (4, 7)]),
        (4, 4, [(4, 5)]),
        (7, 9, [(7, None), (8, 10)]),
    ],
)
def test_numbers_are_said_again_and_all_others_filled_over_as_asked_for_and_no_further(begin, end, again):
    said = day_of(2, 3, 7).again(begin, end, lambda _: True)
    assert [(message.seq, message.get("NewSeqNo")) for message in said] == again


def test_what_is_said_again_says_when_it_was_said_first():
    (said,) = day_of(2).again(2, 2, lambda _: True)
    assert (said.poss_dup, said.sent, said.originally_sent) == (True, "", "time 2")


def test_what_should_come_unasked_after_a_logon_and_does_not_is_asked_for(active):
    active.lose(GATEWAY, report(1))
    active.drop()
    active.dial()
    active.theirs._hearing.let_in = lambda: None  # a gateway that forgets what its Logon owes
    active.say(PARTICIPANT, LOGON)
    assert active.reports() == []
    active.say(GATEWAY, report(2))
    assert active.reports() == ["1", "2"]


def test_a_session_that_ended_takes_nothing_more(active):
    active.say(PARTICIPANT, Message(Kind.LOGOUT))
    active.mine.receive_data(b"whatever", 0)
    assert active.mine.next_event() is None
