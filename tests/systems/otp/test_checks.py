"""What each check of a session with a gateway tells, whole: what was expected, what came, what to do, what it saw."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec import structs

from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp import checks
from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.facts import Beats, Logout, Transcript
from pytest_hkexprt.systems.otp.lines import Line, Unasked
from pytest_hkexprt.systems.otp.messages import Kind, Role
from pytest_hkexprt.systems.otp.orders import Orders
from pytest_hkexprt.systems.otp.session_day import Day
from pytest_hkexprt.systems.otp.words import Side

WHERE = "otp/OTP-C primary"
GATEWAY = Endpoint("otp", Site.PRIMARY, "10.1.1.1", 9001)


def line(number: int, **changed) -> Line:
    """Return an order of 300 of which 100 traded at 10."""
    given = {"cl_ord_id": str(number), "order_id": f"O{number}", "security": "700", "side": Side.BUY}
    given |= {"quantity": Decimal(300), "price": Decimal("10.50"), "standing": Standing.OPEN}
    return Line(**(given | {"traded": Decimal(100), "value": Decimal(1000)} | changed))


# ------------------------------------------------------------------ what a request brought


def test_what_a_request_brought_stands_beside_what_it_should_have():
    told = checks.told(
        "throttle", WHERE, expected="a rate", came="8 a second", met=True, details=iter(["as", "agreed"])
    )
    assert told == Check(
        what="throttle",
        where=WHERE,
        expected="a rate",
        came="8 a second",
        met=True,
        next_step="compare the transcript with the interface specification",
        details=("as", "agreed"),
    )


def test_what_a_request_brought_may_need_no_details():
    assert checks.told("throttle", WHERE, expected="a rate", came="none", met=False).details == ()


# ------------------------------------------------------------------ execution reports

SOUND = Check(
    what="execution reports",
    where=WHERE,
    expected="reports that fit together, no cancel that nobody asked for, no request refused",
    came="7 reports, all sound",
    met=True,
    next_step="compare with the drop copy, and tell the exchange's desk which ExecID it is about",
)


def test_reports_that_fit_together_are_counted():
    assert checks.reports_sound(Orders(reports=7), WHERE) == SOUND


def test_reports_that_came_again_are_remarked_on():
    told = checks.reports_sound(Orders(reports=7, repeated=2), WHERE)
    assert told.details == ("2 came again, marked as such",)
    assert told.met


def test_faults_unasked_cancels_and_refusals_are_all_told_in_this_order():
    orders = Orders(faults=["twice"], unasked=[Unasked("5", 107)], refused=["not served"])
    told = checks.reports_sound(orders, WHERE)
    assert told.came == "twice; 5 was cancelled, reason 107, and nobody asked for it; not served"
    assert not told.met


@pytest.mark.parametrize("part", ["faults", "refused"])
def test_any_one_fault_is_enough(part):
    assert not checks.reports_sound(Orders(**{part: ["one"]}), WHERE).met


def test_no_more_than_twelve_faults_are_told():
    orders = Orders(faults=[f"{number}" for number in range(20)])
    assert checks.reports_sound(orders, WHERE).came == "0; 1; 2; 3; 4; 5; 6; 7; 8; 9; 10; 11"


# ------------------------------------------------------------------ books

BOOKS = Check(
    what="books",
    where=WHERE,
    expected="every order as the drop copy has it",
    came="2 orders agree, 200 traded for 2000",
    met=True,
    next_step="look for a report that was lost or doubled, and ask the exchange for its trade record",
    details=(
        "O1: buy 300 of 700 at 10.5, open, 100 traded for 1000",
        "O2: buy 300 of 700 at 10.5, open, 100 traded for 1000",
    ),
)


def test_books_that_agree_are_summed_up():
    assert checks.books_agree(iter([line(1), line(2)]), [line(2), line(1)], "the drop copy", WHERE) == BOOKS


def test_two_empty_books_agree():
    assert checks.books_agree([], [], "the gateway", WHERE).came == "0 orders agree, 0 traded for 0"


def test_books_that_differ_are_told_order_by_order():
    told = checks.books_agree([line(1)], [line(1, traded=Decimal(0), value=Decimal(0))], "the gateway", WHERE)
    assert not told.met
    assert told.came == (
        "ours O1: buy 300 of 700 at 10.5, open, 100 traded for 1000; "
        "theirs O1: buy 300 of 700 at 10.5, open, 0 traded for 0"
    )


def test_no_more_than_twelve_differences_are_told_and_the_last_twelve_orders_shown():
    lines = [line(number) for number in range(20)]
    told = checks.books_agree(lines, [], "the gateway", WHERE)
    assert [part.split(":")[1] for part in told.came.split("; ")] == [f" O{number}" for number in range(12)]
    assert [part.split(":")[0] for part in told.details] == [f"O{number}" for number in range(8, 20)]


# ------------------------------------------------------------------ numbers, heartbeats


def test_numbers_that_agree_are_told_of_both_sides():
    assert checks.numbers_agree(Day(5, 9), Day(9, 5), WHERE) == Check(
        what="sequence numbers",
        where=WHERE,
        expected="both sides at the same numbers",
        came="ours 5, theirs 9; the gateway has 5 and 9",
        met=True,
    )


@pytest.mark.parametrize("theirs", [Day(9, 6), Day(8, 5), Day(5, 9)])
def test_numbers_that_differ_in_one_direction_do_not_agree(theirs):
    assert not checks.numbers_agree(Day(5, 9), theirs, WHERE).met


@pytest.mark.parametrize(("sent", "heard", "met"), [(3, 3, True), (4, 5, True), (2, 3, False), (3, 2, False)], ids=str)
def test_each_side_has_to_be_heard_as_often_as_the_time_brings(sent, heard, met):
    assert checks.kept_alive(Beats(kept_s=62.5, sent=sent, heard=heard, expected=3), WHERE) == Check(
        what="heartbeats",
        where=WHERE,
        expected="3 from each side in 62.5 s",
        came=f"{heard} heard, {sent} sent",
        met=met,
        next_step="look at the line for loss, and ask whether the gateway is up",
    )


# ------------------------------------------------------------------ the end

LEFT = Logout(GATEWAY, answered=True, their_side_closed=True, our_side_closed=True, waited_s=59.7)
ENDED = Check(
    what="logout",
    where=WHERE,
    expected="a logout that is answered, and a connection closed on both sides",
    came="the logout was answered; the gateway closed its side; ours is closed",
    met=True,
    next_step="ask the exchange's desk whether the session is still open there",
)


def test_a_logout_that_is_answered_and_closed_on_both_sides_is_well():
    assert checks.closed(LEFT, WHERE) == ENDED


@pytest.mark.parametrize(
    ("changed", "came"),
    [
        ({"answered": False}, "no answer to the logout in 60 s; the gateway closed its side; ours is closed"),
        ({"their_side_closed": False}, "the logout was answered; the gateway kept open its side; ours is closed"),
        ({"our_side_closed": False}, "the logout was answered; the gateway closed its side; ours is open"),
    ],
)
def test_a_logout_of_which_a_part_is_missing_is_told(changed, came):
    assert checks.closed(replace(LEFT, **changed), WHERE) == structs.replace(ENDED, came=came, met=False)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"status": 4}, "it said nothing, status 4"),
        ({"text": "bye"}, "it said bye, status None"),
        ({"status": 4, "text": "bye"}, "it said bye, status 4"),
    ],
)
def test_what_the_gateway_said_at_the_logout_is_told(changed, said):
    assert checks.closed(replace(LEFT, **changed), WHERE).came == f"{ENDED.came}; {said}"


# ------------------------------------------------------------------ a session for the login alone


def said(*kinds: Kind) -> Transcript:
    transcript = Transcript()
    for kind in kinds:
        transcript.add(Role.INITIATOR, kind)
    return transcript


def test_a_login_and_a_logout_alone_are_counted():
    assert checks.login_only(said(Kind.LOGON, Kind.HEARTBEAT, Kind.HEARTBEAT, Kind.LOGOUT), WHERE) == Check(
        what="messages of the session",
        where=WHERE,
        expected="session messages alone: logon, heartbeats, logout",
        came="4 messages, all of the session itself",
        met=True,
        next_step="find out what sent it: the circular limits this participant to the login",
        details=("the participant: Logon, 1", "the participant: Heartbeat, 2", "the participant: Logout, 1"),
    )


def test_business_in_a_session_for_the_login_alone_is_told():
    transcript = said(Kind.LOGON, Kind.NEW_ORDER)
    transcript.add(Role.ACCEPTOR, Kind.EXECUTION_REPORT)
    told = checks.login_only(transcript, WHERE)
    assert told.came == "the participant: New Order, 1; the gateway: Execution Report, 1"
    assert not told.met


def test_a_session_in_which_nothing_was_said_proves_nothing():
    assert not checks.login_only(said(), WHERE).met
