"""Addresses, Comp IDs and passwords of tests, all on loopback with ports of the system's choice."""

from __future__ import annotations

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp.floor import Member
from pytest_hkexprt.systems.otp.pace import Pace
from pytest_hkexprt.systems.otp.password import Password
from pytest_hkexprt.systems.otp.simulator_ports import Service

FIRST, SECOND, COPY = "CO99999901", "CO99999903", "CO99999902"
BROKERS = {FIRST: "1234", SECOND: "1235", COPY: "1234"}
PASSWORD = Password("Abcd1234")
PACE = Pace(0.05)
BCAN = "1234.5678901234"


def ports() -> dict[Service, list[Endpoint]]:
    """Return two addresses of each service at each site; port 0 lets the system choose."""
    hosts = {Site.PRIMARY: "127.0.2.41", Site.SECONDARY: "127.51.100.41"}
    return {service: [Endpoint("otp", site, hosts[site], 0) for site in Site for _ in range(2)] for service in Service}


def members(**changes) -> list[Member]:
    """Return the firm's Comp IDs as the exchange has them on file."""
    return [Member(comp_id, broker, drop_copy=comp_id == COPY, **changes) for comp_id, broker in BROKERS.items()]
