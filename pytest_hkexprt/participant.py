"""``hkexprt.toml`` read into a :class:`~pytest_hkexprt.model.Participant`.

The tables of the systems are handed on as read: only a system's own code knows its keys. Secrets do not belong in the
file; a system names an environment variable or a key file instead.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_hkexprt import shipped
from pytest_hkexprt.addresses import is_number
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import ROLES, Participant
from pytest_hkexprt.participants import ALL, slug
from pytest_hkexprt.reading import Table, load, tell
from pytest_hkexprt.schedule import BusinessDates

FILE_NAME = "hkexprt.toml"
FOLDER = "hkexprt-data"
OWN = ("name",)
"""What only one of several participants has, and nobody in common."""
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


@dataclass(frozen=True, slots=True)
class Evidence:
    """``[evidence]``: what the file says of the evidence, for all its participants."""

    sign_with: str
    hide: tuple[str, ...]
    hide_env: tuple[str, ...]
    lang: str = ""
    """As a journal names it."""


def read(path: Path) -> tuple[Participant, BusinessDates]:
    """Return the participant a file describes, and the business dates with its exceptions.

    Raises:
        UsageFault: the file cannot be read or has mistakes, or it describes several; the message names table and key.
    """
    known, dates = read_all(path)
    if len(known) > 1:
        raise UsageFault(
            str(path), expected="one participant", came=", ".join(who.name for who in known), next_step="choose one"
        )
    return known[0], dates


def read_all(path: Path) -> tuple[tuple[Participant, ...], BusinessDates]:
    """Return the participants a file describes, and the business dates with its exceptions.

    One stands at the top of the file: ``participant = "…"``. Several have a table each, ``[[participant]]`` with a
    ``name``; what stands at the top then is everybody's, as far as one's own table does not say otherwise.

    Raises:
        UsageFault: the file cannot be read or has mistakes; the message names table and key of each.
    """
    data = load(path)
    if not isinstance(data.get("participant"), list):
        table = Table(data)
        dates, evidence = _calendar(table), _evidence(table)
        own = table.text("data_folder", FOLDER)
        who = _participant(table, path, evidence, name=table.text("participant", required=True), folder=own)
        tell(path, table.mistakes)
        return (who,), dates
    table = Table({key: value for key, value in data.items() if key not in OWN})
    dates, evidence = _calendar(table), _evidence(table)
    base = table.text("data_folder", FOLDER)
    entries = table.tables("participant")
    for key in {*data} & {*OWN}:
        table.wrong(key, "belongs to each [[participant]] of its own")
    shared = {key: data[key] for key in ("roles", "line", "contact", *shipped.systems()) if key in data}
    for key in shared:
        table.asked(key)
    table.unknown()
    found = [_of_several(entry, shared, path, evidence, base) for entry in entries]
    _told_apart(found, table)
    tell(path, table.mistakes)
    return tuple(found), dates


def _of_several(entry: Table, shared: dict[str, object], path: Path, evidence: Evidence, base: str) -> Participant:
    """Return one of several participants, with what is everybody's under its own."""
    own = Table(laid_over(shared, entry.raw()), entry.name, entry.mistakes)
    name = own.text("name", required=True)
    folder = own.text("data_folder", f"{base}/{slug(name)}")
    return _participant(own, path, evidence, name=name, folder=folder)


def _participant(table: Table, path: Path, evidence: Evidence, *, name: str, folder: str) -> Participant:
    roles = table.words("roles", required=True, among=ROLES)
    line, source, subnet = _line(table)
    contact = _contact(table)
    systems: dict[str, dict[str, object]] = {}
    for system in shipped.systems():
        below = table.table(system)
        if below is not None:
            systems[system] = below.raw()
    table.unknown()
    return Participant(
        name=name,
        roles=roles,
        line=line,
        source_address=source,
        subnet=subnet,
        data_folder=path.parent / folder,
        contact=contact,
        path=path,
        systems=systems,
        sign_with=path.parent / Path(evidence.sign_with).expanduser() if evidence.sign_with else None,
        lang=evidence.lang,
        hidden=evidence.hide,
        hidden_variables=evidence.hide_env,
    )


def laid_over(shared: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """Return one's own values, and what is everybody's where there is none; table by table."""
    both = dict(shared)
    for key, value in own.items():
        below = both.get(key)
        both[key] = laid_over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return both


def _told_apart(found: Sequence[Participant], table: Table) -> None:
    """Remember participants that reports or folders could not tell apart."""
    if not found:
        table.wrong("participant", "expected at least one [[participant]]")
    for number, who in enumerate(found):
        for other in found[:number]:
            if slug(who.name) == slug(other.name):
                table.wrong(f"[participant {number + 1}] name", f"{who.name!r} is {other.name!r} again")
            elif who.data_folder == other.data_folder:
                table.wrong(f"[participant {number + 1}] data_folder", f"is that of {other.name}; each has its own")
        if (who.name and not slug(who.name)) or slug(who.name) == ALL:
            table.wrong(f"[participant {number + 1}] name", f"{who.name!r} is no name that can be chosen")


def find(given: str, invoked_from: Path, rootdir: Path) -> Path | None:
    """Return the participant file: the one given, else ``hkexprt.toml`` where one works, else at the root directory.

    Raises:
        UsageFault: the one given is not there.
    """
    if given:
        path = invoked_from / given
        if not path.is_file():
            raise UsageFault("--participant-file", expected="a participant file", came=f"{path}: no such file")
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
    if source and not is_number(source):
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


def _evidence(table: Table) -> Evidence:
    entry = table.table("evidence") or Table({})
    from pytest_hkexprt.evidence.labels import LANGUAGES  # noqa: PLC0415  for who has a participant file

    lang = entry.text("lang").lower()
    if lang and lang not in LANGUAGES:
        entry.wrong("lang", f"expected en or zh-Hant, came {lang}")
    found = Evidence(entry.text("sign_with"), entry.words("hide"), entry.words("hide_env"), LANGUAGES.get(lang, ""))
    entry.unknown()
    return found


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
