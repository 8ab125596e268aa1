"""Every command's help and its refusal of what it does not know: all there are, found in the command itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pytest_hkexprt.cli import group
from tests import commands
from tests.commands import hkexprt

PASSES_ON = {"run"}
"""Whose unknown options are pytest's."""


def below(command: click.Group) -> dict[str, click.Command]:
    """Return a group's commands by name."""
    context = click.Context(command)
    found = {name: command.get_command(context, name) for name in command.list_commands(context)}
    return {name: each for name, each in found.items() if each}


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of each command that does something."""
    if isinstance(command, click.Group):
        for name, each in sorted(below(command).items()):
            yield from leaves(each, (*path, name))
    else:
        yield path


COMMANDS = list(leaves(group))
GROUPS = [(name,) for name, command in sorted(below(group).items()) if isinstance(command, click.Group)]
every = pytest.mark.parametrize("command", COMMANDS, ids=" ".join)


def test_the_commands_page_names_each_with_its_exit_status():
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `([a-z ]+)` \| .+ \| (.*\d.*) \|$", page, re.MULTILINE))
    assert [" ".join(words) for words in COMMANDS if not {words[0], " ".join(words)} & told.keys()] == []


@every
def test_the_help_of_a_command_reads_at_80_columns_and_tells_its_exit_status(command, tmp_path):
    done = hkexprt(tmp_path, *command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    assert "Exit status" in done.stdout


def named(words: tuple[str, ...]) -> click.Command:
    found: click.Command = group
    for word in words:
        assert isinstance(found, click.Group)
        found = below(found)[word]
    return found


@every
def test_each_option_has_a_line_of_help(command):
    assert all(each.help for each in named(command).params if isinstance(each, click.Option))


@pytest.mark.parametrize("command", GROUPS, ids=" ".join)
def test_the_help_of_a_group_reads_at_80_columns_and_is_cut_nowhere(command, tmp_path):
    done = hkexprt(tmp_path, *command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    assert "..." not in done.stdout.partition("Commands:")[2]


@pytest.mark.parametrize("command", [each for each in COMMANDS if each[0] not in PASSES_ON], ids=" ".join)
def test_an_option_a_command_does_not_know_is_wrong_use(command, tmp_path):
    done = hkexprt(tmp_path, *command, "--nonsense")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--nonsense" in done.stderr


def test_a_command_there_is_not_is_wrong_use(tmp_path):
    done = hkexprt(tmp_path, "agendas")
    assert (done.returncode, done.stdout) == (2, "")
    assert "agendas" in done.stderr


def test_the_command_lists_its_commands_each_in_a_line(tmp_path):
    listed = hkexprt(tmp_path, "--help").stdout
    assert all(f"\n  {command[0]} " in listed for command in COMMANDS)
    assert "..." not in listed.partition("Commands:")[2]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion_is_offered(tmp_path, monkeypatch, shell):
    monkeypatch.setitem(commands.ENVIRONMENT, "_HKEXPRT_COMPLETE", f"{shell}_source")
    done = hkexprt(tmp_path)
    assert done.returncode == 0 and "_HKEXPRT_COMPLETE" in done.stdout


def test_shell_completion_completes_a_command(tmp_path, monkeypatch):
    for name, value in (("_HKEXPRT_COMPLETE", "bash_complete"), ("COMP_WORDS", "hkexprt ag"), ("COMP_CWORD", "1")):
        monkeypatch.setitem(commands.ENVIRONMENT, name, value)
    assert hkexprt(tmp_path).stdout.split() == ["plain,agenda"]


@pytest.mark.parametrize("command", ["agenda", "forms list", "register"])
def test_shell_completion_completes_a_circular(tmp_path, monkeypatch, command):
    words = f"hkexprt {command} backbone"
    count = str(len(words.split()) - 1)
    for name, value in (("_HKEXPRT_COMPLETE", "bash_complete"), ("COMP_WORDS", words), ("COMP_CWORD", count)):
        monkeypatch.setitem(commands.ENVIRONMENT, name, value)
    assert hkexprt(tmp_path).stdout.split() == ["plain,backbone_prt", "plain,backbone_ps2"]


@pytest.mark.parametrize("command", [each for each in COMMANDS if each[0] not in PASSES_ON], ids=" ".join)
def test_every_command_speaks_to_scripts(command):
    assert "--json" in {option for each in named(command).params for option in each.opts}
