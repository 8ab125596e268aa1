"""``hkexprt baseline``: what the report folder holds on a business date, recorded, listed, shown and compared."""

from __future__ import annotations

import datetime as dt
import json
import sys

import click

from pytest_hkexprt import clock
from pytest_hkexprt.cli import access
from pytest_hkexprt.cli.say import plain, say
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
@access.JSON
@access.EACH
@access.FILE
def record(site: Site, circular: str, as_json: bool, participant_file: str, who: str) -> None:
    """Visit the live report folder now, and keep what it holds.

    It is the baseline of the business date the folder shows.

    Exit status: 0 kept, 1 the server or the line refused, 2 something on this side must be mended first.
    """
    given = access.read_each(participant_file, who)
    with access.told(as_json=as_json) as tell:
        access.for_each(given, lambda each: tell(each.who.name, *_record(each, site, circular), several=len(given) > 1))


def _record(given: access.Access, site: Site, circular: str) -> tuple[dict[str, object], list[str]]:
    date = given.dates.shown_at(clock.now())
    path = record_baseline(given.client(site, circular), business_date=date, data=given.who.data_folder)
    kept = baselines.load(given.who.data_folder, given.rap.user, date)
    said = f"{len(kept.reports)} files of {date} at {kept.site} {kept.address}, host key {kept.host_key}"
    return {**_facts(kept), "files": len(kept.reports), "path": str(path)}, [said, str(path)]


@baseline.command("list")
@access.JSON
@access.WHO
@access.FILE
def list_(as_json: bool, participant_file: str, who: str) -> None:
    """List the baselines there are, the newest first.

    Exit status: 0 there are some, 2 there is none, or one was changed.
    """
    given = access.read(participant_file, who)
    every = [_load(given, date) for date in _dates(given)]
    if as_json:
        listed = [{**_facts(kept), "files": len(kept.reports)} for kept in every]
        plain(json.dumps(listed, indent=2, ensure_ascii=False))
        return
    for kept in every:
        date = kept.business_date
        say(f"{date}  {len(kept.reports):>6} files  {kept.site:<9}  {kept.address}  taken {kept.taken}")


@baseline.command()
@click.argument("date", type=DATE, required=False, metavar="[DATE]")
@access.JSON
@access.WHO
@access.FILE
def show(date: dt.datetime | None, as_json: bool, participant_file: str, who: str) -> None:
    """Show the baseline of a business DATE, or the newest.

    Exit status: 0 shown, 2 there is none, or it was changed.
    """
    given = access.read(participant_file, who)
    kept = _load(given, date.date() if date else _dates(given)[0])
    if as_json:
        reports = [
            {"name": each.name, "size_bytes": each.size_bytes, "modified": each.modified} for each in kept.reports
        ]
        plain(json.dumps({**_facts(kept), "files": reports}, indent=2, ensure_ascii=False))
        return
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
        say(f"{name:<14} {value}")
    for report in kept.reports:
        size = "-" if report.size_bytes is None else f"{report.size_bytes:,}"
        say(f"{size:>14} {report.modified or '-':<25} {report.name}")


@baseline.command()
@click.argument("before", type=DATE, metavar="BEFORE")
@click.argument("after", type=DATE, metavar="AFTER")
@access.JSON
@access.WHO
@access.FILE
def diff(before: dt.datetime, after: dt.datetime, as_json: bool, participant_file: str, who: str) -> None:
    """Compare the baselines of two business dates, by name and size.

    Exit status: 0 the same, 1 they differ, 2 one is not there, or was changed.
    """
    given = access.read(participant_file, who)
    first, second = _load(given, before.date()), _load(given, after.date())
    found = baselines.diff(first, second)
    if as_json:
        plain(json.dumps({"same": not found, "differences": list(found)}, indent=2, ensure_ascii=False))
        sys.exit(DIFFERENT if found else 0)
    for line in found:
        say(line)
    if found:
        sys.exit(DIFFERENT)
    say(f"the same {len(second.reports)} files by name and size")


def _facts(kept: Baseline) -> dict[str, object]:
    """Return what a script is told of a baseline, its reports left out."""
    return {
        "user": kept.user,
        "business_date": kept.business_date,
        "taken": kept.taken,
        "site": kept.site,
        "address": kept.address,
        "host_key": kept.host_key,
        "key": kept.key,
        "version": kept.tool_version,
    }


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
