"""Cucumber's JSON of a run, drawn from its journal, for the tools that read nothing else.

It says what happened and nothing better: a step nobody defined is ``undefined``, one that never ran is ``skipped``, a
scenario whose set-up or clean-up failed carries that as a failed hook, and one that was killed is not passed. Ordinary
tests have no steps and are left out. Of a scenario that was run again, the last attempt stands.

Source: the JSON formatter of Cucumber (cucumber/cucumber-json-schema), whose format is closed but widely read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from pytest_hkexprt.evidence import journal, manifest
from pytest_hkexprt.evidence.record import Check, Line, OutcomeRecord, PlannedStep, ScenarioRecord, StepRecord
from pytest_hkexprt.model import Outcome

STATUS = {
    Outcome.NOT_RUN: "skipped",
    Outcome.OMITTED: "skipped",
    Outcome.SKIPPED: "skipped",
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.ERROR: "failed",
}
"""Outcome to Cucumber's word; an undefined or ambiguous step has a word of its own."""
UNFINISHED = "the run was cut short: this scenario never ended"
NANOSECONDS = 1_000_000_000

Element = dict[str, Any]
"""An object of the format: JSON, read by others and by nothing of ours."""


class _Scenario:
    """A scenario while its lines are read."""

    def __init__(self, record: ScenarioRecord, began: str) -> None:
        self.record = record
        self.began = began
        self.steps: dict[int, StepRecord] = {}
        self.told: dict[int, list[str]] = {}
        self.pending: list[str] = []
        self.ended: OutcomeRecord | None = None

    def step(self, step: StepRecord) -> None:
        """Take a step; what was checked since the one before is its own."""
        self.steps[step.index] = step
        self.told[step.index], self.pending = self.pending, []

    def element(self) -> Element:
        """Return it as the format has it."""
        record = self.record
        title = record.title or record.name
        bracket = re.search(r"\[[^\[\]]*\]\Z", record.id)
        element: Element = {
            "id": _id(record.id.partition("::")[0], record.id.partition("::")[2]),
            "keyword": "Scenario Outline" if record.row_line else "Scenario",
            "type": "scenario",
            "name": f"{title} {bracket[0]}" if bracket else title,
            "description": "",
            "line": record.row_line or record.line,
            "start_timestamp": self.began,
            "tags": [{"name": f"@{tag}"} for tag in record.tags],
            "steps": [self._step(index, plan) for index, plan in enumerate(record.steps)],
        }
        outside = self._outside()
        if outside:
            # Steps that all passed were followed by the failure; steps that never ran, preceded.
            came_after = self.ended is None or any(step.outcome is Outcome.PASSED for step in self.steps.values())
            result = {"status": "failed", "error_message": outside}
            element["after" if came_after else "before"] = [{"match": {"location": record.file}, "result": result}]
        return element

    def _outside(self) -> str:
        """Return what failed outside every step; empty where nothing did."""
        if self.ended is None:
            return UNFINISHED
        in_step = any(step.outcome.rank > Outcome.PASSED.rank for step in self.steps.values())
        failed = self.ended.outcome.rank > Outcome.PASSED.rank
        return (self.ended.message or str(self.ended.outcome)) if failed and not in_step else ""

    def _step(self, index: int, plan: PlannedStep) -> Element:
        done = self.steps.get(index)
        result: Element = {"status": (done.cause or STATUS[done.outcome]) if done else "skipped"}
        if done and done.outcome is not Outcome.NOT_RUN:
            result["duration"] = round(done.duration_s * NANOSECONDS)
        if done and done.message:
            result["error_message"] = done.message
        element: Element = {"keyword": f"{plan.keyword} ", "name": plan.text, "line": plan.line}
        if not done or not done.cause:
            element["match"] = {"location": f"{self.record.file}:{plan.line}"}
        if plan.table:
            element["rows"] = [{"cells": list(row)} for row in plan.table]
        if plan.docstring:
            element["doc_string"] = {"value": plan.docstring, "content_type": "", "line": plan.line + 1}
        if self.told.get(index):
            element["output"] = self.told[index]
        return element | {"result": result}


def draw(lines: Iterable[Line]) -> list[Element]:
    """Return the features of a journal, in its order."""
    found: dict[str, _Scenario] = {}
    current: _Scenario | None = None
    for line in lines:
        record = line.record
        if isinstance(record, ScenarioRecord):
            current = found[record.id] = _Scenario(record, line.utc)
        elif current is None:
            continue
        elif isinstance(record, StepRecord):
            current.step(record)
        elif isinstance(record, Check):
            verdict = "met" if record.met else "not met"
            current.pending.append(f"{record.what}: expected {record.expected}, came {record.came}: {verdict}")
        elif isinstance(record, OutcomeRecord):
            current.ended, current = record, None
    features: dict[str, Element] = {}
    for scenario in found.values():
        if scenario.record.feature:
            feature = features.setdefault(scenario.record.file, _feature(scenario.record))
            feature["elements"].append(scenario.element())
    return list(features.values())


def write(path: Path, target: Path) -> None:
    """Draw the Cucumber JSON of a journal into a file.

    Raises:
        UsageFault: the journal cannot be read.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    manifest.replace(target, msgspec.json.encode(draw(journal.read(path))) + b"\n")


def _feature(record: ScenarioRecord) -> Element:
    return {
        "uri": record.file,
        "id": _id(record.feature),
        "keyword": "Feature",
        "name": record.feature,
        "description": "",
        "line": 1,
        "tags": [],
        "elements": [],
    }


def _id(*parts: str) -> str:
    return ";".join(re.sub(r"\s+", "-", part.strip()).lower() for part in parts)
