"""A sealed run that a merged one was made of, as the report shows it."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_hkexprt.evidence.html import words
from pytest_hkexprt.evidence.record import PartRecord
from pytest_hkexprt.model import Outcome


@dataclass(frozen=True, slots=True)
class PartView:
    """One of several."""

    number: int
    source: str
    """Base name of the folder or zip file it was read from."""
    run_id: str
    machine: str
    platform: str
    participants: tuple[str, ...]
    drills: tuple[str, ...]
    started: str
    ended: str
    """Empty where it was cut short."""
    outcomes: tuple[tuple[str, int], ...]
    """How many of its scenarios ended how, the worst first, as its own last line counts them."""
    records: int
    sha256: str
    """Digest of its journal's last line."""
    signed_with: str
    version: str
    """Of this tool, where it ran."""


def part_view(record: PartRecord, lang: str = "") -> PartView:
    """Return what a report shows of a part.

    Args:
        record: the part's.
        lang: language of the dates.
    """
    run, end = record.run, record.end
    counts = end.outcomes if end else {}
    return PartView(
        number=record.number,
        source=record.seal.source,
        run_id=run.run_id,
        machine=run.machine,
        platform=run.platform,
        participants=tuple(each.name for each in run.participants) or (run.participant,),
        drills=run.drills,
        started=words.day_and_clock(run.started, lang),
        ended=words.day_and_clock(end.ended, lang) if end else "",
        outcomes=tuple((str(each), counts[each]) for each in reversed(Outcome) if counts.get(each)),
        records=record.seal.records,
        sha256=record.seal.sha256,
        signed_with=record.seal.signed_with,
        version=run.versions.get("pytest-hkexprt", ""),
    )
