"""The gateways on their own, in the foreground of ``hkexprt simulate``: OTP-C and OTP-CSC, for any trading system."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.otp import fixtures_access, fixtures_rehearsal, settings
from pytest_hkexprt.systems.otp.pace import Pace
from pytest_hkexprt.systems.otp.simulator import Simulator
from pytest_hkexprt.systems.serving import Alone


@contextmanager
def serve(alone: Alone) -> Iterator[list[Simulator]]:
    """Run both gateways at their documented pace, the drills' faults begun, and yield them.

    Comp IDs, brokers, addresses and what becomes of orders at a disconnect are the participant's own, and ours where it
    has none. Notices tell Comp IDs, password and where the public key lies that encrypts it. The circular's addresses
    are not used, as none publishes any; numbers begin anew with the clock's own date.

    Raises:
        UsageFault: the participant's table has a mistake.
    """
    whose, keys = settings.completed(settings.read(*alone.table("otp"))), fixtures_rehearsal.make_keys()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hkexprt-otp-")))
        pem = folder / "public_key.pem"
        pem.write_bytes(keys.public)
        running = []
        for gateway, names in fixtures_access.NAMES.items():
            simulator = fixtures_rehearsal.simulator_of(
                whose, gateway, keys, Pace(), site=Site.PRIMARY, drills=frozenset(alone.drills), names=names
            )
            running.append(stack.enter_context(simulator))
            comp_ids = ", ".join(f"{whose.access(name).comp_id} ({name})" for name in names)
            simulator.notices.append(f"{gateway}: {comp_ids}; password {keys.password.reveal()}, public key {pem}")
        yield running
