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

from pytest_hkexprt.evidence import manifest
from pytest_hkexprt.evidence.attempts import Attempt, attempts
from pytest_hkexprt.evidence.record import Line, PlannedStep, ScenarioRecord
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
NANOSECONDS = 1_000_000_000

Element = dict[str, Any]
"""An object of the format: JSON, read by others and by nothing of ours."""


def draw(lines: Iterable[Line]) -> list[Element]:
    """Return the features of a journal, in its order."""
    found = {attempt.record.id: attempt for attempt in attempts(lines)}
    features: dict[str, Element] = {}
    for attempt in found.values():
        if attempt.record.feature:
            feature = features.setdefault(attempt.record.file, _feature(attempt.record))
            feature["elements"].append(_element(attempt))
    return list(features.values())


def write(lines: Iterable[Line], target: Path) -> None:
    """Draw the Cucumber JSON of a journal into a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    manifest.replace(target, msgspec.json.encode(draw(lines)) + b"\n")


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


def _element(attempt: Attempt) -> Element:
    record = attempt.record
    title = record.title or record.name
    bracket = re.search(r"\[[^\[\]]*\]\Z", record.id)
    element: Element = {
        "id": _id(record.id.partition("::")[0], record.id.partition("::")[2]),
        "keyword": "Scenario Outline" if record.row_line else "Scenario",
        "type": "scenario",
        "name": f"{title} {bracket[0]}" if bracket else title,
        "description": "",
        "line": record.row_line or record.line,
        "start_timestamp": attempt.began,
        "tags": [{"name": f"@{tag}"} for tag in record.tags],
        "steps": [_step(attempt, index, plan) for index, plan in enumerate(record.steps)],
    }
    if attempt.outside:
        result = {"status": "failed", "error_message": attempt.outside}
        hook = {"match": {"location": record.file}, "result": result}
        element["after" if attempt.came_after else "before"] = [hook]
    return element


def _step(attempt: Attempt, index: int, plan: PlannedStep) -> Element:
    done = attempt.steps.get(index)
    result: Element = {"status": (done.cause or STATUS[done.outcome]) if done else "skipped"}
    if done and done.outcome is not Outcome.NOT_RUN:
        result["duration"] = round(done.duration_s * NANOSECONDS)
    if done and done.message:
        result["error_message"] = done.message
    element: Element = {"keyword": f"{plan.keyword} ", "name": plan.text, "line": plan.line}
    if not done or not done.cause:
        element["match"] = {"location": f"{attempt.record.file}:{plan.line}"}
    if plan.table:
        element["rows"] = [{"cells": list(row)} for row in plan.table]
    if plan.docstring:
        element["doc_string"] = {"value": plan.docstring, "content_type": "", "line": plan.line + 1}
    if attempt.told.get(index):
        element["output"] = attempt.told[index]
    return element | {"result": result}


def _id(*parts: str) -> str:
    return ";".join(re.sub(r"\s+", "-", part.strip()).lower() for part in parts)
