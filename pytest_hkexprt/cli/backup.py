"""``hkexprt backup``: the daily back-up outside pytest, for a scheduler or a person.

Exit statuses: 0 the back-up is complete; 1 it is not, for the line's or the server's sake, and may be tried again; 2
something on this side must be mended first (the command line, the participant file, a key, the disk).
"""

from __future__ import annotations

import sys

import click

from pytest_hkexprt import clock
from pytest_hkexprt.cli import access
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Site
from pytest_hkexprt.progress import Progress
from pytest_hkexprt.systems.rap import backup as backups
from pytest_hkexprt.systems.rap.visit_backup import back_up


@click.command(
    short_help="Download every report of the business date, and prove it.",
    epilog="Exit status: 0 complete; 1 not complete, may be tried again; 2 something here must be mended first.",
)
@access.SITE
@access.CIRCULAR
@access.JSON
@access.EACH
@access.FILE
def backup(site: Site, circular: str, as_json: bool, participant_file: str, who: str) -> None:
    """Download every report of the business date into its dated folder, with a SHA-256 list, and keep the baseline.

    A later run of the same day transfers what changed and proves the rest by its digests.
    """
    given = access.read_each(participant_file, who)
    with access.told(as_json=as_json) as tell:
        access.for_each(
            given, lambda each: tell(each.who.name, *_back_up(each, site, circular), several=len(given) > 1)
        )


def _back_up(given: access.Access, site: Site, circular: str) -> tuple[dict[str, object], list[str]]:
    date = given.dates.shown_at(clock.now())
    done = back_up(
        given.client(site, circular),
        business_date=date,
        data=given.who.data_folder,
        progress=Progress(sys.stderr if sys.stderr.isatty() else None),
    )
    state = backups.examine(given.who.data_folder, given.rap.user, date)
    if not state.complete:
        raise UsageFault(
            f"back-up of {date}",
            expected=f"every file in {done.folder} as it was written",
            came="; ".join(state.problems[: backups.SHOWN]),
            next_step="see whether something else writes there, and run it again",
        )
    said = (
        f"{date}: {len(done.listing.reports)} reports at {done.listing.endpoint.site} {done.listing.endpoint.address}: "
        f"{len(done.transferred)} transferred ({done.transferred_bytes:,} bytes), {len(done.proven)} proven by digest"
        + (f", {len(done.gone)} kept that are no longer in the folder" if done.gone else "")
    )
    list_of = str(backups.list_of(done.folder))
    facts: dict[str, object] = {
        "business_date": date.isoformat(),
        "site": done.listing.endpoint.site,
        "address": done.listing.endpoint.address,
        "reports": len(done.listing.reports),
        "transferred": len(done.transferred),
        "transferred_bytes": done.transferred_bytes,
        "proven": len(done.proven),
        "gone": len(done.gone),
        "list": list_of,
    }
    return facts, [said, list_of]
