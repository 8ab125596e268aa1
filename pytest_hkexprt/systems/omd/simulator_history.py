"""What a channel has said so far, as far back as retransmission goes, and what is refused beyond that.

Source: HKEX OMD-C Developers Guide 1.11, section 5.3.1: the last 50,000 messages of a channel, 10,000 at once, 1,000
requests a day over all channels; HKEX OMD-C Binary Interface Specifications v1.45, Retransmission Response (202).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from itertools import islice

from pytest_hkexprt.systems.omd.drills import Drill
from pytest_hkexprt.systems.omd.recovery import Limits, RetransStatus

LIMITS = Limits()
"""As published."""
REFUSED_BY = {
    Drill.CHANNEL_REFUSED: RetransStatus.UNKNOWN_CHANNEL,
    Drill.NOT_AVAILABLE: RetransStatus.NOT_AVAILABLE,
    Drill.RANGE_REFUSED: RetransStatus.TOO_LONG,
    Drill.REQUESTS_REFUSED: RetransStatus.TOO_MANY,
    Drill.BEYOND_RECOVERY: RetransStatus.NOT_AVAILABLE,
}
"""Drills to the status with which every request is refused."""


class History:
    """The last messages of one channel, as bytes, by sequence number."""

    def __init__(self, kept: int = LIMITS.newest) -> None:
        self._messages: deque[bytes] = deque(maxlen=kept)
        self.next = 1
        """The sequence number of the message that comes next."""

    def add(self, message: bytes) -> None:
        """Append a message."""
        self._messages.append(message)
        self.next += 1

    @property
    def first(self) -> int:
        """The oldest message kept; :attr:`next` where none is."""
        return self.next - len(self._messages)

    def between(self, first: int, last: int) -> list[bytes]:
        """Return messages by number, both ends included, all of which must be kept."""
        return list(islice(self._messages, first - self.first, last - self.first + 1))


class Store:
    """The histories of all channels, and the day's limits on asking for them.

    Args:
        histories: by channel; those a user may ask for.
        drills: faults.
    """

    def __init__(self, histories: dict[int, History], drills: Collection[str] = ()) -> None:
        self._histories = histories
        self._drills = frozenset(drills)
        self.empty = False
        """Whether nothing is available, as after a restart of the servers."""
        self.requests = 0
        """Asked for today."""

    def judge(self, channel: int, first: int, last: int) -> RetransStatus:
        """Return how a request is answered, and count it."""
        self.requests += 1
        for drill, status in REFUSED_BY.items():
            if drill in self._drills:
                return status
        if channel not in self._histories:
            return RetransStatus.UNKNOWN_CHANNEL
        if self.requests > LIMITS.per_day:
            return RetransStatus.TOO_MANY
        if last - first + 1 > LIMITS.range:
            return RetransStatus.TOO_LONG
        history = self._histories[channel]
        if self.empty or not history.first <= first <= last < history.next:
            return RetransStatus.NOT_AVAILABLE
        return RetransStatus.ACCEPTED

    def messages(self, channel: int, first: int, last: int) -> list[bytes]:
        """Return messages a request was granted."""
        return self._histories[channel].between(first, last)
