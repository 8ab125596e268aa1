"""Who answers under a name, verified by OpenSSL; certificates told apart by kind."""

from __future__ import annotations

import socket
import subprocess

import pytest

from pytest_hkexprt.errors import Unreachable
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems import transport
from pytest_hkexprt.systems.ccass import client_tls
from pytest_hkexprt.systems.ccass.facts import Trust

NAME = Endpoint("ccass", Site.PRIMARY, "www.ccass.com", 443)


def look(simulator, **more):
    more = {"resolve": simulator.resolve, "authority": simulator.certificates.authority_pem} | more
    return client_tls.look(NAME, timeout_s=20, **more)


def test_a_sites_own_certificate_is_trusted_and_read(standing):
    standing.begin(Site.PRIMARY)
    found = look(standing)
    assert (found.trust, found.peer) == (Trust.TRUSTED, standing.addresses[Site.PRIMARY].address)
    assert found.certificate.sha256 == standing.certificates.fingerprints[Site.PRIMARY]
    assert found.certificate.names == ("www.ccass.com",)


def test_a_fingerprint_is_the_one_openssl_prints(standing, tmp_path):
    at = standing.addresses[Site.PRIMARY]
    shown = subprocess.run(
        ["openssl", "s_client", "-connect", at.address, "-servername", NAME.host],
        input=b"",
        capture_output=True,
        check=False,
        timeout=60,
    ).stdout
    printed = subprocess.run(
        ["openssl", "x509", "-noout", "-fingerprint", "-sha256"], input=shown, capture_output=True, check=True
    ).stdout.decode()
    assert printed.strip().partition("=")[2].replace(":", "").lower() == look(standing).certificate.sha256


@pytest.mark.parametrize(
    ("drill", "trust"),
    [
        ("certificate-expired", Trust.EXPIRED),
        ("certificate-unknown-issuer", Trust.UNKNOWN_ISSUER),
        ("certificate-wrong-name", Trust.WRONG_NAME),
        ("certificate-changed", Trust.TRUSTED),
    ],
)
def test_a_bad_certificate_is_told_by_its_kind(simulate, drill, trust):
    simulator = simulate(drill)
    found = look(simulator)
    assert found.trust is trust
    assert found.certificate.sha256 != simulator.certificates.fingerprints[Site.PRIMARY]


def test_the_systems_own_authorities_do_not_know_a_rehearsals(standing):
    assert look(standing, authority=None).trust is Trust.UNKNOWN_ISSUER


def test_a_name_that_moves_is_found_at_its_new_address(standing):
    standing.begin(Site.PRIMARY)
    standing.fail_over()
    assert look(standing).peer == standing.addresses[Site.SECONDARY].address
    standing.begin(Site.PRIMARY)


def test_an_unknown_name_is_told():
    with pytest.raises(transport.NameUnknown, match="no such host"):
        client_tls.look(Endpoint("ccass", Site.PRIMARY, "no-such-host.invalid", 443), timeout_s=5)


def test_a_second_address_is_dialled_where_the_first_refuses(standing):
    at = standing.addresses[Site.PRIMARY]
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and nobody listens
        both = lambda *_: (bound.getsockname(), (at.host, at.port))  # noqa: E731  a resolver
        assert look(standing, resolve=both).peer == at.address


def test_what_speaks_no_tls_is_told():
    with socket.create_server(("127.0.0.1", 0)) as plain:
        plain.listen()
        name = Endpoint("ccass", Site.PRIMARY, "127.0.0.1", plain.getsockname()[1])
        with pytest.raises(Unreachable, match="speaks TLS"):
            client_tls.look(name, timeout_s=0.3)


def test_no_name_but_the_rehearsals_is_known_to_it(standing):
    with pytest.raises(OSError, match="not known"):
        standing.resolve("www.hkex.com.hk", 443)
