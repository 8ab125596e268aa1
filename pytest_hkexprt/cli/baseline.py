"""``hkexprt baseline``: what the report folder holds on a business date, recorded and listed."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_hkexprt import circular as circulars
from pytest_hkexprt import clock, participant
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Participant, Site
from pytest_hkexprt.schedule import BusinessDates
from pytest_hkexprt.systems.rap import baseline as baselines
from pytest_hkexprt.systems.rap import client_access, settings
from pytest_hkexprt.systems.rap.client import Client
from pytest_hkexprt.systems.rap.visit import record_baseline

FILE = click.option("--participant-file", default="", metavar="FILE", help="participant file (default: hkexprt.toml)")


@click.group()
def baseline() -> None:
    """What the report folder held on a business date."""


@baseline.command()
@click.option("--site", type=click.Choice([*Site]), default=Site.PRIMARY, help="where to look (default: primary)")
@click.option("--circular", default="rap", metavar="NAME", help="whose addresses (default: rap)")
@FILE
def record(site: str, circular: str, participant_file: str) -> None:
    """Visit the live report folder now, and keep what it holds as the baseline of the business date it shows."""
    who, dates, rap = _participant(participant_file)
    folder = Path.cwd() / "features"
    client = Client(
        client_access.published(circulars.find(circular, folder), rap, Site(site)),
        client_access.credentials(rap, None, (journal := Journal(None)).redactor),
        journal,
        folder=rap.folder,
        source_address=who.source_address,
        timeout_s=rap.timeout_s,
        logout_timeout_s=rap.logout_timeout_s,
    )
    date = dates.shown_at(clock.now())
    path = record_baseline(client, business_date=date, data=who.data_folder)
    kept = baselines.load(who.data_folder, rap.user, date)
    click.echo(f"{len(kept.reports)} files of {date} at {kept.site} {kept.address}, host key {kept.host_key}")
    click.echo(path)


@baseline.command("list")
@FILE
def list_(participant_file: str) -> None:
    """List the baselines there are, the newest first."""
    who, _, rap = _participant(participant_file)
    dates = baselines.dates(who.data_folder, rap.user)
    if not dates:
        raise UsageFault(
            f"baselines of {rap.user}",
            expected=f"files below {who.data_folder}",
            came="none",
            next_step=baselines.RECORD,
        )
    for date in dates:
        kept = baselines.load(who.data_folder, rap.user, date)
        click.echo(f"{date}  {len(kept.reports):>6} files  {kept.site:<9}  {kept.address}  taken {kept.taken}")


def _participant(given: str) -> tuple[Participant, BusinessDates, settings.RapSettings]:
    here = Path.cwd()
    path = participant.find(given, here, here)
    if path is None:
        raise UsageFault(
            "hkexprt baseline",
            expected=f"a participant file, {participant.FILE_NAME}, in {here}",
            came="none",
            next_step=f"write one with at least these lines:\n\n{participant.LINES_TO_WRITE}\n",
        )
    who, dates = participant.read(path)
    return who, dates, settings.read(who.systems.get("rap", {}), path)
