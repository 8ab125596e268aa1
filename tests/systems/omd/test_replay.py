"""Captures replayed: what two lines brought, what was missing, and what is no capture."""

from __future__ import annotations

import json
import random

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.omd import capture, packets, replay
from pytest_hkexprt.systems.omd.channels import CHANNELS, Address, Line
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.replay_told import lines, told
from tests.commands import hkexprt
from tests.systems.omd.captures import MONDAY_NS, MS, of_line, replayed
from tests.systems.omd.market import BEGAN_NS, Publisher


def test_both_lines_are_decoded_and_arbitrated(publisher, written):
    found = replayed(written(*of_line(publisher, Line.A, 1), *of_line(publisher, Line.B, 2)))
    receiver = found.channels[30].receiver
    assert receiver.picture.differences(publisher.picture()) == []
    assert receiver.arbiter.delivered == 100
    assert found.channels[30].gaps == []
    assert found.datagrams == found.frames


def test_a_gap_on_one_line_is_filled_by_the_other(publisher, written):
    found = replayed(written(*of_line(publisher, Line.A, 1, lost=(40,)), *of_line(publisher, Line.B, 2)))
    (channel,) = told(found).channels
    assert channel.delivered == 100
    assert channel.lines["A"].missed > 0
    assert channel.lines["B"].missed == 0
    assert not [gap for gap in channel.gaps if gap.filled_by != "B"]


def test_what_neither_line_brought_is_lost_and_said(publisher, written):
    sent = [*of_line(publisher, Line.A, 1, lost=(40,)), *of_line(publisher, Line.B, 2, lost=(40,))]
    late = (CHANNELS[30].address(Line.A), packets.heartbeat(100, BEGAN_NS + 9_000 * MS), 9_000)
    found = told(replayed(written(*sent, late)))
    (gap,) = [gap for gap in found.channels[0].gaps if gap.filled_by == "lost"]
    assert gap.first <= 40 <= gap.last
    assert found.channels[0].delivered == 100 - (gap.last - gap.first + 1)
    assert any("LOST" in line for line in lines(found))


def test_a_snapshot_in_the_capture_is_taken(publisher, written):
    refresh = CHANNELS[30].refresh_address(Line.A)
    ends = publisher.snapshot(1, 60)
    again = publisher.snapshot(1 + sum(packets.read(each).count for each in ends), 60)
    snapshots = [(refresh, packet, 100 + at) for at, packet in enumerate([*ends, *again])]
    midst = [each for each in of_line(publisher, Line.A, 1) if each[2] > 50]
    found = replayed(written(*midst, *snapshots))
    receiver = found.channels[30].receiver
    assert receiver.snapshots == 1
    assert receiver.picture.differences(publisher.picture()) == []


def test_a_failover_in_the_capture_is_followed_and_told(publisher, written):
    group, dr = CHANNELS[30].address(Line.A), CHANNELS[9].address(Line.A)
    other = Publisher(9, 30)
    signals = [
        packets.encode(at + 1, [build(Type.DR_SIGNAL, DRStatus=status)], MONDAY_NS + at * MS)
        for at, status in enumerate((1, 1, 2))
    ]
    found = replayed(
        written(
            *of_line(publisher, Line.A, 1),
            (dr, packets.heartbeat(0, MONDAY_NS), 0),
            *((dr, packet, 1_000 * at) for at, packet in enumerate(signals, 1)),
            *((group, packet, 4_000 + at) for at, packet in enumerate(other.line(random.Random(3)))),
        )
    )
    assert found.channels[30].receiver.picture.differences(other.picture()) == []
    (failover,) = told(found).failovers.values()
    assert (failover.began_s, failover.completed_s) == (1.0, 3.0)
    assert "  OMD-C FAILED OVER: status 1 after 1.000 s, status 2 after 3.000 s" in list(lines(told(found)))


def test_a_capture_of_a_weekend_is_said_to_be_test_data(publisher, written):
    weekday = told(replayed(written(*of_line(publisher, Line.A, 1))))
    weekend = told(replayed(written(*of_line(publisher, Line.A, 1), name="b.pcap", began_ns=BEGAN_NS)))
    assert (weekday.test_data, weekend.test_data) == (False, True)
    assert any(line.startswith("  TEST DATA") for line in lines(weekend))


