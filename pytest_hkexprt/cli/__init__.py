"""The ``hkexprt`` command: one file a subcommand, thin over the package."""

from __future__ import annotations

import sys

import click

from pytest_hkexprt import __version__
from pytest_hkexprt.cli.agenda import agenda
from pytest_hkexprt.cli.backup import backup
from pytest_hkexprt.cli.baseline import baseline
from pytest_hkexprt.cli.circular import circular
from pytest_hkexprt.cli.circulars import circulars
from pytest_hkexprt.cli.doctor import doctor
from pytest_hkexprt.cli.forms import forms
from pytest_hkexprt.cli.init import init
from pytest_hkexprt.cli.omd import omd
from pytest_hkexprt.cli.register import register
from pytest_hkexprt.cli.report import report
from pytest_hkexprt.cli.run import run
from pytest_hkexprt.cli.simulate import simulate
from pytest_hkexprt.cli.steps import steps
from pytest_hkexprt.cli.terminal import terminal
from pytest_hkexprt.cli.verify import verify
from pytest_hkexprt.errors import HkexprtError, UsageFault


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hkexprt")
def group() -> None:
    """Acceptance of Hong Kong exchange connections, beside pytest."""


group.add_command(agenda)
group.add_command(backup)
group.add_command(baseline)
group.add_command(circular)
group.add_command(circulars)
group.add_command(forms)
group.add_command(register)
group.add_command(report)
group.add_command(verify)
group.add_command(doctor)
group.add_command(init)
group.add_command(omd)
group.add_command(run)
group.add_command(simulate)
group.add_command(steps)
group.add_command(terminal)


def main() -> None:
    """Run the command; what goes wrong is a message, never a traceback.

    Exit status 2 says that something on this side must be mended first, 1 that the other side or the line refused.
    """
    try:
        group()
    except UsageFault as fault:
        click.echo(str(fault), err=True)
        sys.exit(2)
    except HkexprtError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"the local disk: {error}", err=True)
        sys.exit(2)
