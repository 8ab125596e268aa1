"""What other circulars say of a draft's addresses: at which site they are.

A circular may give addresses and no site; the subject is then all there is to go by, and may speak of what was moved
instead. Where another circular publishes the same addresses for the other site, that is the better word, and it is said
beside the draft that it is another's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pytest_hkexprt.draft.facts import Draft, DraftSession
from pytest_hkexprt.draft.sessions import NO_SITE
from pytest_hkexprt.model import Circular, Site

Known = Mapping[tuple[str, str], tuple[Site, str]]
"""System and ``host:port`` to the site, and the circular that says so."""


def known(circulars: Sequence[Circular]) -> Known:
    """Return where circulars publish addresses."""
    return {
        (endpoint.system, endpoint.address): (endpoint.site, circular.reference or circular.stem)
        for circular in circulars
        for endpoint in circular.endpoints
    }


def settle(draft: Draft, known: Known) -> Draft:
    """Return a draft whose sessions without a site of their own are where other circulars have their addresses."""
    moved = [_moved(session, draft, known) for session in draft.sessions]
    sure = {site for session in draft.sessions if NO_SITE not in session.doubts for site in session.sites}
    gone = {old.sites: new.sites for old, new in zip(draft.sessions, moved, strict=True) if old.sites != new.sites}
    addresses = tuple(
        replace(each, site=gone[each.site,][0]) if (each.site,) in gone and each.site not in sure else each
        for each in draft.addresses
    )
    return replace(draft, sessions=tuple(moved), addresses=addresses)


def otherwise(draft: Draft, known: Known) -> Iterator[str]:
    """Yield the addresses that another circular publishes for the other site than the draft."""
    for each in draft.addresses:
        site, whose = known.get((each.system, each.address), (each.site, ""))
        if site is not each.site:
            drafted = f"drafted as the {each.site} site's"
            yield f"look at {each.address} (line {each.line}): {drafted}, {whose} has it as the {site} site's"


def _moved(session: DraftSession, draft: Draft, known: Known) -> DraftSession:
    if NO_SITE not in session.doubts or len(session.sites) != 1:
        return session
    said = {known[each.system, each.address] for each in draft.addresses if (each.system, each.address) in known}
    sites = {site for site, _ in said}
    if len(sites) != 1 or sites == {*session.sites}:
        return session
    (site,), whose = sites, ", ".join(sorted({whose for _, whose in said}))
    doubt = f"its own row names no site; {whose} publishes its addresses as the {site} site's"
    doubts = tuple(doubt if each == NO_SITE else each for each in session.doubts)
    return replace(session, sites=(site,), doubts=doubts)
