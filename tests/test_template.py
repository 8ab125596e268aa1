"""A new system's template: it keeps the rules from the first minute, and its tests fail until it is filled in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("pytest_hkexprt", "steps", "features", "tests", "docs")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with a new system in it."""
    copy = tmp_path_factory.mktemp("project")
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", "reference"))
    for name in ("do.py", "pyproject.toml", "conftest.py", "requirements.lock"):
        shutil.copy(ROOT / name, copy)
    assert do(copy, "kettle").returncode == 0
    return copy


def do(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "do.py", "system", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def run(project: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", program, *arguments]
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=240
    )


def test_a_new_system_keeps_to_the_architecture(project):
    ran = run(project, "pytest", "-q", "-p", "no:cacheprovider", "tests/test_architecture.py", "-k", "kettle")
    assert ran.returncode == 0, ran.stdout
    assert " passed" in ran.stdout


def test_a_new_system_is_clean_for_the_linter(project):
    ran = run(project, "ruff", "check", "pytest_hkexprt/systems/kettle", "steps/kettle.py", "tests/systems/kettle")
    assert ran.returncode == 0, ran.stdout


def test_a_new_systems_tests_fail_until_it_is_filled_in(project):
    ran = run(project, "pytest", "-q", "-p", "no:cacheprovider", "tests/systems/kettle")
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED, ran.stdout
    assert "write the layout, and golden bytes from the published one" in ran.stdout


def test_a_new_systems_drill_is_known_from_the_start(project):
    ran = run(project, "pytest", "--drill=kettle.no-such-fault", "features/kettle.feature")
    told = " ".join((ran.stderr + ran.stdout).split())  # lines are folded to the terminal
    assert "kettle.says-nothing: the service takes the connection and never answers" in told


def test_a_system_that_is_there_is_not_written_over(project):
    ran = do(project, "rap")
    assert (ran.returncode, "there already: pytest_hkexprt/systems/rap" in ran.stdout) == (2, True)


@pytest.mark.parametrize("name", ["", "Kettle", "two words", "../kettle"])
def test_a_name_that_cannot_be_a_folder_of_python_is_refused(project, name):
    ran = do(project, name)
    assert (ran.returncode, "one word of small letters" in ran.stdout) == (2, True)
