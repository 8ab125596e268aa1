"""Channels: which groups and ports carry what, on both lines, and where to ask for what was missed.

Defaults only. They are from guides of 2017 and 2018; the guides of today and the network after the backbone refresh
are not public, so a participant confirms or replaces every address. The index channels 41 to 44 are left out, since
which of three groups carries which of them is not known.

Source: HKEX OMD-C Connectivity Guide v2.2; HKEX OMD-CC Connectivity Guide v1.1; HKEX OMD-C Binary Interface
Specifications v1.45, section 3.4.3 (DR channels).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pytest_hkexprt.model import Site


class Feed(StrEnum):
    """The two feeds."""

    OMD_C = "OMD-C"
    OMD_CC = "OMD-CC"


class Line(StrEnum):
    """Where a packet of a channel came from; neither of A and B is preferred."""

    A = "A"
    B = "B"
    RETRANSMISSION = "retransmission"
    REFRESH = "refresh"


class Content(StrEnum):
    """What a channel carries."""

    REFERENCE = "reference data"
    STATUS = "session status"
    TURNOVER = "market turnover"
    NEWS = "news"
    STANDARD = "securities standard"
    PREMIUM = "securities premium"
    FULL_TICK = "securities full tick"
    BROKERS = "conflated broker queue"
    ODD_LOTS = "odd lots"
    CONNECT = "Stock Connect"
    CHINA_REFERENCE = "China Connect reference data"
    CHINA_PRICES = "China Connect status and prices"
    DR = "DR signal"
    INDEX_DR = "DR signal for index clients"


@dataclass(frozen=True, slots=True)
class Address:
    """A multicast group and its port, or a server's address."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel: a sequence of messages, sent twice."""

    number: int
    content: Content
    feed: Feed
    lines: tuple[Address, Address]
    """Of A and of B."""
    refresh: int | None = None
    """The channel that carries its snapshots."""
    refresh_lines: tuple[Address, Address] | None = None

    @property
    def dr(self) -> bool:
        """Whether it tells of a failover between sites, and nothing else."""
        return self.content in (Content.DR, Content.INDEX_DR)

    def address(self, line: Line) -> Address:
        """Return where line A or B is joined."""
        return self.lines[0] if line is Line.A else self.lines[1]

    def refresh_address(self, line: Line) -> Address | None:
        """Return where line A or B of its snapshots is joined."""
        if self.refresh_lines is None:
            return None
        return self.refresh_lines[0] if line is Line.A else self.refresh_lines[1]


def _pair(last: int, port: int) -> tuple[Address, Address]:
    """Return both lines of a group: they differ in the third octet."""
    return Address(f"239.1.1.{last}", port), Address(f"239.1.127.{last}", port)


def _run(
    feed: Feed,
    content: Content,
    first: int,
    last: int,
    octet: int,
    *,
    port: int = 51000,
    refresh: int | None = None,
    refresh_octet: int = 0,
    refresh_port: int = 51000,
) -> list[Channel]:
    """Return channels of consecutive numbers at consecutive ports."""
    return [
        Channel(
            number,
            content,
            feed,
            _pair(octet, port + number - first),
            None if refresh is None else refresh + number - first,
            None if refresh is None else _pair(refresh_octet, refresh_port + number - first),
        )
        for number in range(first, last + 1)
    ]


_C, _CC = Feed.OMD_C, Feed.OMD_CC
CHANNELS: Final[dict[int, Channel]] = {
    channel.number: channel
    for channel in (
        *_run(_C, Content.REFERENCE, 1, 1, 1, refresh=501, refresh_octet=11),
        *_run(_C, Content.STATUS, 2, 2, 1, port=51001, refresh=502, refresh_octet=11, refresh_port=51001),
        *_run(_C, Content.TURNOVER, 3, 3, 1, port=51002, refresh=503, refresh_octet=11, refresh_port=51002),
        *_run(_C, Content.NEWS, 4, 4, 1, port=51003, refresh=504, refresh_octet=11, refresh_port=51003),
        *_run(_C, Content.DR, 9, 9, 1, port=51008),
        *_run(_C, Content.STANDARD, 10, 10, 2, refresh=510, refresh_octet=12),
        *_run(_C, Content.PREMIUM, 20, 28, 3, refresh=520, refresh_octet=13),
        *_run(_C, Content.FULL_TICK, 30, 38, 4, refresh=530, refresh_octet=14),
        *_run(_C, Content.INDEX_DR, 49, 49, 7, port=51008),
        *_run(_C, Content.BROKERS, 60, 60, 8),
        *_run(_C, Content.ODD_LOTS, 70, 78, 9),
        *_run(_C, Content.CONNECT, 80, 81, 121, refresh=580, refresh_octet=121, refresh_port=61000),
        *_run(_CC, Content.CHINA_REFERENCE, 301, 301, 101, refresh=801, refresh_octet=101, refresh_port=61000),
        *_run(_CC, Content.CHINA_PRICES, 302, 302, 101, port=51001, refresh=802, refresh_octet=101, refresh_port=61001),
        *_run(_CC, Content.CHINA_REFERENCE, 311, 311, 111, refresh=811, refresh_octet=111, refresh_port=61000),
        *_run(_CC, Content.CHINA_PRICES, 312, 312, 111, port=51001, refresh=812, refresh_octet=111, refresh_port=61001),
        *_run(_CC, Content.DR, 399, 399, 105, port=51008),
    )
}
"""By number. Inferred from their neighbours, not read: the numbers 580 and 581, the refresh ports of channels below 40
(those of the channels), and the ports of channels 60 and 70 to 78."""

_RTS_PORT = 55455
RETRANSMISSION: Final[dict[Feed, dict[Site, tuple[Address, Address]]]] = {
    _C: {
        Site.PRIMARY: (Address("10.1.90.82", _RTS_PORT), Address("10.1.90.83", _RTS_PORT)),
        Site.SECONDARY: (Address("10.2.90.82", _RTS_PORT), Address("10.2.90.83", _RTS_PORT)),
    },
    _CC: {
        Site.PRIMARY: (Address("10.1.90.94", _RTS_PORT), Address("10.1.90.95", _RTS_PORT)),
        Site.SECONDARY: (Address("10.2.90.94", _RTS_PORT), Address("10.2.90.95", _RTS_PORT)),
    },
}
"""The retransmission servers, two at each site."""


def of(feed: Feed) -> tuple[Channel, ...]:
    """Return a feed's channels, its DR channels included."""
    return tuple(channel for channel in CHANNELS.values() if channel.feed is feed)
