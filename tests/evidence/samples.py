"""Journals made up for the tests of what is drawn from them: a pass, a failure, a kill, hostile strings, two sessions.

Written through the journal itself, with given times, so that the same sample is the same bytes every time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path

from pytest_hkexprt.evidence import journal
from pytest_hkexprt.evidence.parts import ClauseRecord
from pytest_hkexprt.evidence.record import (
    AttachmentRecord,
    Check,
    CircularRecord,
    EndpointRecord,
    EndRecord,
    ExchangeRecord,
    Line,
    NoticeRecord,
    OutcomeRecord,
    PlannedStep,
    Record,
    RunRecord,
    ScenarioRecord,
    SessionRecord,
    StepRecord,
)
from pytest_hkexprt.model import Basis, Outcome

RAP = CircularRecord(
    stem="rap",
    reference="CD/OEC/SEOCH/073/2023",
    dated="2023-03-23",
    issuer="The SEHK Options Clearing House Limited",
    subject="Software upgrade of the report retrieval solution, post release connectivity sessions",
    clauses=(
        ClauseRecord(
            id="addresses",
            asks="before connecting, the SFTP addresses are those of the session's site, port 10022",
            where="Attachment, points a and b of each session",
        ),
        ClauseRecord(
            id="login",
            asks="one logs in to the SFTP service with the User ID and its SSH key",
            where="Attachment, steps of each session, first",
        ),
        ClauseRecord(
            id="count",
            asks="the folder holds as many files as on the last business date",
            where="Attachment, steps of each session, second",
        ),
        ClauseRecord(
            id="download",
            asks="one or two files, for instance TP001 and TP002, are downloaded from the folder",
            where="Attachment, steps of each session, third",
        ),
        ClauseRecord(
            id="logout",
            asks="one logs out when the other steps are done",
            where="Attachment, steps of each session, fourth",
        ),
        ClauseRecord(
            id="keep-primary",
            asks="after the last session the primary addresses stay configured for production",
            where="Attachment, below session 2",
            untested="the configuration of the participant's own downloader is not read; look at it after session 2",
        ),
        ClauseRecord(
            id="keys",
            asks="in the stabilisation period the secure shell keys are not renewed",
            where="First page, stabilisation period, ii",
            untested="falls on the days after the sessions; the participant leaves the keys as they are",
        ),
    ),
)
STEPS = (
    PlannedStep(keyword="Given", text="the SFTP connection points to the site's addresses", line=6),
    PlannedStep(keyword="When", text="the participant logs in with its User ID and SSH key", line=7),
    PlannedStep(keyword="Then", text="the number of files is unchanged from the last business date", line=8),
    PlannedStep(keyword="When", text="the participant downloads TP001 and TP002", line=9),
    PlannedStep(keyword="Then", text="each download matches the folder's listing", line=10),
    PlannedStep(keyword="And", text="the participant logs out", line=11),
)
CLAUSES = ("addresses", "login", "count", "download", "logout")
SECONDARY = "rap/secondary 127.152.14.121:10022 (for 10.152.14.121:10022)"
SECOND_ADDRESS = "rap/secondary 127.152.14.122:10022 (for 10.152.14.122:10022)"
PRIMARY = "rap/primary 127.151.14.121:10022 (for 10.151.14.121:10022)"
FINGERPRINT = "ssh-ed25519 SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDcg1yYkNXCOTTF6mE"
PRIMARY_FINGERPRINT = "ssh-ed25519 SHA256:Nbkq1rTz0vWlYqF2pYx8aQ0o1bVw3hT9y6cKJmS4dUg"
HERE = {
    "Session 1": (SECONDARY, SECOND_ADDRESS, FINGERPRINT),
    "Session 2": (PRIMARY, PRIMARY.replace(".121:", ".122:"), PRIMARY_FINGERPRINT),
}
TRUE_START = dt.datetime(2026, 11, 20, 9, 12, 30, tzinfo=dt.UTC)
SESSION_START = dt.datetime.fromisoformat("2023-04-15T14:30:00+08:00")
EVENING_BEFORE = dt.datetime.fromisoformat("2023-04-14T19:00:00+08:00")
HOSTILE = (
    '<script>document.title="pwned"</script></script>"onload="alert(1)" \'x\' &amp; \x1b[31mred\x1b[0m \u202egnp.exe'
    "\u2066 \x00 \u200b C:\\Users\\x \udc80 {{ 7 * 7 }} ]]> --> <img src=http://evil.example/x.png>"
)


class Writer:
    """A journal written with made-up times, 40 ms apart."""

    def __init__(self, path: Path, *, live: bool = False) -> None:
        self.journal = journal.Journal(path)
        self.live = live
        self.true = TRUE_START
        self.rehearsed = SESSION_START

    def __call__(self, record: Record, after_s: float = 0.04) -> None:
        step = dt.timedelta(seconds=after_s)
        self.true += step
        self.rehearsed += step
        utc = self.true.isoformat(timespec="microseconds").replace("+00:00", "Z")
        rehearsed = None if self.live else self.rehearsed.isoformat(timespec="milliseconds")
        self.journal.write_at(record, utc=utc, rehearsed=rehearsed)

    def basis(self) -> Basis:
        return Basis.OBSERVED if self.live else Basis.SIMULATED


def run_record(*, live: bool = False, drills: tuple[str, ...] = ()) -> RunRecord:
    return RunRecord(
        run_id="20230415T143000-rap-secondary",
        target="live" if live else "simulator",
        sites=("secondary",),
        participant="Kowloon Options Clearing Limited" if live else "Rehearsal Participant",
        participant_file="hkexprt.toml" if live else "",
        roles=("CP",),
        line="SDNET" if live else "",
        command="pytest --site=secondary features/rap.feature",
        started="2026-11-20T17:12:30+08:00",
        versions={"pytest-hkexprt": "0.1.0", "pytest": "9.2.0", "pytest-bdd": "9.0.1", "Python": "3.11.2"},
        platform="Linux 6.1.0 x86_64",
        drills=drills,
    )


def session_record(
    name: str = "Session 1",
    site: str = "secondary",
    starts: dt.datetime = SESSION_START,
    circular: CircularRecord = RAP,
) -> SessionRecord:
    network = "10.152.14" if site == "secondary" else "10.151.14"
    return SessionRecord(
        circular=circular,
        name=name,
        site=site,
        starts=starts.isoformat(),
        ends=(starts + dt.timedelta(hours=1)).isoformat(),
        endpoints=tuple(
            EndpointRecord(system="rap", site=site, address=f"{network}.{host}:10022") for host in (121, 122)
        ),
    )


def scenario_record(session: str = "Session 1", identity: str = "") -> ScenarioRecord:
    name = "A Clearing Participant retrieves its reports"
    return ScenarioRecord(
        id=identity or f"features/rap.feature::{name}",
        name=name,
        feature="Reports can be retrieved after the upgrade",
        file="features/rap.feature",
        line=5,
        session=session,
        clauses=CLAUSES,
        tags=tuple(f"clause.{clause}" for clause in CLAUSES),
        steps=STEPS,
    )


def exchange(endpoint: str, what: str, **facts: str) -> ExchangeRecord:
    shown = {name.replace("_", " "): value for name, value in facts.items()}
    return ExchangeRecord(system="rap", endpoint=endpoint, what=what, facts=shown)


def baseline(write: Writer) -> None:
    """What the set-up of a rehearsal leaves: the visit on the last business date's evening."""
    session, write.rehearsed = write.rehearsed, EVENING_BEFORE
    write(exchange(PRIMARY, "connected, host key verified", host_key=PRIMARY_FINGERPRINT))
    write(exchange(PRIMARY, "logged in", user="CPTEST01", method="publickey", fingerprint="SHA256:the-users-own"))
    write(exchange(PRIMARY, "listed 41 files", bytes="28,114,902"))
    write(exchange(PRIMARY, "logged out"))
    write.rehearsed = session


