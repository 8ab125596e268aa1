"""Datagrams in frames and out of them, against bytes written by hand and against Wireshark's own reader."""

from __future__ import annotations

import random
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_hkexprt.systems.omd.channels import CHANNELS, Address, Line
from pytest_hkexprt.systems.omd.frames import ETHERNET, Datagram, Other, Writer, datagram, frame, known_link
from tests.systems.omd.market import BEGAN_NS, Publisher

SOURCE = Address("10.1.1.1", 40_000)
GROUP = Address("239.129.1.4", 51_000)
# to 01:00:5e and the group's lowest 23 bits: 239.129.1.4 and 239.1.1.4 share it; from a locally administered address;
# IPv4
ETHER = bytes.fromhex("01005e010104 020000000001 0800")
# version 4, 20 bytes; 30 in all; no id, no fragment; TTL 1; UDP; the checksum: the words sum to 0x41B7 once the carry
# is added, so its complement; 10.1.1.1; 239.129.1.4
IP = bytes.fromhex("4500001e 0000 0000 01 11 be48 0a010101 ef810104")
# 40,000; 51,000; 10 bytes; the checksum over addresses, protocol, length, ports and payload; the payload
UDP = bytes.fromhex("9c40 c738 000a 9fd7 0102")
FRAME = ETHER + IP + UDP


def test_a_datagram_is_framed_as_the_standards_say():
    assert frame(SOURCE, GROUP, b"\x01\x02").hex(" ") == FRAME.hex(" ")


def test_a_frame_is_read_as_the_standards_say():
    assert datagram(ETHERNET, FRAME) == Datagram(GROUP, b"\x01\x02", 0)


@pytest.mark.parametrize(
    ("link", "before"),
    [
        (1, ETHER[:12] + bytes.fromhex("8100 0064 0800")),  # tagged, 802.1Q
        (1, ETHER[:12] + bytes.fromhex("88a8 0001 8100 0064 0800")),  # tagged twice
        (101, b""),  # IP alone
        (228, b""),
        (0, bytes.fromhex("02000000")),  # loopback of BSD: the family
        (108, bytes.fromhex("00000002")),
        (113, bytes.fromhex("0001 0001 0006 000000000001 0000 0800")),  # cooked
        (276, bytes.fromhex("0800 0000 00000001 0001 01 06 0000000000010000")),  # cooked, version 2
    ],
)
def test_what_precedes_the_ip_packet_is_passed_over(link, before):
    assert known_link(link)
    assert datagram(link, before + IP + UDP) == Datagram(GROUP, b"\x01\x02", 0)


def test_padding_of_a_short_frame_is_no_payload():
    assert datagram(ETHERNET, FRAME + bytes(16)) == Datagram(GROUP, b"\x01\x02", 0)


def test_options_of_ip_are_passed_over():
    ip = bytes([0x46]) + IP[1:] + bytes(4)
    assert datagram(101, ip + UDP) == Datagram(GROUP, b"\x01\x02", 0)


def test_a_datagram_the_capture_has_in_part_says_how_much_is_missing():
    assert datagram(ETHERNET, FRAME[:-1]) == Datagram(GROUP, b"\x01", 1)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (ETHER[:12] + bytes.fromhex("86dd") + bytes(60), "no IPv4"),
        (ETHER[:12] + bytes.fromhex("0806") + bytes(28), "no IPv4"),
        (ETHER + IP[:9] + b"\x06" + IP[10:] + UDP, "TCP"),
        (ETHER + IP[:9] + b"\x02" + IP[10:] + UDP, "another protocol"),
        (ETHER + IP[:6] + b"\x20\x00" + IP[8:] + UDP, "a fragment"),
        (FRAME[:36], "cut before its ports"),
        (b"", "cut before its ports"),
    ],
)
def test_a_frame_without_a_datagram_says_what_it_is(data, what):
    assert datagram(ETHERNET, data) == Other(what)


@settings(deadline=None)
@given(st.sampled_from((0, 1, 101, 108, 113, 228, 276)), st.binary(max_size=80))
def test_any_frame_is_read_or_told(link, data):
    assert isinstance(datagram(link, data), Datagram | Other)


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 65_535))
def test_what_is_framed_is_read_again(payload, port):
    assert datagram(ETHERNET, frame(SOURCE, Address("239.1.127.4", port), payload)).payload == payload


@pytest.mark.skipif(not shutil.which("tshark"), reason="Debian's tshark is not installed")
def test_wireshark_reads_the_capture_and_finds_its_checksums_right(tmp_path):
    packets = Publisher(1, 60).line(random.Random(1))
    path, group = tmp_path / "ours.pcap", CHANNELS[30].address(Line.A)
    with Writer(path, SOURCE) as writer:
        for number, packet in enumerate(packets):
            writer.write(group, packet, BEGAN_NS + number * 1_001)
    fields = ("frame.time_epoch", "ip.dst", "udp.dstport", "ip.checksum.status", "udp.checksum.status", "udp.payload")
    checked = ("-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE")
    command = [
        "tshark",
        "-n",
        "-r",
        path,
        *checked,
        "-T",
        "fields",
        *(part for name in fields for part in ("-e", name)),
    ]
    told = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout.splitlines()
    assert [line.split("\t") for line in told] == [
        [f"{BEGAN_NS // 10**9}.{number * 1_001:09d}", "239.1.1.4", "51000", "1", "1", packet.hex()]
        for number, packet in enumerate(packets)
    ]
