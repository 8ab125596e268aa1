"""The ``hkexprt`` command run as its users run it: in a process of its own, both streams and the status kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMAND = Path(sys.executable).with_name("hkexprt")
ENVIRONMENT = {**os.environ, "COLUMNS": "240", "PYTEST_ADDOPTS": "-p no:rerunfailures"}
"""Wide, so that a line a test looks for is one line; how lines are folded has tests of its own."""


def hkexprt(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder."""
    return subprocess.run(
        [COMMAND, *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False
    )
