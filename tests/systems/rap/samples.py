"""What the RAP tests share that is no fixture."""

from __future__ import annotations

import datetime as dt

from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap.report import Listing, Report

FRIDAY = dt.date(2023, 4, 14)
USER = "CP0001"


def loopback(site: Site = Site.SECONDARY) -> tuple[Endpoint, ...]:
    """Two addresses of a site, on any free port."""
    octet = 152 if site is Site.SECONDARY else 151
    return tuple(
        Endpoint("rap", site, f"127.{octet}.14.{last}", 0, published=f"10.{octet}.14.{last}:10022")
        for last in (121, 122)
    )


def report(name: str | bytes, size_bytes: int | None = 100, day: int = 14) -> Report:
    """A report of a day in April 2023."""
    raw = name.encode() if isinstance(name, str) else name
    return Report(raw, size_bytes, dt.datetime(2023, 4, day, 20, tzinfo=HONG_KONG))


def listing(*reports: Report, site: Site = Site.SECONDARY) -> Listing:
    """A listing of a site's folder."""
    return Listing(loopback(site)[0], ".", "2023-04-15T14:31:00+08:00", reports)
