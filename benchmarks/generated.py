"""The same scenarios for every tool: three trivial steps, the first with an argument of its own in each.

Two of the three phrases are literal, one is a pattern, so that no tool's memory of texts it has seen answers
everything. The step definitions nobody uses are half literal, half patterns, and all begin like one that is used.
"""

from __future__ import annotations

from pathlib import Path

UNUSED = 100
"""Step definitions besides the three."""
TAG = "@clause.double"

CIRCULAR = """\
reference = "BENCH/001"
issuer = "A benchmark"
subject = "Numbers are doubled"
roles = ["CP"]

[addresses.rap]
secondary = ["10.152.14.121:10022"]

[[session]]
name = "Only session"
site = "secondary"
starts = 2023-04-15T14:30:00+08:00
ends = 2023-04-15T15:30:00+08:00
systems = ["rap"]

[[clause]]
id = "double"
asks = "a number is doubled"
"""
BDD = """\
from pytest_bdd import given, parsers, then, when


@given(parsers.parse("the number {value:d}"), target_fixture="number")
def _(value):
    return value


@when("it is doubled", target_fixture="doubled")
def _(number):
    return number * 2


"""
ASSERTING = """\
@then("the double is right")
def _(number, doubled):
    assert doubled == number + number
"""
CHECKING = """\
from pytest_hkexprt.evidence.record import Check


@then("the double is right")
def _(number, doubled, hkex_evidence):
    came, expected = doubled, number + number
    hkex_evidence.check(
        Check(what="double", where="here", expected=str(expected), came=str(came), met=came == expected)
    )
"""
BEHAVE = """\
from behave import given, then, when


@given("the number {value:d}")
def _(context, value):
    context.number = value


@when("it is doubled")
def _(context):
    context.doubled = context.number * 2


@then("the double is right")
def _(context):
    assert context.doubled == context.number + context.number
"""
PLAIN = """\
def test_number_{number}_is_doubled():
    number = {number}
    doubled = number * 2
    assert doubled == number + number


"""


def feature(scenarios: int, tag: str = "") -> str:
    """Return a feature of that many scenarios, each with the tag."""
    tagged = f"  {tag}\n" if tag else ""
    return "Feature: Numbers are doubled\n" + "".join(
        f"\n{tagged}  Scenario: Number {number} is doubled\n    Given the number {number}\n"
        "    When it is doubled\n    Then the double is right\n"
        for number in range(scenarios)
    )


def pytest_functions(folder: Path, scenarios: int) -> None:
    """Write a module of plain test functions."""
    _write(folder / "test_plain.py", "".join(PLAIN.format(number=number) for number in range(scenarios)))
    _write(folder / "pytest.ini", "[pytest]\n")


def pytest_bdd(folder: Path, scenarios: int, unused: int) -> None:
    """Write a feature, its steps, and the module that binds them with pytest-bdd's ``scenarios``."""
    _write(folder / "numbers.feature", feature(scenarios))
    _write(folder / "test_numbers.py", 'from pytest_bdd import scenarios\n\nscenarios("numbers.feature")\n')
    _write(folder / "conftest.py", BDD + ASSERTING + _unused_bdd(unused))
    _write(folder / "pytest.ini", "[pytest]\n")


def ours(folder: Path, scenarios: int, unused: int) -> None:
    """Write a circular, its feature and the steps, which check instead of asserting."""
    _write(folder / "numbers.toml", CIRCULAR)
    _write(folder / "numbers.feature", feature(scenarios, TAG))
    _write(folder / "conftest.py", BDD + CHECKING + _unused_bdd(unused))
    _write(folder / "pytest.ini", "[pytest]\n")


def behave(folder: Path, scenarios: int, unused: int) -> None:
    """Write a feature and its steps for behave."""
    _write(folder / "features" / "numbers.feature", feature(scenarios))
    lines = "".join(
        f"\n\n@given({_phrase(number)!r})\ndef _(context{', name' if number % 2 else ''}):\n    raise AssertionError\n"
        for number in range(unused)
    )
    _write(folder / "features" / "steps" / "numbers.py", BEHAVE + lines)


def _unused_bdd(unused: int) -> str:
    def given(number: int) -> str:
        return f"parsers.parse({_phrase(number)!r})" if number % 2 else repr(_phrase(number))

    return "".join(
        f"\n\n@given({given(number)})\ndef _({'name' if number % 2 else ''}):\n    raise AssertionError\n"
        for number in range(unused)
    )


def _phrase(number: int) -> str:
    return f"the part {{name}} of machine {number}" if number % 2 else f"the machine {number}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
