"""The ``[omd]`` table read whole: every key to its value, every mistake in full, and the times of a rehearsal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.omd import settings
from pytest_hkexprt.systems.omd.channels import CHANNELS, RETRANSMISSION, Address, Feed
from pytest_hkexprt.systems.omd.settings import FeedSettings, OmdSettings, Timing
from tests.systems.omd.test_settings import read

C, CC = Feed.OMD_C, Feed.OMD_CC
WHOLE = """
interface = "192.0.2.5"
buffer_bytes = 1000
alive_within_s = 1
refresh_within_s = 2
timeout_s = 3
failover_within_s = 4
capture = true
adapter = "ours:Receiver"

[OMD-C]
user = "TWELVELETTER"
channels = [20]

[OMD-C.addresses]
primary = ["192.0.2.9:5000", "192.0.2.10:65535"]

[groups]
20 = ["239.9.1.4:1", "239.9.2.4:2"]
520 = ["239.9.1.5:3", "239.9.2.5:4"]
9 = ["239.9.1.6:5", "239.9.2.6:6"]
"""


def test_every_key_of_the_table_is_read():
    found = read(WHOLE)
    replaced = frozenset({20, 520, 9})
    assert found == OmdSettings(
        {
            C: FeedSettings(
                C,
                user="TWELVELETTER",
                channels=(
                    replace(
                        CHANNELS[20],
                        lines=(Address("239.9.1.4", 1), Address("239.9.2.4", 2)),
                        refresh_lines=(Address("239.9.1.5", 3), Address("239.9.2.5", 4)),
                    ),
                ),
                dr=replace(CHANNELS[9], lines=(Address("239.9.1.6", 5), Address("239.9.2.6", 6))),
                retransmission={
                    Site.PRIMARY: (Address("192.0.2.9", 5000), Address("192.0.2.10", 65535)),
                    Site.SECONDARY: RETRANSMISSION[C][Site.SECONDARY],
                },
                replaced=replaced,
                servers_replaced=frozenset({Site.PRIMARY}),
            ),
            CC: replace(read("").feeds[CC], replaced=replaced),
        },
        interface="192.0.2.5",
        buffer_bytes=1000,
        alive_within_s=1,
        refresh_within_s=2,
        timeout_s=3,
        failover_within_s=4,
        capture=True,
        adapter="ours:Receiver",
        declared=frozenset({C}),
    )


def test_who_says_nothing_has_the_defaults():
    assert read("") == settings.defaults()
    assert (read("").timeout_s, read("").feeds[CC].user) == (15.0, "")


@pytest.mark.parametrize("feed", list(Feed))
def test_a_feed_has_the_guides_channels_and_servers(feed):
    assert settings.defaults("ME").feeds[feed] == FeedSettings(
        feed,
        user="ME",
        channels=tuple(CHANNELS[number] for number in settings.DEFAULT_CHANNELS[feed]),
        dr=CHANNELS[settings.DR_CHANNELS[feed]],
        retransmission=RETRANSMISSION[feed],
    )


def test_groups_of_one_line_alone_leave_the_snapshots_where_they_were():
    found = read('[groups]\n30 = ["239.9.1.4:1", "239.9.2.4:2"]').feeds[C].channels[-1]
    assert (found.number, found.refresh_lines) == (30, CHANNELS[30].refresh_lines)


def test_a_channel_without_snapshots_keeps_none():
    found = read('[OMD-C]\nchannels = [60]\n[groups]\n60 = ["239.9.1.4:1", "239.9.2.4:2"]').feeds[C].channels
    assert [each.refresh_lines for each in found] == [None]


@pytest.mark.parametrize(
    ("text", "received"), [("", (True, True)), ("[OMD-C]", (True, False)), ("[OMD-CC]", (False, True))]
)
def test_who_declares_one_feed_receives_that_alone(text, received):
    assert tuple(read(text).receives(feed) for feed in (C, CC)) == received


@pytest.mark.parametrize("port", [1, 65535])
def test_the_first_and_the_last_port_are_ports(port):
    found = read(f'[OMD-C.addresses]\nsecondary = ["h:{port}"]').feeds[C]
    assert found.retransmission[Site.SECONDARY] == (Address("h", port),)


NO_ADDRESS = "is not host:port, such as 239.1.1.4:51000"
BOTH = 'expected both lines\' groups, such as ["239.1.1.4:51000", "239.1.127.4:51000"]'
JOINABLE = ", ".join(map(str, (1, 2, 3, 4, 10, *range(20, 29), *range(30, 39), 60, *range(70, 79), 80, 81)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('interface = "::1"', "[omd] interface: '::1' is no IPv4 address of this machine"),
        ('interface = "line"', "[omd] interface: 'line' is no IPv4 address of this machine"),
        ("[OMD-C]\nchannels = [9]", f"[omd.OMD-C] channels: 9 is none of {JOINABLE}"),
        ("[OMD-CC]\nchannels = [30]", "[omd.OMD-CC] channels: 30 is none of 301, 302, 311, 312"),
        (
            '[OMD-C]\nuser = "THIRTEEN-LONG"',
            "[omd.OMD-C] user: expected at most 12 ASCII characters, came 'THIRTEEN-LONG'",
        ),
        ('[OMD-C]\nuser = "用戶"', "[omd.OMD-C] user: expected at most 12 ASCII characters, came '用戶'"),
        ('[OMD-C.addresses]\nprimary = ["10.1.90.82"]', f"[omd.OMD-C.addresses] primary: '10.1.90.82' {NO_ADDRESS}"),
        ('[OMD-C.addresses]\nprimary = [":1"]', f"[omd.OMD-C.addresses] primary: ':1' {NO_ADDRESS}"),
        ('[OMD-C.addresses]\nprimary = ["h:0"]', f"[omd.OMD-C.addresses] primary: 'h:0' {NO_ADDRESS}"),
        ('[OMD-C.addresses]\nprimary = ["h:65536"]', f"[omd.OMD-C.addresses] primary: 'h:65536' {NO_ADDRESS}"),
        ('[OMD-C.addresses]\nprimary = ["h:x"]', f"[omd.OMD-C.addresses] primary: 'h:x' {NO_ADDRESS}"),
        (
            '[OMD-C.addresses]\nprimery = ["10.1.90.82:1"]',
            "[omd.OMD-C.addresses] primery: unknown site; expected primary or secondary (did you mean primary?)",
        ),
        ("[OMD-C]\nusr = 1", "[omd.OMD-C] usr: unknown key (did you mean user?)"),
        ('[groups]\n12 = ["239.1.1.1:1", "239.1.1.2:1"]', "[omd.groups] 12: no such channel"),
        ('[groups]\nx = ["239.1.1.1:1", "239.1.1.2:1"]', "[omd.groups] x: no such channel"),
        ('[groups]\n30 = ["239.1.1.1:1"]', f"[omd.groups] 30: {BOTH}"),
        ('[groups]\n30 = ["239.1.1.1:1", "h"]', f"[omd.groups] 30: {BOTH}"),
        ('[groups]\n30 = ["239.1.1.1:1", "h"]', f"[omd.groups] 30: 'h' {NO_ADDRESS}"),
        ("[OMD-D]", "[omd] OMD-D: unknown key (did you mean OMD-C?)"),
    ],
)
def test_a_mistake_is_told_in_full(text, told):
    with pytest.raises(UsageFault) as fault:
        read(text)
    assert f"\n  {told}\n" in f"{fault.value}\n"


def test_servers_of_which_one_is_wrong_replace_none():
    with pytest.raises(UsageFault) as fault:
        read('[OMD-C.addresses]\nprimary = ["h:1", "h"]')
    assert str(fault.value).count("not host:port") == 1


# ------------------------------------------------------------------ rehearsals


def test_a_rehearsal_receives_both_feeds_with_a_user_where_there_is_none():
    found = settings.rehearsed(read(WHOLE))
    assert [found.feeds[feed].user for feed in (C, CC)] == ["TWELVELETTER", "REHEARSAL"]
    assert found.receives(CC)
    assert found.timing == Timing(60.0)
    assert found.interface == "192.0.2.5"


def test_times_may_be_scaled_from_the_beginning():
    assert settings.defaults(timing=Timing(2.0)).timing.heartbeat_s == 1.0


@pytest.mark.parametrize(
    ("factor", "live_s", "granted_s"), [(1, 75, 75), (60, 300, 5), (60, 75, 3), (60, 180, 3), (2, 6, 3), (1, 1, 1)]
)
def test_a_wait_is_scaled_and_never_shorter_than_a_busy_machine_needs(factor, live_s, granted_s):
    assert Timing(factor).waited_s(live_s) == granted_s


def test_published_times_are_as_published():
    assert (settings.LIVE.stale_s, settings.LIVE.echo_s, settings.LIVE.logon_s) == (75, 5, 5)
