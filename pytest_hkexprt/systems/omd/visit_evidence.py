"""What a scenario received, written into its evidence: each line of each channel, every gap, and the picture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator, Sequence

from pytest_hkexprt import clock
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.record import ExchangeRecord
from pytest_hkexprt.systems.omd import picture
from pytest_hkexprt.systems.omd.client import Client
from pytest_hkexprt.systems.omd.facts import ChannelFacts, LineFacts
from pytest_hkexprt.systems.omd.picture import Shade

MOST_GAPS = 5
"""Of a channel, in words; the picture has them all."""
SECOND_NS = 1_000_000_000


def test_data(channels: Sequence[ChannelFacts], business_dates: Container[dt.date]) -> str:
    """Return what marks data as a test's: it was sent on a day without business; empty on a business date."""
    newest_ns = max((each.newest_ns for each in channels), default=0)
    sent = dt.datetime.fromtimestamp(newest_ns / SECOND_NS, clock.HONG_KONG) if newest_ns else clock.now()
    if sent.date() in business_dates:
        return ""
    return f"TEST DATA: sent on {sent:%A %Y-%m-%d}, no business date; not production's, and to be disregarded"


class Evidence:
    """The evidence of one receiver.

    Args:
        journal: where it goes.
        client: that received.
        test_data: what marks the data as a test's; empty on a business date.
        factor: by what the published times are divided.
    """

    def __init__(self, journal: Journal, client: Client, test_data: str, factor: float) -> None:
        self._journal = journal
        self._client = client
        self._test_data = test_data
        self._factor = factor
        self._channels = client.snapshot()

    def write(self) -> None:
        """Write a line of facts for each line of each channel, then what was asked for, then the picture."""
        for channel in self._channels:
            for line in channel.lines:
                what = f"channel {channel.number} {channel.name}, line {line.line}"
                self._exchange(_group(line), what, dict(self._line(channel, line)))
            if channel.gaps:
                self._exchange(f"channel {channel.number}", f"{len(channel.gaps)} gaps", dict(self._gaps(channel)))
        feed = self._client.feed.feed
        drawn = picture.draw(
            self._channels,
            title=f"{feed}: sequence numbers received, both lines",
            remarks=tuple(self._remarks()),
            shades=tuple(self._shades()),
            joined_s=self._client.joined_s,
        )
        self._journal.keep(f"{feed}.svg", drawn.encode())

    def _line(self, channel: ChannelFacts, line: LineFacts) -> Iterator[tuple[str, str]]:
        yield "packets", f"{line.packets:,}, {line.heartbeats:,} of them heartbeats"
        yield "messages", f"{line.messages:,}, {line.fresh:,} of them first on this line"
        if line.first is not None:
            yield "sequence", f"{line.first} to {line.last}"
        yield "duplicates", f"{line.duplicates:,}"
        yield "refused", str(line.malformed_count)
        yield "dropped by this machine", "not told" if line.dropped is None else str(line.dropped)
        yield "receive buffer", f"{line.buffer_bytes:,} bytes"
        yield "longest silence", f"{line.longest_silence_s:.3f} s"
        if line.latency_ms is not None:
            least, mean, greatest = line.latency_ms
            yield (
                "from SendTime to arrival",
                f"{least:.1f} / {mean:.1f} / {greatest:.1f} ms, SendTime being exact to 1 ms",
            )
        if line.left_out:
            yield "passed over on purpose", f"{line.left_out} packets"
        if self._test_data:
            yield "marked", self._test_data

    def _gaps(self, channel: ChannelFacts) -> Iterator[tuple[str, str]]:
        longest = sorted(channel.gaps, key=lambda gap: -gap.took_s)
        for number, gap in enumerate(longest[:MOST_GAPS], start=1):
            yield f"gap {number}", gap.told
        rest = len(channel.gaps) - MOST_GAPS + channel.gaps_uncounted
        if rest > 0:
            yield "and", f"{rest} more, each closed sooner"

    def _remarks(self) -> Iterator[str]:
        if self._journal.rehearsal:
            yield f"SIMULATOR, published times divided by {self._factor:.0f}"
        if self._test_data:
            yield self._test_data.partition(";")[0]

    def _shades(self) -> Iterator[Shade]:
        failover, joined_s = self._client.failover, self._client.joined_s
        if failover.silent_s is None:
            return
        ended_s = max([*failover.rebuilt.values(), failover.completed_s or failover.silent_s])
        outage_s = failover.outage_s
        label = "failover" if outage_s is None else f"failover: {outage_s:.2f} s"
        yield Shade(failover.silent_s - joined_s, ended_s - joined_s, label)

    def _exchange(self, where: str, what: str, facts: dict[str, str]) -> None:
        """Write facts of a group, which belongs to both sites and so is no endpoint of either."""
        self._journal.write(ExchangeRecord(system="omd", endpoint=where, what=what, facts=facts))


def _group(line: LineFacts) -> str:
    return f"{line.group} (for {line.published})" if line.published and line.published != line.group else line.group
