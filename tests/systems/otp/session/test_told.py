"""What a session tells its user when something is wrong, whole: who, where, what was expected, what came, what next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.errors import LocalProtocolError, compose
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.profiles import WireProtocol
from pytest_hkexprt.systems.otp.session_events import Ended
from pytest_hkexprt.systems.otp.session_table import State
from pytest_hkexprt.systems.otp.words import LookupStatus, SessionRejectReason, SessionStatus
from tests.systems.otp.samples import COMP_ID
from tests.systems.otp.session.lines import (
    GATEWAY,
    HEARTBEAT,
    LET_IN,
    LOGON,
    LOGOUT,
    MINUTE_S,
    PARTICIPANT,
    REQUEST,
    Line,
    report,
)

RESEND = Message.of(Kind.RESEND_REQUEST, BeginSeqNo=1, EndSeqNo=0)
RESET = Message.of(Kind.SEQUENCE_RESET, NewSeqNo=9)


def refusal(line: Line, role, message: Message) -> str:
    """Have somebody say what may not be said, and return what is answered."""
    with pytest.raises(LocalProtocolError) as fault:
        line.ends[role].send(message, line.now_s)
    return str(fault.value)


def end(line: Line, role=PARTICIPANT) -> tuple[str, str]:
    """Return why one side's session ended, and the fault in words, empty where there is none."""
    (ended,) = line.told(role, Ended)
    return ended.reason, str(ended.fault or "")


@pytest.mark.parametrize(("role", "name"), [(PARTICIPANT, "initiator"), (GATEWAY, "acceptor")])
def test_every_message_names_the_profile_the_protocol_and_the_side(line, role, name):
    assert line.ends[role].where == f"OCG-C 2.2 {line.protocol}, {name}"


# ------------------------------------------------------------------ what may not be said


def test_business_in_a_session_for_the_login_alone(line):
    line.dial(session_only=True)
    line.say(PARTICIPANT, LOGON)
    assert refusal(line, PARTICIPANT, REQUEST) == compose(
        f"{line.mine.where}: send {REQUEST.kind}",
        expected="session messages only, as this test allows",
        came="business",
    )


@pytest.mark.parametrize(("role", "message"), [(PARTICIPANT, report(1)), (GATEWAY, REQUEST)], ids=str)
def test_what_is_the_other_sides_to_say(active, role, message):
    assert refusal(active, role, message) == compose(
        f"{active.ends[role].where}: send {message.kind}", expected=f"a kind OCG-C 2.2 lets an {role} say"
    )


def test_a_participants_reset(active):
    assert refusal(active, PARTICIPANT, RESET) == compose(
        f"{active.mine.where}: send Sequence Reset",
        expected="a gap fill",
        came="a reset",
        next_step="call the help desk",
    )


def test_a_second_resend_request(active):
    active.lose(PARTICIPANT, RESEND)
    active.mine._hearing.asked = True
    assert refusal(active, PARTICIPANT, RESEND) == compose(
        f"{active.mine.where}: send Resend Request", expected="the answer to the last resend request first"
    )


def test_anything_before_its_time(line):
    assert refusal(line, PARTICIPANT, HEARTBEAT) == compose(
        f"{line.mine.where}: send Heartbeat", expected="what may be said when connected", came="Heartbeat"
    )


# ------------------------------------------------------------------ how it ends


def test_a_logout_said_and_answered(active):
    active.say(PARTICIPANT, LOGOUT)
    assert [end(active, role) for role in (PARTICIPANT, GATEWAY)] == [
        ("logged out", ""),
        ("logged out by the other side", ""),
    ]


@pytest.mark.parametrize(
    "refused",
    [
        Message.of(Kind.LOGOUT, SessionStatus=SessionStatus.PASSWORD_EXPIRED),
        Message.of(Kind.REJECT, SessionRejectReason=SessionRejectReason.OTHER, RefMsgType=Kind.LOGON, RefSeqNum=1),
    ],
    ids=lambda message: str(message.kind),
)
def test_a_logon_refused(line, refused):
    line.lets_in = False
    line.say(PARTICIPANT, LOGON)
    line.say(GATEWAY, refused)
    assert [end(line, role) for role in (PARTICIPANT, GATEWAY)] == [
        ("the logon was refused", ""),
        (f"{refused.kind} said", ""),
    ]


