"""Time that never freezes: deadlines for sockets, durations of steps, and the true moment of a record.

freezegun stops ``time.monotonic`` and ``perf_counter`` too, even where they were imported early; a loop that waits for
a frozen deadline never ends. This module stands on freezegun's ignore list, so what it reads is always the machine's.
"""

from __future__ import annotations

import time
from dataclasses import dataclass


def monotonic_s() -> float:
    """Return the machine's monotonic clock, in seconds, whatever a rehearsal does to wall time."""
    return time.monotonic()


def true_utc() -> str:
    """Return the true moment as ISO 8601 in UTC with microseconds, whatever a rehearsal does to wall time."""
    now_ns = time.time_ns()
    seconds, rest_ns = divmod(now_ns, 1_000_000_000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{rest_ns // 1000:06d}Z"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment by which something must have happened."""

    at_s: float
    """On the monotonic clock, in seconds."""

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Return the deadline that many seconds from now."""
        return cls(monotonic_s() + seconds)

    def left_s(self) -> float:
        """Return the seconds left, never below zero."""
        return max(0.0, self.at_s - monotonic_s())

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return self.left_s() == 0.0
