"""The simulators of one run: each started when first asked for, all stopped at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from types import TracebackType

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap import keys
from pytest_hkexprt.systems.rap.baseline import Baseline
from pytest_hkexprt.systems.rap.drills import Drill
from pytest_hkexprt.systems.rap.simulator import Simulator


class Pool:
    """Simulators by the addresses they stand for, with one host key a site.

    Args:
        business_date: asked which date's reports the folders show.
        drills: the faults of the run, which begin with :meth:`arm`.
    """

    def __init__(self, business_date: Callable[[], dt.date], drills: Collection[str] = ()) -> None:
        self.host_keys = {site: keys.generate() for site in Site}
        """The sites' own keys."""
        self.baselines: dict[dt.date, Baseline] = {}
        """Those taken in this run."""
        self._business_date = business_date
        self._drills = drills
        self._armed = False
        self._running: dict[tuple[Endpoint, ...], Simulator] = {}

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for simulator in self._running.values():
            simulator.stop()

    @property
    def key_renewed(self) -> bool:
        """Whether the participant of this rehearsal logs in with a new key by now."""
        return self._armed and Drill.KEY_RENEWED in self._drills

    def at(self, endpoints: Sequence[Endpoint], user: str, public_key: str) -> tuple[Simulator, bool]:
        """Return the simulator that stands for these addresses, and whether it was started just now."""
        wanted = tuple(endpoints)
        if wanted in self._running:
            return self._running[wanted], False
        simulator = Simulator(
            wanted,
            users={user: public_key},
            business_date=self._business_date,
            host_keys=self.host_keys,
            drills=self._drills,
        )
        simulator.__enter__()
        self._running[wanted] = simulator
        if self._armed:
            simulator.arm()
        return simulator, True

    def arm(self) -> None:
        """Let the drills' faults begin, in every simulator there is and will be."""
        self._armed = True
        for simulator in self._running.values():
            simulator.arm()

    def disarm(self) -> None:
        """End the drills' faults."""
        self._armed = False
        for simulator in self._running.values():
            simulator.disarm()
