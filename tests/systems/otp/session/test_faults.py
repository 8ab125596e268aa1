from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.errors import LocalProtocolError, Unreachable
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.session_events import (
    Arrived,
    Ended,
    LoggedOut,
    Rejected,
)
from pytest_hkexprt.systems.otp.wire import BadChecksum
from pytest_hkexprt.systems.otp.words import SessionRejectReason
from tests.systems.otp.session.lines import (
    GATEWAY,
    HEARTBEAT,
    LOGON,
    PARTICIPANT,
    REQUEST,
    report,
)


def test_a_message_that_lacks_a_field_is_rejected_by_name_and_its_number_counts(active):
    active.raw(
        PARTICIPANT, Message(Kind.THROTTLE_REQUEST, {"UserRequestID": "1", "UserName": "A"}, seq=2), strict=False
    )
    (reject,) = [event.message for event in active.told(PARTICIPANT, Arrived)]
    assert reject["SessionRejectReason"] is SessionRejectReason.REQUIRED_FIELD_MISSING
    assert (reject["RefFieldName"], reject["RefSeqNum"]) == ("UserRequestType", 2)
    assert active.told(GATEWAY, Rejected)
    assert active.theirs.day.next_in == 3


def test_a_reject_that_is_broken_itself_is_not_rejected(active):
    active.raw(PARTICIPANT, Message(Kind.REJECT, {"SessionRejectReason": 5}, seq=2), strict=False)
    assert active.told(GATEWAY, Rejected)
    assert not active.told(PARTICIPANT, Arrived)


def test_a_damaged_message_ends_the_line_without_a_word(active):
    data = bytearray(active.mine.send(REQUEST, 0))
    data[-12] ^= 1
    active.theirs.receive_data(bytes(data), 0)
    active.pump()
    (ended,) = active.told(GATEWAY, Ended)
    assert isinstance(ended.fault, BadChecksum)
    assert not active.told(PARTICIPANT, LoggedOut)


def test_another_comp_id_is_rejected_and_logged_out(active):
    active.raw(PARTICIPANT, replace(REQUEST, seq=2, comp_id="SOMEBODY"))
    (reject, *_) = [event.message for event in active.told(PARTICIPANT, Arrived)]
    assert reject["SessionRejectReason"] is SessionRejectReason.COMP_ID_PROBLEM
    assert active.told(PARTICIPANT, LoggedOut)


def test_a_line_that_ends_in_the_middle_of_things_is_told(active):
    active.drop()
    (ended,) = active.told(PARTICIPANT, Ended)
    assert isinstance(ended.fault, Unreachable)


def test_a_session_that_may_log_in_alone_says_no_business(line):
    line.dial(session_only=True)
    line.say(PARTICIPANT, LOGON)
    with pytest.raises(LocalProtocolError, match="session messages only"):
        line.mine.send(REQUEST, 0)
    line.say(PARTICIPANT, HEARTBEAT)
    assert all(message.kind.is_session for _, message in line.heard)


def test_nobody_says_what_is_the_other_side_s(active):
    with pytest.raises(LocalProtocolError):
        active.mine.send(report(1), 0)
