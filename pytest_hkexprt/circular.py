"""A circular's TOML read into a :class:`~pytest_hkexprt.model.Circular`.

A new circular is two data files and no Python, so the data is checked here as strictly as code would be: types,
windows, deadlines, sites without an address, clauses named twice, all mistakes at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from pathlib import Path

from pytest_hkexprt import shipped
from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import (
    ROLES,
    Circular,
    Clause,
    Endpoint,
    Form,
    FormWhen,
    Period,
    Registration,
    Session,
    Site,
)
from pytest_hkexprt.reading import LAST_SECOND, Table, load, near, tell


@lru_cache(maxsize=64)
def read(path: Path) -> Circular:
    """Return the circular that a TOML file restates.

    Raises:
        UsageFault: the file cannot be read, or its data has mistakes; the message names table and key of each.
    """
    table = Table(load(path))
    systems = shipped.systems()
    unpublished, endpoints = _addresses(table, systems)
    sessions = tuple(_sessions(table, systems))
    circular = Circular(
        stem=path.stem,
        path=path,
        reference=table.text("reference"),
        dated=table.date("dated"),
        issuer=table.text("issuer", required=True),
        subject=table.text("subject", required=True),
        roles=table.words("roles", required=True, among=ROLES),
        sessions=sessions,
        clauses=tuple(_clauses(table)),
        endpoints=endpoints,
        registration=_registration(table, sessions),
        stabilisation=_stabilisation(table),
        forms=tuple(_forms(table, sessions)),
        restates=table.text("restates"),
    )
    table.unknown()
    _sites_have_addresses(table, circular, unpublished)
    tell(path, table.mistakes)
    return circular


def known(*folders: Path) -> dict[str, Path]:
    """Return the circulars in the user's ``folders`` and those that ship, stem to file; the user's win."""
    found: dict[str, Path] = {}
    for folder in (shipped.features_folder(), *reversed(folders)):
        found.update({path.stem: path for path in sorted(folder.glob("*.toml"))})
    return found


def find(name: str, *folders: Path) -> Circular:
    """Return the circular of that stem or reference.

    Raises:
        UsageFault: there is none; the message lists those there are, the nearest first.
    """
    stems = known(*folders)
    if name in stems:
        return read(stems[name])
    references = {reference: path for path in stems.values() if (reference := _reference(path))}
    if name and name in references:
        return read(references[name])
    names = [*stems, *references]
    raise UsageFault(
        "--circular", expected=f"one of {', '.join(names)}", came=f"{name}{near(name, names)}", next_step="name one"
    )


def _reference(path: Path) -> str:
    """Return a circular's reference; of one with mistakes nothing, for whoever asks for it by name is told them."""
    try:
        return read(path).reference
    except UsageFault:
        return ""


def _sessions(table: Table, systems: tuple[str, ...]) -> Iterator[Session]:
    earlier: list[Session] = []
    names = [entry.text("name") for entry in table.tables("session")]
    for entry in table.tables("session"):
        session = _session(entry, systems)
        if session is None:
            continue
        _follows(entry, session, earlier, names)
        for other in earlier:
            if other.name == session.name:
                entry.wrong("name", f"{session.name!r} is the name of an earlier session too")
            overlap = other.starts < session.ends and session.starts < other.ends
            if overlap and {*other.sites} & {*session.sites} and _share_roles(other, session):
                entry.wrong("starts", f"overlaps {other.name!r} at the same site")
        earlier.append(session)
        yield session
    if not names:
        table.wrong("session", "missing; expected at least one [[session]]")


def _session(entry: Table, systems: tuple[str, ...]) -> Session | None:
    """Return the session of an entry; None where mistakes leave none to speak of."""
    name, where = entry.text("name", required=True), _sites(entry)
    date = entry.date("date")
    starts, ends = entry.moment("starts", required=date is None), entry.moment("ends", required=date is None)
    if date and (starts or ends):
        entry.wrong("date", "beside starts and ends; a session has either its times, or only its date")
    elif date:
        starts, ends = (dt.datetime.combine(date, time, HONG_KONG) for time in (dt.time.min, LAST_SECOND))
    used = entry.words("systems", required=True, among=systems)
    roles = entry.words("roles", among=ROLES)
    subject_to, register_by = entry.names("subject_to"), entry.until("register_by")
    focus = entry.text("focus")
    entry.unknown()
    if starts and ends and ends <= starts:
        entry.wrong("ends", f"{ends.isoformat()} is not after the start, {starts.isoformat()}")
    if register_by and starts and register_by > starts:
        entry.wrong("register_by", f"{register_by.isoformat()} is after the session's start, {starts.isoformat()}")
    if not (starts and ends and where):
        return None
    return Session(
        name,
        where[0],
        starts,
        ends,
        used,
        fails_over_to=where[1] if len(where) > 1 else None,
        timed=date is None,
        roles=roles,
        subject_to=subject_to,
        register_by=register_by,
        focus=focus,
    )


