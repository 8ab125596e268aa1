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
