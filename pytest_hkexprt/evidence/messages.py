"""Cucumber Messages of a run, drawn from its journal, for the tools that read this protocol.

A file of JSON lines that holds the features, what was to run, and what happened to each step of each attempt. It says
nothing better than the journal: a step nobody defined is ``UNDEFINED``, one that never ran ``SKIPPED``, the one a kill
interrupted ``UNKNOWN``; what failed outside the steps is a hook that failed. Ordinary tests have no steps and are left
out.

Source: the JSON schema in cucumber/messages, version 34.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from gherkin.stream.id_generator import IdGenerator

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence import manifest
from pytest_hkexprt.evidence.attempts import UNFINISHED, Attempt, attempts
from pytest_hkexprt.evidence.bound import Bound
from pytest_hkexprt.evidence.cucumber import STATUS
from pytest_hkexprt.evidence.pickles import sources
from pytest_hkexprt.evidence.record import EndRecord, Line, RunRecord
from pytest_hkexprt.model import Outcome

PROTOCOL_VERSION = "34.2.1"
"""Of the schema these messages were held against."""
GHERKIN = "text/x.cucumber.gherkin+plain"
LOG = "text/x.cucumber.log+plain"
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
BEFORE, AFTER = "BEFORE_TEST_CASE", "AFTER_TEST_CASE"
HOOK_NAMES = {BEFORE: "fixtures before the steps", AFTER: "after the steps"}

Envelope = dict[str, Any]
"""A message: JSON, read by others and by nothing of ours."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A scenario's test case."""

    id: str
    steps: tuple[tuple[str, int | str], ...]
    """Test step's id, and the planned step's index or the hook's type."""


def draw(lines: Iterable[Line]) -> Iterator[Envelope]:
    """Yield the messages of a journal, in the protocol's order.

    Raises:
        UsageFault: the journal has no first line.
    """
    lines = list(lines)
    if not lines or not isinstance(lines[0].record, RunRecord):
        raise UsageFault("the journal", expected="a run as its first line", came="none")
    run, ids = lines[0].record, IdGenerator()
    tried: dict[str, list[Attempt]] = {}
    for attempt in attempts(lines):
        if attempt.record.feature:
            tried.setdefault(attempt.record.id, []).append(attempt)
    yield {"meta": _meta(run)}
    pickles: dict[str, Envelope] = {}
    for source in sources(run, [each[0].record for each in tried.values()], ids):
        yield {"source": {"uri": source.uri, "data": source.text, "mediaType": GHERKIN}}
        yield {"gherkinDocument": source.document}
        yield from ({"pickle": pickle} for pickle in source.pickles.values())
        pickles |= source.pickles
    bound = Bound(lines, ids)
    yield from bound.messages()
    hooks = {kind: ids.get_next_id() for kind in HOOK_NAMES if any(kind in _hooks(each) for each in tried.values())}
    for kind, hook in hooks.items():
        yield {"hook": {"id": hook, "name": HOOK_NAMES[kind], "type": kind, "sourceReference": {}}}
    run_started = ids.get_next_id()
    yield {"testRunStarted": {"id": run_started, "timestamp": _timestamp(lines[0].utc)}}
    cases: dict[str, _Case] = {}
    for name, each in tried.items():
        cases[name], message = _case(pickles[name], {kind: hooks[kind] for kind in _hooks(each)}, ids, each, bound)
        yield {"testCase": message | {"testRunStartedId": run_started}}
    for name, each in tried.items():
        for number, attempt in enumerate(each):
            yield from _attempt(cases[name], attempt, number, ids, retried=attempt is not each[-1])
    yield {"testRunFinished": _end(lines[-1]) | {"testRunStartedId": run_started}}


