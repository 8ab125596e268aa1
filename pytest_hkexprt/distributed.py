"""A run spread over processes by pytest-xdist: each worker records, the controller merges."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_hkexprt.model import Outcome
from pytest_hkexprt.plan import plan_of
from pytest_hkexprt.stash import PLANS, RUN

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.record import Line

STAGING = "hkexprt_staging"
"""The key under which a worker finds the folder for its journal."""


def is_controller(config: pytest.Config) -> bool:
    """Return whether this process hands its tests to workers."""
    spread = config.getoption("dist", "no") != "no" and config.getoption("tx", None)
    return bool(spread) and not is_worker(config) and not config.getoption("collectonly")


def is_worker(config: pytest.Config) -> bool:
    """Return whether this process runs tests for another."""
    return hasattr(config, "workerinput")


def worker_journal(config: Any) -> Path:  # noqa: ANN401  xdist's attributes are not pytest.Config's
    """Return the file a worker writes."""
    return Path(config.workerinput[STAGING]) / f"{config.workerinput['workerid']}.jsonl"


class Controller:
    """What the recorder is to one process, to a run of several.

    Args:
        config: pytest's configuration, its stash filled.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._order: dict[str, int] = {}
        self._interrupted = ""
        # Beside the reports: on the same disk, and found again after a kill.
        self._reports = config.rootpath / "reports"
        self._staging: Path | None = None
        self.path: Path | None = None
        """The merged journal's file, or None while there is none."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:  # noqa: ANN401  xdist exports no type for it
        """Tell a worker where to write."""
        if self._staging is None:
            self._reports.mkdir(parents=True, exist_ok=True)
            self._staging = Path(tempfile.mkdtemp(prefix=".workers-", dir=self._reports))
        node.workerinput[STAGING] = str(self._staging)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Remember the order of the scenarios."""
        self._order = {node_id: number for number, node_id in enumerate(ids)}

    def pytest_keyboard_interrupt(self) -> None:
        """Remember that somebody stopped the run."""
        self._interrupted = "stopped from the keyboard"

    def lines(self) -> list[Line]:
        """Return what the workers wrote so far."""
        from pytest_hkexprt.evidence.journal import read  # noqa: PLC0415  msgspec, when there is evidence

        return [line for file in self._worker_files() for line in read(file)]

    def outcomes(self) -> Counter[Outcome]:
        """Return how many scenarios ended how."""
        from pytest_hkexprt.evidence.record import OutcomeRecord  # noqa: PLC0415

        return Counter(line.record.outcome for line in self.lines() if isinstance(line.record, OutcomeRecord))

    def finish(self, exit_status: int) -> None:
        """Merge what the workers wrote, in the order of the features, and close with the counts."""
        files = self._worker_files()
        if files:
            from pytest_hkexprt.evidence import describe  # noqa: PLC0415
            from pytest_hkexprt.evidence.journal import Journal  # noqa: PLC0415
            from pytest_hkexprt.evidence.merge import merge  # noqa: PLC0415

            run = self._config.stash[RUN]
            plans = self._config.stash[PLANS]
            circular, session = (plans[0].circular, plans[0].sessions[0]) if plans else plan_of(self._config)
            folder = describe.new_folder(self._reports, run, circular, session)
            self.path = folder / describe.JOURNAL
            with Journal(self.path) as journal:
                merge(files, journal, run_id=folder.name, order=self._order)
                journal.write(describe.end_record(journal.lines, self.outcomes(), exit_status, self._interrupted))
        if self._staging is not None:
            shutil.rmtree(self._staging)
            self._staging = None

    def _worker_files(self) -> list[Path]:
        return sorted(self._staging.glob("*.jsonl")) if self._staging else []
