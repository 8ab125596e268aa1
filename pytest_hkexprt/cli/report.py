"""``hkexprt report``: a run's report drawn again from its journal."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence import describe, html, journal, verdict


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def report(folder: Path) -> None:
    """Draw report.html of a run's FOLDER again, from its journal alone."""
    if not (folder / describe.JOURNAL).is_file():
        raise UsageFault(str(folder), expected=f"a run's folder, with its {describe.JOURNAL}", came="none")
    click.echo(html.write(folder))
    click.echo(verdict.terminal_line(journal.read(folder / describe.JOURNAL)))
