"""What a refresh channel counts and remembers: since when a snapshot is wanted, what was thrown away, and why."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.omd import packets, refresh
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.refresh import Refresh, State
from tests.systems.omd.test_refresh import SENT_NS, Snapshots, end, ids, order


@pytest.fixture
def snapshots():
    made = Refresh(patience_s=0.5)
    made.want(1.0)
    return Snapshots(made)


def test_nothing_is_wanted_at_first():
    made = Refresh()
    assert (made.state, made.waiting_s(9.0), made.spoiled, made.heartbeats_inside) == (State.IDLE, 0.0, 0, 0)


def test_wanting_again_does_not_begin_the_wait_again(snapshots):
    snapshots.refresh.want(5.0)
    assert snapshots.refresh.waiting_s(6.0) == 5.0


def test_wanting_again_may_only_raise_what_it_must_be_as_of(snapshots):
    snapshots.refresh.want(1.0, at_least=20)
    snapshots.refresh.want(1.0, at_least=15)
    assert snapshots.send(end(10), end(19)) is None
    assert snapshots.send(end(20)).last == 20


def test_what_was_wanted_before_is_forgotten_when_none_is_wanted(snapshots):
    snapshots.refresh.want(1.0, at_least=20)
    snapshots.refresh.cancel()
    snapshots.refresh.want(2.0)
    assert snapshots.send(end(10), end(11)).last == 11


def test_what_was_taken_is_dropped_when_it_is_wanted_no_longer(snapshots):
    snapshots.send(end(10), order(1))
    snapshots.refresh.cancel()
    snapshots.refresh.want(2.0)
    snapshots.send(order(2), end(20))
    assert ids(snapshots.send(order(3), end(30))) == [3]


def test_a_snapshot_tells_how_long_it_was_waited_for(snapshots):
    snapshots.now_s = 4.5
    found = snapshots.send(end(10), order(1), order(2), end(20))
    assert (found.took_s, len(found.pieces)) == (3.5, 1)
    assert [(piece.first, piece.last) for piece in found.pieces] == [(2, 3)]


def test_every_snapshot_that_is_older_than_needed_is_counted(snapshots):
    snapshots.refresh.want(1.0, at_least=99)
    snapshots.send(end(10), order(1), end(20), order(2), end(30))
    assert snapshots.refresh.spoiled == 2


def test_every_snapshot_with_a_hole_is_counted(snapshots):
    for spoiled in (1, 2):
        snapshots.send(end(10), order(1))
        snapshots.send(order(2), lines=())
        snapshots.send(order(3))
        snapshots.now_s += 1.0
        snapshots.send(order(4))
        assert (snapshots.refresh.spoiled, snapshots.refresh.state) == (spoiled, State.JOINING)


@pytest.mark.parametrize(("waited_s", "spoiled"), [(0.4, 0), (0.5, 1)])
def test_a_hole_is_left_to_the_other_line_for_half_a_second(waited_s, spoiled):
    snapshots = Snapshots(Refresh())
    snapshots.refresh.want(0.0)
    snapshots.send(end(10))
    snapshots.send(order(1), lines=())
    snapshots.send(order(2))
    snapshots.now_s = waited_s
    snapshots.send(order(3))
    assert snapshots.refresh.spoiled == spoiled


def test_a_hole_while_waiting_for_a_beginning_spoils_nothing(snapshots):
    snapshots.send(order(1))
    snapshots.send(order(2), lines=())
    snapshots.send(order(3))
    snapshots.now_s = 2.0
    snapshots.send(order(4))
    assert (snapshots.refresh.spoiled, snapshots.refresh.state) == (0, State.JOINING)


def test_heartbeats_within_a_snapshot_are_all_counted(snapshots):
    snapshots.send(end(10), order(1))
    for _ in range(2):
        snapshots.arrive(packets.heartbeat(2, SENT_NS + 2), (Line.A,))
    assert snapshots.refresh.heartbeats_inside == 2


@pytest.mark.parametrize(("count", "spoiled"), [(5, 0), (6, 1)])
def test_a_snapshot_of_just_as_many_messages_as_it_may_have_is_taken(snapshots, monkeypatch, count, spoiled):
    monkeypatch.setattr(refresh, "MOST_MESSAGES", 5)
    snapshots.send(end(10))
    snapshots.send(*(order(number) for number in range(count)))
    found = snapshots.send(end(20))
    assert (snapshots.refresh.spoiled, found is None) == (spoiled, bool(spoiled))


def test_a_new_snapshot_may_have_as_many_again(snapshots, monkeypatch):
    monkeypatch.setattr(refresh, "MOST_MESSAGES", 3)
    snapshots.send(end(10), *(order(number) for number in range(3)), end(20))
    snapshots.refresh.want(5.0)
    snapshots.send(end(30))
    assert ids(snapshots.send(*(order(number) for number in range(3)), end(40))) == [0, 1, 2]
