"""The report servers on their own, in the foreground of ``hkexprt simulate``: both sites, for any SFTP client."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap.simulator import Simulator
from pytest_hkexprt.systems.rap.simulator_pool import Pool


@contextmanager
def serve(
    sites: Mapping[Site, tuple[Endpoint, ...]],
    *,
    user: str,
    public_key: str,
    business_date: Callable[[], dt.date],
    drills: Collection[str],
) -> Iterator[list[Simulator]]:
    """Run the servers of the sites, the drills' faults begun, and yield them.

    Args:
        sites: each site's addresses on loopback.
        user: the User ID that may log in.
        public_key: its key, as in ``authorized_keys``.
        business_date: asked which date's reports the folders show.
        drills: the faults.
    """
    with Pool(business_date, drills) as pool:
        started = [pool.at(endpoints, user, public_key)[0] for endpoints in sites.values() if endpoints]
        pool.arm()
        yield started
