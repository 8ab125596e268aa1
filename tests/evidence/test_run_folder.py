"""The run's folder as a user meets it: where it is, what points to it, what other reports say of it, who signed."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pytest_hkexprt.evidence.record import RunRecord, ScenarioRecord
from pytest_hkexprt.evidence.revision import revision
from pytest_hkexprt.evidence.verify import verify
from tests.projects import FEATURE, feature_project, records

NAME = "20230415T143000-own-secondary"


@pytest.fixture
def project(pytester):
    return feature_project(pytester)


def properties(path: Path) -> list[dict[str, str]]:
    cases = ElementTree.parse(path).iter("testcase")
    return [{each.get("name", ""): each.get("value", "") for each in case.iter("property")} for case in cases]


@pytest.mark.parametrize("spread", [(), ("-n2",)], ids=["one process", "two workers"])
def test_junit_xml_says_what_belongs_to_the_case(project, spread):
    project.runpytest_subprocess("--junitxml=j.xml", *spread, "own.feature")
    assert properties(project.path / "j.xml") == [
        {
            "hkexprt.target": "simulator",
            "hkexprt.site": "secondary",
            "hkexprt.circular": "TEST/001",
            "hkexprt.session": "Only session",
            "hkexprt.clauses": "count",
            "hkexprt.run": NAME,
            "hkexprt.evidence": str(project.path / "reports" / NAME),
        }
    ]


@pytest.mark.parametrize("spread", [(), ("-n2",)], ids=["one process", "two workers"])
def test_the_evidence_goes_where_it_is_told(project, spread):
    project.runpytest_subprocess("--evidence=else/where", *spread, "own.feature").assert_outcomes(passed=1)
    assert sorted(path.name for path in project.path.glob("else/where/*")) == [NAME, f"{NAME}-evidence.zip", "latest"]
    assert not project.path.joinpath("reports").exists()
    assert verify(project.path / "else" / "where" / NAME).valid


def test_latest_names_the_newest_run(project):
    for _ in range(2):
        project.runpytest("own.feature")
    assert project.path.joinpath("reports/latest").read_text() == f"{NAME}-2\n"


def test_workers_leave_one_verifiable_journal_in_the_order_of_the_feature(pytester):
    names = [f"Number {number}" for number in range(12)]
    scenario = FEATURE.partition("\n")[2]
    feature_project(pytester, FEATURE + "".join(scenario.replace("Something", name) for name in names))
    pytester.runpytest_subprocess("-n2", "own.feature").assert_outcomes(passed=13)
    (folder,) = pytester.path.glob("reports/*/")
    assert verify(folder).valid
    assert [record.name.removesuffix(" is compared") for record in records(pytester, ScenarioRecord)] == [
        "Something",
        *names,
    ]


def test_what_workers_keep_lies_in_the_runs_folder(project):
    project.makepyfile("def test_own(hkex_evidence): hkex_evidence.keep('x.txt', b'kept')")
    project.runpytest_subprocess("-n2", "own.feature", "test_what_workers_keep_lies_in_the_runs_folder.py")
    (kept,) = project.path.glob(f"reports/{NAME}/attachments/*.txt")
    assert kept.read_bytes() == b"kept"
    assert verify(project.path / "reports" / NAME).valid


def test_workers_of_a_run_without_evidence_leave_nothing(pytester):
    pytester.makepyfile("def test_own(): pass")
    pytester.runpytest_subprocess("-n2").assert_outcomes(passed=1)
    assert not pytester.path.joinpath("reports").exists()


@pytest.fixture
def key(project) -> Path:
    path: Path = project.path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return path


def test_a_signed_run_says_so_on_the_terminal_and_in_its_journal(project, key):
    result = project.runpytest("--sign-with=key", "own.feature")
    result.stdout.fnmatch_lines(["attach: *-evidence.zip (signed with SHA256:*)"])
    assert records(project, RunRecord)[0].signing_key.startswith("SHA256:")
    assert verify(project.path / "reports" / NAME).valid


def test_the_participant_file_names_the_key_too(project, key):
    project.path.joinpath("hkexprt.toml").write_text(
        'participant = "P"\nroles = ["CP"]\n[evidence]\nsign_with = "key"\n'
    )
    project.runpytest("own.feature").stdout.fnmatch_lines(["attach: * (signed with SHA256:*)"])


def test_an_unsigned_run_says_so(project):
    project.runpytest("own.feature").stdout.fnmatch_lines(["attach: * (not signed)"])


def test_a_key_that_is_not_there_ends_the_run_before_it_begins(project):
    result = project.runpytest("--sign-with=nowhere", "own.feature")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--sign-with*nowhere*", "*expected: an OpenSSH key*"])
    assert not project.path.joinpath("reports").exists()


def test_a_signature_that_fails_is_no_success_and_leaves_the_rest(project, key):
    key.write_bytes(key.with_suffix(".pub").read_bytes())  # the public half alone, and no agent holds the other
    result = project.runpytest_subprocess("--sign-with=key", "own.feature")
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR
    result.stdout.fnmatch_lines(["report: *", "*evidence incomplete*", "*hkexprt report FOLDER --sign-with KEY"])
    assert (project.path / "reports" / NAME / "manifest.json").is_file()


def test_the_suites_files_and_revision_are_in_the_first_line(project):
    for command in (["init", "-q"], ["add", "own.feature"]):
        subprocess.run(["git", *command], cwd=project.path, check=True)
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
    subprocess.run(["git", *identity, "commit", "-qm", "x"], cwd=project.path, check=True)
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=project.path, check=True, capture_output=True, text=True)
    project.runpytest("own.feature")
    (run,) = records(project, RunRecord)
    assert run.revision == done.stdout.strip()
    assert [each.file for each in run.suite] == ["own.feature", "own.toml"]


def test_a_packed_branch_and_a_worktree_give_their_revision(tmp_path):
    commit = "0123456789abcdef0123456789abcdef01234567"
    git = tmp_path / "main" / ".git"
    git.joinpath("worktrees/other").mkdir(parents=True)
    git.joinpath("packed-refs").write_text(f"# pack-refs\n{commit} refs/heads/x\n")
    git.joinpath("HEAD").write_text("ref: refs/heads/x\n")
    git.joinpath("worktrees/other/HEAD").write_text("ref: refs/heads/x\n")
    git.joinpath("worktrees/other/commondir").write_text("../..\n")
    other = tmp_path / "other"
    other.mkdir()
    other.joinpath(".git").write_text(f"gitdir: {git}/worktrees/other\n")
    assert revision(tmp_path / "main") == revision(other) == commit


@pytest.mark.parametrize("head", ["", "ref: refs/heads/none", "ref: HEAD", "nonsense", "\x00"])
def test_a_spoilt_repository_gives_no_revision_and_no_error(tmp_path, head):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text(head)
    assert revision(tmp_path) == ""


def test_a_fault_in_drawing_is_told_is_no_success_and_costs_no_evidence(project, monkeypatch):
    def broken(folder, lines):
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("pytest_hkexprt.evidence.folder.draw", broken)
    result = project.runpytest("own.feature")
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR
    result.stdout.fnmatch_lines(["ZeroDivisionError: a fault of ours", "*hkexprt report *", "*1 passed*"])
    assert "INTERNALERROR" not in result.stdout.str()
    assert len(records(project, RunRecord)) == 1
