"""A circular's text to a :class:`~pytest_hkexprt.draft.facts.Draft`: each part by its own module, put together."""

from __future__ import annotations

from dataclasses import replace

from pytest_hkexprt.draft import addresses, clauses, deadlines, header, leftover, sessions, source, words
from pytest_hkexprt.draft.facts import Draft


def read(text: str) -> Draft:
    """Return what a text says, with what could not be placed."""
    pieces = source.read(text)
    head = header.read(pieces)
    subject = head.subject.value if head.subject else ""
    held = sessions.find(pieces, subject, head.ends)
    registration, forms = deadlines.find(pieces, held)
    period = deadlines.period(pieces)
    asked = clauses.find(pieces, held, head.ends, registration, forms)
    where = addresses.find(pieces, held, head.ends)
    draft = Draft(
        reference=head.reference,
        dated=head.dated,
        issuer=head.issuer,
        subject=head.subject,
        roles=words.roles(" ".join(row.text for row in pieces.rows)),
        sessions=held,
        clauses=asked,
        addresses=where,
        registration=registration,
        forms=forms,
        stabilisation=period,
    )
    return replace(draft, unplaced=leftover.find(pieces, draft, head.lines))
