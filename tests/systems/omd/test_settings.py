"""The [omd] table: what it may say, and what is told of its mistakes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from pytest_hkexprt import shipped
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.omd import settings
from pytest_hkexprt.systems.omd.channels import Feed
from pytest_hkexprt.systems.omd.settings import Timing


def read(text: str) -> settings.OmdSettings:
    return settings.read(tomllib.loads(text), Path("hkexprt.toml"))


def test_who_says_nothing_has_the_guides_channels_and_servers():
    feed = read("").feeds[Feed.OMD_C]
    assert [each.number for each in feed.all_channels] == [1, 2, 3, 4, 10, 30, 9]
    assert str(feed.retransmission[Site.SECONDARY][0]) == "10.2.90.82:55455"
    assert (feed.replaced, feed.servers_replaced) == (frozenset(), frozenset())


def test_channels_user_and_servers_are_the_participants_where_given():
    feed = read('[OMD-C]\nuser = "ME"\nchannels = [20, 21]\n[OMD-C.addresses]\nprimary = ["192.0.2.9:5000"]').feeds[
        "OMD-C"
    ]
    assert (feed.user, [each.number for each in feed.channels]) == ("ME", [20, 21])
    assert str(feed.retransmission[Site.PRIMARY][0]) == "192.0.2.9:5000"
    assert feed.servers_replaced == {Site.PRIMARY}


def test_groups_are_replaced_channel_by_channel_and_refresh_by_refresh():
    found = read('[groups]\n30 = ["239.9.1.4:1", "239.9.2.4:2"]\n530 = ["239.9.1.5:3", "239.9.2.5:4"]').feeds[
        Feed.OMD_C
    ]
    (channel,) = (each for each in found.channels if each.number == 30)
    assert [str(each) for each in (*channel.lines, *channel.refresh_lines)] == [
        "239.9.1.4:1",
        "239.9.2.4:2",
        "239.9.1.5:3",
        "239.9.2.5:4",
    ]
    assert found.replaced == {30, 530}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('interface = "line"', "[omd] interface: 'line' is no IPv4 address"),
        ("[OMD-C]\nchannels = [30, 31000]", "[omd.OMD-C] channels: 31000 is none of 1, 2"),
        ('[OMD-C]\nuser = "THIRTEEN-LONG"', "[omd.OMD-C] user: expected at most 12"),
        ('[OMD-C.addresses]\nprimary = ["10.1.90.82"]', "'10.1.90.82' is not host:port"),
        ('[OMD-C.addresses]\nprimery = ["10.1.90.82:1"]', "[omd.OMD-C.addresses] primery: unknown site"),
        ('[groups]\n12 = ["239.1.1.1:1", "239.1.1.2:1"]', "[omd.groups] 12: no such channel"),
        ('[groups]\n30 = ["239.1.1.1:1"]', "[omd.groups] 30: expected both lines"),
        ("[OMD-D]", "[omd] OMD-D: unknown key (did you mean OMD-C?)"),
        ("buffer_bytes = 0", "[omd] buffer_bytes: expected a number above zero"),
    ],
)
def test_a_mistake_is_told_with_its_place(text, told):
    with pytest.raises(UsageFault) as caught:
        read(text)
    assert told in str(caught.value)


def test_all_mistakes_are_told_together():
    with pytest.raises(UsageFault, match="2 mistakes"):
        read('interface = "line"\nbuffer_byte = 1')


def test_a_rehearsal_has_a_user_and_scaled_times():
    found = settings.rehearsed(read(""))
    assert {each.user for each in found.feeds.values()} == {settings.REHEARSAL_USER}
    assert found.timing.factor == settings.REHEARSAL_FACTOR


def test_published_times_are_divided_and_waits_never_shorter_than_a_busy_machine_needs():
    live, rehearsed = Timing(), Timing(60.0)
    assert (live.heartbeat_s, live.rts_heartbeat_s, live.objective_s, live.echo_s) == (2.0, 30.0, 300.0, 5.0)
    assert (rehearsed.objective_s, rehearsed.rts_heartbeat_s) == (5.0, 0.5)
    assert rehearsed.waited_s(10.0) == settings.LEAST_WAIT_S


def test_the_documented_example_can_be_read_as_it_stands():
    text = shipped.example_participant().read_text("utf-8")
    lines = text[text.index("# [omd]") :].partition("\n\n")[0].splitlines()
    either = [line for line in lines if not line.startswith("# adapter")]  # or a program: one stands for the other
    uncommented = "\n".join(line.removeprefix("# ") for line in either)
    table = tomllib.loads(uncommented)["omd"]
    assert settings.read(table, Path("hkexprt.toml")).feeds[Feed.OMD_C].user == "EXAMPLEC"
