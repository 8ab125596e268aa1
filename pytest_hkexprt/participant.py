"""``hkexprt.toml`` read into a :class:`~pytest_hkexprt.model.Participant`.

The tables of the systems are handed on as read: only a system's own code knows its keys. Secrets do not belong in the
file; a system names an environment variable or a key file instead.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from pathlib import Path

from pytest_hkexprt import shipped
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import ROLES, Participant
from pytest_hkexprt.reading import Table, load, tell
from pytest_hkexprt.schedule import BusinessDates

FILE_NAME = "hkexprt.toml"
LINES = ("HSN", "SDNET")
CONTACT = ("name", "position", "telephone", "email", "company")
"""Keys of ``[contact]``: who answers a circular; the company where it is not the participant's own name."""

LINES_TO_WRITE = """\
participant = "Your Company Limited"
roles = ["CP"]

[rap]
user = "YOURUSERID"
key = "id_ed25519"

[rap.host_keys]
primary = ["SHA256:…"]
secondary = ["SHA256:…"]"""
"""The fewest lines that make a participant file."""


def read(path: Path) -> tuple[Participant, BusinessDates]:
    """Return the participant a file describes, and the business dates with its exceptions.

    Raises:
        UsageFault: the file cannot be read or has mistakes; the message names table and key of each.
    """
    table = Table(load(path))
    name = table.text("participant", required=True)
    roles = table.words("roles", required=True, among=ROLES)
    data = table.text("data_folder", "hkexprt-data")
    line, source, subnet = _line(table)
    dates = _calendar(table)
    contact = _contact(table)
    evidence = table.table("evidence") or Table({})
    sign_with = evidence.text("sign_with")
    hidden, hidden_variables = evidence.words("hide"), evidence.words("hide_env")
    evidence.unknown()
    systems: dict[str, dict[str, object]] = {}
    for system in shipped.systems():
        below = table.table(system)
        if below is not None:
            systems[system] = below.raw()
    table.unknown()
    tell(path, table.mistakes)
    participant = Participant(
        name=name,
        roles=roles,
        line=line,
        source_address=source,
        subnet=subnet,
        data_folder=path.parent / data,
        contact=contact,
        path=path,
        systems=systems,
        sign_with=path.parent / Path(sign_with).expanduser() if sign_with else None,
        hidden=hidden,
        hidden_variables=hidden_variables,
    )
    return participant, dates


def find(given: str, invoked_from: Path, rootdir: Path) -> Path | None:
    """Return the participant file: the one given, else ``hkexprt.toml`` where one works, else at the root directory.

    Raises:
        UsageFault: the one given is not there.
    """
    if given:
        path = invoked_from / given
        if not path.is_file():
            raise UsageFault("--participant", expected="a participant file", came=f"{path}: no such file")
        return path
    return next((path for folder in (invoked_from, rootdir) if (path := folder / FILE_NAME).is_file()), None)


def generated() -> Participant:
    """Return the participant a rehearsal uses where there is no file."""
    return Participant(name="Rehearsal Participant (generated)", roles=ROLES)


def _line(table: Table) -> tuple[str, str, str]:
    entry = table.table("line")
    if entry is None:
        return "", "", ""
    name, source = entry.text("name", required=True), entry.text("source_address")
    subnet = entry.text("subnet")
    entry.unknown()
    if name and name not in LINES:
        entry.wrong("name", f"{name!r} is not one of {', '.join(LINES)}")
    if source:
        try:
            ipaddress.ip_address(source)
        except ValueError:
            entry.wrong("source_address", f"{source!r} is not an IP address")
    if subnet:
        try:
            network = ipaddress.ip_network(subnet, strict=False)
            if source and ipaddress.ip_address(source) not in network:
                entry.wrong("subnet", f"{subnet} does not hold the source_address, {source}")
        except ValueError:
            entry.wrong("subnet", f"{subnet!r} is not a network such as 192.0.2.0/24")
    return name, source, subnet


def _contact(table: Table) -> dict[str, str]:
    entry = table.table("contact")
    if entry is None:
        return {}
    found = {key: entry.text(key) for key in CONTACT}
    entry.unknown()
    return {key: value for key, value in found.items() if value}


def _calendar(table: Table) -> BusinessDates:
    entry = table.table("calendar")
    if entry is None:
        return BusinessDates()
    dates: dict[str, frozenset[dt.date]] = {}
    for key in ("closed", "open"):
        found = entry.listed(key)
        if not all(type(date) is dt.date for date in found):
            entry.wrong(key, "expected a list of dates, such as [2026-07-01]")
            found = []
        dates[key] = frozenset(date for date in found if isinstance(date, dt.date))
    entry.unknown()
    return BusinessDates(**dates)
