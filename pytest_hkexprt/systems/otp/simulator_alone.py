"""The gateways on their own, in the foreground of ``hkexprt simulate``: OTP-C and OTP-CSC, for any trading system."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp import fixtures_access, fixtures_rehearsal, settings
from pytest_hkexprt.systems.otp.pace import Pace
from pytest_hkexprt.systems.otp.simulator import Simulator


@contextmanager
def serve(
    sites: Mapping[Site, tuple[Endpoint, ...]],
    *,
    user: str,
    public_key: str,
    business_date: Callable[[], dt.date],
    drills: Collection[str],
) -> Iterator[list[Simulator]]:
    """Run both gateways at their documented pace, the drills' faults begun, and yield them.

    Their notices tell Comp IDs, password and where the public key lies that encrypts it.

    Args:
        sites: not looked at: no circular publishes addresses, so those of a rehearsal are used.
        user: nor is a User ID known here: who may log on is a rehearsal's Comp IDs.
        public_key: that of a report folder's user.
        business_date: numbers begin anew with the clock's own date.
        drills: the faults.
    """
    ours, keys = settings.generated(), fixtures_rehearsal.make_keys()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hkexprt-otp-")))
        pem = folder / "public_key.pem"
        pem.write_bytes(keys.public)
        running = []
        for gateway, names in fixtures_access.NAMES.items():
            simulator = fixtures_rehearsal.simulator_of(
                ours, gateway, keys, Pace(), site=Site.PRIMARY, drills=frozenset(drills), names=names
            )
            running.append(stack.enter_context(simulator))
            comp_ids = ", ".join(f"{ours.access(name).comp_id} ({name})" for name in names)
            simulator.notices.append(f"{gateway}: {comp_ids}; password {keys.password.reveal()}, public key {pem}")
        yield running
