"""Snapshots: whole, or not at all."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.omd import packets
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.refresh import Refresh, State

SENT_NS = 1_709_341_200_000_000_000


class Snapshots:
    """A refresh channel: what follows what."""

    def __init__(self, refresh: Refresh) -> None:
        self.refresh = refresh
        self.next = 1
        self.now_s = 0.0

    def send(self, *messages, lines=(Line.A, Line.B)):
        packet = packets.encode(self.next, messages, SENT_NS + self.next)
        self.next += len(messages)
        return self.arrive(packet, lines)

    def arrive(self, packet, lines=(Line.A, Line.B)):
        found = [self.refresh.receive(line, packet, self.now_s) for line in lines]
        return next((each for each in found if each), None)


def order(number: int):
    return build(Type.ADD_ORDER, SecurityCode=5, OrderId=number)


def end(last: int):
    return build(Type.REFRESH_COMPLETE, LastSeqNum=last)


@pytest.fixture
def snapshots():
    refresh = Refresh(patience_s=0.5)
    refresh.want(0.0)
    return Snapshots(refresh)


def ids(snapshot):
    return [message["OrderId"] for message in snapshot.messages()]


def test_the_first_whole_snapshot_is_taken_after_the_end_of_the_one_under_way(snapshots):
    assert snapshots.send(order(1), end(10)) is None
    assert snapshots.send(order(2)) is None
    snapshots.now_s = 3.0
    found = snapshots.send(order(3), end(20))
    assert (ids(found), found.last, found.took_s) == ([2, 3], 20, 3.0)
    assert snapshots.refresh.state is State.IDLE


def test_ends_and_beginnings_share_packets(snapshots):
    found = snapshots.send(order(1), end(10), order(2), end(20), order(3))
    assert (ids(found), found.last) == ([2], 20)


def test_an_empty_snapshot_is_a_snapshot(snapshots):
    found = snapshots.send(end(10), end(10))
    assert (ids(found), found.last) == ([], 10)


def test_nothing_is_taken_where_none_is_wanted(snapshots):
    snapshots.refresh.cancel()
    assert snapshots.send(end(10), order(1), end(20)) is None


def test_what_one_line_lost_the_other_brings(snapshots):
    snapshots.send(end(10))
    snapshots.send(order(1), lines=(Line.B,))
    snapshots.send(order(2), lines=(Line.A,))
    assert ids(snapshots.send(end(20))) == [1, 2]


def test_a_snapshot_with_a_hole_is_thrown_away_and_the_next_one_taken(snapshots):
    snapshots.send(end(10))
    snapshots.send(order(1), lines=())
    assert snapshots.send(order(2), end(20)) is None
    snapshots.now_s = 0.5
    assert snapshots.send(order(3)) is None
    assert snapshots.refresh.spoiled == 1
    found = snapshots.send(end(30))
    assert (ids(found), found.last) == ([3], 30)


def test_a_snapshot_older_than_what_is_wanted_is_thrown_away(snapshots):
    snapshots.refresh.want(0.0, at_least=25)
    assert snapshots.send(end(10), order(1), end(20)) is None
    found = snapshots.send(order(2), end(25))
    assert (ids(found), found.last) == ([2], 25)
    assert snapshots.refresh.spoiled == 1


def test_a_heartbeat_between_snapshots_is_nothing_and_within_one_is_counted(snapshots):
    snapshots.send(end(10))
    snapshots.arrive(packets.heartbeat(1, SENT_NS + 1))
    assert snapshots.refresh.heartbeats_inside == 0
    snapshots.send(order(1))
    snapshots.arrive(packets.heartbeat(2, SENT_NS + 2), (Line.A,))
    assert snapshots.refresh.heartbeats_inside == 1
    assert ids(snapshots.send(end(20))) == [1]


def test_a_publisher_that_begins_anew_within_a_snapshot_spoils_it(snapshots):
    snapshots.send(end(10))
    snapshots.send(order(1))
    snapshots.next = 1
    reset = packets.encode(1, [build(Type.SEQUENCE_RESET, NewSeqNo=1)], SENT_NS + 10_000_000_000)
    snapshots.arrive(reset)
    assert snapshots.send(end(20)) is None
    assert snapshots.refresh.spoiled == 1
    assert ids(snapshots.send(order(2), end(30))) == [2]


def test_a_sequence_that_goes_back_is_followed_here_since_each_snapshot_stands_for_itself(snapshots):
    snapshots.send(order(1), end(10), order(2))
    packet = packets.encode(1, [end(20)], SENT_NS + 5_000_000_000)
    snapshots.arrive(packet, (Line.A,))
    snapshots.next = 2
    sent = packets.encode(2, [order(7), end(30), order(8), end(40)], SENT_NS + 6_000_000_000)
    found = snapshots.arrive(sent)
    assert (ids(found), found.last) == ([8], 40)


def test_how_long_a_snapshot_has_been_waited_for_is_known(snapshots):
    assert snapshots.refresh.waiting_s(7.0) == 7.0
    snapshots.refresh.cancel()
    assert snapshots.refresh.waiting_s(8.0) == 0.0


def test_a_snapshot_without_end_is_thrown_away_before_it_fills_the_memory(snapshots, monkeypatch):
    monkeypatch.setattr("pytest_hkexprt.systems.omd.refresh.MOST_MESSAGES", 5)
    snapshots.send(end(10))
    for number in range(6):
        snapshots.send(order(number))
    assert snapshots.refresh.spoiled == 1
    assert snapshots.refresh.state is State.JOINING
