"""What the network tests share that is no fixture."""

from __future__ import annotations

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.network.facts import Answer, ParticipantLine, Probe, Service

LINE = ParticipantLine("SDNET", "192.0.2.0/24", "192.0.2.10")
GREETINGS = {"rap": "SSH-2.0-"}


def loopback(last: int = 121, *, host: str = "") -> Endpoint:
    """An address of the secondary site, on any free port."""
    published = f"{host or f'10.152.14.{last}'}:10022"
    return Endpoint("rap", Site.SECONDARY, host or f"127.152.14.{last}", 0, published=published)


def probe(last: int = 121, **more: object) -> Probe:
    """An address that answered well, changed as told."""
    endpoint = Endpoint("rap", Site.SECONDARY, f"10.152.14.{last}", 10022)
    facts: dict[str, object] = {
        "endpoint": endpoint,
        "address": endpoint.address,
        "answer": Answer.OPEN,
        "local": "192.0.2.10",
        "times_s": (0.001, 0.003, 0.002),
        "attempts": 3,
        "service": Service.FITS,
        "expects": "SSH-2.0-",
        "said": "SSH-2.0-x",
        "mtu_bytes": 1500,
        "mss_bytes": 1448,
    }
    return Probe(**{**facts, **more})
