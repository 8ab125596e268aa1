"""``hkexprt omd``: market data without a run: a capture replayed."""

from __future__ import annotations

import re
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path

import click
import msgspec

from pytest_hkexprt.cli.say import plain
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.omd.channels import CHANNELS, Address, Channel, Feed

DIFFERENT = 1
"""Exit status where two captures' pictures differ, as with diff(1)."""
CUT = 2
"""Exit status where a capture could not be read to its end."""
SOURCE_PORT = 40_000
"""Of the frames of a capture; what they leave from is nobody's business."""
_GROUP = r"((?:[0-9]{1,3}\.){3}[0-9]{1,3}):([0-9]{1,5})"
_MOVED = re.compile(rf"([0-9]{{1,3}})={_GROUP},{_GROUP}")


@click.group()
def omd() -> None:
    """Market data (OMD-C, OMD-CC) without a run."""


@omd.command(short_help="Decode the market data in a capture.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, everything that was found.")
@click.option(
    "--channel",
    "moved",
    multiple=True,
    metavar="N=GROUP:PORT,GROUP:PORT",
    help="Where lines A and B of channel N (or of the refreshes with that number) are sent to; may be repeated.",
)
@click.option(
    "--compare",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A second receiver's capture; status 1 where the two pictures of the market differ.",
)
def replay(file: Path, as_json: bool, moved: tuple[str, ...], compare: Path | None) -> None:
    """Decode the market data in a capture FILE (pcap, pcapng) and report it by channel and line.

    Packets are decoded and arbitrated as a run does it. Needs the extra:
    pip install 'pytest-hkexprt[market-data]'

    Exit status: 0 reported; 1 the pictures differ; 2 no capture, a capture cut
    at its end, or nothing in it of a known channel.
    """
    from pytest_hkexprt.systems.omd import replay as replays  # noqa: PLC0415  # codecs are compiled at import
    from pytest_hkexprt.systems.omd import replay_told  # noqa: PLC0415  # as above

    channels = _channels(moved)
    found = replays.replay(file, channels)
    other = replays.replay(compare, channels) if compare else None
    told = replay_told.told(found, found.pictures(other) if other else None)
    if as_json:
        plain(msgspec.json.format(msgspec.json.encode(told), indent=1).decode())
    else:
        for line in replay_told.lines(told):
            plain(line)
    if found.ended or (other and other.ended):
        sys.exit(CUT)
    if told.differences and any(told.differences.values()):
        sys.exit(DIFFERENT)
    if not found.channels:
        raise UsageFault(
            f"{file}",
            expected="datagrams of a channel that is known here",
            came=f"{found.frames:,} frames and none of them",
            next_step="say where your channels are: --channel 30=239.1.1.4:51000,239.1.127.4:51000",
        )


@omd.command(short_help="Write what the simulator publishes into a capture.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--feed", type=click.Choice([str(each) for each in Feed]), default="OMD-C", show_default=True, help="which"
)
@click.option("--seconds", type=click.FloatRange(0.1, 3600), default=10.0, show_default=True, help="for how long")
@click.option("--failover", is_flag=True, help="fail over to the backup site halfway, in a minute's time a second")
@click.option("--json", "as_json", is_flag=True, help="JSON for a script")
def record(file: Path, feed: str, seconds: float, failover: bool, as_json: bool) -> None:
    """Write what the simulator publishes into a capture FILE, to hold a dissector of OMD against it.

    The capture is pcap with nanoseconds: Ethernet, IPv4, UDP, with valid
    checksums. The market in it is made up.

    Exit status: 0 written; 1 the simulator failed; 2 wrong use.
    """
    from pytest_hkexprt.systems.omd import settings  # noqa: PLC0415  # as above
    from pytest_hkexprt.systems.omd.frames import Writer  # noqa: PLC0415
    from pytest_hkexprt.systems.omd.simulator import Simulator  # noqa: PLC0415

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    timing = settings.Timing(settings.REHEARSAL_FACTOR) if failover else settings.LIVE
    published = settings.defaults().feeds[Feed(feed)]
    with Writer(file, Address("127.0.0.1", SOURCE_PORT)) as writer:
        simulator = Simulator(
            published,
            users=(settings.REHEARSAL_USER,),
            timing=timing,
            capture=writer.write,
        )
        with simulator:
            stop.wait(seconds / 2)
            if failover and not stop.is_set():
                simulator.fail_over()
            stop.wait(seconds / 2)
    moved = []
    for channel, own in zip(simulator.feed.all_channels, published.all_channels, strict=True):
        if channel.lines != own.lines:
            moved.append(f"{channel.number}={channel.lines[0]},{channel.lines[1]}")
        if channel.refresh_lines and channel.refresh_lines != own.refresh_lines:
            moved.append(f"{channel.refresh}={channel.refresh_lines[0]},{channel.refresh_lines[1]}")
    if as_json:
        plain(msgspec.json.encode({"file": str(file), "frames": writer.frames, "moved": moved}))
        return
    for each in moved:
        plain(f"moved: --channel {each}")
    plain(f"{writer.frames:,} frames\n{file}")


@omd.command(short_help="Print the layout of every message.")
@click.option("--json", "as_json", is_flag=True, help="JSON for a script")
def layouts(as_json: bool) -> None:
    """Print the layout of every message of OMD-C and OMD-CC, as Markdown.

    Exit status: 0.
    """
    from pytest_hkexprt.systems.omd.layouts_told import PARTS, page  # noqa: PLC0415  # as above

    if as_json:
        plain(msgspec.json.format(msgspec.json.encode(dict(PARTS)), indent=2))
    else:
        plain(page(), nl=False)


def _channels(moved: tuple[str, ...]) -> list[Channel]:
    """Return the channels that are known, those that were said at the addresses that were said."""
    channels = dict(CHANNELS)
    of_refresh = {channel.refresh: channel.number for channel in CHANNELS.values() if channel.refresh}
    for text in moved:
        match = _MOVED.fullmatch(text)
        number = int(match[1]) if match else 0
        if match is None or (number not in channels and number not in of_refresh):
            raise UsageFault(
                f"--channel {text}",
                expected="N=GROUP:PORT,GROUP:PORT, N a channel of OMD-C or OMD-CC or of their refreshes",
                came="something else" if match is None else f"no channel {number}",
                next_step="for example --channel 30=239.1.1.4:51000,239.1.127.4:51000",
            )
        pair = Address(match[2], int(match[3])), Address(match[4], int(match[5]))
        if number in channels:
            channels[number] = replace(channels[number], lines=pair)
        else:
            channels[of_refresh[number]] = replace(channels[of_refresh[number]], refresh_lines=pair)
    return list(channels.values())
