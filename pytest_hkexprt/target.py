"""From system, site and target to addresses.

The published addresses are a circular's; a participant file may put others in their place (a test host, a relay), and
a rehearsal puts a loopback mirror in theirs. What stands where is part of the endpoint, so that evidence can say it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pytest_hkexprt.circular import split_address
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Circular, Endpoint, Site

LOOPBACK = 127


def endpoints(
    circular: Circular, replaced: Mapping[Site, Sequence[str]], system: str, site: Site
) -> tuple[Endpoint, ...]:
    """Return the addresses of a system at a site: the participant's where given, else the circular's.

    Args:
        circular: whose addresses are published.
        replaced: the participant file's own addresses, site to ``host:port`` texts.
        system: the system's name.
        site: the site.

    Raises:
        UsageFault: a replaced address is not ``host:port``.
    """
    published = tuple(each for each in circular.endpoints if each.system == system and each.site is site)
    if not replaced.get(site):
        return published
    chosen = []
    for number, address in enumerate(replaced[site]):
        host, port = split_address(address)
        if port is None:
            raise UsageFault(f"[{system}.addresses] {site}", expected="host:port", came=repr(address))
        for_ = published[number].address if number < len(published) else ""
        chosen.append(Endpoint(system, site, host, port, published=for_, origin="participant file"))
    return tuple(chosen)


def mirror(endpoint: Endpoint) -> Endpoint:
    """Return the loopback address that mirrors a published one: ``127.152.14.121`` for ``10.152.14.121``.

    An address that is a name, or not IPv4, is mirrored by ``127.0.0.1`` with any port.
    """
    try:
        octets = ipaddress.IPv4Address(endpoint.host).exploded.split(".")
    except ValueError:
        return replace(endpoint, host="127.0.0.1", port=0, published=endpoint.address, origin="simulator")
    return replace(
        endpoint, host=".".join([str(LOOPBACK), *octets[1:]]), published=endpoint.address, origin="simulator"
    )
