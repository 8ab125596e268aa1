"""How fast a run goes through the waits that the gateways' documents prescribe.

A live run waits as the documents say. A rehearsal waits all the same waits, in the same places, each shortened by one
factor, because its clock is read so much faster; and so does its simulator. Nothing is left out, so that a rehearsal
meets what a live run meets.
"""

from __future__ import annotations

from dataclasses import dataclass

REHEARSAL_FACTOR = 0.05
"""A heartbeat a second: long enough for a busy machine, short enough for a test."""
CONNECT_S = 60.0
"""For a connection to stand. Ours: no document says."""
REPLY_S = 160.0
"""For the report of a request, or for something to be heard. Ours: no document says. Longer than the six heartbeat
intervals after which a session whose other side is silent ends, so that silence is told as what it is."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The factor between documented and real seconds."""

    factor: float = 1.0
    """Real seconds to a documented one."""

    def real_s(self, documented_s: float) -> float:
        """Return for how long a documented wait is really waited."""
        return documented_s * self.factor

    def documented_s(self, real_s: float) -> float:
        """Return how many documented seconds a real time counts for."""
        return real_s / self.factor

    def told(self, documented_s: float) -> str:
        """Return a wait in words, for the evidence."""
        if self.factor == 1.0:
            return f"{documented_s:g} s"
        return f"{documented_s:g} s, in this rehearsal {self.real_s(documented_s):g} s"
