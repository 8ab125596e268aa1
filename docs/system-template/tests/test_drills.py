"""Every drill, through the suite as its user runs it: caught for the right reason."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.NAME.drills import DRILLS
from tests.projects import shipped_project

CAUGHT = {"says-nothing": ["*answer*", "*expected: *something*", "*came: *nothing*"]}
"""Drill to lines of the failure, in order."""


def test_a_rehearsal_passes(pytester):
    shipped_project(pytester, "NAME").runpytest("features/NAME.feature").assert_outcomes(passed=1)


def test_every_drill_has_its_lines():
    assert set(CAUGHT) == set(DRILLS)


@pytest.mark.parametrize("drill", DRILLS)
def test_the_suite_catches(pytester, drill):
    result = shipped_project(pytester, "NAME").runpytest(f"--drill=NAME.{drill}", "features/NAME.feature")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(CAUGHT[drill])
