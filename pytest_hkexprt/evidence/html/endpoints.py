"""The endpoints of a session: what the circular names, what was dialled in its stead, and what proved who answered.

A session names the circular's addresses; an exchange names what was dialled, and for which address. Who reads the
evidence needs both in one line, and the key that proves who answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pytest_hkexprt.evidence.html.view import EndpointView
from pytest_hkexprt.evidence.record import EndpointRecord, ExchangeRecord

HOST_KEY = "host key"
"""The fact of an exchange that holds the key an endpoint proved itself with; never the user's own key."""

CERTIFICATE, SUBJECT, DIGEST = "certificate", "subject", "SHA-256"
"""Those that hold what was made of a server's certificate, whose it is, and its fingerprint."""


def seen_at(named: Sequence[EndpointRecord], said: Sequence[ExchangeRecord]) -> tuple[EndpointView, ...]:
    """Return the endpoints a session names, then any others that were talked to, each with the host keys seen there."""
    keys: dict[EndpointRecord, dict[str, None]] = {endpoint: {} for endpoint in named}
    contacted: dict[EndpointRecord, EndpointRecord] = {}
    for exchange in said:
        if "/" not in exchange.endpoint.partition(" ")[0]:
            continue  # not over the network: a file, a person
        dialled = _endpoint(exchange.endpoint)
        mine = next((each for each in keys if _same(each, dialled)), dialled)
        contacted.setdefault(mine, dialled)
        seen = keys.setdefault(mine, {})
        if key := _proof(exchange.facts):
            seen[key] = None
    systems = {endpoint.system for endpoint in named}
    views: list[EndpointView] = []
    unnamed: dict[tuple[str, str], list[EndpointRecord]] = {}
    for each, seen in keys.items():
        at, published = contacted.get(each, each), each.system in systems
        if each in named or seen or published:
            views.append(EndpointView(at, tuple(seen), each in contacted, each in named, published))
        else:
            unnamed.setdefault((at.system, at.site), []).append(at)
    for first, *more in unnamed.values():
        views.append(EndpointView(first, (), contacted=True, listed=False, published=False, more=tuple(more)))
    return tuple(views)


def _proof(facts: Mapping[str, str]) -> str:
    """Return the host key or the certificate that an endpoint showed; empty where an exchange names none."""
    if CERTIFICATE in facts and DIGEST in facts:
        who = f"{facts[SUBJECT]}, " if facts.get(SUBJECT) else ""
        return f"{who}{facts[CERTIFICATE]}, SHA-256 {facts[DIGEST]}"
    return facts.get(HOST_KEY, "")


def _endpoint(text: str) -> EndpointRecord:
    """Return what an endpoint printed as ``system/site host:port (for host:port)`` says; see ``model.Endpoint``."""
    where, _, address = text.partition(" ")
    system, _, site = where.partition("/")
    address, _, published = address.partition(" (for ")
    return EndpointRecord(system=system, site=site, address=address, published=published.removesuffix(")"), origin="")


def _same(named: EndpointRecord, dialled: EndpointRecord) -> bool:
    """Whether what was dialled is an endpoint the session names, or stands in for it."""
    if (named.system, named.site) != (dialled.system, dialled.site):
        return False
    return named.address == dialled.address or dialled.published in (named.address, named.published or named.address)
