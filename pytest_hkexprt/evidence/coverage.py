"""The requirement trace: each clause of a circular with the scenarios that prove it, their outcome and their basis.

Pure, so that the report, the result form and the terminal tell one story: the worst outcome of a clause's scenarios is
the clause's own; a clause no scenario ran for was not run; one that none can prove is omitted, with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pytest_hkexprt.evidence.record import ClauseRecord
from pytest_hkexprt.model import Basis, Outcome


@dataclass(frozen=True, slots=True)
class Proof:
    """What one scenario says about the clauses it is tagged with."""

    scenario: str
    """The scenario's name."""
    anchor: str
    """Where a rendering shows it."""
    clauses: tuple[str, ...]
    outcome: Outcome
    bases: frozenset[Basis] = frozenset()
    """What its checks rest on; empty when none was made."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A clause and what became of it."""

    clause: ClauseRecord
    outcome: Outcome
    bases: tuple[Basis, ...]
    """What the checks rest on, in the order of the vocabulary; empty when none was made."""
    proofs: tuple[Proof, ...]
    """In the order they ran."""


def cover(clauses: Sequence[ClauseRecord], proofs: Sequence[Proof]) -> tuple[Covered, ...]:
    """Return every clause, in the circular's order, with what the scenarios say about it."""
    by_clause: dict[str, list[Proof]] = {clause.id: [] for clause in clauses}
    for proof in proofs:
        for clause_id in proof.clauses:
            by_clause.setdefault(clause_id, []).append(proof)
    return tuple(_covered(clause, by_clause[clause.id]) for clause in clauses)


def _covered(clause: ClauseRecord, proofs: list[Proof]) -> Covered:
    bases = frozenset[Basis]().union(*(proof.bases for proof in proofs))
    if proofs:
        outcome = Outcome.worst([proof.outcome for proof in proofs])
    else:
        outcome = Outcome.OMITTED if clause.untested else Outcome.NOT_RUN
    return Covered(clause, outcome, tuple(basis for basis in Basis if basis in bases), tuple(proofs))
