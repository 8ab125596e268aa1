"""What the stand-in terminals show: holdings, collateral, reports; made up, the same at both sites, new each date."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from decimal import Decimal

from pytest_hkexprt.systems.ccass import pages
from pytest_hkexprt.systems.ccass.report import trailer_of

HOLDINGS, COLLATERAL = 12, 6
PARTICIPANT = "SIM00001"
"""The participant's id as the stand-in shows it."""
OTHER_PARTICIPANT = "SIM09999"
CURRENCIES = ("HKD", "USD", "CNY")
REPORTS = {
    "CCASS": (
        ("SIMST01", "Stand-in stock statement 股份結單（模擬）"),
        ("SIMMV01", "Stand-in movements 股份變動（模擬）"),
    ),
    "CCMS": (
        ("CCMDS01", "Statement of Collateral Account 抵押品戶口結單（模擬）"),
        ("SIMCC01", "Stand-in cash movements 現金變動（模擬）"),
    ),
}
"""Terminal to the ids and titles of its reports; of these, only CCMDS01 is a real one's."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as a terminal shows it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table(terminal: str, date: dt.date) -> Shown:
    """Return a terminal's table of a business date."""
    chance = random.Random(f"{terminal} {date}")  # noqa: S311  stand-in data, not secrets
    if terminal == "CCASS":
        columns = ("Stock code 證券代號", "Stock 證券", "Account 戶口", "Quantity 數量")
        rows = tuple(
            (f"SIM{number:02}", f"Stand-in stock {number} 模擬證券", "01", f"{chance.randrange(1, 9000) * 100:,}")
            for number in range(1, HOLDINGS + 1)
        )
        return Shown(columns, rows)
    columns = ("Collateral 抵押品", "Currency 貨幣", "Amount 數額", "Haircut 扣減率")
    rows = tuple(
        (
            f"Stand-in {'cash' if number % 2 else 'note'} {number}",
            CURRENCIES[number % len(CURRENCIES)],
            f"{Decimal(chance.randrange(10**6, 10**9)) / 100:,}",
            f"{chance.randrange(0, 12)}%",
        )
        for number in range(1, COLLATERAL + 1)
    )
    return Shown(columns, rows)


def report_names(terminal: str, date: dt.date) -> dict[str, str]:
    """Return the reports of a business date: name to title."""
    return {f"{name}_{date:%Y%m%d}.txt": title for name, title in REPORTS[terminal]}


def report(terminal: str, name: str, date: dt.date, *, other: bool = False) -> bytes:
    """Return a report's content: records of one length between a control header and a control trailer.

    Args:
        terminal: whose report.
        name: the report's.
        date: the business date.
        other: whether it is to be another than it should, whole all the same.
    """
    form = pages.read(pages.SHIPPED / f"{pages.STAND_IN}.toml").of("CCMS")
    assert form.report is not None
    assert form.report.form is not None
    layout = form.report.form
    lines = [f"{number:04} {' | '.join(row)}" for number, row in enumerate(table(terminal, date).rows, start=1)]
    if other:
        lines.append(f"{len(lines) + 1:04} a line that is at one site alone")
    records = [_fixed(line, layout.record_bytes) for line in lines]
    header = _fixed(f"{layout.header}{name.partition('_')[0]:<8}{date:%Y%m%d} SIMULATOR STAND-IN", layout.record_bytes)
    return b"".join(line + b"\r\n" for line in (header, *records, trailer_of(layout, records)))


def _fixed(text: str, size_bytes: int) -> bytes:
    return text.encode("ascii", "replace")[:size_bytes].ljust(size_bytes)
