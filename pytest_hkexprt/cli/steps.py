"""``hkexprt steps``: the phrases there are, what they mean, and where they are used."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pytest_hkexprt import shipped
from pytest_hkexprt.cli.say import plain
from pytest_hkexprt.columns import fold
from pytest_hkexprt.gherkin import catalogue
from pytest_hkexprt.reading import near

WIDTH = 80


@click.command(short_help="List the phrases and where they are used.")
@click.argument("words", nargs=-1)
@click.option("--unused", is_flag=True, help="only those no feature uses")
@click.option("--json", "as_json", is_flag=True, help="JSON for a script")
def steps(words: tuple[str, ...], unused: bool, as_json: bool) -> None:
    """List the phrases, those that have all WORDS: what to write, what it means, where it is used.

    The phrases that ship with the package, and those of the project in this folder (conftest.py, steps/, test_*.py);
    used in the features that ship and in those below this folder.

    Exit status: 0 some were found, 1 none.
    """
    here = Path.cwd()
    sources = [*sorted(shipped.steps_folder().glob("*.py")), *_own(here, ("conftest.py", "steps/*.py", "test_*.py"))]
    features = [
        *sorted(shipped.features_folder().glob("**/*.feature")),
        *_own(here, ("*.feature", "features/**/*.feature")),
    ]
    every = [phrase for path in _once(sources) for phrase in catalogue.phrases(path)]
    wanted = [phrase for phrase in every if all(word.lower() in phrase.shown.lower() for word in words)]
    used = catalogue.uses(_once(features), wanted)
    shown = {phrase: places for phrase, places in used.items() if not (unused and places)}
    if as_json:
        plain(json.dumps([_plain(phrase, places, here) for phrase, places in shown.items()], indent=2))
    elif shown:
        for phrase, places in shown.items():
            _tell(phrase, places, here)
    else:
        near_miss = near(" ".join(words), [phrase.shown for phrase in every])
        plain(f"no phrase {'is unused' if unused else 'has ' + ' and '.join(words)}{near_miss}", err=True)
    if not shown:
        raise SystemExit(1)


def _own(here: Path, patterns: tuple[str, ...]) -> list[Path]:
    return [path for pattern in patterns for path in sorted(here.glob(pattern))]


def _once(paths: list[Path]) -> list[Path]:
    """Return each file once, also where this folder is the checkout whose files ship."""
    return list(dict.fromkeys(path.resolve() for path in paths))


def _tell(phrase: catalogue.Phrase, places: list[catalogue.Use], here: Path) -> None:
    for line in fold(f"{phrase.kind.capitalize()} {phrase.shown}", WIDTH):
        plain(click.style(line, bold=True))
    for line in fold(f"    {' '.join(phrase.about.split())}", WIDTH, ""):
        plain(line)
    plain(f"    defined in {_short(phrase.file, here)}:{phrase.line}")
    for place in places:
        plain(f"    used in {_short(place.file, here)}:{place.line}")
    if not places:
        plain("    used nowhere")


def _plain(phrase: catalogue.Phrase, places: list[catalogue.Use], here: Path) -> dict[str, object]:
    return {
        "kind": phrase.kind,
        "phrase": phrase.text,
        "pattern": phrase.pattern,
        "about": phrase.about,
        "file": _short(phrase.file, here),
        "line": phrase.line,
        "used": [
            {"file": _short(place.file, here), "line": place.line, "scenario": place.scenario} for place in places
        ],
    }


def _short(path: Path, here: Path) -> str:
    """Return a file as seen from here; what ships, by its room and name."""
    for room in (shipped.steps_folder(), shipped.features_folder()):
        if path.is_relative_to(room.resolve()) and not path.is_relative_to(here.resolve()):
            return f"(shipped) {room.name}/{path.relative_to(room.resolve()).as_posix()}"
    return path.relative_to(here.resolve()).as_posix() if path.is_relative_to(here.resolve()) else str(path)
