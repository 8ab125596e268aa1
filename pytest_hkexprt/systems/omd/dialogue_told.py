"""What a program that takes our client's place at a feed tells: each line with its types.

Packets are too many to hand on, so what is told is counts, gaps and, when they are asked for, the books: the messages
that restate them, by their published names, numbers as on the wire. Times are in seconds since the join.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, TypeAlias

import msgspec

from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.omd import channels
from pytest_hkexprt.systems.omd.book import Picture
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.codec import CODECS, Message, build
from pytest_hkexprt.systems.omd.facts import Answer, FailoverFacts, Filled
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.rows import Raw
from pytest_hkexprt.systems.program_lines import Junk

Values: TypeAlias = dict[str, int | str]
"""Fields by their published names; numbers as on the wire, text without its padding."""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A group, or a server."""

    host: str
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)]

    @classmethod
    def of(cls, address: channels.Address | Endpoint) -> Address:
        """Return where something is."""
        return cls(host=address.host, port=address.port)


class Server(Address, frozen=True, kw_only=True):
    """A retransmission server."""

    site: Site


class Failover(msgspec.Struct, frozen=True, kw_only=True):
    """A failover between sites, as far as it was received."""

    silent_s: float | None = None
    signalled_s: float | None = None
    completed_s: float | None = None
    cleared: list[int] = []
    rebuilt: dict[int, float] = {}
    heartbeats_meanwhile: int = 0
    messages_meanwhile: int = 0

    def facts(self, joined_s: float) -> FailoverFacts:
        """Return it with its times on our clock."""

        def ours(told_s: float | None) -> float | None:
            return None if told_s is None else joined_s + told_s

        return FailoverFacts(
            silent_s=ours(self.silent_s),
            signalled_s=ours(self.signalled_s),
            completed_s=ours(self.completed_s),
            cleared=tuple(self.cleared),
            rebuilt={channel: joined_s + told_s for channel, told_s in self.rebuilt.items()},
            heartbeats_meanwhile=self.heartbeats_meanwhile,
            messages_meanwhile=self.messages_meanwhile,
        )


class LineStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How one line stands."""

    heard: bool
    last: int | None = None
    """The last message's sequence number."""
    passing_over: int = 0
    """Packets still to be passed over on purpose."""
    passed_over: tuple[int, int] | None = None
    """First and last message of what was."""


class ChannelStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How a channel stands."""

    channel: int
    following: bool
    unbroken: bool
    delivered: int
    next: int | None = None
    refresh_wanted: bool = False
    lines: dict[Line, LineStanding]


class Stands(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to ``standing``."""

    channels: list[ChannelStanding]
    failover: Failover = Failover()


class LineTold(msgspec.Struct, frozen=True, kw_only=True):
    """What came on one line."""

    packets: int = 0
    messages: int = 0
    heartbeats: int = 0
    duplicates: int = 0
    fresh: int = 0
    first: int | None = None
    last: int | None = None
    refused: int = 0
    refusals: list[str] = []
    """Why, the first few."""
    backwards: int = 0
    dropped: int | None = None
    buffer_bytes: int = 0
    first_heard_s: float | None = None
    last_heard_s: float | None = None
    longest_silence_s: float = 0.0
    latency_ms: tuple[float, float, float] | None = None
    left_out: int = 0
    points: list[tuple[float, int]] = []
    """Where its sequence stood when, for the picture."""


class GapTold(msgspec.Struct, frozen=True, kw_only=True):
    """Messages one line, or both, did not bring in their turn."""

    first: int
    last: int
    noticed_s: float
    took_s: float
    filled: Filled
    missed_by: str = ""


class ChannelTold(msgspec.Struct, frozen=True, kw_only=True):
    """What came on a channel."""

    channel: int
    lines: dict[Line, LineTold]
    gaps: list[GapTold] = []
    gaps_uncounted: int = 0
    types: dict[int, int] = {}
    backwards: list[str] = []
    resets: int = 0
    newest_ns: int = 0
    refreshed: int = 0
    spoiled: int = 0
    refresh_waited_s: float = 0.0
    following: bool
    next: int | None = None
    delivered: int


class AnswerTold(msgspec.Struct, frozen=True, kw_only=True):
    """What a retransmission server said to one request."""

    server: Server | None = None
    channel: int
    first: int
    last: int
    status: int | None = None
    told: str
    messages: int = 0
    took_s: float = 0.0

    def answer(self) -> Answer:
        """Return it as a fact."""
        at = self.server
        endpoint = str(Endpoint("omd", at.site, at.host, at.port)) if at else ""
        return Answer(
            endpoint,
            str(at.site) if at else "",
            self.channel,
            self.first,
            self.last,
            self.status,
            self.told,
            self.messages,
            self.took_s,
        )


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to ``facts``."""

    channels: list[ChannelTold]
    failover: Failover = Failover()
    answers: list[AnswerTold] = []
    tried: list[str] = []


class BookTold(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to say of a book besides what is in it."""

    channel: int
    applied: int
    tape_whole: bool
    faults: list[str] = []


class BooksTold(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to ``books``; what is in them came before it, as events."""

    books: list[BookTold]


# ---------------------------------------------------------------------- what is told unasked


class BookEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="book"):
    """One message that restates a part of a book."""

    channel: int
    type: int
    fields: Values
    groups: dict[str, list[Values]] = {}

    @classmethod
    def of(cls, channel: int, message: Message) -> BookEvent:
        """Return a message as it is written on a line."""
        codec = CODECS[message.type]
        groups = {
            group.name: [_named([each.name for each in entry.fields], values) for values in entries]
            for (group, _, entry), entries in zip(codec.groups, message.groups, strict=True)
        }
        return cls(
            channel=channel,
            type=message.type,
            fields=_named([each.name for each in codec.fixed.fields], message.values),
            groups=groups,
        )

    def message(self) -> Message:
        """Return it as a message.

        Raises:
            Junk: its type, a field or a value is none there is.
        """
        if self.type not in CODECS:
            raise Junk(f"a book's message of type {self.type}, which no document lists")
        if unknown := self.groups.keys() - {group.name for group, _, _ in CODECS[self.type].groups}:
            raise Junk(f"a book's message of type {self.type} with a group {min(unknown)!r}, which it has not")
        try:
            return build(self.type, 0, **self.fields, **self.groups)
        except (LocalProtocolError, TypeError) as error:
            raise Junk(f"a book's message that cannot be: {' '.join(str(error).split())}") from None


def restated(picture: Picture) -> Iterator[Message]:
    """Yield the messages that bring an empty picture to a picture: what a snapshot has, and the trades."""
    yield from picture.restate()
    for (code, number), trade in picture.trades.items():
        named = {"Price": trade.price, "Quantity": trade.quantity, "TrdType": trade.type, "TradeTime": trade.time_ns}
        yield build(Type.TRADE, SecurityCode=code, TradeID=number, **named)
        if trade.cancelled:
            yield build(Type.TRADE_CANCEL, SecurityCode=code, TradeID=number)
    for (code, number), ticker in picture.tickers.items():
        yield build(
            Type.TRADE_TICKER,
            SecurityCode=code,
            TickerID=number,
            Price=ticker.price,
            AggregateQuantity=ticker.quantity,
            TradeTime=ticker.time_ns,
            TrdType=ticker.type,
            TrdCancelFlag="Y" if ticker.cancelled else "N",
        )


def _named(names: Sequence[str], values: Sequence[Raw]) -> Values:
    return dict(zip(names, values, strict=True))