def retrieval(
    write: Writer, *, missing: str = "", session: str = "Session 1", stop_after: int = 6, torn_down: bool = False
) -> None:
    """The scenario of the feature, up to ``stop_after`` steps; with a missing report it fails at the third."""
    here, second_address, key = HERE[session]
    write(scenario_record(session))
    baseline(write)

    def step(index: int, duration_s: float, outcome: Outcome = Outcome.PASSED, message: str = "") -> None:
        write(StepRecord(index=index, outcome=outcome, duration_s=duration_s, message=message), 0.002)

    def check(what: str, expected: str, came: str, **more: object) -> Check:
        return Check(
            what=what, where=here, expected=expected, came=came, **{"met": True, "basis": write.basis(), **more}
        )

    def first() -> None:
        write(exchange(here, "connected, host key verified", host_key=key), 0.5)
        write(exchange(second_address, "connected, host key verified", host_key=key))
        write(
            check(
                "addresses in use",
                "connections to 127.152.14.121:10022, 127.152.14.122:10022 and to nothing else",
                "connected to 127.152.14.121:10022, 127.152.14.122:10022",
                details=("10.152.14.121:10022 answered from 127.152.14.121:10022",),
            )
        )
        step(0, 0.41)

    def second() -> None:
        write(
            exchange(
                here,
                "logged in",
                user="CPTEST01",
                method="publickey",
                key="ssh-ed25519 SHA256:qP4…",
                cipher="aes256-gcm",
            )
        )
        write(check("login with User ID and SSH key", "granted by public key", "granted to CPTEST01"))
        step(1, 0.045)

    def third() -> None:
        found = 40 if missing else 41
        write(exchange(here, f"listed {found} files", folder=".", bytes="28,114,902"))
        details = (f"missing {missing}",) if missing else ()
        write(
            check(
                "number of files",
                "41 files as on 2023-04-14 (taken at primary)",
                f"{found} files",
                met=not missing,
                details=details,
                next_step="ask the DCASS hotline which of the differences are meant" if missing else "",
            )
        )
        if missing:
            message = (
                "    7 |     When the participant logs in with its User ID and SSH key\n"
                ">   8 |     Then the number of files is unchanged from the last business date\n"
                "    9 |     When the participant downloads TP001 and TP002\n\n"
                f"{here}: number of files\n  expected: 41 files as on 2023-04-14 (taken at primary)\n"
                f"  came:     40 files\n            missing {missing}\n"
                "  next:     ask the DCASS hotline which of the differences are meant"
            )
            step(2, 0.052, Outcome.FAILED, message)
        else:
            step(2, 0.052)

    def fourth() -> None:
        for name, size in (("TP001_20230414.csv", 1_204_118), ("TP002_20230414.csv", 48_210)):
            write(exchange(here, f"downloaded {name}", bytes=f"{size:,}", seconds="0.031"))
            write(
                AttachmentRecord(
                    name=name,
                    size_bytes=size,
                    sha256=hashlib.sha256(name.encode()).hexdigest(),
                    modified="2023-04-14T18:45:00+08:00",
                )
            )
        step(3, 0.093)

    def fifth() -> None:
        write(check("download of TP001_20230414.csv", "1,204,118 bytes", "1,204,118 bytes"))
        write(check("download of TP002_20230414.csv", "48,210 bytes", "48,210 bytes"))
        step(4, 0.0006)

    def sixth() -> None:
        write(exchange(here, "logged out", closed_here="yes", closed_there="yes, after 0.02 s"))
        write(
            check(
                "connection after the logout",
                "closed on both sides",
                "closed here; the server closed its side after 0.02 s",
            )
        )
        step(5, 0.038)

    done = [first, second, third, fourth, fifth, sixth]
    ran = min(stop_after, 3 if missing else 6)
    for act in done[:ran]:
        act()
    if stop_after < len(done):
        return
    for index in range(ran, len(done)):
        step(index, 0.0, Outcome.NOT_RUN)
    if torn_down:
        write(exchange(here, "connection closed"))
    outcome = Outcome.FAILED if missing else Outcome.PASSED
    message = f"{here}: number of files" if missing else ""
    write(
        OutcomeRecord(
            id=scenario_record().id, outcome=outcome, duration_s=0.71, checks=3 if missing else 6, message=message
        )
    )


