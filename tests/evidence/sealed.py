"""Small sealed runs, for what is made of several of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pytest_hkexprt.evidence import folder as folders
from pytest_hkexprt.evidence import sign
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.parts import ClauseRecord, SourceRecord
from pytest_hkexprt.evidence.record import (
    SCHEMA_VERSION,
    Check,
    CircularRecord,
    EndRecord,
    OutcomeRecord,
    RunRecord,
    ScenarioRecord,
    SessionRecord,
)
from pytest_hkexprt.model import Outcome

NAME = "20230415T143000-own-primary"
PASSED = {"Session 1": Outcome.PASSED}
FAILED = {"Session 1": Outcome.FAILED}


def circular(asks: str = "login is asked") -> CircularRecord:
    clauses = (ClauseRecord(id="login", asks=asks), ClauseRecord(id="count", asks="count is asked"))
    return CircularRecord(stem="own", reference="TEST/1", dated="", issuer="I", subject="S", clauses=clauses)


def sealed(
    place: Path,
    who: str = "Alpha",
    outcomes: Mapping[str, Outcome] = PASSED,
    *,
    key: Path | None = None,
    ended: bool = True,
    asks: str = "login is asked",
    exit_status: int | None = None,
    kept: bytes = b"<p>kept</p>",
    **run: object,
) -> Path:
    """Make the folder of a small run, sealed, below a place, and return it.

    Args:
        place: the folder of its job.
        who: the participant.
        outcomes: session to how its one scenario ended.
        key: what signs it.
        ended: whether its journal has its last line.
        asks: what the circular's clause asks.
        exit_status: pytest's; None for the one that the outcomes give.
        kept: a file it keeps.
        run: other fields of its first record.
    """
    folder = place / NAME
    folder.mkdir(parents=True)
    first: dict[str, object] = {
        "schema": SCHEMA_VERSION,
        "run_id": NAME,
        "target": "simulator",
        "sites": ("primary",),
        "participant": who,
        "roles": ("CP",),
        "command": "pytest",
        "started": "2026-11-21T10:00:00+08:00",
        "versions": {"pytest-hkexprt": "1"},
        "platform": "Linux",
        "machine": f"machine-of-{who.lower()}",
        "signing_key": sign.fingerprint(key) if key else "",
        "suite": (SourceRecord(file="own.feature", sha256="0" * 64, text="Feature: F"),),
    }
    with Journal(folder / "evidence.jsonl", rehearsal=first.get("target") == "simulator") as journal:
        journal.write(RunRecord(**{**first, **run}))  # type: ignore[arg-type]  # fields by name
        journal.notice(f"notice of {who}")
        for session, outcome in outcomes.items():
            _scenario(journal, session, outcome, who, asks, named=len(outcomes) > 1)
        journal.keep("page.html", kept)
        wrong = any(each in (Outcome.FAILED, Outcome.ERROR) for each in outcomes.values())
        counts = {str(each): list(outcomes.values()).count(each) for each in set(outcomes.values())}
        status = int(wrong) if exit_status is None else exit_status
        if ended:
            told = "2026-11-21T10:01:00+08:00"
            journal.write(EndRecord(records=journal.lines, outcomes=counts, exit_status=status, ended=told))
    folders.finish(folder, key)
    return folder


def _scenario(journal: Journal, session: str, outcome: Outcome, who: str, asks: str, *, named: bool) -> None:
    starts, ends = "2023-04-15T14:30:00+08:00", "2023-04-15T15:30:00+08:00"
    journal.write(SessionRecord(circular=circular(asks), name=session, site="primary", starts=starts, ends=ends))
    own_id = f"own.feature::It is{f'[{session}]' if named else ''}"
    journal.write(
        ScenarioRecord(
            id=own_id, name="It is", feature="F", file="own.feature", line=1, session=session, clauses=("login",)
        )
    )
    met = outcome is Outcome.PASSED
    if met or outcome is Outcome.FAILED:
        journal.write(Check(what=f"{who}'s", where="here", expected="1", came="1" if met else "2", met=met))
    journal.write(OutcomeRecord(id=own_id, outcome=outcome, duration_s=0.1, checks=1))


def zipped(folder: Path) -> Path:
    """Return the zip file that was made beside a run's folder."""
    return folder.with_name(f"{folder.name}-evidence.zip")
