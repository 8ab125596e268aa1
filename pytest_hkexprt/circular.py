"""A circular's TOML read into a :class:`~pytest_hkexprt.model.Circular`.

A new circular is two data files and no Python, so the data is checked here as strictly as code would be: types,
windows, deadlines, sites without an address, clauses named twice, all mistakes at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from pytest_hkexprt import shipped
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Circular, Clause, Endpoint, Form, FormWhen, Period, Registration, Session, Site
from pytest_hkexprt.reading import Table, load, near, tell


@lru_cache(maxsize=64)
def read(path: Path) -> Circular:
    """Return the circular that a TOML file restates.

    Raises:
        UsageFault: the file cannot be read, or its data has mistakes; the message names table and key of each.
    """
    table = Table(load(path))
    systems = shipped.systems()
    endpoints = tuple(_endpoints(table, systems))
    sessions = tuple(_sessions(table, systems))
    circular = Circular(
        stem=path.stem,
        path=path,
        reference=table.text("reference"),
        dated=table.date("dated"),
        issuer=table.text("issuer", required=True),
        subject=table.text("subject", required=True),
        roles=table.words("roles", required=True, among=("CP", "EP", "CCEP", "HSN")),
        sessions=sessions,
        clauses=tuple(_clauses(table)),
        endpoints=endpoints,
        registration=_registration(table, sessions),
        stabilisation=_stabilisation(table),
        forms=tuple(_forms(table, sessions)),
        restates=table.text("restates"),
    )
    table.unknown()
    _sites_have_addresses(table, circular)
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
    references = {read(path).reference: path for path in stems.values()}
    if name and name in references:
        return read(references[name])
    names = [*stems, *filter(None, references)]
    raise UsageFault(
        "--circular", expected=f"one of {', '.join(names)}", came=f"{name}{near(name, names)}", next_step="name one"
    )


def _sessions(table: Table, systems: tuple[str, ...]) -> Iterator[Session]:
    earlier: list[Session] = []
    for entry in table.tables("session"):
        name = entry.text("name", required=True)
        site = entry.text("site", required=True)
        starts, ends = entry.moment("starts", required=True), entry.moment("ends", required=True)
        used = entry.words("systems", required=True, among=systems)
        entry.unknown()
        if site and site not in list(Site):
            entry.wrong("site", f"{site!r} is not one of {', '.join(Site)}{near(site, Site)}")
        elif starts and ends and site:
            if ends <= starts:
                entry.wrong("ends", f"{ends.isoformat()} is not after the start, {starts.isoformat()}")
            session = Session(name, Site(site), starts, ends, used)
            for other in earlier:
                if other.name == name:
                    entry.wrong("name", f"{name!r} is the name of an earlier session too")
                if other.site is session.site and other.starts < ends and starts < other.ends:
                    entry.wrong("starts", f"overlaps {other.name!r} at the same site")
            earlier.append(session)
            yield session
    if not table.tables("session"):
        table.wrong("session", "missing; expected at least one [[session]]")


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


def _endpoints(table: Table, systems: tuple[str, ...]) -> Iterator[Endpoint]:
    addresses = table.table("addresses")
    if addresses is None:
        return
    for system in addresses.keys():  # noqa: SIM118  a Table's keys() also counts them as asked for
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


def _sites_have_addresses(table: Table, circular: Circular) -> None:
    have = {(endpoint.system, endpoint.site) for endpoint in circular.endpoints}
    for session in circular.sessions:
        for system in session.systems:
            if (system, session.site) not in have:
                table.wrong(f"addresses.{system}.{session.site}", f"missing; {session.name!r} needs it")
