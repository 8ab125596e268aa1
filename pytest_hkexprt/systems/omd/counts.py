"""What came on one line of a channel, counted, and the line's own sequence followed."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.events import Event, LineGap, WentBack
from pytest_hkexprt.systems.omd.layouts import LAYOUTS

MOST_RANGES: Final = 1000
"""Of gaps of a line that are remembered in order to know what comes late."""
AT_ONCE: Final = 256
"""Packets whose types are counted together."""


@dataclass(slots=True)
class Latency:
    """Arrival less SendTime, where arrivals are told; negative where the clocks differ."""

    count: int = 0
    least_ns: int = 0
    greatest_ns: int = 0
    sum_ns: int = 0

    def add(self, took_ns: int) -> None:
        """Add one."""
        self.least_ns = min(self.least_ns, took_ns) if self.count else took_ns
        self.greatest_ns = max(self.greatest_ns, took_ns) if self.count else took_ns
        self.count += 1
        self.sum_ns += took_ns


@dataclass(slots=True)
class Count:
    """What came on one line of a channel."""

    packets: int = 0
    messages: int = 0
    fresh: int = 0
    """Messages this line was the first to bring."""
    duplicates: int = 0
    heartbeats: int = 0
    first: int | None = None
    """The number of the first message."""
    next: int | None = None
    """The number that comes next if the line passes over none."""
    missed: int = 0
    """Messages passed over."""
    late: int = 0
    """Of these, the ones that came later on the same line."""
    backward: int = 0
    """Packets whose sequence went back."""
    stale: int = 0
    """Packets sent before a reset that the other line had brought already."""
    broken: int = 0
    """Packets whose messages could not be told apart."""
    heard_s: float | None = None
    """When a packet came last."""
    newest_ns: int = 0
    """The greatest SendTime."""
    awaits_reset: bool = False
    """Whether the other line brought a reset that this one has not."""
    latency: Latency = field(default_factory=Latency)
    _types: Counter[int] = field(default_factory=Counter)
    _kinds: list[Sequence[int]] = field(default_factory=list)
    passed_over: list[tuple[int, int]] = field(default_factory=list)
    """First and last of what is missing on this line, the newest :data:`MOST_RANGES`."""

    @property
    def last(self) -> int | None:
        """The number of the last message, in sequence."""
        return None if self.next is None else self.next - 1

    @property
    def types(self) -> Counter[int]:
        """Messages of each type."""
        self._types.update(itertools.chain.from_iterable(self._kinds))
        self._kinds.clear()
        return self._types

    @property
    def unknown(self) -> int:
        """Messages of types nobody lists."""
        return sum(count for type_, count in self.types.items() if type_ not in LAYOUTS)

    def tally(self, kinds: Sequence[int]) -> None:
        """Count a packet's types; later, since counting many packets at once takes a third of the time."""
        self._kinds.append(kinds)
        if len(self._kinds) >= AT_ONCE:
            _ = self.types

    def follow(self, line: Line, first: int, last: int, sent_ns: int, reset_ns: int) -> list[Event] | None:
        """Follow the line's own sequence: a packet with messages from ``first`` to ``last``.

        A heartbeat that names message n has messages from n + 1 to n, which are none.

        Returns:
            What the line passed over; a :class:`WentBack` where the packet is not to be followed; None where it is from
            before a reset of ``reset_ns``.
        """
        events: list[Event] = []
        if self.awaits_reset:
            if sent_ns < reset_ns:
                self.stale += 1
                return None
            self.awaits_reset, self.next = False, None  # the line has lost its reset
        if self.next is not None and first > self.next:
            events.append(LineGap(line, self.next, first - 1))
            self._pass_over(self.next, first - 1)
        elif self.next is not None and first < self.next:
            if sent_ns > self.newest_ns > 0 and last < self.next:
                self.backward += 1
                return [WentBack(line, first, self.next)]
            self._come_late(first, last)
        self.next = max(self.next or 0, last + 1)
        self.newest_ns = max(self.newest_ns, sent_ns)
        return events

    def begin_anew(self, next_: int | None, sent_ns: int, *, awaits_reset: bool) -> None:
        """Forget the line's sequence; go on at ``next_``, or wherever its next packet is."""
        self.passed_over.clear()
        self.awaits_reset = awaits_reset
        self.next = None if awaits_reset else next_
        self.newest_ns = sent_ns

    def _pass_over(self, first: int, last: int) -> None:
        """Note that the line went from before ``first`` to behind ``last``."""
        self.missed += last - first + 1
        self.passed_over.append((first, last))
        del self.passed_over[:-MOST_RANGES]

    def _come_late(self, first: int, last: int) -> None:
        """Note that messages came which the line had passed over, or had brought."""
        left: list[tuple[int, int]] = []
        for begin, end in self.passed_over:
            inside = min(end, last) - max(begin, first) + 1
            if inside <= 0:
                left.append((begin, end))
                continue
            self.late += inside
            left += [part for part in ((begin, first - 1), (last + 1, end)) if part[0] <= part[1]]
        self.passed_over = left
