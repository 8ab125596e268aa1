"""A run of several participants, as it was for one of them: what the others did left out.

A vendor's clients are each other's strangers, so what one of them is shown, its result form, must come from its own
share of the journal alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from pytest_hkexprt.evidence.parts import ParticipantRecord
from pytest_hkexprt.evidence.record import (
    EndRecord,
    HistoryRecord,
    Line,
    OutcomeRecord,
    RunRecord,
    SessionRecord,
)
from pytest_hkexprt.model import Outcome

TESTS_FAILED, PASSED = 1, 0
"""pytest's exit statuses."""
WRONG = (Outcome.FAILED, Outcome.ERROR)


def everyone(lines: Sequence[Line]) -> tuple[ParticipantRecord, ...]:
    """Return the participants of a run of several; nothing of a run of one."""
    first = lines[0].record if lines else None
    return first.participants if isinstance(first, RunRecord) else ()


def share(lines: Sequence[Line], who: ParticipantRecord) -> list[Line]:
    """Return the lines that concern one participant, its own name alone in them; their digests fit no longer.

    Args:
        lines: the journal's, in order.
        who: one of several.
    """
    own, theirs = _outcomes(lines, who)
    mine, kept = True, []
    for line in lines:
        record = line.record
        if isinstance(record, SessionRecord):
            mine = record.participant == who.name
            record = msgspec.structs.replace(record, participant="")
        elif isinstance(record, RunRecord):
            record = msgspec.structs.replace(
                record,
                participant=who.name,
                roles=who.roles,
                line=who.line,
                contact=who.contact,
                participants=(),
            )
        elif isinstance(record, EndRecord):
            mine = True
            status = record.exit_status
            if status == TESTS_FAILED and not _wrong(own) and _wrong(theirs):
                status = PASSED  # somebody else's failure is not this one's
            counts = {str(outcome): number for outcome, number in own.items()}
            record = msgspec.structs.replace(record, exit_status=status, outcomes=counts)
        elif isinstance(record, HistoryRecord):
            continue  # of all of them together
        if mine:
            kept.append(msgspec.structs.replace(line, record=record))
    return kept


def _outcomes(lines: Sequence[Line], who: ParticipantRecord) -> tuple[Counter[Outcome], Counter[Outcome]]:
    """Return how many scenarios ended how: the participant's, and all others."""
    own: Counter[Outcome] = Counter()
    theirs: Counter[Outcome] = Counter()
    counted = theirs
    for line in lines:
        if isinstance(line.record, SessionRecord):
            counted = own if line.record.participant == who.name else theirs
        elif isinstance(line.record, OutcomeRecord) and not line.record.again:
            counted[line.record.outcome] += 1
    return own, theirs


def _wrong(outcomes: Counter[Outcome]) -> int:
    return sum(outcomes[each] for each in WRONG)
