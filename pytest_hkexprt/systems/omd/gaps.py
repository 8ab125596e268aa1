"""Numbers that are missing, and what is held because of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.events import Fresh, Why
from pytest_hkexprt.systems.omd.packets import Packet


@dataclass(frozen=True, slots=True)
class Gap:
    """Messages from ``first`` to ``last`` that have come on no path yet."""

    first: int
    last: int
    opened_s: float
    line: Line
    """That told of them."""
    why: Why

    @property
    def count(self) -> int:
        """How many."""
        return self.last - self.first + 1


class Gaps:
    """Up to which number messages are known to exist, which of them are missing, and which are held behind those.

    Both lists are in order of sequence and nothing in them overlaps.
    """

    def __init__(self, known: int = 0) -> None:
        self.known = known
        self.gaps: list[Gap] = []
        self.held_messages = 0
        self._held: list[Fresh] = []

    @property
    def next(self) -> int:
        """The smallest number that has not come."""
        return self.gaps[0].first if self.gaps else self.known + 1

    @property
    def waiting(self) -> bool:
        """Whether anything is missing or held."""
        return bool(self.gaps or self._held)

    def know(self, last: int, line: Line, why: Why, now_s: float) -> Gap | None:
        """Learn that messages up to ``last`` exist; return the gap that this opens, if any."""
        if last <= self.known:
            return None
        gap = Gap(self.known + 1, last, now_s, line, why)
        self.known = last
        self.gaps.append(gap)
        return gap

    def fill(self, line: Line, packet: Packet, first: int, last: int) -> list[tuple[Gap, Fresh]]:
        """Fill gaps with a packet's messages and hold them; return what was filled of each gap, and its piece."""
        pieces = [(gap, Fresh(line, packet, gap.first, gap.last)) for gap in self._cut(first, last)]
        for _, piece in pieces:
            self.hold(piece)
        return pieces

    def hold(self, piece: Fresh) -> None:
        """Keep messages until those before them have come."""
        at = len(self._held)
        while at and self._held[at - 1].first > piece.first:
            at -= 1
        self._held.insert(at, piece)
        self.held_messages += piece.count

    def ready(self) -> list[Fresh]:
        """Give out what is held before the first gap."""
        if not self._held or self._held[0].first > (end := self.next):
            return []
        at = next((index for index, piece in enumerate(self._held) if piece.first > end), len(self._held))
        given, self._held = self._held[:at], self._held[at:]
        self.held_messages -= sum(piece.count for piece in given)
        return given

    def give_up(self, first: int, last: int) -> list[Gap]:
        """Wait no longer for what is missing from ``first`` to ``last``; return it."""
        return self._cut(first, last)

    def drop_oldest(self, now_s: float) -> Gap:
        """Drop the oldest held messages, which makes them a gap again."""
        piece = self._held.pop(0)
        self.held_messages -= piece.count
        gap = Gap(piece.first, piece.last, now_s, piece.line, Why.FULL)
        self._insert(gap)
        return gap

    def behind(self, last: int, now_s: float) -> tuple[list[Gap], list[Fresh], Gap | None]:
        """Go on behind message ``last``.

        Returns:
            What was missing up to it, what was held up to it, and the gap between it and what came first after it.
        """
        gone = self._cut(0, last)
        before = [_ending(piece, last) for piece in self._held if piece.first <= last]
        kept = [_beginning(piece, last + 1) for piece in self._held if piece.last > last]
        self.held_messages = sum(piece.count for piece in kept)
        starts = [piece.first for piece in kept[:1]] + [gap.first for gap in self.gaps[:1]]
        self._held = kept
        opened = None
        if starts and min(starts) > last + 1:
            opened = Gap(last + 1, min(starts) - 1, now_s, Line.REFRESH, Why.REFRESH)
            self.gaps.insert(0, opened)
        elif not starts and self.known > last:  # delivered before, and not part of the snapshot
            opened = Gap(last + 1, self.known, now_s, Line.REFRESH, Why.REFRESH)
            self.gaps.append(opened)
        self.known = max(self.known, last)
        return gone, before, opened

    def clear(self) -> None:
        """Forget everything."""
        self.gaps, self._held, self.held_messages, self.known = [], [], 0, 0

    def _cut(self, first: int, last: int) -> list[Gap]:
        """Take out of the gaps what lies from ``first`` to ``last``; return it."""
        if not self.gaps or last < self.gaps[0].first or first > self.gaps[-1].last:
            return []
        left: list[Gap] = []
        cut: list[Gap] = []
        for gap in self.gaps:
            if gap.last < first or gap.first > last:
                left.append(gap)
                continue
            cut.append(replace(gap, first=max(first, gap.first), last=min(last, gap.last)))
            if gap.first < first:
                left.append(replace(gap, last=first - 1))
            if last < gap.last:
                left.append(replace(gap, first=last + 1))
        self.gaps = left
        return cut

    def _insert(self, gap: Gap) -> None:
        at = len(self.gaps)
        while at and self.gaps[at - 1].first > gap.first:
            at -= 1
        self.gaps.insert(at, gap)


def _beginning(piece: Fresh, first: int) -> Fresh:
    """Return a piece without its messages before ``first``."""
    return piece if piece.first >= first else Fresh(piece.line, piece.packet, first, piece.last)


def _ending(piece: Fresh, last: int) -> Fresh:
    """Return a piece without its messages after ``last``."""
    return piece if piece.last <= last else Fresh(piece.line, piece.packet, piece.first, last)
