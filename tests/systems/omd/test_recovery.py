"""What is asked for again, within what is granted; and the DR signal."""

from __future__ import annotations

import pytest

from pytest_hkexprt.errors import RemoteProtocolError, compose
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.codec import CODECS, build
from pytest_hkexprt.systems.omd.events import Why as Noticed
from pytest_hkexprt.systems.omd.gaps import Gap
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.recovery import Beyond, Dr, DrAction, DrSignal, Limits, Request, Requests, Why

KNOWN = 200_000


def gap(first: int, last: int, opened_s: float = 0.0) -> Gap:
    return Gap(first, last, opened_s, Line.A, Noticed.PACKET)


def response(request: Request, status: int):
    return build(
        Type.RETRANSMISSION_RESPONSE,
        ChannelID=request.channel,
        RetransStatus=status,
        BeginSeqNum=request.begin,
        EndSeqNum=request.end,
    )


@pytest.fixture
def requests():
    return Requests(patience_s=0.5, answer_s=5.0)


def test_the_limits_are_the_published_ones():
    limits = Limits()
    assert (limits.newest, limits.range, limits.per_day) == (50_000, 10_000, 1_000)
    assert (limits.logon_s, limits.heartbeat_s, limits.echo_s) == (5, 30, 5)


def test_a_gap_is_left_to_the_other_line_at_first(requests):
    assert requests.plan(30, [gap(199_990, 199_995, 10.0)], KNOWN, 10.4).requests == ()
    assert requests.plan(30, [gap(199_990, 199_995, 10.0)], KNOWN, 10.5).requests == (Request(30, 199_990, 199_995),)


def test_a_request_is_written_as_published():
    # size 16, type 201 (C9); channel 30 (1E); filler; from 500 (01F4) to 501
    assert CODECS[201].encode(Request(30, 500, 501).message()) == bytes.fromhex("1000c9001e000000f4010000f5010000")


def test_a_gap_longer_than_a_request_may_be_takes_several(requests):
    plan = requests.plan(30, [gap(160_001, 185_000)], KNOWN, 1.0)
    assert plan.requests == (
        Request(30, 160_001, 170_000),
        Request(30, 170_001, 180_000),
        Request(30, 180_001, 185_000),
    )
    assert requests.used == 3


def test_gaps_near_one_another_take_one_request_and_gaps_far_apart_two(requests):
    near = [gap(190_000, 190_001), gap(190_102, 190_102), gap(190_204, 190_204)]
    assert requests.plan(30, near, KNOWN, 1.0).requests == (
        Request(30, 190_000, 190_102),
        Request(30, 190_204, 190_204),
    )


def test_what_is_older_than_the_newest_fifty_thousand_is_beyond_and_the_rest_is_asked_for(requests):
    plan = requests.plan(30, [gap(149_000, 150_500)], KNOWN, 1.0)
    assert plan.beyond == (Beyond(30, 149_000, 150_000, Why.TOO_OLD),)
    assert plan.requests == (Request(30, 150_001, 150_500),)


def test_a_gap_of_just_the_oldest_that_can_be_had_is_asked_for(requests):
    plan = requests.plan(30, [gap(150_001, 150_001)], KNOWN, 1.0)
    assert (plan.requests, plan.beyond) == ((Request(30, 150_001, 150_001),), ())
    plan = requests.plan(30, [gap(150_000, 150_000)], KNOWN, 1.0)
    assert (plan.requests, plan.beyond) == ((), (Beyond(30, 150_000, 150_000, Why.TOO_OLD),))


def test_a_gap_of_just_the_longest_range_takes_one_request(requests):
    assert requests.plan(30, [gap(160_001, 170_000)], KNOWN, 1.0).requests == (Request(30, 160_001, 170_000),)


def test_what_was_asked_for_another_channel_is_not_forgotten_with_this_ones_gaps(requests):
    gaps = [gap(199_990, 199_995)]
    requests.plan(30, gaps, KNOWN, 1.0)
    requests.plan(31, [gap(5, 6)], 10, 1.0)
    assert requests.plan(30, gaps, KNOWN, 1.1).requests == ()


def test_what_was_asked_for_is_forgotten_with_its_gap(requests):
    requests.plan(30, [gap(199_990, 199_995)], KNOWN, 1.0)
    requests.plan(30, [gap(199_998, 199_999)], KNOWN, 1.0)
    (again,) = requests.plan(30, [gap(199_990, 199_995)], KNOWN, 1.1).requests
    assert again == Request(30, 199_990, 199_995)


@pytest.mark.parametrize("left", [(199_990, 199_990), (199_995, 199_995)])
def test_what_was_asked_for_is_under_way_while_one_message_of_it_is_missing(requests, left):
    requests.plan(30, [gap(199_990, 199_995)], KNOWN, 1.0)
    assert requests.plan(30, [gap(*left)], KNOWN, 1.1).requests == ()


def test_what_is_under_way_is_not_asked_for_again(requests):
    gaps = [gap(199_990, 199_995)]
    assert requests.plan(30, gaps, KNOWN, 1.0).requests
    assert requests.plan(30, gaps, KNOWN, 5.9) == requests.plan(31, [], KNOWN, 5.9)


