"""The renderings for other tools, as options of the commands that draw a journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.record import Line

F = TypeVar("F", bound=Callable[..., object])
_FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True)
class Others:
    """Where each is to be written; None for not at all."""

    junitxml: Path | None
    cucumber_json: Path | None
    cucumber_messages: Path | None

    def write(self, lines: Sequence[Line]) -> list[Path]:
        """Write those that were asked for, and return their paths."""
        from pytest_hkexprt.evidence import cucumber, junit, messages  # noqa: PLC0415  when one is asked for

        drawn = (
            (self.junitxml, junit.write),
            (self.cucumber_json, cucumber.write),
            (self.cucumber_messages, messages.write),
        )
        for path, write in drawn:
            if path is not None:
                write(lines, path)
        return [path for path, _ in drawn if path is not None]


def options(command: F) -> F:
    """Add the options to a command, under pytest's names for them."""
    for name, about in (
        ("--cucumber-messages", "Cucumber Messages (NDJSON) into a file, too"),
        ("--cucumber-json", "Cucumber JSON into a file, too"),
        ("--junitxml", "JUnit XML into a file, too"),
    ):
        command = click.option(name, type=_FILE, metavar="FILE", help=about)(command)
    return command
