"""What each comparison of lines and channels says, whole: what was expected, what came, what to do, what it saw."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.systems.omd import checks
from pytest_hkexprt.systems.omd.facts import ChannelFacts
from pytest_hkexprt.systems.omd.layouts import Type
from tests.systems.omd.test_checks import CHANNEL, WHERE, A, B, line

OTHER = replace(CHANNEL, number=31, name="odd lots")
MANY = [replace(CHANNEL, number=number) for number in range(12)]


def lines(*changes: dict[str, object]) -> ChannelFacts:
    """Return a channel whose lines are so."""
    return replace(CHANNEL, lines=tuple(replace(each, **given) for each, given in zip((A, B), changes, strict=True)))


# ------------------------------------------------------------------ alive

ALIVE = Check(
    what="channels alive on both lines",
    where=WHERE,
    expected="data or heartbeats on both lines of 1 channel within 2 s",
    came="all 2 lines, the slowest after 0.30 s",
    met=True,
    next_step="look whether the group is joined on the right interface, and whether the network passes it on",
)


@pytest.mark.parametrize("order", [(0.1, 0.3), (0.3, 0.1)])
def test_channels_that_are_alive_tell_the_slowest_line(order):
    first, second = order
    assert checks.alive([lines({"first_heard_s": first}, {"first_heard_s": second})], 2.0, WHERE) == ALIVE


def test_a_line_heard_in_the_last_moment_is_alive():
    assert checks.alive([line(first_heard_s=2.0)], 2.0, WHERE).met


def test_lines_that_are_silent_are_counted_and_named():
    given = [line(first_heard_s=None), OTHER]
    assert checks.alive(given, 2.123, WHERE) == structs.replace(
        ALIVE,
        expected="data or heartbeats on both lines of 2 channels within 2.12 s",
        came="3 of 4 lines",
        met=False,
        details=("channel 30 securities full tick, line B 239.1.127.4:51000: nothing came",),
    )


@pytest.mark.parametrize(
    ("published", "told"),
    [("1.2.3.4:5", "239.1.127.4:51000 (for 1.2.3.4:5)"), ("239.1.127.4:51000", "239.1.127.4:51000")],
)
def test_a_group_that_stands_for_another_names_both(published, told):
    check = checks.alive([line(first_heard_s=None, published=published)], 2.0, WHERE)
    assert check.details == (f"channel 30 securities full tick, line B {told}: nothing came",)


def test_ten_lines_are_named_and_the_others_counted():
    check = checks.alive([replace(each, lines=(replace(A, first_heard_s=None),)) for each in MANY], 2.0, WHERE)
    assert len(check.details) == 11
    assert check.details[9:] == ("channel 9 securities full tick, line A 239.1.1.4:51000: nothing came", "and 2 more")


def test_just_ten_lines_leave_no_others_to_count():
    check = checks.alive([replace(each, lines=(replace(A, first_heard_s=None),)) for each in MANY[:10]], 2.0, WHERE)
    assert len(check.details) == 10


# ------------------------------------------------------------------ well formed

WELL = Check(
    what="packets as documented",
    where=WHERE,
    expected="packets whose sizes agree, and sequences that go on",
    came="20 packets, all of them so",
    met=True,
)
SEND = "keep a capture of the group and send it to the exchange"


def test_packets_that_are_all_as_documented():
    assert checks.well_formed([CHANNEL], WHERE) == WELL


def test_packets_are_counted_in_thousands():
    assert checks.well_formed([line(packets=9990)], WHERE).came == "10,000 packets, all of them so"


def test_one_packet_is_enough():
    assert checks.well_formed([lines({"packets": 1}, {"packets": 0})], WHERE).met


def test_packets_that_were_refused_are_told_with_the_first_three_reasons():
    channel = lines({"malformed_count": 1, "malformed": ("a",)}, {"malformed_count": 4, "malformed": tuple("wxyz")})
    assert checks.well_formed([channel], WHERE) == structs.replace(
        WELL,
        came="25 packets, 5 of them cut or of another size",
        met=False,
        next_step=SEND,
        details=("channel 30, line A: 1 refused; a", "channel 30, line B: 4 refused; w; x; y"),
    )


def test_sequences_that_went_back_are_told():
    channel = replace(lines({"backwards": 1}, {"backwards": 2}), backwards=("5 came where 9 was next",))
    assert checks.well_formed([channel], WHERE) == structs.replace(
        WELL,
        came="20 packets, 0 of them cut or of another size; 3 times a sequence went back",
        met=False,
        next_step=SEND,
        details=("channel 30: 5 came where 9 was next",),
    )


def test_types_nobody_lists_are_added_up_over_channels_and_told_in_order():
    given = [replace(CHANNEL, unknown={999: 1, 998: 2}), replace(OTHER, unknown={999: 3})]
    assert checks.well_formed(given, WHERE).details == (
        "2 messages of type 998, which no document lists, were skipped by their size",
        "4 messages of type 999, which no document lists, were skipped by their size",
    )


def test_faults_are_shown_before_types_nobody_lists():
    channel = replace(line(malformed_count=1, malformed=("a",)), unknown={999: 1})
    assert [each.split(" ")[0] for each in checks.well_formed([channel], WHERE).details] == ["channel", "1"]


# ------------------------------------------------------------------ own messages

OWN = Check(
    what="messages of the channels' own",
    where=WHERE,
    expected="on each channel the messages that belong there",
    came="no other ones",
    met=True,
)


def test_messages_that_are_all_the_channels_own():
    assert checks.own_messages([CHANNEL], WHERE) == OWN


def test_messages_of_other_channels():
    strange = {int(Type.NEWS): 2, int(Type.SEQUENCE_RESET): 1}
    first = sorted(strange)[0]
    told = checks.own_messages([replace(CHANNEL, strange=strange)], WHERE)
    assert told == structs.replace(
        OWN,
        came="2 types that do not belong where they came",
        met=False,
        next_step="compare the groups in [omd.groups] with the exchange's list",
        details=told.details,
    )
    assert told.details[0].endswith(f"({first})")


# ------------------------------------------------------------------ drops

KEPT = Check(
    what="drops at the socket",
    where=WHERE,
    expected="no datagram dropped for want of room in this machine",
    came="0 datagrams dropped by this machine",
    met=True,
)


def test_a_machine_that_dropped_nothing():
    assert checks.dropped([CHANNEL], WHERE) == KEPT


def test_a_machine_that_dropped_something():
    channel = lines({"dropped": 3, "buffer_bytes": 1000}, {"dropped": 4, "buffer_bytes": 1000})
    assert checks.dropped([channel], WHERE) == structs.replace(
        KEPT,
        came="7 datagrams dropped by this machine",
        met=False,
        next_step="raise [omd] buffer_bytes, and the system's limit (on Linux net.core.rmem_max)",
        details=(
            "channel 30, line A: 3 dropped, buffer 1,000 bytes",
            "channel 30, line B: 4 dropped, buffer 1,000 bytes",
        ),
    )


def test_a_machine_that_does_not_tell():
    untold = lines({"dropped": None}, {"dropped": None})
    came = "not told by this system; drops here look like losses on the wire"
    assert checks.dropped([untold], WHERE) == structs.replace(KEPT, came=came)


def test_a_line_that_does_not_tell_beside_one_that_does():
    assert checks.dropped([lines({"dropped": None}, {"dropped": 2})], WHERE).came.startswith("2 datagrams")
