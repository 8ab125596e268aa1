"""The least that must come in a while: a server that sends a byte now and then is not waited for without end.

Such a server never falls silent for as long as any one answer may take, and would keep a visit until its window has
closed. What counts is the time spent waiting for it alone, so that a slow disk on this side, or a pause between two
steps, is not held against it.
"""

from __future__ import annotations

from dataclasses import dataclass


class TooSlow(Exception):
    """Less came than must come."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much must come, at least."""

    bytes_per_s: float = 100.0
    """Far below any line: 9,600 bits a second carry twelve times as much."""
    over_s: float = 60.0
    """Over how long a wait that is looked at; what opens a file slowly has so much time for it."""


class Progress:
    """What came of one connection, and how long it was waited for.

    Args:
        pace: the least.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._came_bytes, self._waited_s = 0, 0.0

    def came(self, size_bytes: int, waited_s: float) -> None:
        """Take note of what came, after how long.

        Raises:
            TooSlow: it was less than must come.
        """
        self._came_bytes += size_bytes
        self._waited_s += waited_s
        if self._waited_s < self._pace.over_s:
            return
        came_bytes, least = self._came_bytes, self._pace.bytes_per_s
        if came_bytes < least * self._waited_s:
            raise TooSlow(f"{came_bytes:,} bytes in {self._waited_s:.3g} s, fewer than {least:g} a second")
        self._came_bytes, self._waited_s = 0, 0.0
