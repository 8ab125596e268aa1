"""The likeliest mistakes of somebody who meets us for the first time: each answer says what to do."""

from __future__ import annotations

import shutil
import socket

import pytest

from pytest_hkexprt import mistakes, shipped
from pytest_hkexprt.errors import UsageFault
from tests.projects import PARTICIPANT, shipped_project
from tests.systems.rap.test_keys import MAKERS, PASSPHRASE, written

MAIN = ("--site=secondary", "features/rap.feature")


@pytest.fixture
def project(pytester, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    return shipped_project(pytester)


def told(result: pytest.RunResult) -> str:
    text = result.stdout.str() + result.stderr.str()
    assert "Traceback" not in text
    assert "INTERNALERROR" not in text
    assert "\x1b" not in text
    return " ".join(text.split())  # lines are folded to the terminal


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["--sites=secondary", "features/rap.feature"], "did you mean --site?"),
        (["--dril=rap.download-cut", "features/rap.feature"], "did you mean --drill?"),
        (["--site=secondry", "features/rap.feature"], "did you mean secondary?"),
        (["features/rapp.feature"], "did you mean features/rap.feature?"),
        (["rap.feature"], "did you mean features/rap.feature?"),
        (["features/rapp.feature:12"], "did you mean features/rap.feature?"),
        (["nothing/like/it.feature"], "hkexprt init writes those that ship into this folder"),
        (["--target=live", "features/rap.feature"], 'user = "YOURUSERID"'),
    ],
)
def test_a_mistake_on_the_command_line_is_answered(project, arguments, answer):
    result = project.runpytest_subprocess(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert answer in told(result)


def test_a_folder_of_features_alone_says_how_they_are_named(project):
    result = project.runpytest("features")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "Name one, such as features/rap.feature; hkexprt_features = true" in told(result)


def test_an_option_of_somebody_elses_is_theirs(project):
    project.makeconftest("def pytest_addoption(parser):\n    parser.addoption('--sites')\n")
    project.runpytest("--sites=secondary", *MAIN).assert_outcomes(passed=2)


def test_an_option_like_none_of_ours_is_pytests_to_refuse(project):
    result = project.runpytest_subprocess("--no-such-thing", *MAIN)
    assert "unrecognized arguments: --no-such-thing" in told(result)


def test_a_port_that_is_taken_is_gone_round_and_said(project):
    with socket.create_server(("127.152.77.1", 0)) as held:
        port = held.getsockname()[1]
        own = f'participant = "A participant"\nroles = ["CP"]\n[rap.addresses]\nsecondary = ["10.152.77.1:{port}"]\n'
        project.path.joinpath("hkexprt.toml").write_text(own, "utf-8")
        project.runpytest(*MAIN).assert_outcomes(passed=2)
    (journal,) = project.path.glob("reports/*/evidence.jsonl")
    assert f"127.152.77.1:{port} was not to be had" in journal.read_text("utf-8")


def test_a_key_with_a_passphrase_says_where_the_passphrase_goes(project):
    written(project.path / "id_ed25519", MAKERS["ssh-ed25519"](), "OpenSSH", PASSPHRASE)
    project.path.joinpath("hkexprt.toml").write_text(PARTICIPANT, "utf-8")
    assert "passphrase_env" in told(project.runpytest(*MAIN))


def test_a_machine_without_a_browser_is_told_what_to_install(project, monkeypatch):
    for ending in ("toml", "feature"):
        shutil.copy(shipped.features_folder() / f"ccass_relocation.{ending}", project.path / "features")
    monkeypatch.setattr("pytest_hkexprt.systems.ccass.client_browser.FOUND_AT", ())
    monkeypatch.setenv("PATH", "")
    result = project.runpytest("features/ccass_relocation.feature", "-k", "CCMS")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "next: install one (Debian: apt install chromium)" in told(result)


def test_a_circular_that_is_over_is_run_and_marked(project):
    text = PARTICIPANT + '[rap.addresses]\nsecondary = ["127.0.0.1:1"]\n'
    project.path.joinpath("hkexprt.toml").write_text(text, "utf-8")
    result = project.runpytest("--target=live", *MAIN)
    (journal,) = project.path.glob("reports/*/evidence.jsonl")
    assert "Hong Kong time is outside the window of Session 1, 2023-04-15 14:30 to 15:30" in journal.read_text("utf-8")
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_folder_nobody_can_write_to_is_told(project):
    project.path.joinpath("taken").write_text("a file where a folder should be")
    result = project.runpytest("--evidence=taken", *MAIN)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "make it writable, or free some space" in told(result)


def test_a_pytest_that_is_too_old_is_told_which_is_wanted():
    with pytest.raises(UsageFault, match=r"expected: pytest 8\.4 or newer\n  came:     8\.3\.5\n  next: .*pip install"):
        mistakes.old_pytest((8, 3, 5))


def test_this_pytest_is_new_enough():
    mistakes.old_pytest(pytest.version_tuple)


def test_this_pytest_tells_its_options():
    """The courtesy rests on a private attribute of pytest's; when that changes, this says so."""
    assert mistakes.known_options.__doc__
    parser = pytest.Parser(_ispytest=True)
    parser.getgroup("hkexprt").addoption("--site")
    config = type("Config", (), {"_parser": parser})()
    assert mistakes.known_options(config)[0] == {"--site"}
