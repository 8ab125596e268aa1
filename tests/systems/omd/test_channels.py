"""The channels and servers that stand as defaults, against the published tables."""

from __future__ import annotations

import pytest

from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.omd.channels import CHANNELS, RETRANSMISSION, Content, Feed, Line, of


@pytest.mark.parametrize(
    ("number", "a", "b"),
    [
        (1, "239.1.1.1:51000", "239.1.127.1:51000"),
        (4, "239.1.1.1:51003", "239.1.127.1:51003"),
        (9, "239.1.1.1:51008", "239.1.127.1:51008"),
        (28, "239.1.1.3:51008", "239.1.127.3:51008"),
        (30, "239.1.1.4:51000", "239.1.127.4:51000"),
        (49, "239.1.1.7:51008", "239.1.127.7:51008"),
        (81, "239.1.1.121:51001", "239.1.127.121:51001"),
        (302, "239.1.1.101:51001", "239.1.127.101:51001"),
        (399, "239.1.1.105:51008", "239.1.127.105:51008"),
    ],
)
def test_a_channel_is_joined_where_it_was_published(number, a, b):
    channel = CHANNELS[number]
    assert (str(channel.address(Line.A)), str(channel.address(Line.B))) == (a, b)


@pytest.mark.parametrize(
    ("number", "refresh", "a", "b"),
    [
        (1, 501, "239.1.1.11:51000", "239.1.127.11:51000"),
        (2, 502, "239.1.1.11:51001", "239.1.127.11:51001"),
        (3, 503, "239.1.1.11:51002", "239.1.127.11:51002"),
        (4, 504, "239.1.1.11:51003", "239.1.127.11:51003"),
        (10, 510, "239.1.1.12:51000", "239.1.127.12:51000"),
        (20, 520, "239.1.1.13:51000", "239.1.127.13:51000"),
        (28, 528, "239.1.1.13:51008", "239.1.127.13:51008"),
        (30, 530, "239.1.1.14:51000", "239.1.127.14:51000"),
        (38, 538, "239.1.1.14:51008", "239.1.127.14:51008"),
        (80, 580, "239.1.1.121:61000", "239.1.127.121:61000"),
        (81, 581, "239.1.1.121:61001", "239.1.127.121:61001"),
        (301, 801, "239.1.1.101:61000", "239.1.127.101:61000"),
        (302, 802, "239.1.1.101:61001", "239.1.127.101:61001"),
        (311, 811, "239.1.1.111:61000", "239.1.127.111:61000"),
        (312, 812, "239.1.1.111:61001", "239.1.127.111:61001"),
    ],
)
def test_a_channel_has_its_snapshots_where_they_were_published(number, refresh, a, b):
    channel = CHANNELS[number]
    assert channel.refresh == refresh
    assert [str(channel.refresh_address(line)) for line in (Line.A, Line.B)] == [a, b]


def test_these_channels_there_are_and_that_is_what_they_carry():
    carried: dict[Content, list[int]] = {}
    for channel in CHANNELS.values():
        carried.setdefault(channel.content, []).append(channel.number)
    assert carried == {
        Content.REFERENCE: [1],
        Content.STATUS: [2],
        Content.TURNOVER: [3],
        Content.NEWS: [4],
        Content.DR: [9, 399],
        Content.STANDARD: [10],
        Content.PREMIUM: [*range(20, 29)],
        Content.FULL_TICK: [*range(30, 39)],
        Content.INDEX_DR: [49],
        Content.BROKERS: [60],
        Content.ODD_LOTS: [*range(70, 79)],
        Content.CONNECT: [80, 81],
        Content.CHINA_REFERENCE: [301, 311],
        Content.CHINA_PRICES: [302, 312],
    }


def test_a_dr_channel_has_no_snapshots():
    dr = [channel for channel in CHANNELS.values() if channel.dr]
    assert [channel.number for channel in dr] == [9, 49, 399]
    assert all(channel.refresh is None and channel.refresh_address(Line.B) is None for channel in dr)
    assert CHANNELS[49].content is Content.INDEX_DR


def test_brokers_and_odd_lots_have_no_snapshots():
    without = [number for number, channel in CHANNELS.items() if channel.refresh is None and not channel.dr]
    assert without == [60, *range(70, 79)]
    assert not any(CHANNELS[number].refresh_lines for number in without)


def test_no_two_channels_share_an_address():
    addresses = [
        address for channel in CHANNELS.values() for address in (*channel.lines, *(channel.refresh_lines or ()))
    ]
    assert len(addresses) == len(set(addresses))


def test_each_feed_has_two_servers_at_each_site():
    assert [str(each) for each in RETRANSMISSION[Feed.OMD_CC][Site.SECONDARY]] == [
        "10.2.90.94:55455",
        "10.2.90.95:55455",
    ]
    assert all(len(set(pair)) == 2 for sites in RETRANSMISSION.values() for pair in sites.values())


def test_a_feed_has_its_own_channels():
    assert {channel.number for channel in of(Feed.OMD_CC)} == {301, 302, 311, 312, 399}
    assert len(of(Feed.OMD_C)) + len(of(Feed.OMD_CC)) == len(CHANNELS)
