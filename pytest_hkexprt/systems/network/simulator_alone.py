"""The ports on their own, in the foreground of ``hkexprt simulate``: both sites, for any look at a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from pytest_hkexprt import shipped
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.network import settings
from pytest_hkexprt.systems.network.simulator import Simulator


@contextmanager
def serve(
    sites: Mapping[Site, tuple[Endpoint, ...]],
    *,
    user: str,
    public_key: str,
    business_date: Callable[[], dt.date],
    drills: Collection[str],
) -> Iterator[list[Simulator]]:
    """Run the ports of the sites, the drills' faults begun, and yield them.

    Args:
        sites: each site's addresses on loopback.
        user: nobody logs in to a port.
        public_key: as little.
        business_date: nor does a port have a date.
        drills: the faults.
    """
    line, greetings = settings.mirror(settings.GENERATED), shipped.greetings()
    with ExitStack() as stack:
        yield [
            stack.enter_context(Simulator(endpoints, line=line, greetings=greetings, drills=drills))
            for endpoints in sites.values()
            if endpoints
        ]
