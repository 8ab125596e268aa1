"""The terminals on their own, in the foreground of ``hkexprt simulate``: both sites, for any browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytest_hkexprt.systems.ccass.simulator import Simulator
from pytest_hkexprt.systems.serving import Alone


@contextmanager
def serve(alone: Alone) -> Iterator[list[Simulator]]:
    """Run both data centres, the drills' faults begun, and yield them; what a person needs to log on is a notice.

    The circular's addresses are not used: the terminals have their own on loopback.
    """
    with Simulator(alone.user, business_date=alone.business_date, drills=alone.drills) as simulator:
        simulator.notices += [
            f"user ID {alone.user}, password {simulator.password.reveal()}, made for this run",
            "on the second page take the smartcard: a code would go to nobody here",
            f"--host-resolver-rules='MAP {simulator.name}:{simulator.port} {simulator.relay.endpoint.address}' "
            f"and --ignore-certificate-errors-spki-list={','.join(simulator.certificates.keys)} "
            "let a Chromium with a --user-data-dir of its own open it by its name",
        ]
        yield [simulator]
