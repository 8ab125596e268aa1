"""The exception tree, by who is at fault.

One root, five branches: the user, we, they, the line, a check. A message names where (system, site, endpoint), what
was expected, what came, and what to do next; :func:`compose` puts the parts in that order, so that every error of the
project reads alike.
"""

from __future__ import annotations


def compose(where: str, *, expected: str = "", came: str = "", next_step: str = "") -> str:
    """Join the parts of a message into lines: where, expected, came, what to do next; empty parts are left out."""
    parts = [where]
    if expected:
        parts.append(f"  expected: {expected}")
    if came:
        parts.append(f"  came:     {came}")
    if next_step:
        parts.append(f"  next:     {next_step}")
    return "\n".join(parts)


class HkexprtError(Exception):
    """The root of every exception this project raises on purpose.

    Args:
        where: system, site and endpoint, or the file and key, in one line.
        expected: what should have been.
        came: what was.
        next_step: what the reader can do about it.
    """

    def __init__(self, where: str, *, expected: str = "", came: str = "", next_step: str = "") -> None:
        super().__init__(compose(where, expected=expected, came=came, next_step=next_step))
        self.where = where
        self.expected = expected
        self.came = came
        self.next_step = next_step


class UsageFault(HkexprtError):
    """The user asked for something that cannot be: a wrong option, file, table or key."""


class LocalProtocolError(HkexprtError):
    """We broke a protocol's rules."""


class RemoteProtocolError(HkexprtError):
    """The other side broke a protocol's rules, or refused what it should have granted."""


class Unreachable(HkexprtError):
    """The line: no connection could be made, or it was cut, or it fell silent."""


class Unmet(HkexprtError, AssertionError):
    """A check compared, and what came is not what was expected.

    An assertion as well: other tools tell a test that failed (Allure) from one that broke by that.
    """
