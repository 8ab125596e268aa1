"""A replay as its reader has it, line by line, and as a program has it, figure by figure."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

from pytest_hkexprt.systems.omd import packets, replay
from pytest_hkexprt.systems.omd.channels import CHANNELS, Line
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.frames import Writer
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.replay import GapTold
from pytest_hkexprt.systems.omd.replay_told import ChannelTold, FailoverTold, LineTold, ReplayTold, lines, told
from tests.systems.omd.captures import MONDAY_NS, MS, SOURCE
from tests.systems.omd.market import Publisher

LINE = LineTold("g:1", 1_200, 5_000, 4_000, 1_000, 1_001, 1, 5_000, 1_003, 3, 0, 0, 0, (1_500.0, 2_000.0, 12_340.0))
CHANNEL = ChannelTold(
    number=30,
    feed="OMD-C",
    content="securities full tick",
    lines={"A": LINE},
    delivered=5_000,
    superseded=0,
    types={"Trade": 1_234},
    gaps=[],
    more_gaps=0,
    snapshots=0,
    snapshots_spoiled=0,
    resets=0,
    backward=[],
    broken=[],
    bad_messages=[],
    faults=[],
    orders=7,
)
REPLAY = ReplayTold("a.pcap", 2_000, 1_000, [], False, "", 0, {}, {}, [], {})


def of(found: ReplayTold = REPLAY, **fields) -> list[str]:
    return list(lines(msgspec.structs.replace(found, **fields)))


def of_channel(**fields) -> list[str]:
    """Return the lines of a channel, without those of the capture."""
    return of(channels=[msgspec.structs.replace(CHANNEL, **fields)])[2:]


def of_line(**fields) -> list[str]:
    return of_channel(lines={"A": msgspec.structs.replace(LINE, **fields)})[1:-1]


def test_a_capture_is_told_in_one_line():
    assert of() == ["a.pcap: 2,000 frames, 1,000 datagrams of known channels"]


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"dates": ["2024-01-06"]}, "  sent on 2024-01-06, Hong Kong"),
        ({"dates": ["2024-01-06", "2024-01-07"]}, "  sent on 2024-01-06 to 2024-01-07, Hong Kong"),
        (
            {"test_data": True},
            "  TEST DATA: sent on a Saturday or Sunday: test data, not production, and to be disregarded as such",
        ),
        ({"ended": "a frame is cut"}, "  THE CAPTURE ENDS TOO SOON: a frame is cut"),
        ({"cut": 1_002}, "  1,002 datagrams are cut in the capture: capture whole packets (tcpdump -s 0)"),
        (
            {"failovers": {"OMD-C": FailoverTold(1.5, 2.25)}},
            "  OMD-C FAILED OVER: status 1 after 1.500 s, status 2 after 2.250 s",
        ),
        (
            {"failovers": {"OMD-C": FailoverTold(None, None)}},
            "  OMD-C FAILED OVER: status 1 before the capture, status 2 NEVER",
        ),
        (
            {"strangers": {"239.9.9.9:1": 1_001}},
            "  1,001 datagrams to 239.9.9.9:1, which is no channel that is known here (--channel)",
        ),
        ({"others": {"ARP": 1_004}}, "  1,004 frames passed over: ARP"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_whatever_a_capture_has_is_told_below_it(fields, line):
    assert of(**fields)[1:] == [line]


def test_of_many_other_addresses_ten_are_told():
    assert len(of(strangers={f"239.9.9.{n}:1": 1 for n in range(12)})) == 11


def test_pictures_are_compared_below_the_channels():
    told_ = of(differences={30: [], 31: ["one", "two"]})[1:]
    assert told_ == [
        "",
        "channel 30: the pictures are the same",
        "",
        "channel 31: the pictures differ",
        "  one",
        "  two",
    ]


def test_a_channel_is_told_with_its_lines_and_types():
    assert of(channels=[CHANNEL])[1:] == [
        "",
        "channel 30 (OMD-C, securities full tick): 5,000 messages in order",
        "  line A g:1: 1,200 packets, 5,000 messages (1 to 5,000), 4,000 first here, 1,001 heartbeats, 1,000 missing",
        "    arrival after SendTime: 1.5 / 2.0 / 12.3 ms (least, mean, greatest)",
        "  types: Trade 1,234",
    ]


def test_what_a_snapshot_restated_is_told():
    assert of_channel(superseded=1_005)[0].endswith(": 5,000 messages in order, 1,005 restated by a snapshot")


@pytest.mark.parametrize(
    ("fields", "told_"),
    [
        ({"packets": 0}, ["  line A g:1: NOTHING CAME"]),
        (
            {"packets": 0, "broken": 2, "first": None, "last": None},
            ["  line A g:1: 0 packets, 5,000 messages (no message), 4,000 first here, 1,001 heartbeats, 1,000 missing"],
        ),
        (
            {"latency_us": None, "first": 1_007, "last": None},
            [
                "  line A g:1: 1,200 packets, 5,000 messages (1,007 to 0), 4,000 first here, 1,001 heartbeats, "
                "1,000 missing"
            ],
        ),
    ],
    ids=["nothing", "broken alone", "no time"],
)
def test_a_line_that_brought_little_says_so(fields, told_):
    assert of_line(**fields) == told_


@pytest.mark.parametrize("dead", [True, False])
def test_each_line_has_its_own_words(dead):
    found = of_channel(lines={"A": msgspec.structs.replace(LINE, packets=0 if dead else 1), "B": LINE})
    assert sum(line.startswith("  line B g:1: 1,200 packets") for line in found) == 1


@pytest.mark.parametrize(
    ("fields", "told_"),
    [
        ({"types": {}}, ["  types: none"]),
        ({"types": {"Trade": 2, "99": 1}}, ["  types: Trade 2, 99 1"]),
        ({"snapshots": 2}, ["  types: Trade 1,234", "  snapshots: 2 taken, 0 not whole"]),
        ({"snapshots_spoiled": 3}, ["  types: Trade 1,234", "  snapshots: 0 taken, 3 not whole"]),
        (
            {"gaps": [GapTold(1_001, 1_002, "B", 0.25), GapTold(3, 4, "lost", 1.0), GapTold(5, 5, "open", 2.0)]},
            [
                "  types: Trade 1,234",
                "  gap 1,001 to 1,002: filled by B after 0.250 s",
                "  gap 3 to 4: LOST after 1.000 s",
                "  gap 5 to 5: OPEN AT THE END after 2.000 s",
            ],
        ),
        (
            {"backward": ["a\n b"], "broken": ["c"], "bad_messages": ["d"], "faults": ["e"], "resets": 2},
            [
                "  types: Trade 1,234",
                "  sequence went back: a b",
                "  refused: c",
                "  too short: d",
                "  does not fit: e",
                "  2 sequence resets",
            ],
        ),
    ],
    ids=["no type", "types", "snapshots", "spoiled", "gaps", "notes"],
)
def test_whatever_a_channel_has_is_told_below_its_lines(fields, told_):
    assert of_channel(**fields)[3:] == told_


@pytest.mark.parametrize(("many", "more", "beyond"), [(10, 0, None), (11, 0, "1"), (12, 1_500, "1,502")])
def test_of_many_gaps_and_notes_ten_are_told(many, more, beyond):
    gaps = [GapTold(number, number, "B", 0.0) for number in range(many)]
    found = of_channel(gaps=gaps, more_gaps=more, faults=[str(number) for number in range(many)])
    assert sum(line.startswith("  gap ") for line in found) == sum(line.startswith("  does") for line in found) == 10
    assert [line for line in found if line.startswith("  and ")] == ([f"  and {beyond} gaps more"] if beyond else [])


def test_a_replay_is_told_figure_by_figure(tmp_path):
    publisher, path, channel = Publisher(1, 60), tmp_path / "a.pcap", CHANNELS[30]
    sent = [(channel.address(line), each) for line in (Line.A, Line.B) for each in publisher.line(random.Random(line))]
    unknown = packets.encode(61, [build(Type.TRADE_CANCEL, SecurityCode=5, TradeID=1)], MONDAY_NS)
    with Writer(path, SOURCE) as writer:
        for number, (address, packet) in enumerate([*sent, (channel.address(Line.A), unknown)]):
            writer.write(address, packet, MONDAY_NS + number * MS)
    found = replay.replay(path, list(CHANNELS.values()))
    made, (followed,) = told(found, {30: ["x"]}), found.channels.values()
    assert (made.file, made.frames, made.datagrams) == (str(path), found.frames, len(sent) + 1)
    assert (made.dates, made.test_data, made.ended, made.cut) == (["2024-03-04"], False, "", 0)
    assert (made.strangers, made.others, made.failovers, made.differences) == ({}, {}, {}, {30: ["x"]})
    assert told(found).differences is None
    (only,) = made.channels
    assert (only.number, only.feed, only.content) == (30, "OMD-C", str(channel.content))
    assert (only.delivered, only.superseded, only.resets) == (61, 0, followed.resets)
    assert (only.snapshots, only.snapshots_spoiled, only.more_gaps) == (0, 0, 0)
    assert only.orders == len(followed.receiver.picture.orders) > 0
    assert sum(only.types.values()) >= 61 and [*only.types.values()] == sorted(only.types.values(), reverse=True)
    for line in (Line.A, Line.B):
        count, shown = followed.receiver.arbiter.lines[line], only.lines[line]
        assert shown.group == str(channel.address(line))
        names = ("packets", "messages", "fresh", "duplicates", "heartbeats", "first", "last", "missed", "late")
        assert [getattr(shown, name) for name in names] == [getattr(count, name) for name in names]
        assert [shown.backward, shown.stale, shown.broken] == [count.backward, count.stale, count.broken]
        latency = count.latency
        mean = latency.sum_ns / 1e3 / latency.count
        assert shown.latency_us == (latency.least_ns / 1e3, mean, latency.greatest_ns / 1e3)


def test_a_line_that_heard_nothing_has_no_times(tmp_path: Path):
    publisher, path, channel = Publisher(1, 10), tmp_path / "a.pcap", CHANNELS[30]
    with Writer(path, SOURCE) as writer:
        for packet in publisher.line(random.Random(1)):
            writer.write(channel.address(Line.A), packet, MONDAY_NS)
    (only,) = told(replay.replay(path, list(CHANNELS.values()))).channels
    assert only.lines["B"].latency_us is None
    assert only.lines["A"].latency_us is not None
