"""The how-tos in ``docs/``, done as they are written: files written, commands run, their output compared."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_hkexprt import shipped
from tests.commands import COMMAND
from tests.projects import stabilisation_project

ROOT = Path(__file__).parent.parent
HOW_TOS = sorted(path for path in (ROOT / "docs").glob("*.md") if "```console" in path.read_text("utf-8"))
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
OTHERS = (
    "rap_network.feature",
    "ccass_relocation.feature",
    "ccass_relocation.toml",
    "omd_channels.feature",
    "otp_day.feature",
    "backbone_prt.toml",
    "backbone_ps2.toml",
    "backbone_ps2.feature",
)
"""What the pages speak of besides the report retrieval's circular."""
BLOCK = re.compile(r"^```(\w+) ?(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield language, file name and text of each fenced block."""
    yield from BLOCK.findall(path.read_text("utf-8"))


def test_there_are_how_tos():
    assert HOW_TOS


@pytest.mark.parametrize("path", HOW_TOS, ids=lambda path: path.name)
def test_a_how_to_works_as_written(pytester, path, monkeypatch):
    # A page's python3 is the one of the environment it is read in.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    stabilisation_project(pytester)
    for each in OTHERS:
        shutil.copy(shipped.features_folder() / each, pytester.path / "features")
    for language, name, text in blocks(path):
        if name:
            file = pytester.path / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")
        elif language == "console":
            command, *output = text.splitlines()
            program, *arguments = shlex.split(command.removeprefix("$ "))
            assert program in ("pytest", COMMAND.name)
            result = pytester.runpytest(*arguments) if program == "pytest" else pytester.run(COMMAND, *arguments)
            lines = pytest.LineMatcher([*result.outlines, *result.errlines])
            lines.fnmatch_lines([line.replace("[", "[[]") for line in output if line != "…"])


@pytest.mark.parametrize("page", ["drills.md", "fixtures.md"])
def test_a_page_lists_what_there_is(page, pytester):
    text = (ROOT / "docs" / page).read_text("utf-8")
    if page == "drills.md":
        assert re.findall(r"^\| `(\w+\.[\w-]+)` \| (.+) \|$", text, re.MULTILINE) == list(shipped.drills().items())
    else:
        listed = set(re.findall(r"`((?:hkex_|rap|otp)\w*)`", text))
        ours = ("hkex_", "otp")
        there_are = {line.split()[0] for line in pytester.runpytest("--fixtures").outlines if line.startswith(ours)}
        assert there_are <= listed


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_link_leads_somewhere(path):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target
