"""``hkexprt circulars``: the circulars that are known, the project's and those that ship."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from pytest_hkexprt import circular as known_circulars
from pytest_hkexprt import shipped
from pytest_hkexprt.cli import own
from pytest_hkexprt.cli.say import plain, say
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Session


@dataclass(frozen=True, slots=True)
class _Listed:
    name: str
    reference: str
    subject: str
    sessions: list[str]
    origin: str
    mistakes: str


@click.command(short_help="List the circulars there are, yours and ours.")
@click.option("--json", "as_json", is_flag=True, help="JSON for a script")
def circulars(as_json: bool) -> None:
    """List the circulars there are, yours in features/ and those that ship.

    Exit status: 0 all can be read, 1 one of them has mistakes.
    """
    listed = [_listed(name, path) for name, path in sorted(known_circulars.known(own.features()).items())]
    if as_json:
        plain(json.dumps([asdict(each) for each in listed], indent=2, ensure_ascii=False))
    else:
        for each in listed:
            say(f"{each.name} ({each.origin}) {each.reference or 'no reference'}\n  {each.subject}")
            for line in each.sessions:
                say(f"  {line}")
            if each.mistakes:
                say(f"  {each.mistakes}", err=True)
    if any(each.mistakes for each in listed):
        raise SystemExit(1)


def _when(session: Session) -> str:
    return f"{session.starts:%Y-%m-%d %H:%M} to {session.ends:%H:%M}" if session.timed else f"{session.starts:%Y-%m-%d}"


def _listed(name: str, path: Path) -> _Listed:
    origin = "ships" if path.parent == shipped.features_folder() else "yours"
    try:
        circular = known_circulars.read(path)
    except UsageFault as fault:
        return _Listed(name, "", "cannot be read", [], origin, str(fault))
    sessions = [f"{_when(session)}  {session.name}, {session.place}" for session in circular.sessions]
    return _Listed(name, circular.reference, circular.subject, sessions, origin, "")
