"""The keys under which a run's facts lie in ``config.stash``, out of a conftest's reach."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_hkexprt.distributed import Controller
    from pytest_hkexprt.model import Run
    from pytest_hkexprt.plan import Plan
    from pytest_hkexprt.recorder import Recorder
    from pytest_hkexprt.rehearsal import RehearsalClock
    from pytest_hkexprt.schedule import BusinessDates

RUN: pytest.StashKey[Run] = pytest.StashKey()
"""What the command line asked for."""
PLANS: pytest.StashKey[list[Plan]] = pytest.StashKey()
"""What the feature files named on the command line mean."""
DATES: pytest.StashKey[BusinessDates] = pytest.StashKey()
"""The exchange's business dates, with the participant's exceptions."""
CLOCK: pytest.StashKey[RehearsalClock] = pytest.StashKey()
"""What moves the clock."""
RECORDER: pytest.StashKey[Recorder] = pytest.StashKey()
"""What writes this process's evidence."""
CONTROLLER: pytest.StashKey[Controller] = pytest.StashKey()
"""What merges the evidence of several processes."""
REPORT: pytest.StashKey[Path] = pytest.StashKey()
"""The report that was drawn."""
