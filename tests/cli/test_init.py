"""``hkexprt init``: a project from nothing, kept up to date without losing a change."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess

import pytest

from pytest_hkexprt import participant, shipped
from pytest_hkexprt.cli.init import MEMORY
from tests.commands import hkexprt


@pytest.fixture
def project(tmp_path):
    assert hkexprt(tmp_path, "init").returncode == 0
    return tmp_path


def aged(project, name: str) -> None:
    """Make a file as an older version would have written it."""
    old = b"# an older version\n"
    project.joinpath(name).write_bytes(old)
    memory = json.loads(project.joinpath(MEMORY).read_text())
    project.joinpath(MEMORY).write_text(json.dumps(memory | {name: hashlib.sha256(old).hexdigest()}))


def states(folder, *options):
    return json.loads(hkexprt(folder, "init", "--json", *options).stdout)


def test_an_empty_folder_becomes_a_project(project):
    there = {path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()}
    assert {"pytest.ini", "conftest.py", "steps/own.py", "features/rap.toml", "hkexprt.example.toml"} <= there
    assert {"ci/github-actions.yml", "ci/gitlab-ci.yml", ".gitignore"} <= there


def test_every_circular_that_ships_is_written(project):
    ships, written = shipped.features_folder(), project / "features"
    shipped_ones = {path.relative_to(ships) for path in ships.rglob("*.*")}
    assert {path.relative_to(written) for path in written.rglob("*.*")} == shipped_ones


def test_the_example_of_a_participant_file_loads(project):
    who, _ = participant.read(project / "hkexprt.example.toml")
    assert who.subnet == "192.0.2.0/24"


def test_a_folder_is_made_where_there_is_none(tmp_path):
    assert hkexprt(tmp_path, "init", "new/project").returncode == 0
    assert tmp_path.joinpath("new", "project", "pytest.ini").is_file()


def test_a_file_that_was_there_is_never_written_over(tmp_path):
    tmp_path.joinpath("conftest.py").write_text("MINE = True\n")
    done = hkexprt(tmp_path, "init")
    assert tmp_path.joinpath("conftest.py").read_text() == "MINE = True\n"
    assert "conftest.py                          kept" in done.stdout


@pytest.mark.parametrize("options", [(), ("--update",)])
def test_a_changed_file_is_never_written_over(project, options):
    project.joinpath("pytest.ini").write_text("[pytest]\n")
    assert states(project, *options)["pytest.ini"] == "changed"
    assert project.joinpath("pytest.ini").read_text() == "[pytest]\n"


def test_a_second_time_nothing_is_written(project):
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*") if path.name != MEMORY}
    assert set(states(project).values()) == {"same"}
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_newer_file_is_told_and_left(project):
    aged(project, "pytest.ini")
    assert states(project)["pytest.ini"] == "newer"
    assert project.joinpath("pytest.ini").read_text() == "# an older version\n"


def test_an_update_shows_what_is_newer_and_writes_it(project):
    aged(project, "pytest.ini")
    done = hkexprt(project, "init", "--update")
    assert "-# an older version" in done.stdout
    assert "+hkexprt_features = true" in done.stdout
    assert "hkexprt_features" in project.joinpath("pytest.ini").read_text()


def test_an_update_shows_what_a_changed_file_misses(project):
    aged(project, "pytest.ini")
    project.joinpath("pytest.ini").write_text("# mine\n")
    done = hkexprt(project, "init", "--update")
    assert "pytest.ini: yours is kept; the shipped one differs:" in done.stdout
    assert project.joinpath("pytest.ini").read_text() == "# mine\n"


def test_a_file_the_user_deleted_is_written_again(project):
    project.joinpath("pytest.ini").unlink()
    assert states(project)["pytest.ini"] == "missing"
    assert project.joinpath("pytest.ini").is_file()


def test_a_broken_memory_is_told_with_a_remedy(project):
    project.joinpath(MEMORY).write_text("[")
    done = hkexprt(project, "init")
    assert done.returncode == 2
    assert "delete it" in done.stderr


def test_a_file_in_the_folders_place_is_wrong_use(tmp_path):
    tmp_path.joinpath("taken").write_text("")
    assert hkexprt(tmp_path, "init", "taken").returncode == 2


def test_with_the_wheel_alone_a_new_project_passes_its_rehearsal(python, tmp_path):
    environment = {**os.environ, "PYTEST_ADDOPTS": "-p no:rerunfailures"}
    asked = {"cwd": tmp_path, "env": environment, "capture_output": True, "text": True, "timeout": 1200}
    written = subprocess.run(
        [python, "-c", "from pytest_hkexprt.cli import main; main()", "init"], check=False, **asked
    )
    assert written.returncode == 0, written.stdout + written.stderr
    own = tmp_path / "features" / "rap_network.feature"
    own.write_text(
        own.read_text().replace("    Given the part", "    Given the change ticket is CHG1\n    And the part")
    )
    pytest_there = [python, "-m", "pytest"]
    every = subprocess.run([*pytest_there, "-q", "--collect-only"], check=False, **asked)
    assert every.returncode == 0, every.stdout + every.stderr
    assert {path.name for path in (tmp_path / "features").glob("*.feature") if path.name not in every.stdout} == set()
    done = subprocess.run([*pytest_there, "features/rap.feature", "features/rap_network.feature"], check=False, **asked)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed: " in done.stdout
    (journal,) = tmp_path.glob("reports/*/evidence.jsonl")
    assert "change ticket CHG1" in journal.read_text()
