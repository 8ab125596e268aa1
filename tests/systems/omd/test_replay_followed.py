"""What is noted of each channel while a capture is replayed, and how two captures' pictures are held together."""

from __future__ import annotations

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.omd import packets, replay
from pytest_hkexprt.systems.omd.channels import CHANNELS, Line
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.events import Fresh, GapFilled, GapLost, Heartbeat, Reset, Superseded, WentBack, Why
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.receiver import Receiver
from pytest_hkexprt.systems.omd.recovery import Requests
from pytest_hkexprt.systems.omd.replay import MOST_GAPS, MOST_TOLD, Followed, GapTold
from tests.systems.omd.arbiters import beat, sent
from tests.systems.omd.captures import MONDAY_NS, of_line, replayed

A, B = Line.A, Line.B
PIECE = Fresh(A, packets.read(sent(1, 3)), 1, 3)


@pytest.fixture
def followed() -> Followed:
    return Followed(CHANNELS[30], Receiver(30, Requests(), start=1))


def test_each_kind_of_event_is_noted_as_what_it_is(followed):
    followed.told(
        [
            GapFilled(4, 5, B, 0.25),
            GapLost(7, 9, Why.FULL, 1.5),
            Superseded(PIECE),
            Superseded(PIECE),
            Reset(A, 1, 9, new_day=False),
            Reset(B, 1, 9, new_day=False),
            WentBack(A, 3, 9),
            Heartbeat(A, 9, False),
        ]
    )
    assert followed.gaps == [GapTold(4, 5, "B", 0.25), GapTold(7, 9, "lost", 1.5)]
    assert (followed.superseded, followed.resets, followed.more_gaps) == (6, 2, 0)
    assert followed.backward == ["line A: 3 where 9 was next"]


def test_notes_have_an_end_and_what_is_beyond_is_counted(followed):
    followed.told(WentBack(A, 3, 9) for _ in range(MOST_TOLD + 3))
    followed.told(GapFilled(number, number, B, 0.0) for number in range(MOST_GAPS + 2))
    assert (len(followed.backward), len(followed.gaps), followed.more_gaps) == (MOST_TOLD, MOST_GAPS, 2)


def test_what_is_open_at_the_end_is_told_for_how_long(followed):
    for packet, now_s in ((sent(1, 1), 0.5), (sent(4, 5), 1.0)):
        followed.receiver.receive(A, packet, now_s, MONDAY_NS)
    followed.end(3.5)
    assert followed.gaps == [GapTold(2, 3, "open", 2.5)]


def test_a_packet_that_is_refused_is_told_with_its_line_and_channel(publisher, written):
    channel, rest = CHANNELS[30], of_line(publisher, A, 1)
    bad = [(channel.address(B), b"?", 200), (channel.refresh_address(B), b"!", 201)]
    (followed,) = replayed(written(*rest, *bad)).channels.values()
    on_line, on_refresh = followed.broken
    assert on_line.startswith("line B: TooShort: ") and on_line.endswith("came 1")
    assert on_refresh.startswith("refresh, line B: TooShort: ")


def test_of_many_that_are_refused_some_are_told(publisher, written):
    bad = [(CHANNELS[30].address(B), b"?", 200 + number) for number in range(MOST_TOLD + 2)]
    (followed,) = replayed(written(*of_line(publisher, A, 1), *bad)).channels.values()
    assert len(followed.broken) == MOST_TOLD
    assert followed.receiver.arbiter.lines[B].broken == MOST_TOLD + 2


def test_a_channel_without_its_refresh_in_the_capture_waits_for_none(written):
    late = [(CHANNELS[30].address(A), sent(5, 6), 1), (CHANNELS[30].address(A), beat(6, 2), 2)]
    (followed,) = replayed(written(*late)).channels.values()
    assert followed.receiver.arbiter.delivered == 2


def test_a_signal_that_no_document_has_is_told_and_the_next_is_taken(written):
    dr = CHANNELS[9].address(A)
    signals = [(3, 0), (1, 1), (2, 2)]
    found = replayed(
        written(*((dr, packets.encode(at + 1, [build(Type.DR_SIGNAL, DRStatus=code)], 0), at) for code, at in signals))
    )
    (signal,) = found.failovers.values()
    (told,) = found.channels[9].broken
    assert "came 3" in told
    assert (signal.began_s, signal.completed_s) == (0.001, 0.002)


def test_pictures_are_compared_channel_by_channel(publisher, written):
    both = [*of_line(publisher, A, 1), (CHANNELS[31].address(A), sent(1, 2), 1)]
    ours, same = replayed(written(*both)), replayed(written(*both, name="b.pcap"))
    assert ours.pictures(same) == {30: [], 31: []}
    fewer = replayed(written(*of_line(publisher, A, 1, lost=(90,)), name="c.pcap"))
    differ = ours.pictures(fewer)
    assert differ[31] == [f"only in {ours.path}"]
    assert fewer.pictures(ours)[31] == [f"only in {ours.path}"]
    assert differ[30] and [*differ] == [30, 31]


def test_two_channels_at_one_address_are_named(written):
    twice = [CHANNELS[30], CHANNELS[31].__class__(31, CHANNELS[31].content, CHANNELS[31].feed, CHANNELS[30].lines)]
    with pytest.raises(UsageFault) as fault:
        replay.replay(written((CHANNELS[30].address(A), sent(1, 2), 1)), twice)
    assert (fault.value.where, fault.value.expected, fault.value.came) == (
        "239.1.1.4:51000",
        "one channel and line",
        "channels 30 and 31",
    )
