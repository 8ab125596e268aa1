"""A run cut short, however: what it leaves reads, is drawn as interrupted, and is sealed afterwards."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from pytest_hkexprt.cli import group
from pytest_hkexprt.evidence import journal
from pytest_hkexprt.evidence.record import EndRecord, OutcomeRecord, StepRecord
from pytest_hkexprt.evidence.verify import verify
from tests.projects import FEATURE, STEPS, feature_project

TWO = FEATURE + FEATURE.partition("\n")[2].replace("Something is", "Something else is")
WAITING = STEPS.replace(
    "    return number * 2",
    "    if pathlib.Path('once').exists():\n        print('waiting', file=sys.__stderr__, flush=True)\n"
    "        threading.Event().wait()\n    pathlib.Path('once').touch()\n    return number * 2",
).replace("import pytest\n", "import pathlib, sys, threading\nimport pytest\n")
LONGEST_S = 60.0


@pytest.fixture
def cut_short(pytester):
    """Return a function that runs two scenarios, sends a signal in a step of the second, and returns the status."""

    def run(number: int, *arguments: str) -> int:
        feature_project(pytester, TWO, WAITING)
        command = [sys.executable, "-m", "pytest", "-s", "own.feature", *arguments]
        process = subprocess.Popen(
            command, cwd=pytester.path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
        last = threading.Timer(LONGEST_S, process.kill)
        last.start()
        assert process.stderr is not None
        for line in process.stderr:
            if line.strip() == b"waiting":
                # The whole group, as a terminal and a dying machine do.
                os.killpg(process.pid, number)
                break
        process.stderr.read()
        process.stderr.close()
        last.cancel()
        return process.wait()

    return run


def left(pytester: pytest.Pytester) -> Path:
    (folder,) = pytester.path.glob("reports/*/")
    return folder


def drawn(folder: Path) -> str:
    done = CliRunner().invoke(group, ["report", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return str(done.stdout.splitlines()[-1])


def test_after_a_kill_everything_up_to_it_is_there(cut_short, pytester):
    assert cut_short(signal.SIGKILL) == -signal.SIGKILL
    records = [line.record for line in journal.read(left(pytester) / "evidence.jsonl")]
    assert [type(record) for record in records if isinstance(record, StepRecord | OutcomeRecord)] == [
        *(StepRecord,) * 3,
        OutcomeRecord,
        StepRecord,
    ]


def test_after_a_kill_the_report_says_interrupted_with_what_was_done(cut_short, pytester):
    cut_short(signal.SIGKILL)
    assert drawn(left(pytester)).startswith("Interrupted: of 2 scenarios, 1 passed, 1 unfinished")
    assert verify(left(pytester)).valid


def test_after_a_kill_of_two_workers_their_journals_are_merged_by_drawing(cut_short, pytester):
    cut_short(signal.SIGKILL, "-n1")
    assert not left(pytester).joinpath("evidence.jsonl").exists()
    assert drawn(left(pytester)).startswith("Interrupted: of 2 scenarios, 1 passed, 1 unfinished")
    assert verify(left(pytester)).valid
    assert not left(pytester).joinpath(".workers").exists()


def test_ctrl_c_ends_the_journal_seals_it_and_says_who_stopped_it(cut_short, pytester):
    assert cut_short(signal.SIGINT) == pytest.ExitCode.INTERRUPTED
    *_, last = journal.read(left(pytester) / "evidence.jsonl")
    assert isinstance(last.record, EndRecord) and last.record.interrupted == "stopped from the keyboard"
    assert verify(left(pytester)).valid
    assert "Interrupted" in left(pytester).joinpath("report.html").read_text("utf-8")


def test_a_full_disk_stops_the_run_is_told_and_is_no_success(pytester):
    many = FEATURE + "".join(
        FEATURE.partition("\n")[2].replace("Something is", f"Number {number} is") for number in range(60)
    )
    feature_project(pytester, many)
    command = [sys.executable, "-m", "pytest", "own.feature", "-p", "no:cacheprovider"]
    limit = (20_000, 20_000)
    done = subprocess.run(
        command,
        cwd=pytester.path,
        check=False,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    assert done.returncode == pytest.ExitCode.INTERRUPTED, done.stdout
    assert "the evidence cannot be written any more: File too large" in done.stdout
    assert "INTERNALERROR" not in done.stdout
    assert drawn(left(pytester)).startswith("Interrupted: of ")
    assert verify(left(pytester)).valid
