"""The comparisons a failover between sites, and retransmission, are put to: what meets each, and what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.omd import checks_failover
from pytest_hkexprt.systems.omd.channels import Feed
from pytest_hkexprt.systems.omd.facts import Answer, FailoverFacts

WHERE = "omd/primary OMD-C"
DONE = FailoverFacts(10.0, 11.0, 13.0, (30,), {30: 14.0})
ANSWER = Answer("omd/primary 10.1.90.82:55455", "primary", 30, 5, 9, 0, "accepted", 5)


@pytest.mark.parametrize(
    ("failover", "came"),
    [
        (FailoverFacts(), "no signal within 6 s"),
        (replace(DONE, completed_s=None), "in progress, and nothing else for 6 s"),
        (DONE, "in progress, and completed 2.0 s later"),
    ],
)
def test_the_signal_is_told_as_far_as_it_came(failover, came):
    check = checks_failover.signalled(failover, 6.0, 1.0, WHERE)
    assert (check.came, check.met) == (came, failover.completed_s is not None)


@pytest.mark.parametrize(
    ("feed", "heartbeats", "messages", "met"),
    [
        (Feed.OMD_C, 3, 0, True),
        (Feed.OMD_C, 0, 1, False),
        (Feed.OMD_CC, 0, 0, True),
        (Feed.OMD_CC, 3, 0, False),
    ],
)
def test_heartbeats_in_an_interruption_are_allowed_to_omd_c_alone(feed, heartbeats, messages, met):
    failover = replace(DONE, heartbeats_meanwhile=heartbeats, messages_meanwhile=messages)
    assert checks_failover.silent_meanwhile(feed, failover, WHERE).met is met


def test_every_channel_is_cleared_and_built_again():
    assert checks_failover.rebuilt(DONE, [30], WHERE).met
    check = checks_failover.rebuilt(DONE, [30, 10], WHERE)
    assert (check.met, check.details) == (False, ("channel 10: not cleared",))


def test_the_outage_is_from_the_last_packet_to_the_last_book():
    check = checks_failover.outage(DONE, 300.0, 1.0, WHERE)
    assert (check.met, check.came) == (True, "4.0 s from the last packet to the last book")
    assert not checks_failover.outage(DONE, 3.0, 1.0, WHERE).met


def test_a_scaled_outage_says_what_it_stands_for():
    check = checks_failover.outage(DONE, 5.0, 60.0, WHERE)
    assert check.came.startswith("4.00 s of the rehearsal, which stand for 240 s")


def test_an_outage_that_has_not_ended_is_not_within_anything():
    assert not checks_failover.outage(replace(DONE, rebuilt={}), 300.0, 1.0, WHERE).met


def test_an_answer_is_one_when_every_message_came():
    assert checks_failover.answered(ANSWER, WHERE).met
    assert not checks_failover.answered(replace(ANSWER, messages=4), WHERE).met
    assert not checks_failover.answered(replace(ANSWER, status=2, told="not available"), WHERE).met


def test_retransmission_is_served_by_the_site_that_should():
    assert checks_failover.served_by(ANSWER, Site.PRIMARY, WHERE).met
    check = checks_failover.served_by(ANSWER, Site.SECONDARY, WHERE)
    assert (check.met, check.came) == (False, "the primary site, omd/primary 10.1.90.82:55455: accepted")


# ------------------------------------------------------------------ said in full

SIGNALLED = Check(
    what="disaster recovery signal",
    where=WHERE,
    expected="first that the failover is in progress, then that it is completed",
    came="in progress, and completed 2.0 s later",
    met=True,
)


def test_a_signal_that_came_whole():
    assert checks_failover.signalled(DONE, 6.0, 1.0, WHERE) == SIGNALLED


def test_a_signal_that_came_in_scaled_time():
    told = checks_failover.signalled(DONE, 6.0, 60.0, WHERE)
    assert told.came == "in progress, and completed 2.00 s of the rehearsal, which stand for 120 s later"


@pytest.mark.parametrize(
    ("changed", "came"),
    [
        ({"signalled_s": None, "completed_s": None}, "no signal within 6.12 s"),
        ({"completed_s": None}, "in progress, and nothing else for 6.12 s"),
    ],
)
def test_a_signal_that_did_not_come_whole(changed, came):
    told = checks_failover.signalled(replace(DONE, **changed), 6.123, 1.0, WHERE)
    next_step = "ask the exchange whether the failover is going on"
    assert told == structs.replace(SIGNALLED, came=came, met=False, next_step=next_step)


def test_a_completion_without_a_beginning_is_no_signal():
    assert not checks_failover.signalled(replace(DONE, signalled_s=None), 6.0, 1.0, WHERE).met


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        (Feed.OMD_C, "no message; heartbeats alone, or nothing at all"),
        (Feed.OMD_CC, "no message and no heartbeat"),
    ],
)
def test_what_an_interruption_should_be_like_depends_on_the_feed(feed, expected):
    assert checks_failover.silent_meanwhile(feed, DONE, WHERE) == Check(
        what="real-time channels during the interruption",
        where=WHERE,
        expected=expected,
        came="0 messages and 0 heartbeats",
        met=True,
    )


@pytest.mark.parametrize("feed", list(Feed))
def test_a_message_in_an_interruption_is_a_fault_in_both_feeds(feed):
    told = checks_failover.silent_meanwhile(feed, replace(DONE, messages_meanwhile=2, heartbeats_meanwhile=3), WHERE)
    assert (told.came, told.met, told.next_step) == ("2 messages and 3 heartbeats", False, "")


def test_without_a_signal_there_is_no_interruption_to_look_at():
    told = checks_failover.silent_meanwhile(Feed.OMD_C, replace(DONE, signalled_s=None), WHERE)
    assert (told.met, told.next_step) == (False, "there was no signal to tell the interruption by")


REBUILT = Check(
    what="books after the failover",
    where=WHERE,
    expected="those of 1 channels cleared, and built again from whole snapshots",
    came="1 of 1 cleared, 1 of 1 built again",
    met=True,
)


def test_books_that_stand_again():
    assert checks_failover.rebuilt(DONE, [30], WHERE) == REBUILT


def test_books_that_do_not_stand_again_are_told_by_channel():
    failover = replace(DONE, cleared=(30, 10))
    assert checks_failover.rebuilt(failover, [30, 10, 5], WHERE) == structs.replace(
        REBUILT,
        expected="those of 3 channels cleared, and built again from whole snapshots",
        came="2 of 3 cleared, 1 of 3 built again",
        met=False,
        next_step="look whether the refresh channels are joined, and whether their snapshots end",
        details=("channel 5: not cleared", "channel 10: no whole snapshot came"),
    )


def test_no_channel_is_none_built_again():
    assert not checks_failover.rebuilt(DONE, [], WHERE).met


OUTAGE = Check(
    what="outage",
    where=WHERE,
    expected="at most 4.0 s",
    came="4.0 s from the last packet to the last book",
    met=True,
)


def test_an_outage_of_just_the_objective():
    assert checks_failover.outage(DONE, 4.0, 1.0, WHERE) == OUTAGE


def test_an_outage_longer_than_the_objective():
    assert checks_failover.outage(DONE, 3.0, 1.0, WHERE) == structs.replace(
        OUTAGE, expected="at most 3.0 s", met=False, next_step="report the times to the exchange"
    )


def test_an_outage_that_goes_on():
    assert checks_failover.outage(replace(DONE, completed_s=None), 4.0, 1.0, WHERE) == structs.replace(
        OUTAGE, came="it has not ended", met=False, next_step="report the times to the exchange"
    )


def test_an_objective_in_scaled_time():
    told = checks_failover.outage(DONE, 5.0, 60.0, WHERE)
    assert told.expected == "at most 5.00 s of the rehearsal, which stand for 300 s"


ANSWERED = Check(
    what="retransmission request",
    where=WHERE,
    expected="messages 5 to 9 of channel 30",
    came="accepted; 5 of 5 messages, from omd/primary 10.1.90.82:55455",
    met=True,
)


def test_a_request_that_was_granted_and_answered():
    assert checks_failover.answered(ANSWER, WHERE) == ANSWERED


def test_a_request_that_was_granted_and_answered_in_part():
    assert checks_failover.answered(replace(ANSWER, messages=4), WHERE) == structs.replace(
        ANSWERED, came="accepted; 4 of 5 messages, from omd/primary 10.1.90.82:55455", met=False
    )


def test_a_request_that_nobody_granted():
    answer = replace(ANSWER, endpoint="", status=None, told="no answer", messages=0)
    assert checks_failover.answered(answer, WHERE) == structs.replace(
        ANSWERED,
        came="no answer; 0 of 5 messages, from nobody",
        met=False,
        next_step="compare user, addresses and channels with what the exchange granted",
    )


SERVED = Check(
    what="site that serves retransmission",
    where=WHERE,
    expected="the primary site",
    came="the primary site, omd/primary 10.1.90.82:55455: accepted",
    met=True,
)


def test_the_right_site_that_answers():
    assert checks_failover.served_by(ANSWER, Site.PRIMARY, WHERE) == SERVED


def test_the_wrong_site_that_answers():
    told = checks_failover.served_by(ANSWER, Site.SECONDARY, WHERE)
    next_step = "look at [omd.OMD-C.addresses] secondary, and ask who should serve"
    assert told == structs.replace(SERVED, expected="the secondary site", met=False, next_step=next_step)


def test_a_site_that_refuses():
    told = checks_failover.served_by(replace(ANSWER, status=2, told="not available"), Site.PRIMARY, WHERE)
    assert told == structs.replace(SERVED, came="not available", met=False)
