"""IP addresses and networks in text: is this one, does it lie there."""

from __future__ import annotations

import ipaddress


def is_number(host: str) -> bool:
    """Return whether a host is an address and no name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def within(host: str, network: str) -> bool:
    """Return whether a host is an address in a network (``192.0.2.0/24``); a name, or no network, is in none."""
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
