"""What is missing, asked for again; a whole snapshot waited for; and the signal that a site has failed over.

Three state machines without a socket or a clock: the moment is passed in, and what to do comes out.

Source: HKEX OMD-C Developers Guide 1.11, sections 5.3.1 (retransmission, its limits) and 5.3.2.2 (refresh); HKEX OMD-C
Binary Interface Specifications v1.45, section 3.4 (statuses) and 3.4.3 (DR signal).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final

from pytest_hkexprt.errors import RemoteProtocolError
from pytest_hkexprt.systems.omd.codec import Message, build
from pytest_hkexprt.systems.omd.gaps import Gap
from pytest_hkexprt.systems.omd.layouts import Type

NEIGHBOURS: Final = 100
"""Gaps with as few messages between them are asked for at once, since requests are counted and messages are not."""
MOST_TRIES: Final = 2
"""How often one range is asked for where no answer comes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a retransmission server grants; the defaults are the published ones."""

    newest: int = 50_000
    """Messages of each channel, the newest, that can be had."""
    range: int = 10_000
    """Messages in one request."""
    per_day: int = 1_000
    """Requests, of all channels together."""
    logon_s: float = 5.0
    """From connecting to the logon."""
    heartbeat_s: float = 30.0
    """Between the server's heartbeats."""
    echo_s: float = 5.0
    """For the heartbeat's exact copy to come back."""


class SessionStatus(IntEnum):
    """What a logon is answered with."""

    ACTIVE = 0
    INVALID = 5
    """The user or the address."""
    ALREADY_CONNECTED = 100


class RetransStatus(IntEnum):
    """What a request is answered with."""

    ACCEPTED = 0
    UNKNOWN_CHANNEL = 1
    NOT_AVAILABLE = 2
    TOO_LONG = 100
    TOO_MANY = 101


class Why(StrEnum):
    """Why a gap cannot be filled by retransmission, so that a snapshot is needed."""

    TOO_OLD = "older than what can be asked for"
    UNKNOWN_CHANNEL = "the channel is unknown to the server, or not subscribed"
    NOT_AVAILABLE = "not available any longer"
    TOO_LONG = "the range is too long"
    TOO_MANY = "no more requests today"
    NO_ANSWER = "asked for, and nothing came"


_REFUSED = {
    RetransStatus.UNKNOWN_CHANNEL: Why.UNKNOWN_CHANNEL,
    RetransStatus.NOT_AVAILABLE: Why.NOT_AVAILABLE,
    RetransStatus.TOO_LONG: Why.TOO_LONG,
    RetransStatus.TOO_MANY: Why.TOO_MANY,
}


@dataclass(frozen=True, slots=True)
class Request:
    """One retransmission request."""

    channel: int
    begin: int
    end: int

    def message(self) -> Message:
        """Return it as the server reads it."""
        return build(Type.RETRANSMISSION_REQUEST, ChannelID=self.channel, BeginSeqNum=self.begin, EndSeqNum=self.end)


@dataclass(frozen=True, slots=True)
class Beyond:
    """What no retransmission brings."""

    channel: int
    first: int
    last: int
    why: Why


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do about a channel's gaps now."""

    requests: tuple[Request, ...] = ()
    beyond: tuple[Beyond, ...] = ()


@dataclass(slots=True)
class _Asked:
    request: Request
    since_s: float
    tries: int = 1
    refused: Why | None = None


