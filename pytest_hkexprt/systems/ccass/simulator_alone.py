"""The terminals on their own, in the foreground of ``hkexprt simulate``: both sites, for any browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.ccass.simulator import Simulator


@contextmanager
def serve(
    sites: Mapping[Site, tuple[Endpoint, ...]],
    *,
    user: str,
    public_key: str,
    business_date: Callable[[], dt.date],
    drills: Collection[str],
) -> Iterator[list[Simulator]]:
    """Run both data centres, the drills' faults begun, and yield them; what a person needs to log on is a notice.

    Args:
        sites: the circular's addresses; the terminals have their own on loopback.
        user: the user id that may log on.
        public_key: nobody logs on to a terminal with one.
        business_date: asked which date's data are shown.
        drills: the faults.
    """
    with Simulator(user, business_date=business_date, drills=drills) as simulator:
        simulator.notices += [
            f"user ID {user}, password {simulator.password.reveal()}, made for this run",
            "on the second page take the smartcard: a code would go to nobody here",
            f"--host-resolver-rules='MAP {simulator.name}:{simulator.port} {simulator.relay.endpoint.address}' "
            f"and --ignore-certificate-errors-spki-list={','.join(simulator.certificates.keys)} "
            "let a Chromium with a --user-data-dir of its own open it by its name",
        ]
        yield [simulator]
