"""Spans of time as a reader sees them."""

from __future__ import annotations

import pytest

from pytest_hkexprt.evidence.html import words


@pytest.mark.parametrize(
    ("starts", "ends", "shown"),
    [
        ("2023-11-25T00:00:00+08:00", "2023-11-25T23:59:59+08:00", "25 Nov 2023"),
        ("2023-04-17T00:00:00+08:00", "2023-04-28T23:59:00+08:00", "17 Apr 2023 – 28 Apr 2023"),
        ("2023-04-15T14:30:00+08:00", "2023-04-15T15:30:00+08:00", "15 Apr 2023, 14:30–15:30"),
        ("2023-04-15T00:00:00+08:00", "2023-04-15T15:30:00+08:00", "15 Apr 2023, 00:00–15:30"),
    ],
)
def test_whole_days_are_days_alone_and_everything_else_has_its_hours(starts, ends, shown):
    assert words.span(starts, ends) == shown
