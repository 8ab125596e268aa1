"""``hkexprt agenda``: what the circulars ask for and when, with days left; also as a calendar file."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from pytest_hkexprt import clock
from pytest_hkexprt.agenda import Due, State
from pytest_hkexprt.cli import own
from pytest_hkexprt.cli.access import EACH, FILE
from pytest_hkexprt.cli.say import plain, say
from pytest_hkexprt.clock import HONG_KONG

WITH_BASELINE = ("rap",)
"""The systems whose sessions are compared with the last business date."""
PAST = (State.OVER, State.DONE, State.MISSED)


@click.command(short_help="What is due, and when.")
@click.argument("circular", nargs=-1, type=own.CIRCULAR)
@click.option("--all", "everything", is_flag=True, help="also what is over or done")
@click.option("--ics", type=click.Path(path_type=Path), help="write all of it as a calendar file for Outlook or Google")
@click.option("--json", "as_json", is_flag=True, help="JSON for a script")
@EACH
@FILE
def agenda(
    circular: tuple[str, ...], everything: bool, ics: Path | None, as_json: bool, participant_file: str, who: str
) -> None:
    """Show what is due, of every circular or of those named.

    With a participant file here, what its ledger declares as done is left out, and what is owed is said.

    Exit status: 0 nothing is owed, 1 something is, 2 wrong use.
    """
    everyone = own.read_if_there(participant_file, who)
    entries = own.agenda(everyone, circular, with_baseline=WITH_BASELINE)
    now = clock.now()
    if ics:
        from pytest_hkexprt import calendar_file  # noqa: PLC0415  for those who ask for one

        ics.write_bytes(calendar_file.render(entries, now))
        say(f"{ics}: {len(entries)} entries", err=True)
    shown = [due for due in entries if everything or due.state(now) not in PAST]
    if as_json:
        plain(json.dumps([_plain(due, now) for due in shown], indent=2, ensure_ascii=False))
    else:
        for due in shown:
            pattern = "%a %Y-%m-%d      " if due.whole_days else "%a %Y-%m-%d %H:%M"
            when = due.starts.astimezone(HONG_KONG).strftime(pattern)
            say(f"{when}  {_left(due, now):<13}  {due.circular.stem}: {due.named}")
        if not shown:
            say("nothing is due; --all shows what is over" if entries else "no circular asks for anything")
    if everyone and any(due.state(now) in (State.OWED, State.LATE) for due in entries):
        raise SystemExit(1)


def _left(due: Due, now: dt.datetime) -> str:
    state, days = due.state(now), due.days_left(now)
    if state is not State.COMING:
        return state
    return "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"


def _plain(due: Due, now: dt.datetime) -> dict[str, object]:
    return {
        "participant": due.whose,
        "circular": due.circular.stem,
        "reference": due.circular.reference,
        "kind": due.kind,
        "what": due.what,
        "starts": due.starts.astimezone(HONG_KONG).isoformat(),
        "ends": due.ends.astimezone(HONG_KONG).isoformat(timespec="seconds"),
        "state": due.state(now),
        "days_left": due.days_left(now),
    }
