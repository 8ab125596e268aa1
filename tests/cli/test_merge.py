"""``hkexprt merge`` as a CI's last job runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import hkexprt
from tests.evidence.sealed import FAILED, sealed, zipped
from tests.evidence.test_verify import keypair


@pytest.fixture
def jobs(tmp_path: Path) -> list[str]:
    """Return the zip files of two jobs, as they are named in a shell."""
    runs = [sealed(tmp_path / "alpha"), sealed(tmp_path / "beta", "Beta", FAILED, started="2026-11-21T11:00:00+08:00")]
    return [str(zipped(each).relative_to(tmp_path)) for each in runs]


def test_it_names_the_parts_the_report_and_the_verdict(tmp_path, jobs):
    done = hkexprt(tmp_path, "merge", *jobs, "--into", "merged")
    assert (done.returncode, done.stderr) == (0, "")
    first, *parts, report, attach, verdict = done.stdout.splitlines()
    assert first == "merged from 2 runs"
    assert [each.split(": ")[1] for each in parts] == ["Alpha, machine-of-alpha", "Beta, machine-of-beta"]
    assert (report, attach) == ("merged/report.html", "merged-evidence.zip")
    assert verdict == "Failed: 1 of 2 scenarios, 1 of 2 checks not met (SIMULATOR: a rehearsal)"
    assert hkexprt(tmp_path, "verify", attach).returncode == 0


def test_a_script_reads_json(tmp_path, jobs):
    told = json.loads(hkexprt(tmp_path, "merge", *jobs, "--into", "merged", "--json").stdout)
    assert [each["participant"] for each in told["parts"]] == ["Alpha", "Beta"]
    assert Path(tmp_path, told["report"]).is_file()


def test_the_renderings_for_other_tools_are_written(tmp_path, jobs):
    options = ("--junitxml", "out/junit.xml", "--cucumber-json", "out/c.json", "--cucumber-messages", "out/m.ndjson")
    hkexprt(tmp_path, "merge", *jobs, "--into", "merged", *options)
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["c.json", "junit.xml", "m.ndjson"]


def test_a_merged_run_can_be_signed(tmp_path, jobs):
    key = keypair(tmp_path / "key")
    done = hkexprt(tmp_path, "merge", *jobs, "--into", "merged", "--sign-with", str(key))
    assert "signed with SHA256:" in done.stdout
    assert "signed with SHA256:" in hkexprt(tmp_path, "verify", "merged").stdout


def test_nothing_named_is_wrong_use(tmp_path):
    done = hkexprt(tmp_path, "merge", "--into", "merged")
    assert done.returncode == 2 and "came:     none" in done.stderr
    assert not (tmp_path / "merged").exists()


def test_a_damaged_run_is_refused_by_its_name(tmp_path, jobs):
    path = tmp_path / "alpha" / "20230415T143000-own-primary" / "report.html"
    path.write_text("prettier")
    done = hkexprt(tmp_path, "merge", str(path.parent), jobs[1], "--into", "merged")
    assert done.returncode == 2
    assert "alpha/20230415T143000-own-primary" in done.stderr and "changed: report.html" in done.stderr
    assert not (tmp_path / "merged").exists()


def test_a_run_that_is_drawn_again_gives_the_other_renderings_too(tmp_path, jobs):
    done = hkexprt(tmp_path, "report", str(Path(jobs[0]).parent / "20230415T143000-own-primary"), "--junitxml", "j.xml")
    assert done.returncode == 0 and "j.xml" in done.stdout
    assert (tmp_path / "j.xml").is_file()
