"""What of a session outlives its connections: numbers, and what was said and can be asked for again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from pytest_hkexprt.systems.otp.messages import NEVER_RESENT, Kind, Message

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
        """Hold a message that was said, if it may ever be said again."""
        if message.kind in NEVER_RESENT:
            return
        self.said[message.seq] = message
        if len(self.said) > self.most_kept:
            del self.said[next(iter(self.said))]

    def again(self, begin: int, end: int, may_resend: Callable[[Message], bool]) -> Iterator[Message]:
        """Yield what answers a request for numbers, the last included: the messages, and fills over all others.

        Source: OCG-C Binary 3.x, 5.6.
        """
        at = begin
        for seq in range(begin, end + 1):
            message = self.said.get(seq)
            if message is None or not may_resend(message):
                continue
            if at < seq:
                yield fill(at, seq)
            yield replace(message, poss_dup=True, sent="", originally_sent=message.sent)
            at = seq + 1
        if at <= end:
            yield fill(at, end + 1)


def fill(seq: int, new: int) -> Message:
    """Return the gap fill from one number up to another, which is the next."""
    return Message(Kind.SEQUENCE_RESET, {"GapFillFlag": True, "NewSeqNo": new}, seq=seq, poss_dup=True)
