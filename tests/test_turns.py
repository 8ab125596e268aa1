"""Every system's fixtures follow the participant: what lives as long as the run is made anew for each of several."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import pytest_hkexprt

PACKAGE = Path(pytest_hkexprt.__file__).parent
FIXTURES = sorted(PACKAGE.glob("systems/*/fixtures*.py"))
TURN = "hkex_run"
OF_ALL = {"hkex_business_dates", "hkex_clock", "hkex_evidence", "hkex_progress"}
"""What is one for the whole run, whoever takes part."""


def needs(path: Path) -> dict[str, tuple[bool, set[str]]]:
    """Return each fixture of a file: whether it lives as long as the run, and what it is built on."""
    found = {}
    for node in ast.parse(path.read_text("utf-8")).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        marks = [ast.unparse(each) for each in node.decorator_list if "fixture" in ast.unparse(each)]
        if marks:
            arguments = {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
            found[node.name] = ("scope='session'" in marks[0], arguments)
    return found


ALL = {name: each for path in (*FIXTURES, PACKAGE / "fixtures.py") for name, each in needs(path).items()}
LASTING = sorted(name for name, (lasting, _) in ALL.items() if lasting and name not in {TURN, *OF_ALL})


def built_on(name: str) -> set[str]:
    """Return everything a fixture is built on, at any remove."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for each in ALL.get(waiting.pop(), (False, set()))[1] - found:
            found.add(each)
            waiting.append(each)
    return found


def test_there_are_fixtures_that_last():
    assert {"hkex_participant", "hkex_data", "rap_settings", "rap_simulators", "rap_listings"} <= {*LASTING}


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_is_built_on_whose_turn_it_is(name):
    assert TURN in built_on(name), f"{name} would be shared by several participants; let it take {TURN}"
