"""The reference, drawn from the code: options, commands, phrases, participant file, journal, modules.

Nothing here is written by hand twice: an option's line is its help, a phrase's its docstring, a record's field its
schema. ``conf.py`` calls :func:`write` before the pages are read; the files are not kept in git.
"""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

import pytest_hkexprt
from pytest_hkexprt import cli, options, shipped
from pytest_hkexprt.gherkin import catalogue

DOCS = Path(__file__).parent


def write(folder: Path) -> None:
    """Write every page of the reference."""
    folder.mkdir(exist_ok=True)
    pages = {
        "options": _options(),
        "commands": _commands(),
        "phrases": _phrases(),
        "participant-file": _participant_file(),
        "journal": _journal(),
        "api": _api(),
    }
    for name, lines in pages.items():
        text = "\n".join(lines) + "\n"
        path = folder / f"{name}.md"
        if not path.is_file() or path.read_text("utf-8") != text:  # unchanged pages are not read again
            path.write_text(text, "utf-8")


def _options() -> Iterator[str]:
    parser = pytest.Parser(_ispytest=True)
    options.add(parser)
    yield from ("# Options of pytest", "", "| option | what it does |", "|---|---|")
    for option in parser.getgroup("hkexprt").options:
        told = option.attrs()
        yield f"| `{option.names()[0]} {told.get('metavar', '')}` | {told['help']} |"
    yield ""
    yield "pytest's own options, and those of its plugins, work as they do there: `--html FILE`, `--junit-xml FILE`,"
    yield "`-n N`, `-k`, `-m clause.count`, `--lf`, `file.feature:LINE`. In an ini file, `hkexprt_features = true`"
    yield "collects the features below folders, too."


def _commands() -> Iterator[str]:
    yield from ("# `hkexprt`, command by command", "", "What each is for stands in [the commands](../commands.md).", "")
    yield from _command(cli.group, "hkexprt")


def _command(command: click.Command, path: str) -> Iterator[str]:
    context = click.Context(command, info_name=path, max_content_width=88)
    yield from (f"## `{path}`", "", "```text", command.get_help(context), "```", "")
    for name in sorted(command.list_commands(context)) if isinstance(command, click.Group) else ():
        below = command.get_command(context, name)
        if below:
            yield from _command(below, f"{path} {name}")


def _phrases() -> Iterator[str]:
    yield from ("# Phrases", "", "What a feature may say. `{…}` stands for words of your own.", "")
    for path in sorted(shipped.steps_folder().glob("*.py")):
        yield from (f"## {path.stem}", "", "| | phrase | |", "|---|---|---|")
        for phrase in catalogue.phrases(path):
            cells = (phrase.kind.capitalize(), phrase.shown, " ".join(phrase.about.split()))
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
        yield ""


def _participant_file() -> Iterator[str]:
    yield from ("# The participant file", "", "Every key, as in the example that `hkexprt init` writes.", "")
    yield from ("```toml", shipped.example_participant().read_text("utf-8").rstrip(), "```")


def _journal() -> Iterator[str]:
    schema = json.loads((DOCS / "evidence.schema.json").read_text("utf-8"))
    yield from ("# The journal", "")
    yield "Each line of `evidence.jsonl` is one record in an envelope. The whole schema is"
    yield "[evidence.schema.json](https://json-schema.org/) in the project's `docs/`; here are its records and fields."
    for name, record in sorted(schema.get("$defs", {}).items()):
        yield from ("", f"## {name}", "", *filter(None, [record.get("description", "").partition("\n")[0]]), "")
        yield from ("| field | type | |", "|---|---|---|")
        for field, told in record.get("properties", {}).items():
            needed = "" if field in record.get("required", []) else "may be left out"
            yield f"| `{field}` | {_type(told)} | {needed} |"


def _type(told: dict[str, Any]) -> str:
    if "$ref" in told:
        return str(told["$ref"]).rpartition("/")[2]
    if "anyOf" in told:
        return " or ".join(_type(each) for each in told["anyOf"])
    if "enum" in told:
        return ", ".join(f"`{each}`" for each in told["enum"])
    kind = str(told.get("type", "any"))
    return f"{kind} of {_type(told['items'])}" if isinstance(told.get("items"), dict) else kind


def _api() -> Iterator[str]:
    yield from ("# Modules", "", "The public names, as their docstrings have them.")
    for module in sorted(each.name for each in pkgutil.walk_packages(pytest_hkexprt.__path__, "pytest_hkexprt.")):
        if ".cli" not in module and not module.rpartition(".")[2].startswith("_"):
            yield from ("", f"## {module.removeprefix('pytest_hkexprt.')}", "")
            yield from ("```{eval-rst}", f".. automodule:: {module}", "```")
