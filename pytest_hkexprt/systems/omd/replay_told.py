"""What a replay found, as records for a program and as lines for a reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.counts import Count
from pytest_hkexprt.systems.omd.layouts import LAYOUTS
from pytest_hkexprt.systems.omd.replay import Followed, GapTold, Replayed

TEST_DATA = "sent on a Saturday or Sunday: test data, not production, and to be disregarded as such"
MOST_GAPS = 10
"""Told to a reader; a program gets all."""


class LineTold(msgspec.Struct, frozen=True):
    """One line of a channel."""

    group: str
    packets: int
    messages: int
    fresh: int
    duplicates: int
    heartbeats: int
    first: int | None
    last: int | None
    missed: int
    late: int
    backward: int
    stale: int
    broken: int
    latency_us: tuple[float, float, float] | None
    """Least, mean and greatest of arrival less SendTime; None where nothing came."""


class ChannelTold(msgspec.Struct, frozen=True):
    """One channel."""

    number: int
    feed: str
    content: str
    lines: dict[str, LineTold]
    delivered: int
    superseded: int
    types: dict[str, int]
    """Messages by name, of the line that brought more of each; a type nobody lists by its number."""
    gaps: list[GapTold]
    more_gaps: int
    snapshots: int
    snapshots_spoiled: int
    resets: int
    backward: list[str]
    broken: list[str]
    bad_messages: list[str]
    faults: list[str]
    """Messages that did not fit what was before."""
    orders: int
    """In the picture at the end."""


class FailoverTold(msgspec.Struct, frozen=True):
    """What a DR channel signalled, in seconds from the capture's beginning."""

    began_s: float | None
    """Status 1; None where the capture begins after it."""
    completed_s: float | None
    """Status 2; None where it did not come."""


class ReplayTold(msgspec.Struct, frozen=True):
    """A whole replay."""

    file: str
    frames: int
    datagrams: int
    dates: list[str]
    test_data: bool
    ended: str
    cut: int
    strangers: dict[str, int]
    others: dict[str, int]
    channels: list[ChannelTold]
    failovers: dict[str, FailoverTold]
    """By feed."""
    differences: dict[int, list[str]] | None = None
    """Of the pictures of two captures, where two were given."""


def told(found: Replayed, differences: Mapping[int, list[str]] | None = None) -> ReplayTold:
    """Return what a replay found as records."""
    return ReplayTold(
        file=str(found.path),
        frames=found.frames,
        datagrams=found.datagrams,
        dates=[str(date) for date in found.dates],
        test_data=found.weekend,
        ended=found.ended,
        cut=found.cut,
        strangers=dict(found.strangers.most_common()),
        others=dict(found.others.most_common()),
        channels=[_channel(each) for _, each in sorted(found.channels.items())],
        failovers={
            str(feed): FailoverTold(signal.began_s, signal.completed_s)
            for feed, signal in found.failovers.items()
            if signal.signals
        },
        differences=None if differences is None else dict(differences),
    )


def lines(found: ReplayTold) -> Iterator[str]:
    """Yield what a replay found for a reader."""
    yield f"{found.file}: {found.frames:,} frames, {found.datagrams:,} datagrams of known channels"
    if found.dates:
        yield f"  sent on {' to '.join(found.dates)}, Hong Kong"
    if found.test_data:
        yield f"  TEST DATA: {TEST_DATA}"
    if found.ended:
        yield f"  THE CAPTURE ENDS TOO SOON: {found.ended}"
    if found.cut:
        yield f"  {found.cut:,} datagrams are cut in the capture: capture whole packets (tcpdump -s 0)"
    for feed, failover in found.failovers.items():
        began = "before the capture" if failover.began_s is None else f"after {failover.began_s:.3f} s"
        ended = "NEVER" if failover.completed_s is None else f"after {failover.completed_s:.3f} s"
        yield f"  {feed} FAILED OVER: status 1 {began}, status 2 {ended}"
    for address, count in list(found.strangers.items())[:MOST_GAPS]:
        yield f"  {count:,} datagrams to {address}, which is no channel that is known here (--channel)"
    for what, count in found.others.items():
        yield f"  {count:,} frames passed over: {what}"
    for channel in found.channels:
        yield ""
        yield from _lines_of(channel)
    for number, differences in (found.differences or {}).items():
        yield ""
        yield (
            f"channel {number}: the pictures are the same"
            if not differences
            else f"channel {number}: the pictures differ"
        )
        yield from (f"  {line}" for line in differences)