def end(write: Writer, exit_status: int = 0, interrupted: str = "", **outcomes: int) -> None:
    write(
        EndRecord(
            records=write.journal.lines,
            outcomes=outcomes,
            exit_status=exit_status,
            ended="2026-11-20T17:12:33+08:00",
            interrupted=interrupted,
        )
    )
    write.journal.close()


def passed(path: Path) -> None:
    """A rehearsal of one session, all well."""
    write = Writer(path)
    write(run_record())
    write(NoticeRecord(text="rap/secondary: the simulator stands in for 10.152.14.121:10022 at 127.152.14.121:10022"))
    write(session_record())
    retrieval(write)
    end(write, passed=1)


def live(path: Path) -> None:
    """The same, against the exchange."""
    write = Writer(path, live=True)
    write.true = SESSION_START.astimezone(dt.UTC)
    write(run_record(live=True))
    write(session_record())
    retrieval(write)
    end(write, passed=1)


def failed(path: Path) -> None:
    """A drill: one report is missing."""
    write = Writer(path)
    write(run_record(drills=("rap.missing-report",)))
    write(session_record())
    retrieval(write, missing="TP017_20230414.csv")
    end(write, exit_status=1, failed=1)


def interrupted(path: Path) -> None:
    """A run killed in the fourth step, and in the middle of a line."""
    write = Writer(path)
    write(run_record())
    write(session_record())
    retrieval(write, stop_after=3)
    write(exchange(SECONDARY, "downloaded TP001_20230414.csv", bytes="1,204,118"))
    write.journal.close()
    with path.open("ab") as file:
        file.write(b'{"seq":99,"utc":"2026-')


