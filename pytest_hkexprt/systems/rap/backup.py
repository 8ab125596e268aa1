"""Daily back-ups on the disk: a folder for each business date, and beside it the SHA-256 list that makes it complete.

The circular wants the reports backed up every day of a fortnight. Whether that was done must be told later without the
server: so the list is written last, in the form ``sha256sum -c`` reads, and a back-up is complete when every file of
it still has its digest and no report of that date's baseline is missing from it. The list stands beside the folder, so
that no report's name can collide with it.

Source: CD/OEC/SEOCH/073/2023, stabilisation period, first duty; sha256sum(1) for the form.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.systems.rap import baseline
from pytest_hkexprt.systems.rap.report import Report, is_local, safe

LINE = re.compile(r"(?P<digest>[0-9a-f]{64})  (?P<folder>[^/\n]+)/(?P<name>[^/\n]+)")
RUN_IT = "back up while the folder still shows that date: hkexprt backup"
SHOWN = 5
"""Problems of one date that are told; more are counted."""


@dataclass(frozen=True, slots=True)
class State:
    """What the disk says about the back-up of one business date."""

    date: dt.date
    files: int
    problems: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether there is a back-up, whole."""
        return not self.problems

    def __str__(self) -> str:
        rest = f"; and {len(self.problems) - SHOWN} more" if len(self.problems) > SHOWN else ""
        return f"{self.date}: {'; '.join(self.problems[:SHOWN]) or f'{self.files} files'}{rest}"


def folder_of(data: Path, user: str, date: dt.date) -> Path:
    """Return where the reports of a business date are kept."""
    return data / "backups" / "rap" / safe(user) / date.isoformat()


def list_of(folder: Path) -> Path:
    """Return the SHA-256 list of a dated folder."""
    return folder.with_name(f"{folder.name}.sha256")


def write_list(folder: Path, digests: Mapping[str, str]) -> Path:
    """Write the list of a dated folder in one piece, and return where."""
    path = list_of(folder)
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    try:
        with part.open("x", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{digests[name]}  {folder.name}/{name}\n" for name in sorted(digests))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def read_list(folder: Path) -> dict[str, str]:
    """Return the list of a dated folder, name to digest; empty where there is none.

    Raises:
        UsageFault: a line is not one that was written here.
    """
    path = list_of(folder)
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        entry = LINE.fullmatch(line)
        if entry is None or entry["folder"] != folder.name or not is_local(entry["name"]):
            raise UsageFault(
                f"{path}, line {number}",
                expected=f"a digest, two blanks, {folder.name}/ and a name",
                came=repr(line[:120]),
                next_step="the file was changed after it was written; remove it and back up again",
            )
        found[entry["name"]] = entry["digest"]
    return found


def proven(folder: Path, reports: Iterable[Report], digests: Mapping[str, str]) -> dict[str, str]:
    """Return those of the reports that need no transfer, local name to digest.

    They are as large and as old as the folder lists them now, and their content still has the digest of the list.
    Names that fall together on a disk blind to case are brought together each time, so that they are told apart alike.
    """
    listed = tuple(reports)
    blind = Counter(report.local_name.casefold() for report in listed)
    return {
        name: digests[name]
        for report in listed
        if (name := report.local_name) in digests
        and blind[name.casefold()] == 1
        and _is_as_listed(folder / name, report, digests[name])
    }


def stamp(path: Path, report: Report) -> None:
    """Give a downloaded file the time the folder lists, by which the day's next run knows it again."""
    if report.modified is not None:
        os.utime(path, (report.modified.timestamp(),) * 2)


def examine(data: Path, user: str, date: dt.date) -> State:
    """Return what the disk says about the back-up of a business date; every file of it is read."""
    folder = folder_of(data, user, date)
    try:
        digests = read_list(folder)
        before = baseline.load(data, user, date) if date in baseline.dates(data, user) else None
    except UsageFault as fault:
        return State(date, 0, (str(fault.where) + ": " + fault.came,))
    if not digests:
        begun = folder.is_dir() and any(folder.iterdir())
        return State(date, 0, ("a back-up was begun and not finished" if begun else "no back-up",))
    problems = [problem for name in sorted(digests) if (problem := _problem(folder / name, digests[name]))]
    if before is None:
        problems.append("no baseline of that date to hold it against")
    else:
        problems += [f"{it.name} is not in it" for it in before.reports if not _holds(digests, it.name)]
    return State(date, len(digests), tuple(problems))


def check(states: Iterable[State], user: str, failed: Mapping[dt.date, str], remark: str = "") -> Check:
    """Compare the back-ups there are with those there should be.

    Args:
        states: of the business dates that are due.
        user: the User ID.
        failed: why a run of this rehearsal failed, by business date.
        remark: a last line for the reader, if any.
    """
    wanted = tuple(states)
    bad = [state for state in wanted if not state.complete]
    lines = [f"{state}: {failed[state.date]}" if state.date in failed else str(state) for state in bad or wanted]
    dates = f"{wanted[0].date} to {wanted[-1].date}" if wanted else "none"
    return Check(
        what="daily back-ups",
        where=f"rap: back-ups of {user}",
        expected=f"a complete back-up of each of {len(wanted)} business dates, {dates}",
        came=f"{len(wanted) - len(bad)} complete" + (f", {len(bad)} not" if bad else ""),
        met=bool(wanted) and not bad,
        next_step=RUN_IT,
        details=(*lines, *filter(None, [remark])),
    )


def _holds(digests: Mapping[str, str], name: str) -> bool:
    plain = safe(name)
    # One that fell together with another has a digest behind its name.
    return plain in digests or any(each.startswith(f"{plain[:100]}~") for each in digests)


def _is_as_listed(path: Path, report: Report, digest: str) -> bool:
    if report.modified is None or path.is_symlink() or not path.is_file():
        return False
    found = path.stat()
    as_listed = (found.st_size, int(found.st_mtime)) == (report.size_bytes, int(report.modified.timestamp()))
    return as_listed and not _problem(path, digest)


def _problem(path: Path, digest: str) -> str:
    if path.is_symlink() or not path.is_file():
        return f"{path.name} is gone"
    with path.open("rb") as file:
        return "" if hashlib.file_digest(file, "sha256").hexdigest() == digest else f"{path.name} was changed"
