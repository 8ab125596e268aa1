from __future__ import annotations

import pytest

from pytest_hkexprt.systems.rap.pace import Pace, Progress, TooSlow


def test_enough_may_come_for_ever():
    progress = Progress(Pace(bytes_per_s=100, over_s=60))
    for _ in range(1000):
        progress.came(1000, 10.0)


def test_too_little_is_told_once_it_was_waited_for_long_enough():
    progress = Progress(Pace(bytes_per_s=100, over_s=60))
    for _ in range(5):
        progress.came(1, 10.0)
    with pytest.raises(TooSlow, match="6 bytes in 60 s, fewer than 100 a second"):
        progress.came(1, 10.0)


def test_what_came_long_ago_does_not_count():
    progress = Progress(Pace(bytes_per_s=100, over_s=60))
    progress.came(10**9, 60.0)
    with pytest.raises(TooSlow):
        progress.came(0, 60.0)


def test_what_was_not_waited_for_is_not_held_against_anybody():
    progress = Progress(Pace(bytes_per_s=100, over_s=60))
    for _ in range(10_000):
        progress.came(1, 0.0)


def test_as_much_as_must_come_is_enough():
    Progress(Pace(bytes_per_s=100, over_s=60)).came(6000, 60.0)


def test_one_byte_less_is_told_with_how_long_it_was_waited_for():
    with pytest.raises(TooSlow, match=r"^5,999 bytes in 60 s, fewer than 100 a second$"):
        Progress(Pace(bytes_per_s=100, over_s=60)).came(5999, 60.0)


def test_a_wait_is_looked_at_for_itself():
    progress = Progress(Pace(bytes_per_s=100, over_s=60))
    progress.came(6000, 60.0)
    for _ in range(59):
        progress.came(0, 1.0)
    with pytest.raises(TooSlow, match=r"^0 bytes in 60\.5 s, fewer than 100 a second$"):
        progress.came(0, 1.5)
