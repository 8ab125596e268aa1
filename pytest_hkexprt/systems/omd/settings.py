"""The ``[omd]`` table of the participant file, with types, and the published times, scaled for a rehearsal.

The circulars publish no address of market data. The defaults are those of ``channels``, from guides of 2017 and 2018,
so a participant confirms or replaces each; evidence says which of the two it was.

Source: times, HKEX OMD-C Developers Guide 1.11, sections 5.2.4, 5.3.1 and 9.8; OMD-C Binary Interface Specifications
v1.45, section 3.4.3 (five minutes for a failover between sites).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pytest_hkexprt import command
from pytest_hkexprt.command import Command
from pytest_hkexprt.model import Site
from pytest_hkexprt.reading import Table, near, tell
from pytest_hkexprt.systems.omd.channels import CHANNELS, RETRANSMISSION, Address, Channel, Feed

HIGHEST_PORT = 65535
TOLD = ("host", "port", "site", "feed", "interface", "user")
"""What a program's words may have in braces."""
LONGEST_USER = 12
"""Bytes of the field."""
BUFFER_BYTES = 8 * 1024 * 1024
"""Asked for; what the system grants is in the evidence."""
ALIVE_WITHIN_S = 10.0
"""Ours: five heartbeats of an idle channel."""
REFRESH_WITHIN_S = 120.0
"""Ours: how often a refresh comes is not published."""
FAILOVER_WITHIN_S = 3600.0
DEFAULT_CHANNELS = {Feed.OMD_C: (1, 2, 3, 4, 10, 30), Feed.OMD_CC: (301, 302, 311, 312)}
DR_CHANNELS = {Feed.OMD_C: 9, Feed.OMD_CC: 399}
REHEARSAL_USER = "REHEARSAL"
REHEARSAL_FACTOR = 60.0
"""A minute of the documents is a second of a rehearsal: five minutes are five seconds."""
LEAST_WAIT_S = 3.0
"""What a rehearsal grants to whatever it waits for, however small the scaled time: the machine may be busy."""


@dataclass(frozen=True, slots=True)
class Timing:
    """The published times, each divided by a factor."""

    factor: float = 1.0

    @property
    def heartbeat_s(self) -> float:
        """How long an idle channel is silent at most."""
        return 2.0 / self.factor

    @property
    def rts_heartbeat_s(self) -> float:
        """From one heartbeat of a retransmission server to the next."""
        return 30.0 / self.factor

    @property
    def stale_s(self) -> float:
        """For how long a retransmission server may say nothing: two of its heartbeats, and half of one."""
        return self.waited_s(75.0)

    @property
    def echo_s(self) -> float:
        """Until when a heartbeat is echoed."""
        return self.waited_s(5.0)

    @property
    def logon_s(self) -> float:
        """Until when a connection has logged on."""
        return self.waited_s(5.0)

    @property
    def objective_s(self) -> float:
        """What a failover between sites may take."""
        return 300.0 / self.factor

    def waited_s(self, live_s: float) -> float:
        """Return what is granted to a wait that may take so long with a live target."""
        return live_s if self.factor == 1 else max(live_s / self.factor, LEAST_WAIT_S)


LIVE = Timing()
"""As published."""


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """How the participant receives one feed."""

    feed: Feed
    user: str = ""
    """For retransmission; empty for a participant that asks for none."""
    channels: tuple[Channel, ...] = ()
    """With their groups as they are joined; without the DR channel."""
    dr: Channel | None = None
    retransmission: Mapping[Site, tuple[Address, ...]] = field(default_factory=dict)
    replaced: frozenset[int] = frozenset()
    """Channels, refresh channels among them, whose groups are the participant file's."""
    servers_replaced: frozenset[Site] = frozenset()
    """Sites whose retransmission servers are the participant file's."""

    @property
    def all_channels(self) -> tuple[Channel, ...]:
        """The channels, and the DR channel."""
        return self.channels + ((self.dr,) if self.dr else ())


@dataclass(frozen=True, slots=True)
class OmdSettings:
    """How the participant receives market data."""

    feeds: Mapping[Feed, FeedSettings]
    interface: str = ""
    """This machine's address on whose interface groups are joined; empty for the line's, or the system's choice."""
    buffer_bytes: int = BUFFER_BYTES
    alive_within_s: float = ALIVE_WITHIN_S
    refresh_within_s: float = REFRESH_WITHIN_S
    """How long a whole snapshot is waited for."""
    timeout_s: float = 15.0
    """How long a retransmission server's answer may take."""
    failover_within_s: float = FAILOVER_WITHIN_S
    """How long a failover is waited for that the exchange begins."""
    capture: bool = False
    """Whether what a rehearsal's simulator sends is kept in the evidence, as a pcap file."""
    timing: Timing = LIVE
    adapter: str = ""
    """``module:name`` of a Python object in our client's place; see :mod:`.seam`."""
    program: Command | None = None
    """A program in our client's place; see :mod:`.dialogue`."""
    declared: frozenset[Feed] = frozenset()
    """The feeds that have a table of their own; where there are any, the others are not received."""

    def receives(self, feed: Feed) -> bool:
        """Return whether the participant receives a feed, as far as it says."""
        return not self.declared or feed in self.declared


def defaults(user: str = "", timing: Timing = LIVE) -> OmdSettings:
    """Return the settings of who says nothing."""
    return OmdSettings({each: _feed(each, user=user) for each in Feed}, timing=timing)


def rehearsed(settings: OmdSettings) -> OmdSettings:
    """Return settings with their times scaled, both feeds received, and a user for each that has none."""
    feeds = {feed: replace(own, user=own.user or REHEARSAL_USER) for feed, own in settings.feeds.items()}
    return replace(settings, feeds=feeds, timing=Timing(REHEARSAL_FACTOR), declared=frozenset())


