"""``hkexprt circular draft``: a circular's text made into a first draft of its two files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from pytest_hkexprt import circular as circulars
from pytest_hkexprt.cli.say import plain, say
from pytest_hkexprt.draft import elsewhere, reader, writer
from pytest_hkexprt.draft.facts import Draft
from pytest_hkexprt.errors import UsageFault


@click.group()
def circular() -> None:
    """A circular's data."""


@circular.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), default=Path("features"), help="folder (default: features)")
@click.option("--name", default="", metavar="STEM", help="the files' name (default: that of FILE)")
@click.option("--json", "as_json", is_flag=True, help="JSON for a script")
def draft(file: Path, into: Path, name: str, as_json: bool) -> None:
    """Read a circular's text from FILE and write its .toml and .feature.

    FILE is the circular's English text, as exported from its PDF. What could not be placed is listed in the .toml with
    its line; what must be looked at is marked REVIEW. Existing files are never written over.

    Exit status: 0 written, 1 written but not yet loadable, 2 not written.
    """
    text = _read(file)
    stem = name or re.sub(r"\W+", "_", file.stem.lower()).strip("_") or "circular"
    data, steps = into / f"{stem}.toml", into / f"{stem}.feature"
    for path in (data, steps):
        if path.exists():
            raise UsageFault(
                str(path), expected="no such file yet", came="one that is there", next_step="choose another --name"
            )
    known = elsewhere.known([circulars.read(path) for path in circulars.known().values()])
    made = elsewhere.settle(reader.read(text), known)
    into.mkdir(parents=True, exist_ok=True)
    data.write_text(writer.toml(made, source=file.name), "utf-8")
    steps.write_text(writer.feature(made, source=file.name), "utf-8")
    if as_json:
        unplaced = [{"line": each.line, "what": each.what, "excerpt": each.excerpt} for each in made.unplaced]
        told = {"data": str(data), "feature": str(steps), **_counts(made), "not placed": unplaced}
        plain(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        say(f"{data}\n{steps}\n{', '.join(f'{name}: {count}' for name, count in _counts(made).items())}")
    for line in elsewhere.otherwise(made, known):
        say(line, err=True)
    try:
        circulars.read(data)
    except UsageFault as fault:
        say(f"the draft does not load yet:\n{fault}", err=True)
        raise SystemExit(1) from None


def _read(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageFault(str(file), expected="a readable file", came=error.strerror or str(error)) from error
    if data.startswith(b"%PDF"):
        raise UsageFault(
            str(file), expected="text", came="a PDF", next_step=f"export it first: pdftotext -layout {file.name}"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageFault(
            str(file), expected="UTF-8 text", came=f"byte {error.start}: {error.reason}", next_step="save it as UTF-8"
        ) from error


def _counts(made: Draft) -> dict[str, int]:
    return {
        "sessions": len(made.sessions),
        "clauses": len(made.clauses),
        "addresses": len(made.addresses),
        "forms": len(made.forms) + (made.registration is not None),
        "not placed": len(made.unplaced),
    }
