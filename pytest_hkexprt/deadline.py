"""Time that never freezes: deadlines for sockets, durations of steps, and the true moment of a record.

freezegun stops ``time.monotonic`` and ``perf_counter`` too, even where they were imported early; a loop that waits for
a frozen deadline never ends. This module stands on freezegun's ignore list, so what it reads is always the machine's.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from time import gmtime, monotonic, sleep, strftime, time_ns  # by name: freezegun leaves an ignored module's alone


def monotonic_s() -> float:
    """Return the machine's monotonic clock, in seconds, whatever a rehearsal does to wall time."""
    return monotonic()


def true_utc() -> str:
    """Return the true moment as ISO 8601 in UTC with microseconds, whatever a rehearsal does to wall time."""
    seconds, rest_ns = divmod(time_ns(), 1_000_000_000)
    return f"{_whole_seconds(seconds)}.{rest_ns // 1000:06d}Z"


@functools.lru_cache(maxsize=1)
def _whole_seconds(seconds: int) -> str:
    return strftime("%Y-%m-%dT%H:%M:%S", gmtime(seconds))


def true_ns() -> int:
    """Return the true moment in nanoseconds since 1970 in UTC, whatever a rehearsal does to wall time."""
    return time_ns()


def pause(seconds: float) -> None:
    """Wait before something is tried again; never for something to happen, which has ways to say so."""
    sleep(seconds)


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
