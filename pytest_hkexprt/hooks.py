"""Hooks this plugin adds to pytest, for whoever listens to a scenario as it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_hkexprt.collect import ScenarioItem
    from pytest_hkexprt.gherkin.scenario import StepDone


def pytest_hkexprt_after_step(item: ScenarioItem, done: StepDone) -> None:
    """Called when a step of a collected scenario ended, whatever its outcome, before the next one begins."""
