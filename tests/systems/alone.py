"""What simulators on their own are asked for in tests."""

from __future__ import annotations

import datetime as dt

from pytest_hkexprt import participant
from pytest_hkexprt.model import Participant, Site
from pytest_hkexprt.systems.serving import Alone


def alone(whose: Participant | None = None, *, user: str = "REHEARSAL") -> Alone:
    """Return what is wanted for a participant, else for nobody: no address of a circular, no fault."""
    return Alone(
        dict.fromkeys(Site, ()),
        business_date=lambda: dt.date(2024, 3, 22),
        drills=(),
        user=user,
        public_key="",
        participant=whose or participant.generated(),
    )
