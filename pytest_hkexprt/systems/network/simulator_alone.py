"""The ports on their own, in the foreground of ``hkexprt simulate``: both sites, for any look at a line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from pytest_hkexprt import shipped
from pytest_hkexprt.systems.network import settings
from pytest_hkexprt.systems.network.simulator import Simulator
from pytest_hkexprt.systems.serving import Alone


@contextmanager
def serve(alone: Alone) -> Iterator[list[Simulator]]:
    """Run the ports of the sites, the drills' faults begun, and yield them; nobody logs in to a port.

    Raises:
        UsageFault: the participant's table has a mistake.
    """
    line = settings.mirror(settings.line_of(alone.participant))
    greetings = {**shipped.greetings(), **settings.read(*alone.table("network")).greetings}
    with ExitStack() as stack:
        yield [
            stack.enter_context(Simulator(each, line=line, greetings=greetings, drills=alone.drills))
            for each in alone.sites.values()
            if each
        ]
