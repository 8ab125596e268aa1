"""What each check of the way in tells, whole: which gateways, which logon, which site after a failover."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp import checks
from pytest_hkexprt.systems.otp.facts import Found, Logon, Try
from pytest_hkexprt.systems.otp.words import SessionStatus

WHERE = "otp/OTP-C primary"
FIRST, MIRROR = (Endpoint("otp", Site.PRIMARY, "10.1.1.1", port) for port in (9001, 9002))
ELSEWHERE = Endpoint("otp", Site.SECONDARY, "10.2.2.2", 9001)
HERE, THERE = (FIRST.address, MIRROR.address), (ELSEWHERE.address,)
CONNECTED, REFUSED = Try(FIRST, "connected", stood=True), Try(FIRST, "connection refused")

# ------------------------------------------------------------------ gateways

TOLD = Found((FIRST, MIRROR), Site.PRIMARY, (Try(FIRST, "told two gateways", stood=True),))
FOUND = Check(
    what="gateways",
    where=WHERE,
    expected="the gateways of the primary site: 10.1.1.1:9001, 10.1.1.1:9002",
    came="10.1.1.1:9001, 10.1.1.1:9002, told at the primary site",
    met=True,
    next_step="ask the exchange which site serves this session, and look at the lookup services' addresses",
    details=("10.1.1.1:9001: told two gateways",),
)


def compared(found: Found, known=HERE, other=THERE) -> Check:
    return checks.gateways_found(found, Site.PRIMARY, known, other, WHERE)


def test_the_sites_own_gateways_are_told():
    assert compared(TOLD) == FOUND


@pytest.mark.parametrize("known", [HERE, (HERE[0],), ()], ids=len)
def test_another_sites_gateway_is_a_stray(known):
    told = compared(replace(TOLD, gateways=(FIRST, ELSEWHERE)), known)
    assert told.came == "10.1.1.1:9001, 10.2.2.2:9001, told at the primary site; of another site: 10.2.2.2:9001"
    assert not told.met


def test_an_address_nobody_knows_is_a_stray_where_the_sites_own_are_known():
    told = compared(TOLD, known=HERE[:1], other=())
    assert told.came.endswith("; of another site: 10.1.1.1:9002")
    assert not told.met


def test_all_strays_are_listed():
    assert compared(TOLD, known=("10.9.9.9:1",)).came.endswith("site: 10.1.1.1:9001, 10.1.1.1:9002")


def test_where_no_gateway_is_known_the_lookup_is_believed_and_that_is_said():
    told = compared(TOLD, known=())
    details = (*FOUND.details, "whose a gateway is, only its lookup service tells: hkexprt.toml lists none")
    assert told == structs.replace(FOUND, expected="the gateways of the primary site", details=details)


def test_no_gateway_is_not_enough():
    assert not compared(replace(TOLD, gateways=())).met


def test_the_other_sites_lookup_service_is_not_enough():
    told = compared(replace(TOLD, site=Site.SECONDARY))
    assert told == structs.replace(FOUND, came=f"{', '.join(HERE)}, told at the secondary site", met=False)


def test_a_pool_that_begins_with_the_sites_own_is_well_though_it_ends_with_others():
    told = compared(Found((FIRST, ELSEWHERE), Site.PRIMARY, hunted=True))
    assert told == structs.replace(
        FOUND, came="10.1.1.1:9001, 10.2.2.2:9001, a pool to hunt through", met=True, details=()
    )


def test_a_pool_that_begins_with_the_other_sites_is_not():
    told = compared(Found((ELSEWHERE, FIRST), Site.PRIMARY, hunted=True))
    assert told.came == "10.2.2.2:9001, 10.1.1.1:9001, a pool to hunt through; of another site: 10.2.2.2:9001"
    assert not told.met


# ------------------------------------------------------------------ logon

LOGON = Logon(FIRST, "CO99999901", SessionStatus.ACTIVE, granted=True, tries=(CONNECTED,), next_out=2, next_in=7)
NUMBERS = "our numbers go on from 2, theirs from 7"
IN = Check(
    what="logon",
    where=WHERE,
    expected="status 0, active",
    came="status 0, active",
    met=True,
    next_step="ask the exchange's desk",
    details=("10.1.1.1:9001: connected", NUMBERS),
)


def test_an_active_session_is_told_with_the_address_and_the_numbers():
    assert checks.logged_on(LOGON, WHERE) == IN


@pytest.mark.parametrize(
    ("changed", "remark"),
    [
        ({"test": True}, "the gateway says that this is a test"),
        ({"test": False}, "the gateway says: production"),
        ({"changed_password": True}, "the password was changed: the next session needs the new one"),
    ],
)
def test_what_a_logon_says_beside_its_status_is_remarked_on(changed, remark):
    assert checks.logged_on(replace(LOGON, **changed), WHERE) == structs.replace(IN, details=(*IN.details, remark))


def test_a_logon_at_the_mirror_names_the_gateway_that_did_not_answer():
    mirror = replace(LOGON, tries=(REFUSED, Try(MIRROR, "connected", stood=True)))
    assert checks.logged_on(mirror, WHERE).details == (
        "10.1.1.1:9001: connection refused",
        "10.1.1.1:9002: connected",
        "10.1.1.1:9002 answered after others did not: 10.1.1.1:9001 (connection refused)",
        NUMBERS,
    )


@pytest.mark.parametrize("status", [SessionStatus.PASSWORD_CHANGED, SessionStatus.PASSWORD_DUE_TO_EXPIRE], ids=str)
def test_a_session_with_a_remark_on_the_password_is_active_too(status):
    assert checks.logged_on(replace(LOGON, status=status), WHERE).met


@pytest.mark.parametrize(
    ("changed", "came"),
    [
        ({"granted": False}, "status 0, active"),
        ({"status": SessionStatus.ACCOUNT_LOCKED, "text": "sorry"}, "status 6, account locked (sorry)"),
        ({"status": None, "granted": False, "text": "closed"}, "no logon: closed"),
        ({"status": None, "granted": False}, "no logon: no answer"),
        ({"status": 77, "granted": False}, "status 77, a status no document has"),
    ],
)
def test_a_logon_that_was_not_granted_is_told(changed, came):
    told = checks.logged_on(replace(LOGON, **changed), WHERE)
    assert (told.came, told.met) == (came, False)


def test_a_granted_logon_without_a_status_is_told_in_the_gateways_words():
    told = checks.logged_on(replace(LOGON, status=None, text="welcome"), WHERE)
    assert (told.came, told.met) == ("welcome", False)


@pytest.mark.parametrize("status", checks.ADVICE, ids=str)
def test_each_refusal_has_its_advice(status):
    assert checks.logged_on(replace(LOGON, status=status), WHERE).next_step == checks.ADVICE[status]


# ------------------------------------------------------------------ other gateways


def test_every_gateway_that_did_not_answer_is_named():
    tries = (REFUSED, Try(ELSEWHERE, "no answer"), Try(MIRROR, "connected", stood=True))
    assert checks.passed_over(tries) == [
        "10.1.1.1:9002 answered after others did not: 10.1.1.1:9001 (connection refused), 10.2.2.2:9001 (no answer)"
    ]


@pytest.mark.parametrize("tries", [(), (CONNECTED,), (REFUSED,)], ids=len)
def test_there_is_nothing_to_remark_on_where_all_answered_or_none(tries):
    assert checks.passed_over(tries) == []


def test_the_last_that_stood_is_named():
    assert checks.passed_over((CONNECTED, REFUSED, replace(CONNECTED, endpoint=MIRROR)))[0].startswith(MIRROR.address)


# ------------------------------------------------------------------ failover

SERVED = Check(
    what="gateway after the failover",
    where=WHERE,
    expected="a gateway of the secondary site: 10.2.2.2:9001",
    came="10.2.2.2:9001, told at the secondary site",
    met=True,
    next_step="look at the lookup services' answers in the evidence",
)


def served(endpoint: Endpoint = ELSEWHERE, found=Site.SECONDARY, known=THERE) -> Check:
    return checks.served_by(endpoint, found, Site.SECONDARY, known, WHERE)


def test_a_gateway_of_the_other_site_serves_after_a_failover():
    assert served() == SERVED


def test_where_no_gateway_is_known_the_lookup_is_believed_after_a_failover_too():
    assert served(known=()) == structs.replace(SERVED, expected="a gateway of the secondary site")


def test_the_old_sites_gateway_is_found_out():
    assert served(FIRST) == structs.replace(SERVED, came="10.1.1.1:9001, told at the secondary site", met=False)


def test_the_old_sites_lookup_service_is_found_out():
    assert not served(found=Site.PRIMARY).met


def test_all_known_gateways_are_listed():
    assert served(known=(*THERE, "10.2.2.2:9002")).expected.endswith("site: 10.2.2.2:9001, 10.2.2.2:9002")
