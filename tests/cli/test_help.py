"""Every command's help and its refusal of what it does not know."""

from __future__ import annotations

import pytest

from tests.commands import hkexprt

COMMANDS = ("doctor", "init", "run", "simulate", "steps")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_reads_at_80_columns_and_tells_its_exit_status(command, tmp_path):
    done = hkexprt(tmp_path, command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    assert "Exit status" in done.stdout


@pytest.mark.parametrize("command", ["doctor", "init", "simulate", "steps"])
def test_an_option_a_command_does_not_know_is_wrong_use(command, tmp_path):
    done = hkexprt(tmp_path, command, "--nonsense")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--nonsense" in done.stderr


def test_the_command_lists_its_commands(tmp_path):
    listed = hkexprt(tmp_path, "--help").stdout
    assert all(f"\n  {command} " in listed for command in COMMANDS)


def test_shell_completion_is_offered(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("tests.commands").commands.ENVIRONMENT, "_HKEXPRT_COMPLETE", "bash_source")
    done = hkexprt(tmp_path)
    assert "complete -o nosort" in done.stdout
