"""What became of a journal's lines, told from their chain of digests.

Each line carries the digest of the one before, so the digest of the last line, which the manifest holds, vouches for
all of them, from the end to the beginning. Walking back, a line that is not found was changed or removed; what is left
over was added; what was found in another order was moved. Pure: bytes in, findings out.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pytest_hkexprt.evidence.journal import FIRST

MOST_SHOWN = 12
"""How many numbers a finding lists before it says how many more there are."""


class Change(StrEnum):
    """What was done to something."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    REORDERED = "reordered"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written."""

    change: Change
    what: str
    """Which file or line, and how one knows."""

    def __str__(self) -> str:
        return f"{self.change}: {self.what}"


@dataclass(frozen=True, slots=True)
class _Parsed:
    """One line of the file."""

    place: int
    """Its number in the file, from 1."""
    digest: str
    seq: int
    """-1 where the line is no record at all."""
    prev: str


def findings(lines: Sequence[bytes], *, head: str = "", count: int | None = None) -> list[Finding]:
    """Return what was done to a journal's whole lines; nothing when they are as they were written.

    Args:
        lines: without their newlines.
        head: the digest of the last line, as the manifest has it; empty where there is no manifest to ask.
        count: how many lines there were, as the manifest has it.
    """
    parsed = [_parse(place, line) for place, line in enumerate(lines, start=1)]
    by_seq: dict[int, list[_Parsed]] = defaultdict(list)
    for each in parsed:
        by_seq[each.seq].append(each)
    total = max(by_seq, default=-1) + 1 if count is None else count
    found: list[Finding] = []
    removed: list[int] = []
    genuine: list[_Parsed] = []
    wanted, doubtful = head, False
    for seq in range(total - 1, -1, -1):
        candidates = by_seq[seq]
        line: _Parsed | None = next((each for each in candidates if each.digest == wanted), None)
        if line is None and candidates:
            line = candidates[0]
            if wanted:
                found.append(Finding(Change.CHANGED, _changed(line, total, doubtful=doubtful)))
            doubtful = True
        else:
            doubtful = False
        if line is None:
            removed.append(seq)
            wanted = ""
        else:
            genuine.append(line)
            wanted = line.prev
    if genuine and not removed and wanted != FIRST:
        found.append(Finding(Change.CHANGED, f"line {genuine[-1].place}: the first record does not begin a journal"))
    genuine.reverse()
    if removed:
        found.append(Finding(Change.REMOVED, f"{_numbered('record', sorted(removed))} of {total} (numbered from 0)"))
    used = {each.place for each in genuine}
    extra = [each.place for each in parsed if each.place not in used]
    if extra:
        found.append(Finding(Change.ADDED, f"{_numbered('line', extra)}: no record of the chain"))
    return found + _moved(genuine)


def _changed(line: _Parsed, total: int, *, doubtful: bool) -> str:
    """Return what is said of a changed line; doubtful, when what carries its digest was itself changed."""
    after = "the manifest" if line.seq == total - 1 else f"record {line.seq + 1}"
    either = f" (or {after} was changed in that very place)" if doubtful else ""
    return f"line {line.place}, record {line.seq}: its digest is not the one that {after} carries{either}"


def _moved(genuine: list[_Parsed]) -> list[Finding]:
    """Return what stands in another order; ``genuine`` is in the order of the records."""
    places = [line.place for line in genuine]
    moved = [index for index, (place, due) in enumerate(zip(places, sorted(places), strict=True)) if place != due]
    if not moved:
        return []
    in_file = sorted(genuine[moved[0] : moved[-1] + 1], key=lambda line: line.place)
    what = f"lines {in_file[0].place} to {in_file[-1].place}: they hold {_numbered('record', [x.seq for x in in_file])}"
    return [Finding(Change.REORDERED, what)]


def _numbered(noun: str, numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:MOST_SHOWN]))
    more = f" and {len(numbers) - MOST_SHOWN} more" if len(numbers) > MOST_SHOWN else ""
    return f"{noun}{'' if len(numbers) == 1 else 's'} {shown}{more}"


def _parse(place: int, line: bytes) -> _Parsed:
    digest = hashlib.sha256(line).hexdigest()
    try:
        envelope = json.loads(line)
        seq, prev = envelope["seq"], envelope["prev"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return _Parsed(place, digest, -1, "")
    if type(seq) is not int or seq < 0 or not isinstance(prev, str):
        return _Parsed(place, digest, -1, "")
    return _Parsed(place, digest, seq, prev)
