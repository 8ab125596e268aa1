"""``hkexprt verify``: whether a run's evidence is as it was written."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from pytest_hkexprt.cli.say import plain, say
from pytest_hkexprt.evidence import folder as folders
from pytest_hkexprt.evidence.verify import verify as look


@click.command(short_help="Say whether a run's evidence is as it was written.")
@click.argument("evidence", type=click.Path(exists=True, path_type=Path), metavar="FOLDER|ZIP")
@click.option("--signers", type=click.Path(path_type=Path), metavar="FILE", help="OpenSSH's file of allowed signers")
@click.option("--json", "as_json", is_flag=True, help="JSON for a script")
def verify(evidence: Path, signers: Path | None, as_json: bool) -> None:
    """Say whether a run's FOLDER, or its ZIP file, is as it was written; if not, exactly what was done to it.

    Exit status: 0 valid, 1 changed or not to be read, 2 wrong use.
    """
    came = look(folders.resolved(evidence), signers)
    if as_json:
        told = {
            "valid": came.valid,
            "run": came.run_id,
            "facts": list(map(str, came.facts)),
            "findings": list(map(str, came.findings)),
        }
        plain(json.dumps(told, indent=2, ensure_ascii=False))
        sys.exit(0 if came.valid else 1)
    say(f"{'valid' if came.valid else 'NOT VALID'}: {came.run_id or evidence.name}")
    for fact in came.facts:
        say(f"  {fact}")
    for finding in came.findings:
        say(f"  {finding}")
    sys.exit(0 if came.valid else 1)
