"""Where another feed handler takes our client's place: what a visit needs of whoever receives a feed.

A vendor puts its own market data handler under test: the steps, checks, drills and evidence stay as they are, and only
this is answered by somebody else. Our :class:`~pytest_hkexprt.systems.omd.client.Client` is one answer, a Python object
of the vendor's another, a command line program (:mod:`.client_program`) a third.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.systems.omd.book import Picture
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.facts import Answer, ChannelFacts, FailoverFacts
from pytest_hkexprt.systems.omd.settings import FeedSettings

if TYPE_CHECKING:
    from pytest_hkexprt.deadline import Deadline

MADE_WITH = ("interface", "source_address", "buffer_bytes", "timeout_s", "timing", "published")
"""What an object in our client's place is given by name, beside feed, servers and journal; live not all of it."""


class Received(Protocol):
    """One channel as it stands; cheap to ask, since a wait asks it whenever something came."""

    @property
    def heard(self) -> bool:
        """Whether both its lines were heard."""

    @property
    def following(self) -> bool:
        """Whether messages are delivered, and not held for a snapshot."""

    @property
    def unbroken(self) -> bool:
        """Whether nothing is missing between the first message and the last."""

    @property
    def delivered(self) -> int:
        """How many messages were handed on, each once."""

    @property
    def next(self) -> int | None:
        """The sequence number that is delivered next; None before there is one."""

    @property
    def refresh_wanted(self) -> bool:
        """Whether a snapshot is waited for although messages go on."""

    def passed_over(self, lines: Iterable[Line]) -> tuple[int, int] | None:
        """Return first and last of the messages that all of some lines passed over on purpose; None where none are."""

    def went_on(self, lines: Iterable[Line]) -> bool:
        """Return whether lines brought something behind what they passed over on purpose."""


class FeedHandler(Protocol):
    """Whoever receives one feed; errors are those of :mod:`pytest_hkexprt.errors`."""

    @property
    def feed(self) -> FeedSettings:
        """Its channels, with the groups to join, as the callable was given it."""

    @property
    def joined_s(self) -> float:
        """When it joined, on the monotonic clock."""

    @property
    def receptions(self) -> Mapping[int, Received]:
        """Channel number to how it stands; empty before :meth:`join`."""

    @property
    def failover(self) -> FailoverFacts:
        """What was received of a failover."""

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Every answer of a retransmission server."""

    @property
    def tried(self) -> tuple[str, ...]:
        """What became of retransmission servers that did not serve, in words."""

    def join(self) -> None:
        """Join both lines of every channel and of its refreshes, and begin to receive."""

    def wait_for(self, holds: Callable[[], bool], deadline: Deadline) -> bool:
        """Wait until something holds of what was received; nothing is taken in while it is asked."""

    def snapshot(self) -> tuple[ChannelFacts, ...]:
        """Return what was received so far, channel by channel."""

    def pictures(self) -> Mapping[int, Picture]:
        """Return the books of the channels, the DR channel's left out."""

    def leave_out(self, channel: int, lines: Collection[Line], packets: int) -> None:
        """Pass over the next packets of lines, as if they had been lost on the way."""

    def ask_again(self, channel: int, first: int, last: int) -> Future[Answer]:
        """Ask a retransmission server for messages, whether they came before or not."""

    def answer(self, asked: Future[Answer], deadline: Deadline) -> Answer:
        """Return the answer to a request."""

    def leave(self) -> None:
        """Leave every group and end every connection; a second call does nothing."""


def told_whole(handler: FeedHandler, where: str) -> tuple[ChannelFacts, ...]:
    """Return what a handler received; a line it does not speak of would pass every check.

    Raises:
        LocalProtocolError: it does not tell of both lines of each channel.
    """
    facts = handler.snapshot()
    told = {each.number for each in facts if {line.line for line in each.lines} == {Line.A, Line.B}}
    if untold := [each.number for each in handler.feed.all_channels if each.number not in told]:
        raise LocalProtocolError(
            f"{where}: what was received",
            expected="both lines of each channel",
            came=f"not those of {', '.join(map(str, untold))}",
        )
    return facts
