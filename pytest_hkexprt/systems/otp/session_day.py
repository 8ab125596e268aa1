"""What of a session outlives its connections: numbers, and what was said and can be asked for again."""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_hkexprt.systems.otp.messages import Message

MOST_KEPT = 200_000
"""Messages of one day that can be sent again; an older one is gap-filled. Bounds the memory of a run without end."""


@dataclass(slots=True)
class Day:
    """One side of one Comp ID's trading day: both numbers begin at 1 and go on over every reconnect."""

    next_out: int = 1
    """The number of the next message we send."""
    next_in: int = 1
    """The number we expect."""
    said: dict[int, Message] = field(default_factory=dict)
    """By number: what can be asked for again; session messages are not kept."""
    most_kept: int = MOST_KEPT

    def keep(self, message: Message) -> None:
        """Hold a message so that it can be sent again."""
        self.said[message.seq] = message
        if len(self.said) > self.most_kept:
            del self.said[next(iter(self.said))]
