"""The requirement trace: each clause of a circular with the scenarios that prove it, their outcome and their basis.

Pure, so that the report, the result form and the terminal tell one story: the worst outcome of a clause's scenarios is
the clause's own; a clause no scenario ran for was not run, nor one whose steps were not all reached; one that none can
prove is omitted, with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pytest_hkexprt.evidence.parts import ClauseRecord
from pytest_hkexprt.model import Basis, Outcome

MOST_SHOWN = 12
"""Of a clause's scenarios, how many a rendering names."""


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

    @property
    def shown(self) -> tuple[Proof, ...]:
        """Those a rendering names: all, or of many the worst."""
        if len(self.proofs) <= MOST_SHOWN:
            return self.proofs
        return tuple(sorted(self.proofs, key=lambda proof: -proof.outcome.rank)[:MOST_SHOWN])

    @property
    def counts(self) -> tuple[tuple[Outcome, int], ...]:
        """How many ended how, where not all of them are shown."""
        if len(self.proofs) <= MOST_SHOWN:
            return ()
        found = Counter(proof.outcome for proof in self.proofs)
        return tuple((outcome, found[outcome]) for outcome in Outcome if found[outcome])


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
        ended = [proof.outcome for proof in proofs]
        outcome = Outcome.worst(ended)
        if outcome is Outcome.PASSED and Outcome.NOT_RUN in ended:
            outcome = Outcome.NOT_RUN  # what should have proved it as well was not reached
    else:
        outcome = Outcome.OMITTED if clause.untested else Outcome.NOT_RUN
    return Covered(clause, outcome, tuple(basis for basis in Basis if basis in bases), tuple(proofs))
