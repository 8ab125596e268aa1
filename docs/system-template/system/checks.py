"""Comparisons: pure functions that return a check, met or not."""

from __future__ import annotations

from pytest_hkexprt.evidence.record import Check


def answered(where: str, expected: str, came: str) -> Check:
    """Return whether the service answered as it should."""
    return Check(
        what="answer",
        where=where,
        expected=expected,
        came=came or "nothing",
        met=came == expected,
        next_step="say what the reader can do about it",
    )
