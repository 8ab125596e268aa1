"""The running of a scenario: its steps in order, each told to whoever listens as it ends.

A step function runs as pytest-bdd runs it: arguments from the phrase, its table and doc string, fixtures for the rest,
``yield`` for a teardown, ``target_fixture`` for what it gives. What differs is the telling: every step ends with an
outcome, those that never ran as well.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.fixtures import call_fixture_func  # yields, as pytest-bdd does; there is no public door to it
from pytest_bdd.compat import inject_fixture

from pytest_hkexprt.deadline import monotonic_s
from pytest_hkexprt.errors import HkexprtError, RemoteProtocolError, Unmet, Unreachable, UsageFault
from pytest_hkexprt.gherkin import undefined
from pytest_hkexprt.gherkin.bdd import Silence, Telling
from pytest_hkexprt.gherkin.phrases import Definition, Kind, Match
from pytest_hkexprt.gherkin.text import StepText
from pytest_hkexprt.model import Outcome

if TYPE_CHECKING:
    from pytest_hkexprt.collect import ScenarioItem

_FOUND_WANTING = (Unmet, RemoteProtocolError, Unreachable, AssertionError, pytest.fail.Exception)
"""What the system under acceptance is at fault for; any other exception is an error of the test or its user."""
_ANY = "any step's value"
_GIVEN = pytest.StashKey[Any]()
"""The definition of a fixture that a step gave, to be copied; pytest exports no type for it."""


@dataclass(frozen=True, slots=True)
class StepDone:
    """How a step ended."""

    index: int
    """Position in the scenario's steps, from 0."""
    step: StepText
    outcome: Outcome
    duration_s: float = 0.0
    message: str = ""
    cause: str = ""
    """``undefined`` or ``ambiguous`` for a step that no phrase, or more than one, fits."""
    definitions: tuple[Definition, ...] = ()
    """Those that fit its text: none where it is undefined, several where it is ambiguous."""


def run(item: ScenarioItem, request: pytest.FixtureRequest) -> None:
    """Run a scenario; what its step raises goes through.

    Raises:
        UndefinedStep: a step has no phrase; then none of them ran.
    """
    __tracebackhide__ = True
    told = item.parent.bdd_feature
    telling = Silence() if told is None else Telling(request, told, item.scenario)
    telling.before_scenario()
    try:
        matches = _look_up(item, telling)
        _make_ready(item, request, matches[0])
        for index, (step, match) in enumerate(zip(item.scenario.steps, matches, strict=True)):
            started_s, own = monotonic_s(), (match.definition,)
            try:
                _perform(item, request, index, match, telling)
            except BaseException as error:
                item.step_error = error
                took_s = monotonic_s() - started_s
                _done(item, StepDone(index, step, _outcome(error), took_s, _message(error), definitions=own))
                _not_run(item, index + 1, matches)
                raise
            _done(item, StepDone(index, step, Outcome.PASSED, monotonic_s() - started_s, definitions=own))
    finally:
        telling.after_scenario()


def _look_up(item: ScenarioItem, telling: Silence) -> list[Match]:
    """Return the match of every step, before any of them runs."""
    __tracebackhide__ = True
    phrases, steps = item.parent.phrases, item.scenario.steps
    faults: dict[int, UsageFault] = {}
    matches: dict[int, Match] = {}
    missing: list[int] = []
    for index, step in enumerate(steps):
        try:
            match = phrases.find(step.kind, step.text)
        except UsageFault as ambiguous:
            faults[index] = ambiguous
        else:
            if match is None:
                missing.append(index)
            else:
                matches[index] = match
    if missing:
        fault = undefined.fault([steps[index] for index in missing], phrases, item.parent.shown)
        faults |= dict.fromkeys(missing, fault)
    if not faults:
        return list(matches.values())
    item.step_error = first = faults[min(faults)]
    for index, step in enumerate(steps):
        if index in faults:
            telling.lookup_error(index, faults[index])
            cause = "undefined" if index in missing else "ambiguous"
            fitting = tuple(phrases.fitting(step.kind, step.text))
            where = faults[index].where
            _done(item, StepDone(index, step, Outcome.ERROR, message=where, cause=cause, definitions=fitting))
        else:
            _done(item, StepDone(index, step, Outcome.NOT_RUN, definitions=(matches[index].definition,)))
    raise first


