"""What the pages in ``docs/`` name is there: commands, options, jobs, settings; ``test_docs`` runs what runs."""

from __future__ import annotations

import functools
import importlib
import re
import shlex

import click
import pytest

import do
from pytest_hkexprt import participant
from pytest_hkexprt.cli import group
from pytest_hkexprt.systems.rap import settings as rap_settings
from tests.test_docs import PAGES, blocks

COMMAND = re.compile(
    r"(?:^\s*(?:\$ )?|`)((?:hkexprt|pytest|python3 do\.py|python -m benchmarks\.\w+) [^`\n|&>]+)", re.MULTILINE
)
READERS = {
    system: importlib.import_module(f"pytest_hkexprt.systems.{system}.settings").read
    for system in ("ccass", "network", "omd", "otp")
} | {"rap": functools.partial(rap_settings.read, rehearsal=True)}  # a page shows what it speaks of alone
SETTINGS = [
    (path.name, text)
    for path in PAGES
    for language, name, text in blocks(path)
    if language == "toml" and (not name or name.startswith("hkexprt"))
]


def commands(program: str) -> list[tuple[str, list[str]]]:
    """Return each command of a program that a page names, in a block or in a sentence, with the page's name."""
    found = [
        (path.name, shlex.split(each, comments=True))
        for path in PAGES
        for each in COMMAND.findall(path.read_text("utf-8"))
    ]
    return [
        (page, words[len(program.split()) :])
        for page, words in found
        if words[: len(program.split())] == program.split()
    ]


def resolved(command: click.Command, words: list[str]) -> click.Command:
    """Return the command that the words begin with, their options held against its own; `NAME` may be any."""
    context = click.Context(command, **command.context_settings)
    if not isinstance(command, click.Group) or not words or words[0].startswith("-") or words[0].isupper():
        command.make_parser(context).parse_args(words)
        return command
    below = command.get_command(context, words[0])
    assert below, f"there is no {words[0]}"
    return resolved(below, words[1:])


@pytest.mark.parametrize("page, words", commands("hkexprt"), ids=lambda each: each if isinstance(each, str) else "")
def test_a_command_of_ours_is_there_with_its_options(page, words):
    assert resolved(group, words)


def test_an_option_of_pytest_is_there(pytester):
    known = set(re.findall(r"--?[a-zA-Z][\w-]*", pytester.runpytest("--help", "-p", "xdist").stdout.str()))
    named = {(page, word.partition("=")[0]) for page, words in commands("pytest") for word in words if word[0] == "-"}
    assert named
    assert not sorted((page, word) for page, word in named if word not in known)


def test_a_job_of_do_is_there():
    jobs = {job.__name__ for job in do.JOBS}
    assert set(re.findall(r"do\.py (\w+)", do.__doc__)) == jobs
    assert {words[0] for _, words in commands("python3 do.py")} <= jobs


@pytest.mark.parametrize("page, text", SETTINGS, ids=lambda each: each if each.endswith(".md") else "")
def test_a_participant_file_that_is_shown_is_one(tmp_path, page, text):
    path = tmp_path / "hkexprt.toml"
    begun = "" if "participant = " in text or "[[participant" in text else 'participant = "A"\nroles = ["CP"]\n'
    path.write_text(begun + text, "utf-8")
    everyone, _ = participant.read_all(path)
    for who in everyone:
        for system, table in who.systems.items():
            READERS[system](table, path)
