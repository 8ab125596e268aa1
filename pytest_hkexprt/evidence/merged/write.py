"""Sealed runs written into one journal, each behind a line that says whose its records are.

Nothing is written unless all are sound and can stand together, and nothing half: the folder appears under its name
when it is finished.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from pytest_hkexprt import deadline
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence import describe, manifest, sign
from pytest_hkexprt.evidence.describe import JOURNAL
from pytest_hkexprt.evidence.journal import ATTACHMENTS, Journal
from pytest_hkexprt.evidence.manifest import MANIFEST, SIGNATURE
from pytest_hkexprt.evidence.merged import mixture, raw, scan, status
from pytest_hkexprt.evidence.merged.prove import place
from pytest_hkexprt.evidence.merged.scan import Scanned
from pytest_hkexprt.evidence.record import PartRecord, RunRecord
from pytest_hkexprt.model import Outcome

KEPT = re.compile(r"attachments/(?P<digest>[0-9a-f]{64})(\.[a-z0-9]{1,8})?")
"""What a kept file is called: by its digest."""
MOST_TOLD = 5
"""Runs that were interrupted, by name."""
WRONG = (Outcome.FAILED, Outcome.ERROR)


def merge(
    sources: Sequence[Path],
    into: Path,
    *,
    keep: str = "",
    signers: Path | None = None,
    key: Path | None = None,
    lang: str | None = None,
    command: str = "hkexprt merge",
) -> Path:
    """Write sealed runs into a new folder as one journal, and return the folder; nothing is drawn or sealed yet.

    Args:
        sources: the runs' folders or zip files.
        into: the folder to make; it may be there if it is empty.
        keep: ``last`` to let of a scenario that ran twice the later count; empty to refuse it.
        signers: OpenSSH's file of allowed signers, of whom one must have signed each.
        key: the OpenSSH key the whole is going to be signed with.
        lang: language of the renderings; None for that of the runs, where they have one.
        command: the command line.

    Raises:
        UsageFault: there is none, one is not as it was written, they cannot stand together, or the folder is not empty.
    """
    if not sources:
        raise UsageFault("hkexprt merge", expected="the folders or zip files of runs", came="none")
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UsageFault(str(into), expected="a new folder, or an empty one", came="something is there already")
    fingerprint = sign.fingerprint(key) if key else ""
    with tempfile.TemporaryDirectory(prefix="hkexprt-merge-") as temporary:
        scanned = [
            scan.opened(path, name, Path(temporary) / str(number), signers)
            for number, (path, name) in enumerate(zip(sources, named(sources), strict=True))
        ]
        runs = sorted(scanned, key=lambda each: (each.run.started, each.begun, each.seal.sha256))
        mixture.refuse(runs, keep)
        into.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f".{into.name}-", dir=into.parent))
        try:
            run = _first(runs, into.name, command, fingerprint, lang)
            _write(runs, unfinished, run)
            unfinished.chmod(0o755)
            if into.exists():
                into.rmdir()
            os.replace(unfinished, into)  # noqa: PTH105  in one step
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
    return into


def named(sources: Sequence[Path]) -> list[str]:
    """Return what each is called in the whole: its base name, behind its folder's where two have the same."""
    counts = Counter(each.name for each in sources)
    return ["/".join(each.absolute().parts[1:][-2:]) if counts[each.name] > 1 else each.name for each in sources]


def _first(runs: Sequence[Scanned], run_id: str, command: str, fingerprint: str, lang: str | None) -> RunRecord:
    """Return the first record of the whole: what its parts have in common, and who they are."""
    people = mixture.people(runs)
    several = people if len(people) > 1 else ()
    records = [each.run for each in runs]
    tongues, revisions = {each.lang for each in records}, {each.revision for each in records}
    files = {(each.file, each.sha256): each for record in records for each in record.suite}
    return msgspec.structs.replace(
        describe.tool_record(command),
        run_id=run_id,
        target=records[0].target,
        sites=tuple(dict.fromkeys(site for each in records for site in each.sites)),
        participant=", ".join(each.name for each in people),
        participant_file=", ".join(dict.fromkeys(each.participant_file for each in records if each.participant_file)),
        roles=tuple(dict.fromkeys(role for each in people for role in each.roles)),
        line=", ".join(dict.fromkeys(each.line for each in people if each.line)),
        started=min(each.started for each in records),
        drills=tuple(dict.fromkeys(drill for each in records for drill in each.drills)),
        suite=tuple(files[name] for name in sorted(files)),
        revision=revisions.pop() if len(revisions) == 1 else "",
        signing_key=fingerprint,
        lang=lang if lang is not None else (tongues.pop() if len(tongues) == 1 else ""),
        contact={} if several else dict(people[0].contact),
        participants=several,
        parts=len(runs),
    )