def _make_ready(item: ScenarioItem, request: pytest.FixtureRequest, first: Match) -> None:
    """Set up what the first step needs before it begins: a rehearsal's baseline visit is no part of the step.

    A fixture that fails here is asked for again by the step, which then fails with it.
    """
    with suppress(Exception, pytest.skip.Exception, pytest.fail.Exception):
        _arguments(request, item.scenario.steps[0], first)


def _perform(item: ScenarioItem, request: pytest.FixtureRequest, index: int, match: Match, telling: Silence) -> None:
    __tracebackhide__ = True
    context = match.definition.context
    function = context.step_func
    arguments: dict[str, object] = {}
    telling.before_step(index, function)
    try:
        arguments = _arguments(request, item.scenario.steps[index], match)
        telling.before_step_call(index, function, arguments)
        given = _call(request, match, arguments)
    except (Exception, pytest.fail.Exception) as error:
        telling.step_error(index, function, arguments, error)
        raise
    if context.target_fixture is not None:
        _give(item, request, context.target_fixture, given)
    telling.after_step(index, function, arguments)


def _call(request: pytest.FixtureRequest, match: Match, arguments: dict[str, object]) -> object:
    __tracebackhide__ = True
    function, kind = match.definition.context.step_func, match.definition.kind
    if kind is Kind.PLAIN:
        return function(**arguments)
    if kind is Kind.YIELDS:
        return call_fixture_func(function, request, arguments)
    raise UsageFault(
        match.definition.place,
        expected="a plain step function",
        came="an async one, which nobody awaits",
        next_step="run the coroutine inside the step: asyncio.run(…)",
    )


def _arguments(request: pytest.FixtureRequest, step: StepText, match: Match) -> dict[str, object]:
    __tracebackhide__ = True
    definition = match.definition
    parameters = definition.parameters
    arguments = {name: value for name, value in match.arguments(step.text).items() if name in parameters}
    if step.table is not None and "datatable" in parameters:
        arguments["datatable"] = [list(row) for row in step.table]
    if step.docstring is not None and "docstring" in parameters:
        arguments["docstring"] = step.docstring
    for name in definition.required:
        if name not in arguments:
            arguments[name] = _fixture(request, name, definition.place)
    return arguments


def _fixture(request: pytest.FixtureRequest, name: str, place: str) -> object:
    __tracebackhide__ = True
    try:
        return request.getfixturevalue(name)
    except pytest.FixtureLookupError as error:
        if error.argname != name:
            raise
        raise UsageFault(
            place,
            expected=f"{name!r} to be a fixture, or an argument in the phrase",
            came="neither",
            next_step="pytest --fixtures lists the fixtures there are",
        ) from None


def _give(item: ScenarioItem, request: pytest.FixtureRequest, name: str, value: object) -> None:
    """Make a step's value the fixture ``name`` for the rest of the scenario.

    A definition of its own each time: injected by name, pytest-bdd overwrites the value of a fixture already in use,
    and one of session scope would carry it into the scenarios that follow. pytest-bdd makes the first one, as it knows
    pytest's versions; the others are copies of it, as making one costs the inspection of a signature.
    """
    active = request._fixture_defs  # private: pytest's table of fixtures in use
    if _GIVEN not in item.config.stash:
        inject_fixture(request, _ANY, None)
        item.config.stash[_GIVEN] = active.pop(_ANY)
    given = copy.copy(item.config.stash[_GIVEN])
    given.argname, given.cached_result, given._finalizers = name, (value, None, None), []
    active[name] = given


def _not_run(item: ScenarioItem, first: int, matches: Sequence[Match]) -> None:
    for index, step in enumerate(item.scenario.steps[first:], start=first):
        _done(item, StepDone(index, step, Outcome.NOT_RUN, definitions=(matches[index].definition,)))


def _done(item: ScenarioItem, done: StepDone) -> None:
    item.steps_done.append(done)
    item.parent.after_step(item=item, done=done)


def _outcome(error: BaseException) -> Outcome:
    if isinstance(error, pytest.skip.Exception):
        return Outcome.SKIPPED
    return Outcome.FAILED if isinstance(error, _FOUND_WANTING) else Outcome.ERROR


def _message(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "stopped from the keyboard"
    told = str(error)
    if isinstance(error, (HkexprtError, pytest.skip.Exception, pytest.fail.Exception)):
        return told
    return f"{type(error).__name__}: {told}" if told else type(error).__name__
