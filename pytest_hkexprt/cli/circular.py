"""``hkexprt circular draft``: a circular's text made into a first draft of its two files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from pytest_hkexprt import circular as circulars
from pytest_hkexprt.draft import reader, writer
from pytest_hkexprt.draft.facts import Draft
from pytest_hkexprt.errors import UsageFault


@click.group()
def circular() -> None:
    """A circular's data."""


@circular.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), default=Path("features"), help="folder (default: features)")
@click.option("--name", default="", metavar="STEM", help="the files' name (default: that of FILE)")
def draft(file: Path, into: Path, name: str) -> None:
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
    made = reader.read(text)
    into.mkdir(parents=True, exist_ok=True)
    data.write_text(writer.toml(made, source=file.name), "utf-8")
    steps.write_text(writer.feature(made, source=file.name), "utf-8")
    click.echo(f"{data}\n{steps}\n{_told(made)}")
    for line in _otherwise_known(made):
        click.echo(line, err=True)
    try:
        circulars.read(data)
    except UsageFault as fault:
        click.echo(f"the draft does not load yet:\n{fault}", err=True)
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


def _otherwise_known(made: Draft) -> Iterator[str]:
    """Yield the addresses that a circular that ships publishes for the other site."""
    known = {
        (endpoint.system, endpoint.address): (endpoint.site, circular)
        for circular in (circulars.read(path) for path in circulars.known().values())
        for endpoint in circular.endpoints
    }
    for each in made.addresses:
        site, circular = known.get((each.system, each.address), (each.site, None))
        if circular and site is not each.site:
            yield (
                f"look at {each.address} (line {each.line}): drafted as the {each.site} site's, "
                f"{circular.reference or circular.stem} has it as the {site} site's"
            )


def _told(made: Draft) -> str:
    counts = {
        "sessions": len(made.sessions),
        "clauses": len(made.clauses),
        "addresses": len(made.addresses),
        "forms": len(made.forms) + (made.registration is not None),
        "not placed": len(made.unplaced),
    }
    return ", ".join(f"{name}: {count}" for name, count in counts.items())
