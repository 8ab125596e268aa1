"""Both feeds on their own, in the foreground of ``hkexprt simulate``: for any feed handler that can join loopback.

Times are the published ones, not scaled: whoever tries his own receiver tries its own time-outs, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from pytest_hkexprt.systems.omd import settings
from pytest_hkexprt.systems.omd.channels import Feed
from pytest_hkexprt.systems.omd.simulator import Simulator
from pytest_hkexprt.systems.serving import Alone


@contextmanager
def serve(alone: Alone) -> Iterator[list[Simulator]]:
    """Publish both feeds on the participant's channels, the drills' faults begun, and yield them.

    The circular's addresses are not used, as none has any of market data; the market is made up, and has the date of
    the clock. Whoever may log in may ask for retransmission, and the participant's own user of each feed.

    Raises:
        UsageFault: the participant's table has a mistake.
    """
    feeds = settings.read(*alone.table("omd")).feeds
    user = alone.user[: settings.LONGEST_USER]
    with ExitStack() as stack:
        running = []
        for own in map(feeds.__getitem__, Feed):
            users = tuple(dict.fromkeys([user, own.user or user]))
            running.append(stack.enter_context(Simulator(own, users=users, drills=alone.drills)))
        yield running
