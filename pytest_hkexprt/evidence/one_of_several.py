"""A run of several participants, as it was for one of them: what the others did left out.

A vendor's clients are each other's strangers, so what one of them is shown, its result form, must come from its own
share of the journal alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from pytest_hkexprt.evidence.merged.status import FAILED, INTERRUPTED, PASSED, worst
from pytest_hkexprt.evidence.merged.status import own as status_of
from pytest_hkexprt.evidence.parts import ParticipantRecord
from pytest_hkexprt.evidence.record import (
    EndRecord,
    HistoryRecord,
    Line,
    OutcomeRecord,
    PartRecord,
    RunRecord,
    SessionRecord,
)
from pytest_hkexprt.model import Outcome

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
    parts: list[PartRecord] = []
    for line in lines:
        record = line.record
        if isinstance(record, PartRecord):
            mine = who.name in {record.run.participant, *(each.name for each in record.run.participants)}
            parts += [record] if mine else []
            continue
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
            status = worst([status_of(each.end) for each in parts]) if parts else record.exit_status
            again = any(each.again for each in parts)
            if status == FAILED and not _wrong(own) and (_wrong(theirs) or again):
                status = PASSED  # somebody else's failure is not this one's, nor is one that was run again
            counts = {str(outcome): number for outcome, number in own.items()}
            interrupted = record.interrupted if status == INTERRUPTED or not parts else ""
            record = msgspec.structs.replace(record, exit_status=status, outcomes=counts, interrupted=interrupted)
        elif isinstance(record, HistoryRecord):
            continue  # of all of them together
        if mine:
            kept.append(msgspec.structs.replace(line, record=record))
    return kept


def joined(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a merged run of one participant without what tells its parts apart: its answer is one."""
    return [line for line in lines if not isinstance(line.record, PartRecord)]


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
