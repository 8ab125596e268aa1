"""How the whole ended, from how its parts ended: pytest's exit statuses, as one run of all would have had them."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_hkexprt.evidence.record import EndRecord

PASSED, FAILED, INTERRUPTED, NOTHING = 0, 1, 2, 5
"""Those of pytest's exit statuses that mean something here."""


def own(end: EndRecord | None) -> int:
    """Return how a part ended; one that was cut short was interrupted."""
    return INTERRUPTED if end is None or end.interrupted else end.exit_status


def worst(statuses: Sequence[int]) -> int:
    """Return the status of the whole: one that proved nothing does not spoil what others proved."""
    told = [each for each in statuses if each not in (PASSED, NOTHING)]
    if told:
        return INTERRUPTED if INTERRUPTED in told else max(told)
    return NOTHING if all(each == NOTHING for each in statuses) else PASSED
