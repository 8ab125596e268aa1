"""``hkexprt init``: a project of one's own, written into a folder and kept up to date without losing a change.

What was written is remembered by digest in one small file. A file that still has that digest may be replaced by a
newer one when asked; any other is the user's, and stays.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import click

from pytest_hkexprt import shipped
from pytest_hkexprt.cli.say import plain, say
from pytest_hkexprt.errors import UsageFault

MEMORY = ".hkexprt-init.json"
"""Which files were written, path to SHA-256."""
PROJECT = Path(__file__).parent / "project"
WRITTEN = {
    "pytest.ini": "pytest.ini",
    "conftest.py": "conftest.py.txt",
    "steps/__init__.py": "",
    "steps/own.py": "own.py.txt",
    "ci/github-actions.yml": "github-actions.yml",
    "ci/gitlab-ci.yml": "gitlab-ci.yml",
    ".gitignore": "gitignore",
}
"""File of the project to the one in our folder; an empty name stands for an empty file."""


class State(StrEnum):
    """How a file of the folder stands to the one that would be written."""

    MISSING = "written"
    SAME = "up to date"
    NEWER = "newer here: --update shows and writes it"
    CHANGED = "kept: it was changed, or was there before"
    REPLACED = "updated"


@dataclass(frozen=True, slots=True)
class File:
    """One file of a project."""

    name: str
    """Relative to the folder, with forward slashes."""
    content: bytes


def files() -> list[File]:
    """Return everything a project begins with."""
    found = [File(name, (PROJECT / source).read_bytes() if source else b"") for name, source in WRITTEN.items()]
    features = shipped.features_folder()
    found += [
        File(f"features/{path.relative_to(features).as_posix()}", path.read_bytes())
        for path in sorted(features.rglob("*"))
        if path.suffix in (".feature", ".toml")
    ]
    return [*found, File("hkexprt.example.toml", shipped.example_participant().read_bytes())]


@click.command(short_help="Write a project of your own into a folder.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--update", is_flag=True, help="show what is newer, and write it over files you did not change")
@click.option("--json", "as_json", is_flag=True, help="JSON for a script")
def init(folder: Path, update: bool, as_json: bool) -> None:
    """Write a project into FOLDER (default: this one): features, steps, conftest.py, settings, CI snippets.

    A file that is there and was changed is never written over. Run it again after an upgrade, and it says what is
    newer; with --update it shows the differences and writes them, your own changes excepted.

    Exit status: 0 done, 2 the folder cannot be used.
    """
    memory = _remembered(folder)
    told: dict[str, State] = {}
    for file in files():
        path = folder / file.name
        state = _state(path, file, memory)
        if state is State.NEWER and update:
            if not as_json:
                _show(path, file)
            state = State.REPLACED
        if state in (State.MISSING, State.REPLACED):
            _write(path, file.content)
        elif state is State.CHANGED and update and not as_json and memory.get(file.name) != _digest(file.content):
            say(f"{file.name}: yours is kept; the shipped one differs:")
            _show(path, file)
        if state is not State.CHANGED and state is not State.NEWER:
            memory[file.name] = _digest(file.content)
        told[file.name] = state
    _write(folder / MEMORY, json.dumps(memory, indent=1, sort_keys=True).encode() + b"\n")
    if as_json:
        plain(json.dumps({name: state.name.lower() for name, state in told.items()}, indent=2))
        return
    for name, state in told.items():
        say(f"{name:<36} {state}")
    say("\nnext:  pytest            rehearses every circular in features/")
    say("       hkexprt doctor    says what is missing for a live session")


def _state(path: Path, file: File, memory: dict[str, str]) -> State:
    if not path.exists():
        return State.MISSING
    there = path.read_bytes()
    if there == file.content:
        return State.SAME
    return State.NEWER if memory.get(file.name) == _digest(there) else State.CHANGED


def _remembered(folder: Path) -> dict[str, str]:
    path = folder / MEMORY
    if not path.exists():
        return {}
    try:
        memory = json.loads(path.read_bytes())
        return {str(name): str(digest) for name, digest in memory.items()}
    except (ValueError, AttributeError) as error:
        raise UsageFault(
            str(path),
            expected="the list of files hkexprt init wrote",
            came=str(error),
            next_step="delete it; files that differ then count as changed by you",
        ) from None


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _show(path: Path, file: File) -> None:
    old, new = path.read_text("utf-8", "replace"), file.content.decode()
    for line in difflib.unified_diff(
        old.splitlines(), new.splitlines(), f"{file.name} (yours)", f"{file.name} (shipped)", lineterm=""
    ):
        plain(line)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