def test_silence(active):
    active.mine.receive_data(active.theirs.send(report(1), 5), 5)
    active.pump()
    active.mine.tick(65)
    active.mine.tick(125.4)
    active.now_s = 126
    active.pump()
    fault = compose(active.mine.where, expected="an answer to the test request", came="silence, 120 s")
    assert end(active) == ("the other side is silent", fault)
    assert active.heard[-1][1].text("Text") == "No answer to the test request"


def test_no_answer_to_a_logon(line):
    line.now_s = 100
    line.lets_in = False
    line.dial()
    line.say(PARTICIPANT, LOGON)
    line.later(MINUTE_S)
    fault = compose(line.mine.where, expected="a reply when logging on", came="none in 60 s")
    assert end(line) == ("no reply", fault)


def test_no_answer_to_a_logout(active):
    active.now_s = 100
    active.lose(PARTICIPANT, LOGOUT)
    active.mine.tick(100 + MINUTE_S)
    active.pump()
    fault = compose(active.mine.where, expected="a reply when leaving", came="none in 60 s")
    assert end(active) == ("no reply", fault)


@pytest.mark.parametrize("state", [State.ACTIVE, State.LOGGING_ON, State.LEAVING])
def test_a_line_that_ends_in_between(line, state):
    line.lets_in = state is not State.LOGGING_ON
    line.say(PARTICIPANT, LOGON)
    if state is State.LEAVING:
        line.lose(PARTICIPANT, LOGOUT)
    line.drop()
    fault = compose(line.mine.where, expected=f"more when {state}", came="the other side closed the line")
    assert end(line) == ("the line ended", fault)


def test_a_line_a_gateway_closes_before_anything_was_said_is_a_fault_to_the_participant_alone(line):
    line.drop()
    fault = compose(line.mine.where, expected="more when connected", came="the other side closed the line")
    assert end(line) == ("the line ended", fault)
    assert end(line, GATEWAY) == ("the other side closed the line", "")


def test_a_lookup_that_was_answered_ends_without_a_fault():
    line = Line(WireProtocol.BINARY)
    line.say(PARTICIPANT, Message.of(Kind.LOOKUP_REQUEST, TypeOfService=1, ProtocolType=1))
    line.say(GATEWAY, Message.of(Kind.LOOKUP_RESPONSE, LookupStatus=LookupStatus.ACCEPTED))
    line.drop()
    assert [end(line, role) for role in (PARTICIPANT, GATEWAY)] == [("the other side closed the line", "")] * 2


# ------------------------------------------------------------------ what the other side does wrong


def out_of_place(line: Line, state: State, came: Kind) -> tuple[str, str]:
    fault = compose(line.theirs.where, expected=f"what may be said when {state}", came=str(came))
    return "a message out of place", fault


def test_a_message_out_of_place_before_the_logon(line):
    line.raw(PARTICIPANT, replace(HEARTBEAT, seq=1))
    assert end(line, GATEWAY) == out_of_place(line, State.CONNECTED, Kind.HEARTBEAT)
    assert line.heard == []


def test_a_message_out_of_place_after_it_is_answered_by_a_logout_that_says_so(active):
    active.raw(PARTICIPANT, replace(LOGON.with_fields(NextExpectedMsgSeqNum=1), seq=2))
    assert end(active, GATEWAY) == out_of_place(active, State.ACTIVE, Kind.LOGON)
    assert logout(active) == "Logon unexpected"


@pytest.mark.parametrize("comp_id", ["STRANGER"])
def test_an_unknown_comp_id(line, comp_id):
    line.mine.comp_id = comp_id
    line.say(PARTICIPANT, LOGON)
    fault = compose(line.theirs.where, expected="a Comp ID that is known", came=repr(comp_id))
    assert end(line, GATEWAY) == ("an unknown Comp ID", fault)


def test_another_comp_id_in_the_middle(active):
    active.raw(PARTICIPANT, replace(REQUEST, seq=2, comp_id="SOMEBODY"))
    fault = compose(active.theirs.where, expected=COMP_ID, came="Comp ID 'SOMEBODY'")
    assert end(active, GATEWAY) == ("another Comp ID", fault)
    assert rejects(active) == [(SessionRejectReason.COMP_ID_PROBLEM, "Comp ID", REQUEST.kind, "CompID", 2)]
    assert logout(active) == "Comp ID problem"


