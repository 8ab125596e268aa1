"""A run of several participants, as it was for one of them: what the others did left out.

A vendor's clients are each other's strangers, so what one of them is shown, its result form, must come from its own
share of the journal alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

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
    return Shares(lines).of(who)


class Shares:
    """A journal divided among its participants, read once for all of them.

    Args:
        lines: the journal's, in order.
    """

    def __init__(self, lines: Iterable[Line]) -> None:
        self._first: list[Line] = []
        """What is everybody's: the run, and what was noted before the first session."""
        self._own: defaultdict[str, list[Line]] = defaultdict(list)
        self._parts: defaultdict[str, list[PartRecord]] = defaultdict(list)
        self._outcomes: defaultdict[str, Counter[Outcome]] = defaultdict(Counter)
        self._last: list[Line] = []
        self._all: Counter[Outcome] = Counter()
        names: tuple[str, ...] | None = None
        for line in lines:
            record = line.record
            if isinstance(record, PartRecord):
                names = tuple(each.name for each in record.run.participants) or (record.run.participant,)
                for name in names:
                    self._parts[name].append(record)
            elif isinstance(record, SessionRecord):
                names = (record.participant,)
                own = msgspec.structs.replace(record, participant="")
                self._own[record.participant].append(msgspec.structs.replace(line, record=own))
            elif isinstance(record, EndRecord):
                self._last.append(line)
            elif isinstance(record, HistoryRecord):
                continue  # of all of them together
            else:
                self._take(line, names)

    def of(self, who: ParticipantRecord) -> list[Line]:
        """Return the lines that concern one participant, its own name alone in them."""
        return [
            *(self._named(line, who) for line in self._first),
            *self._own[who.name],
            *(self._ended(line, who.name) for line in self._last),
        ]

    def _take(self, line: Line, names: tuple[str, ...] | None) -> None:
        if isinstance(line.record, OutcomeRecord) and not line.record.again:
            self._all[line.record.outcome] += 1
            for name in names or ():
                self._outcomes[name][line.record.outcome] += 1
        if names is None:
            self._first.append(line)
        for name in names or ():
            self._own[name].append(line)

    def _named(self, line: Line, who: ParticipantRecord) -> Line:
        if not isinstance(line.record, RunRecord):
            return line
        record = msgspec.structs.replace(
            line.record, participant=who.name, roles=who.roles, line=who.line, contact=who.contact, participants=()
        )
        return msgspec.structs.replace(line, record=record)

    def _ended(self, line: Line, name: str) -> Line:
        record = line.record
        assert isinstance(record, EndRecord), "kept as that"
        own, parts = self._outcomes[name], self._parts[name]
        status = worst([status_of(each.end) for each in parts]) if parts else record.exit_status
        again = any(each.again for each in parts)
        if status == FAILED and not _wrong(own) and (_wrong(self._all) or again):
            status = PASSED  # somebody else's failure is not this one's, nor is one that was run again
        counts = {str(outcome): number for outcome, number in own.items()}
        interrupted = record.interrupted if status == INTERRUPTED or not parts else ""
        record = msgspec.structs.replace(record, exit_status=status, outcomes=counts, interrupted=interrupted)
        return msgspec.structs.replace(line, record=record)


def joined(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a merged run of one participant without what tells its parts apart: its answer is one."""
    return [line for line in lines if not isinstance(line.record, PartRecord)]


def _wrong(outcomes: Counter[Outcome]) -> int:
    return sum(outcomes[each] for each in WRONG)
