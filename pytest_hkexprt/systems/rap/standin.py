"""The simulator's folder: stand-in reports of our own making, the same ones for the same business date.

No list, name or layout of the real reports is public. So these are invented, say so in their first line, and serve
only to be counted, listed and downloaded. A listing never makes their content.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from pytest_hkexprt.systems.rap.drills import Drill

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
PUBLISHED_AT = dt.time(20, 0)
"""In Hong Kong, on the business date: our own choice."""
FAMILIES = {"TP": 12, "SR": 12, "MC": 9, "FX": 8}
"""Prefix to number of reports: 41 in all."""
SIZES_BYTES = {"TP001": 184_320, "TP002": 5_461, "TP003": 0, "SR001": 4_194_304, "MC001": 1_048_576}
"""Those with a size of their own: an ordinary one, a small one, an empty one, and two large ones."""
ROW_BYTES = 64


@dataclass(frozen=True, slots=True)
class StandIn:
    """One report of the simulator's folder."""

    name: str
    size_bytes: int
    modified: dt.datetime
    """Aware."""

    def content(self) -> bytes:
        """Return all of it: the label in the first line, then rows that follow from the name."""
        head = f"SIMULATOR stand-in data, not an exchange report: {self.name}\n".encode()
        rows = b"".join(self._row(number) for number in range(64))
        times = self.size_bytes // len(rows) + 1
        return (head + rows * times)[: self.size_bytes]

    def _row(self, number: int) -> bytes:
        digest = hashlib.sha256(f"{self.name}/{number}".encode()).hexdigest()
        return f"{number:06d},{digest}".encode()[: ROW_BYTES - 1] + b"\n"


def folder(business_date: dt.date, drills: Collection[str] = ()) -> tuple[StandIn, ...]:
    """Return what the folder shows for a business date, in the order of names, with the drills' faults in it."""
    day = f"{business_date:%Y%m%d}"
    codes = [f"{family}{number:03d}" for family, count in FAMILIES.items() for number in range(1, count + 1)]
    if Drill.TP002_ABSENT in drills:
        codes.remove("TP002")
    if Drill.REPORT_MISSING in drills:
        codes.remove("FX005")
    if Drill.REPORT_EXTRA in drills:
        codes.append("XX001")
    found = [_report(f"{code}_{day}.csv", code, business_date) for code in codes]
    if Drill.REPORT_RENAMED in drills:
        found = [_report(f"FX005_{day}_R1.csv", "FX005", business_date) if "FX005" in it.name else it for it in found]
    if Drill.SITES_DIFFER in drills:
        found = [replace(it, size_bytes=it.size_bytes + ROW_BYTES) if "FX005" in it.name else it for it in found]
    return tuple(sorted(found, key=lambda standin: standin.name))


def _report(name: str, code: str, business_date: dt.date) -> StandIn:
    drawn = int.from_bytes(hashlib.sha256(f"{code} {business_date}".encode()).digest()[:4], "big")
    published = dt.datetime.combine(business_date, PUBLISHED_AT, HONG_KONG) + dt.timedelta(seconds=drawn % 1800)
    return StandIn(name, SIZES_BYTES.get(code, 512 + drawn % 60_000), published)
