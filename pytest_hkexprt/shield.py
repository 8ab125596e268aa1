"""Secrets kept off what pytest itself shows: its terminal, and the reports that other plugins write files from.

The journal takes secrets out at its sink. But an exception's text and its source lines, captured output and local
variables also go to the terminal, to JUnit XML and to pytest-html, past the journal: they are cleaned in the reports,
before any of those sees them, and once more on the way to the terminal, where pytest says things that are no report.
Allure looks at exceptions and arguments and at no report; its results are cleaned before they are written.
What a test prints with ``-s`` goes straight to its own standard output and is the test's own.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import pluggy
import pytest

from pytest_hkexprt.stash import REDACTOR, RUN

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.redact import Redactor

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

NAME = "hkexprt-shield"
_allure = pluggy.HookimplMarker("allure")
MOST_DEEP = 12
"""How deep a failure's representation is looked into; pytest's own are five levels deep, and each cause adds two."""


def raise_over(config: pytest.Config) -> None:
    """Register the shield, once, and put it before the terminal."""
    if config.pluginmanager.has_plugin(NAME):
        return
    shield = Shield(redactor(config))
    config.pluginmanager.register(shield, NAME)
    if config.getoption("allure_report_dir", None):
        from allure_commons import plugin_manager  # noqa: PLC0415  whose option this is

        plugin_manager.register(shield, NAME)
        config.add_cleanup(lambda: plugin_manager.unregister(shield))
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None:
        reporter._tw._file = _Clean(reporter._tw._file, redactor(config))  # private; pytest has no door to its stream


def redactor(config: pytest.Config) -> Redactor:
    """Return what knows the run's secrets: the environment's and the participant's; clients teach it theirs."""
    if REDACTOR not in config.stash:
        from pytest_hkexprt.evidence.redact import Redactor  # noqa: PLC0415  for runs with evidence
        from pytest_hkexprt.model import Secret  # noqa: PLC0415

        who = config.stash[RUN].participant
        config.stash[REDACTOR] = known = Redactor(map(Secret, who.hidden))
        known.learn_environment(os.environ, who.hidden_variables)
    return config.stash[REDACTOR]


class Shield:
    """Takes secrets out of reports.

    Args:
        redactor: what knows them.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    # First among the wrappers to see the report, so that all others see it clean.
    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Clean a test's report."""
        return self._clean((yield))

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Clean the report of a collection."""
        return self._clean((yield))

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """Clean a warning, before a worker sends it to a process that knows less."""
        told = str(warning_message.message)
        if self._redactor.text(told) != told:
            warning_message.message = UserWarning(self._redactor.text(told))

    @_allure(tryfirst=True)
    def report_result(self, result: object) -> None:
        """Clean a result of Allure's."""
        self._cleaned(result, MOST_DEEP)

    @_allure(tryfirst=True)
    def report_container(self, container: object) -> None:
        """Clean what Allure tells of fixtures."""
        self._cleaned(container, MOST_DEEP)

    def _clean(self, report: Report) -> Report:
        report.sections = [(name, self._redactor.text(content)) for name, content in report.sections]
        shown = str(report.longrepr or "")
        if shown and self._redactor.text(shown) != shown:
            report.longrepr = self._cleaned(report.longrepr, MOST_DEEP)
            still = str(report.longrepr)
            if self._redactor.text(still) != still:  # a secret laid out over several of its parts
                report.longrepr = self._redactor.text(still)
        return report

    def _cleaned(self, value: Any, deep: int) -> Any:  # noqa: ANN401  walks whatever represents a failure
        if isinstance(value, str):
            return self._redactor.text(value)
        if deep and isinstance(value, list | tuple):
            return type(value)(self._cleaned(each, deep - 1) for each in value)
        if deep and type(value).__module__.startswith(("_pytest.", "allure_commons.")):
            for name, part in list(vars(value).items()):
                object.__setattr__(value, name, self._cleaned(part, deep - 1))
        return value


class _Clean:
    """A terminal's stream that no known secret passes."""

    def __init__(self, stream: TextIO, redactor: Redactor) -> None:
        self._stream = stream
        self._redactor = redactor

    def write(self, text: str) -> int:
        """Write text without secrets."""
        return self._stream.write(self._redactor.text(text))

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)
