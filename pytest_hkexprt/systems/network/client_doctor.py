"""What a look at the line would fail of, found beforehand and without dialling anybody."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.finding import Finding, good, problem, remark
from pytest_hkexprt.model import Circular, Participant
from pytest_hkexprt.systems.network import settings


def examine(participant: Participant, circular: Circular) -> Iterator[Finding]:
    """Yield what there is to say of the ``[line]`` and ``[network]`` tables."""
    try:
        if participant.path is not None:
            settings.read(participant.systems.get("network", {}), participant.path)
    except UsageFault as fault:
        yield problem("[network]", str(fault), "mend these lines")
    line = settings.line_of(participant)
    if not line.name:
        yield remark("[line]", "no such table", 'write [line] name = "SDNET" (or HSN) and subnet into hkexprt.toml')
        return
    if not line.subnet:
        yield remark("[line]", f"{line.name}, no subnet", "write [line] subnet: what is dialled from must lie in it")
    else:
        yield good("[line]", f"{line.name}, {line.subnet}")
    if line.source_address:
        yield _source(line.source_address)


def _source(address: str) -> Finding:
    family = socket.AF_INET6 if ipaddress.ip_address(address).version != 4 else socket.AF_INET  # noqa: PLR2004  IPv4's
    try:
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.bind((address, 0))
    except OSError as error:
        return problem(
            "source address",
            f"{address}: {error.strerror}",
            "bring the line up on this machine, or set [line] source_address to the address it has here",
        )
    return good("source address", f"{address} is this machine's")
