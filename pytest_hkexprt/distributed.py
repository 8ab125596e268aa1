"""A run spread over processes by pytest-xdist: each worker records, the controller merges."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_hkexprt.evidence import WORKERS
from pytest_hkexprt.model import Outcome
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


def runs_folder(config: pytest.Config) -> Path:
    """Return the folder below which the folders of runs are made."""
    return config.stash[RUN].evidence or config.rootpath / "reports"


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
        self._staging: Path | None = None
        self._folder: Path | None = None
        self.path: Path | None = None
        """The merged journal's file, or None while there is none."""
        self.lost = ""
        """Why the evidence is not whole; empty where it is."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:  # noqa: ANN401  xdist exports no type for it
        """Tell a worker where to write: on the disk of the reports, to be found again after a kill."""
        if self._staging is None:
            reports = runs_folder(self._config)
            reports.mkdir(parents=True, exist_ok=True)
            if self._config.stash[PLANS]:
                # The run's own folder, so that the workers know its name.
                self._folder = self._new_folder()
                self._staging = self._folder / WORKERS
                self._staging.mkdir()
            else:
                self._staging = Path(tempfile.mkdtemp(prefix=f"{WORKERS}-", dir=reports))
        node.workerinput[STAGING] = str(self._staging)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Remember the order of the scenarios."""
        self._order = {node_id: number for number, node_id in enumerate(ids)}

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> object | None:  # noqa: ANN401  as above
        """Keep what belongs together on one worker."""
        from pytest_hkexprt import side_by_side  # noqa: PLC0415  for runs of several processes

        return side_by_side.scheduler(config, log)

    def pytest_keyboard_interrupt(self) -> None:
        """Remember that somebody stopped the run."""
        self._interrupted = "stopped from the keyboard"

    def lines(self) -> list[Line]:
        """Return what is in the merged journal; while there is none, what the workers wrote so far."""
        from pytest_hkexprt.evidence.journal import read  # noqa: PLC0415  msgspec, when there is evidence

        return [line for file in ([self.path] if self.path else self._worker_files()) for line in read(file)]

    def outcomes(self) -> Counter[Outcome]:
        """Return how many scenarios ended how."""
        from pytest_hkexprt.evidence.record import OutcomeRecord  # noqa: PLC0415

        records = (line.record for line in self.lines())
        return Counter(each.outcome for each in records if isinstance(each, OutcomeRecord) and not each.again)

    def finish(self, exit_status: int) -> None:
        """Merge what the workers wrote, in the order of the features, and close with the counts."""
        if self._staging is None:
            return
        if self._worker_files():
            self._merge(exit_status)
        else:
            shutil.rmtree(self._staging)
            for folder in (self._folder or self._staging, runs_folder(self._config)):
                with suppress(OSError):  # not empty, or gone already
                    folder.rmdir()
        self._staging = None

    def _merge(self, exit_status: int) -> None:
        from pytest_hkexprt.evidence import describe, folder, history, journal  # noqa: PLC0415

        assert self._staging is not None, "the workers wrote there"
        outcomes = self.outcomes()
        if self._folder is None:
            self._folder = self._new_folder()
            self._staging = self._staging.rename(self._folder / WORKERS)
        self.path = self._folder / describe.JOURNAL
        try:
            merged = folder.collect(self._folder, self._order)
            if earlier := history.before(self.path):
                merged.write(earlier)
            merged.write(describe.end_record(merged.lines, outcomes, exit_status, self._interrupted))
            merged.close()
        except journal.EvidenceLost as lost:
            self.lost = str(lost)

    def _new_folder(self) -> Path:
        from pytest_hkexprt.evidence import describe  # noqa: PLC0415
        from pytest_hkexprt.plan import plan_of  # noqa: PLC0415  with a run

        plans = self._config.stash[PLANS]
        circular, session = (plans[0].circular, plans[0].sessions[0]) if plans else plan_of(self._config)
        return describe.new_folder(runs_folder(self._config), self._config.stash[RUN], circular, session)

    def _worker_files(self) -> list[Path]:
        return sorted(self._staging.glob("*.jsonl")) if self._staging else []
