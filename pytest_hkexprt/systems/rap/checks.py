"""The comparisons the circular's steps ask for, as pure functions that yield a check each.

None of them talks, waits or raises: what the client saw goes in, expected and came go out, and the journal writes the
check before it judges.

Source: CD/OEC/SEOCH/073/2023, attachment, points a and b and the steps of each session.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pytest_hkexprt.addresses import is_number
from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.rap.baseline import Baseline
from pytest_hkexprt.systems.rap.facts import Dialled, Download, Login, Logout
from pytest_hkexprt.systems.rap.report import Listing, Report, find, nearest

SHOWN = 10
"""Names a line shows; more are counted."""


def addresses(dialled: Sequence[Dialled], site: Sequence[Endpoint], other_site: Sequence[Endpoint]) -> Check:
    """Compare the far ends of the sockets with the site's addresses, and with the other site's."""
    answered = [dial for dial in dialled if dial.peer]
    allowed = {endpoint.address for endpoint in site}
    forbidden = {endpoint.address for endpoint in other_site}
    strays = [dial.peer for dial in answered if dial.peer in forbidden]
    strays += [dial.peer for dial in answered if dial.peer not in allowed | forbidden and is_number(dial.endpoint.host)]
    untried = [endpoint.address for endpoint in site if endpoint not in [dial.endpoint for dial in dialled]]
    details = [f"{dial.endpoint} answered from {dial.peer}" for dial in answered]
    details += [f"{dial.endpoint} did not answer: {dial.refused}" for dial in dialled if not dial.peer]
    details += [f"{peer} is an address of the other site" for peer in strays if peer in forbidden]
    details += [f"{address} was not tried" for address in untried]
    first = site[0]
    return Check(
        what="addresses in use",
        where=f"{first.system}/{first.site}",
        expected=f"connections to {', '.join(_named(endpoint) for endpoint in site)} and to nothing else",
        came="connected to " + (", ".join(dial.peer for dial in answered) or "none of them"),
        met=bool(answered) and not strays and not untried,
        next_step="point the SFTP connection to the session's site, in hkexprt.toml [rap.addresses] if it has any",
        details=tuple(details),
    )


def logged_in(login: Login) -> Check:
    """State the login that was granted; one that is refused is the client's error and never gets here."""
    return Check(
        what="login with User ID and SSH key",
        where=str(login.endpoint),
        expected="granted by public key",
        came=f"granted to {login.user} with {login.key_kind} {login.key_fingerprint}",
        met=True,
    )


def unchanged(baseline: Baseline, listing: Listing) -> Check:
    """Compare the folder with the baseline: the number of files, and which they are and how large."""
    details = differences(baseline.sizes_bytes, listing.sizes_bytes)
    came = f"{len(listing.reports)} files"
    if details and len(baseline.reports) == len(listing.reports):
        came += ", but not the same ones"
    return Check(
        what="number of files",
        where=str(listing.endpoint),
        expected=f"{len(baseline.reports)} files as on {baseline.business_date} (taken at {baseline.site})",
        came=came,
        met=not details and len(baseline.reports) == len(listing.reports),
        next_step="ask the DCASS hotline which of the differences are meant" if details else "",
        details=details,
    )


def differences(before: Mapping[str, int | None], now: Mapping[str, int | None]) -> tuple[str, ...]:
    """Return in words which names are missing, which are new, and which have another size."""
    missing, new = sorted(before.keys() - now.keys()), sorted(now.keys() - before.keys())
    resized = [
        f"{name} ({_size(before[name])} then, {_size(now[name])} now)"
        for name in sorted(before.keys() & now.keys())
        if before[name] != now[name]
    ]
    found = (("missing", missing), ("new", new), ("another size:", resized))
    return tuple(f"{label} {some(names)}" for label, names in found if names)


