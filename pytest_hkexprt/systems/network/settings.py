"""The ``[network]`` and ``[line]`` tables of the participant file, with types, and a line's stand-in for a rehearsal.

How a service greets is said by the service's own ``system.toml``; a participant whose address is a relay that greets
otherwise says so here.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pytest_hkexprt.model import Participant, Site
from pytest_hkexprt.reading import Table, near, tell
from pytest_hkexprt.systems.network.facts import ParticipantLine

TIMEOUT_S = 5.0
"""Long enough for the second repetition of a lost first packet, three seconds after it (RFC 6298)."""
CONNECTS = 3
"""Few: a server may count strangers that hang up (OpenSSH's MaxStartups)."""
MOST_CONNECTS = 100
GENERATED = ParticipantLine("SDNET", "192.0.2.0/24", "192.0.2.10", "the rehearsal")
"""The line of a rehearsal without a participant file; its addresses are for documentation (RFC 5737)."""
WIDEST = 16
"""Bits of the widest subnet on loopback, so that there is always an address outside it."""
STAND_INS: Mapping[Site, tuple[str, ...]] = {
    Site.PRIMARY: ("192.0.2.41:16001", "192.0.2.42:16001"),
    Site.SECONDARY: ("198.51.100.41:16001", "198.51.100.42:16001"),
}
"""What a rehearsal dials where the circular publishes no address; of networks kept for documentation (RFC 5737)."""
HOST = 10
"""Which address of a subnet a rehearsal dials from, where none is configured."""


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """How the line is looked at."""

    timeout_s: float = TIMEOUT_S
    """How long one connect, or a greeting, may take."""
    connects: int = CONNECTS
    """How often each address is dialled."""
    slowest_connect_ms: float = 0.0
    """What the median connect may take; 0 for no limit."""
    greetings: Mapping[str, str] = field(default_factory=dict)
    """System to how its greeting begins, over what the system itself says; empty for one that waits."""


def read(data: Mapping[str, object], path: Path) -> NetworkSettings:
    """Return the settings a ``[network]`` table describes.

    Args:
        data: the table as read.
        path: the participant file, for messages.

    Raises:
        UsageFault: a key is unknown or of the wrong type; the message has all of them.
    """
    table = Table(dict(data), "network")
    below = table.table("greetings")
    connects = table.number("connects", CONNECTS)
    settings = NetworkSettings(
        timeout_s=table.number("timeout_s", TIMEOUT_S),
        connects=int(connects),
        slowest_connect_ms=table.number("slowest_connect_ms", 1.0) if "slowest_connect_ms" in data else 0.0,
        greetings={} if below is None else {system: below.text(system) for system in below.keys()},  # noqa: SIM118  Table is no mapping: keys() also counts them as asked for
    )
    table.table("addresses")  # read by :func:`replaced`, for this system as for the others
    if connects != int(connects) or not 1 <= connects <= MOST_CONNECTS:
        table.wrong("connects", f"expected a whole number from 1 to {MOST_CONNECTS}, came {connects!r}")
    table.unknown()
    tell(path, table.mistakes)
    return settings


def line_of(participant: Participant, roles: Collection[str] = ()) -> ParticipantLine:
    """Return the participant's line; of a generated participant, a rehearsal's own.

    Args:
        participant: whose.
        roles: whom the circular is for; a subscriber of the hosting network comes over that.
    """
    if participant.generated:
        return replace(GENERATED, name="HSN") if {*roles} == {"HSN"} else GENERATED
    return ParticipantLine(participant.line, participant.subnet, participant.source_address)


def replaced(participant: Participant, system: str) -> dict[Site, tuple[str, ...]]:
    """Return the addresses the participant put in place of the circular's, site by site.

    Raises:
        UsageFault: they are no lists of texts, or belong to no site.
    """
    raw = {key: value for key, value in participant.systems.get(system, {}).items() if key == "addresses"}
    table = Table(raw, system)
    below = table.table("addresses")
    found: dict[Site, tuple[str, ...]] = {}
    if below is not None:
        found = {site: words for site in Site if (words := below.words(site))}
        for other in below.keys():  # noqa: SIM118  as above
            if other not in tuple(Site):
                below.wrong(other, f"unknown site; expected {' or '.join(Site)}{near(other, Site)}")
    tell(participant.path or Path(), table.mistakes)
    return found


def mirror(line: ParticipantLine) -> ParticipantLine:
    """Return a line's stand-in on loopback: ``127.0.2.0/24`` for ``192.0.2.0/24``.

    What the participant does not say stays unsaid; its address is then one of :data:`GENERATED`'s.
    """
    network = _ipv4_network(line.subnet) or ipaddress.IPv4Network(GENERATED.subnet)
    bits = max(network.prefixlen, WIDEST)
    on_loopback = ipaddress.IPv4Network((_loopback(network.network_address), bits))
    try:
        source = _loopback(ipaddress.IPv4Address(line.source_address))
    except ValueError:
        source = on_loopback[min(HOST, on_loopback.num_addresses - 1)]
    return ParticipantLine(line.name, line.subnet and str(on_loopback), str(source), line.said_in)


def outside(line: ParticipantLine) -> str:
    """Return an address of loopback that no mirrored line's subnet holds."""
    network = ipaddress.IPv4Network(line.subnet or GENERATED.subnet)
    return str(
        _loopback(ipaddress.IPv4Address(int(ipaddress.IPv4Address(line.source_address)) ^ network.num_addresses))
    )


def _ipv4_network(text: str) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(text, strict=False)
    except ValueError:
        return None


def _loopback(address: ipaddress.IPv4Address) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(bytes([127, *address.packed[1:]]))