def test_what_is_not_answered_is_asked_for_once_more_and_then_beyond(requests):
    gaps = [gap(199_990, 199_995)]
    requests.plan(30, gaps, KNOWN, 1.0)
    assert requests.plan(30, gaps, KNOWN, 6.0).requests == (Request(30, 199_990, 199_995),)
    assert requests.plan(30, gaps, KNOWN, 10.9).beyond == ()
    assert requests.plan(30, gaps, KNOWN, 11.0).beyond == (Beyond(30, 199_990, 199_995, Why.NO_ANSWER),)


def test_what_came_in_part_is_asked_for_in_part(requests):
    requests.plan(30, [gap(199_990, 199_995)], KNOWN, 1.0)
    (again,) = requests.plan(30, [gap(199_994, 199_995)], KNOWN, 6.0).requests
    assert again == Request(30, 199_994, 199_995)
    assert requests.answered(response(again, 0)) == 0


@pytest.mark.parametrize(
    ("status", "why"),
    [(1, Why.UNKNOWN_CHANNEL), (2, Why.NOT_AVAILABLE), (100, Why.TOO_LONG), (101, Why.TOO_MANY)],
)
def test_what_is_refused_is_beyond_and_says_why(requests, status, why):
    gaps = [gap(199_990, 199_995)]
    (request,) = requests.plan(30, gaps, KNOWN, 1.0).requests
    assert requests.answered(response(request, status)) == status
    assert requests.plan(30, gaps, KNOWN, 1.1).beyond == (Beyond(30, 199_990, 199_995, why),)


def test_requests_of_all_channels_count_together_until_the_next_day():
    requests = Requests(Limits(per_day=2))
    assert requests.plan(30, [gap(1, 1)], 9, 1.0).requests
    assert requests.plan(31, [gap(1, 1)], 9, 1.0).requests
    assert requests.plan(32, [gap(1, 1)], 9, 1.0).beyond == (Beyond(32, 1, 1, Why.TOO_MANY),)
    requests.new_day()
    assert requests.used == 0
    assert requests.plan(32, [gap(1, 1)], 9, 1.0).requests


def test_an_answer_after_the_gap_was_filled_is_taken(requests):
    (request,) = requests.plan(30, [gap(199_990, 199_995)], KNOWN, 1.0).requests
    requests.plan(30, [], KNOWN, 1.1)
    assert requests.answered(response(request, 0)) == 0


def test_an_answer_to_nothing_is_an_error_of_the_server(requests):
    with pytest.raises(RemoteProtocolError) as fault:
        requests.answered(response(Request(30, 1, 2), 0))
    assert str(fault.value) == compose(
        "the retransmission server's answer about channel 30, 1 to 2",
        expected="an answer to a request of ours",
        came="one to none of them",
    )


def test_a_status_that_is_not_published_is_an_error_of_the_server(requests):
    (request,) = requests.plan(30, [gap(199_990, 199_995)], KNOWN, 1.0).requests
    with pytest.raises(RemoteProtocolError) as fault:
        requests.answered(response(request, 7))
    assert str(fault.value) == compose(
        "the retransmission server's answer about channel 30, 199990 to 199995",
        expected="status 0, 1, 2, 100 or 101",
        came="7",
    )


def test_another_server_is_asked_anew(requests):
    gaps = [gap(199_990, 199_995)]
    requests.plan(30, gaps, KNOWN, 1.0)
    requests.lost_server()
    assert requests.plan(30, gaps, KNOWN, 1.1).requests == (Request(30, 199_990, 199_995),)


def signal(status: int):
    return build(Type.DR_SIGNAL, DRStatus=status)


def test_the_first_signal_clears_the_second_rebuilds_and_repetitions_do_nothing():
    dr = DrSignal()
    actions = [dr.take(signal(status), at) for at, status in enumerate((1, 1, 2, 2, 2), 10)]
    assert actions == [DrAction.CLEAR, None, DrAction.REBUILD, None, None]
    assert (dr.began_s, dr.completed_s, dr.signals) == (10, 12, 5)


def test_whoever_comes_after_the_failover_rebuilds_at_once():
    dr = DrSignal()
    assert dr.take(signal(2), 5.0) is DrAction.REBUILD
    assert dr.state is Dr.COMPLETED


def test_a_second_failover_clears_again():
    dr = DrSignal()
    for status in (1, 2):
        dr.take(signal(status), 0.0)
    assert dr.take(signal(1), 99.0) is DrAction.CLEAR
    assert dr.completed_s is None


def test_how_long_the_end_is_waited_for_is_known():
    dr = DrSignal()
    assert dr.waiting_s(400.0) == 0
    dr.take(signal(1), 100.0)
    assert dr.waiting_s(400.0) == 300
    dr.take(signal(2), 401.0)
    assert dr.waiting_s(500.0) == 0


def test_a_signal_of_another_status_is_an_error_of_the_publisher():
    with pytest.raises(RemoteProtocolError) as fault:
        DrSignal().take(signal(3), 0.0)
    assert str(fault.value) == compose("the DR signal", expected="status 1 or 2", came="3")
