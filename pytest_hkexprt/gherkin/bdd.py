"""pytest-bdd's own objects and hooks, for whoever listens to them.

allure-pytest-bdd, pytest-bdd's Gherkin terminal reporter and its Cucumber JSON know scenarios by pytest-bdd's Feature,
Scenario and Step and by its hooks. They are made from the syntax tree already parsed, and the hooks are called where
pytest-bdd would call them. Where nobody listens they are not made: they cost a fifth of a trivial scenario.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pytest_bdd import hooks, plugin
from pytest_bdd.gherkin_parser import GherkinDocument
from pytest_bdd.parser import Feature, FeatureParser, ScenarioTemplate

from pytest_hkexprt.gherkin.text import FeatureText, ScenarioText

if TYPE_CHECKING:
    import pytest


class _Parsed(FeatureParser):
    """pytest-bdd's parser, handed a tree that is parsed already."""

    def __init__(self, feature: FeatureText) -> None:
        super().__init__(str(feature.path.parent), feature.path.name, "utf-8-sig")
        self._document = feature.document

    def _parse_feature_file(self) -> GherkinDocument:
        return GherkinDocument.from_dict({"comments": [], **self._document})


def feature(text: FeatureText) -> Feature:
    """Return pytest-bdd's object for a feature."""
    return _Parsed(text).parse()


def bound(function: object) -> ScenarioTemplate | None:
    """Return the scenario a test module bound to a function with pytest-bdd; None for any other function."""
    # By name: the package's attribute "scenario" is the decorator.
    module = import_module("pytest_bdd.scenario")
    registry = getattr(module, "scenario_wrapper_template_registry", {})
    # pytest-bdd 8 keeps it on the function itself.
    template: ScenarioTemplate | None = registry.get(function) or getattr(function, "__scenario__", None)
    return template


def listened(config: pytest.Config) -> bool:
    """Return whether anybody but pytest-bdd's own bookkeeping listens, or one of its reports is asked for."""
    if config.getoption("cucumber_json_path", None) or config.getoption("gherkin_terminal_reporter", False):
        return True
    names = [name for name in vars(hooks) if name.startswith("pytest_bdd_") and name != "pytest_bdd_apply_tag"]
    callers = (getattr(config.hook, name) for name in names)
    return any(implementation.plugin is not plugin for caller in callers for implementation in caller.get_hookimpls())


class Silence:
    """What is told where nobody listens."""

    def before_scenario(self) -> None:
        """Tell nobody."""

    def after_scenario(self) -> None:
        """Tell nobody."""

    def lookup_error(self, index: int, exception: Exception) -> None:
        """Tell nobody."""

    def before_step(self, index: int, function: object) -> None:
        """Tell nobody."""

    def before_step_call(self, index: int, function: object, arguments: dict[str, object]) -> None:
        """Tell nobody."""

    def after_step(self, index: int, function: object, arguments: dict[str, object]) -> None:
        """Tell nobody."""

    def step_error(self, index: int, function: object, arguments: dict[str, object], exception: BaseException) -> None:
        """Tell nobody."""


class Telling(Silence):
    """pytest-bdd's hooks for one running scenario.

    Args:
        request: the scenario's.
        feature: pytest-bdd's object.
        text: ours.
    """

    def __init__(self, request: pytest.FixtureRequest, feature: Feature, text: ScenarioText) -> None:
        rendered = feature.scenarios[text.name].render(dict(text.values))
        self._hook: Any = request.config.hook
        self._facts: dict[str, Any] = {"request": request, "feature": feature, "scenario": rendered}
        self._steps = rendered.steps

    def before_scenario(self) -> None:
        """Tell that the scenario begins."""
        self._hook.pytest_bdd_before_scenario(**self._facts)

    def after_scenario(self) -> None:
        """Tell that the scenario ended, however."""
        self._hook.pytest_bdd_after_scenario(**self._facts)

    def lookup_error(self, index: int, exception: Exception) -> None:
        """Tell that no phrase is defined for a step."""
        self._hook.pytest_bdd_step_func_lookup_error(**self._facts, step=self._steps[index], exception=exception)

    def before_step(self, index: int, function: object) -> None:
        """Tell that a step begins; its arguments are not known yet."""
        self._hook.pytest_bdd_before_step(**self._facts, step=self._steps[index], step_func=function, step_func_args={})

    def before_step_call(self, index: int, function: object, arguments: dict[str, object]) -> None:
        """Tell with which arguments the step function is called."""
        self._hook.pytest_bdd_before_step_call(
            **self._facts, step=self._steps[index], step_func=function, step_func_args=arguments
        )

    def after_step(self, index: int, function: object, arguments: dict[str, object]) -> None:
        """Tell that a step passed."""
        self._hook.pytest_bdd_after_step(
            **self._facts, step=self._steps[index], step_func=function, step_func_args=arguments
        )

    def step_error(self, index: int, function: object, arguments: dict[str, object], exception: BaseException) -> None:
        """Tell that a step failed."""
        self._hook.pytest_bdd_step_error(
            **self._facts, step=self._steps[index], step_func=function, step_func_args=arguments, exception=exception
        )
