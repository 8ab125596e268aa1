"""The comparisons a visit to the terminals makes, as pure functions that yield a check each.

Values of tables and contents of reports are compared and never shown: a check tells rows, dates, sizes and digests.

Source: the SEHK Options Clearing House on the relocation of the CCASS secondary data centre, 2021, its table; and on
the upgrade of CCASS and CCMS, 2024, its table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from pytest_hkexprt import addresses
from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.ccass.facts import (
    Answered,
    Download,
    Enquiry,
    Listed,
    Logon,
    Logout,
    Served,
    Trust,
)
from pytest_hkexprt.systems.ccass.text import beginning, folded

SHOWN = 10
"""Names a line shows; more are counted."""
TRUST_NEXT = {
    Trust.EXPIRED: "tell the hotline; look at this machine's date, too",
    Trust.NOT_YET_VALID: "look at this machine's date; tell the hotline",
    Trust.UNKNOWN_ISSUER: "do not log on: ask the hotline whose certificate that is; a proxy may show its own",
    Trust.WRONG_NAME: "do not log on: another server answers; look at the name server",
    Trust.UNTRUSTED: "do not log on: tell the hotline what OpenSSL says of the certificate",
}
Pins = Mapping[Site, Sequence[str]]
"""Site to the SHA-256 fingerprints of its certificates."""


def address(answered: Answered, published: Sequence[Endpoint]) -> Check:
    """Compare the name in use with the circular's, and tell what it resolved to."""
    wanted = [f"{each.host}:{each.port}" for each in published]
    used = answered.endpoint.address
    return Check(
        what="address of the terminals",
        where=f"ccass/{answered.endpoint.site}",
        expected=f"https://{' or '.join(wanted) or used}".removesuffix(":443"),
        came=f"https://{used}".removesuffix(":443") + f", at {answered.peer}",
        met=not wanted or used in wanted or answered.endpoint.origin == "participant file",
        next_step="take the address out of [ccass.addresses] of hkexprt.toml, or set it to the circular's",
        details=(
            f"resolved to {', '.join(answered.addresses)}",
            *(() if wanted else (f"the circular gives no address; this is from {answered.endpoint.origin}",)),
        ),
    )


def certificate(answered: Answered, pins: Pins) -> Check:
    """Compare the certificate with what is to be trusted: chain, name, validity, and the pinned fingerprint."""
    shown, site = answered.certificate, answered.endpoint.site
    every = [pin for each in Site for pin in pins.get(each, ())]
    sha256 = shown.sha256 if shown else "none"
    details = []
    if shown is not None:
        details = [f"subject {shown.subject}", f"issuer {shown.issuer}", f"for {', '.join(shown.names) or 'no name'}"]
        details.append(f"valid from {shown.begins} to {shown.ends}")
    trusted = answered.trust is Trust.TRUSTED
    known = not every or sha256 in every
    came = f"{answered.trust}, SHA-256 {sha256}"
    if not trusted:
        came = f"a certificate {answered.trust} ({answered.told}), SHA-256 {sha256}"
    elif not known:
        came = f"another certificate, trusted, SHA-256 {sha256}"
    wanted = f", SHA-256 {' or '.join(pins.get(site) or every)}" if every else ""
    return Check(
        what="certificate",
        where=f"ccass/{site} {answered.endpoint.host} ({answered.peer})",
        expected=f"one trusted for {answered.endpoint.host}{wanted}",
        came=came,
        met=trusted and known,
        next_step=TRUST_NEXT.get(answered.trust)
        or "ask the hotline, by another way than the line, whether the certificate was renewed; then pin it: "
        f"[ccass.certificates] {site}",
        details=tuple(details),
    )


def logged_on(logon: Logon) -> Check:
    """State that the terminal granted the logon, and who did what for it."""
    return Check(
        what="logon",
        where=at(logon.endpoint, logon.terminal),
        expected="granted",
        came=f"granted to {logon.user}" + (f"; {logon.by_person}" if logon.by_person else ""),
        met=True,
    )


def terminal_open(logon: Logon) -> Check:
    """Compare what the terminal shows after the logon with one that is open for business."""
    notice = f"it says {beginning(logon.notice)!r}" if logon.notice else "it says nothing"
    return Check(
        what=f"{logon.terminal} after the logon",
        where=at(logon.endpoint, logon.terminal),
        expected="its functions",
        came="its functions" if logon.is_open else f"none of them; {notice}",
        met=logon.is_open,
        next_step="ask the hotline of the circular whether the terminal is to be open now",
    )


def notice(logon: Logon, text: str) -> Check:
    """Compare what a closed terminal says with the message the circular announces; being let in is not what it says."""
    said = folded(logon.notice)
    came = f"{said!r}" if said else "no message"
    if logon.is_open:
        came = "its functions: it let the user in" + (f", and says {said!r}" if said else "")
    return Check(
        what=f"message of {logon.terminal}",
        where=at(logon.endpoint, logon.terminal),
        expected=f"{text!r}, and no functions",
        came=came,
        met=text in said and not logon.is_open,
        next_step="look at the picture, and tell the hotline of the circular what is shown",
    )


