"""The comparisons, with what the client would have seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.ccass import checks
from pytest_hkexprt.systems.ccass.facts import Listed, Trust
from tests.systems.ccass.samples import (
    FRIDAY,
    NETWORKS,
    OURS,
    PINS,
    STRANGE,
    TERMINAL,
    THEIRS,
    THURSDAY,
    answered,
    download,
    enquiry,
    logon,
    logout,
    served,
)

CLOSED = "Function not available"


def test_the_circulars_address_is_met_and_what_it_resolved_to_is_a_detail():
    check = checks.address(answered(), [TERMINAL])
    assert (check.met, check.expected) == (True, "https://www.ccass.com")
    assert check.details == ("resolved to 10.151.1.1:443",)


def test_another_name_than_the_circulars_is_not_met():
    other = replace(answered(), endpoint=Endpoint("ccass", Site.PRIMARY, "www.ccass.example", 443))
    assert not checks.address(other, [TERMINAL]).met


def test_a_participants_own_address_is_met_and_shown():
    endpoint = Endpoint("ccass", Site.PRIMARY, "relay.example", 8443, origin="participant file")
    check = checks.address(replace(answered(), endpoint=endpoint), [TERMINAL])
    assert (check.met, check.came) == (True, "https://relay.example:8443, at 10.151.1.1:443")


def test_where_a_circular_gives_no_address_that_is_told():
    assert "the circular gives no address" in checks.address(answered(), []).details[1]


def test_a_trusted_and_pinned_certificate_is_met():
    assert checks.certificate(answered(), PINS).met


def test_a_trusted_certificate_is_met_where_none_is_pinned():
    assert checks.certificate(answered(STRANGE), {}).met


def test_the_other_sites_pinned_certificate_is_a_known_one():
    assert checks.certificate(answered(THEIRS), PINS).met


def test_a_changed_certificate_shows_both_fingerprints():
    check = checks.certificate(answered(STRANGE), PINS)
    assert not check.met
    assert OURS in check.expected
    assert STRANGE in check.came


@pytest.mark.parametrize("trust", [each for each in Trust if each is not Trust.TRUSTED])
def test_a_certificate_that_is_not_trusted_is_told_by_kind(trust):
    check = checks.certificate(answered(trust=trust, told="OpenSSL's words"), PINS)
    assert not check.met
    assert f"a certificate {trust} (OpenSSL's words)" in check.came
    assert check.next_step == checks.TRUST_NEXT[trust]


def test_a_pin_does_not_make_an_expired_certificate_good():
    assert not checks.certificate(answered(trust=Trust.EXPIRED), PINS).met


def test_an_open_terminal_is_met_and_one_with_a_notice_alone_is_not():
    assert checks.terminal_open(logon()).met
    check = checks.terminal_open(logon(is_open=False, notice=CLOSED))
    assert (check.met, check.came) == (False, f"none of them; it says '{CLOSED}'")


def test_the_message_of_a_closed_terminal_is_met_with_its_chinese_beside_it():
    assert checks.notice(logon(is_open=False, notice=f"{CLOSED}\n功能暫停使用"), CLOSED).met


@pytest.mark.parametrize("notice", ["", "Batch processing", "function not available"])
def test_no_message_or_another_is_not_met(notice):
    assert not checks.notice(logon(is_open=False, notice=notice), CLOSED).met


def test_a_terminal_that_lets_the_user_in_is_not_met_whatever_it_says():
    check = checks.notice(logon(is_open=True, notice=CLOSED), CLOSED)
    assert (check.met, "it let the user in" in check.came) == (False, True)


def test_what_a_person_did_stands_in_the_logons_check():
    assert "a person" in checks.logged_on(logon(by_person="smartcard: done by a person")).came


def test_the_sessions_site_is_told_by_certificate_and_address():
    check = checks.served_by(answered(), served(), PINS, NETWORKS)
    assert (check.met, check.came) == (True, "the primary site")


@pytest.mark.parametrize(("pins", "networks"), [(PINS, {}), ({}, NETWORKS)])
def test_either_of_them_is_enough(pins, networks):
    assert checks.served_by(answered(), served(), pins, networks).met


def test_the_other_site_is_named():
    check = checks.served_by(answered(THEIRS), served(THEIRS, "10.152.1.1:443"), PINS, NETWORKS)
    assert (check.met, check.came) == (False, "the secondary site")


def test_a_certificate_of_one_site_at_an_address_of_the_other_is_not_met():
    check = checks.served_by(answered(), served(peer="10.152.1.1:443"), PINS, NETWORKS)
    assert (check.met, check.came) == (False, "the secondary and the primary site")


def test_without_anything_that_tells_the_sites_apart_nothing_is_proved():
    check = checks.served_by(answered(), served(), {}, {})
    assert not check.met
    assert "[ccass.certificates]" in check.next_step


def test_a_browser_that_was_shown_another_certificate_than_we_is_not_met():
    check = checks.served_by(answered(), served(STRANGE), {}, NETWORKS)
    assert not check.met
    assert any("another certificate than this machine" in detail for detail in check.details)


def test_an_address_behind_a_rehearsals_relay_is_the_one_that_counts():
    check = checks.served_by(answered(), served(peer="127.0.0.1:5000", via="10.151.1.1:443"), PINS, NETWORKS)
    assert check.met
    assert any("relay, 127.0.0.1:5000" in detail for detail in check.details)


def test_data_of_the_last_business_date_are_met_and_their_values_not_told():
    check = checks.enquiry(enquiry(), FRIDAY, "SIM00001")
    assert check.met
    assert "SIM01" not in f"{check.expected}{check.came}{check.details}"


def test_no_rows_another_date_and_another_owner_are_not_met():
    assert not checks.enquiry(enquiry(()), FRIDAY, "").met
    assert not checks.enquiry(enquiry(as_of=THURSDAY), FRIDAY, "").met
    assert not checks.enquiry(enquiry(as_of=None), FRIDAY, "").met
    assert not checks.enquiry(enquiry(owner="SIM09999"), FRIDAY, "SIM00001").met


def test_a_report_that_is_not_listed_is_not_met_and_what_is_listed_is_told():
    check = checks.listed([Listed(0, "OTHER.txt", 1)], None, "CCMDS01*", "here")
    assert (check.met, check.details) == (False, ("OTHER.txt",))


def test_a_whole_report_is_met():
    assert checks.complete(download(), (), form_known=True).met


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"suggested": "other.txt"}, "it came with the name 'other.txt'"),
        ({"size_bytes": 300}, "500 bytes are listed"),
        ({"size_bytes": 0, "listed_bytes": None}, "it is empty"),
    ],
)
def test_a_download_that_is_not_the_listed_one_is_not_met(changed, told):
    check = checks.complete(download(**changed), (), form_known=True)
    assert not check.met
    assert told in check.came


def test_faults_of_the_form_are_told():
    assert "no control trailer" in checks.complete(download(), ("no control trailer",), form_known=True).came


def test_a_form_nobody_knows_is_said_not_to_have_been_looked_at():
    assert "not looked at" in checks.complete(download(), (), form_known=False).details[0]


def test_a_session_is_closed_when_the_terminal_says_so_and_wants_a_logon_again():
    assert checks.closed(logout()).met
    assert not checks.closed(logout(ended=False)).met
    assert not checks.closed(logout(asks_again=False)).met
