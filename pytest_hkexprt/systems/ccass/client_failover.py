"""Waiting for a name to lead to another data centre, at the other's own pace."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from pytest_hkexprt import deadline
from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import Unreachable
from pytest_hkexprt.systems.ccass.client import Client
from pytest_hkexprt.systems.ccass.facts import Answered, Failover

LOOKED_EVERY_S = 0.2
"""How often a name that is to move is looked at, at first; a live site is asked less and less often."""
LOOKED_AT_MOST_EVERY_S = 5.0
GROWS = 1.5


def await_change(client: Client, before: Answered, arrived: Callable[[Answered], bool], timeout_s: float) -> Failover:
    """Wait until another site answers under the name; sessions at the one before are forgotten.

    Args:
        client: who looks.
        before: who answered until now.
        arrived: tells whether who answers is the other site.
        timeout_s: how long it may take.
    """
    began_s, until = deadline.monotonic_s(), Deadline.after(timeout_s)
    tries, every_s = 0, LOOKED_EVERY_S
    after: Answered | None = None
    while after is None and not until.passed:
        tries += 1
        with suppress(Unreachable):
            answered = client.look()
            after = answered if arrived(answered) else None
        if after is None:
            deadline.pause(min(every_s, until.left_s()))
            every_s = min(every_s * GROWS, LOOKED_AT_MOST_EVERY_S)
    client.inside.clear()
    return Failover(before, after, deadline.monotonic_s() - began_s, tries)
