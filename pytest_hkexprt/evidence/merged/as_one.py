"""A merged journal's lines read as those of one run.

Each part's records stand as its machine wrote them. A part of one participant names nobody in its sessions, and its
scenarios have the ids that a run of one gives; here they get what a run of all would have given. A scenario that a
later part ran again becomes an attempt. A journal that is a run's own passes through as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from pytest_hkexprt.evidence.record import (
    EndRecord,
    HistoryRecord,
    Line,
    OutcomeRecord,
    PartRecord,
    ScenarioRecord,
    SessionRecord,
)
from pytest_hkexprt.participants import slug


def as_one(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines of a journal; of a merged one, as one run of all its parts would have them.

    Args:
        lines: the journal's, in order.
    """
    part: _Part | None = None
    left = 0
    tried: Counter[str] = Counter()
    for line in lines:
        if isinstance(line.record, PartRecord):
            part, left = _Part(line.record, tried), line.record.seal.records - 1
            yield line
        elif part is None or left <= 0:
            yield line
        else:
            left -= 1
            yield from part.line(line)


class _Part:
    """A part while its lines are read."""

    def __init__(self, record: PartRecord, tried: Counter[str]) -> None:
        self._part = record
        self._tried = tried
        self._session: SessionRecord | None = None
        self._id = ""

    def line(self, line: Line) -> Iterator[Line]:
        """Yield a line as the whole has it; its own history and its own last line are the part's alone."""
        record = line.record
        if isinstance(record, SessionRecord):
            if self._part.participant and not record.participant:
                record = msgspec.structs.replace(record, participant=self._part.participant)
            self._session = record
        elif isinstance(record, ScenarioRecord):
            self._id = self._name(record)
            self._tried[self._id] += 1
            record = msgspec.structs.replace(record, id=self._id, attempt=max(record.attempt, self._tried[self._id]))
        elif isinstance(record, OutcomeRecord):
            again = record.again or record.id in self._part.again
            record = msgspec.structs.replace(record, id=self._id, again=again)
        elif isinstance(record, HistoryRecord | EndRecord):
            return
        yield line if record is line.record else msgspec.structs.replace(line, record=record)

    def _name(self, record: ScenarioRecord) -> str:
        session = self._session if record.session else None
        named = session is not None and session.circular.stem in self._part.sessions_named
        whose = session.participant if session else self._part.participant
        return told_apart(record, whose, named=named, several=bool(self._part.run.participants))


def told_apart(record: ScenarioRecord, whose: str, *, named: bool, several: bool) -> str:
    """Return a scenario's id with what tells it apart in the whole: participant, session, example row, in that order.

    Args:
        record: as its run wrote it.
        whose: the participant's name; empty where the whole is of one.
        named: whether the session is to be named.
        several: whether its run was of several participants, so that the id names one already.
    """
    stem, inside = split(record)
    parameters = [slug(whose)] if whose else []
    if several and whose:
        inside = inside.removeprefix(slug(whose)).removeprefix("-")
    parameters += [record.session] if named else []
    parameters += [inside] if inside else []
    return f"{stem}[{'-'.join(parameters)}]" if parameters else stem


def split(record: ScenarioRecord) -> tuple[str, str]:
    """Return a scenario's id without what stands in brackets at its end, and that; a name may hold brackets itself."""
    name = record.name if record.feature else record.name.partition("[")[0]
    at = record.id.find(name, record.id.find("::") + 2)
    end = at + len(name) if at >= 0 else len(record.id)
    bracket = record.id[end:]
    if bracket.startswith("[") and bracket.endswith("]"):
        return record.id[:end], bracket[1:-1]
    return record.id, ""
