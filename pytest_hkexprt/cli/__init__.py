"""The ``hkexprt`` command: one file a subcommand, thin over the package."""

from __future__ import annotations

import sys

import click

from pytest_hkexprt import __version__
from pytest_hkexprt.cli.baseline import baseline
from pytest_hkexprt.cli.report import report
from pytest_hkexprt.cli.verify import verify
from pytest_hkexprt.errors import HkexprtError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hkexprt")
def group() -> None:
    """Acceptance of Hong Kong exchange connections, beside pytest."""


group.add_command(baseline)
group.add_command(report)
group.add_command(verify)


def main() -> None:
    """Run the command; a mistake or a refusal is a message and exit status 1, never a traceback."""
    try:
        group()
    except HkexprtError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
