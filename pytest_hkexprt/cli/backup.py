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
@access.EACH
@access.FILE
def backup(site: Site, circular: str, participant_file: str, who: str) -> None:
    """Download every report of the business date into its dated folder, with a SHA-256 list, and keep the baseline.

    A later run of the same day transfers what changed and proves the rest by its digests.
    """
    access.for_each(access.read_each(participant_file, who), lambda given: _back_up(given, site, circular))


def _back_up(given: access.Access, site: Site, circular: str) -> None:
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
    click.echo(
        f"{date}: {len(done.listing.reports)} reports at {done.listing.endpoint.site} {done.listing.endpoint.address}: "
        f"{len(done.transferred)} transferred ({done.transferred_bytes:,} bytes), {len(done.proven)} proven by digest"
        + (f", {len(done.gone)} kept that are no longer in the folder" if done.gone else "")
    )
    click.echo(backups.list_of(done.folder))
