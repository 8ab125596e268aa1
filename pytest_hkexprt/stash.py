"""The keys under which a run's facts lie in ``config.stash``, out of a conftest's reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_hkexprt.model import Run
    from pytest_hkexprt.recorder import Recorder
    from pytest_hkexprt.rehearsal import RehearsalClock
    from pytest_hkexprt.schedule import BusinessDates

RUN = pytest.StashKey["Run"]()
"""What the command line asked for."""
DATES = pytest.StashKey["BusinessDates"]()
"""The exchange's business dates, with the participant's exceptions."""
CLOCK = pytest.StashKey["RehearsalClock"]()
"""What moves the clock."""
RECORDER = pytest.StashKey["Recorder"]()
"""What writes the evidence."""
