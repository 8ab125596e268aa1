"""What a vendor's feed handler tells of its channels, as a visit and its checks take it.

What can be judged from counts is judged here and not believed: which types of message belong on a channel, and which no
document lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pytest_hkexprt.systems.omd import channels
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.content import CONTENT_TYPES
from pytest_hkexprt.systems.omd.dialogue_told import ChannelStanding, ChannelTold, GapTold, LineStanding, LineTold
from pytest_hkexprt.systems.omd.facts import ChannelFacts, Gap, LineFacts, Trace
from pytest_hkexprt.systems.omd.layouts import LAYOUTS
from pytest_hkexprt.systems.program_lines import shown

LINES = (Line.A, Line.B)
SILENT = LineStanding(heard=False)
MOST_TOLD = 10
"""Reasons of a line, or a channel, that are kept."""


class Reception:
    """One channel as it stood when the program was last asked; the same object all along, as whoever waits holds it."""

    def __init__(self) -> None:
        self._told = ChannelStanding(channel=0, following=False, unbroken=True, delivered=0, lines={})

    def take(self, told: ChannelStanding) -> None:
        """Take how it stands now."""
        self._told = told

    @property
    def heard(self) -> bool:
        """Whether both its lines were heard."""
        return all(self._line(line).heard for line in LINES)

    @property
    def following(self) -> bool:
        """Whether messages are delivered, and not held for a snapshot."""
        return self._told.following

    @property
    def unbroken(self) -> bool:
        """Whether nothing is missing between the first message and the last."""
        return self._told.unbroken

    @property
    def delivered(self) -> int:
        """How many messages were handed on, each once."""
        return self._told.delivered

    @property
    def next(self) -> int | None:
        """The sequence number that is delivered next."""
        return self._told.next

    @property
    def refresh_wanted(self) -> bool:
        """Whether a snapshot is waited for although messages go on."""
        return self._told.refresh_wanted

    def passed_over(self, lines: Iterable[Line]) -> tuple[int, int] | None:
        """Return first and last of the messages that all of some lines passed over on purpose; None where none are."""
        left = [self._line(line).passed_over for line in lines]
        first = max((each[0] for each in left if each), default=0)
        last = min((each[1] for each in left if each), default=0)
        return (first, last) if all(left) and first <= last else None

    def went_on(self, lines: Iterable[Line]) -> bool:
        """Return whether lines brought something behind what they passed over on purpose."""
        return all(
            not line.passing_over and (line.last or 0) > (line.passed_over[1] if line.passed_over else 0)
            for line in map(self._line, lines)
        )

    def _line(self, line: Line) -> LineStanding:
        return self._told.lines.get(line, SILENT)


def channel_facts(
    told: ChannelTold, channel: channels.Channel, published: Mapping[str, str], joined_s: float
) -> ChannelFacts:
    """Return what a program told of a channel, as facts; a line it does not speak of is not among them."""
    expected = CONTENT_TYPES[channel.content]
    told_lines = {line: told.lines[line] for line in LINES if line in told.lines}
    return ChannelFacts(
        number=channel.number,
        name=str(channel.content),
        lines=tuple(_line_facts(line, each, channel, published) for line, each in told_lines.items()),
        gaps=tuple(_gap(channel.number, each, joined_s) for each in told.gaps),
        types=told.types,
        unknown={type_: count for type_, count in told.types.items() if type_ not in LAYOUTS},
        strange={type_: n for type_, n in told.types.items() if type_ in LAYOUTS and type_ not in expected},
        backwards=tuple(map(shown, told.backwards[:MOST_TOLD])),
        resets=told.resets,
        newest_ns=told.newest_ns,
        refreshed=told.refreshed,
        spoiled=told.spoiled,
        refresh_waited_s=told.refresh_waited_s,
        following=told.following,
        next=told.next,
        gaps_uncounted=told.gaps_uncounted,
        delivered=told.delivered,
        traces=tuple(Trace(channel.number, line, tuple(each.points)) for line, each in told_lines.items()),
    )


def _line_facts(line: Line, told: LineTold, channel: channels.Channel, published: Mapping[str, str]) -> LineFacts:
    group = str(channel.address(line))
    return LineFacts(
        line=line,
        group=group,
        published=published.get(group, ""),
        packets=told.packets,
        messages=told.messages,
        heartbeats=told.heartbeats,
        duplicates=told.duplicates,
        first=told.first,
        last=told.last,
        malformed=tuple(map(shown, told.refusals[:MOST_TOLD])),
        malformed_count=told.refused,
        backwards=told.backwards,
        dropped=told.dropped,
        buffer_bytes=told.buffer_bytes,
        first_heard_s=told.first_heard_s,
        last_heard_s=told.last_heard_s,
        longest_silence_s=told.longest_silence_s,
        latency_ms=told.latency_ms,
        fresh=told.fresh,
        left_out=told.left_out,
    )


def _gap(channel: int, told: GapTold, joined_s: float) -> Gap:
    noticed_s = joined_s + told.noticed_s
    return Gap(channel, told.first, told.last, noticed_s, told.took_s, told.filled, shown(told.missed_by))