def _sites(entry: Table) -> tuple[Site, ...]:
    """Return a session's site, or the two of a failover in their order; nothing where there is a mistake."""
    pair = entry.words("failover")
    site = entry.text("site", required=not pair)
    key, words = ("failover", pair) if pair else ("site", (site,) if site else ())
    strange = [word for word in words if word not in list(Site)]
    for word in strange:
        entry.wrong(key, f"{word!r} is not one of {', '.join(Site)}{near(word, Site)}")
    if site and pair:
        entry.wrong("failover", "beside site; a session has either one site, or the two of a failover")
    elif pair and not strange and sorted(pair) != sorted(Site):
        entry.wrong("failover", f'expected two sites, such as ["primary", "secondary"], came {list(pair)}')
        return ()
    return () if strange else tuple(map(Site, words))


def _follows(entry: Table, session: Session, earlier: Sequence[Session], names: Sequence[str]) -> None:
    """Remember a condition on a session that is not an earlier one."""
    before = [other.name for other in earlier]
    for name in session.subject_to:
        if name not in before:
            what = "is not an earlier session" if name in names else f"is no session{near(name, before)}"
            entry.wrong("subject_to", f"{name!r} {what}")


def _share_roles(one: Session, other: Session) -> bool:
    return not one.roles or not other.roles or bool({*one.roles} & {*other.roles})


def _clauses(table: Table) -> Iterator[Clause]:
    seen: set[str] = set()
    for entry in table.tables("clause"):
        clause = Clause(
            id=entry.text("id", required=True),
            asks=entry.text("asks", required=True),
            where=entry.text("where"),
            untested=entry.text("untested"),
        )
        entry.unknown()
        if clause.id in seen:
            entry.wrong("id", f"{clause.id!r} is an earlier clause's")
        if clause.id and not clause.id.replace("-", "").isidentifier():
            entry.wrong("id", f"{clause.id!r} is not a word (letters, digits, hyphens)")
        seen.add(clause.id)
        yield clause


def _addresses(table: Table, systems: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Endpoint, ...]]:
    """Return the systems whose addresses the circular says it does not give, and the addresses it gives."""
    addresses = table.table("addresses")
    if addresses is None:
        return (), ()
    unpublished = addresses.words("unpublished", among=systems)
    return unpublished, tuple(_endpoints(addresses, systems))


def _endpoints(addresses: Table, systems: tuple[str, ...]) -> Iterator[Endpoint]:
    for system in addresses.keys():  # noqa: SIM118  a Table's keys() also counts them as asked for
        if system == "unpublished":
            continue
        if system not in systems:
            addresses.wrong(system, f"is not one of the systems {', '.join(systems)}{near(system, systems)}")
        elif (sites := addresses.table(system)) is not None:
            for site in Site:
                yield from _site_endpoints(sites, system, site)
            sites.unknown()


def _site_endpoints(sites: Table, system: str, site: Site) -> Iterator[Endpoint]:
    for address in sites.words(site):
        host, port = split_address(address)
        if port is None:
            sites.wrong(site, f"{address!r} is not host:port")
        else:
            yield Endpoint(system, site, host, port)


def split_address(address: str) -> tuple[str, int | None]:
    """Return host and port of ``host:port``; the port is None where there is no valid one."""
    host, _, port = address.rpartition(":")
    valid = host and port.isascii() and port.isdecimal() and 0 < int(port) < 65536  # noqa: PLR2004  TCP's range
    return host, int(port) if valid else None


def _registration(table: Table, sessions: Iterable[Session]) -> Registration | None:
    entry = table.table("registration")
    if entry is None:
        return None
    channel, deadline = entry.text("channel", required=True), entry.until("deadline", required=True)
    entry.unknown()
    first = min((session.starts for session in sessions), default=None)
    if deadline and first and deadline > first:
        entry.wrong("deadline", f"{deadline.isoformat()} is after the first session, {first.isoformat()}")
    return Registration(channel, deadline) if deadline else None


def _forms(table: Table, sessions: Sequence[Session]) -> Iterator[Form]:
    for entry in table.tables("form"):
        name, returned_to = entry.text("name", required=True), entry.text("returned_to", required=True)
        deadline, when = entry.until("deadline", required=True), entry.text("when", required=True)
        entry.unknown()
        if when and when not in list(FormWhen):
            entry.wrong("when", f"{when!r} is not one of {', '.join(FormWhen)}{near(when, FormWhen)}")
        elif deadline and when:
            first = min((session.starts for session in sessions), default=deadline)
            if when == FormWhen.BEFORE and deadline > first:
                entry.wrong("deadline", f"{deadline.isoformat()} is after the first session, {first.isoformat()}")
            if when == FormWhen.AFTER and deadline < first:
                entry.wrong("deadline", f"{deadline.isoformat()} is before the first session, {first.isoformat()}")
            yield Form(name, returned_to, deadline, FormWhen(when))


def _stabilisation(table: Table) -> Period | None:
    entry = table.table("stabilisation")
    if entry is None:
        return None
    starts, ends = entry.date("starts", required=True), entry.date("ends", required=True)
    entry.unknown()
    if starts and ends and ends < starts:
        entry.wrong("ends", f"{ends} is before the start, {starts}")
    return Period(starts, ends) if starts and ends else None


def _sites_have_addresses(table: Table, circular: Circular, unpublished: Sequence[str]) -> None:
    have = {(endpoint.system, endpoint.site) for endpoint in circular.endpoints}
    for session in circular.sessions:
        for system, site in product(session.systems, session.sites):
            if (system, site) not in have and system not in unpublished:
                table.wrong(f"addresses.{system}.{site}", f"missing; {session.name!r} needs it")
