"""Each comparison of a session is met where it should be, and is not where one thing is otherwise."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp import checks
from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.deals import Deal, DealStanding
from pytest_hkexprt.systems.otp.facts import Beats, Found, Logon, Logout, Transcript, round_trips
from pytest_hkexprt.systems.otp.lines import Line, Unasked
from pytest_hkexprt.systems.otp.messages import Kind, Role
from pytest_hkexprt.systems.otp.orders import Orders
from pytest_hkexprt.systems.otp.session_day import Day
from pytest_hkexprt.systems.otp.words import SessionStatus, Side

HERE, THERE = (Endpoint("otp", site, host, 1) for site, host in zip(Site, ("127.0.0.1", "127.0.0.2"), strict=True))
KNOWN, OTHER = (HERE.address,), (THERE.address,)
LINE = Line("1", "7", "700", Side.BUY, Decimal(100), Decimal("388.6"), Standing.FILLED, Decimal(100), Decimal(38860))
DEAL = Deal("M1", "5", "700", Side.SELL, Decimal(100), Decimal("388.6"), "1235", DealStanding.CONFIRMED)
LOGON = Logon(HERE, "CO1", 0, granted=True)
LOGOUT = Logout(HERE, answered=True, their_side_closed=True, our_side_closed=True, waited_s=0)


@pytest.mark.parametrize(
    ("gateways", "site", "met"),
    [
        ((HERE,), Site.PRIMARY, True),
        ((THERE,), Site.PRIMARY, False),
        ((HERE,), Site.SECONDARY, False),
        ((), Site.PRIMARY, False),
    ],
    ids=["its own", "the other site's", "told at the other site", "none"],
)
def test_gateways_are_the_sites_own(gateways, site, met):
    found = Found(gateways=gateways, site=site)
    assert checks.gateways_found(found, Site.PRIMARY, KNOWN, OTHER, "here").met is met


@pytest.mark.parametrize(
    ("changes", "met"),
    [
        ({}, True),
        ({"status": SessionStatus.PASSWORD_DUE_TO_EXPIRE, "text": "3"}, True),
        ({"status": SessionStatus.OTHER}, False),
        ({"granted": False}, False),
        ({"status": None, "granted": False}, False),
    ],
)
def test_a_logon_is_granted_with_a_good_status(changes, met):
    assert checks.logged_on(replace(LOGON, **changes), "here").met is met


def test_a_password_that_is_due_to_expire_is_remarked():
    due = replace(LOGON, status=SessionStatus.PASSWORD_DUE_TO_EXPIRE, text="3")
    assert "the password is due to expire: 3" in checks.logged_on(due, "here").details


@pytest.mark.parametrize("wrong", ["faults", "unasked", "refused"])
def test_reports_are_sound_unless_something_is_wrong_with_them(wrong):
    orders = Orders("1234")
    assert checks.reports_sound(orders, "here").met
    getattr(orders, wrong).append(Unasked("1", 104) if wrong == "unasked" else "something")
    assert not checks.reports_sound(orders, "here").met


@pytest.mark.parametrize(
    "changes",
    [
        {"traded": Decimal(0)},
        {"value": Decimal(0)},
        {"standing": Standing.CANCELLED},
        {"quantity": Decimal(200)},
        {"price": Decimal(1)},
        {"cl_ord_id": "2"},
        {"order_id": "8"},
        {"side": Side.SELL},
        {"security": "5"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_books_agree_in_every_column_or_not_at_all(changes):
    assert checks.books_agree([LINE], [LINE], "the exchange", "here").met
    assert not checks.books_agree([LINE], [replace(LINE, **changes)], "the exchange", "here").met


@pytest.mark.parametrize(("ours", "theirs"), [((), (LINE,)), ((LINE,), ())])
def test_an_order_that_one_book_lacks_is_told(ours, theirs):
    assert "only" in checks.books_agree(ours, theirs, "the exchange", "here").came


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": Decimal(200)},
        {"price": Decimal(1)},
        {"standing": DealStanding.REPORTED},
        {"trade_id": "M2"},
        {"report_id": "6"},
        {"counterparty": "1236"},
        {"side": Side.BUY},
        {"kind": 4},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_trades_agree_in_every_column_or_not_at_all(changes):
    assert checks.trades_agree([DEAL], [DEAL], "the exchange", "here").met
    assert not checks.trades_agree([DEAL], [replace(DEAL, **changes)], "the exchange", "here").met


@pytest.mark.parametrize(("next_out", "next_in", "met"), [(3, 5, True), (4, 5, False), (3, 6, False)])
def test_sequence_numbers_agree_both_ways(next_out, next_in, met):
    check = checks.numbers_agree(Day(next_out=3, next_in=5), Day(next_out=next_in, next_in=next_out), "here")
    assert check.met is met


@pytest.mark.parametrize(("sent", "heard", "met"), [(2, 2, True), (2, 1, False), (1, 2, False)])
def test_a_session_is_kept_by_heartbeats_of_both_sides(sent, heard, met):
    assert checks.kept_alive(Beats(40, sent, heard, 2), "here").met is met


@pytest.mark.parametrize("missing", ["answered", "their_side_closed", "our_side_closed"])
def test_a_session_is_closed_when_all_is(missing):
    assert checks.closed(LOGOUT, "here").met
    assert not checks.closed(replace(LOGOUT, **{missing: False}), "here").met


@pytest.mark.parametrize("who", Role)
def test_a_login_holds_no_business_of_either_side(who):
    transcript = Transcript()
    assert not checks.login_only(transcript, "here").met  # nothing ran is never green
    for kind in (Kind.LOOKUP_REQUEST, Kind.LOGON, Kind.HEARTBEAT, Kind.LOGOUT):
        transcript.add(who, kind)
    assert checks.login_only(transcript, "here").met
    transcript.add(who, Kind.EXECUTION_REPORT)
    assert not checks.login_only(transcript, "here").met


@pytest.mark.parametrize(
    ("endpoint", "site", "met"),
    [(HERE, Site.PRIMARY, True), (THERE, Site.PRIMARY, False), (HERE, Site.SECONDARY, False)],
)
def test_after_a_failover_the_wanted_sites_gateway_serves(endpoint, site, met):
    assert checks.served_by(endpoint, site, Site.PRIMARY, KNOWN, "here").met is met


def test_round_trips_have_their_median_95th_percentile_and_greatest():
    found = round_trips([each / 1000 for each in range(100, 0, -1)])
    assert found is not None
    assert (found.count, found.median_ms, found.percentile_95_ms, found.greatest_ms) == (100, 50.5, 96, 100)
    assert str(found) == "100 requests: median 50.50 ms, 95th percentile 96.00 ms, greatest 100.00 ms"
    assert round_trips([]) is None
