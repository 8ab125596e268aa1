"""``hkexprt baseline``: what the report folder holds on a business date, recorded, listed, shown and compared."""

from __future__ import annotations

import datetime as dt
import sys

import click

from pytest_hkexprt import clock
from pytest_hkexprt.cli import access
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.rap import baseline as baselines
from pytest_hkexprt.systems.rap.baseline import Baseline
from pytest_hkexprt.systems.rap.visit import record_baseline

DIFFERENT = 1
"""Exit status of ``diff`` where the two differ, as with diff(1)."""
DATE = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def baseline() -> None:
    """What the report folder held on a business date."""


@baseline.command()
@access.SITE
@access.CIRCULAR
@access.FILE
def record(site: Site, circular: str, participant_file: str) -> None:
    """Visit the live report folder now, and keep what it holds as the baseline of the business date it shows."""
    given = access.read(participant_file)
    date = given.dates.shown_at(clock.now())
    path = record_baseline(given.client(site, circular), business_date=date, data=given.who.data_folder)
    kept = baselines.load(given.who.data_folder, given.rap.user, date)
    click.echo(f"{len(kept.reports)} files of {date} at {kept.site} {kept.address}, host key {kept.host_key}")
    click.echo(path)


@baseline.command("list")
@access.FILE
def list_(participant_file: str) -> None:
    """List the baselines there are, the newest first."""
    given = access.read(participant_file)
    for date in _dates(given):
        kept = baselines.load(given.who.data_folder, given.rap.user, date)
        click.echo(f"{date}  {len(kept.reports):>6} files  {kept.site:<9}  {kept.address}  taken {kept.taken}")


@baseline.command()
@click.argument("date", type=DATE, required=False, metavar="[DATE]")
@access.FILE
def show(date: dt.datetime | None, participant_file: str) -> None:
    """Show the baseline of a business DATE (2023-04-14); without one, the newest."""
    given = access.read(participant_file)
    kept = _load(given, date.date() if date else _dates(given)[0])
    facts = {
        "user": kept.user,
        "business date": kept.business_date,
        "taken": kept.taken,
        "at": f"{kept.site} {kept.address}",
        "host key": kept.host_key,
        "key": kept.key or "not kept by the version that took it",
        "version": kept.tool_version,
        "files": str(len(kept.reports)),
    }
    for name, value in facts.items():
        click.echo(f"{name:<14} {value}")
    for report in kept.reports:
        size = "-" if report.size_bytes is None else f"{report.size_bytes:,}"
        click.echo(f"{size:>14} {report.modified or '-':<25} {report.name}")


@baseline.command()
@click.argument("before", type=DATE, metavar="BEFORE")
@click.argument("after", type=DATE, metavar="AFTER")
@access.FILE
def diff(before: dt.datetime, after: dt.datetime, participant_file: str) -> None:
    """Compare the baselines of two business dates, BEFORE and AFTER, by name and size; status 1 where they differ."""
    given = access.read(participant_file)
    first, second = _load(given, before.date()), _load(given, after.date())
    found = baselines.diff(first, second)
    for line in found:
        click.echo(line)
    if found:
        sys.exit(DIFFERENT)
    click.echo(f"the same {len(second.reports)} files by name and size")


def _dates(given: access.Access) -> list[dt.date]:
    found = baselines.dates(given.who.data_folder, given.rap.user)
    if not found:
        raise UsageFault(
            f"baselines of {given.rap.user}",
            expected=f"files below {given.who.data_folder}",
            came="none",
            next_step=baselines.RECORD,
        )
    return found


def _load(given: access.Access, date: dt.date) -> Baseline:
    return baselines.load(given.who.data_folder, given.rap.user, date)