def test_a_channel_of_which_one_line_is_dead_says_so(publisher, written):
    found = told(replayed(written(*of_line(publisher, Line.A, 1))))
    assert "  line B 239.1.127.4:51000: NOTHING CAME" in list(lines(found))


def test_datagrams_to_other_addresses_are_counted_by_address(publisher, written):
    found = told(replayed(written(*of_line(publisher, Line.A, 1), (Address("239.9.9.9", 9), b"?", 5))))
    assert found.strangers == {"239.9.9.9:9": 1}


def test_a_packet_that_cannot_be_read_is_told_with_its_reason(publisher, written):
    found = told(replayed(written(*of_line(publisher, Line.A, 1), (CHANNELS[30].address(Line.A), b"?", 200))))
    (line,) = found.channels[0].broken
    assert "TooShort" in line
    assert found.channels[0].lines["A"].broken == 1


def test_a_capture_that_is_cut_is_reported_as_far_as_it_goes(publisher, written):
    path = written(*of_line(publisher, Line.A, 1))
    path.write_bytes(path.read_bytes()[:-5])
    found = replayed(path)
    assert "truncated" in found.ended
    assert found.channels[30].receiver.arbiter.delivered > 50


@pytest.mark.parametrize("content", [b"", b"no capture at all, and quite long", b"\x0a\x0d\x0d\x0a" + bytes(60)])
def test_what_is_no_capture_is_refused(content, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(UsageFault, match="pcap or pcapng"):
        replayed(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageFault, match="no such file"):
        replayed(tmp_path / "none")
    with pytest.raises(UsageFault, match="a folder"):
        replayed(tmp_path)


def test_frames_of_a_kind_that_is_not_known_are_refused(tmp_path):
    # a capture's header with link type 147, which is anybody's
    path = tmp_path / "file"
    path.write_bytes(bytes.fromhex("d4c3b2a1 0200 0400 00000000 00000000 00000400 93000000"))
    with pytest.raises(UsageFault, match="link type 147"):
        replayed(path)


def test_a_capture_in_pcapng_is_read(tmp_path, publisher):
    # a section header of 28 bytes, an interface of Ethernet of 20, and packets of 32 and their padded data
    frame_bytes = bytes.fromhex("01005e010104 020000000001 0800") + bytes(46)
    section = bytes.fromhex("0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000")
    interface = bytes.fromhex("01000000 14000000 0100 0000 00000400 14000000")
    packet = bytes.fromhex("06000000 5c000000 00000000 e9120600 00000000 3c000000 3c000000") + frame_bytes
    path = tmp_path / "file.pcapng"
    path.write_bytes(section + interface + packet + bytes.fromhex("5c000000"))
    (found,) = capture.read(path)
    assert found.at_ns == (0x612E9 << 32) * 1_000
    assert found.carried.what == "no IPv4"


def test_without_the_library_the_command_that_installs_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cypcap", None)
    with pytest.raises(UsageFault, match=r"pytest-hkexprt\[market-data\]"):
        replayed(tmp_path / "any")


def test_two_addresses_that_are_one_are_refused(written):
    moved = [CHANNELS[30], CHANNELS[30]]
    with pytest.raises(UsageFault, match="channels 30 and 30"):
        replay.replay(written(), moved)


def test_the_command_reports_channels_and_lines(publisher, written, tmp_path):
    written(*of_line(publisher, Line.A, 1), *of_line(publisher, Line.B, 2))
    done = hkexprt(tmp_path, "omd", "replay", "a.pcap")
    assert (done.returncode, done.stderr) == (0, "")
    assert "channel 30 (OMD-C, securities full tick): 100 messages in order" in done.stdout


def test_the_command_gives_everything_as_json(publisher, written, tmp_path):
    written(*of_line(publisher, Line.A, 1))
    done = hkexprt(tmp_path, "omd", "replay", "a.pcap", "--json")
    (channel,) = json.loads(done.stdout)["channels"]
    assert (channel["number"], channel["delivered"], channel["lines"]["A"]["last"]) == (30, 100, 100)
    assert sum(channel["types"].values()) == 100


def test_the_command_compares_two_receivers_pictures(publisher, written, tmp_path):
    written(*of_line(publisher, Line.A, 1))
    written(*of_line(publisher, Line.B, 2), name="same.pcap")
    written(*of_line(Publisher(2, 100), Line.B, 2), name="other.pcap")
    same = hkexprt(tmp_path, "omd", "replay", "a.pcap", "--compare", "same.pcap")
    other = hkexprt(tmp_path, "omd", "replay", "a.pcap", "--compare", "other.pcap")
    assert (same.returncode, other.returncode) == (0, 1)
    assert "channel 30: the pictures are the same" in same.stdout
    assert "missing there" in other.stdout


def test_the_command_takes_channels_where_they_were_moved_to(publisher, written, tmp_path):
    moved = Address("239.255.1.1", 40_001)
    written(*((moved, packet, at) for _, packet, at in of_line(publisher, Line.A, 1)))
    lost = hkexprt(tmp_path, "omd", "replay", "a.pcap")
    found = hkexprt(tmp_path, "omd", "replay", "a.pcap", "--channel", "30=239.255.1.1:40001,239.255.1.2:40001")
    assert lost.returncode == 2
    assert "--channel 30=" in lost.stderr
    assert (found.returncode, "100 messages in order" in found.stdout) == (0, True)


@pytest.mark.parametrize("text", ["30", "31=239.1.1.1:1", "999=239.1.1.1:1,239.1.1.2:1"])
def test_the_command_refuses_a_channel_it_cannot_read(text, written, tmp_path):
    written()
    done = hkexprt(tmp_path, "omd", "replay", "a.pcap", "--channel", text)
    assert done.returncode == 2
    assert f"--channel {text}" in done.stderr


def test_the_command_says_what_is_no_capture(tmp_path):
    (tmp_path / "a.pcap").write_bytes(b"nothing")
    done = hkexprt(tmp_path, "omd", "replay", "a.pcap")
    assert (done.returncode, done.stdout) == (2, "")
    assert "expected: a capture in pcap or pcapng format" in done.stderr


def moved_options(printed):
    """Return the options that say where a recording's channels were moved to, because another run had their places."""
    return [word for line in printed.splitlines() if line.startswith("moved: ") for word in line.split()[1:]]


def test_what_the_simulator_publishes_is_recorded_and_replayed(tmp_path):
    recorded = hkexprt(tmp_path, "omd", "record", "a.pcap", "--seconds", "3")
    assert (recorded.returncode, recorded.stderr) == (0, "")
    done = hkexprt(tmp_path, "omd", "replay", "a.pcap", "--json", *moved_options(recorded.stdout))
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert found["frames"] > 100
    assert (found["strangers"], found["others"], found["ended"]) == ({}, {}, "")
    numbers = {channel["number"]: channel for channel in found["channels"]}
    assert {1, 9, 30} <= numbers.keys()
    assert numbers[30]["delivered"] > 0
    for channel in found["channels"]:
        assert not channel["broken"] and not channel["bad_messages"] and not channel["backward"]


def test_the_other_feed_is_recorded_too(tmp_path):
    recorded = hkexprt(tmp_path, "omd", "record", "a.pcap", "--seconds", "2", "--feed", "OMD-CC", "--failover")
    done = hkexprt(tmp_path, "omd", "replay", "a.pcap", "--json", *moved_options(recorded.stdout))
    found = json.loads(done.stdout)
    assert {channel["feed"] for channel in found["channels"]} == {"OMD-CC"}
    assert any("CCSecurityDefinition" in channel["types"] for channel in found["channels"])


@pytest.mark.parametrize("command", ["replay", "record", "layouts"])
def test_the_help_reads_at_80_columns_and_tells_the_exit_status(command, tmp_path):
    done = hkexprt(tmp_path, "omd", command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    assert "Exit status" in done.stdout


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    done = hkexprt(tmp_path, "omd", "record", "none/a.pcap")
    assert (done.returncode, done.stdout) == (2, "")
    assert "none/a.pcap" in done.stderr
