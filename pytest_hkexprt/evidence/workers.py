"""Several workers' journals made one, in the order of the feature files.

Under xdist each worker writes its own journal, so that no line waits for another process and a killed worker leaves
what it had. Merged, every record keeps the times it was written with; the chain of digests is made anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from pytest_hkexprt.evidence.journal import Journal, read
from pytest_hkexprt.evidence.record import EndRecord, Line, NoticeRecord, RunRecord, ScenarioRecord, SessionRecord

Block = tuple[Line | None, list[Line]]
"""A session's line and the lines of one scenario run in it."""


def join(journals: Iterable[Path], into: Journal, *, run_id: str, order: Mapping[str, int]) -> None:
    """Write the records of ``journals`` into one, scenarios in the given order, ready for its last line.

    Args:
        journals: the workers' files.
        into: the journal to write, empty so far.
        run_id: the name the run gets.
        order: node id to position; a scenario without one comes last.

    Raises:
        UsageFault: a worker's journal is damaged.
    """
    blocks: list[Block] = []
    notices: dict[str, Line] = {}
    for path in journals:
        session: Line | None = None
        current: list[Line] | None = None
        for line in read(path):
            record = line.record
            if isinstance(record, RunRecord):
                if into.lines == 0:
                    _write(into, line, msgspec.structs.replace(record, run_id=run_id))
            elif isinstance(record, SessionRecord):
                session, current = line, None
            elif isinstance(record, ScenarioRecord):
                current = [line]
                blocks.append((session, current))
            elif current is not None and not isinstance(record, EndRecord):
                current.append(line)
            elif isinstance(record, NoticeRecord):
                notices.setdefault(record.text, line)
    for line in notices.values():
        _write(into, line)
    _write_blocks(into, blocks, order)


def _write_blocks(into: Journal, blocks: list[Block], order: Mapping[str, int]) -> None:
    def position(block: Block) -> int:
        record = block[1][0].record
        return order.get(record.id, len(order)) if isinstance(record, ScenarioRecord) else len(order)

    shown: object = None
    for session, lines in sorted(blocks, key=position):
        if session is not None and session.record != shown:
            shown = session.record
            _write(into, session)
        for line in lines:
            _write(into, line)


def _write(into: Journal, line: Line, record: RunRecord | None = None) -> None:
    into.write_at(record or line.record, utc=line.utc, rehearsed=line.rehearsed)
