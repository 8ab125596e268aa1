"""Both feeds on their own, in the foreground of ``hkexprt simulate``: for any feed handler that can join loopback.

Times are the published ones, not scaled: whoever tries his own receiver tries its own time-outs, too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.omd import settings
from pytest_hkexprt.systems.omd.channels import Feed
from pytest_hkexprt.systems.omd.simulator import Simulator


@contextmanager
def serve(
    sites: Mapping[Site, tuple[Endpoint, ...]],
    *,
    user: str,
    public_key: str,
    business_date: Callable[[], dt.date],
    drills: Collection[str],
) -> Iterator[list[Simulator]]:
    """Publish both feeds, the drills' faults begun, and yield them.

    Args:
        sites: no circular has addresses of market data, so these are not looked at.
        user: who may ask for retransmission.
        public_key: nobody logs in with a key.
        business_date: the market is made up, and has the date of the clock.
        drills: the faults.
    """
    feeds = settings.defaults().feeds
    with ExitStack() as stack:
        yield [
            stack.enter_context(Simulator(feeds[feed], users=(user[: settings.LONGEST_USER],), drills=drills))
            for feed in Feed
        ]
