"""The comparisons a look at the line makes, as pure functions that yield a check each.

The line's name cannot be seen on the wire: it is declared, and its check says so. Everything else is observed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pytest_hkexprt.addresses import within
from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Basis
from pytest_hkexprt.systems.network.facts import Answer, ParticipantLine, Probe, Service

LINES = ("HSN", "SDNET")
"""Through which participants reach the exchange."""
UNSAID = "not said"


def line_named(line: ParticipantLine, where: str) -> Check:
    """State the line the participant declares; no packet tells its name."""
    return Check(
        what="line",
        where=where,
        expected=f"{' or '.join(LINES)}, as the participant declares",
        came=f"{line.name}, says {line.said_in}" if line.name else UNSAID,
        met=line.name in LINES,
        basis=Basis.DECLARED,
        next_step='write [line] name = "SDNET" into hkexprt.toml',
    )


def local_addresses(line: ParticipantLine, probes: Sequence[Probe], where: str) -> Check:
    """Compare the addresses dialled from with the declared line's own subnet."""
    used = list(dict.fromkeys(probe.local for probe in probes if probe.local))
    inside = [address for address in used if line.subnet and within(address, line.subnet)]
    strays = [address for address in used if address not in inside]
    details = [f"{probe.address} was dialled from {probe.local}" for probe in probes if probe.local in strays]
    if not line.subnet:
        next_step = 'write the line\'s own network into hkexprt.toml: [line] subnet = "192.0.2.0/24"'
    else:
        next_step = f"look at the route: it leaves by another line than {line.name or 'the declared one'}"
    return Check(
        what="addresses dialled from",
        where=where,
        expected=f"addresses of {line.subnet}, the subnet of {line.name or 'the line'}"
        if line.subnet
        else "addresses of the line's subnet, which is not said",
        came=", ".join(used) or "none",
        met=bool(used) and not strays,
        next_step=next_step,
        details=tuple(details),
    )


def names(probes: Sequence[Probe], other_site: Collection[str], where: str) -> Check:
    """Compare what the names in use resolved to with the other site's addresses.

    Args:
        probes: of the session's site.
        other_site: the other site's addresses, in numbers, without ports.
        where: system and site.
    """
    named = [probe for probe in probes if probe.by_name]
    details, strays = [], []
    for probe in named:
        to = probe.address.rpartition(":")[0]
        if to in other_site:
            strays.append(f"{probe.endpoint.host} leads to {to}, an address of the other site")
        details.append(f"{probe.endpoint.host}: {to}" if to else f"{probe.endpoint.host}: {probe.told}")
    unknown = [f"{probe.endpoint.host}: {probe.told}" for probe in named if not probe.address]
    return Check(
        what="names of addresses",
        where=where,
        expected="each name leads to the session's site" if named else "addresses in numbers, or names of this site",
        came="; ".join([*strays, *unknown]) or "; ".join(details) or "addresses in numbers; nothing to resolve",
        met=not strays and not unknown,
        next_step="look at the name server: at a change of site it must answer anew, and old answers must be forgotten",
        details=tuple(details),
    )


def reachable(probes: Sequence[Probe], where: str) -> Check:
    """Compare what came of dialling with an open port at every address; what kept silent is told from what refused."""
    closed = [probe for probe in probes if probe.answer is not Answer.OPEN]
    return Check(
        what="addresses that accept connections",
        where=where,
        expected=f"all of {_count(len(probes), 'address')}",
        came=f"{len(probes) - len(closed)} of {len(probes)}"
        + "".join(f"; {_named(probe)}: {probe.answer} ({probe.told})" for probe in closed),
        met=bool(probes) and not closed,
        next_step="; ".join(dict.fromkeys(probe.next_step for probe in closed)),
        details=tuple(f"{_named(probe)}: {probe.answer}" for probe in probes),
    )


def services(probes: Sequence[Probe], where: str) -> Check:
    """Compare the first words of whoever answered with those of the service that should."""
    answered = [probe for probe in probes if probe.answer is Answer.OPEN]
    wrong = [probe for probe in answered if probe.service in (Service.OTHER, Service.MUTE)]
    wanted = dict.fromkeys(
        f"{probe.endpoint.system} greets with {probe.expects}…" for probe in answered if probe.expects
    )
    details = [f"{_named(probe)}: {probe.service}{probe.said and f' ({probe.said})'}" for probe in answered]
    return Check(
        what="services that answer",
        where=where,
        expected="; ".join(wanted) or "no greeting, from services that wait to be spoken to",
        came="; ".join(_who(probe) for probe in wrong) or f"{len(answered)} as expected",
        met=bool(answered) and not wrong,
        next_step="ask whose service stands at that address; a relay that greets otherwise belongs into "
        "hkexprt.toml, [network.greetings]",
        details=tuple(details),
    )


def steady(probes: Sequence[Probe], slowest_ms: float, where: str) -> Check:
    """Compare how many connects stood, and their median time with the limit, if any; record times and sizes."""
    failed = [probe for probe in probes if len(probe.times_s) < probe.attempts]
    slow = [probe for probe in probes if slowest_ms and probe.median_s * 1000 > slowest_ms]
    details = [
        f"{_named(probe)}: {probe.latency} (least / median / greatest); {packets(probe)}"
        for probe in probes
        if probe.times_s
    ]
    came = [
        f"{_named(probe)}: {len(probe.times_s)} of {probe.attempts}, {probe.later or probe.told}" for probe in failed
    ]
    came += [f"{_named(probe)}: median {probe.median_s * 1000:.2f} ms" for probe in slow]
    limit = f", the median within {slowest_ms:g} ms" if slowest_ms else ""
    return Check(
        what="repeated connects",
        where=where,
        expected=f"every connect stands{limit}",
        came="; ".join(came)
        or f"{sum(len(probe.times_s) for probe in probes)} of {sum(probe.attempts for probe in probes)}",
        met=bool(probes) and not failed and not slow,
        next_step="look at the line for loss or load, and ask whether the service limits connections",
        details=tuple(details),
    )


def packets(probe: Probe) -> str:
    """Return the packet sizes of a connection in words."""
    if probe.mtu_bytes is None:
        return "packet size not told by this system"
    segments = f", segments of {probe.mss_bytes:,}" if probe.mss_bytes else ""
    return f"path MTU {probe.mtu_bytes:,} bytes{segments}"


def _named(probe: Probe) -> str:
    endpoint = probe.endpoint
    shown = f"{endpoint.address} ({probe.address})" if probe.by_name and probe.address else endpoint.address
    return f"{shown} for {endpoint.published}" if endpoint.published not in ("", endpoint.address) else shown


def _who(probe: Probe) -> str:
    return f"{_named(probe)}: {probe.service}{probe.said and f', it said {probe.said}'}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 'es'}"