@dataclass(slots=True)
class Requests:
    """What was asked for, of all channels, and what may be asked for yet.

    A gap is first left to the other line for ``patience_s``; a range that was asked for is left to the server for
    ``answer_s`` and asked for once more.
    """

    limits: Limits = field(default_factory=Limits)
    patience_s: float = 0.5
    answer_s: float = 5.0
    used: int = 0
    """Requests of today."""
    _asked: list[_Asked] = field(default_factory=list)
    """For gaps that are still open."""
    _unanswered: list[Request] = field(default_factory=list)

    def plan(self, channel: int, gaps: Sequence[Gap], known: int, now_s: float) -> Plan:
        """Return what to ask for, and what cannot be had; what is asked for counts as asked.

        Args:
            channel: the gaps are of.
            gaps: what is missing, in order.
            known: the channel's greatest number that is known to exist.
            now_s: the moment.
        """
        self._asked = [each for each in self._asked if each.request.channel != channel or _overlaps(each.request, gaps)]
        requests: list[Request] = []
        beyond: list[Beyond] = []
        floor = known - self.limits.newest + 1
        ripe = [gap for gap in gaps if now_s - gap.opened_s >= self.patience_s]
        for gap in ripe:
            if gap.first < floor:
                beyond.append(Beyond(channel, gap.first, min(gap.last, floor - 1), Why.TOO_OLD))
        for begin, end in _merged([(max(gap.first, floor), gap.last) for gap in ripe if gap.last >= floor]):
            for first in range(begin, end + 1, self.limits.range):
                found = self._one(Request(channel, first, min(end, first + self.limits.range - 1)), now_s)
                if isinstance(found, Request):
                    requests.append(found)
                elif found:
                    beyond.append(found)
        return Plan(tuple(requests), tuple(beyond))

    def _one(self, wanted: Request, now_s: float) -> Request | Beyond | None:
        """Return a request to be sent, why it is in vain, or None where it is under way."""
        asked = next((each for each in self._asked if _covers(each.request, wanted)), None)
        why = asked.refused if asked else None
        if asked and not why:
            if now_s - asked.since_s < self.answer_s:
                return None
            why = Why.NO_ANSWER if asked.tries >= MOST_TRIES else None
        if not why and self.used >= self.limits.per_day:
            why = Why.TOO_MANY
        if why:
            return Beyond(wanted.channel, wanted.begin, wanted.end, why)
        self.used += 1
        if asked:
            asked.request, asked.tries, asked.since_s = wanted, asked.tries + 1, now_s
        else:
            self._asked.append(_Asked(wanted, now_s))
        self._unanswered.append(wanted)
        return wanted

    def answered(self, response: Message) -> RetransStatus:
        """Take a server's answer to a request; return what it says.

        Raises:
            RemoteProtocolError: the status is none that is published, or nothing of the kind was asked for.
        """
        answer = Request(response.number("ChannelID"), response.number("BeginSeqNum"), response.number("EndSeqNum"))
        number = response.number("RetransStatus")
        where = f"the retransmission server's answer about channel {answer.channel}, {answer.begin} to {answer.end}"
        if number not in list(RetransStatus):
            raise RemoteProtocolError(where, expected="status 0, 1, 2, 100 or 101", came=f"{number}")
        if answer not in self._unanswered:
            raise RemoteProtocolError(where, expected="an answer to a request of ours", came="one to none of them")
        self._unanswered.remove(answer)
        status = RetransStatus(number)
        for asked in self._asked:  # none where the gap was filled meanwhile
            if asked.request == answer:
                asked.refused = _REFUSED.get(status)
        return status

    def lost_server(self) -> None:
        """Forget what was asked for: the connection is gone, and another server is asked anew."""
        self._asked.clear()
        self._unanswered.clear()

    def new_day(self) -> None:
        """Begin counting again."""
        self.used = 0
        self.lost_server()


class Dr(StrEnum):
    """How far a failover between sites is, by the DR signal."""

    NORMAL = "normal"
    IN_PROGRESS = "in progress"
    COMPLETED = "completed"


class DrAction(StrEnum):
    """What a receiver does about a DR signal."""

    CLEAR = "clear what is held and wait"
    REBUILD = "rebuild from snapshots"


@dataclass(slots=True)
class DrSignal:
    """The DR channel followed: its first status 1 clears, its first status 2 rebuilds, repetitions do nothing.

    A receiver that begins in the midst of it sees a status 1 first and waits, or a status 2 and rebuilds at once.
    """

    state: Dr = Dr.NORMAL
    began_s: float | None = None
    """When the status became 1."""
    completed_s: float | None = None
    signals: int = 0

    def take(self, signal: Message, now_s: float) -> DrAction | None:
        """Take a DR signal; return what is to be done, if anything.

        Raises:
            RemoteProtocolError: its status is neither 1 nor 2.
        """
        status = signal.number("DRStatus")
        self.signals += 1
        if status not in _DR:
            raise RemoteProtocolError("the DR signal", expected="status 1 or 2", came=f"{status}")
        state, action = _DR[status]
        if state is self.state:
            return None
        self.state = state
        if state is Dr.IN_PROGRESS:
            self.began_s, self.completed_s = now_s, None
        else:
            self.completed_s = now_s
        return action

    def waiting_s(self, now_s: float) -> float:
        """Return for how long status 2 has been waited for; 0 where it is not."""
        return now_s - self.began_s if self.state is Dr.IN_PROGRESS and self.began_s is not None else 0.0


_DR = {1: (Dr.IN_PROGRESS, DrAction.CLEAR), 2: (Dr.COMPLETED, DrAction.REBUILD)}


def _merged(ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join ranges that have few messages between them."""
    held: tuple[int, int] | None = None
    for begin, end in ranges:
        if held and begin - held[1] - 1 <= NEIGHBOURS:
            held = held[0], end
        else:
            if held:
                yield held
            held = begin, end
    if held:
        yield held


def _overlaps(request: Request, gaps: Sequence[Gap]) -> bool:
    return any(request.begin <= gap.last and gap.first <= request.end for gap in gaps)


def _covers(request: Request, wanted: Request) -> bool:
    return request.channel == wanted.channel and request.begin <= wanted.begin and wanted.end <= request.end
