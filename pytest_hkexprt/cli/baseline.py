"""``hkexprt baseline``: what the report folder held on a business date, recorded and shown."""

from __future__ import annotations

import click


@click.group()
def baseline() -> None:
    """Record what the report folder holds on a business date, and show what was recorded."""
