"""Collection: a ``.feature`` path given to pytest becomes items named after the feature file and its scenarios.

A feature is collected when it is named on the command line, and, by the ini setting ``hkexprt_features``, when it lies
below a folder that is. pytest-bdd and the parser are imported when the first one is, so that an ordinary test run in
the same environment pays nothing.
"""

from __future__ import annotations

import itertools
import os
import types
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_hkexprt import participants
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.stash import RUN

if TYPE_CHECKING:
    from pytest_bdd.parser import Feature

    from pytest_hkexprt.gherkin.phrases import Phrases
    from pytest_hkexprt.gherkin.scenario import StepDone
    from pytest_hkexprt.gherkin.text import FeatureText, ScenarioText
    from pytest_hkexprt.model import Circular, Session
    from pytest_hkexprt.participants import Turn
    from pytest_hkexprt.plan import Plan

_SHIPPED = pytest.StashKey[Collection[object]]()
_PHRASES = pytest.StashKey["dict[Path, Phrases]"]()
_FEATURES = pytest.StashKey["dict[Path, FeatureText]"]()


def rewrite_arguments(early_config: pytest.Config, args: list[str]) -> None:
    """Let ``file.feature:LINE`` name a file before pytest looks for it; for ``pytest_load_initial_conftests``."""
    if any(".feature:" in argument for argument in args):
        from pytest_hkexprt.gherkin.lines import rewrite_arguments as rewrite  # noqa: PLC0415  only with a line

        rewrite(early_config, args)


def named_features(config: pytest.Config) -> list[Path]:
    """Return the feature files the command line names, each once."""
    # As pytest does it: without following links.
    folder = config.invocation_params.dir
    paths = (Path(os.path.abspath(folder / argument.partition("::")[0])) for argument in config.args)  # noqa: PTH100
    return list(dict.fromkeys(path for path in paths if path.suffix == ".feature"))


def read_feature(config: pytest.Config, path: Path) -> FeatureText:
    """Return a feature file's text, read once in a run.

    Raises:
        UsageFault: it cannot be read, or holds mistakes.
    """
    from pytest_hkexprt.gherkin import reading  # noqa: PLC0415  the parser, with the first feature

    known = config.stash.setdefault(_FEATURES, {})
    if path not in known:
        known[path] = reading.read(path, _shown(config, path))
    return known[path]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FeatureFile | None:
    """Collect a feature file that was asked for."""
    if file_path.suffix != ".feature":
        return None
    if not parent.session.isinitpath(file_path) and not parent.config.getini("hkexprt_features"):
        return None
    file: FeatureFile = FeatureFile.from_parent(parent, path=file_path)
    return file


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what a test module binds with pytest-bdd from a feature that is collected itself."""
    collected = {(item.path, item.scenario.name) for item in items if isinstance(item, ScenarioItem)}
    if not collected:
        return
    from pytest_hkexprt.gherkin.bdd import bound  # noqa: PLC0415  only with a feature

    copies = []
    for item in items:
        template = bound(item.function) if isinstance(item, pytest.Function) else None
        if template is not None and (Path(template.feature.filename), template.name) in collected:
            told = f"{item.nodeid} repeats a scenario that is collected itself; the copy is deselected"
            item.warn(pytest.PytestCollectionWarning(told))
            copies.append(item)
    if copies:
        config.hook.pytest_deselected(items=copies)
        items[:] = [item for item in items if item not in copies]


def recorded(item: pytest.Item) -> bool:
    """Return whether an item leaves evidence: a collected scenario, or a test that uses the evidence fixture."""
    return isinstance(item, ScenarioItem) or "hkex_evidence" in getattr(item, "fixturenames", ())


class FeatureFile(pytest.Module):
    """A feature file; a module to pytest, so that fixtures of module scope live as long as the file's scenarios."""

    feature: FeatureText
    """Its text."""
    plan: Plan
    """Its circular, and the sessions asked for."""

    @cached_property
    def shown(self) -> str:
        """The file as messages name it."""
        return _shown(self.config, self.path)

    @cached_property
    def bdd_feature(self) -> Feature | None:
        """pytest-bdd's object for the feature; None where nobody asks for it."""
        from pytest_hkexprt.gherkin import bdd  # noqa: PLC0415

        return bdd.feature(self.feature) if bdd.listened(self.config) else None

    @cached_property
    def phrases(self) -> Phrases:
        """The phrases its scenarios can use."""
        from pytest_hkexprt.gherkin import phrases  # noqa: PLC0415

        by_folder = self.config.stash.setdefault(_PHRASES, {})
        folder = self.path.parent
        if folder not in by_folder:
            by_folder[folder] = phrases.visible(self.config, folder, self.config.stash[_SHIPPED])
        return by_folder[folder]

    @cached_property
    def after_step(self) -> Callable[..., object]:
        """The hook that is called after each step, as the conftests of the file's folder see it."""
        hook: Callable[..., object] = self.ihook.pytest_hkexprt_after_step
        return hook

    def collect(self) -> Iterator[ScenarioItem]:
        """Yield the scenarios asked for, all of one participant's session before those of the next.

        Raises:
            CollectError: the file, its circular or its tags have a mistake, or a line asked for is not there.
        """
        try:
            yield from list(self._items())
        except UsageFault as fault:
            raise self.CollectError(str(fault)) from None

    def _items(self) -> Iterator[ScenarioItem]:
        from pytest_hkexprt import plan as plans  # noqa: PLC0415
        from pytest_hkexprt.gherkin import lines, tags  # noqa: PLC0415

        _prepare(self.config)
        run = self.config.stash[RUN]
        self.feature = read_feature(self.config, self.path)
        self.plan = plan = plans.plan(run, self.path, self.feature.tags)
        tags.check(self.feature, plan.circular, self.shown)
        scenarios = lines.asked_for(self.config, self.path, self.feature, self.shown)
        functions = [self._function(scenario) for scenario in scenarios]
        shared = self.session._fixturemanager.getfixtureinfo(self, _signature, None)  # type: ignore[arg-type]  # any node
        for (number, who), session in itertools.product(enumerate(participants.everyone(run)), plan.sessions):
            turn = participants.turn_of(number, who) if run.participants else None
            for scenario, function in zip(scenarios, functions, strict=True):
                if plans.runs_in(scenario.tags, session, plan.circular):
                    item: ScenarioItem = ScenarioItem.from_parent(
                        self,
                        name=_item_name(scenario, session, plan, turn),
                        callobj=function,
                        # What a usefixtures mark asks for is the scenario's own.
                        fixtureinfo=None if _uses_fixtures(function) else shared,
                        scenario=scenario,
                        circular=plan.circular,
                        hk_session=session,
                    )
                    if turn:
                        item.callspec = turn  # type: ignore[assignment]  # as much of pytest's own as is read
                    yield item

    def _function(self, scenario: ScenarioText) -> Callable[..., object]:
        from pytest_hkexprt.gherkin import tags  # noqa: PLC0415
        from pytest_hkexprt.gherkin.scenario import run  # noqa: PLC0415

        def function(request: pytest.FixtureRequest) -> None:
            __tracebackhide__ = True
            run(request.node, request)

        function.__name__ = scenario.name
        function.__doc__ = f"{self.feature.name}: {scenario.title}"
        tags.apply(self.config, scenario.tags, function, f"{self.shown}:{scenario.line}")
        return function

    def _getobj(self) -> types.ModuleType:
        return types.ModuleType(self.path.stem)


