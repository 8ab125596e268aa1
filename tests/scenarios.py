"""A project of feature files to run pytest in, as a test sees it."""

import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

ALONE = ("-p", "pytest_bdd.plugin", "-p", "tests.collecting_alone")
"""Collection, with nothing of what else is installed."""

CIRCULAR = """
reference = "TEST/001"
dated = 2023-03-23
issuer = "The tests"
subject = "Nothing but this"
roles = ["CP"]

[addresses.rap]
primary = ["10.151.14.121:10022"]
secondary = ["10.152.14.121:10022"]
"""

SESSION = """
[[session]]
name = "Session {number}"
site = "{site}"
starts = 2023-04-15T1{number}:30:00+08:00
ends = 2023-04-15T1{number}:45:00+08:00
systems = ["rap"]
"""

CLAUSES = """
[[clause]]
id = "count"
asks = "as many files as before"
where = "here"

[[clause]]
id = "download"
asks = "files come whole"
where = "here"
"""

STEPS = """
from pytest_bdd import given, parsers, then, when

@given("a base")
def _():
    pass

@given(parsers.parse("the number {n:d}"), target_fixture="number")
def _(n):
    return [n]

@when("it is doubled")
def _(number):
    number[0] *= 2

@then(parsers.parse("it is {n:d}"))
def _(number, n):
    assert number == [n]
"""
"""A conftest with a few phrases that work."""

DOUBLING = """
Feature: Doubling
  Scenario: Five becomes ten
    Given the number 5
    When it is doubled
    Then it is 10

  Scenario: Six becomes thirteen
    Given the number 6
    When it is doubled
    Then it is 13
    And it is 12
"""
"""A feature of one scenario that passes and one that fails."""


LISTENER = """

def pytest_hkexprt_after_step(item, done):
    with open(item.config.rootpath / "steps.log", "a") as log:
        print(done.index, done.outcome, done.message.partition("\\n")[0], sep="|", file=log)
"""
"""Added to a conftest, it writes down how each step ended."""


class Project:
    """A folder with features, their circular and their steps."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pytester = pytester
        self.path = pytester.path
        monkeypatch.syspath_prepend(str(ROOT))
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        # Only the plugins named: loading all there are takes longer than the run.
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        self.steps(STEPS)

    def write(self, name: str, text: str) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    def feature(self, text: str, name: str = "try.feature", *, sessions: int = 1) -> Path:
        """Write a feature and its circular."""
        path = self.write(name, text)
        sites = ("secondary", "primary")
        told = "".join(SESSION.format(number=each + 1, site=sites[each]) for each in range(sessions))
        path.with_suffix(".toml").write_text(CIRCULAR + told + CLAUSES, encoding="utf-8")
        return path

    def steps(self, code: str, name: str = "conftest.py") -> Path:
        """Write step definitions."""
        return self.write(name, code)

    def steps_done(self) -> list[str]:
        """Return what the listener wrote."""
        return (self.path / "steps.log").read_text().splitlines()

    def run(self, *arguments: str) -> pytest.RunResult:
        """Run pytest in this process."""
        return self.pytester.runpytest_inprocess(*ALONE, *arguments)

    def run_apart(self, *arguments: str) -> pytest.RunResult:
        """Run pytest in a process of its own."""
        return self.pytester.runpytest_subprocess(*ALONE, *arguments)


@pytest.fixture
def project(pytester, monkeypatch):
    return Project(pytester, monkeypatch)
