"""``hkexprt forms``: what was sent back, and what is owed."""

from __future__ import annotations

import json

import click

from pytest_hkexprt import agenda as agendas
from pytest_hkexprt import clock
from pytest_hkexprt.agenda import State
from pytest_hkexprt.cli import own
from pytest_hkexprt.cli.access import FILE
from pytest_hkexprt.clock import HONG_KONG


@click.command()
@click.argument("circular", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="JSON for a script")
@FILE
def forms(circular: tuple[str, ...], as_json: bool, participant_file: str) -> None:
    """List registrations and forms of every circular, or of those named: what was sent back, what is owed.

    Exit status: 0 nothing is owed, 1 something is owed or was late, 2 wrong use.
    """
    mine = own.read(participant_file, "forms")
    entries = agendas.agenda(own.concerning(circular, mine), mine.dates, declared=mine.declared())
    now = clock.now()
    listed = [
        {
            "circular": due.circular.stem,
            "what": due.what,
            "deadline": due.ends.astimezone(HONG_KONG).isoformat(),
            "declared": due.declared.isoformat() if due.declared else "",
            "state": due.state(now),
        }
        for due in entries
        if due.deadline
    ]
    if as_json:
        click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
    else:
        for each in listed:
            click.echo(
                f"{each['state']:<7} by {each['deadline'][:16].replace('T', ' ')}  {each['circular']}: {each['what']}"
            )
        if not listed:
            click.echo("no circular asks for a registration or a form")
    if any(each["state"] in (State.OWED, State.LATE) for each in listed):
        raise SystemExit(1)