def two_sessions(path: Path) -> None:
    """Both sessions of the circular, one passed and one failed, and an ordinary test of the user's."""
    write = Writer(path)
    write(run_record(drills=("rap.missing-report",)))
    write(session_record())
    retrieval(write)
    write.rehearsed = SESSION_START + dt.timedelta(hours=2)
    write(session_record("Session 2", "primary", SESSION_START + dt.timedelta(hours=2)))
    retrieval(write, missing="TP017_20230414.csv", session="Session 2")
    write(
        ScenarioRecord(
            id="tests/test_gateway.py::test_codec",
            name="test_codec",
            feature="",
            file="tests/test_gateway.py",
            line=3,
            session="",
        )
    )
    write(OutcomeRecord(id="tests/test_gateway.py::test_codec", outcome=Outcome.PASSED, duration_s=0.002, checks=0))
    end(write, exit_status=1, passed=2, failed=1)


def nothing(path: Path) -> None:
    """A run that selected no scenario."""
    write = Writer(path)
    write(run_record())
    write(session_record())
    end(write, exit_status=5)


def hostile(path: Path, bad: str = HOSTILE) -> None:
    """Every string that may come from outside is out to do harm."""
    write = Writer(path)
    write(
        RunRecord(
            run_id=bad, target="simulator", sites=(bad,), participant=bad, participant_file=bad, roles=(bad,), line=bad,
            command=bad, started=bad, versions={bad: bad}, platform=bad, drills=(bad,),
            revision=bad, signing_key=bad, contact={bad: bad},
        )
    )  # fmt: skip
    write(NoticeRecord(text=bad))
    clause = ClauseRecord(id="bad", asks=bad, where=bad)
    circular = CircularRecord(
        stem=bad,
        reference=bad,
        dated=bad,
        issuer=bad,
        subject=bad,
        clauses=(clause, ClauseRecord(id=bad, asks=bad, untested=bad)),
    )
    write(
        SessionRecord(
            circular=circular, name=bad, site=bad, starts=SESSION_START.isoformat(),
            ends=(SESSION_START + dt.timedelta(hours=1)).isoformat(),
            endpoints=(EndpointRecord(system=bad, site=bad, address=bad, published=bad, origin=bad),),
        )
    )  # fmt: skip
    planned = PlannedStep(keyword=bad, text=bad, line=1, table=((bad, bad),), docstring=f"{bad}\n{bad}")
    for system in (bad, f"another {bad}"):
        write(
            ScenarioRecord(
                id=bad,
                name=bad,
                feature=bad,
                file=bad,
                line=1,
                session=bad,
                clauses=("bad", bad),
                tags=(bad,),
                steps=(planned,),
                title=bad,
                rule=bad,
                row_line=1,
                values={bad: bad},
            )
        )
        write(ExchangeRecord(system=system, endpoint=bad, what=bad, facts={bad: bad, "host key": bad}))
        write(Check(what=bad, where=bad, expected=bad, came=bad, met=False, next_step=bad, details=(bad,)))
        write(AttachmentRecord(name=bad, size_bytes=1, sha256=bad, modified=bad, stored=bad))
        write(StepRecord(index=0, outcome=Outcome.FAILED, duration_s=9.0, message=f"{bad}\n\t{bad}"))
        write(OutcomeRecord(id=bad, outcome=Outcome.FAILED, duration_s=1, checks=1, message=bad))
    end(write, exit_status=1, interrupted=bad, failed=2)


