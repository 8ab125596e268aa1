"""What cannot stand on one page, told before anything is written.

A page compares: the same clauses of the same circular, asked of participants by the same steps, against one kind of
target. Runs that differ in that are refused by name, with what differs. Pure: what was scanned in, a fault out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.parts import ParticipantRecord
from pytest_hkexprt.evidence.record import SCHEMA_VERSION
from pytest_hkexprt.participants import slug

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.merged.scan import Key, Scanned

KEEP_LAST = "last"


def refuse(runs: Sequence[Scanned], keep: str) -> None:
    """Refuse runs that cannot stand on one page.

    Args:
        runs: at least one, in the order of their starts.
        keep: ``last`` to take of a scenario that ran twice the later; empty to refuse it.

    Raises:
        UsageFault: they cannot; the message names the run and what differs.
    """
    for each in runs:
        _alone(each)
    _journals(runs)
    first = runs[0]
    for each in runs[1:]:
        if each.run.target != first.run.target:
            kinds = "runs against one kind of target: a rehearsal beside a live session would lend it its colour"
            came = f"{each.run.target}; {first.source} is against {first.run.target}"
            raise UsageFault(str(each.source), expected=kinds, came=came, next_step="merge each kind by itself")
    _suites(runs)
    people(runs)
    if keep != KEEP_LAST:
        _twice(runs)


def people(runs: Sequence[Scanned]) -> tuple[ParticipantRecord, ...]:
    """Return the participants of all runs, by name.

    Raises:
        UsageFault: one is told of in two ways, or two would share the names of their files.
    """
    known: dict[str, tuple[ParticipantRecord, Scanned]] = {}
    for each in runs:
        for who in each.participants:
            before, run = known.setdefault(slug(who.name), (who, each))
            if (before.name, before.roles) != (who.name, who.roles):
                raise UsageFault(
                    str(each.source),
                    expected=f"{before.name}, {', '.join(before.roles)}, as in {run.source}",
                    came=f"{who.name}, {', '.join(who.roles)}",
                    next_step="a participant has one name and the same roles in all runs of a page",
                )
    return tuple(known[name][0] for name in sorted(known))


def again(runs: Sequence[Scanned]) -> list[tuple[str, ...]]:
    """Return, for each run, the ids of its scenarios that a later one ran again."""
    last = {key: number for number, run in enumerate(runs) for key in run.scenarios}
    return [
        tuple(name for key, (name, _) in run.scenarios.items() if last[key] != number)
        for number, run in enumerate(runs)
    ]


def _alone(each: Scanned) -> None:
    if each.run.parts:
        parts = f"one merged of {each.run.parts} already"
        raise UsageFault(str(each.source), expected="a run's own evidence", came=parts, next_step="name its parts")
    if each.run.schema != SCHEMA_VERSION:
        raise UsageFault(
            str(each.source),
            expected=f"a journal of schema {SCHEMA_VERSION}, as this version writes them",
            came="an older one, which does not say its own" if each.run.schema == 1 else f"schema {each.run.schema}",
            next_step="install one version of pytest-hkexprt on all machines, and run again",
        )


def _journals(runs: Sequence[Scanned]) -> None:
    seen: dict[str, Scanned] = {}
    for each in runs:
        before = seen.setdefault(each.seal.sha256, each)
        if before is not each:
            came = f"the same run as {before.source}"
            raise UsageFault(str(each.source), expected="each run once", came=came, next_step="name it once")


def _suites(runs: Sequence[Scanned]) -> None:
    """Refuse runs whose circulars or features are not the same, where they have those of one name."""
    known: dict[str, tuple[object, Scanned]] = {}
    for each in runs:
        for name, content in _asked(each):
            before, run = known.setdefault(name, (content, each))
            if before != content:
                raise UsageFault(
                    str(each.source),
                    expected=f"{name} as in {run.source}",
                    came="another text under that name",
                    next_step="run all participants from one revision of the suite",
                )


def _asked(run: Scanned) -> Iterator[tuple[str, object]]:
    yield from ((f"the circular {stem}", record) for stem, record in run.circulars.items())
    yield from ((each.file, each.sha256) for each in run.run.suite)


def _twice(runs: Sequence[Scanned]) -> None:
    seen: dict[Key, Scanned] = {}
    for each in runs:
        for key, (name, _) in each.scenarios.items():
            before = seen.setdefault(key, each)
            if before is not each:
                whose, _, session, _, _ = key
                raise UsageFault(
                    str(each.source),
                    expected=f"each scenario of {whose or 'the suite'} once",
                    came=f"{name}{f', {session}' if session else ''}, which {before.source} has as well",
                    next_step="leave one out, or --keep last: the later counts, the earlier stays as an attempt",
                )