def served_by(answered: Answered, served: Served, pins: Pins, networks: Mapping[Site, Sequence[str]]) -> Check:
    """Compare who served the browser with the session's site: by its certificate, and by its address.

    Args:
        answered: who this machine's own TLS was answered by.
        served: who served the browser's page.
        pins: the sites' certificates.
        networks: the networks the sites' addresses lie in.
    """
    site = answered.endpoint.site
    peer = served.via or served.peer
    by_certificate = [each for each in Site if served.sha256 and served.sha256 in pins.get(each, ())]
    by_address = [each for each in Site if any(within(peer, network) for network in networks.get(each, ()))]
    told = [f"certificate {served.sha256 or 'unknown'}: {_sites(by_certificate, pins)}"]
    told.append(f"address {peer or 'unknown'}: {_sites(by_address, networks)}")
    if served.via:
        told.append(f"the browser's own peer is the rehearsal's relay, {served.peer}")
    same = answered.certificate is not None and answered.certificate.sha256 == served.sha256
    if not same:
        shown = answered.certificate.sha256 if answered.certificate else "none"
        told.append(f"the browser was shown another certificate than this machine, {shown}")
    known = [kinds for kinds, said in ((by_certificate, pins), (by_address, networks)) if any(said.values())]
    where = {each for kinds in known for each in kinds}
    met = bool(known) and same and all(site in kinds for kinds in known)
    if not known:
        came = "nothing tells: neither certificates nor networks of the sites are configured"
    elif where:
        came = f"the {' and the '.join(sorted(where, reverse=True))} site" + ("" if same else ", by two certificates")
    else:
        came = "a site that is neither"
    return Check(
        what="site that served the terminal",
        where=f"ccass/{site} {answered.endpoint.host}",
        expected=f"the {site} site",
        came=came,
        met=met,
        next_step="look at the name server: the name leads to another site"
        if known
        else "write what tells the sites apart into hkexprt.toml: [ccass.certificates] or [ccass.networks]",
        details=tuple(told),
    )


def enquiry(found: Enquiry, business_date: dt.date, owner: str) -> Check:
    """Compare a table of production data with the participant's own of the last business date.

    Args:
        found: the table.
        business_date: the last business date.
        owner: whose it should be; empty where the terminal does not say.
    """
    came = [f"{len(found.rows)} rows", f"as of {found.as_of or beginning(found.as_of_text) or 'no date'}"]
    expected = ["rows", f"as of {business_date}"]
    fits = bool(found.rows) and found.as_of == business_date
    if owner:
        expected.append(f"of {owner}")
        came.append(f"of {beginning(found.owner) or 'nobody'}")
        fits = fits and found.owner == owner
    return Check(
        what=f"production data in {found.terminal}",
        where=at(found.endpoint, found.terminal),
        expected=", ".join(expected),
        came=", ".join(came),
        met=fits,
        next_step="look at the date and the account of the enquiry; tell the hotline what is missing",
        details=(f"columns: {', '.join(found.columns)}", f"SHA-256 of columns and rows {found.sha256}"),
    )


def listed(found: Sequence[Listed], report: Listed | None, pattern: str, where: str) -> Check:
    """State that the list has the report to be downloaded."""
    return Check(
        what="report in the list",
        where=where,
        expected=pattern,
        came=report.name if report else f"none of that name among {len(found)}",
        met=report is not None,
        next_step="look at wanted of the page description; ask the hotline when the report is made",
        details=() if report else tuple(each.name for each in found[:SHOWN]),
    )


def complete(download: Download, faults: Sequence[str], form_known: bool) -> Check:
    """Compare a download with its entry in the list, and with the form reports have."""
    wrong = []
    if download.suggested != download.listed:
        wrong.append(f"it came with the name {beginning(download.suggested)!r}")
    if download.listed_bytes is not None and download.listed_bytes != download.size_bytes:
        wrong.append(f"{download.listed_bytes:,} bytes are listed")
    if not download.size_bytes:
        wrong.append("it is empty")
    expected = "the report listed, whole"
    if form_known:
        expected += ": control header, records of one length, control trailer, checksum"
    return Check(
        what=f"download of {download.listed}",
        where=at(download.endpoint, download.terminal),
        expected=expected,
        came=f"{download.size_bytes:,} bytes, SHA-256 {download.sha256}"
        + "".join(f"; {fault}" for fault in [*wrong, *faults[:SHOWN]])
        + (f"; and {len(faults) - SHOWN} faults more" if len(faults) > SHOWN else ""),
        met=not wrong and not faults,
        next_step="download it again; if it is the same again, tell the hotline",
        details=() if form_known else ("its form inside is not known to the page description, and was not looked at",),
    )


def closed(logout: Logout) -> Check:
    """Compare how a session ended with one that is over on both sides."""
    came = [f"it says {beginning(logout.said)!r}" if logout.ended else "it does not say that one is logged off"]
    came.append("a page of the session wants a logon" if logout.asks_again else "a page of the session still opens")
    return Check(
        what=f"session of {logout.terminal} after the logout",
        where=at(logout.endpoint, logout.terminal),
        expected="logged off, and a page of the session wants a logon",
        came="; ".join(came),
        met=logout.ended and logout.asks_again,
        next_step="a session left open may keep its user out; ask the hotline to end it",
    )


def at(endpoint: Endpoint, terminal: str) -> str:
    """Return where a terminal is, for messages."""
    return f"{endpoint} {terminal}"


def _sites(found: Sequence[Site], said: Mapping[Site, Sequence[str]]) -> str:
    if not any(said.values()):
        return "not configured"
    return f"of the {' and '.join(found)} site" if found else "of neither site"


def within(peer: str, network: str) -> bool:
    """Return whether a ``host:port`` lies in a network."""
    return addresses.within(peer.rpartition(":")[0].strip("[]"), network)
