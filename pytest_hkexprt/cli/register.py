"""``hkexprt register``: a registration, or a form sent back, entered in the ledger."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pytest_hkexprt import participants
from pytest_hkexprt.cli import own
from pytest_hkexprt.cli.access import FILE, WHO
from pytest_hkexprt.cli.say import plain, say
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.reading import near
from pytest_hkexprt.systems.forms import checks, ledger


@click.command(short_help="Enter a registration made, or a form returned.")
@click.argument("circular", type=own.CIRCULAR)
@click.option("--on", required=True, metavar="DATE", help="2023-04-05, or with its time 2023-04-06T17:30")
@click.option("--by", required=True, metavar="NAME", help="who did it")
@click.option("--proof", type=click.Path(path_type=Path), help="the confirmation; its digest is kept, not itself")
@click.option("--form", default="", metavar="NAME", help="a form of the circular was returned, instead of registering")
@click.option("--json", "as_json", is_flag=True, help="JSON for a script")
@WHO
@FILE
def register(
    circular: str, on: str, by: str, proof: Path | None, form: str, as_json: bool, participant_file: str, who: str
) -> None:
    """Enter that the participant registered for CIRCULAR, or returned a form.

    Client Connect and e-mail have no interface to us: the entry is a declaration, and reports say so.

    Exit status: 0 entered and in time, 1 entered but not in time, 2 not entered.
    """
    found = own.find(circular)
    known = own.read(participant_file, "register")
    chosen = participants.only([each.who for each in known], who)
    mine = next(each for each in known if each.who is chosen)
    what = ledger.REGISTRATION
    if form:
        names = {each.name.lower(): each.name for each in found.forms}
        if form.lower() not in names:
            listed = ", ".join(names.values()) or "no form"
            raise UsageFault(f"--form of {found.stem}", expected=listed, came=f"{form}{near(form.lower(), names)}")
        what = names[form.lower()]
    elif found.registration is None:
        raise UsageFault(
            f"circular {found.stem}",
            expected="one that asks for a registration",
            came=f"it asks for none; forms: {', '.join(each.name for each in found.forms) or 'none'}",
            next_step="name the form with --form" if found.forms else "",
        )
    mine.ledger.add(circular=ledger.name_of(found), what=what, participant=mine.who.name, on=on, by=by, proof=proof)
    entries = mine.ledger.entries()
    check = (
        checks.returned(entries, found, mine.who.name, what)
        if form
        else checks.registered(entries, found, mine.who.name)
    )
    if as_json:
        told = {"circular": found.stem, "what": what, "participant": mine.who.name, "in_time": check.met}
        told |= {"came": check.came, "expected": check.expected, "ledger": str(mine.ledger.path)}
        plain(json.dumps(told, indent=2, ensure_ascii=False))
        raise SystemExit(0 if check.met else 1)
    say(f"{what} of {ledger.name_of(found)} {check.came}; expected {check.expected}")
    say(mine.ledger.path)
    if not check.met:
        for remark in ("not in time", *check.details):
            say(remark, err=True)
        raise SystemExit(1)
