"""The report servers on their own, in the foreground of ``hkexprt simulate``: both sites, for any SFTP client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytest_hkexprt.systems.rap.simulator import Simulator
from pytest_hkexprt.systems.rap.simulator_pool import Pool
from pytest_hkexprt.systems.serving import Alone


@contextmanager
def serve(alone: Alone) -> Iterator[list[Simulator]]:
    """Run the servers of the sites, the drills' faults begun, and yield them."""
    with Pool(alone.business_date, alone.drills) as pool:
        started = [pool.at(each, alone.user, alone.public_key)[0] for each in alone.sites.values() if each]
        pool.arm()
        yield started
