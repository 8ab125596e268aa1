"""The project as others get it: a wheel in an environment of its own, and a start that costs nothing unused."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pytest_hkexprt import shipped
from tests.projects import FEATURE

ROOT = Path(__file__).parent.parent
HEAVY = {"paramiko", "cryptography", "freezegun", "msgspec", "gherkin", "holidays", "rich", "pytest_hkexprt.recorder"}


def test_the_wheel_adds_one_top_level_name(wheel):
    names = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"pytest_hkexprt"}


def test_the_wheel_carries_features_phrases_templates_and_types(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "pytest_hkexprt/features/rap.feature",
        "pytest_hkexprt/features/rap.toml",
        "pytest_hkexprt/steps/rap.py",
        "pytest_hkexprt/systems/rap/system.toml",
        "pytest_hkexprt/evidence/html/report.css",
        "pytest_hkexprt/py.typed",
    } <= names


def test_a_rehearsal_passes_with_the_wheel_in_an_empty_project(python, tmp_path):
    for ending in ("toml", "feature"):
        source = shipped.features_folder() / f"rap.{ending}"
        (tmp_path / source.name).write_bytes(source.read_bytes())
    command = [python, "-m", "pytest", "--site=secondary", "rap.feature", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed: 2 scenarios" in done.stdout
    where = [python, "-c", "import pytest_hkexprt; print(pytest_hkexprt.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert Path(found.strip()).is_relative_to(python.parent.parent)


def test_a_projects_own_steps_package_is_not_shadowed(python, tmp_path):
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "__init__.py").write_text("OWN = True\n")
    (tmp_path / "test_own.py").write_text("def test_own():\n    import steps\n    assert steps.OWN\n")
    command = [python, "-m", "pytest", "-q", "test_own.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_plugin_that_is_not_used_imports_nothing_heavy(python, tmp_path):
    (tmp_path / "test_own.py").write_text(
        "import sys\n\ndef test_own():\n    print('\\nloaded:', *sorted(sys.modules))\n", "utf-8"
    )
    command = [python, "-m", "pytest", "-q", "-s", "test_own.py", "-p", "no:hypothesispytest", "-p", "no:benchmark"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("loaded:")]
    loaded = set(line.split())
    assert "pytest_hkexprt.plugin" in loaded
    # pytest-bdd is a plugin of its own and brings its parser along, whether we are there or not.
    assert not loaded & (HEAVY - {"gherkin"})


def test_two_rehearsals_at_once_do_not_disturb_each_other(tmp_path):
    runs = []
    for name in ("one", "two"):
        folder = tmp_path / name / "features"
        folder.mkdir(parents=True)
        (folder.parent / "pytest.ini").write_text("[pytest]\n")
        for ending in ("toml", "feature"):
            source = shipped.features_folder() / f"rap.{ending}"
            (folder / source.name).write_bytes(source.read_bytes())
        command = [sys.executable, "-m", "pytest", "features/rap.feature"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        runs.append(subprocess.Popen(command, cwd=folder.parent, text=True, **pipes))
    for run in runs:
        output, _ = run.communicate(timeout=120)
        assert run.returncode == 0, output


def test_features_below_a_folder_are_collected_when_the_ini_says_so(pytester):
    pytester.makeini("[pytest]\nhkexprt_features = true\n")
    folder = pytester.mkdir("features")
    for ending in ("toml", "feature"):
        source = shipped.features_folder() / f"rap.{ending}"
        (folder / source.name).write_bytes(source.read_bytes())
    result = pytester.runpytest("-v", "--site=secondary")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["circular: rap*", "session: Session 1*", "*Given the SFTP connection*", "report: *"])


def test_features_below_a_folder_are_left_alone_otherwise(pytester):
    pytester.makefile(".feature", own=FEATURE)
    assert pytester.runpytest().ret == pytest.ExitCode.NO_TESTS_COLLECTED