def write(lines: Iterable[Line], target: Path) -> None:
    """Draw the Cucumber Messages of a journal into a file.

    Raises:
        UsageFault: the journal has no first line.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    manifest.replace(target, b"".join(msgspec.json.encode(each) + b"\n" for each in draw(lines)))


def _meta(run: RunRecord) -> Envelope:
    system, _, machine = run.platform.partition(" ")
    release, _, processor = machine.rpartition(" ")
    versions = run.versions
    return {
        "protocolVersion": PROTOCOL_VERSION,
        "implementation": {"name": "pytest-hkexprt", "version": versions.get("pytest-hkexprt", "")},
        "runtime": {"name": "Python", "version": versions.get("Python", "")},
        "os": {"name": system, "version": release},
        "cpu": {"name": processor},
    }


def _hook(attempt: Attempt) -> str:
    """Return the type of the hook that failed in an attempt; empty where none did."""
    if not attempt.outside or (attempt.ended is None and len(attempt.steps) < len(attempt.record.steps)):
        return ""  # a step was interrupted, and it says so itself
    return AFTER if attempt.came_after else BEFORE


def _hooks(tries: list[Attempt]) -> list[str]:
    """Return the types of the hooks a test case needs; one has the same steps in every attempt."""
    kinds = {_hook(attempt) for attempt in tries}
    return [kind for kind in HOOK_NAMES if kind in kinds]


def _case(
    pickle: Envelope, hooks: dict[str, str], ids: IdGenerator, tries: list[Attempt], bound: Bound
) -> tuple[_Case, Envelope]:
    steps: list[tuple[str, int | str]] = []
    messages: list[Envelope] = []
    before, after = ([kind for kind in hooks if kind == wanted] for wanted in (BEFORE, AFTER))
    for what in [*before, *range(len(pickle["steps"])), *after]:
        number = ids.get_next_id()
        steps.append((number, what))
        if isinstance(what, str):
            own: Envelope = {"hookId": hooks[what]}
        else:
            step = pickle["steps"][what]
            own = {"pickleStepId": step["id"], **bound.of(step["text"], [each.steps.get(what) for each in tries])}
        messages.append({"id": number, **own})
    case = _Case(ids.get_next_id(), tuple(steps))
    return case, {"id": case.id, "pickleId": pickle["id"], "testSteps": messages}


def _attempt(case: _Case, attempt: Attempt, number: int, ids: IdGenerator, *, retried: bool) -> Iterator[Envelope]:
    started = ids.get_next_id()
    moment = attempt.began
    start = {"id": started, "testCaseId": case.id, "attempt": number, "timestamp": _timestamp(moment)}
    yield {"testCaseStarted": start}
    of_case = {"testCaseStartedId": started}
    for step_id, what in case.steps:
        of_step = {**of_case, "testStepId": step_id}
        done = attempt.steps.get(what) if isinstance(what, int) else None
        ran = done is not None and done.outcome is not Outcome.NOT_RUN
        duration = round(done.duration_s / MICROSECOND.total_seconds()) if done and ran else 0
        ended = attempt.stepped[what] if isinstance(what, int) and ran else moment
        began = max(_microseconds(ended) - duration, _microseconds(moment))
        yield {"testStepStarted": {**of_step, "timestamp": _split(began)}}
        told = attempt.told.get(what, []) if isinstance(what, int) else attempt.pending if what == AFTER else []
        yield from ({"attachment": _log(text) | of_step} for text in told)
        result = {"duration": _split(duration), **_result(attempt, what)}
        yield {"testStepFinished": {**of_step, "testStepResult": result, "timestamp": _timestamp(ended)}}
        moment = ended
    finished = {**of_case, "timestamp": _timestamp(attempt.last), "willBeRetried": retried}
    yield {"testCaseFinished": finished}


def _result(attempt: Attempt, what: int | str) -> Envelope:
    """Return the status of a step or hook, and what there is to say of it."""
    if isinstance(what, str):
        if what != _hook(attempt):
            return {"status": "PASSED" if attempt.ended else "UNKNOWN"}
        return {"status": "FAILED" if attempt.ended else "UNKNOWN", "message": attempt.outside}
    done = attempt.steps.get(what)
    if done is None and attempt.ended is None and what == len(attempt.steps):
        return {"status": "UNKNOWN", "message": UNFINISHED}
    message = done.message if done else ""
    if attempt.ended and attempt.ended.outcome is Outcome.OMITTED and what == 0:
        message = message or attempt.ended.message
    status = (done.cause or STATUS[done.outcome]) if done else STATUS[Outcome.NOT_RUN]
    return {"status": status.upper()} | ({"message": message} if message else {})


def _log(text: str) -> Envelope:
    return {"body": text, "contentEncoding": "IDENTITY", "mediaType": LOG}


def _end(last: Line) -> Envelope:
    """Return how the run ended: with success where pytest said so and nobody stopped it."""
    end = last.record if isinstance(last.record, EndRecord) else None
    told = end.interrupted if end else "the run was cut short: its journal has no last line"
    success = end is not None and end.exit_status == 0 and not told
    return {"success": success, "timestamp": _timestamp(last.utc)} | ({"message": told} if told else {})


def _microseconds(utc: str) -> int:
    return (dt.datetime.fromisoformat(utc) - EPOCH) // MICROSECOND


def _timestamp(utc: str) -> Envelope:
    return _split(_microseconds(utc))


def _split(microseconds: int) -> Envelope:
    """Return a moment or a duration as the protocol has them."""
    seconds, rest = divmod(microseconds, 1_000_000)
    return {"seconds": seconds, "nanos": rest * 1000}
