"""What receiving market data would fail of, found beforehand and without joining any group of the exchange's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pytest_hkexprt import adapter, command
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.finding import Finding, good, problem, remark
from pytest_hkexprt.model import Circular, Participant
from pytest_hkexprt.systems.omd import settings
from pytest_hkexprt.systems.omd.client_sockets import GroupSocket
from pytest_hkexprt.systems.omd.seam import MADE_WITH, FeedHandler
from pytest_hkexprt.systems.omd.settings import FeedSettings, OmdSettings

SYSTEM = "omd"
TRIED_GROUP = "239.255.90.90"
"""Joined for a moment to see whether the interface can: of the range for use within a site (RFC 2365)."""


def examine(participant: Participant, circular: Circular) -> Iterator[Finding]:
    """Yield what there is to say of the ``[omd]`` table, the interface and the receive buffer."""
    if SYSTEM not in participant.systems:
        yield remark("[omd]", "no such table", "write [omd] interface and [omd.OMD-C] user into hkexprt.toml")
        return
    try:
        omd = settings.read(participant.systems[SYSTEM], participant.path or Path())
    except UsageFault as fault:
        yield problem("[omd]", str(fault), "mend these lines")
        return
    folder = (participant.path or Path()).parent
    if omd.adapter:
        yield adapter.examine(SYSTEM, omd.adapter, FeedHandler, places=3, named=MADE_WITH, folder=folder)
    if omd.program is not None:
        yield command.examine("[omd.program] command", omd.program.words, omd.program.folder)
    for feed in omd.feeds.values():
        if omd.receives(feed.feed):
            yield from _feed(feed)
    yield from _interface(omd, participant.source_address)


def _feed(feed: FeedSettings) -> Iterator[Finding]:
    where = f"[omd.{feed.feed}]"
    numbers = ", ".join(str(each.number) for each in feed.all_channels)
    if feed.user:
        yield good(where, f"user {feed.user}, channels {numbers}")
    else:
        yield remark(where, f"no user, channels {numbers}", f"write {where} user: it may ask for retransmission")
    theirs = [str(each.number) for each in feed.all_channels if each.number not in feed.replaced]
    if theirs:
        yield remark(
            f"groups of {feed.feed}",
            f"those of the exchange's guides of 2017 and 2018: channels {', '.join(theirs)}",
            "compare them with your own connectivity guide, and write what differs into [omd.groups]",
        )
    else:
        yield good(f"groups of {feed.feed}", "all are the participant's own")


def _interface(omd: OmdSettings, line: str) -> Iterator[Finding]:
    interface = omd.interface or line
    if not interface:
        yield remark("interface", "the system's choice", "write [omd] interface: this machine's address on the line")
    try:
        with GroupSocket(TRIED_GROUP, 0, interface, omd.buffer_bytes) as tried:
            granted = tried.buffer_bytes
    except UsageFault as fault:
        yield problem("interface", f"{interface}: {fault.came}", fault.next_step)
        return
    if interface:
        yield good("interface", f"{interface} can join groups")
    if granted < omd.buffer_bytes:
        yield remark(
            "receive buffer",
            f"{granted:,} bytes are granted of the {omd.buffer_bytes:,} asked for",
            "raise the system's limit (on Linux: sysctl net.core.rmem_max), or bursts are dropped in this machine",
        )
    else:
        yield good("receive buffer", f"{granted:,} bytes")
