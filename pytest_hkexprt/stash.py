"""The keys under which a run's facts lie in ``config.stash``, out of a conftest's reach."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_hkexprt.distributed import Controller
    from pytest_hkexprt.evidence.folder import Finished
    from pytest_hkexprt.evidence.redact import Redactor
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
FINISHED: pytest.StashKey[Finished] = pytest.StashKey()
"""What there is to attach."""
UNFINISHED: pytest.StashKey[str] = pytest.StashKey()
"""Why the evidence is not whole, or not signed."""
REDACTOR: pytest.StashKey[Redactor] = pytest.StashKey()
"""What knows the secrets."""
CUCUMBER_JSON: pytest.StashKey[Path] = pytest.StashKey()
"""Where the Cucumber JSON is to go."""
