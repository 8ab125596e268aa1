"""The certificates of a rehearsal: one authority of its own, one certificate a site, and the faulty ones of drills."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import ssl
from collections.abc import Collection

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.ccass.drills import CERTIFICATES, Drill

BEGINS, ENDS = dt.datetime(2020, 1, 1), dt.datetime(2039, 12, 31)
ENDED = dt.datetime(2020, 12, 31)
OWNER = "SIMULATOR, no real certificate"
OTHER_NAME = "www.ccass.example"


class Certificates:
    """An authority and what it issued for one host name.

    Args:
        name: the host's.
        drills: the faults.
    """

    def __init__(self, name: str, drills: Collection[str] = ()) -> None:
        self._name = name
        self._authority = trustme.CA(organization_name=OWNER, organization_unit_name="rehearsal authority")
        self._issued = {site: self._issue(self._authority, site, name) for site in Site}
        self._faulty = next((drill for drill in CERTIFICATES if drill in drills), None)

    @property
    def authority_pem(self) -> bytes:
        """The authority's certificate: whoever trusts it verifies the sites' for real."""
        return self._authority.cert_pem.bytes()

    @property
    def fingerprints(self) -> dict[Site, str]:
        """What a participant pins: the SHA-256 of each site's own certificate."""
        return {site: hashlib.sha256(_der(leaf)).hexdigest() for site, leaf in self._issued.items()}

    @property
    def keys(self) -> tuple[str, ...]:
        """SHA-256 of the public keys of the sites' own certificates, base64: what the rehearsal's browser takes."""
        return tuple(base64.b64encode(hashlib.sha256(_key(leaf)).digest()).decode() for leaf in self._issued.values())

    def context(self, site: Site, *, faulty: bool) -> ssl.SSLContext:
        """Return what a site serves with; a drill's certificate where there is one and it is wanted."""
        leaf = self._issued[site]
        if faulty and self._faulty:
            leaf = self._issue_faulty(site)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf.configure_cert(context)
        return context

    def _issue_faulty(self, site: Site) -> trustme.LeafCert:
        if self._faulty is Drill.CERT_UNKNOWN_ISSUER:
            stranger = trustme.CA(organization_name=OWNER, organization_unit_name="an authority nobody knows")
            return self._issue(stranger, site, self._name)
        if self._faulty is Drill.CERT_EXPIRED:
            return self._issue(self._authority, site, self._name, ends=ENDED)
        return self._issue(self._authority, site, OTHER_NAME if self._faulty is Drill.CERT_WRONG_NAME else self._name)

    @staticmethod
    def _issue(authority: trustme.CA, site: Site, name: str, ends: dt.datetime = ENDS) -> trustme.LeafCert:
        return authority.issue_cert(
            name,
            common_name=name,
            organization_name=OWNER,
            organization_unit_name=f"{site} data centre",
            not_before=BEGINS,
            not_after=ends,
        )


def _parsed(leaf: trustme.LeafCert) -> x509.Certificate:
    return x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes())


def _der(leaf: trustme.LeafCert) -> bytes:
    return _parsed(leaf).public_bytes(Encoding.DER)


def _key(leaf: trustme.LeafCert) -> bytes:
    return _parsed(leaf).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
