"""What a check of who answers tells its reader, word for word: address, certificate, and the site behind them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.ccass import checks
from pytest_hkexprt.systems.ccass.facts import Trust
from tests.systems.ccass.samples import NETWORKS, OURS, PINS, STRANGE, TERMINAL, THEIRS, answered, certificate, served
from tests.systems.told import told

SECOND = replace(TERMINAL, host="www2.ccass.com", port=8443)
OWN = "next take the address out of [ccass.addresses] of hkexprt.toml, or set it to the circular's"


def test_an_address_is_told_with_the_circulars_and_what_it_resolved_to():
    several = replace(answered(), addresses=("10.151.1.1:443", "10.151.1.2:443"))
    assert told(checks.address(several, [TERMINAL, SECOND])) == "\n".join(
        [
            "ccass/primary: address of the terminals: met",
            "expected https://www.ccass.com:443 or www2.ccass.com:8443",
            "came https://www.ccass.com, at 10.151.1.1:443",
            "  resolved to 10.151.1.1:443, 10.151.1.2:443",
            OWN,
        ]
    )


def test_an_address_no_circular_gives_is_told_with_where_it_is_from():
    assert told(checks.address(answered(), [])) == "\n".join(
        [
            "ccass/primary: address of the terminals: met",
            "expected https://www.ccass.com",
            "came https://www.ccass.com, at 10.151.1.1:443",
            "  resolved to 10.151.1.1:443",
            "  the circular gives no address; this is from circular",
            OWN,
        ]
    )


ANOTHER = "another certificate, trusted"
CERTIFICATE = [
    "  subject CN=www.ccass.com",
    "  issuer CN=an authority",
    "  for www.ccass.com",
    "  valid from 2024-01-01T00:00:00Z to 2025-01-01T00:00:00Z",
]
PIN = (
    "next ask the hotline, by another way than the line, whether the certificate was renewed; "
    "then pin it: [ccass.certificates] primary"
)


@pytest.mark.parametrize(
    ("shown", "pins", "met", "expected", "came"),
    [
        (OURS, PINS, "met", f", SHA-256 {OURS}", "trusted"),
        (OURS, {}, "met", "", "trusted"),
        (STRANGE, PINS, "not met", f", SHA-256 {OURS}", ANOTHER),
        (STRANGE, {Site.PRIMARY: (OURS, THEIRS)}, "not met", f", SHA-256 {OURS} or {THEIRS}", ANOTHER),
        (STRANGE, {Site.SECONDARY: (THEIRS,)}, "not met", f", SHA-256 {THEIRS}", ANOTHER),
    ],
    ids=["pinned", "none pinned", "another", "two pinned", "pinned for the other site"],
)
def test_a_trusted_certificate_is_told_with_what_it_says_and_what_is_pinned(shown, pins, met, expected, came):
    assert told(checks.certificate(answered(shown), pins)) == "\n".join(
        [
            f"ccass/primary www.ccass.com (10.151.1.1:443): certificate: {met}",
            f"expected one trusted for www.ccass.com{expected}",
            f"came {came}, SHA-256 {shown}",
            *CERTIFICATE,
            PIN,
        ]
    )


def test_a_certificate_that_is_not_trusted_is_told_with_why_and_what_to_do():
    check = checks.certificate(answered(STRANGE, trust=Trust.EXPIRED, told="it has expired"), PINS)
    assert told(check) == "\n".join(
        [
            "ccass/primary www.ccass.com (10.151.1.1:443): certificate: not met",
            f"expected one trusted for www.ccass.com, SHA-256 {OURS}",
            f"came a certificate expired (it has expired), SHA-256 {STRANGE}",
            *CERTIFICATE,
            "next tell the hotline; look at this machine's date, too",
        ]
    )


def test_no_certificate_at_all_is_told_as_none():
    nothing = replace(answered(trust=Trust.UNTRUSTED, told="no TLS"), certificate=None)
    assert told(checks.certificate(nothing, {})) == "\n".join(
        [
            "ccass/primary www.ccass.com (10.151.1.1:443): certificate: not met",
            "expected one trusted for www.ccass.com",
            "came a certificate not trusted (no TLS), SHA-256 none",
            "next do not log on: tell the hotline what OpenSSL says of the certificate",
        ]
    )


@pytest.mark.parametrize(
    ("names", "line"),
    [((), "for no name"), (("a.example", "b.example"), "for a.example, b.example")],
    ids=["none", "two"],
)
def test_the_names_a_certificate_is_for_are_told(names, line):
    shown = replace(answered(), certificate=replace(certificate(), names=names))
    assert checks.certificate(shown, {}).details[2] == line


def site_told(met: str, *lines: str) -> str:
    head = [f"ccass/primary www.ccass.com: site that served the terminal: {met}", "expected the primary site"]
    return "\n".join([*head, *lines])


LOOK = "next look at the name server: the name leads to another site"


def test_the_site_that_served_is_told_with_what_tells_it():
    assert told(checks.served_by(answered(), served(), PINS, NETWORKS)) == site_told(
        "met",
        "came the primary site",
        f"  certificate {OURS}: of the primary site",
        "  address 10.151.1.1:443: of the primary site",
        LOOK,
    )


def test_two_certificates_and_a_relay_are_told():
    check = checks.served_by(answered(), served(THEIRS, "127.0.0.1:5000", via="10.151.1.1:443"), PINS, NETWORKS)
    assert told(check) == site_told(
        "not met",
        "came the secondary and the primary site, by two certificates",
        f"  certificate {THEIRS}: of the secondary site",
        "  address 10.151.1.1:443: of the primary site",
        "  the browser's own peer is the rehearsal's relay, 127.0.0.1:5000",
        f"  the browser was shown another certificate than this machine, {OURS}",
        LOOK,
    )


def test_a_site_that_is_neither_is_told():
    check = checks.served_by(answered(STRANGE), served(STRANGE, "192.0.2.1:443"), PINS, NETWORKS)
    assert told(check) == site_told(
        "not met",
        "came a site that is neither",
        f"  certificate {STRANGE}: of neither site",
        "  address 192.0.2.1:443: of neither site",
        LOOK,
    )


def test_what_is_not_known_and_not_configured_is_told():
    nothing = replace(answered(), certificate=None)
    assert told(checks.served_by(nothing, served("", ""), {}, {Site.PRIMARY: ()})) == site_told(
        "not met",
        "came nothing tells: neither certificates nor networks of the sites are configured",
        "  certificate unknown: not configured",
        "  address unknown: not configured",
        "  the browser was shown another certificate than this machine, none",
        "next write what tells the sites apart into hkexprt.toml: [ccass.certificates] or [ccass.networks]",
    )


def test_a_certificate_both_sites_share_is_told_to_be_of_both():
    both = {Site.PRIMARY: (OURS,), Site.SECONDARY: (OURS,)}
    check = checks.served_by(answered(), served(), both, {})
    assert check.met
    assert check.details[0] == f"certificate {OURS}: of the primary and secondary site"


def test_a_site_with_no_pins_of_its_own_is_told_by_the_others():
    check = checks.served_by(answered(), served(), {Site.SECONDARY: (THEIRS,)}, {Site.PRIMARY: NETWORKS[Site.PRIMARY]})
    assert (check.met, check.came) == (False, "the primary site")


def test_an_empty_fingerprint_is_of_no_site():
    check = checks.served_by(answered(), served(""), {Site.PRIMARY: ("",)}, NETWORKS)
    assert check.details[0] == "certificate unknown: of neither site"


@pytest.mark.parametrize(
    ("peer", "network", "lies"),
    [
        ("10.151.1.1:443", "10.151.0.0/16", True),
        ("10.151.1.1:443", "10.151.1.99/16", True),
        ("10.152.1.1:443", "10.151.0.0/16", False),
        ("[2001:db8::1]:443", "2001:db8::/32", True),
        ("[fe80::1%eth0]:443", "fe80::/10", True),
        ("2001:db8::1:443", "2001:db8::1/128", True),
        ("", "10.151.0.0/16", False),
        ("10.151.1.1:443", "no network", False),
    ],
)
def test_an_address_lies_in_a_network_or_not(peer, network, lies):
    assert checks.within(peer, network) is lies