def read(data: Mapping[str, object], path: Path) -> OmdSettings:
    """Return the settings an ``[omd]`` table describes.

    Args:
        data: the table as read.
        path: the participant file, for messages.

    Raises:
        UsageFault: a key is unknown or of the wrong type; the message has all of them.
    """
    table = Table(dict(data), "omd")
    groups, replaced = _groups(table)
    feeds = {each: _read_feed(table, each, groups, replaced) for each in Feed}
    settings = OmdSettings(
        feeds,
        interface=table.text("interface"),
        buffer_bytes=int(table.number("buffer_bytes", BUFFER_BYTES)),
        alive_within_s=table.number("alive_within_s", ALIVE_WITHIN_S),
        refresh_within_s=table.number("refresh_within_s", REFRESH_WITHIN_S),
        timeout_s=table.number("timeout_s", 15.0),
        failover_within_s=table.number("failover_within_s", FAILOVER_WITHIN_S),
        capture=table.flag("capture"),
        adapter=table.text("adapter"),
        program=command.read(table, path, TOLD),
        declared=frozenset(each for each in Feed if each in data),
    )
    command.one_alone(table, settings.adapter, settings.program)
    if settings.interface and not _is_address(settings.interface):
        table.wrong("interface", f"{settings.interface!r} is no IPv4 address of this machine")
    table.unknown()
    tell(path, table.mistakes)
    return settings


def _feed(feed: Feed, user: str) -> FeedSettings:
    return FeedSettings(
        feed,
        user=user,
        channels=tuple(CHANNELS[number] for number in DEFAULT_CHANNELS[feed]),
        dr=CHANNELS[DR_CHANNELS[feed]],
        retransmission=RETRANSMISSION[feed],
    )


def _read_feed(
    table: Table, feed: Feed, groups: Mapping[int, tuple[Address, Address]], replaced: frozenset[int]
) -> FeedSettings:
    settings = _feed(feed, user="")
    own = {number: _with_groups(channel, groups) for number, channel in CHANNELS.items() if channel.feed is feed}
    below = table.table(feed)
    channels: tuple[int, ...] = DEFAULT_CHANNELS[feed]
    user, servers, servers_replaced = "", dict(settings.retransmission), frozenset[Site]()
    if below is not None:
        user = below.text("user")
        if not user.isascii() or len(user) > LONGEST_USER:
            below.wrong("user", f"expected at most {LONGEST_USER} ASCII characters, came {user!r}")
        if listed := below.listed("channels"):
            channels = tuple(number for number in listed if _is_known(below, number, own))  # type: ignore[misc]
        servers, servers_replaced = _servers(below, servers)
        below.unknown()
    return replace(
        settings,
        user=user,
        channels=tuple(own[number] for number in channels),
        dr=own[DR_CHANNELS[feed]],
        retransmission=servers,
        replaced=replaced,
        servers_replaced=servers_replaced,
    )


def _is_known(table: Table, number: object, own: Mapping[int, Channel]) -> bool:
    joinable = [each for each, channel in own.items() if not channel.dr]
    if number in joinable:
        return True
    table.wrong("channels", f"{number!r} is none of {', '.join(map(str, joinable))}")
    return False


def _servers(
    below: Table, servers: dict[Site, tuple[Address, ...]]
) -> tuple[dict[Site, tuple[Address, ...]], frozenset[Site]]:
    addresses, replaced = below.table("addresses"), set()
    for site in Site if addresses is not None else ():
        assert addresses is not None
        found = [_address(addresses, site, word) for word in addresses.words(site)]
        if found and all(found):
            servers[site] = tuple(each for each in found if each)
            replaced.add(site)
    if addresses is not None:
        for other in addresses.keys():  # noqa: SIM118  Table is no mapping: keys() also counts them as asked for
            if other not in tuple(Site):
                addresses.wrong(other, f"unknown site; expected {' or '.join(Site)}{near(other, Site)}")
    return servers, frozenset(replaced)


def _groups(table: Table) -> tuple[dict[int, tuple[Address, Address]], frozenset[int]]:
    below = table.table("groups")
    if below is None:
        return {}, frozenset()
    known = {*CHANNELS} | {channel.refresh for channel in CHANNELS.values() if channel.refresh}
    found: dict[int, tuple[Address, Address]] = {}
    for key in below.keys():  # noqa: SIM118  as above
        number = int(key) if key.isdecimal() else -1
        lines = [_address(below, key, word) for word in below.words(key)]
        if number not in known:
            below.wrong(key, "no such channel")
        elif len(lines) != 2 or not all(lines):  # noqa: PLR2004  A and B
            below.wrong(key, 'expected both lines\' groups, such as ["239.1.1.4:51000", "239.1.127.4:51000"]')
        else:
            found[number] = (lines[0], lines[1])  # type: ignore[assignment]  # all() has seen to it
    return found, frozenset(found)


def _with_groups(channel: Channel, groups: Mapping[int, tuple[Address, Address]]) -> Channel:
    lines = groups.get(channel.number, channel.lines)
    refresh = groups.get(channel.refresh, channel.refresh_lines) if channel.refresh else channel.refresh_lines
    return replace(channel, lines=lines, refresh_lines=refresh)


def _address(table: Table, key: str, word: str) -> Address | None:
    host, _, port = word.rpartition(":")
    if host and port.isdecimal() and 0 < int(port) <= HIGHEST_PORT:
        return Address(host, int(port))
    table.wrong(key, f"{word!r} is not host:port, such as 239.1.1.4:51000")
    return None


def _is_address(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).version == 4  # noqa: PLR2004  multicast of IPv4
    except ValueError:
        return False
