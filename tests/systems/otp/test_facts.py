"""What a connection brought to light, counted and put into words."""

from __future__ import annotations

import pytest

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp.facts import Logon, RoundTrips, Transcript, round_trips
from pytest_hkexprt.systems.otp.messages import Kind, Role
from pytest_hkexprt.systems.otp.words import SessionStatus

GATEWAY = Endpoint("otp", Site.PRIMARY, "10.1.1.1", 9001)


@pytest.mark.parametrize(
    ("status", "text", "told"),
    [
        (SessionStatus.ACTIVE, "", "status 0, active"),
        (SessionStatus.ACCOUNT_LOCKED, "sorry", "status 6, account locked (sorry)"),
        (77, "", "status 77, a status no document has"),
        (None, "closed", "closed"),
        (None, "", "no answer"),
    ],
)
def test_a_status_is_told_in_words(status, text, told):
    assert Logon(GATEWAY, "CO1", status, text).told == told


def test_who_said_what_is_counted():
    transcript = Transcript()
    for who, kind in (
        (Role.INITIATOR, Kind.LOGON),
        (Role.ACCEPTOR, Kind.LOGON),
        (Role.INITIATOR, Kind.NEW_ORDER),
        (Role.INITIATOR, Kind.NEW_ORDER),
    ):
        transcript.add(who, kind)
    assert transcript.said(Role.INITIATOR, Kind.NEW_ORDER) == 2
    assert transcript.said(Role.ACCEPTOR, Kind.NEW_ORDER) == 0
    assert transcript.told() == ["the participant: Logon, 1", "the gateway: Logon, 1", "the participant: New Order, 2"]
    assert transcript.business() == ["the participant: New Order, 2"]


def test_no_round_trip_has_no_figures():
    assert round_trips([]) is None


@pytest.mark.parametrize(
    ("times_s", "figures"),
    [
        ([0.5], RoundTrips(1, 500, 500, 500)),
        ([0.25, 0.75, 0.5], RoundTrips(3, 500, 750, 750)),
        ([number / 1024 for number in range(40)], RoundTrips(40, 19.5 / 1.024, 38 / 1.024, 39 / 1.024)),
    ],
)
def test_round_trips_have_a_median_a_95th_percentile_and_a_greatest(times_s, figures):
    assert round_trips(times_s) == figures


def test_round_trips_are_told_in_milliseconds():
    told = str(RoundTrips(3, 1.5, 2.25, 3.125))
    assert told == "3 requests: median 1.50 ms, 95th percentile 2.25 ms, greatest 3.12 ms"