def outlined(path: Path) -> None:
    """Two example rows of an outline under a rule, with a background, a data table and a doc string; one row fails."""
    write = Writer(path)
    write(run_record())
    write(session_record())
    for row, (report, size) in enumerate((("TP001", "1,204,118"), ("TP002", "48,210"))):
        name, wrong = "<report> keeps its size", row == 1
        write(
            ScenarioRecord(
                id=f"features/sizes.feature::{name}[{report}-{size}]",
                name=name,
                title=f"{report} keeps its size",
                feature="Reports keep their sizes",
                file="features/sizes.feature",
                line=14,
                session="Session 1",
                clauses=("download",),
                rule="A report is as large as it was",
                row_line=27 + row,
                values={"report": report, "size": size},
                steps=(
                    PlannedStep(keyword="Given", text="the site's addresses are used", line=4, background=True),
                    PlannedStep(
                        keyword="And",
                        text="these reports are expected",
                        line=10,
                        background=True,
                        table=(("report", "every"), ("TP001", "day"), ("TP002", "day | half day")),
                    ),
                    PlannedStep(
                        keyword="When",
                        text=f"{report} is asked for with",
                        line=15,
                        docstring=f"get {report}\n  then leave\n",
                    ),
                    PlannedStep(keyword="Then", text=f"it has {size} bytes", line=20),
                ),
            )
        )
        for index in range(3):
            write(StepRecord(index=index, outcome=Outcome.PASSED, duration_s=0.002))
        came = "0 bytes" if wrong else f"{size} bytes"
        write(
            Check(what="size", where=SECONDARY, expected=f"{size} bytes", came=came, met=not wrong, basis=write.basis())
        )
        outcome, message = (Outcome.FAILED, f"{SECONDARY}: size") if wrong else (Outcome.PASSED, "")
        write(StepRecord(index=3, outcome=outcome, duration_s=0.002, message=message))
        write(OutcomeRecord(id=name, outcome=outcome, duration_s=0.1, checks=1, message=message))
    end(write, exit_status=1, passed=1, failed=1)


def many(path: Path, scenarios: int = 120) -> None:
    """A run of many small scenarios, every fiftieth failed, every twelfth with something said."""
    write = Writer(path)
    write(run_record())
    write(session_record())
    for number in range(scenarios):
        name, wrong = f"Number {number} is doubled", number % 50 == 7
        texts = (("Given", f"the number {number}"), ("When", "it is doubled"), ("Then", "the double is right"))
        write(
            ScenarioRecord(
                id=f"numbers.feature::{name}",
                name=name,
                feature="Numbers are doubled",
                file="numbers.feature",
                line=3 + 6 * number,
                session="Session 1",
                clauses=("count",) if number % 2 else ("login",),
                steps=tuple(
                    PlannedStep(keyword=keyword, text=text, line=4 + 6 * number + index)
                    for index, (keyword, text) in enumerate(texts)
                ),
            ),
            0.001,
        )
        for index in range(2):
            if number % 12 == 0:
                write(exchange(SECONDARY, "asked", step=str(index)))
            write(StepRecord(index=index, outcome=Outcome.PASSED, duration_s=0.00004), 0.0003)
        came, took_s = 2 * number + wrong, 0.0009 + number % 7 / 1000
        outcome = Outcome.FAILED if wrong else Outcome.PASSED
        write(
            Check(
                what="double",
                where="here",
                expected=str(2 * number),
                came=str(came),
                met=not wrong,
                basis=Basis.SIMULATED,
            ),
            0.0003,
        )
        message = f"here: double\n  expected: {2 * number}\n  came:     {came}" if wrong else ""
        write(StepRecord(index=2, outcome=outcome, duration_s=0.00012, message=message), 0.0003)
        write(
            OutcomeRecord(id=f"numbers.feature::{name}", outcome=outcome, duration_s=took_s, checks=1, message=message),
            0.0003,
        )
    failures = len(range(7, scenarios, 50))
    end(write, exit_status=1, passed=scenarios - failures, failed=failures)


SAMPLES: dict[str, Callable[[Path], None]] = {
    each.__name__: each for each in (passed, live, failed, interrupted, two_sessions, outlined, nothing, hostile, many)
}


def lines(tmp_path: Path, sample: Callable[[Path], None]) -> list[Line]:
    """Write a sample and read it back."""
    tmp_path.mkdir(exist_ok=True)
    path = tmp_path / "evidence.jsonl"
    sample(path)
    return list(journal.read(path))
