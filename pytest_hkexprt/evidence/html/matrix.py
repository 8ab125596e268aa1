"""Participant × clause: what became of each thing a circular asks for, for each of several participants."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_hkexprt.evidence.coverage import Covered
from pytest_hkexprt.evidence.html.words import slug
from pytest_hkexprt.evidence.parts import ClauseRecord, ParticipantRecord
from pytest_hkexprt.evidence.record import CircularRecord
from pytest_hkexprt.model import Outcome

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.html.view import SectionView

MOST_CLAUSES = 7
"""Beside each other on a sheet of A4."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What became of one clause for one participant, in all its sessions."""

    clause: str
    outcome: Outcome
    """The worst of its sessions'."""
    anchor: str
    """Where the report says more: the clause in the session with that outcome; empty where no session was entered."""


@dataclass(frozen=True, slots=True)
class Row:
    """A participant."""

    name: str
    roles: tuple[str, ...]
    outcome: Outcome
    """The worst of its scenarios'."""
    why: str
    """Why nothing of it was run, where all of it was omitted for one reason."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A circular's clauses, or some of many, for all participants."""

    circular: CircularRecord
    clauses: tuple[ClauseRecord, ...]
    rows: tuple[Row, ...]


def matrices(participants: Sequence[ParticipantRecord], sections: Sequence[SectionView]) -> tuple[Matrix, ...]:
    """Return a matrix for each circular of a run of several participants, or more where it has many clauses.

    A sheet of paper has no scroll bar, so no matrix is wider than it. A run of one participant has none.

    Args:
        participants: those of the run, in its order.
        sections: the sessions as the report shows them.
    """
    circulars = {each.circular.stem: each.circular for each in sections if each.circular}
    return tuple(
        Matrix(circular, clauses, tuple(_row(who, circular, clauses, sections) for who in participants))
        for circular in circulars.values()
        for clauses in _batches(circular.clauses)
        if participants
    )


def _batches(clauses: tuple[ClauseRecord, ...]) -> Iterator[tuple[ClauseRecord, ...]]:
    """Yield as many as fit beside each other, about as many each time."""
    size = math.ceil(len(clauses) / math.ceil(len(clauses) / MOST_CLAUSES)) if clauses else 1
    for at in range(0, len(clauses), size):
        yield clauses[at : at + size]


def _row(
    who: ParticipantRecord,
    circular: CircularRecord,
    clauses: Sequence[ClauseRecord],
    sections: Sequence[SectionView],
) -> Row:
    own = [
        each
        for each in sections
        if each.participant == who.name and each.circular is not None and each.circular.stem == circular.stem
    ]
    scenarios = [scenario for section in own for scenario in section.scenarios]
    reasons = {scenario.message if scenario.outcome is Outcome.OMITTED else "" for scenario in scenarios}
    return Row(
        name=who.name,
        roles=who.roles,
        outcome=Outcome.worst([scenario.outcome for scenario in scenarios]),
        why=reasons.pop() if len(reasons) == 1 else "",
        cells=tuple(_cell(clause.id, own) for clause in clauses),
    )


def _cell(clause: str, own: Sequence[SectionView]) -> Cell:
    found: list[tuple[Covered, SectionView]] = [
        (covered, section) for section in own for covered in section.clauses if covered.clause.id == clause
    ]
    if not found:
        return Cell(clause, Outcome.NOT_RUN, "")
    covered, section = max(found, key=lambda each: each[0].outcome.rank)
    return Cell(clause, covered.outcome, f"{section.anchor}-{slug(clause)}")
