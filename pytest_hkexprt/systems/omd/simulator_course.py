"""What befalls a feed in the course of a rehearsal: failovers, restarts, rest.

Source: HKEX OMD-C Binary Interface Specifications v1.45, section 3.4.3; HKEX OMD-C Developers Guide 1.11, sections 9.6
(restart within the day), 9.7 (failover of a component) and 9.8 (failover of a site).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.omd.book import Picture
from pytest_hkexprt.systems.omd.channels import Content, Line
from pytest_hkexprt.systems.omd.drills import Drill
from pytest_hkexprt.systems.omd.settings import Timing
from pytest_hkexprt.systems.omd.simulator_history import Store
from pytest_hkexprt.systems.omd.simulator_publisher import Publisher
from pytest_hkexprt.systems.omd.simulator_sites import Sites

SILENT_S, UNDER_WAY_S = 15.0, 30.0
"""Of a failover, before they are scaled: from the last packet to the first signal, and from that to the second. Ours:
published is the objective of five minutes alone."""
TOO_LONG_S = 295.0
UNSENT = 5
"""Things that happen in the market while it fails over, and of which no line ever told."""
IN_PROGRESS, COMPLETED = 1, 2
"""DRStatus."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a receiver has who missed nothing."""

    last: Mapping[int, int]
    """Channel to the number of its last message."""
    pictures: Mapping[int, Picture]


class Course:
    """What happens next, and when; everything here runs in the simulator's thread.

    Args:
        publisher: what is sent.
        sites: who serves retransmission.
        store: what can be sent again.
        timing: by what times are divided.
        drills: faults.
    """

    def __init__(
        self, publisher: Publisher, sites: Sites, store: Store, *, timing: Timing, drills: Collection[str]
    ) -> None:
        self._publisher = publisher
        self._sites = sites
        self._store = store
        self._timing = timing
        self._drills = frozenset(drills)
        self._next: list[tuple[Deadline, Callable[[], None]]] = []

    def tick(self) -> None:
        """Do what is due."""
        for due in [each for each in self._next if each[0].passed]:
            self._next.remove(due)
            due[1]()

    def fail_over(self) -> None:
        """Leave the primary site: nothing is sent any more, and the rest follows in its time."""
        publisher = self._publisher
        publisher.silent = True
        if Drill.WRONG_SITE_ANSWERS not in self._drills:
            self._sites.leave(Site.PRIMARY)
        for _ in range(UNSENT):
            publisher.happen()
        publisher.drop_pending()
        under_way_s = TOO_LONG_S if Drill.FAILOVER_TOO_LONG in self._drills else UNDER_WAY_S
        self._later(SILENT_S, self._signal)
        if Drill.DR_NEVER_COMPLETES not in self._drills:
            self._later(SILENT_S + under_way_s, self._come_back)

    def restart(self, silent_s: float) -> None:
        """Go away at both sites, and come back."""
        self._publisher.silent = True
        self._sites.leave(Site.PRIMARY)

        def back() -> None:
            self._publisher.silent = False
            self._sites.serve(Site.PRIMARY)

        self._later(silent_s, back)

    def hiccup(self, content: Content, lines: tuple[Line, ...], seconds: float) -> None:
        """Pause some lines of the channels of one content."""
        channels = [each for each in self._publisher.channels.values() if each.channel.content is content]
        paused = [each.outlets[line] for each in channels for line in lines]

        def switch(*, stopped: bool) -> None:
            for outlet in paused:
                outlet.stopped = stopped

        switch(stopped=True)
        self._later(seconds, lambda: switch(stopped=False))

    def forget(self) -> None:
        """Empty what retransmission has."""
        self._store.empty = True
        self._publisher.endless = Drill.BEYOND_RECOVERY in self._drills

    def settle(self) -> Settled:
        """Let the market rest, and return the picture."""
        publisher = self._publisher
        publisher.paused = True
        publisher.tick()
        channels = [each for each in publisher.channels.values() if not each.channel.dr]
        return Settled(
            {each.channel.number: each.history.next - 1 for each in channels},
            {each.channel.number: each.truth for each in channels},
        )

    def _signal(self) -> None:
        self._publisher.announce(IN_PROGRESS)

    def _come_back(self) -> None:
        self._publisher.announce(COMPLETED)
        self._publisher.silent = False
        self._publisher.endless = Drill.REFRESH_WITHOUT_END in self._drills
        if Drill.WRONG_SITE_ANSWERS not in self._drills:
            self._sites.serve(Site.SECONDARY)

    def _later(self, seconds: float, what: Callable[[], None]) -> None:
        self._next.append((Deadline.after(seconds / self._timing.factor), what))
