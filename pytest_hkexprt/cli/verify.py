"""``hkexprt verify``: whether a run's evidence is as it was written."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pytest_hkexprt.evidence import folder as folders
from pytest_hkexprt.evidence.verify import verify as look


@click.command()
@click.argument("evidence", type=click.Path(exists=True, path_type=Path), metavar="FOLDER|ZIP")
@click.option("--signers", type=click.Path(path_type=Path), metavar="FILE", help="OpenSSH's file of allowed signers")
def verify(evidence: Path, signers: Path | None) -> None:
    """Say whether a run's FOLDER, or its ZIP file, is as it was written; if not, exactly what was done to it.

    Exit status 0 for valid evidence, 1 for evidence that was changed or cannot be read.
    """
    came = look(folders.resolved(evidence), signers)
    click.echo(f"{'valid' if came.valid else 'NOT VALID'}: {came.run_id or evidence.name}")
    for fact in came.facts:
        click.echo(f"  {fact}")
    for finding in came.findings:
        click.echo(f"  {finding}")
    sys.exit(0 if came.valid else 1)
