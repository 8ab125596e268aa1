"""What a program that takes our client's place at a feed is asked: each line with its types.

A request is one verb of :class:`~.seam.FeedHandler`; what answers it is in :mod:`.dialogue_told`.

To add a verb: a :class:`Request` here, and a line in :class:`~.client_program.ProgramClient`.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from pytest_hkexprt.systems.omd import channels
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.dialogue_told import Address, AnswerTold, BooksTold, Server, Stands, Told
from pytest_hkexprt.systems.program_lines import VERSION, Nothing, Ready, Request


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A channel to receive."""

    channel: int
    content: str
    """In words."""
    dr: bool
    """Whether it tells of a failover, and nothing else."""
    lines: dict[Line, Address]
    refresh: int | None = None
    """The channel of its snapshots."""
    refresh_lines: dict[Line, Address] = {}

    @classmethod
    def of(cls, channel: channels.Channel) -> Channel:
        """Return a channel as it is written on a line."""
        return cls(
            channel=channel.number,
            content=channel.content,
            dr=channel.dr,
            lines=_pair(channel.lines),
            refresh=channel.refresh,
            refresh_lines=_pair(channel.refresh_lines or ()),
        )


# ---------------------------------------------------------------------- what is asked


class Start(Request[Ready], frozen=True, kw_only=True, tag="start"):
    """The first line: everything there is to know."""

    answered_with = Ready

    speaks: int = VERSION
    feed: str
    """``OMD-C`` or ``OMD-CC``."""
    user: str
    """For retransmission."""
    channels: list[Channel]
    servers: list[Server]
    """The retransmission servers, in the order to try."""
    interface: str
    """This machine's address on whose interface groups are joined; empty for the system's choice."""
    source_address: str
    buffer_bytes: int
    timeout_s: float
    """What a retransmission server's answer may take."""
    times_divided_by: float
    """By what the published times are divided: 1 live, more in a rehearsal."""
    clock_ahead_s: float
    """How far the time of what is sent is ahead of this machine's clock: 0 live."""


class Join(Request[Nothing], frozen=True, kw_only=True, tag="join"):
    """Join both lines of every channel and of its refreshes, and begin to receive."""

    answered_with = Nothing


class Standing(Request[Stands], frozen=True, kw_only=True, tag="standing"):
    """How every channel stands now; asked often."""

    answered_with = Stands


class Facts(Request[Told], frozen=True, kw_only=True, tag="facts"):
    """What was received so far."""

    answered_with = Told


class Books(Request[BooksTold], frozen=True, kw_only=True, tag="books"):
    """The books, as the messages that restate them."""

    answered_with = BooksTold


class LeaveOut(Request[Nothing], frozen=True, kw_only=True, tag="leave_out"):
    """Pass over the next packets of lines, as if they had been lost on the way."""

    answered_with = Nothing

    channel: int
    lines: list[Line]
    packets: int


class AskAgain(Request[AnswerTold], frozen=True, kw_only=True, tag="ask_again"):
    """Ask a retransmission server for messages; answered when it has answered."""

    answered_with = AnswerTold

    channel: int
    first: int
    last: int


class Leave(Request[Nothing], frozen=True, kw_only=True, tag="leave"):
    """Leave every group and end every connection."""

    answered_with = Nothing


def ahead(start: Start, clock_ahead_s: float) -> Start:
    """Return the first line with the moment it is said at."""
    return msgspec.structs.replace(start, clock_ahead_s=clock_ahead_s)


def _pair(addresses: Sequence[channels.Address]) -> dict[Line, Address]:
    return {line: Address.of(each) for line, each in zip((Line.A, Line.B), addresses, strict=False)}