def _channel(each: Followed) -> ChannelTold:
    receiver = each.receiver
    counts = receiver.arbiter.lines
    types: dict[str, int] = {}
    for line in (Line.A, Line.B):
        for type_, count in counts[line].types.items():
            name = LAYOUTS[type_].name if type_ in LAYOUTS else str(type_)
            types[name] = max(types.get(name, 0), count)
    return ChannelTold(
        number=each.channel.number,
        feed=str(each.channel.feed),
        content=str(each.channel.content),
        lines={str(line): _line(str(each.channel.address(line)), counts[line]) for line in (Line.A, Line.B)},
        delivered=receiver.arbiter.delivered,
        superseded=each.superseded,
        types=dict(sorted(types.items(), key=lambda pair: -pair[1])),
        gaps=each.gaps,
        more_gaps=each.more_gaps,
        snapshots=receiver.snapshots,
        snapshots_spoiled=receiver.refresh.spoiled if receiver.refresh else 0,
        resets=each.resets,
        backward=each.backward,
        broken=each.broken,
        bad_messages=receiver.bad,
        faults=receiver.picture.faults,
        orders=len(receiver.picture.orders),
    )


def _line(group: str, count: Count) -> LineTold:
    latency = count.latency
    microseconds = (latency.least_ns / 1e3, latency.sum_ns / 1e3 / max(1, latency.count), latency.greatest_ns / 1e3)
    return LineTold(
        group=group,
        packets=count.packets,
        messages=count.messages,
        fresh=count.fresh,
        duplicates=count.duplicates,
        heartbeats=count.heartbeats,
        first=count.first,
        last=count.last,
        missed=count.missed,
        late=count.late,
        backward=count.backward,
        stale=count.stale,
        broken=count.broken,
        latency_us=microseconds if latency.count else None,
    )


def _lines_of(channel: ChannelTold) -> Iterator[str]:
    restated = f", {channel.superseded:,} restated by a snapshot" if channel.superseded else ""
    what = f"channel {channel.number} ({channel.feed}, {channel.content})"
    yield f"{what}: {channel.delivered:,} messages in order{restated}"
    for name, line in channel.lines.items():
        if not line.packets and not line.broken:
            yield f"  line {name} {line.group}: NOTHING CAME"
            continue
        span = "no message" if line.first is None else f"{line.first:,} to {line.last or 0:,}"
        yield (
            f"  line {name} {line.group}: {line.packets:,} packets, {line.messages:,} messages ({span}), "
            f"{line.fresh:,} first here, {line.heartbeats:,} heartbeats, {line.missed - line.late:,} missing"
        )
        if line.latency_us and line.packets:
            least, mean, greatest = (each / 1e3 for each in line.latency_us)
            yield f"    arrival after SendTime: {least:.1f} / {mean:.1f} / {greatest:.1f} ms (least, mean, greatest)"
    yield f"  types: {', '.join(f'{name} {count:,}' for name, count in channel.types.items()) or 'none'}"
    if channel.snapshots or channel.snapshots_spoiled:
        yield f"  snapshots: {channel.snapshots} taken, {channel.snapshots_spoiled} not whole"
    for gap in channel.gaps[:MOST_GAPS]:
        how = {"lost": "LOST", "open": "OPEN AT THE END"}.get(gap.filled_by, f"filled by {gap.filled_by}")
        yield f"  gap {gap.first:,} to {gap.last:,}: {how} after {gap.took_s:.3f} s"
    if beyond := len(channel.gaps) - MOST_GAPS + channel.more_gaps if len(channel.gaps) > MOST_GAPS else 0:
        yield f"  and {beyond:,} gaps more"
    notes = {"sequence went back": channel.backward, "refused": channel.broken}
    notes |= {"too short": channel.bad_messages, "does not fit": channel.faults}
    for what, texts in notes.items():
        yield from (f"  {what}: {' '.join(text.split())}" for text in texts[:MOST_GAPS])
    if channel.resets:
        yield f"  {channel.resets} sequence resets"