def _write(runs: Sequence[Scanned], folder: Path, run: RunRecord) -> None:
    superseded = mixture.again(runs)
    sessions = Counter(stem for stem, _, _ in {session for each in runs for session in each.sessions})
    several = {stem for stem, number in sessions.items() if number > 1}
    with Journal(folder / JOURNAL) as merged:
        merged.write_at(run, utc=deadline.true_utc(), rehearsed=None)
        for number, each in enumerate(runs, start=1):
            part = PartRecord(
                number=number,
                run=each.run,
                seal=each.seal,
                end=each.end,
                participant=each.run.participant if run.participants and not each.run.participants else "",
                sessions_named=tuple(sorted(several & each.unnamed)),
                again=superseded[number - 1],
            )
            _copy(each, merged, part)
            _keep(each, folder, number)
        ended, why = _status(runs, superseded)
        end = describe.end_record(merged.lines, _outcomes(runs, superseded), ended, why)
        merged.write_at(end, utc=deadline.true_utc(), rehearsed=None)


def _copy(run: Scanned, merged: Journal, part: PartRecord) -> None:
    """Copy a run's records byte for byte; its chain, worked out again, must end where its manifest says."""
    chain = raw.Chain()
    for line in raw.read(run.folder / JOURNAL):
        if chain.lines == 0:
            head, _, rest = msgspec.json.encode(part).partition(msgspec.json.encode(part.run))
            record = msgspec.Raw(head + bytes(line.record) + rest)
            merged.copy(record, utc=line.utc, rehearsed=line.rehearsed)
        else:
            merged.copy(line.record, utc=line.utc, rehearsed=line.rehearsed)
        chain.add(line.record, line.utc, line.rehearsed)
    if chain.head != run.seal.sha256:
        raise UsageFault(
            str(run.source),
            expected=f"lines as pytest-hkexprt writes them, the last with the digest {run.seal.sha256}",
            came=f"others, which give {chain.head}",
            next_step="it changed while it was read, or another program wrote it; nothing was written",
        )


def _keep(run: Scanned, folder: Path, number: int) -> None:
    """Keep what a run's manifest vouches for: the manifest and its signature, and each kept file under its digest."""
    where = place(folder, number)
    where.mkdir(parents=True)
    for name in (MANIFEST, SIGNATURE):
        if (run.folder / name).is_file():
            shutil.copyfile(run.folder / name, where / name)
    for name in manifest.listed(run.sealed.sha256sums):
        if not name.startswith(f"{ATTACHMENTS}/"):
            continue
        kept, source = KEPT.fullmatch(name), run.folder / name
        if kept is None or manifest.digest_of(source) != kept["digest"]:
            raise UsageFault(str(run.source), expected="kept files named by their digest", came=name)
        (folder / ATTACHMENTS).mkdir(exist_ok=True)
        if not (folder / name).exists():
            shutil.copyfile(source, folder / name)


def _outcomes(runs: Sequence[Scanned], superseded: Sequence[tuple[str, ...]]) -> Counter[Outcome]:
    return Counter(
        outcome
        for run, again in zip(runs, superseded, strict=True)
        for name, outcome in run.scenarios.values()
        if name not in again
    )


def _status(runs: Sequence[Scanned], superseded: Sequence[tuple[str, ...]]) -> tuple[int, str]:
    """Return the exit status that one run of all would have had, and why it was interrupted, if one was."""
    statuses = [status.own(run.end) for run in runs]
    for number, (run, again) in enumerate(zip(runs, superseded, strict=True)):
        wrong = {name for name, outcome in run.scenarios.values() if outcome in WRONG}
        if statuses[number] == status.FAILED and wrong and wrong <= set(again):
            statuses[number] = status.PASSED  # what failed was run again
    cut = [run for run in runs if status.own(run.end) == status.INTERRUPTED]
    why = [f"{run.seal.source}: {(run.end and run.end.interrupted) or 'cut short'}" for run in cut[:MOST_TOLD]]
    return status.worst(statuses), ", ".join(why)
