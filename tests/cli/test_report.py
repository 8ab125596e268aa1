"""``hkexprt report`` and ``hkexprt verify`` as their users run them: both streams, the status, wrong use."""

from __future__ import annotations

import json

import pytest

from tests.commands import hkexprt


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder in which a rehearsal left its evidence; its tests change copies."""
    folder = tmp_path_factory.mktemp("run")
    done = hkexprt(folder, "run", "rap", "--site", "secondary", "-q")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_a_report_is_drawn_again_from_its_journal(run):
    (folder,) = (path.parent for path in run.glob("reports/*/evidence.jsonl"))
    before = (folder / "report.html").read_bytes()
    (folder / "report.html").unlink()
    done = hkexprt(run, "report", "reports/latest")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == f"reports/{folder.name}/report.html"
    assert done.stdout.splitlines()[-1] == "Passed: 2 scenarios, 9 checks (SIMULATOR: a rehearsal)"
    assert (folder / "report.html").read_bytes() == before


def test_a_script_is_told_what_was_drawn(run):
    told = json.loads(hkexprt(run, "report", "reports/latest", "--json").stdout)
    assert told["report"].endswith("/report.html") and told["bundle"].endswith(".zip")
    assert told["verdict"] == "Passed: 2 scenarios, 9 checks (SIMULATOR: a rehearsal)"


def test_a_folder_without_a_journal_cannot_be_drawn(tmp_path):
    done = hkexprt(tmp_path, "report", ".")
    assert (done.returncode, done.stdout) == (2, "")
    assert "expected: a run's folder, with its evidence.jsonl" in done.stderr


def test_evidence_as_it_was_written_is_valid(run):
    done = hkexprt(run, "verify", "reports/latest")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("valid: ")


def test_a_script_is_told_what_was_done_to_the_evidence(run, tmp_path):
    (source,) = (path.parent for path in run.glob("reports/*/evidence.jsonl"))
    copy = tmp_path / source.name
    copy.mkdir()
    for path in source.iterdir():
        if path.is_file():
            (copy / path.name).write_bytes(path.read_bytes())
    assert json.loads(hkexprt(tmp_path, "verify", copy.name, "--json").stdout)["valid"] is True
    (copy / "report.html").write_text("mine")
    done = hkexprt(tmp_path, "verify", copy.name, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["valid"], told["run"]) == (1, False, source.name)
    assert any("report.html" in str(finding) for finding in told["findings"])


def test_evidence_that_is_not_there_is_wrong_use(tmp_path):
    done = hkexprt(tmp_path, "verify", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nowhere" in done.stderr
