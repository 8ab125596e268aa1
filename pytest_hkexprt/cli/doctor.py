"""``hkexprt doctor``: what would go wrong in a live session, found beforehand, each with its remedy."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import click

from pytest_hkexprt import circular as circulars
from pytest_hkexprt.cli.access import EACH, FILE
from pytest_hkexprt.cli.say import plain
from pytest_hkexprt.finding import Finding, State

WIDTH = 80
SIGNS = {State.GOOD: ("ok", "green"), State.REMARK: ("--", "yellow"), State.PROBLEM: ("!!", "red")}


@click.command(short_help="Find what a live session would fail of.")
@EACH
@FILE
@click.option("--circular", default="rap", metavar="NAME", help="whose session is ahead (default: rap)")
@click.option("--ntp", default="", metavar="SERVER", help="time server to compare the clock with (host or host:port)")
@click.option("--json", "as_json", is_flag=True, help="JSON for a script")
def doctor(participant_file: str, who: str, circular: str, ntp: str, as_json: bool) -> None:
    """Look at the participant file, keys, host keys, line, clock, calendar and ports.

    Nobody is dialled, except the time server you name. Signs: ok, -- a remark (a rehearsal works), !! a problem (a
    live session would fail).

    Exit status: 0 no problem, 1 a problem, 2 wrong use.
    """
    from pytest_hkexprt import doctor as examination  # noqa: PLC0415  it looks at everything, for this command alone

    here = Path.cwd()
    ahead = circulars.find(circular, here / "features")
    found = list(examination.examine(participant_file, here, ahead, ntp, who))
    problems = sum(finding.state is State.PROBLEM for finding in found)
    if as_json:
        plain(json.dumps([_plain(finding) for finding in found], indent=2))
    else:
        for finding in found:
            _tell(finding)
        plain(f"\n{problems or 'no'} problem{'' if problems == 1 else 's'}")
    if problems:
        raise SystemExit(1)


def _plain(finding: Finding) -> dict[str, str]:
    return {"subject": finding.subject, "state": finding.state, "text": finding.text, "remedy": finding.remedy}


def _tell(finding: Finding) -> None:
    sign, colour = SIGNS[finding.state]
    first, *rest = f"{finding.subject}: {finding.text}".splitlines()
    for number, line in enumerate([*textwrap.wrap(first, WIDTH - 4), *rest]):
        plain(f"{click.style(sign, fg=colour) if not number else '  '}  {line}")
    for number, line in enumerate(textwrap.wrap(finding.remedy, WIDTH - 12)):
        plain(f"    {'remedy: ' if not number else '        '}{line}")
