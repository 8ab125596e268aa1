"""The person who sits there: told what to do, asked for a code, and named in the evidence as who did it.

What is said goes to the terminal itself, past whatever a test runner does with the program's output; where there is
no terminal, nobody can be asked, and that is said at once.
"""

from __future__ import annotations

import getpass
import os
import subprocess
from collections.abc import Sequence
from typing import TextIO

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Secret

COMMAND_TIMEOUT_S = 60.0
TERMINAL = "CON" if os.name == "nt" else "/dev/tty"
REHEARSED = "the rehearsal, in a person's place"
PERSON = "a person"


class Operator:
    """A person at the terminal.

    Args:
        timeout_s: how long a person may take.
        terminal: where the person is; None opens the process's own terminal.
    """

    done_by = PERSON
    """What the evidence says of who did it."""

    def __init__(self, timeout_s: float, terminal: TextIO | None = None) -> None:
        self.timeout_s = timeout_s
        self._terminal = terminal

    def tell(self, what: str) -> None:
        """Tell the person what to do.

        Raises:
            UsageFault: there is no terminal.
        """
        text = f"\n>>> {what}. This waits for {self.timeout_s:.0f} s.\n"
        if self._terminal is not None:
            self._terminal.write(text)
            return
        try:
            with open(TERMINAL, "w", encoding="utf-8") as terminal:  # noqa: PTH123  a device
                terminal.write(text)
        except OSError as error:
            raise UsageFault(
                "ccass: operator",
                expected="a terminal at which a person sits",
                came=error.strerror or str(error),
                next_step="run it in a terminal, and without -n",
            ) from error

    def code(self, terminal: str) -> Secret:
        """Return the two-factor code a person types.

        Raises:
            UsageFault: there is no terminal.
        """
        self.tell(f"Type the two-factor code for {terminal} and press Enter")
        try:
            return Secret(getpass.getpass("code: ").strip())
        except (EOFError, OSError) as error:
            raise UsageFault(
                "ccass: operator",
                expected="a two-factor code",
                came=str(error) or "nothing was typed",
                next_step="set [ccass] code_command in hkexprt.toml, or run it in a terminal",
            ) from error


class Rehearsed(Operator):
    """The person's stand-in in a rehearsal: nobody is told anything."""

    done_by = REHEARSED

    def tell(self, what: str) -> None:
        """Say nothing."""


def code_by(command: Sequence[str]) -> Secret:
    """Return the two-factor code a command prints.

    Raises:
        UsageFault: it cannot be run, fails, takes too long, or prints nothing.
    """
    where = f"[ccass] code_command: {command[0]}"
    try:
        done = subprocess.run(  # noqa: S603  the participant's own command, from its own file
            command, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_S, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageFault(where, expected="a command that prints a code", came=str(error)) from error
    code = done.stdout.strip()
    if done.returncode or not code:
        raise UsageFault(
            where,
            expected="a command that prints a code",
            came=f"exit status {done.returncode}, {'nothing printed' if not code else 'something printed'}",
            next_step="run it by hand",
        )
    return Secret(code)