def test_a_number_lower_than_expected(active):
    active.say(GATEWAY, report(1))
    active.raw(GATEWAY, replace(report(1), seq=2))
    fault = compose(active.mine.where, expected="number 3", came="2")
    assert end(active) == ("a number lower than expected", fault)
    assert logout(active, PARTICIPANT) == "MsgSeqNum 2 lower than expected 3"


def test_a_first_number_that_is_not_one(line):
    line.days[PARTICIPANT].next_out = 5
    line.say(PARTICIPANT, LOGON)
    fault = compose(line.theirs.where, expected="number 1, the day's first", came="5")
    assert end(line, GATEWAY) == ("the day's first number is not 1", fault)


@pytest.mark.parametrize("expects", [0, 9])
def test_a_number_expected_that_was_never_said(line, expects):
    line.raw(PARTICIPANT, replace(LOGON.with_fields(NextExpectedMsgSeqNum=expects), seq=1))
    fault = compose(line.theirs.where, expected="NextExpectedMsgSeqNum up to 1", came=str(expects))
    assert end(line, GATEWAY) == ("the other side expects what was never said", fault)


def test_a_number_expected_that_was_never_said_is_answered_by_a_logout_that_says_so(line):
    line.days[PARTICIPANT].next_in = 9
    line.say(PARTICIPANT, LOGON)
    assert logout(line) == "NextExpectedMsgSeqNum 9 is not from 1 to 1"


def test_a_message_that_breaks_its_layout(active):
    broken = Message(Kind.THROTTLE_REQUEST, {"UserRequestID": "1", "UserName": "A"}, seq=2)
    active.raw(PARTICIPANT, broken, strict=False)
    reason = SessionRejectReason.REQUIRED_FIELD_MISSING
    assert [each[:1] + each[2:] for each in rejects(active)] == [(reason, broken.kind, "UserRequestType", 2)]
    assert rejects(active)[0][1].startswith("expected ")


def test_numbers_nobody_said(active):
    active.say(PARTICIPANT, Message.of(Kind.RESEND_REQUEST, BeginSeqNo=50, EndSeqNo=60))
    text = "no numbers 50 to 60; the last is 1"
    assert rejects(active) == [(SessionRejectReason.VALUE_INCORRECT, text, Kind.RESEND_REQUEST, "BeginSeqNo", 2)]


def test_a_reset_that_goes_back(active):
    active.say(GATEWAY, report(1))
    active.raw(GATEWAY, Message(Kind.SEQUENCE_RESET, {"GapFillFlag": True, "NewSeqNo": 2}, seq=3))
    text = "NewSeqNo 2, expected 4 or more"
    assert rejects(active, PARTICIPANT) == [
        (SessionRejectReason.VALUE_INCORRECT, text, Kind.SEQUENCE_RESET, "NewSeqNo", 3)
    ]


def test_a_stream_that_is_no_message(active):
    active.theirs.receive_data(b"GET / HTTP/1.1\r\n\r\n", 0)
    active.pump()
    assert end(active, GATEWAY)[0] == "the stream is broken"


def test_a_logon_that_breaks_its_layout(line):
    line.raw(PARTICIPANT, Message(Kind.LOGON, {"NextExpectedMsgSeqNum": 1}, seq=1), strict=False)
    assert end(line, GATEWAY)[0] == "a message that breaks its layout"
    assert line.theirs.day.next_in == 2


def test_what_let_us_in_is_told_first_and_what_was_missed_after_it(line):
    line.say(PARTICIPANT, LOGON)
    assert [type(event).__name__ for event in line.events[PARTICIPANT]] == ["LoggedOn"]
    assert line.heard[-1][1].get("SessionStatus") is LET_IN.get("SessionStatus")


# ------------------------------------------------------------------ helpers of this page


def rejects(line: Line, who=GATEWAY) -> list[tuple[object, ...]]:
    """Return the rejects one side said: reason, text, kind, field and number they are about."""
    names = ("SessionRejectReason", "Reason", "RefMsgType", "RefFieldName", "RefSeqNum")
    said = [message for each, message in line.overheard if each is who and message.kind is Kind.REJECT]
    return [tuple(message.get(name) for name in names) for message in said]


def logout(line: Line, who=GATEWAY) -> str:
    """Return the text of the Logout one side said."""
    (said,) = [message for each, message in line.overheard if each is who and message.kind is Kind.LOGOUT]
    return said.text("Text")
