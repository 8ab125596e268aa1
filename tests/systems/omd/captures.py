"""Captures as tests write them: which packets of which lines, and when."""

from __future__ import annotations

import random

from pytest_hkexprt.systems.omd import packets, replay
from pytest_hkexprt.systems.omd.channels import CHANNELS, Address
from tests.systems.omd.market import BEGAN_NS

MONDAY_NS = BEGAN_NS + 2 * 86_400 * 10**9
SOURCE = Address("10.1.1.1", 40_000)
MS = 1_000_000


def of_line(publisher, line, seed, lost=()):
    """Return a line's packets where each is sent, a millisecond a message, without those that hold lost messages."""
    framed = publisher.line(random.Random(seed))
    address = CHANNELS[30].address(line)
    kept = [each for each in framed if not any(each_lost in _numbers(each) for each_lost in lost)]
    return [(address, packet, packets.header(packet).sequence) for packet in kept]


def _numbers(packet):
    found = packets.read(packet)
    return range(found.sequence, found.last + 1)


def replayed(path):
    return replay.replay(path, list(CHANNELS.values()))