def same_at_both(first: Listing, second: Listing) -> Check:
    """Compare the folders of the two data centres: which reports they hold and how large they are."""
    details = differences(first.sizes_bytes, second.sizes_bytes)
    return Check(
        what="reports at both data centres",
        where=f"{first.endpoint} and {second.endpoint}",
        expected=f"the {len(first.reports)} files of the {first.endpoint.site} site at the {second.endpoint.site} too",
        came=f"{len(second.reports)} files, {'with differences' if details else 'the same by name and size'}",
        met=bool(first.reports) and not details,
        next_step="ask the DCASS hotline which of the two folders is right",
        details=details,
    )


def key_kept(before: Baseline, login: Login) -> Check:
    """Compare the key that logged in with the one that took the baseline."""
    then = before.key or "no key: the baseline was taken by a version that kept none"
    return Check(
        what="SSH key in use",
        where=str(login.endpoint),
        expected=f"{before.key or 'the key'} as on {before.business_date}",
        came=login.key_fingerprint if before.key else then,
        met=login.key_fingerprint == before.key,
        next_step="log in with the key of before the period; SSH keys are not renewed in it",
    )


def present(listing: Listing, report: str, pattern: str) -> Check:
    """Compare the listing with a report's pattern; :func:`chosen` is the one that will be downloaded."""
    found = find(listing, pattern)
    if not found:
        near = nearest(listing, pattern)
        details: tuple[str, ...] = (f"nearest names: {', '.join(near)}",) if near else ()
    else:
        others = ", ".join(other.name for other in found[1:])
        details = (f"{len(found)} files fit, the newest is taken; the others: {others}",) if others else ()
    return Check(
        what=f"report {report} in the folder",
        where=str(listing.endpoint),
        expected=f"a file named like {pattern}",
        came=found[0].name if found else f"none among {len(listing.reports)} files",
        met=bool(found),
        next_step=f'set the file\'s name in hkexprt.toml: [rap.reports] {report} = "…"',
        details=details,
    )


def available(listing: Listing) -> Check:
    """State that the folder shows reports, whichever they are.

    Source: the SEHK Options Clearing House on the relocation of the CCASS secondary data centre, 2021, its table.
    """
    newest = find(listing, "*")[:SHOWN]
    return Check(
        what="reports available",
        where=_named(listing.endpoint),
        expected="at least one report",
        came=f"{len(listing.reports)} reports",
        met=bool(listing.reports),
        next_step="" if listing.reports else "ask the hotline of the circular; the folder was read and is empty",
        details=tuple(report.name for report in newest),
    )


def chosen(listing: Listing, pattern: str) -> Report | None:
    """Return the report a pattern stands for: of several the newest, of the same age the last by name."""
    return next(iter(find(listing, pattern)), None)


def download_matches(download: Download, endpoint: Endpoint) -> Check:
    """Compare what lies on the disk with what the listing promised."""
    listed = download.report.size_bytes
    return Check(
        what=f"download of {download.report.name}",
        where=str(endpoint),
        expected=_size(listed),
        came=f"{_size(download.size_bytes)}, SHA-256 {download.sha256}",
        met=listed is None or listed == download.size_bytes,
        next_step="download it again; if it differs again, tell the DCASS hotline",
    )


def closed_on_both_sides(logout: Logout) -> Check:
    """Compare how the connection ended with an orderly end on both sides."""
    there = f"the server closed its side after {logout.took_s:.2f} s"
    if not logout.closed_there:
        there = f"the server still kept its side open after {logout.took_s:.2f} s"
    return Check(
        what="connection after the logout",
        where=str(logout.endpoint),
        expected="closed on both sides",
        came=f"{'closed here' if logout.closed_here else 'open here'}; {there}",
        met=logout.closed_here and logout.closed_there,
        next_step="a session left open may block the next login; ask the DCASS hotline to close it",
    )


def _named(endpoint: Endpoint) -> str:
    replaced = endpoint.published and endpoint.published != endpoint.address
    return f"{endpoint.address} (for {endpoint.published})" if replaced else endpoint.address


def _size(size_bytes: int | None) -> str:
    return "a size the server does not list" if size_bytes is None else f"{size_bytes:,} bytes"


def some(names: Iterable[str]) -> str:
    """Return names in one line: the first of them, and how many more there are."""
    listed = list(names)
    rest = f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return ", ".join(listed[:SHOWN]) + rest