class ScenarioItem(pytest.Function):
    """One scenario, or one example row, in one session."""

    parent: FeatureFile

    def __init__(self, *, scenario: ScenarioText, circular: Circular, hk_session: Session, **function: Any) -> None:  # noqa: ANN401  pytest's own
        from pytest_hkexprt.gherkin import tags  # noqa: PLC0415

        super().__init__(**function)
        _split_id(self)
        self.originalname = scenario.name
        self.scenario = scenario
        """Its text."""
        self.circular = circular
        """What it belongs to."""
        self.hk_session = hk_session
        """The session it runs in."""
        self.clauses = tags.clauses(scenario.tags)
        """The clauses it proves."""
        self.omitted = ""
        """Why it does not apply; empty where it does."""
        self.steps_done: list[StepDone] = []
        """How its steps ended, so far."""
        self.step_error: BaseException | None = None
        """What a step raised."""

    @property
    def feature(self) -> FeatureText:
        """The feature it is in."""
        return self.parent.feature

    def setup(self) -> None:
        """Begin anew, also when a plugin runs the item again."""
        self.steps_done.clear()
        self.step_error = None
        if self.omitted:
            raise pytest.skip.Exception(self.omitted, _use_item_location=True)
        # Handed over as it is: pytest would make a fixture definition of it, which costs the inspection of a signature.
        self.funcargs["request"] = self._request
        super().setup()

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the feature's file and the line of the scenario or its row, from 0."""
        return self.path, (self.scenario.row_line or self.scenario.line) - 1, self.name

    def _repr_failure_py(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401
        # Private, and overridden instead of repr_failure because pytest comes here for setup and teardown, too.
        from pytest_hkexprt.gherkin import failure  # noqa: PLC0415

        usual = super()._repr_failure_py
        return failure.represent(self, excinfo, lambda shown: usual(shown, style))


def _signature(request: pytest.FixtureRequest) -> None:
    """Have the signature of every scenario's function."""


def _prepare(config: pytest.Config) -> None:
    """Make ready for the first feature: the phrases that ship with the project, known apart from all others."""
    if _SHIPPED in config.stash:
        return
    if not hasattr(config.hook, "pytest_bdd_apply_tag"):
        remedy = "leave out -p no:pytest-bdd, or add -p pytest_bdd.plugin"
        raise UsageFault(
            "pytest-bdd", expected="its pytest plugin to be loaded", came="it is switched off", next_step=remedy
        )
    from pytest_hkexprt import shipped  # noqa: PLC0415

    before = set(config.pluginmanager.get_plugins())
    shipped.register_steps(config)
    config.stash[_SHIPPED] = frozenset(set(config.pluginmanager.get_plugins()) - before)


def _shown(config: pytest.Config, path: Path) -> str:
    return path.relative_to(config.rootpath).as_posix() if path.is_relative_to(config.rootpath) else str(path)


def _item_name(scenario: ScenarioText, session: Session, plan: Plan, turn: Turn | None) -> str:
    parameters = [turn.id] if turn else []
    parameters += [session.name] if plan.several else []
    parameters += [str(scenario.row)] if scenario.row else []
    return f"{scenario.name}[{'-'.join(parameters)}]" if parameters else scenario.name


def _uses_fixtures(function: Callable[..., object]) -> bool:
    return any(mark.name == "usefixtures" for mark in getattr(function, "pytestmark", ()))


def _split_id(item: pytest.Function) -> None:
    """Give the item the id pytest itself would read from the command line or the cache of failures.

    pytest 9.2 keeps an id in parts, the bracket apart, and compares the parts: ``--lf`` would find nothing.
    """
    split = getattr(item, "_id", None)
    if split is not None:
        item._id = type(split).parse(item.nodeid)
