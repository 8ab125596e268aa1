"""The ``hkexprt`` command: one file a subcommand, thin over the package."""

from __future__ import annotations

import importlib
import sys

import click

from pytest_hkexprt import __version__
from pytest_hkexprt.cli.say import make_printable, say
from pytest_hkexprt.errors import HkexprtError, UsageFault, compose

COMMANDS = (
    "agenda", "backup", "baseline", "circular", "circulars", "doctor", "forms", "init", "merge", "omd", "register",
    "report", "run", "simulate", "steps", "terminal", "verify",
)  # fmt: skip
"""Each stands in the file of its name."""


UTF_8 = "set LC_ALL=C.UTF-8, or PYTHONUTF8=1"
"""What gives Python a file system whose names may be Chinese."""


class Lazy(click.Group):
    """A group that imports a command when it is asked for: most need no SSH, no browser and no template."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported now; None for a name that is none."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"{__name__}.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hkexprt")
def group() -> None:
    """Acceptance of Hong Kong exchange connections, beside pytest."""


def main() -> None:
    """Run the command; what goes wrong is a message, never a traceback.

    Exit status 2 says that something on this side must be mended first, 1 that the other side or the line refused.
    """
    make_printable()
    try:
        group()
    except UsageFault as fault:
        say(fault, err=True)
        sys.exit(2)
    except HkexprtError as error:
        say(error, err=True)
        sys.exit(1)
    except UnicodeEncodeError as error:
        lacking = f"{error.encoding}, which has not all of it"
        say(compose(repr(error.object), expected="a name for a file", came=lacking, next_step=UTF_8), err=True)
        sys.exit(2)
    except OSError as error:
        say(f"the local disk: {error}", err=True)
        sys.exit(2)
